"""The codes of a case: what the forms offer, the tables keep and the labels put into words."""

from __future__ import annotations

from enum import StrEnum

from portal.kernel.case_codes import Category, Channel, CustomerType

__all__ = ["Category", "Channel", "CustomerType"]  # phrases are sorted by them, too


class Kind(StrEnum):
    INQUIRY = "inquiry"
    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"


class Urgency(StrEnum):
    NORMAL = "normal"
    SPECIAL = "special"
    URGENT = "urgent"


class ReadBack(StrEnum):
    YES = "yes"
    SIGNED = "signed"
    ORIGINAL = "original"
    COPY_SENT = "copy_sent"
    NOT_POSSIBLE = "not_possible"


class State(StrEnum):
    REGISTERED = "registered"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    APPROVED = "approved"
    RESOLVED = "resolved"
    REPORTED = "reported"
    ARCHIVED = "archived"
    RETURNED = "returned"
    REOPENED = "reopened"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"


class Finding(StrEnum):
    BREACH = "breach"
    MISTAKE = "mistake"
    MISUNDERSTANDING = "misunderstanding"


class Outcome(StrEnum):
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NO_ANSWER = "no_answer"


class Escalation(StrEnum):
    UNSOLVED = "unsolved"
    NO_COOPERATION = "no_cooperation"
    MAJOR = "major"


class Decision(StrEnum):
    YES = "yes"
    NO = "no"


class SpecialLimit(StrEnum):
    """Which limit the lead's reason lengthens."""

    CONTACT = "contact"
    WHOLE = "whole"


class DealingKind(StrEnum):
    """What was said or done around a case besides its changes of state."""

    PROPOSAL = "proposal"
    CONTACT = "contact"
    PROMISE = "promise"
    FOLLOW_UP = "follow_up"
    ESCALATION = "escalation"
    EXTENSION = "extension"
    NOT_UPHELD = "not_upheld"
    NO_CONTACT = "no_contact"
    REPORTER = "reporter"
    ASSISTANCE = "assistance"
    OPINION = "opinion"
    NOTE = "note"
    DISPOSAL = "disposal"


# Verbs that one person asks for and another decides, and the dealing that keeps the question.
TWO_PERSON = {
    "extend": DealingKind.EXTENSION,
    "not-upheld": DealingKind.NOT_UPHELD,
    "no-contact": DealingKind.NO_CONTACT,
    "reporter": DealingKind.REPORTER,
    "dispose": DealingKind.DISPOSAL,
}

# About a person's behaviour (CP-09's steps).
ABOUT_STAFF = frozenset({Category.ATTITUDE, Category.SERVICE})
CLOSED = frozenset({State.ARCHIVED, State.WITHDRAWN, State.NOT_UPHELD})
OPEN = frozenset(State) - CLOSED
