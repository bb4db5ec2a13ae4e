"""Kiosks: a tablet in the lobby with a login of its own that opens nothing but the kiosk's pages (RC-18, RC-23).

The office makes a link, which is opened once on the tablet and turns into a key kept by that browser alone. The table
keeps digests only: whoever reads it opens no kiosk.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.sessions import digest

COOKIE = "kiosk"
LINK_LASTS = timedelta(days=1)


class Kiosk(Model):
    """One tablet; never deleted, for the history speaks of it."""

    __tablename__ = "kiosks"
    history_kind = "kiosk"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    link: Mapped[str] = mapped_column("link_digest", sa.String(64), unique=True)
    key: Mapped[str | None] = mapped_column("key_digest", sa.String(64), unique=True)  # once it is opened
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # who answers for it
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last visitor
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))

    @property
    def number(self) -> str:
        """What history calls it."""
        return self.name[:24]


@dataclass(frozen=True)
class Tablet:
    """The kiosk behind a request."""

    id: int
    name: str
    owner_id: int


def issue(name: str, *, by: int, now: datetime) -> tuple[Kiosk, str]:
    """A new kiosk and the secret of its link, which can be told only now. Inside a write."""
    secret = secrets.token_urlsafe(24)
    kiosk = Kiosk(name=name, link=digest(secret), created_at=now, created_by_id=by)
    db.session.add(kiosk)
    history.record(kiosk, "kiosk:create", by=by, now=now, clause="RC-18", words={"name": name})
    return kiosk, secret


def waiting(secret: str, now: datetime) -> Kiosk | None:
    """The kiosk of a link that was not opened yet, not revoked, and is not too old."""
    ours = sa.and_(Kiosk.link == digest(secret), Kiosk.opened_at.is_(None), Kiosk.revoked_at.is_(None))
    wanted = sa.select(Kiosk).where(
        ours, Kiosk.created_at > now - LINK_LASTS, Kiosk.created_at < now + LINK_LASTS
    )
    return db.session.scalars(wanted).one_or_none()


def open_link(secret: str, now: datetime) -> str | None:
    """Open a kiosk by its link: the key for that browser; None when the link does not open anything. Inside a write.

    One statement, so that of two who open it at the same moment one does.
    """
    key = secrets.token_urlsafe(32)
    ours = sa.and_(Kiosk.link == digest(secret), Kiosk.opened_at.is_(None), Kiosk.revoked_at.is_(None))
    opened = sa.update(Kiosk).where(
        ours, Kiosk.created_at > now - LINK_LASTS, Kiosk.created_at < now + LINK_LASTS
    )
    moved = opened.values(opened_at=now, key=digest(key)).returning(Kiosk.id)
    kiosk_id = db.session.execute(
        moved, execution_options={"synchronize_session": False}
    ).scalar_one_or_none()
    if kiosk_id is None:
        return None
    history.record(db.session.get_one(Kiosk, kiosk_id), "kiosk:open", by=None, now=now, clause="RC-18")
    return key


def of_key(key: str) -> Tablet | None:
    """The kiosk of that key, unless it was revoked."""
    columns = sa.select(Kiosk.id, Kiosk.name, Kiosk.created_by_id)
    found = db.session.execute(columns.where(Kiosk.key == digest(key), Kiosk.revoked_at.is_(None)))
    row = found.one_or_none()
    return Tablet(*row) if row else None


def used(kiosk_id: int, now: datetime) -> None:
    """Note that a visitor announced themselves there. Inside a write."""
    db.session.execute(sa.update(Kiosk).where(Kiosk.id == kiosk_id).values(used_at=now))


def revoke(kiosk: Kiosk, *, by: int, now: datetime) -> None:
    """End a kiosk for good; nothing when it has ended already. Inside a write."""
    if kiosk.revoked_at is None:
        kiosk.revoked_at, kiosk.revoked_by_id = now, by
        history.record(kiosk, "kiosk:revoke", by=by, now=now, clause="RC-18")


def every() -> list[Kiosk]:
    """Every kiosk, those in use first, the newest before the older."""
    ended = Kiosk.revoked_at.is_not(None)
    return list(db.session.scalars(sa.select(Kiosk).order_by(ended, Kiosk.id.desc())))
