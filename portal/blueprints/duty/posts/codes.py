"""Kinds of days as a need knows them."""

from __future__ import annotations

import enum


class DayKind(enum.StrEnum):
    """What sort of day it is by the company's calendar (DR-06)."""

    WORKDAY = "workday"
    REST_DAY = "rest_day"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # a weekend that is worked
