"""Who is logged in: rows in the database; the cookie holds only a random key. Failed logins are counted here too."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import browsers, login_steps, notice_board, reference
from portal.kernel.db import Model, UTCDateTime, db, insert, reader
from portal.kernel.history import Head
from portal.kernel.inbox import Notice
from portal.kernel.people import Person, Status, Viewer
from portal.kernel.reference import Reference
from portal.kernel.rights import Position, Role
from portal.kernel.second_factor import SecondFactor

# OWASP's minimum for argon2id.
HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$TCclGMCcNkoXP5hw/o+Vz4dhs1QxPzJZJxYtAFhbg2I"
SEEN_AT_MOST_EVERY = timedelta(minutes=1)
MOST_SHOWN = 50

# Failed tries within the window: tight for one account, loose for one address (a whole office may share it).
WINDOW = timedelta(minutes=5)
PER_ACCOUNT = 5
PER_ADDRESS = 50
EXPORTS = 60  # lists that one person may take out within the window; more is a program, or somebody who copies it all


class Session(Model):
    """One login on one browser."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column("key_digest", sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agent: Mapped[str] = mapped_column(sa.String(200), default="")


class Tally(Model):
    """How often something happened within one window: failed logins of an account or an address, lists taken out.

    The key says of what (`account …`, `address …`, `exports …`). The table bears the name of the first of them.
    """

    __tablename__ = "login_failures"

    key: Mapped[str] = mapped_column(sa.String(200), primary_key=True)
    window: Mapped[datetime] = mapped_column("window_start", UTCDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


def digest(key: str) -> str:
    """What the database keeps of a session's key: reading the table logs nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


def hash_password(password: str) -> str:
    """An argon2id hash; slow on purpose, never call it inside a write."""
    return HASHER.hash(password)


def verify_password(stored: str, password: str) -> bool:
    """True when the password fits; takes as long when there is none to compare with."""
    try:
        return HASHER.verify(stored or NOBODY, password) and bool(stored)
    except (Argon2Error, InvalidHashError):
        return False


def begin(person_id: int, agent: str, now: datetime) -> str:
    """A new session and its key. Inside a write."""
    key = secrets.token_urlsafe(32)
    db.session.add(
        Session(key=digest(key), person_id=person_id, started_at=now, seen_at=now, agent=agent[:200])
    )
    return key


def renew(session_id: int) -> str:
    """A new key for a session, once its person has shown who they are: the old one opens nothing. Inside a write."""
    key = secrets.token_urlsafe(32)
    db.session.execute(sa.update(Session).where(Session.id == session_id).values(key=digest(key)))
    return key


def end(session_id: int) -> None:
    """End one session. Inside a write."""
    db.session.execute(sa.delete(Session).where(Session.id == session_id))


def of_person(person_id: int, now: datetime) -> Sequence[Session]:
    """Where a person is logged in, the last seen first; what time has ended is left out."""
    settings = current_app.config["SETTINGS"]
    longest = timedelta(hours=settings.session_hours)
    statement = sa.select(Session).where(
        Session.person_id == person_id,
        Session.seen_at >= now - timedelta(minutes=settings.idle_minutes),
        Session.started_at.between(now - longest, now + longest),
    )
    return db.session.scalars(statement.order_by(Session.seen_at.desc()).limit(MOST_SHOWN)).all()


def end_all_of(person_id: int, but: int | None = None) -> None:
    """End every session of a person (but one): after a new password, new rights, disabling. Inside a write."""
    login_steps.forget_of(person_id)
    statement = sa.delete(Session).where(Session.person_id == person_id)
    db.session.execute(statement if but is None else statement.where(Session.id != but))


def forget_old(now: datetime) -> int:
    """Delete the sessions and counters that time has ended; how many. Inside a write."""
    settings = current_app.config["SETTINGS"]
    old = sa.or_(
        Session.seen_at < now - timedelta(minutes=settings.idle_minutes),
        Session.started_at < now - timedelta(hours=settings.session_hours),
        Session.started_at > now + timedelta(hours=settings.session_hours),
    )
    gone = db.session.execute(sa.delete(Session).where(old).returning(Session.id)).all()
    db.session.execute(sa.delete(Tally).where(Tally.window < now - 2 * WINDOW))
    login_steps.forget_old(now)
    browsers.forget_old(now)
    return len(gone)


@cache
def _who() -> sa.Select[Any]:
    """Session, person, generation, pulse, unread messages and notices, made once: every request asks it first.

    Plain columns, because through the mapped classes the same row takes twice as long.
    """
    sess, person, notice = Session.__table__.c, Person.__table__.c, Notice.__table__.c
    second = sa.exists().where(SecondFactor.__table__.c.person_id == person.id)
    unread = (
        sa.select(sa.func.count())
        .where(notice.person_id == person.id, notice.read_at.is_(None))
        .correlate(Person.__table__)  # a subquery of its own would count everybody's
    )
    on_board = notice_board.unread(person.id, sa.bindparam("now", type_=UTCDateTime())).correlate(
        Person.__table__
    )
    return (
        sa.select(
            sess.id,
            sess.started_at,
            sess.seen_at,
            person.id,
            person.username,
            person.name,
            person.role,
            person.department,
            person.rank,
            person.locale,
            person.theme,
            person.must_change,
            sa.select(Reference.__table__.c.generation).scalar_subquery(),
            sa.select(Head.__table__.c.last_id).scalar_subquery(),
            unread.scalar_subquery(),
            on_board.scalar_subquery(),
            second.correlate(Person.__table__),
        )
        .join_from(Session.__table__, Person.__table__, person.id == sess.person_id)
        .where(sess.key_digest == sa.bindparam("key"), person.status == Status.ACTIVE)
    )


def viewer(key: str, now: datetime) -> tuple[Viewer, datetime] | None:
    """The person behind a session's key and when they were last seen, in one statement; None when it has ended.

    So has one that begins as far in the future: the clock was set back, and it would stay open until that has come.
    """
    # On the connection: through the session's own door the same row takes a third longer.
    found = reader().execute(_who(), {"key": digest(key), "now": now}).one_or_none()
    if found is None:
        return None
    session_id, started_at, seen_at, *person, generation, pulse, unread_count, on_board, second = found
    settings = current_app.config["SETTINGS"]
    if now - seen_at > timedelta(minutes=settings.idle_minutes):
        return None
    if abs(now - started_at) > timedelta(hours=settings.session_hours):
        return None
    return Viewer(*person, session_id, generation, pulse, unread_count, on_board, bool(second)), seen_at


def seat(who: Viewer) -> None:
    """Add the positions that the viewer holds, from the reference data."""
    seats = reference.kept(f"seats of {who.id}", lambda: _seats(who.id))
    who.leads, who.supervises, who.is_manager, who.is_director = seats


def _seats(person_id: int) -> tuple[frozenset[str], frozenset[str], bool, bool]:
    staff = reference.staff()
    return (
        staff.led_by(person_id),
        staff.supervised_by(person_id),
        staff.holds(person_id, Position.GENERAL_MANAGER),
        staff.holds(person_id, Position.OFFICE_DIRECTOR),
    )


def person_as_viewer(person_id: int) -> Viewer:
    """The viewer a command or a worker acts as on behalf of a person."""
    card = reference.staff().cards[person_id]
    who = Viewer(
        card.id,
        card.username,
        card.name,
        Role(card.role),
        card.department,
        card.rank,
        "",
        "",
        False,
        0,
        0,
        0,
        0,
        0,
    )
    seat(who)
    return who


def saw(session_id: int, seen_at: datetime, now: datetime) -> None:
    """Move `seen_at`, at most once a minute, in a short write of its own after the answer was made.

    Back, too, when the clock was set back: nobody would be idle until it has caught up.
    """
    if abs(now - seen_at) < SEEN_AT_MOST_EVERY:
        return
    with db.write():
        other = sa.or_(Session.seen_at < now, Session.seen_at >= now + SEEN_AT_MOST_EVERY)
        moved = sa.update(Session).where(Session.id == session_id, other)
        db.session.execute(moved.values(seen_at=now))


# -- throttling ---------------------------------------------------------------------------------------------------


def _window(now: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def throttled(username: str, address: str, now: datetime) -> bool:
    """True when this account or this address has failed too often of late."""
    keys = {f"account {username.casefold()[:150]}": PER_ACCOUNT, f"address {address[:150]}": PER_ADDRESS}
    since = _window(now)
    rows = db.session.execute(
        sa.select(Tally.key, Tally.count).where(Tally.key.in_(keys), Tally.window == since)
    )
    return any(count >= keys[key] for key, count in rows)


def count_failure(username: str, address: str, now: datetime) -> None:
    """Count one failed login. Inside a write of its own: it must outlive the refusal."""
    for key in (f"account {username.casefold()[:150]}", f"address {address[:150]}"):
        _count(key, now)


def may_export(person_id: int, now: datetime) -> bool:
    """Count one list that a person takes out; False beyond EXPORTS. Inside a write of its own."""
    return _count(f"exports {person_id}", now) <= EXPORTS


def _count(key: str, now: datetime) -> int:
    """Count one more under a key; how many within the window."""
    one_more = (
        insert(Tally)
        .values(key=key, window=_window(now), count=1)
        .on_conflict_do_update(index_elements=["key", "window_start"], set_={"count": Tally.count + 1})
    )
    count: int = db.session.execute(one_more.returning(Tally.count)).scalar_one()
    return count


def forget_failures(username: str) -> None:
    """A login that worked, or the office, clears the account's count. Inside a write."""
    db.session.execute(sa.delete(Tally).where(Tally.key == f"account {username.casefold()[:150]}"))


def shut_out(now: datetime) -> frozenset[str]:
    """The user names, in small letters, that have failed too often of late and cannot log in for a while."""
    often = sa.and_(
        Tally.key.startswith("account "), Tally.window == _window(now), Tally.count >= PER_ACCOUNT
    )
    keys = db.session.scalars(sa.select(Tally.key).where(often))
    return frozenset(key.removeprefix("account ") for key in keys)
