"""By what a phrase is sorted: the moment it is for, and where it fits. The codes are those of cases and visits."""

from __future__ import annotations

from enum import StrEnum

from portal.kernel.case_codes import Category, Channel, CustomerType

__all__ = ["Category", "Channel", "CustomerType"]


class Moment(StrEnum):
    ADDRESS = "address"
    GREETING = "greeting"
    INVITE = "invite"
    WAIT = "wait"
    THANKS = "thanks"
    APOLOGY = "apology"
    REASSURANCE = "reassurance"
    OFFER = "offer"
    EXPLANATION = "explanation"
    CONFIRM = "confirm"
    FAREWELL = "farewell"


class Stage(StrEnum):
    """Where a case or a visit stands: their states, as far as something is said there."""

    REGISTERED = "registered"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    APPROVED = "approved"
    RESOLVED = "resolved"
    REPORTED = "reported"
    REOPENED = "reopened"
    NOT_UPHELD = "not_upheld"
    EXPECTED = "expected"
    ARRIVED = "arrived"
    WAITING = "waiting"
    MEETING = "meeting"
    LEFT = "left"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class Show(StrEnum):
    """Which phrases the library shows."""

    ALL = "all"
    FAVOURITES = "favourites"
    RECENT = "recent"
    MOST = "most"


# The lists of a phrase that say where it fits -> their codes; an empty list fits everywhere.
FITS: dict[str, type[StrEnum]] = {
    "channels": Channel,
    "categories": Category,
    "stages": Stage,
    "types": CustomerType,
}
# What an address and a thing call the same.
SIDES = {"channel": "channels", "category": "categories", "stage": "stages", "customer_type": "types"}
BLANKS = ("company", "customer", "number", "until")
