"""What is overdue of the service standards, on the day of the lead whose department owes it (PG-14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.phrases.standards import queries
from portal.blueprints.phrases.standards.models import Due
from portal.kernel import clock, documents, lists, reference, timers, todos
from portal.kernel.db import db, insert
from portal.kernel.documents import Current
from portal.kernel.todos import Todo

TODO = "standard-due"


def follow(now: datetime) -> Iterator[str]:
    """PG-14: put up what has become overdue, and take down what was looked at or is in force no more."""
    today = clock.local(now).date()
    chapters = {current.code: current for current in documents.in_force(queries.KIND, today)}
    overdue = queries.overdue(list(chapters.values()), queries.last_looks(), today)
    if fresh := sorted(overdue - queries.dues().keys()):
        with db.write():
            rows = [{"code": code, "department": department} for code, department in fresh]
            db.session.execute(insert(Due.__table__).values(rows).on_conflict_do_nothing())
    known = queries.dues()
    there = _there()
    for key, due in sorted(known.items()):
        if (key in overdue) == (due.id in there):
            continue
        with db.write():
            put_up(key, chapters.get(key[0]) if key in overdue else None, now)
        yield f"{due.number}\tstandard\t{due.department}: {'overdue' if key in overdue else 'looked at'} (PG-14)"


def _there() -> set[int]:
    return set(db.session.scalars(sa.select(Todo.subject_id).where(Todo.subject_kind == Due.history_kind)))


def put_up(key: tuple[str, str], overdue: Current | None, now: datetime) -> None:
    """Make a chapter wait for the lead of a department, or for nobody. Inside a write; locks the row it is about."""
    code, department = key
    wanted_row = sa.select(Due).where(Due.code == code, Due.department == department).with_for_update()
    due = db.session.scalars(wanted_row).one_or_none()
    if due is None:
        return
    wanted = []
    if overdue is not None:
        audience = f"lead:{department}" if reference.staff().leads_of(department) else "office"
        wanted.append(todos.Wanted(TODO, audience, lists.begins(clock.local(now).date())))
    title = overdue.body["title"] if overdue else ""
    todos.replace(due, wanted, now=now, title=title[:120], address=f"/phrases/standards/{code}")


timers.BY_CALENDAR.append(follow)
