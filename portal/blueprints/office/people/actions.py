"""What happens to a person's record; each inside a write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.kernel import accounts, history, pinyin, reference, sessions
from portal.kernel.people import Person, Status

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
    if "role" in changed:
        accounts.insist_on_others(person)
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
    if status is not Status.ACTIVE:
        accounts.insist_on_others(person)
    accounts.set_status(person, status, by=by, now=now)
