"""Somebody is to be trained because of something: the seam between what finds that out and what trains (GO-02, GO-03).

Whoever is to be trained reads what in; of the subject that the wish comes from they learn nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from portal.kernel.people import Viewer


@dataclass(frozen=True)
class Asked:
    """A wish for training as the thing that it comes from shows it."""

    number: str
    address: str
    person_id: int
    what: str
    state: Any  # a code with words
    due_at: datetime
    done_at: datetime | None


class Handler(Protocol):
    """The part that trains people."""

    def ask(
        self, person_id: int, topic: str, what: str, subject: Any, address: str,
        *, by: Viewer, now: datetime, due_at: datetime | None,
    ) -> str: ...  # fmt: skip

    def of(self, subject: Any) -> Sequence[Asked]: ...

    def topics(self) -> Iterable[Any]: ...


HANDLERS: list[Handler] = []


def ask(
    person_id: int,
    topic: str,
    what: str,
    subject: Any,
    address: str,
    *,
    by: Viewer,
    now: datetime,
    due_at: datetime | None = None,
) -> str:
    """Ask for somebody's training; the number of the need. Inside a write. Raises Refused when it is asked already.

    `topic` is one of `topics`, `what` is read by that person, `subject` has `history_kind`, `id` and `number`,
    `address` leads back to it for those who may see it. Without an end the figure of the office gives one.
    """
    (handler,) = HANDLERS
    return handler.ask(person_id, topic, what, subject, address, by=by, now=now, due_at=due_at)


def of(subject: Any) -> Sequence[Asked]:
    """What was asked for because of a subject; handed only to those who may see it."""
    return [asked for handler in HANDLERS for asked in handler.of(subject)]


def topics() -> list[Any]:
    """The topics that training has, codes with words."""
    return [topic for handler in HANDLERS for topic in handler.topics()]
