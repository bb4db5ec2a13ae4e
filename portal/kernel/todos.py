"""What waits for whom: one table, written with the change, read by *my day*, the rail's counts and the handover."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import reference
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role


class Todo(Model):
    """One open matter; gone when done, for history remembers. `audience` is `person:7`, `desk`, `lead:tech`, `office`…"""

    __tablename__ = "todos"
    __table_args__ = (
        sa.UniqueConstraint("subject_kind", "subject_id", "kind", "audience"),
        sa.Index("ix_todos_audience", "audience", "urgent", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    number: Mapped[str] = mapped_column(sa.String(24))
    kind: Mapped[str] = mapped_column(sa.String(24))  # the verb that is awaited
    audience: Mapped[str] = mapped_column(sa.String(40))
    barred_id: Mapped[int | None] = mapped_column()  # who must not see it, although of the audience
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    address: Mapped[str] = mapped_column(sa.String(200))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    urgent: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Wanted:
    """A matter that should be waiting: which verb, for whom, until when."""

    kind: str
    audience: str
    due_at: datetime | None = None
    due_from: datetime | None = None


def forget_words(subject: Any, naming: Callable[[str], bool] | None = None) -> None:
    """Open matters of a subject keep their number only; with `naming` those whose title it is true of. Inside a write."""
    for todo in _open(subject):
        if naming is None or naming(todo.title):
            todo.title = ""


def replace(
    subject: Any,
    wanted: Iterable[Wanted],
    *,
    now: datetime,
    title: str,
    address: str,
    urgent: bool = False,
    barred_id: int | None = None,
    fresh: bool = False,
) -> None:
    """Make the open matters of a subject be exactly these; ones that stay keep the time since when they wait.

    `fresh` says that the subject is new in this very write, so that none can be there.
    """
    there = {} if fresh else {(todo.kind, todo.audience): todo for todo in _open(subject)}
    new = []
    for want in wanted:
        told = {
            "number": subject.number,
            "title": title,
            "address": f"{address}?do={want.kind}",
            "due_at": want.due_at,
            "due_from": want.due_from,
            "urgent": urgent,
            "barred_id": barred_id,
        }
        if todo := there.pop((want.kind, want.audience), None):
            for name, value in told.items():
                setattr(todo, name, value)
        else:
            new.append(
                {
                    "subject_kind": subject.history_kind,
                    "subject_id": subject.id,
                    "kind": want.kind,
                    "audience": want.audience,
                    "since": now,
                    **told,
                }
            )
    for done in there.values():
        db.session.delete(done)
    db.session.flush()
    if new:
        db.session.connection().execute(_NEW, new)


def _open(subject: Any) -> Iterable[Todo]:
    ours = sa.and_(Todo.subject_kind == subject.history_kind, Todo.subject_id == subject.id)
    return db.session.scalars(sa.select(Todo).where(ours))


_NEW = sa.insert(Todo.__table__)  # type: ignore[arg-type]  # it is a table


@dataclass(frozen=True)
class Matter:
    """One subject and every act on it that waits for a viewer, the most urgent first, each once."""

    acts: tuple[Todo, ...]

    @property
    def first(self) -> Todo:
        """The act that is due first; its time left is the matter's."""
        return self.acts[0]

    @property
    def since(self) -> datetime:
        """Since when something on it has been waiting."""
        return min(act.since for act in self.acts)


def waiting_for(viewer: Viewer, most: int = 100, *, own_at: datetime | None = None) -> list[Matter]:
    """What waits for the viewer, a subject once: urgent first, then by the time of the act that is due first.

    `own_at` leaves out what others do first, see `left_to_others`: theirs is only what nobody did by its time.
    """
    mine, subject = _reach(viewer), (Todo.subject_kind, Todo.subject_id, Todo.urgent)
    if own_at is not None:
        mine = sa.and_(mine, sa.not_(_left_to_others(viewer, own_at)))
    due, oldest = sa.func.min(Todo.due_at), sa.func.min(Todo.id)
    first = (
        sa.select(*subject, due.label("due_at"), oldest.label("id"))
        .where(mine)
        .group_by(*subject)
        .order_by(Todo.urgent.desc(), due.is_(None), due, oldest)
        .limit(most)
        .subquery()
    )
    same = sa.and_(Todo.subject_kind == first.c.subject_kind, Todo.subject_id == first.c.subject_id)
    order = (first.c.urgent.desc(), first.c.due_at.is_(None), first.c.due_at, first.c.id)
    acts = sa.select(Todo).join(first, same).where(mine)
    rows = db.session.scalars(acts.order_by(*order, Todo.due_at.is_(None), Todo.due_at, Todo.id))
    return [Matter(_each_once(these)) for _, these in groupby(rows, lambda t: (t.subject_kind, t.subject_id))]


def left_to_others(viewer: Viewer, now: datetime) -> int:
    """How many subjects wait for people whose work the viewer could do as well, and are not overdue."""
    theirs = sa.and_(_reach(viewer), _left_to_others(viewer, now))
    subjects = sa.select(Todo.subject_kind, Todo.subject_id).where(theirs).distinct().subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(subjects)) or 0


def _left_to_others(viewer: Viewer, now: datetime) -> sa.ColumnElement[bool]:
    """The general office may do what the desk does; as long as there is somebody at the desk, it is the desk's."""
    if viewer.role is not Role.OFFICE or not reference.staff().with_role(Role.DESK):
        return sa.false()
    return sa.and_(Todo.audience == "desk", sa.or_(Todo.due_at.is_(None), Todo.due_at > now))


def _each_once(acts: Iterable[Todo]) -> tuple[Todo, ...]:
    """One act may wait for two audiences that are the same person: the first of them counts."""
    kinds: dict[str, Todo] = {}
    for act in acts:
        kinds.setdefault(act.kind, act)
    return tuple(kinds.values())


def _reach(viewer: Viewer) -> sa.ColumnElement[bool]:
    return sa.and_(
        Todo.audience.in_(viewer.audiences), sa.or_(Todo.barred_id.is_(None), Todo.barred_id != viewer.id)
    )
