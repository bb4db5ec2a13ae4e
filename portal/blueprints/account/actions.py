"""What happens at the login and in one's own settings; each inside a write."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from portal.kernel import history, sessions
from portal.kernel.db import db
from portal.kernel.people import Person, Status


def log_in(person_id: int, compared: str, agent: str, now: datetime) -> str | None:
    """A new session's key; None when the account was locked or its password changed since it was compared."""
    person = db.session.get(Person, person_id)
    if person is None or person.status is not Status.ACTIVE or person.password != compared:
        return None
    key = sessions.begin(person.id, agent, now)
    sessions.forget_failures(person.username)
    history.record(person, "person:logged_in", by=person.id, now=now)
    return key


def note_failure(person_id: int | None, username: str, address: str, now: datetime) -> None:
    """Count a login that failed; the history remembers those of accounts that exist."""
    sessions.count_failure(username, address, now)
    if person_id is not None:
        history.record(db.session.get_one(Person, person_id), "person:login_failed", by=None, now=now)


def prefer(person_id: int, **chosen: str) -> None:
    """Keep a person's language or colours; no edit of the person, so no version moves."""
    db.session.execute(sa.update(Person).where(Person.id == person_id).values(**chosen))
