"""The codes of a request about one person's data."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    SEARCHING = "searching"
    FOUND = "found"
    ASKED = "asked"  # that the person be forgotten; another person of the office confirms
    ERASING = "erasing"
    WAITING = "waiting"  # for what a rule still holds
    DONE = "done"
    CLOSED = "closed"  # answered without forgetting anybody


class Decision(StrEnum):
    YES = "yes"
    NO = "no"
