"""The codes of supplies, their movements and purchase requests; pure."""

from __future__ import annotations

import enum


class SupplyKind(enum.StrEnum):
    """RC-15: what every visit gets, and what is served to guests of importance."""

    GENERAL = "general"
    SPECIAL = "special"


class MovementKind(enum.StrEnum):
    """Why the stock of a supply moved."""

    RECEIVED = "received"
    USED = "used"
    BACK = "back"  # taken by mistake, or laid out for a visit and not used after all
    COUNTED = "counted"  # stock-taking: the difference to the books
    WRITTEN_OFF = "written_off"


class PurchaseState(enum.StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    RECEIVED = "received"
    CANCELLED = "cancelled"


OPEN = frozenset({PurchaseState.ASKED, PurchaseState.APPROVED})
