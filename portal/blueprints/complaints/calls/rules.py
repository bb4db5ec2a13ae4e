"""Which calls there are, whose they are, and which verb records them; pure."""

from __future__ import annotations

import enum
from typing import Any


class CallKind(enum.StrEnum):
    """Why a customer is called; each is named like the clock that measures it."""

    PROMISE = "promise"
    FOLLOW_UP = "follow_up"
    FIRST_CONTACT = "first_contact"
    RETURN_VISIT = "return_visit"  # what was promised at a return visit


OF_CASES = (CallKind.PROMISE, CallKind.FOLLOW_UP, CallKind.FIRST_CONTACT)


def verb(kind: CallKind) -> str:
    """The verb of a case that records the call."""
    return "follow-up" if kind is CallKind.FOLLOW_UP else "contact"


def caller(case: Any, kind: CallKind) -> str:
    """Whose call it is: `handler`, `lead`, `responder` or `desk`.

    CP-18: who solved or answered a case does not follow it up. CP-12, CP-15: the handler speaks to the customer, before
    one is named the department's lead, before routing whoever took the case.
    """
    if kind is CallKind.FOLLOW_UP:
        solved = {case.handler_id, case.reported_by_id, case.resolved_by_id}
        return "desk" if case.first_responder_id in solved else "responder"
    if case.department is None:
        return "responder"
    return "handler" if case.handler_id else "lead"
