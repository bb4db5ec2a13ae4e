"""The codes of a handover; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    OPEN = "open"
    COUNTED = "counted"
    SIGNED = "signed"
    REFUSED = "refused"


class Side(StrEnum):
    OUTGOING = "outgoing"
    INCOMING = "incoming"


class Ground(StrEnum):
    """The four reasons for which a takeover may be refused (DR-11)."""

    UNCLEAR_RECORD = "unclear_record"
    DIRTY_PLACE = "dirty_place"
    MISSING_PROPERTY = "missing_property"
    UNFINISHED_REPAIR = "unfinished_repair"
