"""What may be done with a roster, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.duty.rosters import gates
from portal.blueprints.duty.rosters.codes import State
from portal.kernel.workflow import Step, Workflow

SOLVE, STOP, EXPLAIN, CONFIRM, PUBLISH, CLOSE = "solve", "stop", "explain", "confirm", "publish", "close"
DISCARD = "discard"

_OFFICE, _DRAFT = frozenset({"office"}), frozenset({State.DRAFT})

ROSTER = Workflow(
    "roster",
    (
        Step(SOLVE, _DRAFT, None, _OFFICE, "DR-01", (gates.not_solving,)),
        Step(STOP, _DRAFT, None, _OFFICE, "DR-01", (gates.is_solving,)),
        Step(EXPLAIN, _DRAFT, None, _OFFICE, "DR-01", (gates.something_missing,), also=("DR-06",)),
        Step(
            CONFIRM,
            _DRAFT,
            None,
            _OFFICE,
            "DR-01",
            (gates.second_person, gates.same_gaps),
            when=(gates.asked,),
            also=("DR-06",),
        ),
        Step(
            PUBLISH,
            _DRAFT,
            State.PUBLISHED,
            _OFFICE,
            "DR-01",
            (gates.not_solving, gates.rules_kept, gates.confirmed),
            also=("DR-06", "DR-21"),
        ),
        Step(DISCARD, _DRAFT, None, _OFFICE, "DR-01", (gates.not_solving,)),
        Step(CLOSE, frozenset({State.PUBLISHED}), State.CLOSED, _OFFICE, "DR-01", (gates.is_over,)),
    ),
    gates.standing,
)
