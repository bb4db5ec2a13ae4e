"""Keys by which programs record cases: who answers for what they send, when they were last used, how often.

The table keeps a digest only: whoever reads it can record nothing.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Card
from portal.kernel.rights import Role
from portal.kernel.sessions import digest

MOST_A_MINUTE = 120
WINDOW = timedelta(minutes=1)
ROLES = frozenset({Role.DESK, Role.OFFICE})  # who may answer for a program: those who take cases all day


class IntakeToken(Model):
    """One program's key; never deleted, for the history speaks of it."""

    __tablename__ = "intake_tokens"
    history_kind = "intake_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    key: Mapped[str] = mapped_column("key_digest", sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # on whose behalf it records
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the minute of the last use
    used: Mapped[int] = mapped_column(default=0)  # how often within it
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))


def may_answer(card: Card) -> bool:
    """True when a program may record cases on this person's behalf."""
    return card.active and card.role in ROLES


def issue(name: str, person_id: int, *, by: int | None, now: datetime) -> tuple[IntakeToken, str]:
    """A new token and its key, which can be told only now. Inside a write."""
    key = secrets.token_urlsafe(32)
    token = IntakeToken(
        name=name, key=digest(key), person_id=person_id, created_at=now, created_by_id=by, used=0
    )
    db.session.add(token)
    history.record(
        token, "intake_token:create", by=by, now=now, clause="CP-01", person=person_id, words={"name": name}
    )
    return token, key


def revoke(token: IntakeToken, *, by: int, now: datetime) -> None:
    """End a token for good; nothing when it has ended already. Inside a write."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by_id = now, by
        history.record(token, "intake_token:revoke", by=by, now=now, clause="CP-01")


def find(key: str) -> IntakeToken | None:
    """The token of that key, unless it was revoked."""
    ours = sa.select(IntakeToken).where(IntakeToken.key == digest(key), IntakeToken.revoked_at.is_(None))
    return db.session.scalars(ours).one_or_none()


def every() -> list[IntakeToken]:
    """Every token, those in use first, the newest before the older."""
    ended = IntakeToken.revoked_at.is_not(None)
    return list(db.session.scalars(sa.select(IntakeToken).order_by(ended, IntakeToken.id.desc())))


def take_turn(token_id: int, now: datetime) -> bool:
    """Count one use; False when the token has had its turns of this minute. Inside a write of its own.

    One statement, so that two requests at the same moment count as two.
    """
    table, minute = IntakeToken, minute_of(now)
    another = table.used_at.is_distinct_from(minute)
    counted = (
        sa.update(table)
        .where(table.id == token_id, sa.or_(another, table.used < MOST_A_MINUTE))
        .values(used=sa.case((another, 1), else_=table.used + 1), used_at=minute)
        .returning(table.id)
    )
    taken = db.session.execute(counted, execution_options={"synchronize_session": False})
    return taken.scalar_one_or_none() is not None


def minute_of(now: datetime) -> datetime:
    """The beginning of the minute in which uses are counted."""
    return now.replace(second=0, microsecond=0)
