"""What a person looked for lately: the last few words, theirs alone, for a month at most.

Whoever looks for somebody types their name, so these words are forgotten with whom they name (RC-20).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import cutting
from portal.kernel.db import Model, UTCDateTime, db, insert
from portal.kernel.people import Person, Status

MOST = 10  # of a person
KEPT = timedelta(days=30)
LONGEST = 100  # characters


class RecentSearch(Model):
    """Words that a person looked for, and when last."""

    __tablename__ = "recent_searches"
    __table_args__ = (sa.Index("ix_recent_searches_at", "at"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    words: Mapped[str] = mapped_column(sa.String(LONGEST), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


R = RecentSearch.__table__.c


def of(person_id: int) -> list[str]:
    """The words, newest first; one statement."""
    mine = sa.select(R.words).where(R.person_id == person_id)
    return list(db.session.scalars(mine.order_by(R.at.desc(), R.words).limit(MOST)))


def keep(person_id: int, words: str, now: datetime) -> None:
    """The newest search of a person; older ones beyond the last few go. Inside a write."""
    made = insert(RecentSearch.__table__).values(person_id=person_id, words=words[:LONGEST], at=now)
    again = made.on_conflict_do_update(index_elements=["person_id", "words"], set_={"at": now})
    db.session.execute(again)
    stay = sa.select(R.words).where(R.person_id == person_id).order_by(R.at.desc(), R.words).limit(MOST)
    db.session.execute(_gone(R.person_id == person_id, R.words.not_in(stay)))


def forget(person_id: int, words: str = "") -> None:
    """One search of a person, or all of them. Inside a write."""
    db.session.execute(_gone(R.person_id == person_id, R.words == words if words else sa.true()))


def forget_old(now: datetime) -> None:
    """What is older than a month, and whatever people looked for who are gone. Inside a write."""
    there = sa.select(Person.id).where(Person.status == Status.ACTIVE)
    db.session.execute(_gone(sa.or_(R.at < now - KEPT, R.person_id.not_in(there))))


def forget_about(marks: Collection[str]) -> None:
    """RC-20: every search, whoever made it, that may name somebody by these names, readings or numbers. Inside a write.

    One part of it that stands in a mark, or has one in it, is enough: too many go rather than one too few.
    """
    known = [cutting.plain(mark) for mark in marks if mark]
    if not known:
        return
    for person_id, words in db.session.execute(sa.select(R.person_id, R.words)).all():
        if any(part in mark or mark in part for part in cutting.parts(words) for mark in known):
            forget(person_id, words)


def _gone(*conditions: sa.ColumnElement[bool]) -> sa.Delete:
    return sa.delete(RecentSearch).where(*conditions)
