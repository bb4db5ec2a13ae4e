"""Whose password that is: kept here, or known to the company's directory. Outside a write, for both take their time."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import current_app

from portal.kernel import accounts, identities, sessions
from portal.kernel.db import db
from portal.kernel.identities import Identity, Provider
from portal.kernel.people import Person, Status
from portal.signin import step
from portal.signin.directory import Directory
from portal.signin.mapping import Entry
from portal.signin.settings import SigninSettings


@dataclass(frozen=True)
class Proof:
    """A password that fitted: the person's own, `compared` with what is kept here, or the directory's `entry`."""

    person_id: int | None
    compared: str = ""
    entry: Entry | None = None


@dataclass(frozen=True)
class Account:
    """What the login compares with."""

    id: int
    password: str
    active: bool
    in_directory: bool = False
    here: bool = True  # the password kept here opens


def account(username: str) -> Account | None:
    """The account of a user name, small letters or not; None when there is none."""
    columns = sa.select(Person.id, Person.password, Person.status)
    named = columns.where(Person.username.in_({username, username.lower()}))
    found = db.session.execute(named.order_by(Person.id)).first()
    if found is None:
        return None
    person_id, password, status = found
    known = _known_elsewhere(person_id)
    return Account(
        person_id,
        password,
        status is Status.ACTIVE,
        in_directory=any(one.provider is Provider.LDAP for one in known),
        here=all(one.local for one in known),
    )


def prove(username: str, password: str) -> tuple[Account | None, Proof | None]:
    """The account that was meant, and the proof when the password fits. Raises Unreachable.

    Who belongs to the directory is asked there; the password kept here counts for them only where the general office
    said so, and then first, so that it opens while the directory is away. A local account is never looked up there:
    somebody else may bear that name.
    """
    found, settings = account(username), _settings()
    db.session.rollback()  # nobody should wait for this reader
    if found is None or found.here or not settings.ldap_url:
        stored = found.password if found and found.active and found.here else ""
        if sessions.verify_password(stored, password):
            return found, Proof(found.id if found else None, compared=stored)
    asked = settings.ldap_url and (found is None or (found.in_directory and found.active))
    if asked and (entry := Directory(settings).check(username, password)):
        return found, Proof(found.id if found else None, entry=entry)
    return found, None


def of_directory(person_id: int, password: str) -> bool | None:
    """What `accounts.ELSEWHERE` asks: None for those whose password is kept here. Raises Unreachable."""
    settings = _settings()
    if not settings.ldap_url:
        return None
    known = [one for one in _known_elsewhere(person_id) if one.provider is Provider.LDAP]
    if not known:
        return None
    person = db.session.get_one(Person, person_id)
    username, stored, subject = person.username, person.password, known[0].subject
    db.session.rollback()
    if known[0].local and sessions.verify_password(stored, password):
        return True
    entry = Directory(settings).check(username, password)
    return entry is not None and entry.subject == subject


accounts.ELSEWHERE.append(of_directory)


def _known_elsewhere(person_id: int) -> list[Identity]:
    """Where a person is known, of the providers that are asked; no statement while none is."""
    asked = step.configured(_settings())
    return [one for one in identities.of(person_id) if one.provider in asked] if asked else []


def _settings() -> SigninSettings:
    found: SigninSettings = current_app.config["SETTINGS"]
    return found
