"""Departments, persons, the positions they hold, and the viewer of a request."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime, short
from portal.kernel.rights import May, Position, Rank, Role, allowed


class Status(enum.StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    DEPARTED = "departed"


class Department(Model):
    """A department, known by its code."""

    __tablename__ = "departments"

    code: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)
    order: Mapped[int] = mapped_column("sort_order", default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Person(Model):
    """Somebody who can log in, or once could."""

    __tablename__ = "people"
    history_kind = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80), default="")
    pinyin: Mapped[str] = mapped_column(
        sa.String(160), default=""
    )  # full and initials, editable: surnames mislead
    role: Mapped[Role] = mapped_column(short(Role))
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), index=True)
    rank: Mapped[Rank] = mapped_column(short(Rank), default=Rank.STAFF)
    status: Mapped[Status] = mapped_column(short(Status), default=Status.ACTIVE)
    email: Mapped[str] = mapped_column(sa.String(160), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    password: Mapped[str] = mapped_column(sa.String(200), default="")  # argon2, or empty: no local password
    must_change: Mapped[bool] = mapped_column(default=False)
    password_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # of a one-time password
    locale: Mapped[str] = mapped_column(sa.String(16), default="")
    theme: Mapped[str] = mapped_column(sa.String(8), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Holder(Model):
    """Who holds a position, for a department or (empty) for the company, and who stands in."""

    __tablename__ = "positions"
    __table_args__ = (sa.UniqueConstraint("position", "department"),)
    history_kind = "position"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[Position] = mapped_column(short(Position))
    department: Mapped[str] = mapped_column(sa.String(24), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    deputy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


@dataclass(frozen=True)
class Card:
    """What everybody may know of a person; kept per process, see `reference`."""

    id: int
    username: str
    name: str
    name_en: str
    role: Role
    department: str
    rank: Rank
    status: Status
    email: str
    pinyin: str
    phone: str = ""

    @property
    def active(self) -> bool:
        return self.status is Status.ACTIVE


@dataclass(frozen=True)
class Seat:
    """One position: its holder and deputy by person id; None when empty."""

    position: Position
    department: str
    person_id: int | None
    deputy_id: int | None


@dataclass(frozen=True)
class Staff:
    """Everybody and every position, as one immutable picture."""

    cards: dict[int, Card]
    seats: dict[tuple[Position, str], Seat]
    departments: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # code -> names, Chinese and English

    def by_username(self, username: str) -> Card | None:
        """The person of that user name, or None."""
        return self._by_username.get(username)

    @cached_property
    def _by_username(self) -> dict[str, Card]:
        return {card.username: card for card in self.cards.values()}

    def active(self, person_id: int | None) -> bool:
        """True when that person is there to act."""
        return person_id is not None and person_id in self.cards and self.cards[person_id].active

    def holding(self, position: Position, department: str = "") -> list[int]:
        """Holder and deputy of a position who are there to act, holder first; empty when the seat is vacant."""
        seat = self.seats.get((position, department))
        return (
            [i for i in (seat.person_id, seat.deputy_id) if i is not None and self.active(i)] if seat else []
        )

    def with_role(self, role: Role) -> list[int]:
        """Everybody active in a role, by id."""
        return sorted(card.id for card in self.cards.values() if card.role is role and card.active)

    def leads_of(self, department: str) -> list[int]:
        """Lead (and deputy) of a department: the named holders, else its active leads by role."""
        named = self.holding(Position.LEAD, department)
        return named or [
            c.id
            for c in self.cards.values()
            if c.role is Role.LEAD and c.department == department and c.active
        ]

    def led_by(self, person_id: int) -> frozenset[str]:
        """Departments this person leads or deputises for."""
        card = self.cards[person_id]
        own = {card.department} if card.role is Role.LEAD else set()
        named = {
            seat.department
            for seat in self.seats.values()
            if seat.position is Position.LEAD and person_id in (seat.person_id, seat.deputy_id)
        }
        return frozenset(own | named)

    def supervised_by(self, person_id: int) -> frozenset[str]:
        """Departments in which this person is supervisor or deputises."""
        seats = [s for s in self.seats.values() if s.position is Position.SUPERVISOR]
        return frozenset(s.department for s in seats if person_id in (s.person_id, s.deputy_id))

    def holds(self, person_id: int, position: Position, department: str = "") -> bool:
        """True when the person holds the position or deputises in it."""
        seat = self.seats.get((position, department))
        return seat is not None and person_id in (seat.person_id, seat.deputy_id)

    def climb(self, rungs: list[list[int]], barred: int | None = None) -> tuple[list[int], bool]:
        """The first rung with somebody on it, leaving out `barred`; True when a lower rung was empty."""
        for height, rung in enumerate(rungs):
            if people := [i for i in rung if i != barred]:
                return people, height > 0
        return [], True


@dataclass
class Viewer(UserMixin):
    """The person behind a request, read in one statement with the session."""

    id: int
    username: str
    name: str
    role: Role
    department: str
    rank: Rank
    locale: str
    theme: str
    must_change: bool
    session_id: int
    generation: int  # of the reference data
    pulse: int  # the last line of history: moves with every recorded change
    unread: int
    on_board: int  # notices of the board still to read
    second_factor: bool = False  # has one set up
    leads: frozenset[str] = frozenset()
    supervises: frozenset[str] = frozenset()
    is_manager: bool = False  # general manager, or the deputy
    is_director: bool = False  # general-office director, or the deputy

    def get_id(self) -> str:
        return str(self.session_id)

    def may(self, what: May) -> bool:
        """True when the role grants the right."""
        return allowed(self.role, what)

    @cached_property
    def audiences(self) -> tuple[str, ...]:
        """The names under which something may wait for this person; see `todos`."""
        names = [f"person:{self.id}"]
        if self.role in {Role.DESK, Role.OFFICE}:
            names.append("desk")
        if self.role is Role.OFFICE:
            names.append("office")
        if self.is_manager:
            names.append("manager")
        if self.is_director:
            names.append("director")
        names += [f"lead:{code}" for code in sorted(self.leads)]
        return (*names, *(f"supervisor:{code}" for code in sorted(self.supervises)))


# Who acts where the calendar alone does. It is nobody: history names no person, and a workflow's table must name the
# portal itself for a verb that it may do.
PORTAL = Viewer(
    id=None,  # type: ignore[arg-type]  # nobody
    username="",
    name="",
    role=Role.EMPLOYEE,
    department="",
    rank=Rank.STAFF,
    locale="",
    theme="",
    must_change=False,
    session_id=0,
    generation=0,
    pulse=0,
    unread=0,
    on_board=0,
)
