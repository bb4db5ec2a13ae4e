"""What happens to a person's record; each inside a write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel import accounts, history, pinyin, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import Role
from portal.kernel.workflow import Reason, Refused

EDITABLE = ("name", "name_en", "pinyin", "role", "department", "rank", "email", "phone")
RIGHTS = {"role", "department", "rank"}


def edit(person: Person, *, by: int, now: datetime, **fields: Any) -> list[str]:
    """Change a person's record; new rights end their sessions. The names of the fields that changed."""
    if fields.get("name", person.name) != person.name and fields.get("pinyin") == person.pinyin:
        fields["pinyin"] = ""  # the old reading belongs to the old name
    fields["pinyin"] = fields.get("pinyin") or pinyin.readings(fields.get("name", person.name))
    changed = [name for name in EDITABLE if name in fields and getattr(person, name) != fields[name]]
    if not changed:
        return []
    if "role" in changed and person.role is Role.OFFICE:
        _not_the_last(person)
    was = {f"was {name}": str(getattr(person, name)) for name in changed}
    for name in changed:
        setattr(person, name, fields[name])
    if RIGHTS & set(changed):
        sessions.end_all_of(person.id)
    history.record(person, "person:edit", by=by, now=now, fields=changed, words=was)
    reference.changed()
    return changed


def set_status(person: Person, status: Status, *, by: int, now: datetime) -> None:
    """Lock a person out, or let them in again; the general office is never left without anybody."""
    if person.status is status:
        return
    if status is not Status.ACTIVE and person.role is Role.OFFICE:
        _not_the_last(person)
    accounts.set_status(person, status, by=by, now=now)


def _not_the_last(person: Person) -> None:
    others = sa.select(Person.id).where(
        Person.role == Role.OFFICE, Person.status == Status.ACTIVE, Person.id != person.id
    )
    # Locked, so that two who lock each other out at the same moment do not both succeed.
    if not db.session.scalars(others.with_for_update()).all():
        raise Refused([Reason("GO-05", "last_office")])
