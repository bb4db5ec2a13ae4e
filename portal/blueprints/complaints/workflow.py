"""Which state of a case may follow which, by whose hand, under which clause: a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.complaints import closing, rules
from portal.blueprints.complaints.codes import OPEN, Kind, State
from portal.kernel.workflow import Gate, Step, Workflow

S = State
_FREE = {S.ARCHIVED, S.WITHDRAWN}
ANY_OPEN = frozenset(OPEN)
WITH_DEPARTMENT = frozenset(
    {S.ROUTED, S.ACCEPTED, S.PROPOSED, S.APPROVED, S.RESOLVED, S.RETURNED, S.REOPENED}
)
BEFORE_SOLVED = frozenset(
    {S.REGISTERED, S.ROUTED, S.ACCEPTED, S.PROPOSED, S.RETURNED, S.REOPENED, S.APPROVED}
)
UNJUDGED = frozenset({S.REGISTERED, S.ROUTED, S.ACCEPTED, S.RETURNED, S.REOPENED})
COMPLAINT, INQUIRY, SUGGESTION = (
    frozenset({Kind.COMPLAINT}),
    frozenset({Kind.INQUIRY}),
    frozenset({Kind.SUGGESTION}),
)
PROPOSABLE = COMPLAINT | SUGGESTION


def _row(
    verb: str, sources: Iterable[State], to: State | None, who: str, clause: str, *gates: Gate, **more: Any
) -> Step:
    return Step(verb, frozenset(sources), to, frozenset(who.split()), clause, gates, **more)


# The order is the order in which a page offers them: what moves the case first.
STEPS = (
    _row(
        "read-back",
        set(State) - _FREE,
        None,
        "first_responder desk",
        "CP-04",
        rules.read_back_counts,
    ),
    _row(
        "route",
        {S.REGISTERED, S.NOT_UPHELD},
        S.ROUTED,
        "desk",
        "CP-05",
        rules.read_back_before_routing,
        rules.routed_by_office,
        rules.not_to_the_concerned,
        starts=("first_contact",),
    ),
    _row("accept", {S.ROUTED}, S.ACCEPTED, "lead", "CP-10", rules.handler_fits, starts=("verification",)),
    _row(
        "on-site",
        ANY_OPEN,
        None,
        "handler lead first_responder desk",
        "CP-13",
        when=(rules.only_urgent,),
        meets=("on_site",),
    ),
    _row(
        "propose",
        {S.ACCEPTED, S.RETURNED, S.REOPENED},
        S.PROPOSED,
        "handler",
        "CP-11",
        kinds=PROPOSABLE,
        also=("CP-34",),
        meets=("verification",),
    ),
    _row(
        "approve",
        {S.PROPOSED},
        S.APPROVED,
        "lead",
        "CP-11",
        rules.own_proposal,
        rules.approved_above,
        rules.same_proposal,
    ),
    _row(
        "return",
        {S.PROPOSED},
        S.RETURNED,
        "lead",
        "CP-11",
        rules.own_proposal,
        rules.approved_above,
        rules.same_proposal,
    ),
    _row(
        "adopt",
        {S.ROUTED, S.ACCEPTED},
        S.APPROVED,
        "lead",
        "CP-26",
        rules.in_future,
        kinds=SUGGESTION,
        meets=("verification",),
    ),
    _row(
        "decline",
        {S.ROUTED, S.ACCEPTED},
        S.RESOLVED,
        "lead",
        "CP-26",
        kinds=SUGGESTION,
        meets=("verification", "solution"),
        starts=("result",),
    ),
    _row(
        "resolve",
        {S.APPROVED},
        S.RESOLVED,
        "handler",
        "CP-13",
        meets=("solution", "escalated"),
        starts=("result", "opinion"),
    ),
    _row(
        "report",
        {S.REGISTERED, S.ROUTED, S.ACCEPTED, S.REOPENED},
        S.REPORTED,
        "desk first_responder handler lead",
        "CP-14",
        rules.nothing_asked,
        kinds=INQUIRY,
        meets=("answer", "whole_case", "first_contact", "verification", "solution", "promise"),
    ),
    _row(
        "report",
        {S.RESOLVED},
        S.REPORTED,
        "reporter",
        "CP-17",
        kinds=PROPOSABLE,
        meets=("answer", "whole_case", "result", "first_contact", "promise"),
        starts=("follow_up",),
    ),
    _row(
        "follow-up",
        {S.REPORTED},
        None,
        "desk first_responder",
        "CP-18",
        closing.followed_up_by_another,
        closing.tries_left,
        meets=("follow_up",),
    ),
    _row("satisfied", {S.REPORTED}, None, "reporter desk", "CP-17"),
    _row("reopen", {S.REPORTED}, S.REOPENED, "reporter desk", "CP-17"),
    _row("confirm", {S.REPORTED}, None, "first_responder responder_lead", "CP-03"),
    _row("file", {S.RESOLVED, S.REPORTED, S.NOT_UPHELD}, None, "lead", "CP-20"),
    _row(
        "archive",
        {S.REPORTED, S.NOT_UPHELD, S.WITHDRAWN},
        S.ARCHIVED,
        "desk",
        "CP-20",
        closing.against_archiving,
    ),
    _row(
        "contact",
        WITH_DEPARTMENT | {S.REPORTED},
        None,
        "handler lead",
        "CP-12",
        meets=("first_contact", "promise"),
    ),
    _row("contact", {S.REGISTERED}, None, "desk first_responder", "CP-15", meets=("promise",)),
    _row("promise", ANY_OPEN, None, "handler lead first_responder desk", "CP-15", rules.in_future),
    _row(
        "opinion",
        {S.RESOLVED, S.REPORTED},
        None,
        "lead",
        "CP-09",
        when=(rules.about_somebody,),
        meets=("opinion",),
    ),
    _row(
        "escalate",
        ANY_OPEN,
        None,
        "first_responder handler",
        "CP-08",
        rules.customer_type_told,
        also=("CP-16", "CP-31"),
    ),
    _row(
        "decide",
        ANY_OPEN,
        None,
        "lead supervisor director manager",
        "CP-16",
        rules.director_decides,
        rules.leader_decides,
        when=(rules.something_handed_up,),
        meets=("decision", "escalated"),
    ),
    _row(
        "special",
        WITH_DEPARTMENT,
        None,
        "lead",
        "CP-14",
        rules.special_in_time,
        rules.special_only_for_special,
    ),
    # Whom a complaint is about is often found out only later; whoever it is may say so truthfully.
    _row(
        "concern",
        ANY_OPEN,
        None,
        "first_responder desk handler lead",
        "CP-09",
        when=(rules.nobody_named,),
        starts=("opinion",),
        kinds=COMPLAINT,
    ),
    _row("assist", WITH_DEPARTMENT, None, "handler lead", "CP-11"),
    # What the desk cannot answer is asked inside, never guessed.
    _row("assist", {S.REGISTERED}, None, "desk first_responder", "CP-02", kinds=INQUIRY),
    _row("assisted", ANY_OPEN, None, "assistant", "CP-11", meets=("assistance",)),
    _row("assign", WITH_DEPARTMENT - {S.ROUTED}, None, "lead", "CP-11", rules.handler_fits),
    _row("hand-back", {S.ROUTED}, S.REGISTERED, "lead", "CP-05"),
    _row(
        "reporter",
        {S.APPROVED, S.RESOLVED},
        None,
        "handler lead desk",
        "CP-17",
        rules.reporter_fits,
        rules.reporter_agreed,
    ),
    _row(
        "extend",
        BEFORE_SOLVED,
        None,
        "handler lead",
        "CP-14",
        rules.second_person("CP-14", "lead office manager"),
        rules.extension_lengthens,
    ),
    _row("pause", ANY_OPEN, None, "handler lead desk", "CP-14", when=(rules.not_paused,)),
    _row("resume", ANY_OPEN, None, "handler lead desk", "CP-14", when=(rules.is_paused,)),
    _row(
        "not-upheld",
        UNJUDGED,
        S.NOT_UPHELD,
        "desk handler lead",
        "CP-06",
        rules.second_person("CP-06", "desk lead office manager"),
        kinds=COMPLAINT,
    ),
    _row(
        "no-contact",
        {S.REPORTED},
        None,
        "desk lead",
        "CP-18",
        rules.second_person("CP-18", "desk lead office"),
    ),
    _row(
        "dispose",
        {S.ARCHIVED},
        None,
        "office",
        "CP-20",
        closing.term_is_over,
        closing.nothing_open,
        rules.second_person("CP-20", "office"),
    ),
    _row("withdraw", BEFORE_SOLVED, S.WITHDRAWN, "desk first_responder lead", "CP-02"),
    _row(
        "merge",
        BEFORE_SOLVED,
        S.WITHDRAWN,
        "desk first_responder lead",
        "CP-02",
        rules.other_found,
        rules.other_goes_on,
    ),
    _row("link", set(State) - _FREE, None, "desk first_responder handler lead", "CP-22", rules.other_found),
    _row("visit", ANY_OPEN, None, "desk first_responder handler lead", "CP-33"),
    _row("external", ANY_OPEN, None, "desk first_responder handler lead", "CP-25", rules.in_future),
    _row(
        "phrase",
        {S.REPORTED, S.ARCHIVED},
        None,
        "desk first_responder handler",
        "CP-02",
        kinds=INQUIRY,
        when=(rules.phrase_once,),
    ),
    _row(
        "publish",
        {S.APPROVED, S.RESOLVED, S.REPORTED, S.ARCHIVED},
        None,
        "office lead",
        "CP-26",
        kinds=SUGGESTION,
        when=(rules.adopted, rules.unpublished),
    ),
    _row("tick", ANY_OPEN, None, "desk first_responder handler lead", "CP-28"),
    _row(
        "edit",
        ANY_OPEN,
        None,
        "first_responder desk handler lead",
        "CP-04",
        rules.kind_leads_on,
        also=("CP-02",),
    ),
    _row("attach", set(State) - _FREE, None, "first_responder desk handler lead assistant", "CP-01"),
    _row("note", set(State) - _FREE, None, "first_responder desk handler lead assistant", "CP-03"),
)

CASE = Workflow("case", STEPS, rules.standing)
