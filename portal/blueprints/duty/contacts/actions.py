"""What the desk and the general office do to contacts; each inside a write (DR-15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.duty.contacts.models import Contact
from portal.kernel import history
from portal.kernel.db import db


def add(*, by: int, now: datetime, **fields: Any) -> Contact:
    """Somebody more to call."""
    made = Contact(**fields, changed_at=now, changed_by_id=by)
    db.session.add(made)
    db.session.flush()
    _record(made, "contact:create", by, now, {"company": made.company, "phone": made.phone})
    return made


def edit(contact: Contact, *, by: int, now: datetime, **fields: Any) -> None:
    """Another number, name or contract, or retired; what stood before stays in the history."""
    changed = [name for name, value in fields.items() if getattr(contact, name) != value]
    if not changed:
        return
    was = {f"was {name}": str(getattr(contact, name)) for name in changed if name not in {"active", "system"}}
    retires = contact.active and not fields["active"]
    for name in changed:
        setattr(contact, name, fields[name])
    contact.changed_at, contact.changed_by_id = now, by
    event = "contact:retire" if retires else "contact:edit"
    _record(contact, event, by, now, {"company": contact.company} | was, fields=changed)


def _record(contact: Contact, event: str, by: int, now: datetime, words: dict[str, str], **more: Any) -> None:
    history.record(contact, event, by=by, now=now, clause="DR-15", system=contact.system, words=words, **more)
