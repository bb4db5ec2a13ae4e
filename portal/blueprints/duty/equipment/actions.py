"""What the office does to the ledger; each inside a write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.duty.equipment.models import Equipment
from portal.kernel import history, reference
from portal.kernel.db import db
from portal.kernel.digests import fields_digest


def add(*, by: int, now: datetime, idempotency_key: str | None = None, **fields: Any) -> Equipment:
    """DR-13: another piece of equipment, with whoever answers for it."""
    made = Equipment(
        created_at=now,
        created_by_id=by,
        idempotency_key=idempotency_key,
        fields_digest=fields_digest(fields),
        **fields,
    )
    db.session.add(made)
    db.session.flush()
    reference.changed()
    history.record(
        made, "equipment:create", by=by, now=now, clause="DR-13", code=made.code, system=made.system,
        responsible=made.responsible_id, important=made.important or None, words={"title": made.name},
    )  # fmt: skip
    return made


def edit(thing: Equipment, *, by: int, now: datetime, **fields: Any) -> None:
    """Other words, another person, in use or not; the code stays. Nothing is written where nothing changed."""
    changed = [name for name, value in fields.items() if getattr(thing, name) != value]
    if not changed:
        return
    was = {f"was {name}": str(getattr(thing, name)) for name in changed}
    for name in changed:
        setattr(thing, name, fields[name])
    reference.changed()
    history.record(
        thing, "equipment:edit", by=by, now=now, clause="DR-13", code=thing.code, fields=changed, words=was
    )
