"""The codes of the question log; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    ANSWERED = "answered"  # known at once
    PENDING = "pending"  # asked inside
    REPLIED = "replied"  # inside has answered, who asked does not know yet
    TOLD = "told"


class Outcome(StrEnum):
    """What the desk does with a question: answer it, or ask inside."""

    ANSWER = "answer"
    ASK = "ask"
