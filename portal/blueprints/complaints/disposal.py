"""What the parts around a case say when it is disposed of (CP-20): what bars it, and what else must be forgotten."""

from __future__ import annotations

from collections.abc import Callable

from portal.blueprints.complaints.models import Case
from portal.kernel.workflow import Reason

# Each part that keeps texts about a case's customer forgets them here; called inside the write, before the case's own go.
ERASERS: list[Callable[[Case], None]] = []
# Each part with something that may still be open says so here.
BARS: list[Callable[[Case], Reason | None]] = []


def bars(case: Case) -> list[Reason]:
    """Everything that keeps the case from being disposed of."""
    return [reason for bar in BARS if (reason := bar(case))]


def erase(case: Case) -> None:
    """Have every part forget what it keeps about the case's customer."""
    for eraser in ERASERS:
        eraser(case)
