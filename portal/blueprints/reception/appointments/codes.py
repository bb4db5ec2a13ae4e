"""The codes of appointments; pure."""

from __future__ import annotations

import enum


class Repeat(enum.StrEnum):
    """How an appointment comes again."""

    WEEKLY = "weekly"
    WORKDAYS = "workdays"
    MONTHLY = "monthly"


class Scope(enum.StrEnum):
    """How much of a recurring appointment an act is about."""

    ONE = "one"
    FOLLOWING = "following"


class When(enum.StrEnum):
    """The tabs of the list."""

    CONFIRM = "confirm"
    TODAY = "today"
    COMING = "coming"
    PAST = "past"
    ALL = "all"


MOST = 52  # appointments of a series
