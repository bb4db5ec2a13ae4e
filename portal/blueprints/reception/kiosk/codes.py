"""Why somebody without an appointment says they came; pure."""

from __future__ import annotations

import enum

from portal.blueprints.reception.codes import Category


class Why(enum.StrEnum):
    """RC-01: what a visitor at the kiosk chooses, in words that ask nothing about categories."""

    MEETING = "meeting"
    BUSINESS = "business"
    DELIVERY = "delivery"
    OTHER = "other"


# RC-01: which category that makes likely; the desk says which it is.
LIKELY = {
    Why.MEETING: Category.B,
    Why.BUSINESS: Category.C,
    Why.DELIVERY: Category.D,
    Why.OTHER: Category.D,
}
