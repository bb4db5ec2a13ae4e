"""The codes of a penalty: what the forms offer, the tables keep and the labels put into words."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    PROPOSED = "proposed"
    RELEASED = "released"
    DECIDED = "decided"
    PUBLISHED = "published"
    APPEALED = "appealed"
    REVERSED = "reversed"
    WITHDRAWN = "withdrawn"


class Ground(StrEnum):
    """Why somebody is penalised: the grounds of CP-24 and CP-34, then the five banned acts of CP-32."""

    COLD_SERVICE = "cold_service"
    SLOW_SERVICE = "slow_service"
    NOT_KNOWING = "not_knowing"
    BREACH = "breach"
    NOT_HANDLED = "not_handled"
    ARGUED = "argued"
    LATE_ANSWER = "late_answer"
    COLDNESS = "coldness"
    NOT_REPORTED = "not_reported"
    OTHER = "other"


BANNED_ACTS = frozenset(
    {Ground.NOT_HANDLED, Ground.ARGUED, Ground.LATE_ANSWER, Ground.COLDNESS, Ground.NOT_REPORTED}
)


class Measure(StrEnum):
    """What the office decides."""

    ADMINISTRATIVE = "administrative"
    MONEY = "money"
    DEPARTMENT = "department"
    POINTS = "points"


class Ruling(StrEnum):
    """What becomes of an appeal."""

    UPHOLD = "uphold"
    REDUCE = "reduce"
    REVERSE = "reverse"


# Nothing more happens to these.
ENDED = frozenset({State.REVERSED, State.WITHDRAWN})
