"""Which state of a penalty may follow which, by whose hand, under which clause: a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.complaints.penalties import rules
from portal.blueprints.complaints.penalties.codes import State
from portal.kernel.workflow import Gate, Step, Workflow

S = State


def _row(
    verb: str,
    sources: Iterable[State],
    to: State | None,
    who: str,
    *gates: Gate,
    clause: str = "CP-24",
    **more: Any,
) -> Step:
    return Step(verb, frozenset(sources), to, frozenset(who.split()), clause, gates, **more)


STEPS = (
    _row("release", {S.PROPOSED}, S.RELEASED, "office", starts=("penalty_statement",)),
    _row(
        "statement",
        {S.RELEASED},
        None,
        "concerned",
        when=(rules.not_stated,),
        meets=("penalty_statement",),
    ),
    _row(
        "decide",
        {S.RELEASED},
        S.DECIDED,
        "office",
        rules.decided_by_another,
        rules.heard,
        rules.bonuses_known,
        rules.month_open,
        also=("CP-32",),
    ),
    _row("publish", {S.DECIDED}, S.PUBLISHED, "office", clause="GO-04", also=("CP-24",)),
    _row(
        "appeal",
        {S.PUBLISHED},
        S.APPEALED,
        "concerned",
        rules.appeal_in_time,
        when=(rules.not_ruled,),
        starts=("penalty_ruling",),
    ),
    _row("rule", {S.APPEALED}, S.PUBLISHED, "office", rules.judged_by_another, meets=("penalty_ruling",)),
    _row(
        "reverse",
        {S.DECIDED, S.PUBLISHED, S.APPEALED},
        S.REVERSED,
        "office",
        rules.judged_by_another,
        meets=("penalty_ruling",),
    ),
    _row("withdraw", {S.PROPOSED, S.RELEASED}, S.WITHDRAWN, "office proposer"),
)

PENALTY = Workflow("penalty", STEPS, rules.standing)
