"""Everybody in step with the company's directory: who is new, who changed, who left. By command, and once a night."""

from __future__ import annotations

import enum
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from portal.kernel import accounts, clock, departures, identities, jobs, reference, timers
from portal.kernel.db import db
from portal.kernel.identities import Identity, Provider
from portal.kernel.people import Person, Status
from portal.kernel.workflow import Refused
from portal.signin import mapping, step
from portal.signin.directory import Directory
from portal.signin.mapping import Entry
from portal.signin.settings import SigninSettings

log = logging.getLogger(__name__)
JOB = "people.sync"
FROM_HOUR = 3  # of company time: nobody is about, and yesterday's leavers are out before the day begins


class Doing(enum.StrEnum):
    ADD = "added"
    LINK = "linked with the directory"
    CHANGE = "changed"
    RETURN = "let in again"
    LEAVE = "departed"
    SKIP = "left out"


@dataclass(frozen=True)
class Act:
    """One thing to do, or not to do, about one person."""

    username: str
    doing: Doing
    why: str = ""
    person_id: int | None = None
    entry: Entry | None = None

    def __str__(self) -> str:
        return f"{self.username}: {self.doing}{f': {self.why}' if self.why else ''}"


def compare(*, adopt: bool = False) -> list[Act]:
    """What would bring everybody in step; nothing is changed. Unreachable; ValueError where no directory is set.

    With `adopt` an account that is linked with nobody takes the entry of its user name; otherwise it stays local.
    """
    settings = _settings()
    if not settings.ldap_url:
        raise ValueError("no directory is set up: set PORTAL_LDAP_URL")
    entries = Directory(settings).everybody()
    known = {identity.subject: (identity, person) for identity, person in identities.every(Provider.LDAP)}
    acts: list[Act] = []
    for entry in entries:
        if entry.subject in known:
            acts += _of_known(entry, *known[entry.subject], settings)
        elif act := _of_new(entry, settings, adopt=adopt):
            acts.append(act)
    there = {entry.subject for entry in entries}
    acts += [
        Act(person.username, Doing.LEAVE, "the directory has them no more", person.id)
        for subject, (_, person) in known.items()
        if subject not in there and person.status is Status.ACTIVE
    ]
    db.session.rollback()
    return sorted(acts, key=lambda act: act.username)


def _of_known(entry: Entry, identity: Identity, person: Person, settings: SigninSettings) -> Iterator[Act]:
    try:
        fields = step.changes(person, entry, Provider.LDAP, settings)
    except step.Barred:
        if person.status is Status.ACTIVE:
            yield Act(person.username, Doing.LEAVE, "none of their groups has a role", person.id, entry)
        return
    if person.status is Status.DEPARTED and identity.gone_at is not None:
        yield Act(person.username, Doing.RETURN, "the directory has them again", person.id, entry)
    elif person.status is Status.ACTIVE and fields:
        yield Act(person.username, Doing.CHANGE, ", ".join(fields), person.id, entry)


def _of_new(entry: Entry, settings: SigninSettings, *, adopt: bool) -> Act | None:
    """Make an account, link the one that bears the name, or say why neither; None for whom the portal is not for."""
    username = mapping.username_of(entry)
    if username and (card := reference.staff().by_username(username)):
        if adopt:
            return Act(username, Doing.LINK, person_id=card.id, entry=entry)
        return Act(username, Doing.SKIP, "an account of that name is not linked; --adopt links it")
    wanted = mapping.wanted(entry, step.mapping_of(settings, Provider.LDAP), reference.staff().departments)
    if not settings.ldap_provision or wanted.against == "no_role":
        return None  # nor is it told of computers and services, which Active Directory takes for users
    if not username:
        return Act(entry.username[:80], Doing.SKIP, "such a user name cannot be used")
    if wanted.against:
        return Act(username, Doing.SKIP, f"unknown department {'、'.join(entry.departments)[:80]}")
    return Act(username, Doing.ADD, f"{wanted.fields['role']} of {wanted.fields['department']}", entry=entry)


def insist(acts: Sequence[Act], *, force: bool) -> None:
    """ValueError when more than a third of those in the directory would be locked out, unless that is meant."""
    leaving = [act for act in acts if act.doing is Doing.LEAVE]
    linked = sum(person.status is Status.ACTIVE for _, person in identities.every(Provider.LDAP))
    db.session.rollback()
    if not force and mapping.too_many(leaving, linked):
        raise ValueError(
            f"{len(leaving)} of {linked} people would be locked out; nothing was done. "
            "Look at PORTAL_LDAP_USER_FILTER, PORTAL_LDAP_BASE and PORTAL_LDAP_ROLES, or give --force"
        )


def carry_out(acts: Sequence[Act]) -> Iterator[str]:
    """Do each act in a write of its own; a line for each, also for what could not be done."""
    for act in acts:
        why = ""
        if act.doing is not Doing.SKIP:
            try:
                with db.write():
                    why = _do(act, _settings(), clock.now())
            except step.Barred as barred:
                why = f"not done: {barred.code}"
            except Refused:
                why = "not done: nobody else of the general office could log in"
        yield f"{act}; {why}" if why else str(act)


def _do(act: Act, settings: SigninSettings, now: datetime) -> str:
    """What more is to be told of it than the act itself. Inside a write."""
    if act.person_id is None:
        if act.entry is not None:
            made = step.make(act.entry, Provider.LDAP, settings, now)
            step.linked(made, act.entry, Provider.LDAP, settings, by=None, now=now)
        return ""
    person = db.session.get_one(Person, act.person_id)
    if act.doing is Doing.LEAVE:
        return _leave(person, now)
    if act.entry is None:
        return ""
    if act.doing is Doing.LINK:
        step.linked(person, act.entry, Provider.LDAP, settings, by=None, now=now)
    if act.doing is Doing.RETURN:
        _identity(person).gone_at = None
        accounts.set_status(person, Status.ACTIVE, by=None, now=now)
    step.follow(person, act.entry, Provider.LDAP, settings, now)
    return ""


def _leave(person: Person, now: datetime) -> str:
    """As if the general office had said so: what is open in their name goes to whoever takes over."""
    if person.status is not Status.ACTIVE:
        return ""
    _identity(person).gone_at = now
    lines = departures.at_once(person, now)
    handed = sum(row.handed for row in lines)
    return f"{handed} handed over, {len(lines) - handed} left" if lines else ""


def _identity(person: Person) -> Identity:
    return next(known for known in identities.of(person.id) if known.provider is Provider.LDAP)


def _settings() -> SigninSettings:
    found: SigninSettings = current_app.config["SETTINGS"]
    return found


# -- once a night ---------------------------------------------------------------------------------------------------


def ask_nightly(now: datetime) -> Iterator[str]:
    """Have a worker compare everybody, once a day however many workers there are."""
    if not _settings().ldap_url or clock.local(now).hour < FROM_HOUR:
        return
    day = clock.local(now).date().isoformat()
    if jobs.find(JOB, day) is None:
        with db.write():
            jobs.ask(JOB, day, by=None, now=now)
        yield f"{day}: a comparison with the directory is asked for"


def _nightly(_given: dict[str, Any]) -> str:
    acts = compare()
    insist(acts, force=False)
    done = 0
    for line in carry_out(acts):
        log.info("directory: %s", line)
        done += 1
    return f"{done} acts"


jobs.WORK[JOB] = _nightly
timers.BY_CALENDAR.append(ask_nightly)
