"""Who came when, as the handovers' signatures and the sign-ins say; a month of a person and of a department (DR-17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty import heads
from portal.blueprints.duty.attendance import rules
from portal.blueprints.duty.attendance.models import AttendanceMonth, AttendanceSum, SignIn
from portal.blueprints.duty.attendance.rules import Figures, Planned, Presence, Sums, Worked
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.handover.codes import Side
from portal.blueprints.duty.handover.models import Handover, Signature
from portal.blueprints.duty.handover.rules import Seats, seats_of
from portal.blueprints.duty.leave import queries as leaves
from portal.blueprints.duty.rosters.codes import State as RosterState
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import clock, company_calendar, lists, policies, reference
from portal.kernel.calendars import Calendar
from portal.kernel.db import db
from portal.kernel.people import Card, Person, Viewer


def figures(now: datetime) -> Figures:
    """DR-17: the figures in force."""
    starts, ends = (
        datetime.strptime(policies.value(f"attendance.{which}", now), "%H:%M").time()  # noqa: DTZ007  # a time of day
        for which in ("starts", "ends")
    )
    return Figures(
        starts,
        ends,
        Decimal(policies.value("attendance.late_percent", now)),
        Decimal(policies.value("attendance.more_percent", now)),
        policies.number("attendance.more_from", now),
    )


def departments_of(viewer: Viewer) -> list[str]:
    """The departments whose sheet the viewer may read, in the office's order."""
    return [code for code in reference.staff().departments if heads.is_head(viewer, code)]


def may_read(viewer: Viewer, card: Card) -> bool:
    """Everybody reads the own days, a head those of the department."""
    return viewer.id == card.id or heads.is_head(viewer, card.department)


def people_of(department: str) -> list[Card]:
    """Who is on the sheet of a department."""
    cards = (
        card for card in reference.staff().cards.values() if card.active and card.department == department
    )
    return sorted(cards, key=lambda card: card.id)


def closed(month: str, person: int) -> tuple[AttendanceMonth | None, Sums | None]:
    """The month if it is closed, and the sums of somebody as they were then; one statement."""
    row, sums = _closed(month, AttendanceSum.person_id == person)
    return row, sums.get(person)


def _closed(month: str, whose: sa.ColumnElement[bool]) -> tuple[AttendanceMonth | None, dict[int, Sums]]:
    wanted = (
        sa.select(AttendanceMonth, AttendanceSum)
        .outerjoin(AttendanceSum, sa.and_(AttendanceSum.month_id == AttendanceMonth.id, whose))
        .where(AttendanceMonth.month == month, AttendanceMonth.closed_at.is_not(None))
    )
    rows = db.session.execute(wanted).all()
    sums = {
        row.person_id: Sums(row.days, row.late, row.minutes, row.absences, Decimal(row.percent))
        for _month, row in rows
        if row is not None
    }
    return (rows[0][0] if rows else None), sums


@dataclass(frozen=True)
class Ground:
    """What a month's sheet is reckoned from, for all its people at once."""

    planned: dict[int, list[Planned]]
    handed: dict[tuple[int, int], list[Presence]]  # person and shift
    signed: dict[tuple[int, date], Presence]
    counted_from: dict[int, date]
    leaves: dict[int, list[tuple[datetime, datetime]]]
    absences: set[tuple[int, int]]  # person and shift


def of_month(people: Sequence[int], first: date, now: datetime) -> dict[int, list[Worked]]:
    """DR-17: every planned stretch of work of these people in a month, and how they stand to it; five statements."""
    last = rules.after(first) - timedelta(days=1)
    ground = _read(set(people), first, last, now)

    def worked(person: int, planned: Planned) -> Worked:
        handed = ground.handed.get((person, planned.shift_id or 0), [])
        return rules.judge(
            planned,
            rules.seen(planned, ground.signed.get((person, planned.day)), handed),
            now=now,
            counted=planned.day >= ground.counted_from.get(person, date.max),
            # Leave that began later makes nobody punctual who came late before it.
            on_leave=any(since <= planned.begins < until for since, until in ground.leaves[person]),
            away=(person, planned.shift_id) in ground.absences,
        )

    return {person: [worked(person, each) for each in ground.planned[person]] for person in people}


def sums_of(people: Sequence[int], first: date, now: datetime) -> dict[int, Sums]:
    """DR-17: the sums of a month as they stand now."""
    in_force = figures(now)
    return {person: rules.total(rows, in_force) for person, rows in of_month(people, first, now).items()}


def sheet(
    department: str, month: str, first: date, now: datetime
) -> tuple[AttendanceMonth | None, list[Any]]:
    """The month's row, and each person of a department with the sums; of a closed month who belonged to it then, and
    the sums that were fixed."""
    row, sums = _closed(month, AttendanceSum.department == department)
    if row is None:
        sums = sums_of([card.id for card in people_of(department)], first, now)
    cards = reference.staff().cards
    return row, [(cards[person], sums[person]) for person in sorted(sums)]


def _read(people: set[int], first: date, last: date, now: datetime) -> Ground:
    begins, ends = lists.begins(first), lists.begins(last, days_later=1)
    rows = [
        row
        for row in who.shifts(begins, ends, Roster.starts_on, Roster.ends_on)
        if begins <= row.starts_at < ends
    ]
    shifts, rosters = seats_of(rows), sorted({(row.starts_on, row.ends_on) for row in rows})
    calendar = company_calendar.current()
    office = _office_days(first, last, calendar, figures(now))
    turns = leaves.turns_of(first, last)
    seats: dict[tuple[Any, ...], int] = {
        (each.post_id, each.kind_id, each.starts_at): each.id for each in shifts
    }

    def turned(what: str) -> dict[tuple[int, int], datetime]:
        """Person and shift -> when."""
        found = ((each, seats.get((each.post_id, each.kind_id, each.starts_at))) for each in turns)
        return {(each.person_id, its): each.since for each, its in found if each.what == what and its}

    away: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in turns:
        if each.what == "leave":
            away[each.person_id].append((each.since, each.until))
    gave, took = turned("gave"), turned("took")
    return Ground(
        planned={
            person: _planned(rules.own_shifts(person, shifts, gave, took), rosters, office)
            for person in people
        },
        handed=_handed(shifts, begins, ends),
        signed=_signed(people, first, last),
        counted_from=_counted_from(people),
        leaves=away,
        absences=set(turned("absence")),
    )


def _planned(
    shifts: Iterable[tuple[int, datetime, datetime]],
    rosters: Sequence[tuple[date, date]],
    office: Sequence[Planned],
) -> list[Planned]:
    """Whoever has a shift in a roster works by it as long as it reaches, on all other days by the office's hours."""
    own = [Planned(clock.local(begins).date(), begins, ends, shift) for shift, begins, ends in shifts]
    theirs = [span for span in rosters if any(span[0] <= each.day <= span[1] for each in own)]
    others = [each for each in office if not any(begins <= each.day <= ends for begins, ends in theirs)]
    return sorted([*own, *others], key=lambda each: each.begins)


def _office_days(first: date, last: date, calendar: Calendar, in_force: Figures) -> list[Planned]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    every = (rules.office_day(day, calendar.spans(day), in_force, clock.zone()) for day in days)
    return [each for each in every if each is not None]


def _handed(
    shifts: Sequence[Seats], begins: datetime, ends: datetime
) -> dict[tuple[int, int], list[Presence]]:
    """What the signatures say: the incoming side came, the outgoing side left (DR-10).

    Who has the only seat of a shift came with the first act at the handover, before the signature.
    """
    alone = {seats.id: seats.people[0] for seats in shifts if len(seats.people) == 1}
    columns = (
        Handover.incoming_id, Handover.outgoing_id, Handover.relieved_at, Signature.side, Signature.person_id,
        Signature.at,
    )  # fmt: skip
    around = Handover.changes_at.between(begins, ends + timedelta(days=1))
    rows = sa.select(*columns).outerjoin(Signature, Signature.handover_id == Handover.id).where(around)
    found: dict[tuple[int, int], list[Presence]] = defaultdict(list)
    for incoming, outgoing, relieved_at, side, person, at in db.session.execute(rows):
        if incoming in alone and relieved_at:
            found[alone[incoming], incoming].append(Presence(came_at=relieved_at))
        if side is Side.INCOMING:
            found[person, incoming].append(Presence(came_at=at))
        elif side is Side.OUTGOING:
            found[person, outgoing].append(Presence(left_at=at))
    return found


def _signed(people: Collection[int], first: date, last: date) -> dict[tuple[int, date], Presence]:
    ours = sa.and_(SignIn.person_id.in_(people), SignIn.day.between(first, last))
    rows = sa.select(SignIn).where(ours).order_by(SignIn.round)
    return {  # the last round overwrites the others
        (row.person_id, row.day): Presence(row.came_at, row.left_at, row.excused, by_word=row.round > 0)
        for row in db.session.scalars(rows)
    }


def _counted_from(people: Collection[int]) -> dict[int, date]:
    """Nobody is absent before they were here, nor before the company began to sign in at all."""
    began = sa.select(sa.func.min(SignIn.day)).scalar_subquery()
    rows = sa.select(Person.id, Person.created_at, began).where(Person.id.in_(people))
    return {
        person: max(clock.local(created).date(), first)
        for person, created, first in db.session.execute(rows)
        if first is not None
    }


def of_day(person_id: int, day: date) -> list[SignIn]:
    """The sign-in of one day and every correction of it, oldest first."""
    ours = sa.and_(SignIn.person_id == person_id, SignIn.day == day)
    return list(db.session.scalars(sa.select(SignIn).where(ours).order_by(SignIn.round)))


def next_touch(person_id: int, now: datetime) -> str:
    """DR-17: what one touch does for this person now, see `rules.next_touch`; one statement."""
    today = clock.local(now).date()
    around = sa.and_(Roster.state != RosterState.DRAFT, Roster.starts_on <= today, Roster.ends_on >= today)
    rostered = sa.exists().where(Shift.person_id == person_id, Shift.roster_id == Roster.id, around)
    own = (SignIn.person_id == person_id, SignIn.day == today, SignIn.round == 0)
    came = sa.exists().where(*own)
    left = sa.exists().where(*own, SignIn.left_at.is_not(None))
    row = db.session.execute(
        sa.select(rostered.label("rostered"), came.label("came"), left.label("left"))
    ).one()
    office = rules.office_day(today, company_calendar.current().spans(today), figures(now), clock.zone())
    return rules.next_touch(office, now, rostered=row.rostered, came=row.came, left=row.left)


def corrections(person_id: int, first: date) -> Sequence[SignIn]:
    """Every correction of a month, the newest first."""
    ours = sa.and_(
        SignIn.person_id == person_id, SignIn.round > 0, SignIn.day >= first, SignIn.day < rules.after(first)
    )
    return db.session.scalars(sa.select(SignIn).where(ours).order_by(SignIn.id.desc())).all()
