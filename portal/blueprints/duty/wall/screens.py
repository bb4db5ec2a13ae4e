"""The tokens of screens: made and withdrawn by the general office, asked for by the wall (DR-01)."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.duty.wall.models import WallScreen
from portal.kernel import history
from portal.kernel.db import db
from portal.kernel.sessions import digest

COOKIE = "wall"


def issue(name: str, *, by: int, now: datetime) -> tuple[WallScreen, str]:
    """A new screen and its token, which can be told only now. Inside a write."""
    token = secrets.token_urlsafe(24)
    screen = WallScreen(name=name, digest=digest(token), created_at=now, created_by_id=by)
    db.session.add(screen)
    history.record(screen, "wall_screen:create", by=by, now=now, clause="DR-01", words={"name": name})
    return screen, token


def known(token: str) -> bool:
    """True for the token of a screen that was not withdrawn."""
    ours = sa.and_(WallScreen.digest == digest(token), WallScreen.withdrawn_at.is_(None))
    return bool(token) and db.session.scalar(sa.select(WallScreen.id).where(ours)) is not None


def withdraw(screen: WallScreen, *, by: int, now: datetime) -> None:
    """The token opens nothing any more; nothing when it was withdrawn before. Inside a write."""
    if screen.withdrawn_at is None:
        screen.withdrawn_at, screen.withdrawn_by_id = now, by
        history.record(screen, "wall_screen:withdraw", by=by, now=now, clause="DR-01")


def every() -> list[WallScreen]:
    """Every screen, those in use first, the newest before the older."""
    ended = WallScreen.withdrawn_at.is_not(None)
    return list(db.session.scalars(sa.select(WallScreen).order_by(ended, WallScreen.id.desc())))
