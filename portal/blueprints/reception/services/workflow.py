"""The table of meals and lodging: who may do what, from where; pure."""

from __future__ import annotations

from portal.blueprints.reception.services import rules
from portal.blueprints.reception.services.codes import OPEN, State
from portal.kernel.workflow import Gate, Step, Workflow

S = State


def _row(verb: str, sources: set[State] | frozenset[State], to: State, who: str, *gates: Gate) -> Step:
    return Step(verb, frozenset(sources), to, frozenset(who.split()), "RC-12", gates)


STEPS = (
    _row("approve", {S.ASKED}, S.AGREED, "lead"),
    _row("refuse", {S.ASKED}, S.REFUSED, "lead"),
    _row("arrange", {S.AGREED, S.ARRANGED}, S.ARRANGED, "desk host", rules.place_named),
    _row("done", {S.AGREED, S.ARRANGED}, S.DONE, "desk host", rules.place_named, rules.cost_known),
    _row("cancel", OPEN, S.CANCELLED, "lead host desk asker"),
)

SERVICE = Workflow("service", STEPS, rules.standing)
