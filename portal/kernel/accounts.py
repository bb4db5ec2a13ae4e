"""Persons as accounts: made, locked, given a one-time password; used by commands and the office's pages alike."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.kernel import history, pinyin, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Department, Person, Status
from portal.kernel.rights import Rank, Role
from portal.kernel.workflow import Reason, Refused

# Without 0 O 1 l I, for it is read aloud and typed.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_LASTS = timedelta(days=7)  # a slip of paper that nobody used must not open for ever


def one_time_password() -> str:
    """A first password, to be changed at the first login."""
    return "-".join("".join(secrets.choice(SIGNS) for _ in range(4)) for _ in range(3))


def find(username: str) -> Person:
    """The person of that user name; LookupError when there is none."""
    person = db.session.scalars(sa.select(Person).where(Person.username == username)).one_or_none()
    if person is None:
        raise LookupError(f"there is nobody of the user name {username}")
    return person


def create(
    username: str,
    *,
    name: str,
    role: Role,
    department: str,
    hashed: str,
    by: int | None,
    now: datetime,
    must_change: bool = True,
    rank: Rank = Rank.STAFF,
    **more: str,
) -> Person:
    """Add a person. Inside a write; `hashed` was made before it. ValueError when name or department will not do."""
    if db.session.scalar(sa.select(Person.id).where(Person.username == username)) is not None:
        raise ValueError(f"the user name {username} is taken")
    if db.session.get(Department, department) is None:
        raise ValueError(f"there is no department {department}")
    person = Person(
        username=username,
        name=name,
        role=role,
        department=department,
        rank=rank,
        password=hashed,
        must_change=must_change,
        password_until=now + ONE_TIME_LASTS if must_change and hashed else None,
        pinyin=more.pop("pinyin", "") or pinyin.readings(name),
        created_at=now,
        **more,
    )
    db.session.add(person)
    db.session.flush()
    history.record(
        person, "person:create", by=by, now=now, role=role, department=department, words={"name": name}
    )
    reference.changed()
    return person


RIGHTS = {"role", "department", "rank"}


def edit(person: Person, *, by: int | None, now: datetime, **fields: Any) -> list[str]:
    """Change a person's record; new rights end their sessions. The names of the fields that changed. Inside a write.

    Refused when nobody would be left in the general office (GO-05).
    """
    if (
        fields.get("name", person.name) != person.name
        and fields.get("pinyin", person.pinyin) == person.pinyin
    ):
        fields["pinyin"] = ""  # the old reading belongs to the old name
    fields["pinyin"] = fields.get("pinyin", person.pinyin) or pinyin.readings(fields.get("name", person.name))
    changed = [name for name, value in fields.items() if getattr(person, name) != value]
    if not changed:
        return []
    if "role" in changed:
        insist_on_others(person)
    was = {f"was {name}": str(getattr(person, name)) for name in changed}
    for name in changed:
        setattr(person, name, fields[name])
    if RIGHTS & set(changed):
        sessions.end_all_of(person.id)
    history.record(person, "person:edit", by=by, now=now, fields=changed, words=was)
    reference.changed()
    return changed


def set_status(person: Person, status: Status, *, by: int | None, now: datetime) -> None:
    """Lock a person out, or let them in again; a locked one's sessions end at once. Inside a write."""
    was, person.status = person.status, status
    if status is not Status.ACTIVE:
        sessions.end_all_of(person.id)
    history.record(person, "person:status", by=by, now=now, status=status, was=was)
    reference.changed()


def insist_on_others(person: Person) -> None:
    """The general office is never left without anybody who can log in (GO-05). Inside a write; raises Refused."""
    if person.role is not Role.OFFICE:
        return
    others = sa.select(Person.id).where(
        Person.role == Role.OFFICE, Person.status == Status.ACTIVE, Person.id != person.id
    )
    # Locked, so that two who lock each other out at the same moment do not both succeed.
    if not db.session.scalars(others.with_for_update()).all():
        raise Refused([Reason("GO-05", "last_office")])


def set_password(
    person: Person, hashed: str, *, must_change: bool, by: int | None, now: datetime, keep: int | None = None
) -> None:
    """A new password, good for a week when it must be changed; every other session ends. Inside a write."""
    person.password, person.must_change = hashed, must_change
    person.password_until = now + ONE_TIME_LASTS if must_change else None
    sessions.end_all_of(person.id, but=keep)
    history.record(person, "person:password", by=by, now=now, one_time=must_change or None)


class TooManyTries(Exception):
    """Somebody typed a wrong password too often of late."""


# Who knows a person's password when it is not kept here: True or False as it fits, None for those it does not know.
# Asked outside a write. May raise Unreachable.
ELSEWHERE: list[Callable[[int, str], bool | None]] = []


class Unreachable(ConnectionError):
    """Whoever knows the password does not answer; the message says why, for the log."""


def fits(person_id: int, stored: str, password: str) -> bool:
    """True when the password is the person's, wherever it is known. Outside a write. Unreachable."""
    for ask in ELSEWHERE:
        if (answer := ask(person_id, password)) is not None:
            return answer
    return sessions.verify_password(stored, password)


def confirmed(person_id: int, password: str, address: str, now: datetime) -> bool:
    """True when this is the person's own password: how a person signs. Counted as a failed login when it is not.

    Outside a write, for it takes its time. Raises TooManyTries.
    """
    username = reference.staff().cards[person_id].username
    if sessions.throttled(username, address, now):
        raise TooManyTries(username)
    stored = db.session.scalar(
        sa.select(Person.password).where(Person.id == person_id, Person.status == Status.ACTIVE)
    )
    db.session.rollback()  # nobody should wait for this reader
    if stored is not None and fits(person_id, stored, password):
        return True
    with db.write():
        sessions.count_failure(username, address, now)
        history.record(db.session.get_one(Person, person_id), "person:login_failed", by=None, now=now)
    return False
