"""Which state of an improvement case may follow which, by whose hand: a table (CP-21)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.complaints.improvements import rules
from portal.blueprints.complaints.improvements.codes import OPEN, State
from portal.kernel.workflow import Gate, Step, Workflow

S = State


def _row(verb: str, sources: Iterable[State], to: State | None, who: str, *gates: Gate, **more: Any) -> Step:
    return Step(verb, frozenset(sources), to, frozenset(who.split()), "CP-21", gates, **more)


STEPS = (
    _row(
        "assign",
        {S.RAISED},
        S.ASSIGNED,
        "lead",
        rules.owner_unconcerned,
        rules.due_ahead,
        meets=("improvement_assign",),
    ),
    _row("plan", {S.ASSIGNED}, S.PLANNED, "owner lead", rules.cause_told),
    _row("carry-out", {S.PLANNED}, S.CARRIED_OUT, "owner", meets=("improvement",)),
    _row(
        "evaluate",
        {S.CARRIED_OUT},
        S.CLOSED,
        "above",
        rules.another_confirms,
        rules.effect_shows,
        rules.evaluated,
        meets=("improvement_effect",),
    ),
    _row(
        "reopen",
        {S.CARRIED_OUT},
        S.PLANNED,
        "above",
        rules.another_confirms,
        rules.due_ahead,
        meets=("improvement_effect",),
    ),
    _row("assign", {S.ASSIGNED, S.PLANNED}, None, "lead", rules.owner_unconcerned, rules.due_ahead),
    _row("plan", {S.PLANNED}, None, "owner lead", rules.cause_told),
    _row("note", OPEN, None, "lead owner"),
    _row("cancel", OPEN, S.CANCELLED, "above"),
)

IMPROVEMENT = Workflow("improvement", STEPS, rules.standing)
