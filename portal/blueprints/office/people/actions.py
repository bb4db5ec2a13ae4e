"""What happens to a person's record; each inside a write."""

from __future__ import annotations

from datetime import datetime

from portal.kernel import accounts
from portal.kernel.people import Person, Status

EDITABLE = ("name", "name_en", "pinyin", "role", "department", "rank", "email", "phone")
edit = accounts.edit


def set_status(person: Person, status: Status, *, by: int, now: datetime) -> None:
    """Lock a person out, or let them in again; the general office is never left without anybody."""
    if person.status is status:
        return
    if status is not Status.ACTIVE:
        accounts.insist_on_others(person)
    accounts.set_status(person, status, by=by, now=now)
