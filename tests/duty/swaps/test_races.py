"""Two at one swap or leave at the same moment: one wins, the other is told; on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.duty.leave.codes import State as LeaveState
from portal.blueprints.duty.leave.models import Leave
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.swaps.codes import State
from portal.blueprints.duty.swaps.models import Swap
from portal.kernel.db import db
from tests import factories
from tests.conftest import client_of
from tests.duty.leave.making import MONDAY, Desk, a_desk, ask, offer, stored
from tests.duty.posts.making import a_shift
from tests.faults.test_races import ROUNDS, together


def days(desk: Desk, person: str, kind: int, count: int, every: int = 1) -> list[tuple[date, int]]:
    """Shifts of somebody from Tuesday on: the day and the shift's id."""
    wanted = [MONDAY + timedelta(days=1 + every * number) for number in range(count)]
    return [
        (day, a_shift(desk.office.app, desk.roster, desk.office.post, kind, day, person)) for day in wanted
    ]


def both(browsers: list[Any], addresses: tuple[str, str]) -> tuple[list[int], list[str]]:
    """What two posts at the same moment are answered."""
    answers = together(2, lambda place: browsers[place].send(addresses[place]))
    return [answer.status_code for answer in answers], [answer.text for answer in answers]


def logged_in(app: Flask, *people: str) -> list[Any]:
    browsers = [client_of(app, username) for username in people]
    for browser in browsers:
        browser.csrf()
    return browsers


@pytest.mark.clause("DR-21")
def test_a_swap_has_one_taker_and_one_approval(any_app: Flask) -> None:
    desk = a_desk(any_app)
    givers, takers = logged_in(any_app, "desk1"), logged_in(any_app, "desk2", "emp.admin")
    heads = logged_in(any_app, "office1", "office2")
    for _day, shift in days(desk, "desk1", desk.office.day, ROUNDS):
        swap = offer(givers[0], shift)
        here = f"/duty/swaps/{swap}/"
        codes, texts = both(takers, (here + "accept", here + "accept"))
        assert sorted(codes) == [303, 409]
        assert "DR-21" in texts[codes.index(409)]
        codes, _texts = both(heads, (here + "approve", here + "approve"))
        assert sorted(codes) == [303, 409]
        taken = stored(any_app, Swap, swap)
        assert taken.state is State.APPROVED
        assert stored(any_app, Shift, shift).person_id == taken.taker_id
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("DR-04")
@pytest.mark.parametrize("meanwhile", ["swap", "leave"])
def test_no_leave_is_approved_against_a_substitute_who_has_just_gone(any_app: Flask, meanwhile: str) -> None:
    """Either the substitute has the one shift, or the other, or is away; never two of them."""
    desk = a_desk(any_app)
    desk1, desk2, emp = logged_in(any_app, "desk1", "desk2", "emp.admin")
    heads = logged_in(any_app, "office1", "office2")
    nights = dict(days(desk, "emp.admin", desk.office.night, ROUNDS, 2)) if meanwhile == "swap" else {}
    for day, _shift in days(desk, "desk1", desk.office.day, ROUNDS, 2):
        span: dict[str, Any] = {"starts_at": f"{day}T08:00", "ends_at": f"{day}T18:00"}
        leave = ask(desk1, substitute="desk2", **span)
        assert desk2.send(f"/duty/leave/{leave}/accept").status_code == 303
        if meanwhile == "swap":
            other = f"/duty/swaps/{offer(emp, nights[day], to='desk2')}/"
            assert desk2.send(other + "accept").status_code == 303
        else:
            other = f"/duty/leave/{ask(desk2, **span)}/"
        codes, texts = both(heads, (f"/duty/leave/{leave}/approve", other + "approve"))
        assert sorted(codes) == [303, 409]
        assert ("DR-04" if codes[0] == 409 else "DR-21") in texts[codes.index(409)] or "DR-04" in texts[1]
        given = stored(any_app, Leave, leave).state is LeaveState.APPROVED
        assert given == (codes[0] == 303)
        who = factories.id_of(any_app, "desk2")
        with any_app.app_context():
            ours = sa.select(sa.func.count()).where(Shift.day == day, Shift.person_id == who)
            assert db.session.scalar(ours) == (1 if meanwhile == "swap" or given else 0)
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("DR-21")
@pytest.mark.parametrize("change", ["taker_id", "decided_by_id", "a leave", "second offer"])
def test_the_database_itself_keeps_one_taker_one_decision_one_offer(any_app: Flask, change: str) -> None:
    desk = a_desk(any_app, "desk1 03 day")
    swap = offer(client_of(any_app, "desk1"), desk.shifts["desk1 03 day"])
    one, other = (factories.id_of(any_app, name) for name in ("desk2", "emp.admin"))
    table: Any = Swap.__table__
    with any_app.app_context():
        if change == "second offer":
            row = dict(db.session.execute(sa.select(table).where(table.c.id == swap)).one()._mapping)
            statement: Any = sa.insert(table).values(row | {"id": swap + 1, "number": "HB-x"})
        elif change == "a leave":
            ask(client_of(any_app, "desk1"), substitute="desk2")
            leaves: Any = Leave.__table__
            with db.write():
                db.session.execute(sa.update(leaves).values(decided_by_id=one))
            statement = sa.update(leaves).values(decided_by_id=other)
        else:
            with db.write():
                db.session.execute(sa.update(table).values({change: one}))
            statement = sa.update(table).values({change: other})
        with pytest.raises(DBAPIError), db.write():
            db.session.execute(statement)
