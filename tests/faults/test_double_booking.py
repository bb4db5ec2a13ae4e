"""RC-02: no place is ever given twice: many ask at once, and whatever is written, the database itself refuses it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from portal.blueprints.reception import actions, places
from portal.blueprints.reception.codes import Category, Hold
from portal.blueprints.reception.models import Booking, Place, Visit
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient
from tests.conftest import client_of
from tests.faults.test_races import together

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
ROUNDS = 1_000 if WHOLE else 2
EACH, CROWD = 16, 50
HOSTS = ("emp.tech", "lead.tech", "gm", "office1")
# Three confirm, two move, one blocks, one seats.
MIXED = ("office1", "gm", "office2", "lead.tech", "office1", "desk1", "desk2")
SPAN = timedelta(hours=1)


def visits(app: Flask, count: int, category: Category, **more: Any) -> list[str]:
    """So many visits in one write, as the desk records them; their numbers."""
    with app.app_context():
        desk, host = factories.viewer("desk1"), factories.viewer("emp.tech")
        now = clock.now()
        known: dict[str, Any] = {
            "purpose": "商谈",
            "phone": "13800001111",
            "company": "华东机电",
            "party_size": 1,
        }
        with db.write():
            numbers = [
                actions.register(
                    by=desk,
                    now=now,
                    category=category,
                    visitor_name=f"访客{n}",
                    host_id=host.id,
                    department="tech",
                    **(known | more),
                ).number
                for n in range(count)
            ]
        db.session.remove()
    return numbers


def place_id(app: Flask, code: str) -> int:
    with app.app_context():
        found = db.session.scalars(sa.select(Place.id).where(Place.code == code)).one()
        db.session.remove()
    return found


def browsers(app: Flask, count: int, people: tuple[str, ...]) -> list[CarefulClient]:
    found = [client_of(app, people[n % len(people)]) for n in range(count)]
    for browser in found:
        browser.csrf()
        browser.careful = False
    return found


def overlapping(app: Flask) -> list[tuple[int, int]]:
    """Pairs of confirmed bookings of one place that overlap."""
    one, two = sa.orm.aliased(Booking), sa.orm.aliased(Booking)
    with app.app_context():
        pairs = db.session.execute(
            sa.select(one.id, two.id).where(
                one.id < two.id,
                one.place_id == two.place_id,
                one.hold == Hold.CONFIRMED,
                two.hold == Hold.CONFIRMED,
                sa.not_(one.shared),
                one.blocked_from < two.blocked_until,
                one.blocked_until > two.blocked_from,
            )
        ).all()
        db.session.remove()
    return [(a, b) for a, b in pairs]


def won(app: Flask, numbers: list[str]) -> list[str]:
    """Which of these visits hold a place for certain."""
    with app.app_context():
        rows = db.session.scalars(
            sa.select(Visit.number)
            .join(Booking, Booking.visit_id == Visit.id)
            .where(Visit.number.in_(numbers), Booking.hold == Hold.CONFIRMED)
        ).all()
        db.session.remove()
    return list(rows)


def one_wins(
    app: Flask, numbers: list[str], people: list[CarefulClient], act: Callable[[CarefulClient, str], Any]
) -> None:
    """All at once; exactly one is done, each other is refused by RC-02, and nothing is lost."""
    answers = together(len(numbers), lambda n: act(people[n], numbers[n]))
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {303: 1, 409: len(numbers) - 1}, codes
    assert all("RC-02" in answer.text for answer in answers if answer.status_code == 409)
    winner = numbers[[answer.status_code for answer in answers].index(303)]
    assert won(app, numbers) == [winner]


@pytest.mark.clause("RC-02")
def test_of_many_confirms_of_one_place_and_time_one_wins(any_app: Flask) -> None:
    large, people = place_id(any_app, "large"), browsers(any_app, EACH, HOSTS)
    begins = datetime(2026, 3, 3, 1, tzinfo=UTC)

    def confirm(browser: CarefulClient, number: str) -> Any:
        return browser.send(f"/reception/visits/{number}/confirm")

    for turn in range(ROUNDS):
        at = begins + turn * 2 * SPAN
        numbers = visits(any_app, EACH, Category.B, place_id=large, starts_at=at, ends_at=at + SPAN)
        one_wins(any_app, numbers, people, confirm)
    assert overlapping(any_app) == []
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("RC-02")
def test_fifty_ask_for_one_slot_at_once(any_app: Flask) -> None:
    large, people = place_id(any_app, "large"), browsers(any_app, CROWD, HOSTS)
    at = datetime(2026, 3, 3, 1, tzinfo=UTC)
    numbers = visits(any_app, CROWD, Category.B, place_id=large, starts_at=at, ends_at=at + SPAN)
    one_wins(any_app, numbers, people, lambda b, number: b.send(f"/reception/visits/{number}/confirm"))
    assert overlapping(any_app) == []
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("RC-02")
def test_confirming_moving_blocking_and_seating_at_once_never_overlap(any_app: Flask) -> None:
    """Whoever wins, every answer is a yes or a refusal that names the clause, and no two hold the place."""
    large = place_id(any_app, "large")
    people = browsers(any_app, 7, MIXED)
    soon = datetime(2026, 3, 2, 1, 10, tzinfo=UTC)  # ten minutes from now
    for _ in range(ROUNDS):
        times = {"starts_at": soon, "ends_at": soon + SPAN}
        numbers = visits(any_app, 5, Category.B, place_id=large, **times)
        walk_in = visits(any_app, 1, Category.B)[0]

        def act(n: int, numbers: list[str] = numbers, walk_in: str = walk_in) -> Any:
            to = "/reception/visits/{}/{}".format
            if n < 3:
                return people[n].send(to(numbers[n], "confirm"))
            if n < 5:
                return people[n].send(
                    to(numbers[n], "move"),
                    starts_at="2026-03-02T09:20",
                    ends_at="2026-03-02T10:40",
                    place="large",
                )
            if n == 5:
                return people[n].send(
                    "/reception/rooms/large/block",
                    starts_at="2026-03-02T09:05",
                    ends_at="2026-03-02T09:30",
                    reason="检修",
                )
            return people[n].send(to(walk_in, "seat"), place="large")

        answers = together(7, act)
        assert {answer.status_code for answer in answers} <= {303, 409}, [a.status_code for a in answers]
        assert all("RC-02" in a.text for a in answers if a.status_code == 409)
        assert any(answer.status_code == 303 for answer in answers)
        assert overlapping(any_app) == []
        with any_app.app_context(), db.write():
            now = clock.now()
            for row in db.session.scalars(sa.select(Booking).where(Booking.hold != Hold.RELEASED)):
                places.release(row, now)
            db.session.execute(sa.update(Visit).where(Visit.number == walk_in).values(state="closed"))
    assert factories.history_faults(any_app) == []


# -- whatever is written --------------------------------------------------------------------------------------------

MINUTE = timedelta(minutes=1)
DAY = datetime(2026, 3, 3, tzinfo=UTC)
ROWS = st.tuples(
    st.sampled_from([1, 2]),  # the place
    st.integers(0, 60),
    st.integers(1, 30),
    st.sampled_from(list(Hold)),
    st.sampled_from([False, False, False, True]),  # shared
)
ACTS = st.lists(st.tuples(st.integers(0, 5), ROWS), max_size=20)


def written(row: tuple[int, int, int, Hold, bool]) -> dict[str, Any]:
    place, begins, length, hold, shared = row
    at, until = DAY + begins * MINUTE, DAY + (begins + length) * MINUTE
    times = {"starts_at": at, "ends_at": until, "blocked_from": at, "blocked_until": until, "at": DAY}
    return {"place_id": place, "hold": hold, "shared": shared, "reason": "", **times}


def hinders(one: tuple[int, int, int, Hold, bool], other: tuple[int, int, int, Hold, bool]) -> bool:
    """What the database must refuse: both confirmed, neither shared, one place, and they overlap."""
    if one[0] != other[0] or one[4] or other[4] or {one[3], other[3]} != {Hold.CONFIRMED}:
        return False
    return one[1] < other[1] + other[2] and other[1] < one[1] + one[2]


@pytest.mark.clause("RC-02")
def test_the_database_takes_exactly_what_overlaps_no_confirmed_booking(any_app: Flask) -> None:
    """Insert where the chosen row is new, else change it: as the exclusion (PostgreSQL) and the triggers (SQLite)."""
    table = Booking.__table__

    @settings(
        max_examples=400 if WHOLE else 60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(ACTS)
    def holds(acts: list[tuple[int, tuple[int, int, int, Hold, bool]]]) -> None:
        there: dict[int, tuple[int, int, int, Hold, bool]] = {}
        with db.engine.connect() as connection, connection.begin() as whole:
            connection.execute(sa.delete(Booking))
            for slot, row in acts:
                key = slot + 1
                fits = not any(hinders(row, other) for k, other in there.items() if k != key)
                statement: Any = (
                    sa.update(table).where(table.c.id == key).values(**written(row))  # type: ignore[arg-type]  # it is a table
                    if key in there
                    else sa.insert(table).values(id=key, **written(row))  # type: ignore[arg-type]  # it is a table
                )
                try:
                    with connection.begin_nested():
                        connection.execute(statement)
                    taken = True
                except IntegrityError:
                    taken = False
                assert taken is fits, (row, there)
                if taken:
                    there[key] = row
            whole.rollback()

    with any_app.app_context():
        holds()
