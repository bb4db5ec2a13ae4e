"""What waits for whom: a rule that asks somebody to act puts the act before them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints import next_steps
from portal.blueprints.complaints.closing import Loose
from portal.blueprints.complaints.codes import Category, Decision, Escalation, Kind, Outcome, State, Urgency
from portal.blueprints.complaints.next_steps import Audiences
from tests import factories
from tests.conftest import At
from tests.kernel.moments import at as moment

TO = Audiences("handler", "reporter", "responder", "signs", "approves", "supervises")
NOTHING, S = Loose(), State
INQUIRY, SUGGESTION = {"kind": Kind.INQUIRY}, {"kind": Kind.SUGGESTION}
URGENT, SPECIAL = {"urgency": Urgency.URGENT}, {"urgency": Urgency.SPECIAL}
UNROUTED = {"department": None, "handler_id": None}
CLUELESS = {"category": Category.OTHER}
ABOUT = {"category": Category.SERVICE, "person_concerned_id": 7}
CONCERNED = {"category": Category.SERVICE, "concerned": "emp.impl", "department": "tech"}
CALLED_IN_VAIN = {"followed_up": Outcome.NO_ANSWER, "satisfied": None}
PROMISED = Loose(promises=1)


@pytest.mark.parametrize(
    ("clause", "state", "chosen", "loose", "waits"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-05", S.REGISTERED, UNROUTED, NOTHING, ["route: desk"]),
            ("CP-05", S.REGISTERED, UNROUTED | CLUELESS, NOTHING, ["route: office"]),
            ("CP-05", S.REGISTERED, UNROUTED | CLUELESS | {"person_concerned_id": 7}, NOTHING, ["route: desk"]),
            ("CP-04", S.ROUTED, {"read_back": None}, NOTHING, ["read-back: responder", "accept: signs"]),
            ("CP-10", S.ROUTED, {}, NOTHING, ["accept: signs"]),
            ("CP-12", S.ACCEPTED, {"contacted_at": None}, NOTHING, ["contact: handler", "propose: handler"]),
            ("CP-12", S.RETURNED, {"contacted_at": None}, NOTHING, ["contact: handler", "propose: handler"]),
            ("CP-11", S.ACCEPTED, {}, NOTHING, ["propose: handler"]),
            ("CP-11", S.PROPOSED, {}, NOTHING, ["approve: approves"]),
            ("CP-11", S.RETURNED, {}, NOTHING, ["propose: handler"]),
            ("CP-13", S.APPROVED, {}, NOTHING, ["resolve: handler"]),
            ("CP-13", S.REGISTERED, UNROUTED | URGENT, NOTHING, ["on-site: desk", "route: desk"]),
            ("CP-13", S.ROUTED, URGENT | {"handler_id": None}, NOTHING, ["on-site: signs", "accept: signs"]),
            ("CP-13", S.APPROVED, URGENT, NOTHING, ["on-site: handler", "resolve: handler"]),
            ("CP-13", S.APPROVED, URGENT | {"on_site_at": "yes"}, NOTHING, ["resolve: handler"]),
            ("CP-02", S.REGISTERED, INQUIRY | UNROUTED, NOTHING, ["report: responder"]),
            ("CP-02", S.ACCEPTED, INQUIRY, NOTHING, ["report: handler"]),
            ("CP-02", S.ACCEPTED, SUGGESTION, NOTHING, ["adopt: signs"]),
            ("CP-02", S.REPORTED, INQUIRY | {"followed_up": None, "filed_at": None}, NOTHING, ["archive: desk"]),
            ("CP-14", S.APPROVED, {"paused_at": "yes"}, NOTHING, ["resume: handler", "resolve: handler"]),
            ("CP-14", S.APPROVED, SPECIAL, NOTHING, ["special: signs", "resolve: handler"]),
            ("CP-14", S.APPROVED, {"asks": "extend"}, NOTHING, ["extend: approves", "resolve: handler"]),
            ("CP-15", S.APPROVED, {}, PROMISED, ["contact: handler", "resolve: handler"]),
            ("CP-15", S.REGISTERED, UNROUTED, PROMISED, ["contact: responder", "route: desk"]),
            ("CP-16", S.APPROVED, {}, Loose(decisions=1), ["decide: director", "resolve: handler"]),
            ("CP-08", S.APPROVED, {}, Loose(escalations=1), ["decide: supervises", "resolve: handler"]),
            ("CP-06", S.REGISTERED, UNROUTED | {"asks": "not-upheld"}, NOTHING, ["not-upheld: office", "route: desk"]),
            ("CP-06", S.ACCEPTED, {"asks": "not-upheld"}, NOTHING, ["not-upheld: approves", "propose: handler"]),
            ("CP-06", S.NOT_UPHELD, {}, NOTHING, ["archive: desk"]),
            ("CP-17", S.RESOLVED, {}, NOTHING, ["report: reporter"]),
            ("CP-17", S.RESOLVED, {"asks": "reporter"}, NOTHING, ["reporter: approves", "report: reporter"]),
            ("CP-17", S.REOPENED, {}, NOTHING, ["propose: handler"]),
            ("CP-17", S.REPORTED, {"satisfied": False}, NOTHING, ["reopen: desk"]),
            ("CP-17", S.REPORTED, {"followed_up": Outcome.DISSATISFIED}, NOTHING, ["reopen: desk"]),
            ("CP-09", S.RESOLVED, ABOUT, NOTHING, ["report: reporter", "opinion: signs"]),
            ("CP-09", S.REPORTED, ABOUT, NOTHING, ["opinion: signs"]),
            ("CP-18", S.REPORTED, {"followed_up": None}, NOTHING, ["follow-up: responder"]),
            ("CP-18", S.REPORTED, {"followed_up": None, "first_responder_id": 1}, NOTHING, ["follow-up: desk"]),
            ("CP-18", S.REPORTED, CALLED_IN_VAIN, NOTHING, ["follow-up: responder"]),
            ("CP-18", S.REPORTED, CALLED_IN_VAIN | {"not_reached": True}, NOTHING, ["archive: desk"]),
            ("CP-18", S.REPORTED, {"asks": "no-contact"}, NOTHING, ["no-contact: approves"]),
            ("CP-03", S.REPORTED, {"confirmed_at": None}, NOTHING, ["confirm: responder"]),
            ("CP-20", S.REPORTED, {"filed_at": None}, NOTHING, ["file: signs"]),
            ("CP-20", S.REPORTED, {}, NOTHING, ["archive: desk"]),
            ("CP-20", S.REPORTED, {}, Loose(assistance=1), []),
            ("CP-20", S.WITHDRAWN, {"read_back": None}, PROMISED, ["archive: desk"]),
            ("CP-20", S.ARCHIVED, {"asks": "dispose"}, NOTHING, ["dispose: office"]),
        )
    ],
)  # fmt: skip
def test_what_waits_for_whom(
    clause: str, state: State, chosen: dict[str, Any], loose: Loose, waits: list[str]
) -> None:
    case = factories.like_a_case(state=state, **chosen)
    assert [f"{verb}: {audience}" for verb, audience in next_steps.waiting(case, loose, TO)] == waits, clause


# -- until when: the limit that the act is about, whatever else runs out before it ---------------------------

SOON = "Mon 2026-03-02 09:01"


@pytest.mark.parametrize(
    ("clause", "state", "chosen", "verb", "who", "clock"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-12", S.ACCEPTED, URGENT, "contact", "emp.tech", "first_contact"),
            ("CP-13", S.ACCEPTED, URGENT, "on-site", "emp.tech", "on_site"),
            ("CP-13", S.ACCEPTED, {}, "propose", "emp.tech", "solution"),
            ("CP-13", S.APPROVED, {}, "resolve", "emp.tech", "solution"),
            ("CP-19", S.RESOLVED, {}, "report", "emp.tech", "result"),
            ("CP-18", S.REPORTED, {}, "follow-up", "desk1", "follow_up"),
            ("CP-09", S.RESOLVED, CONCERNED, "opinion", "lead.tech", "opinion"),
            ("CP-16", S.ACCEPTED, {}, "decide", "office1", "decision"),
            ("CP-08", S.ACCEPTED, {}, "decide", "sup.tech", "escalated"),
            ("CP-11", S.ACCEPTED, {}, "assisted", "lead.impl", "assistance"),
            ("CP-15", S.ACCEPTED, {}, "contact", "emp.tech", "promise"),
        )
    ],
)  # fmt: skip
def test_a_task_shows_the_limit_it_is_about(
    app: Flask, clause: str, state: State, chosen: dict[str, Any], verb: str, who: str, clock: str
) -> None:
    number = factories.a_case(app, state, **chosen)
    if verb == "decide":
        why = Escalation.MAJOR if clock == "decision" else Escalation.UNSOLVED
        factories.do(app, "emp.tech", "escalate", number, kind=why, reason="无法解决")
    if verb == "assisted":
        factories.do(app, "emp.tech", "assist", number, department="impl", note="请协助")
    if clock == "promise":
        factories.do(app, "emp.tech", "contact", number, note="原因在查")
        factories.do(app, "emp.tech", "promise", number, due_at=moment("Wed 2026-03-04 16:00"))
    elif verb != "contact":  # this runs out before everything else
        factories.do(app, "desk1", "promise", number, due_at=moment(SOON))
    limit = factories.the_clock(app, number, clock)
    assert limit.clause == clause
    assert factories.due(app, who, number, verb) == limit.due_at


@pytest.mark.clause("CP-15")
def test_the_earliest_of_several_calls_comes_first(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    for promised in ("Wed 2026-03-04 16:00", "Mon 2026-03-02 09:10"):
        factories.do(app, "emp.tech", "promise", number, due_at=moment(promised))
    assert factories.due(app, "emp.tech", number, "contact") == moment("Mon 2026-03-02 09:10")


AGAIN = {"reason": "有新情况"}
ASKED = (
    ("CP-06", S.ACCEPTED, "emp.tech", "not-upheld", AGAIN | {"answer": "已说明"}, ["lead.tech"]),
    ("CP-06", S.ACCEPTED, "lead.tech", "not-upheld", AGAIN | {"answer": "已说明"}, ["gm"]),
    ("CP-06", S.REGISTERED, "office1", "not-upheld", AGAIN | {"answer": "已说明"}, ["office2"]),
    ("CP-14", S.ACCEPTED, "lead.tech", "extend", AGAIN | {"until": moment("Mon 2026-03-09 12:00")}, ["gm"]),
    ("CP-17", S.APPROVED, "desk1", "reporter", {"reporter": "desk1"}, ["lead.tech"]),
    ("CP-17", S.APPROVED, "emp.tech", "reporter", {"reporter": "desk1"}, ["desk1", "desk2", "office1", "office2"]),
    ("CP-18", S.REPORTED, "lead.tech", "no-contact", AGAIN, ["gm"]),
    ("CP-20", S.ARCHIVED, "office1", "dispose", AGAIN, ["office2"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("state", "asker", "verb", "given", "waits"),
    [pytest.param(*row[1:], marks=pytest.mark.clause(row[0])) for row in ASKED],
)
def test_what_somebody_asks_for_waits_for_another_who_may_decide(
    app: Flask, at: At, state: State, asker: str, verb: str, given: dict[str, Any], waits: list[str]
) -> None:
    number = factories.a_case(app, state)
    if state is S.ARCHIVED:
        at("Thu 2027-03-04 09:00")
    factories.do(app, asker, verb, number, **given)
    everybody = [person[0] for person in factories.PEOPLE]
    assert [who for who in everybody if (number, verb) in factories.waiting(app, who)] == waits
    assert set(factories.told(app, "case:asked")) <= set(waits)
    assert factories.told(app, "case:asked"), "nobody was told"
    factories.do(app, waits[-1], verb, number, decision=Decision.YES)
