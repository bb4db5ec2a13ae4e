"""The codes of a swap; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


OPEN = frozenset({State.OFFERED, State.TAKEN})


class SwapKind(StrEnum):
    GIVE = "give"
    EXCHANGE = "exchange"
