"""The codes of a service standard; pure."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """How one thing was found."""

    DONE = "done"
    NOT_DONE = "not_done"
    NOT_APPLICABLE = "not_applicable"


class State(StrEnum):
    """Of a record; there is no other once it is stored."""

    SIGNED = "signed"


CLAUSES = ("PG-10", "PG-12", "PG-14", "PG-15")
