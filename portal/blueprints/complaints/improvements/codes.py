"""The codes of an improvement case."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    RAISED = "raised"
    ASSIGNED = "assigned"
    PLANNED = "planned"
    CARRIED_OUT = "carried_out"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Cause(StrEnum):
    """Where the trouble comes from."""

    PEOPLE = "people"
    METHOD = "method"
    MATERIAL = "material"
    DEVICE = "device"
    ENVIRONMENT = "environment"
    INFORMATION = "information"
    OUTSIDE = "outside"


class Recurring(StrEnum):
    """Why an improvement case is proposed."""

    MATTER = "matter"  # the same department, category and finding again and again
    CUSTOMER = "customer"  # the same customer again and again
    MISTAKE = "mistake"  # an ordinary mistake asks for an improvement plan (CP-34)


ENDED = frozenset({State.CLOSED, State.CANCELLED})
OPEN = frozenset(State) - ENDED
