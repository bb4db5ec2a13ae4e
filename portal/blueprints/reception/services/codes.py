"""The codes of meals and lodging; pure."""

from __future__ import annotations

import enum


class ServiceKind(enum.StrEnum):
    MEAL = "meal"
    LODGING = "lodging"


class State(enum.StrEnum):
    """A service's states in their order."""

    ASKED = "asked"  # waits for the lead (RC-12)
    AGREED = "agreed"
    ARRANGED = "arranged"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


OPEN = frozenset({State.ASKED, State.AGREED, State.ARRANGED})
