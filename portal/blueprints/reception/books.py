"""What the books of the desk share: who keeps them, a form sent twice, the history of an entry as it is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal import telling
from portal.blueprints.reception.codes import ADMINISTRATION
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import history
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

BAD = frozenset({"clock:overdue", "parcel:return"})


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


def timeline(subject: Any, most: int = 100) -> list[dict[str, Any]]:
    """The history of an entry, newest first, as `shared/_timeline.html` draws it; one statement."""
    line, text = history.Line, history.Text
    rows = (
        sa.select(line.at, line.by_id, line.event, line.clause, line.details, text.words)
        .outerjoin(text, text.line_id == line.id)
        .where(line.subject_kind == subject.history_kind, line.subject_id == subject.id)
        .order_by(line.id.desc())
        .limit(most)
    )
    return [
        {
            "what": str(telling.EVENTS[event]),
            "who": name_of(by_id) if by_id else _("The portal"),
            "at": at,
            "clause": clause,
            "tone": "bad" if event in BAD else "",
            "told": telling.pairs(
                subject.history_kind, json.loads(details), json.loads(words) if words else {}
            ),
        }
        for at, by_id, event, clause, details, words in db.session.execute(rows)
    ]
