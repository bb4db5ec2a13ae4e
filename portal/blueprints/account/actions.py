"""What happens at the login and in one's own settings; each inside a write."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from portal.kernel import history, sessions
from portal.kernel.db import db
from portal.kernel.identities import Provider
from portal.kernel.people import Person, Status
from portal.signin import step
from portal.signin.passwords import Proof


def log_in(proof: Proof, agent: str, now: datetime) -> str | None:
    """A new session's key; None when the account was locked or its password changed since it was compared.

    Who comes by the directory is brought in step with it first; Barred when it says that they may not.
    """
    if proof.entry is not None:
        arrived = step.arrived(proof.entry, Provider.LDAP, current_app.config["SETTINGS"], now)
        return enter(arrived, agent, now, via=Provider.LDAP)
    person = db.session.get(Person, proof.person_id)
    if person is None or person.status is not Status.ACTIVE or person.password != proof.compared:
        return None
    return enter(person, agent, now)


def enter(person: Person, agent: str, now: datetime, via: Provider | None = None) -> str:
    """Begin a session of somebody who proved who they are; its key."""
    key = sessions.begin(person.id, agent, now)
    sessions.forget_failures(person.username)
    history.record(person, "person:logged_in", by=person.id, now=now, via=via)
    return key


def note_failure(person_id: int | None, username: str, address: str, now: datetime) -> None:
    """Count a login that failed; the history remembers those of accounts that exist."""
    sessions.count_failure(username, address, now)
    if person_id is not None:
        history.record(db.session.get_one(Person, person_id), "person:login_failed", by=None, now=now)


def prefer(person_id: int, **chosen: str) -> None:
    """Keep a person's language or colours; no edit of the person, so no version moves."""
    db.session.execute(sa.update(Person).where(Person.id == person_id).values(**chosen))
