"""People, policies, routing, calendar: read by every request, changed seldom, kept per process.

A generation number moves with each change of them and is read together with the session, so a change made by any
process shows in every other with its next request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, current_app, g, has_request_context
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, db
from portal.kernel.people import Card, Department, Holder, Person, Seat, Staff

T = TypeVar("T")


class Reference(Model):
    """One row: the generation of all reference data."""

    __tablename__ = "reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(default=1)


class Shelf:
    """What this process has read of one generation."""

    def __init__(self) -> None:
        self.generation = -1
        self.kept: dict[str, Any] = {}
        self.lock = threading.Lock()


def init_app(app: Flask) -> None:
    """Give the application an empty shelf."""
    app.extensions["reference"] = Shelf()


def changed() -> None:
    """Say, inside the write, that reference data changed: every process reads it anew."""
    db.session.flush()
    db.session.execute(sa.update(Reference).values(generation=Reference.generation + 1))
    forget()  # inside this very write the shelf would still show the old figures
    db.afterwards(_forget_what_this_request_saw)


def forget() -> None:
    """Read everything anew: what this process read inside a write holds no more once that was taken back."""
    shelf: Shelf = current_app.extensions["reference"]
    shelf.generation = -1
    _forget_what_this_request_saw()


def _forget_what_this_request_saw() -> None:
    db.session().info.pop("generation", None)
    if has_request_context():
        g.pop("generation", None)


def kept(name: str, read: Callable[[], T], of: object = None) -> T:
    """What `read` answered in this generation, read at most once by this process.

    What holds for a day only is kept `of` that day; another one takes its place, so that nothing piles up.
    """
    shelf: Shelf = current_app.extensions["reference"]
    generation = _generation()
    with shelf.lock:
        if shelf.generation != generation:
            shelf.generation, shelf.kept = generation, {}
        held, found = shelf.kept.get(name, (None, None))
        if name in shelf.kept and held == of:
            return cast(T, found)
    fresh = read()
    with shelf.lock:
        if shelf.generation == generation:
            shelf.kept[name] = of, fresh
    return fresh


def _generation() -> int:
    # Each look through the proxy takes a while, and a page asks twenty times.
    known: int | None = g._get_current_object().get("generation") if has_request_context() else None
    if known is not None:
        return known
    info = db.session().info
    if "generation" in info:
        seen: int = info["generation"]
        return seen
    number = db.session.execute(sa.select(Reference.generation)).scalar() or 0
    if has_request_context():
        g.generation = number
    elif info.get("writing"):
        info["generation"] = number  # gone with the end of the write: a sweep asks a hundred times in one
    return number


def staff() -> Staff:
    """Everybody and every position."""
    return kept("staff", _read_staff)


def _read_staff() -> Staff:
    columns = (
        Person.id,
        Person.username,
        Person.name,
        Person.name_en,
        Person.role,
        Person.department,
        Person.rank,
        Person.status,
        Person.email,
        Person.pinyin,
        Person.phone,
    )
    people = db.session.execute(sa.select(*columns).order_by(Person.id))
    seats = db.session.execute(
        sa.select(Holder.position, Holder.department, Holder.person_id, Holder.deputy_id)
    )
    departments = db.session.execute(
        sa.select(Department.code, Department.name, Department.name_en).order_by(
            Department.order, Department.code
        )
    )
    return Staff(
        cards={row[0]: Card(*tuple(row)) for row in people},
        seats={(position, code): Seat(position, code, *who) for position, code, *who in seats},
        departments={code: (name, name_en or name) for code, name, name_en in departments},
    )
