"""What happens at the login and in one's own settings; each inside a write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from portal.kernel import browsers, history, login_steps, second_factor, sessions
from portal.kernel.db import db
from portal.kernel.identities import Provider
from portal.kernel.people import Person, Status
from portal.signin import step
from portal.signin.passwords import Proof


@dataclass(frozen=True)
class Visitor:
    """The browser that somebody logs in with: what it calls itself, and the key by which it is known again."""

    agent: str
    browser: str


@dataclass(frozen=True)
class Entry:
    """A login: the key of its session, or of the step at which a code is still asked for; and what a code cost.

    `via` is where the person proved who they are, when it was not here.
    """

    session: str = ""
    step: str = ""
    codes_left: int | None = None
    via: Provider | None = None


def log_in(proof: Proof, visitor: Visitor, now: datetime) -> Entry | None:
    """Let somebody in whose password fits; None when the account was locked or its password changed meanwhile.

    Barred when it was a one-time password whose time is over. Who comes by the directory is brought in step with it
    first; Barred when it says that they may not.
    """
    if proof.entry is not None:
        arrived = step.arrived(proof.entry, Provider.LDAP, current_app.config["SETTINGS"], now)
        return enter(arrived, visitor, now, via=Provider.LDAP)
    person = db.session.get(Person, proof.person_id)
    if person is None or person.status is not Status.ACTIVE or person.password != proof.compared:
        return None
    if person.password_until is not None and person.password_until < now:
        raise step.Barred("one_time_over")
    return enter(person, visitor, now)


def enter(person: Person, visitor: Visitor, now: datetime, via: Provider | None = None) -> Entry:
    """What every way of logging in ends with: a session, or the question for the second factor's code.

    The login service asks for a second factor of its own, and its word counts: no code is asked for after it.
    """
    if via is not Provider.OIDC and second_factor.state_of(person.id) is not None:
        return Entry(step=login_steps.begin(person.id, now, via=via or ""), via=via)
    return _begin(person, visitor, now, via)


def finish(key: str, typed: str, visitor: Visitor, now: datetime) -> Entry | None:
    """A session for whoever typed a code that fits after the password; None when it does not, or the time is over."""
    waiting = login_steps.find(key, now)
    person = db.session.get(Person, waiting.person_id) if waiting is not None else None
    if waiting is None or person is None or person.status is not Status.ACTIVE:
        return None
    used = second_factor.use(person, typed, now)
    if used is None or not login_steps.take(key, now):
        return None
    via = Provider(waiting.via) if waiting.via else None
    return replace(_begin(person, visitor, now, via), codes_left=used.codes_left)


def _begin(person: Person, visitor: Visitor, now: datetime, via: Provider | None) -> Entry:
    key = sessions.begin(person.id, visitor.agent, now)
    # Only now: whoever knows the password alone must not get new tries at the code by typing it again.
    sessions.forget_failures(person.username)
    history.record(person, "person:logged_in", by=person.id, now=now, via=via)
    browsers.met(person, visitor.browser, now)
    return Entry(session=key, via=via)


def end_session(person_id: int, session_id: int, *, by: int, now: datetime) -> None:
    """Log a person out of one browser, from another."""
    sessions.end(session_id)
    history.record(db.session.get_one(Person, person_id), "person:sessions_ended", by=by, now=now)


def end_other_sessions(person_id: int, *, but: int, now: datetime) -> None:
    """Log a person out everywhere else."""
    sessions.end_all_of(person_id, but=but)
    history.record(db.session.get_one(Person, person_id), "person:sessions_ended", by=person_id, now=now)


def note_failure(person_id: int | None, username: str, address: str, now: datetime) -> None:
    """Count a login that failed; the history remembers those of accounts that exist."""
    sessions.count_failure(username, address, now)
    if person_id is not None:
        history.record(db.session.get_one(Person, person_id), "person:login_failed", by=None, now=now)


def prefer(person_id: int, **chosen: str) -> None:
    """Keep a person's language or colours; no edit of the person, so no version moves."""
    db.session.execute(sa.update(Person).where(Person.id == person_id).values(**chosen))
