"""The demo's rosters: last month's closed, this month's published, a draft of the coming one with wishes and flaws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.posts import actions as ground
from portal.blueprints.duty.posts.codes import DayKind
from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.blueprints.duty.posts.rules import day_kind, needs_manager, span
from portal.blueprints.duty.rosters import actions, picture
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.blueprints.duty.rosters.problem import Cell, days_from
from portal.kernel import accounts, clock, company_calendar, history, numbers, reference
from portal.kernel.calendars import Calendar
from portal.kernel.db import db
from portal.kernel.people import Viewer

AHEAD = timedelta(days=10)  # how far the published rosters reach at least
KINDS = (("early", "早班", "Early", "早", "07:00", "15:00"), ("late", "晚班", "Late", "晚", "15:00", "23:00"),
         ("night", "夜班", "Night", "夜", "23:00", "07:00"))  # fmt: skip
DESK, GUARDS = ("desk1", "desk2"), ("dong.hai", "shi.lan", "he.min", "tang.yue")
MANAGERS = (
    "lead.admin",
    "lead.tech",
    "lead.impl",
    "lead.market",
    "gm",
)  # on holidays and special days (DR-06)
EARLY, LATE, NIGHT = range(len(KINDS))
USUAL = {
    "least_week_minutes": 20 * 60, "most_week_minutes": 44 * 60, "least_in_a_row": 1, "most_in_a_row": 6,
    "least_days_off": 1, "most_weekends": 4,
}  # fmt: skip
# How long people may work where it differs from the usual.
LIMITS: dict[str, dict[str, int]] = {
    **{name: {"most_weekends": 2} for name in DESK},
    "emp.admin": {"least_week_minutes": 0, "most_week_minutes": 24 * 60, "most_in_a_row": 3, "most_weekends": 1},
    **{name: {"least_week_minutes": 0, "most_week_minutes": 16 * 60, "most_in_a_row": 3} for name in MANAGERS},
}  # fmt: skip
# Who wishes what on which day of the month: a kind of shift, any (None), or to be off.
WISHES: tuple[tuple[str, int, int | None, bool], ...] = (
    ("desk1", 6, None, False), ("desk2", 7, EARLY, True), ("dong.hai", 12, None, False), ("he.min", 13, NIGHT, True),
    ("shi.lan", 18, None, False), ("shi.lan", 19, None, False), ("tang.yue", 22, EARLY, True),
    ("emp.admin", 9, None, True),
)  # fmt: skip
BIG_VISIT = "大型客户来访，增派管理人员"
Named = Mapping[tuple[str, date], tuple[str, int]]  # who, day -> code of the post, place of the kind


def plan(now: datetime, office: Viewer) -> dict[int, Post]:
    """Posts, kinds, needs, people and the rosters; the posts by their ids. Inside a write."""
    posts = {post.code: post for post in _posts()}
    kinds = [
        ShiftKind(
            code=code, name=name, name_en=english, letter=letter, starts=starts, ends=ends, break_minutes=30, order=place
        )
        for place, (code, name, english, letter, starts, ends) in enumerate(KINDS)
    ]  # fmt: skip
    db.session.add_all([*posts.values(), *kinds])
    db.session.flush()
    people = {name: accounts.find(name).id for name in (*DESK, *GUARDS, "emp.admin", *MANAGERS)}
    _needs(posts, kinds, people, office.id, now - timedelta(days=60))
    reference.changed()
    calendar, today = company_calendar.current(), clock.local(now).date()
    months = [_month(today.replace(day=1) - timedelta(days=1)), _month(today)]
    while months[-1][-1] < today + AHEAD:
        months.append(_month(months[-1][-1] + timedelta(days=1)))
    for days in months:
        _stored(days, _cells(days, calendar), posts, kinds, people, office.id, now)
    days = _month(months[-1][-1] + timedelta(days=1))
    _draft(days, calendar, posts, kinds, people, office, now)
    return {post.id: post for post in posts.values()}


def _posts() -> list[Post]:
    desk = Post(
        code="front-desk", name="前台", name_en="Front desk", department="admin", phone="8001", order=1
    )
    guard = Post(code="guard", name="门卫", name_en="Guard", department="admin", phone="8110", order=2)
    guard.around_the_clock = True
    return [desk, guard]


def _needs(
    posts: Mapping[str, Post], kinds: list[ShiftKind], people: Mapping[str, int], by: int, then: datetime
) -> None:
    """The desk from early to late on workdays, one on holidays; the guards around the clock; who may do what."""
    desk, guard = posts["front-desk"], posts["guard"]
    working = {(kind.id, sort): 1 for kind in kinds[:NIGHT] for sort in (DayKind.WORKDAY, DayKind.MAKE_UP)}
    ground.need(desk, working | {(kinds[EARLY].id, DayKind.HOLIDAY): 1}, by=by, now=then)
    ground.need(guard, {(kind.id, sort): 1 for kind in kinds for sort in DayKind}, by=by, now=then)
    for name, who in people.items():
        post = guard if name in GUARDS else desk
        ground.qualify(post, who, None, None, by=by, now=then)
        ground.limit(who, None, by=by, now=then, **USUAL | LIMITS.get(name, {}))


def _at(day: date, wall: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(wall), clock.zone()).astimezone(UTC)


def _month(day: date) -> tuple[date, ...]:
    first = day.replace(day=1)
    return days_from(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _cells(days: tuple[date, ...], calendar: Calendar) -> dict[tuple[str, date], tuple[str, int]]:
    """Who works when: the desk on workdays, early and late by weeks that begin on Sunday; the guards early, late,
    night and a day off; a manager where one is needed (DR-06)."""
    found: dict[tuple[str, date], tuple[str, int]] = {}
    for day in days:
        week = (day + timedelta(days=1)).isocalendar().week
        manager = MANAGERS[day.toordinal() % len(MANAGERS)]
        at_work = day_kind(day, calendar) in (DayKind.WORKDAY, DayKind.MAKE_UP)
        for place in (EARLY, LATE) if at_work else ():
            found[DESK[(week + place) % 2], day] = ("front-desk", place)
        if needs_manager(day, calendar, special=False):
            found[manager, day] = ("front-desk", EARLY)
        for place, name in enumerate(GUARDS):
            turn = (day.toordinal() + place) % len(GUARDS)
            if turn < len(KINDS):
                found[name, day] = ("guard", turn)
    return found


def _stored(
    days: tuple[date, ...],
    cells: Named,
    posts: Mapping[str, Post],
    kinds: list[ShiftKind],
    people: Mapping[str, int],
    office: int,
    now: datetime,
) -> None:
    """A roster as it was published ten days before it began, and closed when it was over."""
    then = min(_at(days[0] - timedelta(days=10), "10:00"), now - timedelta(days=1))
    over = days[-1] < clock.local(now).date()
    roster = Roster(
        number=numbers.take("PB", then), starts_on=days[0], ends_on=days[-1],
        state=State.CLOSED if over else State.PUBLISHED, state_since=then, created_at=then, created_by_id=office,
        published_at=then, published_by_id=office,
    )  # fmt: skip
    db.session.add(roster)
    db.session.flush()
    span_: dict[str, Any] = {"starts": str(days[0]), "ends": str(days[-1])}
    history.record(roster, "roster:begin", by=office, now=then - timedelta(hours=3), clause="DR-01", **span_)
    history.record(roster, "roster:publish", by=office, now=then, clause="DR-01")
    if over:
        roster.state_since = min(_at(days[-1] + timedelta(days=1), "08:40"), now)
        history.record(roster, "roster:close", by=office, now=roster.state_since, clause="DR-01")
    rows = []
    for (name, day), (post, place) in cells.items():
        begins, ends = span(day, kinds[place].starts, kinds[place].ends, clock.zone())
        rows.append(
            {
                "roster_id": roster.id, "post_id": posts[post].id, "kind_id": kinds[place].id, "day": day,
                "starts_at": begins, "ends_at": ends, "person_id": people[name],
            }
        )  # fmt: skip
    db.session.execute(sa.insert(Shift), rows)


def _draft(
    days: tuple[date, ...],
    calendar: Calendar,
    posts: Mapping[str, Post],
    kinds: list[ShiftKind],
    people: Mapping[str, int],
    office: Viewer,
    now: datetime,
) -> None:
    """A draft that is not finished: seats nobody has, a special day without a manager, one rest too short, pins."""
    special = next(day for day in days[13:] if day_kind(day, calendar) is DayKind.WORKDAY)
    ground.mark(special, BIG_VISIT, by=office.id, now=now - timedelta(days=4))
    for name, number, kind, wanted in WISHES:
        actions.wish(people[name], days[number - 1], None if kind is None else kinds[kind].id, wanted)
    begun = now - timedelta(hours=20)
    roster = actions.begin(days[0], days[-1], "待补空缺后发布", by=office, now=begun)
    named = _cells(days, calendar)
    for place in list(_left_out(named, days)):
        del named[place]
    tired = next(who for who in GUARDS if named.get((who, days[8])) == ("guard", LATE))
    named[tired, days[9]] = ("guard", EARLY)  # eight hours after the late shift; and the night has nobody
    del named[
        next(who for who in GUARDS if who != tired and named.get((who, days[9])) == ("guard", EARLY)), days[9]
    ]
    cells: dict[tuple[Any, date], Cell] = {
        (people[who], day): (posts[post].id, kinds[place].id) for (who, day), (post, place) in named.items()
    }
    actions.lay(roster, picture.of(roster, now), cells)
    off = next(day for day in days[15:] if ("shi.lan", day) not in named)
    roster.days_off = frozenset({(people["shi.lan"], off)})
    row = sa.and_(Shift.roster_id == roster.id, Shift.person_id == people["he.min"])
    db.session.scalars(sa.select(Shift).where(row).order_by(Shift.day).limit(1)).one().pinned = True
    changed = [[people["he.min"], str(days[0])]]
    history.record(
        roster, "roster:change", by=office.id, now=now - timedelta(hours=2), clause="DR-21", cells=changed
    )


def _left_out(named: Named, days: tuple[date, ...]) -> Iterator[tuple[str, date]]:
    """Two late shifts at the desk and a night at the gate that nobody has yet."""
    at_the_desk = [place for place, cell in named.items() if cell == ("front-desk", LATE)]
    yield from (at_the_desk[4], at_the_desk[11])
    nights = [place for place, cell in named.items() if cell == ("guard", NIGHT) and place[1] == days[19]]
    yield from nights
