"""The visit's table: who may move it from where to where, and by which clause; pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.reception import rules
from portal.blueprints.reception.codes import PRESENT, Category, State
from portal.kernel.workflow import Gate, Step, Workflow

S = State
ABC = frozenset({Category.A, Category.B, Category.C})
D = frozenset({Category.D})
HERE = PRESENT | {S.LEFT, S.DECLINED}
NOT_ARCHIVED = frozenset(State) - {S.ARCHIVED}


def _row(
    verb: str, sources: Iterable[State], to: State | None, who: str, clause: str, *gates: Gate, **more: Any
) -> Step:
    return Step(verb, frozenset(sources), to, frozenset(who.split()), clause, gates, **more)


# The order is the order in which a page offers them: what comes next first.
STEPS = (
    _row("categorise", {S.ARRIVED}, None, "desk", "RC-01", when=(rules.category_open,), also=("RC-18",)),
    _row("arrive", {S.EXPECTED, S.NO_SHOW}, S.ARRIVED, "desk portal", "RC-18", rules.leader_needs_matter,
         also=("RC-07", "RC-09")),
    _row("ask", {S.ARRIVED}, S.ASKED, "desk", "RC-11", rules.matter_known, rules.on_business,
         rules.leader_needs_matter, kinds=D, when=(rules.category_told,), starts=("visit_decision",), also=("RC-01",)),
    _row("agree", {S.ASKED}, S.WAITING, "lead", "RC-11", rules.place_allowed, rules.place_free,
         meets=("visit_decision",)),
    _row("decline", {S.ASKED}, S.DECLINED, "lead desk", "RC-11", rules.lead_or_no_answer, meets=("visit_decision",)),
    _row("decline", {S.ARRIVED}, S.DECLINED, "desk", "RC-11", rules.not_on_business, kinds=D,
         when=(rules.category_told,), also=("RC-01",)),
    _row("confirm", {S.EXPECTED}, None, "lead host", "RC-19", rules.place_allowed, rules.place_kept,
         when=(rules.not_confirmed,), also=("RC-02",)),
    _row("decline", {S.EXPECTED}, S.DECLINED, "lead host", "RC-19"),
    _row("seat", {S.ARRIVED, S.WAITING}, S.WAITING, "desk host lead", "RC-08", rules.place_needed,
         rules.place_allowed, rules.place_free, rules.minimum_fields, rules.leader_needs_matter, kinds=ABC,
         also=("RC-04", "RC-05", "RC-07", "RC-10", "RC-30")),
    _row("seat", {S.WAITING}, S.WAITING, "desk host lead", "RC-11", rules.place_needed, rules.place_allowed,
         rules.place_free, kinds=D, also=("RC-06",)),
    _row("meet", {S.ARRIVED, S.WAITING}, S.MEETING, "desk host lead", "RC-07", rules.place_needed,
         rules.place_allowed, rules.place_free, rules.minimum_fields, rules.leader_needs_matter, kinds=ABC),
    _row("meet", {S.WAITING}, S.MEETING, "desk host lead", "RC-11", rules.place_needed, rules.place_allowed,
         rules.place_free, kinds=D),
    _row("leave", PRESENT, S.LEFT, "desk host lead", "RC-27", also=("RC-21",)),
    _row("leave", {S.DECLINED}, None, "desk", "RC-27", when=(rules.still_here,)),
    _row("check", {S.LEFT}, S.CLOSED, "desk clerk portal", "RC-13", *rules.CHECKING),
    _row("greet", PRESENT, None, "desk host lead", "RC-23"),
    _row("farewell", {S.LEFT, S.CLOSED}, None, "desk", "RC-21"),
    _row("task", NOT_ARCHIVED, None, "desk clerk host lead", "RC-03", rules.own_duty),
    _row("arrange", {S.EXPECTED, *PRESENT, S.LEFT, S.CLOSED}, None, "desk host lead maker", "RC-04",
         rules.late_form_says_why, kinds=frozenset({Category.A})),
    _row("approve-late", {S.EXPECTED}, None, "office", "RC-04", rules.not_own_form,
         when=(rules.late_and_open, rules.form_complete)),
    _row("move", {S.EXPECTED}, None, "desk host lead maker", "RC-19", rules.forward, rules.place_allowed,
         rules.late_move_says_why, also=("RC-04",)),
    _row("cancel", {S.EXPECTED}, S.CANCELLED, "desk host lead maker", "RC-19"),
    _row("no-show", {S.EXPECTED}, S.NO_SHOW, "desk portal", "RC-19", rules.set_time_over),
    _row("report", HERE, None, "desk", "RC-14"),
    _row("edit", NOT_ARCHIVED, None, "desk host maker", "RC-17", rules.seat_fits_category, also=("RC-01",)),
    _row("undo", NOT_ARCHIVED, None, "desk", "RC-17", rules.may_undo),
    _row("archive", {S.CLOSED, S.DECLINED, S.CANCELLED, S.NO_SHOW}, S.ARCHIVED, "desk portal", "RC-17",
         rules.with_its_register, rules.has_gone),
)  # fmt: skip

VISIT = Workflow("visit", STEPS, rules.standing)
