"""Recurring appointments and whose guests they are, over the addresses (RC-19)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Booking, Visit
from portal.kernel import clock
from portal.kernel.db import db
from tests.conftest import As, At
from tests.reception.visits import a_visit, do, events, inbox, load

FORM: dict[str, Any] = {
    "host": "emp.tech", "purpose": "每周例会", "starts_at": "2026-03-03T10:00", "ends_at": "2026-03-03T11:00",
    "repeat": "weekly", "repeat_until": "2026-03-24",
}  # fmt: skip


def a_series(app: Flask, number: str) -> list[Visit]:
    """The visits of a series in their order."""
    with app.app_context():
        db.session.rollback()
        rows = db.session.query(Visit).filter_by(series=number).order_by(Visit.starts_at).all()
        db.session.expunge_all()
        db.session.remove()
    return list(rows)


def starts(app: Flask, number: str) -> list[str]:
    """When each of a series begins, in company time."""
    rows = a_series(app, number)
    with app.app_context():
        return [f"{clock.local(v.starts_at):%m-%d %H:%M}" for v in rows if v.starts_at]


def states(app: Flask, number: str) -> list[State]:
    return [visit.state for visit in a_series(app, number)]


@pytest.mark.clause("RC-19")
def test_a_series_is_visits_of_their_own_and_the_host_hears_once(any_app: Flask, as_: As, at: At) -> None:
    app = any_app
    at("Mon 2026-03-02 09:00")
    number = a_visit(as_("desk1"), "B", **FORM, party_size="3", party="张三\n李四")
    assert starts(app, number) == ["03-03 10:00", "03-10 10:00", "03-17 10:00", "03-24 10:00"]
    rows = a_series(app, number)
    assert len({visit.number for visit in rows}) == len({visit.pass_code for visit in rows}) == 4
    assert {visit.party for visit in rows} == {"张三\n李四"}
    assert inbox(app, "emp.tech") == ["visit:series_booked"]


@pytest.mark.clause("RC-19")
def test_a_form_sent_twice_makes_one_series(app: Flask, as_: As) -> None:
    first = a_visit(as_("desk1"), "B", **FORM, idempotency_key="k1")
    assert a_visit(as_("desk1"), "B", **FORM, idempotency_key="k1") == first
    assert len(a_series(app, first)) == 4


@pytest.mark.clause("RC-19")
@pytest.mark.parametrize(
    "wrong",
    [
        {"repeat_until": ""},
        {"repeat_until": "2026-03-05"},
        {"repeat": "workdays", "repeat_until": "2026-12-31"},
    ],
)
def test_a_series_needs_its_end_and_has_one(app: Flask, as_: As, wrong: dict[str, str]) -> None:
    form: dict[str, Any] = {"category": "B", "visitor_name": "王建国", "party_size": "1", **FORM, **wrong}
    refused = as_("desk1").send("/reception/appointments/new", **form)
    assert refused.status_code == 422
    assert "RC-19" in refused.text
    assert "每周例会" in refused.text, "what was typed stays"
    with app.app_context():
        assert db.session.query(Visit).count() == 0


@pytest.mark.clause("RC-02")
def test_a_series_whose_place_is_taken_on_one_day_is_not_kept_at_all(any_app: Flask, as_: As) -> None:
    host = as_("emp.tech")
    a_visit(
        host,
        "B",
        host="emp.tech",
        purpose="看样机",
        place="large",
        starts_at="2026-03-17T10:30",
        ends_at="2026-03-17T11:30",
    )
    form = {"category": "B", "visitor_name": "王建国", "party_size": "1", **FORM, "place": "large"}
    refused = host.send("/reception/appointments/new", **form)
    assert refused.status_code == 409
    assert "2026-03-17" in refused.text
    assert "RC-02" in refused.text
    with any_app.app_context():
        assert db.session.query(Visit).count() == 1


@pytest.mark.clause("RC-19")
def test_one_or_this_and_the_following_are_confirmed_moved_cancelled(any_app: Flask, as_: As) -> None:
    app, host = any_app, as_("emp.tech")
    number = a_visit(as_("desk1"), "B", **FORM, place="large")
    do(host, number, "confirm", scope="following")
    assert all(visit.confirmed_at for visit in a_series(app, number))
    assert inbox(app, "desk2").count("visit:confirmed") == 1, "told once"
    second = a_series(app, number)[1].number
    do(host, second, "move", starts_at="2026-03-11T14:00", ends_at="2026-03-11T15:00", scope="following")
    assert starts(app, number) == ["03-03 10:00", "03-11 14:00", "03-18 14:00", "03-25 14:00"]
    do(host, second, "cancel", scope="one")
    assert states(app, number) == [State.EXPECTED, State.CANCELLED, State.EXPECTED, State.EXPECTED]
    third = a_series(app, number)[2].number
    do(host, third, "cancel", scope="following")
    assert states(app, number) == [State.EXPECTED, *[State.CANCELLED] * 3]
    with app.app_context():
        held = db.session.query(Booking).filter(Booking.hold != "released").count()
        db.session.remove()
    assert held == 1, "the places of the cancelled ones are free"
    assert events(app, third) == ["visit:book", "visit:confirm", "visit:move", "visit:cancel"]


@pytest.mark.clause("RC-19")
def test_a_series_moves_a_day_on_without_standing_in_its_own_way(any_app: Flask, as_: As) -> None:
    host = as_("emp.tech")
    form = FORM | {"repeat": "workdays", "repeat_until": "2026-03-06", "starts_at": "2026-03-03T10:00"}
    number = a_visit(host, "B", **form, place="large")
    do(host, number, "move", starts_at="2026-03-03T10:30", ends_at="2026-03-03T11:30", scope="following")
    assert starts(any_app, number) == [f"03-0{day} 10:30" for day in (3, 4, 5, 6)]
    do(host, number, "move", starts_at="2026-03-04T10:30", ends_at="2026-03-04T11:30", scope="following")
    assert starts(any_app, number) == ["03-04 10:30", "03-05 10:30", "03-06 10:30", "03-09 10:30"]


@pytest.mark.clause("RC-02")
def test_what_follows_moves_all_or_none(app: Flask, as_: As) -> None:
    host = as_("emp.tech")
    number = a_visit(host, "B", **FORM, place="large")
    a_visit(
        host,
        "B",
        host="emp.tech",
        purpose="看样机",
        place="large",
        starts_at="2026-03-17T14:30",
        ends_at="2026-03-17T15:30",
    )
    before = starts(app, number)
    refused = do(
        host, number, "move", 409, starts_at="2026-03-03T14:00", ends_at="2026-03-03T15:00", scope="following"
    )
    assert "2026-03-17" in refused.text
    assert starts(app, number) == before


def test_only_a_series_asks_which(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    single = a_visit(desk, "B", host="emp.tech", purpose="看样机", starts_at="2026-03-05T10:00")
    number = a_visit(desk, "B", **FORM)
    assert 'name="scope"' not in desk.get(f"/reception/visits/{single}?do=move").text
    assert 'name="scope"' in desk.get(f"/reception/visits/{number}?do=move").text
    do(desk, number, "move", 422, starts_at="2026-03-03T14:00", scope="everything")


@pytest.mark.clause("RC-19")
def test_an_employee_books_own_guests_at_once_and_nobody_elses(app: Flask, as_: As) -> None:
    host = as_("emp.tech")
    page = host.get("/reception/appointments/new").text
    assert re.search(r'name="host"[^>]*value="emp.tech"', page)
    form: dict[str, Any] = {"purpose": "看样机", "starts_at": "2026-03-03T10:00"}
    number = a_visit(host, "B", **form)
    visit = load(app, number)
    assert (visit.host_id, visit.confirmed_by_id) == (visit.created_by_id, visit.created_by_id)
    refused = host.send(
        "/reception/appointments/new", category="B", visitor_name="王建国", host="emp.impl", **form
    )
    assert refused.status_code == 422
    assert "RC-19" in refused.text
    a_visit(as_("lead.tech"), "B", host="emp.tech", **form)
    assert inbox(app, "emp.tech") == ["visit:booked"], "the lead's waits for the host"


@pytest.mark.clause("RC-19")
def test_my_day_leads_straight_to_the_button_that_confirms(app: Flask, as_: As) -> None:
    number = a_visit(as_("desk1"), "B", host="emp.tech", purpose="看样机", starts_at="2026-03-03T10:00")
    host = as_("emp.tech")
    found = re.search(rf'href="(/reception/visits/{number}\?do=visit-confirm[^"]*)"', host.get("/").text)
    assert found
    page = host.get(found[1]).text
    assert f'action="/reception/visits/{number}/confirm"' in page
    for verb in ("move", "decline"):
        assert f"do={verb}" in page
    do(host, number, "confirm")
    assert load(app, number).confirmed_at


@pytest.mark.clause("RC-04")
def test_a_meeting_moved_nearer_than_its_forms_lead_time_needs_a_reason_and_approval(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    host = as_("emp.tech")
    number = a_visit(
        host, "A", host="emp.tech", purpose="会谈", topic="年度合作", starts_at="2026-03-05T10:00"
    )
    assert "RC-04" in do(host, number, "move", 409, starts_at="2026-03-02T15:00").text
    do(host, number, "move", starts_at="2026-03-02T15:00", note="客户改了航班")
    visit = load(app, number)
    assert (visit.late, visit.late_reason) == ("asked", "客户改了航班")
    do(as_("office1"), number, "approve-late")
