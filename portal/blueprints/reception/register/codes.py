"""The codes of the daily register; pure."""

from __future__ import annotations

import enum

from portal.blueprints.reception.codes import PRESENT
from portal.blueprints.reception.codes import State as VisitState


class State(enum.StrEnum):
    """How far a day's register is (RC-17)."""

    OPEN = "open"
    COMPILED = "compiled"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    ARCHIVED = "archived"


class Field(enum.StrEnum):
    """What of an entry can be corrected."""

    VISITOR_NAME = "visitor_name"
    COMPANY = "company"
    PHONE = "phone"
    PARTY_SIZE = "party_size"
    CATEGORY = "category"
    HOST = "host"
    DEPARTMENT = "department"
    PURPOSE = "purpose"
    PLACE = "place"
    ARRIVED_AT = "arrived_at"
    LEFT_AT = "left_at"
    REMARK = "remark"


# What the register waits for; who was declined and has not left yet is among them, see `rules.still_open`.
UNFINISHED = PRESENT | {VisitState.EXPECTED, VisitState.LEFT}
# What is put away with its day.
FINISHED = frozenset({VisitState.CLOSED, VisitState.DECLINED, VisitState.CANCELLED, VisitState.NO_SHOW})
