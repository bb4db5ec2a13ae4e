"""The codes of a spot check."""

from __future__ import annotations

from enum import StrEnum

# The department that follows up: the one outside it rates that work (CP-23).
CUSTOMER_SERVICE = "admin"


class State(StrEnum):
    DRAWN = "drawn"
    CALLED = "called"
    SETTLED = "settled"


class Duty(StrEnum):
    """Whether the first responder's duty was kept, or which of the five banned acts was found (CP-32)."""

    KEPT = "kept"
    NOT_HANDLED = "not_handled"
    RUDE = "rude"
    LATE = "late"
    COLD = "cold"
    NOT_REPORTED = "not_reported"


class Show(StrEnum):
    """Which rows of a quarter a page lists."""

    TO_CALL = "to_call"
    TO_RATE = "to_rate"
    FINDINGS = "findings"
