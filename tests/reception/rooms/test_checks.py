"""The morning check, the ready check before a visit, and the lounge that is cleared by one act (RC-13, RC-16)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception import privacy
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.rooms.models import PlaceCheck
from portal.kernel import clock, timers
from portal.kernel.db import db
from portal.kernel.people import Holder
from portal.kernel.rights import Position
from portal.kernel.todos import Todo
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.reception.rooms.test_places import booked, of_places
from tests.reception.visits import a_visit, do, events, load


def sweep(app: Flask) -> list[str]:
    """The lines of one pass of the sweep about places."""
    with app.app_context():
        lines = [line for line in timers.sweep(clock.now()) if "RC-16" in line]
        db.session.remove()
    return lines


def todos(app: Flask, kind: str) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.execute(sa.select(Todo.audience, Todo.number).where(Todo.kind == kind)).all()
        db.session.remove()
    return [(audience, number) for audience, number in rows]


def checks(app: Flask) -> list[PlaceCheck]:
    with app.app_context():
        rows = list(db.session.scalars(sa.select(PlaceCheck).order_by(PlaceCheck.id)))
        db.session.expunge_all()
        db.session.remove()
    return rows


def a_clerk(app: Flask, username: str = "emp.admin") -> str:
    """Seat the administration's clerk; the audience of what waits for them."""
    person = factories.id_of(app, username)
    with app.app_context(), db.write():
        db.session.add(Holder(position=Position.CLERK, department="admin", person_id=person))
        from portal.kernel import reference

        reference.changed()
    return f"person:{person}"


def ready(client: CarefulClient, number: str, status: int = 303, **fields: Any) -> str:
    answer = client.send(f"/reception/visits/{number}/ready", **fields)
    assert answer.status_code == status, answer.text
    return answer.text


# -- the morning ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-16")
def test_the_round_waits_for_the_clerk_each_working_morning_until_it_is_done(
    any_app: Flask, as_: As, at: At
) -> None:
    clerk = a_clerk(any_app)
    at("Mon 2026-03-02 08:00")
    assert sweep(any_app) == [], "before work nobody is asked"
    at("Mon 2026-03-02 08:31")
    assert len(sweep(any_app)) == 1
    assert sweep(any_app) == [], "a second pass does nothing"
    assert todos(any_app, "morning-check") == [(clerk, "2026-03-02")]
    assert "Check all places" in as_("emp.admin").get("/").text
    at("Tue 2026-03-03 08:31")
    assert len(sweep(any_app)) == 1
    assert todos(any_app, "morning-check") == [(clerk, "2026-03-03")], "yesterday's is gone"
    browser = client_of(any_app, "emp.admin")
    page = browser.get("/reception/rooms/morning").text
    assert len(re.findall(r'name="(large|small|lounge)-\w+" value="1"', page)) == 4 * 3
    assert browser.send("/reception/rooms/morning", all="1").status_code == 303
    assert todos(any_app, "morning-check") == []
    assert sweep(any_app) == []
    made = checks(any_app)
    assert len(made) == 3
    assert {check.by_id for check in made} == {factories.id_of(any_app, "emp.admin")}
    assert len({check.at for check in made}) == 1
    assert of_places(any_app) == ["place:morning"] * 3
    at("Sat 2026-03-07 10:00")
    assert sweep(any_app) == []


@pytest.mark.clause("RC-16")
def test_what_does_not_hold_is_named_and_stands_in_nobodys_way(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    every = ("tidy", "floor_air", "climate_light", "supplies")
    ticks: dict[str, Any] = {
        f"{code}-{point}": "1" for code in ("large", "small", "lounge") for point in every
    }
    del ticks["large-supplies"]
    assert desk.send("/reception/rooms/morning", **ticks, note="缺纸杯").status_code == 303
    page = text_of(desk.get("/reception/rooms/"))
    assert "Not in order: Supplies complete" in page
    assert page.count("Not ready") == 1
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    again = desk.send("/reception/rooms/morning", **ticks, note="长" * 201)
    assert again.status_code == 422
    assert "长长" in again.text
    assert 'name="small-tidy" value="1" checked' in again.text


# -- before a visit -------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-16")
def test_the_ready_check_waits_for_the_clerk_from_the_morning_until_all_four_points_hold(
    any_app: Flask, as_: As, at: At
) -> None:
    clerk = a_clerk(any_app)
    at("Mon 2026-03-02 09:00")
    number = booked(as_("emp.tech"))
    assert todos(any_app, "visit-ready") == [], "not the day before"
    at("Tue 2026-03-03 08:31")
    lines = sweep(any_app)
    assert [line for line in lines if line.startswith(number)]
    assert sweep(any_app) == []
    assert todos(any_app, "visit-ready") == [(clerk, number)]
    desk = as_("desk1")
    assert "place not ready yet" in desk.get("/reception/").text
    assert "not ready yet" in desk.get("/reception/rooms/").text
    assert "Not ready yet" in desk.get(f"/reception/visits/{number}").text
    browser = as_("emp.admin")
    ready(browser, number, tidy="1", floor_air="1", climate_light="1", note="缺茶杯")
    assert todos(any_app, "visit-ready") == [(clerk, number)]
    assert "Supplies complete" in browser.get(f"/reception/visits/{number}").text
    ready(browser, number, all="1")
    assert todos(any_app, "visit-ready") == []
    assert "place not ready yet" not in desk.get("/reception/").text
    page = desk.get(f"/reception/visits/{number}").text
    assert "The place is ready" in page
    assert "何敏" in page
    assert events(any_app, number).count("visit:ready") == 2
    assert [(bool(c.missing), c.visit_id is not None) for c in checks(any_app)] == [
        (True, True),
        (False, True),
    ]


@pytest.mark.clause("RC-16")
def test_an_appointment_for_today_waits_at_once(app: Flask, as_: As) -> None:
    number = booked(as_("emp.tech"), "2026-03-02T15:00", "2026-03-02T16:00")
    assert todos(app, "visit-ready") == [("lead:admin", number)], "no clerk: the administration's lead"
    do(as_("emp.tech"), number, "cancel")
    assert todos(app, "visit-ready") == []


@pytest.mark.clause("RC-16")
def test_a_walk_ins_check_is_shown_can_be_ticked_and_never_blocks_the_seat(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    assert "Not ready yet" in desk.get(f"/reception/visits/{number}").text
    do(desk, number, "seat")
    assert load(any_app, number).state is State.WAITING
    ready(desk, number, tidy="1")
    assert "Floor clean, air fresh" in desk.get(f"/reception/visits/{number}").text
    ready(desk, number, all="1")
    do(desk, number, "meet")
    assert "RC-16" in ready(desk, number, 409, all="1")
    plain = a_visit(desk, "C", phone="13800001111", purpose="应聘", department="tech")
    assert "Ready check" not in desk.get(f"/reception/visits/{plain}").text
    assert "RC-16" in ready(desk, plain, 409, all="1")


def test_the_ready_check_is_the_administrations_and_the_desks(app: Flask, as_: As) -> None:
    number = booked(as_("emp.tech"), "2026-03-02T15:00", "2026-03-02T16:00")
    assert "RC-16" in ready(as_("emp.tech"), number, 403, all="1")
    assert "Keep the ticks" not in as_("emp.tech").get(f"/reception/visits/{number}").text
    ready(as_("emp.impl"), number, 404, all="1")
    kept = ready(as_("emp.admin"), number, 422, note="长" * 201, tidy="1")
    assert "长长" in kept
    assert 'name="tidy" value="1" checked' in kept
    assert as_("desk1").get(f"/reception/visits/{number}/ready").status_code == 200
    answer = as_("desk1").send(f"/reception/visits/{number}/ready", htmx=True, all="1")
    assert answer.status_code == 200
    assert "The place is ready" in answer.text


@pytest.mark.clause("RC-16")
def test_a_remark_about_a_visitor_can_be_forgotten(any_app: Flask, as_: As) -> None:
    number = booked(as_("emp.tech"), "2026-03-02T15:00", "2026-03-02T16:00")
    ready(as_("desk1"), number, all="1", note="王总喜欢靠窗")
    with any_app.app_context():
        visit_id = db.session.scalars(sa.select(Visit.id).where(Visit.number == number)).one()
        with db.write():
            for eraser in privacy.ERASERS:
                eraser(visit_id)
    assert [check.note for check in checks(any_app)] == [""]


# -- afterwards -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-13")
def test_the_lounge_is_cleared_by_one_act_for_all_who_left(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    numbers = [a_visit(desk, "D", department="tech", visitor_name=f"访客{n}") for n in range(4)]
    for number in numbers:
        do(desk, number, "ask", purpose="推介软件", on_business="1")
    for number in numbers[:3]:
        do(desk, number, "leave")
    with any_app.app_context(), db.write():
        db.session.execute(sa.update(Visit).where(Visit.number == numbers[2]).values(outstanding=2))
    guest = a_visit(desk, "B", host="emp.tech")
    do(desk, guest, "seat")
    do(desk, guest, "leave")
    assert "Clear for all who left" in desk.get("/reception/rooms/lounge").text
    answer = desk.send("/reception/rooms/lounge/clear")
    assert answer.status_code == 303
    states = [load(any_app, number).state for number in (*numbers, guest)]
    assert states == [State.CLOSED, State.CLOSED, State.LEFT, State.ASKED, State.LEFT]
    said = desk.get("/reception/rooms/lounge").text
    assert "2 visits cleared" in said
    assert numbers[2] in said
    assert "RC-27" in said
    refused = desk.send("/reception/rooms/lounge/clear")
    assert refused.status_code == 409
    assert numbers[2] in refused.text
    assert "RC-27" in refused.text
    assert "RC-13" in desk.send("/reception/rooms/large/clear").text, "a guest's room needs two people"
    assert load(any_app, guest).state is State.LEFT
    assert of_places(any_app) == ["place:clear"]
    assert factories.history_faults(any_app) == []
