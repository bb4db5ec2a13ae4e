"""What people do with phrases: use one, keep one at hand, propose that one goes; each inside a write (PG-03, GO-01)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.phrases.library import queries
from portal.blueprints.phrases.library.models import Favourite, PhraseUse
from portal.kernel import clock, documents
from portal.kernel.db import db, insert
from portal.kernel.documents import Current, Version
from portal.kernel.documents.models import Document
from portal.kernel.people import Viewer
from portal.kernel.workflow import Reason, Refused


def use(phrase_id: int, *, by: Viewer, now: datetime) -> None:
    """PG-03: one more use by this person today; one statement."""
    row = {
        "person_id": by.id,
        "document_id": phrase_id,
        "day": clock.local(now).date(),
        "times": 1,
        "last_at": now,
    }
    table = PhraseUse.__table__
    db.session.execute(
        insert(table)
        .values(**row)
        .on_conflict_do_update(
            index_elements=["person_id", "document_id", "day"],
            set_={"times": table.c.times + 1, "last_at": now},
        )
    )


def keep(phrase_id: int, on: bool, *, by: Viewer, now: datetime) -> None:
    """A favourite, or none any more; said twice it stays so."""
    if on:
        made = insert(Favourite.__table__).values(person_id=by.id, document_id=phrase_id, at=now)
        db.session.execute(made.on_conflict_do_nothing())
    else:
        db.session.execute(
            sa.delete(Favourite).where(Favourite.person_id == by.id, Favourite.document_id == phrase_id)
        )


def withdraw(current: Current, *, reason: str, by: Viewer, now: datetime) -> Version:
    """GO-01: a draft that takes the phrase out of force, once; another person of the general office decides on it."""
    # Two who withdraw it at once queue at the document.
    db.session.execute(sa.select(Document.id).where(Document.id == current.document_id).with_for_update())
    if current.code in queries.leaving():
        raise Refused([Reason("GO-01", "phrase_leaves_already")])
    return documents.propose(
        queries.KIND, current.code, current.body, reason=reason, by=by, now=now, withdraws=True
    )
