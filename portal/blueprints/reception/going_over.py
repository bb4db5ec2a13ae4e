"""Workbooks by which another portal takes visitors or customers over: their phone numbers are whole (RC-20)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from portal import importing, ledgers
from portal.kernel import clock, history
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.ledgers import Stored


def book(kind: importing.Kind, title: str, by: Viewer, gather: Callable[[], Iterable[Stored]]) -> bytes:
    """What `gather` finds, each `thing` of which has a phone; the history says who took how many (RC-20)."""
    with db.write():
        rows = [Stored(one.number, {**one.texts, "phone": one.thing.phone}) for one in gather()]
        history.record(
            importing.File,
            "sheet:export",
            by=by.id,
            now=clock.now(),
            clause="RC-20",
            kind=kind.name,
            count=len(rows),
        )
    return ledgers.book(title, kind.columns(), rows, importing.MOST_LINES)
