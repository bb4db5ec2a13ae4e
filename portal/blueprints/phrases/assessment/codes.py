"""The codes of an assessment; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Of a period: people rate themselves while it is open, their superiors from `rated` on."""

    DRAFT = "draft"
    OPEN = "open"
    RATED = "rated"
    PUBLISHED = "published"
    CLOSED = "closed"


class Rater(StrEnum):
    """Who rates; customers do it through what the portal recorded of them."""

    SELF = "self"
    SUPERIOR = "superior"
    CUSTOMER = "customer"


class Grade(StrEnum):
    """The bands of the score, best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    BELOW = "below"


class Follows(StrEnum):
    """What a grade leads to, as a proposal (GO-03)."""

    REWARD = "reward"
    NOTHING = "nothing"
    RETRAINING = "retraining"


class Outcome(StrEnum):
    """What the office says of an objection."""

    UPHELD = "upheld"
    DECLINED = "declined"
