"""What the check of customer texts caught: one row for each stop and each text that was sent all the same (PG-04).

A row keeps the words that were caught and nothing else of the text; after its term it is deleted.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import g, has_app_context
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.kernel import policies
from portal.kernel.db import Model, UTCDateTime, db, short
from portal.kernel.people import Viewer

KEPT = "retention.taboos_days"
WORDS, REASON = 80, 400


class Outcome(enum.StrEnum):
    STOPPED = "stopped"
    SENT = "sent"  # a warned one, with a reason


class TabooHit(Model):
    """A rule that caught words of a text: whose, when, how severe, and what became of it."""

    __tablename__ = "taboo_hits"
    __table_args__ = (
        sa.Index("ix_taboo_hits_at", "at", "rule"),
        sa.Index("ix_taboo_hits_person", "person_id", "at"),
        sa.Index("ix_taboo_hits_department", "department", "at"),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(64))
    severity: Mapped[str] = mapped_column(sa.String(8))
    scope: Mapped[str] = mapped_column(sa.String(24))
    outcome: Mapped[Outcome] = mapped_column(short(Outcome))
    words: Mapped[str] = mapped_column(sa.String(WORDS))
    reason: Mapped[str] = mapped_column(sa.String(REASON), default="")
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    department: Mapped[str] = mapped_column(sa.String(24))  # where the person worked then
    at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class Caught:
    """One hit of a rule in a text."""

    rule: str
    severity: str
    scope: str
    words: str
    reason: str = ""


def note(caught: Iterable[Caught], outcome: Outcome, *, by: Viewer, now: datetime) -> None:
    """Write down what was caught. Inside a write."""
    db.session.add_all(
        TabooHit(
            rule=each.rule, severity=each.severity, scope=each.scope, outcome=outcome, words=each.words[:WORDS],
            reason=each.reason[:REASON], person_id=by.id, department=by.department, at=now,
        )
        for each in caught
    )  # fmt: skip


def goes_along(caught: Iterable[Caught], *, by: Viewer, now: datetime) -> None:
    """These texts are sent all the same: that is written with whatever sends them, and only then."""
    g.setdefault("taboos_sent", []).append((list(caught), by, now))


def went_nowhere() -> None:
    """What was to go along was refused for another reason."""
    g.pop("taboos_sent", None)


def _written_with_it(session: Session) -> None:
    if has_app_context() and "taboos_sent" in g:
        for caught, by, now in g.pop("taboos_sent"):
            note(caught, Outcome.SENT, by=by, now=now)
        session.flush()


db.before_commit.insert(0, _written_with_it)  # the books are closed last


def forget_old(now: datetime) -> Iterator[str]:
    """Delete what was kept for its term; a line when something went."""
    old = TabooHit.at < now - timedelta(days=policies.number(KEPT, now))
    if db.session.scalar(sa.select(sa.exists().where(old))):
        with db.write():
            gone = db.session.execute(sa.delete(TabooHit).where(old).returning(TabooHit.id)).all()
        yield f"taboos\tretention\t{len(gone)} past their term, deleted (RC-20)"
