"""The codes of leave; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    ASKED = "asked"  # a substitute has yet to answer
    SEEKING = "seeking"  # a shift has no substitute
    ACCEPTED = "accepted"  # only the head is missing
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # its start came before it was approved


PENDING = frozenset({State.ASKED, State.SEEKING, State.ACCEPTED})


class LeaveKind(StrEnum):
    PERSONAL = "personal"
    SICK = "sick"
    ANNUAL = "annual"
    OTHER = "other"


class Answer(StrEnum):
    """What the substitute of one shift says."""

    NOBODY = "nobody"  # none is named
    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"
