"""The codes of a return visit."""

from __future__ import annotations

from enum import StrEnum


class VisitKind(StrEnum):
    OFFICE = "office"
    STAFF = "staff"
    MEETING = "meeting"
    SURVEY = "survey"


class State(StrEnum):
    PLANNED = "planned"
    VISITED = "visited"
    ANSWERED = "answered"


class Remark(StrEnum):
    """How what a customer said is sorted."""

    NOTHING = "nothing"
    PRAISE = "praise"
    WISH = "wish"
    QUESTION = "question"
    COMPLAINT = "complaint"
