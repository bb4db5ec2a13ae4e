"""What the books of the desk share: who keeps them, a form sent twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role


def keeps_books(viewer: Viewer) -> bool:
    """True for desk and general office, which write the desk's books."""
    return viewer.role in {Role.DESK, Role.OFFICE}


def reads_books(viewer: Viewer) -> bool:
    """True for those who may read all of the desk's books: its keepers, the desk's own lead, the management."""
    return keeps_books(viewer) or viewer.is_manager or viewer.is_director or ADMINISTRATION in viewer.leads


class SentBefore(Exception):
    """A form that was sent before: what it made then, and whether it said the same."""

    def __init__(self, made: Any, same: bool) -> None:
        self.made, self.same = made, same
        super().__init__(made.number)


def digest(fields: Mapping[str, Any]) -> str:
    """A fingerprint of what a form said."""
    told = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def once(model: Any, by: int, key: str | None, said: str) -> None:
    """Raise SentBefore when this person's form of that key has made something already. Inside a write."""
    if not key:
        return
    same_form = sa.select(model).where(model.created_by_id == by, model.idempotency_key == key)
    if made := db.session.scalars(same_form).one_or_none():
        raise SentBefore(made, made.fields_digest == said)
