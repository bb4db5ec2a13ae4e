"""Between the password and the code: who may type the second factor now. A row, not a session: it opens no page."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime, db

LASTS = timedelta(minutes=5)


class LoginStep(Model):
    """One login whose password was right; the browser holds the key in its signed cookie."""

    __tablename__ = "login_steps"

    key: Mapped[str] = mapped_column("key_digest", sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime)
    via: Mapped[str] = mapped_column(sa.String(8), default="")  # who knew the password; empty: the portal


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def begin(person_id: int, now: datetime, via: str = "") -> str:
    """A key with which that person's code can be typed for a few minutes. Inside a write."""
    key = secrets.token_urlsafe(32)
    db.session.add(LoginStep(key=_digest(key), person_id=person_id, begun_at=now, via=via))
    return key


def find(key: str, now: datetime) -> LoginStep | None:
    """The login that waits for its code; None when the key was used or its time is over."""
    ours = sa.and_(LoginStep.key == _digest(key), _lasts(now))
    return db.session.scalars(sa.select(LoginStep).where(ours)).one_or_none()


def _lasts(now: datetime) -> sa.ColumnElement[bool]:
    """It began lately, and not in a future that a clock set back has left behind."""
    return sa.and_(LoginStep.begun_at > now - LASTS, LoginStep.begun_at < now + LASTS)


def person_of(key: str, now: datetime) -> int | None:
    """Whose code is asked for; None when the key was used or its time is over."""
    found = find(key, now)
    return found.person_id if found is not None else None


def take(key: str, now: datetime) -> bool:
    """Use a key up; False when it was before. Inside a write: of two at the same moment one is given it."""
    ours = sa.and_(LoginStep.key == _digest(key), _lasts(now))
    return bool(db.session.execute(sa.delete(LoginStep).where(ours).returning(LoginStep.person_id)).all())


def forget_of(person_id: int) -> None:
    """A new password, or an account that ends, ends what was begun with the old one. Inside a write."""
    db.session.execute(sa.delete(LoginStep).where(LoginStep.person_id == person_id))


def forget_old(now: datetime) -> None:
    """Delete what time has ended. Inside a write."""
    db.session.execute(sa.delete(LoginStep).where(LoginStep.begun_at <= now - LASTS))
