"""The codes of technique cards; pure."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """The stages of a talk, in their order (PG-08)."""

    LISTEN = "listen"
    ASK = "ask"
    COMFORT = "comfort"
    EXPLAIN = "explain"
    CONFIRM = "confirm"
