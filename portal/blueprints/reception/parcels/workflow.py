"""What may be done with a parcel, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.reception.parcels import rules
from portal.blueprints.reception.parcels.codes import State
from portal.kernel.workflow import Step, Workflow

SIGN, RETURN, PUT_BACK = "sign", "return", "put-back"

_DESK = frozenset({"desk"})

PARCEL = Workflow(
    "parcel",
    (
        Step(
            SIGN,
            frozenset({State.WAITING}),
            State.COLLECTED,
            frozenset({"desk", "recipient"}),
            "RC-29",
            (rules.collector_known,),
            meets=("parcel",),
        ),
        Step(RETURN, frozenset({State.WAITING}), State.RETURNED, _DESK, "RC-29", meets=("parcel",)),
        # A touch on the wrong row is mended.
        Step(
            PUT_BACK,
            frozenset({State.COLLECTED, State.RETURNED}),
            State.WAITING,
            _DESK,
            "RC-29",
            starts=("parcel",),
        ),
    ),
    rules.standing,
)
