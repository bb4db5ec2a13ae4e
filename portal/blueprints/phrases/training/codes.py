"""The codes of training; pure."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """What the yearly plan covers (GO-02)."""

    COMPANY = "company"
    SKILLS = "skills"
    STANDARDS = "standards"
    COMMUNICATION = "communication"


class PlanState(StrEnum):
    PLANNED = "planned"
    DROPPED = "dropped"


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Presence(StrEnum):
    """How an invitation went."""

    INVITED = "invited"
    PRESENT = "present"
    LATE = "late"
    ABSENT = "absent"


CAME = frozenset({Presence.PRESENT, Presence.LATE})


class QuestionKind(StrEnum):
    LINE = "line"
    TABOO = "taboo"
    ORDER = "order"
    FIGURE = "figure"


class QuizState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class AttemptState(StrEnum):
    OPEN = "open"
    HANDED_IN = "handed_in"


class NeedState(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"
    DONE = "done"
    DROPPED = "dropped"


WAITING = frozenset({NeedState.OPEN, NeedState.ASSIGNED})
