"""The company's notice board: what was decided, for everybody to read (GO-04); published words never change (GO-01)."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history, numbers, reference
from portal.kernel.db import Model, UTCDateTime, db, insert, short


class BoardKind(enum.StrEnum):
    ANNOUNCEMENT = "announcement"
    DECISION = "decision"
    PENALTY = "penalty"
    CORRECTION = "correction"


class BoardState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class BoardNotice(Model):
    """One notice. After its publication its words stay; it can be withdrawn, and corrected by another notice."""

    __tablename__ = "board_notices"
    __table_args__ = (
        sa.Index("ix_board_notices_state", "state", "id"),
        sa.Index("ix_board_notices_source", "source_kind", "source_id"),
    )
    history_kind = "board_notice"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[BoardKind] = mapped_column(short(BoardKind))
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[BoardState] = mapped_column(short(BoardState))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    why: Mapped[str] = mapped_column(sa.String(400), default="")  # it was withdrawn
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("board_notices.id"), index=True)
    source_kind: Mapped[str] = mapped_column(sa.String(24), default="")
    source_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class BoardRead(Model):
    """A person has read a notice; once."""

    __tablename__ = "board_reads"

    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("board_notices.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UTCDateTime)


# -- writing: inside a write -----------------------------------------------------------------------------------


def write(
    *,
    kind: BoardKind,
    title: str,
    text: str,
    by: int,
    now: datetime,
    until: datetime | None = None,
    source: Any = None,
    corrects: int | None = None,
) -> BoardNotice:
    """A draft; `source` is the thing that the notice tells of."""
    notice = BoardNotice(
        number=numbers.take("GG", now),
        kind=kind,
        title=title,
        text=text,
        state=BoardState.DRAFT,
        written_at=now,
        written_by_id=by,
        until=until,
        corrects_id=corrects,
        source_kind=source.history_kind if source else "",
        source_id=source.id if source else None,
    )
    db.session.add(notice)
    history.record(
        notice, "board:write", by=by, now=now, clause="GO-04", number=notice.number, words=_words(notice)
    )
    return notice


def edit(
    notice: BoardNotice, *, title: str, text: str, until: datetime | None, by: int, now: datetime
) -> None:
    """GO-01: only a draft can be changed."""
    notice.title, notice.text, notice.until = title, text, until
    history.record(notice, "board:edit", by=by, now=now, clause="GO-01", words=_words(notice))


def publish(notice: BoardNotice, *, by: int, now: datetime) -> None:
    """GO-04: everybody can read it from now on."""
    notice.state, notice.published_at, notice.published_by_id = BoardState.PUBLISHED, now, by
    history.record(notice, "board:publish", by=by, now=now, clause="GO-04")


def withdraw(notice: BoardNotice, *, reason: str, by: int, now: datetime) -> None:
    """GO-01: a published notice is marked as withdrawn and keeps its words."""
    notice.state, notice.withdrawn_at, notice.withdrawn_by_id = BoardState.WITHDRAWN, now, by
    notice.why = reason
    history.record(notice, "board:withdraw", by=by, now=now, clause="GO-01", words={"reason": reason})


def withdraw_of(source: Any, *, reason: str, by: int, now: datetime) -> None:
    """Withdraw what is published of a thing."""
    for notice in of(source):
        if notice.state is BoardState.PUBLISHED:
            withdraw(notice, reason=reason, by=by, now=now)


def erase_of(source: Any) -> None:
    """Forget the words of the notices of a thing whose record is disposed of (CP-20)."""
    for notice in of(source):
        notice.title, notice.text, notice.why = notice.number, "", ""
        history.erase(notice)


def mark_read(notice_id: int, person_id: int, now: datetime) -> None:
    """GO-04: the person has read it; a second time changes nothing."""
    mark = insert(BoardRead.__table__).values(notice_id=notice_id, person_id=person_id, read_at=now)
    db.session.execute(mark.on_conflict_do_nothing())


def _words(notice: BoardNotice) -> dict[str, str]:
    return {"title": notice.title, "text": notice.text}


# -- reading ---------------------------------------------------------------------------------------------------


def of(source: Any) -> list[BoardNotice]:
    """The notices that tell of a thing, oldest first."""
    ours = sa.and_(BoardNotice.source_kind == source.history_kind, BoardNotice.source_id == source.id)
    return list(db.session.scalars(sa.select(BoardNotice).where(ours).order_by(BoardNotice.id)))


def _shown(now: Any) -> sa.ColumnElement[bool]:
    """What hangs on the board: published and not over, and withdrawn ones with their mark until they are over."""
    return sa.and_(
        BoardNotice.published_at.is_not(None), sa.or_(BoardNotice.until.is_(None), BoardNotice.until > now)
    )


def _read_by(person_id: int) -> sa.ColumnElement[bool]:
    return sa.exists().where(BoardRead.notice_id == BoardNotice.id, BoardRead.person_id == person_id)


def board(person_id: int, now: datetime, *, before: int | None, most: int) -> list[tuple[BoardNotice, bool]]:
    """What hangs on the board, newest first, each with whether that person has read it."""
    rows = sa.select(BoardNotice, _read_by(person_id)).where(_shown(now))
    if before is not None:
        rows = rows.where(BoardNotice.id < before)
    found = db.session.execute(rows.order_by(BoardNotice.id.desc()).limit(most))
    return [(notice, read) for notice, read in found]


def unread(person_id: Any, now: Any) -> sa.Select[int]:
    """How many notices on the board a person has still to read; the session's statement asks it along with its own."""
    theirs = sa.and_(BoardRead.notice_id == BoardNotice.id, BoardRead.person_id == person_id)
    waits = sa.and_(_shown(now), BoardNotice.state == BoardState.PUBLISHED, BoardRead.notice_id.is_(None))
    return (
        sa.select(sa.func.count(BoardNotice.id)).outerjoin_from(BoardNotice, BoardRead, theirs).where(waits)
    )


def hanging(notice_id: int, now: datetime) -> BoardNotice | None:
    """A notice that hangs on the board."""
    return db.session.scalars(
        sa.select(BoardNotice).where(BoardNotice.id == notice_id, _shown(now))
    ).one_or_none()


def every(*, before: int | None, most: int) -> list[tuple[BoardNotice, int]]:
    """Every notice for the office, newest first, each with how many of those who are there have read it."""
    there = [card.id for card in reference.staff().cards.values() if card.active]
    reads = sa.select(sa.func.count()).where(
        BoardRead.notice_id == BoardNotice.id, BoardRead.person_id.in_(there)
    )
    rows = sa.select(BoardNotice, reads.scalar_subquery())
    if before is not None:
        rows = rows.where(BoardNotice.id < before)
    found = db.session.execute(rows.order_by(BoardNotice.id.desc()).limit(most))
    return [(notice, count) for notice, count in found]


def readers(notice_id: int) -> dict[int, datetime]:
    """Who has read a notice, and when."""
    rows = sa.select(BoardRead.person_id, BoardRead.read_at).where(BoardRead.notice_id == notice_id)
    return {row[0]: row[1] for row in db.session.execute(rows.order_by(BoardRead.read_at))}


def corrections(notice_id: int) -> list[BoardNotice]:
    """The notices that correct one."""
    return list(db.session.scalars(sa.select(BoardNotice).where(BoardNotice.corrects_id == notice_id)))
