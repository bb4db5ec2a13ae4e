"""What keeps an entry of the log open: a matter that is led elsewhere is settled there, not by hand (DR-11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.kernel.workflow import Reason

# An entry as a row -> why it may not be settled by hand. Other parts of duty add theirs.
HOLDS: list[Callable[[Any], Reason | None]] = []


def against_settling(entry: Any) -> list[Reason]:
    """Every reason for which that entry is not settled by hand (DR-11)."""
    return [reason for hold in HOLDS if (reason := hold(entry))]
