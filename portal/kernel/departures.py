"""People who leave the company: from when on, and what is theirs goes to whom; each area hands over what it knows.

From the end of the last day nobody can log in as them any more, and in the same write their open work goes to whoever
the general office named, by the areas' own verbs and with their rules. What a rule forbids, or what nobody else can do
for them, is kept as a line with its reason, for the general office to settle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.exceptions import NotFound

from portal.kernel import accounts, clock, history, numbers, reference, sessions, timers
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Card, Person, Status, Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.todos import Todo
from portal.kernel.workflow import Forbidden, Reason, Refused

CLAUSE = "GO-05"
WAITING = "todo"  # the kind of what no area hands over: it waits for the person
MOST = 1_000  # lines of one departure


class Departure(Model):
    """One person's leaving: ordered, then done or taken back."""

    __tablename__ = "departures"
    __table_args__ = (
        sa.Index(
            "uq_departures_open",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_departures_person", "person_id", "id"),
    )
    history_kind = "departure"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    leaves_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: by command
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done: Mapped[bool] = mapped_column(default=False)  # ended and not done: taken back


class DepartureLine(Model):
    """One matter of a departure: handed over, or left with the reasons why."""

    __tablename__ = "departure_lines"
    __table_args__ = (sa.Index("ix_departure_lines_departure", "departure_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    departure_id: Mapped[int] = mapped_column(sa.ForeignKey("departures.id"))
    kind: Mapped[str] = mapped_column(sa.String(24))
    number: Mapped[str] = mapped_column(sa.String(40))
    address: Mapped[str] = mapped_column(sa.String(200))
    handed: Mapped[bool] = mapped_column()
    reasons: Mapped[str] = mapped_column(
        sa.Text, default="[]"
    )  # JSON: clause, code, what its sentence is given

    @property
    def why(self) -> list[Reason]:
        """Why it was left."""
        return [Reason(clause, code, given) for clause, code, given in json.loads(self.reasons)]


@dataclass(frozen=True)
class Matter:
    """One thing that is a person's: the area's key of it, its number and address, a few words."""

    kind: str
    key: str
    number: str
    address: str
    words: str


@dataclass(frozen=True)
class Belongings:
    """What an area knows to be a person's.

    `open_of(person id, viewer, now)` is a statement made by `line`, of what the viewer may see. `hand_on(key, to, by,
    now, number)` gives one of them to somebody, inside a write; it raises Refused, Forbidden or NotFound, and then it
    has changed nothing. `number` is the departure's, for papers that name what they were done for.
    """

    kind: str
    open_of: Callable[[int, Viewer, datetime], sa.Select[Any]]
    hand_on: Callable[[str, Card, Viewer, datetime, str], None]


# In the order in which they are handed over; an area adds its own, and what people call them.
BELONGINGS: list[Belongings] = []
CAPTIONS: dict[str, Any] = {}


def line(kind: str, key: Any, number: Any, address: Any, words: Any = "") -> sa.Select[Any]:
    """What `open_of` answers, up to its conditions."""
    given = {"key": key, "number": number, "address": address, "words": words}
    columns: Any = [sa.cast(value, sa.String).label(name) for name, value in given.items()]
    asked: sa.Select[Any] = sa.select(sa.literal(kind).label("kind"), *columns)
    return asked


def open_of(person_id: int, viewer: Viewer, now: datetime) -> list[Matter]:
    """Everything that is open in a person's name and the viewer may see, by kind; one statement."""
    asked = [theirs.open_of(person_id, viewer, now) for theirs in BELONGINGS]
    rows = sa.union_all(*asked, _waiting(person_id, viewer)).subquery()
    found = [Matter(*row) for row in db.session.execute(sa.select(rows).limit(MOST))]
    handed = {matter.number for matter in found if matter.kind != WAITING}
    kept = [matter for matter in found if matter.kind != WAITING or matter.number not in handed]
    order = [*(theirs.kind for theirs in BELONGINGS), WAITING]
    return sorted(kept, key=lambda matter: (order.index(matter.kind), matter.number))


def _waiting(person_id: int, viewer: Viewer) -> sa.Select[Any]:
    """What else waits for the person; `words` is the verb. Never what is about the viewer."""
    key = Todo.subject_kind + " " + sa.cast(Todo.subject_id, sa.String)
    theirs = line(WAITING, key, Todo.number, Todo.address, Todo.kind)
    barred = sa.or_(Todo.barred_id.is_(None), Todo.barred_id != viewer.id)
    return theirs.where(Todo.audience == f"person:{person_id}", barred)


def heir_of(person_id: int) -> int | None:
    """Who takes over when nobody is named: a lead of the department, else of the general office; never the person."""
    staff = reference.staff()
    rungs = [
        staff.leads_of(staff.cards[person_id].department),
        staff.holding(Position.OFFICE_DIRECTOR),
        staff.with_role(Role.OFFICE),
    ]
    return next((who for rung in rungs for who in rung if who != person_id), None)


def end_of(day: date) -> datetime:
    """The moment at which a last day is over."""
    return datetime.combine(day + timedelta(days=1), time(), clock.zone())


def latest(person_id: int) -> Departure | None:
    """The departure of a person that is ordered, or the last one that was done or taken back."""
    theirs = sa.select(Departure).where(Departure.person_id == person_id)
    return db.session.scalars(theirs.order_by(Departure.id.desc()).limit(1)).one_or_none()


def lines_of(departure: Departure) -> Sequence[DepartureLine]:
    """What was handed over and what was left."""
    ours = sa.select(DepartureLine).where(DepartureLine.departure_id == departure.id)
    return db.session.scalars(ours.order_by(DepartureLine.handed, DepartureLine.id).limit(MOST)).all()


def tell(person: Person, to: Card, leaves_at: datetime, *, by: int | None, now: datetime) -> Departure:
    """Order a departure. Inside a write; `carry_out` does it when its moment has come. Raises Refused."""
    number = numbers.take("LZ", now)
    accounts.insist_on_others(person)
    reasons = []
    if to.id == person.id or not to.active:
        reasons.append(Reason(CLAUSE, "heir_unfit"))
    if person.status is Status.DEPARTED or _open_one(person.id) is not None:
        reasons.append(Reason(CLAUSE, "departs_already"))
    if reasons:
        raise Refused(reasons)
    made = Departure(
        number=number, person_id=person.id, to_id=to.id, leaves_at=leaves_at, told_at=now, told_by_id=by
    )
    db.session.add(made)
    db.session.flush()
    history.record(person, "person:departs", by=by, now=now, clause=CLAUSE, to_person=to.id, leaves=leaves_at)
    return made


def at_once(person: Person, now: datetime) -> list[DepartureLine]:
    """Somebody is gone, and nobody here said so: what was ordered is done now, else it goes to whom it goes by default.

    What became of each matter; where nobody is there to take over, the person is only locked out. Inside a write.
    Raises Refused.
    """
    ordered = _open_one(person.id)
    if ordered is None:
        heir = heir_of(person.id)
        if heir is None:
            accounts.insist_on_others(person)
            accounts.set_status(person, Status.DEPARTED, by=None, now=now)
            return []
        ordered = tell(person, reference.staff().cards[heir], now, by=None, now=now)
    return carry_out(ordered, now)


def take_back(person: Person, *, by: int, now: datetime) -> None:
    """The person stays after all. Inside a write; Refused when it is done already or was never ordered."""
    ordered = _open_one(person.id)
    if ordered is None:
        raise Refused([Reason(CLAUSE, "departure_over")])
    ordered.ended_at = now
    history.record(person, "person:stays", by=by, now=now, clause=CLAUSE)


def _open_one(person_id: int) -> Departure | None:
    ours = sa.select(Departure).where(Departure.person_id == person_id, Departure.ended_at.is_(None))
    return db.session.scalars(ours.with_for_update()).one_or_none()


def carry_out(departure: Departure, now: datetime) -> list[DepartureLine]:
    """Lock the person out and hand over what is theirs; what became of each matter. Inside a write.

    Done in the name of whoever ordered it, so each area's rules hold as if they had done it one by one.
    """
    history.wait_for_turn()  # of all that is touched here, others may hold parts
    person = db.session.get_one(Person, departure.person_id)
    accounts.insist_on_others(person)
    by, to = _acting(departure), _heir(departure)
    matters = open_of(person.id, by, now)
    accounts.set_status(person, Status.DEPARTED, by=departure.told_by_id, now=now)
    departure.ended_at, departure.done, departure.to_id = now, True, to.id
    handlers = {theirs.kind: theirs.hand_on for theirs in BELONGINGS}
    lines = [
        _line(departure, matter, _hand_on(handlers[matter.kind], matter, to, by, now, departure.number))
        for matter in matters
        if matter.kind != WAITING
    ]
    _put_up_anew(person.id, now)
    # Who looks for an absent person finds the next one above; what still waits for this one, nobody else can do.
    left = [matter for matter in open_of(person.id, by, now) if matter.kind == WAITING]
    told = {row.number for row in lines}
    nobody = [Reason(CLAUSE, "waits_for_departed", {})]
    lines += [_line(departure, matter, nobody) for matter in left if matter.number not in told]
    db.session.add_all(lines)
    db.session.flush()
    handed = sum(row.handed for row in lines)
    history.record(
        person, "person:departed", by=departure.told_by_id, now=now, clause=CLAUSE, to_person=to.id,
        handed=handed, left=len(lines) - handed,
    )  # fmt: skip
    return lines


def _hand_on(hand_on: Callable[..., None], matter: Matter, *given: Any) -> list[Reason]:
    """Nothing when it was handed over, else every reason against it."""
    try:
        hand_on(matter.key, *given)
    except Refused as refused:
        return list(refused.reasons)
    except Forbidden as forbidden:
        return [Reason(forbidden.clause, "not_yours_to_hand_on")]
    except NotFound:
        return [Reason(CLAUSE, "not_yours_to_hand_on")]
    return []


def _line(departure: Departure, matter: Matter, reasons: Iterable[Reason]) -> DepartureLine:
    why = [(reason.clause, reason.code, dict(reason.given)) for reason in reasons]
    return DepartureLine(
        departure_id=departure.id,
        kind=matter.kind,
        number=matter.number[:40],
        address=matter.address[:200],
        handed=not why,
        reasons=json.dumps(why, ensure_ascii=False, default=str),
    )


def _put_up_anew(person_id: int, now: datetime) -> None:
    """Have each subject that waits for the person say anew for whom it waits."""
    theirs = sa.select(Todo.subject_kind, Todo.subject_id).where(Todo.audience == f"person:{person_id}")
    for kind, subject_id in db.session.execute(theirs.distinct().limit(MOST)).all():
        area = timers.WATCHED.get(kind)
        if area is not None and (subject := area.load(subject_id)) is not None:
            area.clocks_moved(subject, now)


def _acting(departure: Departure) -> Viewer:
    """Whoever ordered it, or for a command and for somebody who left since, the general office."""
    staff = reference.staff()
    office = [*staff.holding(Position.OFFICE_DIRECTOR), *staff.with_role(Role.OFFICE)]
    ordered = [departure.told_by_id] if staff.active(departure.told_by_id) else []
    able = [who for who in [*ordered, *office] if who is not None and who != departure.person_id]
    return sessions.person_as_viewer(able[0])


def _heir(departure: Departure) -> Card:
    """Who was named, or, when they have left as well, who would be by default."""
    staff = reference.staff()
    if staff.active(departure.to_id):
        return staff.cards[departure.to_id]
    other = heir_of(departure.person_id)
    return staff.cards[other if other is not None else departure.to_id]


def due(now: datetime) -> Iterator[str]:
    """Carry out what has come due, a write each; a line each."""
    ripe = sa.select(Departure.id).where(Departure.ended_at.is_(None), Departure.leaves_at <= now)
    for departure_id in db.session.scalars(ripe.order_by(Departure.id)).all():
        departure = db.session.get_one(Departure, departure_id)
        try:
            with db.write():
                departure = db.session.get_one(Departure, departure_id, with_for_update=True)
                if departure.ended_at is not None:
                    continue
                lines = carry_out(departure, now)
        except Refused as refused:
            yield f"{departure.number}\tdeparture\tnot done: {refused} ({CLAUSE})"
            continue
        handed = sum(row.handed for row in lines)
        yield f"{departure.number}\tdeparture\t{handed} handed over, {len(lines) - handed} left ({CLAUSE})"


timers.BY_CALENDAR.append(due)
