"""The calendars, blocks, warnings and the office's record of places, over the addresses (RC-02)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.codes import Hold
from portal.blueprints.reception.models import Booking, Place
from portal.kernel import history
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At
from tests.house.test_statements import statements
from tests.reception.visits import a_visit, do, events, inbox, load

TEN, ELEVEN, NOON = "2026-03-03T10:00", "2026-03-03T11:00", "2026-03-03T12:00"


def booked(client: CarefulClient, starts_at: str = TEN, ends_at: str = ELEVEN, **more: Any) -> str:
    """An appointment of a guest with a colleague of technology, at the large room."""
    known = {"host": "emp.tech", "purpose": "商谈合作", "place": "large", "company": "华东机电"}
    return a_visit(client, "B", starts_at=starts_at, ends_at=ends_at, **(known | more))


def block(client: CarefulClient, status: int = 303, place: str = "large", **fields: Any) -> Any:
    known = {"starts_at": TEN, "ends_at": ELEVEN, "reason": "空调检修"}
    answer = client.send(f"/reception/rooms/{place}/block", **(known | fields))
    assert answer.status_code == status, answer.text
    return answer


def of_places(app: Flask) -> list[str]:
    """The events of all places, oldest first."""
    with app.app_context():
        line = history.Line
        found = list(
            db.session.scalars(sa.select(line.event).where(line.subject_kind == "place").order_by(line.id))
        )
        db.session.remove()
    return found


def holds(app: Flask) -> list[tuple[Hold, str]]:
    with app.app_context():
        rows = db.session.execute(sa.select(Booking.hold, Booking.reason).order_by(Booking.id)).all()
        db.session.remove()
    return [(hold, reason) for hold, reason in rows]


# -- seeing ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-02")
def test_the_calendar_shows_what_is_booked_and_whose_only_to_those_who_may_see_the_visit(
    app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    number = booked(desk)
    page = text_of(desk.get("/reception/rooms/?day=2026-03-03"))
    assert "10:00–11:00 asked for" in page
    assert "王建国 · 华东机电" in page
    do(as_("emp.tech"), number, "confirm")
    for address in ("/reception/rooms/?day=2026-03-03", "/reception/rooms/large?day=2026-03-03"):
        mine, theirs = text_of(desk.get(address)), text_of(as_("emp.impl").get(address))
        assert "booked" in mine
        assert "王建国" in mine
        assert "booked" in theirs
        for secret in ("王建国", "华东机电", number[-4:]):
            assert secret not in theirs


@pytest.mark.clause("RC-16")
def test_a_place_says_how_it_stands(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")

    def said() -> str:
        return text_of(desk.get("/reception/rooms/large"))

    assert "Not ready" in said()
    assert "Nobody has looked this morning" in said()
    desk.send("/reception/rooms/morning", all="1")
    assert "Free" in said()
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    assert "Occupied" in said()
    assert f"{number}, until 10:00" in said()
    do(desk, number, "leave")
    assert "Waits for the room check" in said()
    assert f"Left, unchecked: {number}" in said()
    other = a_visit(desk, "B", host="emp.tech")
    do(desk, other, "seat")  # RC-16: shown in words, never in the way
    do(desk, other, "leave")
    for username in ("desk1", "emp.admin"):
        for one in (number, other):
            do(as_(username), one, "check")
    assert "Free" in said()
    assert "09:00–09:00" not in said()


def test_a_free_gap_leads_to_the_form_with_place_and_time(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:07")
    desk = as_("desk1")
    do(as_("emp.tech"), booked(desk), "confirm")
    page = desk.get("/reception/rooms/large").text
    assert "09:15–17:30" in page, "today from the next quarter of an hour"
    assert "08:30–09:50" in page
    assert "11:10–17:30" in page
    found = re.search(r'href="(/reception/appointments/new\?[^"]*2026-03-03T11[^"]*)"', page)
    assert found
    form = desk.get(found[1].replace("&amp;", "&")).text
    assert re.search(r'<option selected value="large"|value="large" selected|selected value="large"', form)
    assert 'value="2026-03-03T11:10"' in form
    assert 'value="2026-03-03T12:10"' in form


@pytest.mark.parametrize("junk", ["nonsense", "2026-13-45T99:99", "", "9999-12-31T23:59", "2026-03-03"])
def test_junk_in_the_link_is_left_out(app: Flask, as_: As, junk: str) -> None:
    desk = as_("desk1")
    assert desk.get(f"/reception/appointments/new?place={junk}&starts_at={junk}").status_code == 200
    assert desk.get(f"/reception/rooms/clash?place=large&starts_at={junk}").status_code == 200
    assert desk.get(f"/reception/rooms/?day={junk}").status_code == 200
    assert desk.get(f"/reception/rooms/large?day={junk}").status_code == 200
    assert desk.get(f"/reception/rooms/{junk or '-'}").status_code == 404


# -- clashes --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-02")
def test_a_clash_is_told_while_choosing_and_after_a_plain_form(app: Flask, as_: As) -> None:
    desk, host = as_("desk1"), as_("emp.tech")
    asked = f"/reception/rooms/clash?place=large&starts_at={TEN}&ends_at={ELEVEN}"
    number = booked(desk)
    fragment = {"HX-Request": "true"}
    assert "whoever is confirmed first" in desk.get(asked, headers=fragment).text
    assert number in desk.get(asked, headers=fragment).text
    assert number not in as_("emp.impl").get(asked, headers=fragment).text
    second = booked(desk, visitor_name="赵强")
    assert "whoever is confirmed first" in desk.get(f"/reception/visits/{second}").text, (
        "no script, still told"
    )
    do(host, number, "confirm")
    assert "cannot be confirmed there" in desk.get(asked, headers=fragment).text
    late = "/reception/rooms/clash?place=large&starts_at=2026-03-03T11:05"
    assert "RC-02" in desk.get(late, headers=fragment).text, "the buffer counts"
    free = "/reception/rooms/clash?place=large&starts_at=2026-03-03T11:10"
    assert desk.get(free, headers=fragment).text.strip() == ""
    assert "Nothing stands in the way" in desk.get(free).text


@pytest.mark.clause("RC-02")
def test_when_one_request_is_confirmed_the_others_lose_the_place_with_a_reason(
    any_app: Flask, as_: As
) -> None:
    desk, host = as_("desk1"), as_("emp.tech")
    first, second = booked(desk), booked(desk, "2026-03-03T10:30", NOON, visitor_name="赵强")
    aside = booked(desk, "2026-03-03T14:00", "2026-03-03T15:00", visitor_name="孙丽")
    do(host, second, "confirm")
    assert load(any_app, first).place_id is None
    assert load(any_app, aside).place_id is not None
    assert "visit:place_lost" in events(any_app, first)
    assert "visit:place_lost" in inbox(any_app, "emp.tech")
    assert holds(any_app) == [
        (Hold.RELEASED, second),
        (Hold.CONFIRMED, ""),
        (Hold.PENDING, ""),
    ]
    refused = do(host, first, "confirm", 409)
    assert "RC-02" in refused.text
    assert second in refused.text, "not confirmed without a place, by silence"
    assert "RC-02" in do(host, first, "confirm", 409, place="large").text
    assert "RC-02" in do(host, first, "confirm", 409, place="lounge").text, "not a guest's place"
    do(
        as_("lead.tech"),
        first,
        "move",
        starts_at="2026-03-03T15:10",
        ends_at="2026-03-03T16:00",
        place="large",
    )
    assert load(any_app, first).confirmed_at is not None


@pytest.mark.clause("RC-02")
def test_a_hosts_own_appointment_is_confirmed_at_once_and_takes_the_place(any_app: Flask, as_: As) -> None:
    asked = booked(as_("desk1"))
    own = booked(as_("emp.tech"), visitor_name="赵强")
    assert load(any_app, own).confirmed_at is not None
    assert load(any_app, asked).place_id is None
    assert "visit:place_lost" in events(any_app, asked)


# -- blocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-02")
def test_a_block_is_refused_where_something_is_booked_and_takes_what_is_asked_for(
    any_app: Flask, as_: As
) -> None:
    desk, host = as_("desk1"), as_("emp.tech")
    number = booked(desk)
    block(as_("emp.admin"), starts_at="2026-03-03T10:30", ends_at=NOON)
    assert load(any_app, number).place_id is None, "a request gives way to maintenance"
    other = booked(desk, "2026-03-03T14:00", "2026-03-03T15:00", visitor_name="赵强")
    do(host, other, "confirm")
    refused = block(desk, 409, starts_at="2026-03-03T14:30", ends_at="2026-03-03T18:00", reason="更换投影")
    assert "RC-02" in refused.text
    assert other in refused.text
    assert "更换投影" in refused.text, "what was typed stays"
    again = block(desk, 409, starts_at=TEN, ends_at=NOON, htmx=True)
    assert "blocked already" in again.text
    assert "空调检修" in desk.get("/reception/rooms/large?day=2026-03-03").text
    late = booked(desk, "2026-03-03T11:00", "2026-03-03T11:30", visitor_name="周涛")
    assert "RC-02" in do(host, late, "confirm", 409).text
    assert of_places(any_app) == ["place:block"]


@pytest.mark.clause("RC-02")
def test_a_block_is_lifted_early_once(any_app: Flask, as_: As, at: At) -> None:
    at("Tue 2026-03-03 09:00")
    desk = as_("desk1")
    block(desk)
    at("Tue 2026-03-03 10:20")
    page = desk.get("/reception/rooms/large").text
    assert "Not to be used" in text_of(desk.get("/reception/rooms/large"))
    found = re.search(r"/reception/rooms/large/release/\d+", page)
    assert found
    assert as_("emp.tech").send(found[0]).status_code == 403
    assert desk.send(found[0].replace("large", "small")).status_code == 404
    assert desk.send(found[0]).status_code == 303
    assert "RC-02" in desk.send(found[0]).text
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    assert of_places(any_app) == ["place:block", "place:release"]


@pytest.mark.clause("RC-02")
def test_a_shared_place_is_offered_while_others_sit_there_but_not_while_it_is_blocked(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    a_visit(
        desk,
        "D",
        department="tech",
        place="lounge",
        purpose="推介",
        starts_at="2026-03-03T09:00",
        ends_at=TEN,
    )
    tuesday = re.compile(r'starts_at=2026-03-03T[^"]*"[^>]*>\s*([^<]*\d)')
    address = "/reception/rooms/lounge?day=2026-03-03"
    assert tuesday.findall(desk.get(address).text) == ["08:30–17:30"]
    block(desk, place="lounge", starts_at="2026-03-03T15:00", ends_at="2026-03-03T17:30")
    assert tuesday.findall(desk.get(address).text) == ["08:30–14:50"], "with the buffer"


@pytest.mark.clause("RC-02")
def test_a_blocked_place_seats_nobody(any_app: Flask, as_: As, at: At) -> None:
    at("Tue 2026-03-03 09:00")
    desk = as_("desk1")
    block(desk, starts_at="2026-03-03T08:00", ends_at=NOON)
    block(desk, place="lounge", starts_at="2026-03-03T08:00", ends_at=NOON)
    number = a_visit(desk, "B", host="emp.tech")
    assert "RC-02" in do(desk, number, "seat", 409).text
    caller = a_visit(desk, "D", department="tech")
    do(desk, caller, "ask", purpose="推介软件", on_business="1")
    assert "RC-02" in do(as_("lead.tech"), caller, "agree", 409, place="lounge").text, (
        "shared, and blocked all the same"
    )
    do(as_("lead.tech"), caller, "agree", place="small")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reason": ""}, "RC-02"),
        ({"starts_at": ""}, "must be filled in"),
        ({"ends_at": TEN}, "ends after it begins"),
        ({"starts_at": "2026-02-01T08:00", "ends_at": "2026-02-01T09:00"}, "over already"),
        ({"ends_at": "soon"}, "2026-11-21 17:30"),
    ],
)
def test_a_block_that_cannot_be_says_so_beside_its_field(
    app: Flask, as_: As, fields: dict[str, str], said: str
) -> None:
    answer = block(as_("desk1"), 422, **fields)
    assert said in answer.text
    if "reason" not in fields:
        assert "空调检修" in answer.text


@pytest.mark.parametrize("username", ["emp.tech", "lead.tech", "gm"])
def test_who_does_not_look_after_the_places_sees_them_and_changes_nothing(
    app: Flask, as_: As, username: str
) -> None:
    browser = as_(username)
    page = browser.get("/reception/rooms/large")
    assert page.status_code == 200
    assert "Block for maintenance" not in page.text
    assert "RC-02" in block(browser, 403).text
    assert browser.get("/reception/rooms/morning").status_code == 403
    assert browser.send("/reception/rooms/morning", all="1").status_code == 403
    assert browser.send("/reception/rooms/lounge/clear").status_code == 403
    assert browser.get("/reception/rooms/large/edit").status_code == 403
    assert browser.send("/reception/rooms/new").status_code == 403
    assert block(as_("desk1"), 404, place="nowhere")


# -- the office's record --------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-02")
def test_the_office_adds_the_office_of_a_leader_and_of_nobody_else(any_app: Flask, as_: As) -> None:
    office = as_("office1")
    form: dict[str, Any] = {
        "name": "总经理办公室",
        "name_en": "GM's office",
        "capacity": "6",
        "buffer_minutes": "15",
        "active": "y",
    }
    refused = office.send("/reception/rooms/new", **form, owner="emp.tech")
    assert refused.status_code == 422
    assert "RC-02" in refused.text
    assert "总经理办公室" in refused.text
    made = office.send("/reception/rooms/new", **form, owner="gm")
    assert made.headers["Location"].endswith("/reception/rooms/office-gm")
    assert "GM&#39;s office" in office.get("/reception/rooms/").text
    assert office.send("/reception/rooms/new", **form, owner="gm").headers["Location"].endswith("office-gm-2")
    desk = as_("desk1")
    number = a_visit(desk, "B", host="gm", purpose="拜访", place="office-gm")
    do(desk, number, "seat")
    other = a_visit(desk, "B", host="lead.tech", purpose="拜访")
    assert "RC-02" in do(desk, other, "seat", 409, place="office-gm").text


@pytest.mark.clause("RC-02")
def test_a_place_is_edited_with_its_version_and_its_past_kept(any_app: Flask, as_: As) -> None:
    office = as_("office1")
    page = office.get("/reception/rooms/small/edit").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    form: dict[str, Any] = {
        "name": "洽谈室",
        "name_en": "Talk room",
        "capacity": "4",
        "buffer_minutes": "20",
        "active": "y",
    }
    assert office.send("/reception/rooms/small/edit", **form, version=version[1]).status_code == 303
    with any_app.app_context():
        place = db.session.scalars(sa.select(Place).where(Place.code == "small")).one()
        assert (place.name, place.capacity, place.buffer_minutes) == ("洽谈室", 4, 20)
    assert "Talk room" in as_("desk1").get("/reception/rooms/").text, "every process reads it anew"
    stale = office.send("/reception/rooms/small/edit", **(form | {"name": "小厅"}), version=version[1])
    assert stale.status_code == 409
    assert "小厅" in stale.text
    assert "洽谈室" in stale.text
    wrong = office.send("/reception/rooms/small/edit", **(form | {"capacity": "0"}))
    assert wrong.status_code == 422
    assert of_places(any_app) == ["place:edit"]


@pytest.mark.clause("RC-02")
def test_a_place_with_somebody_to_come_stays_in_use(app: Flask, as_: As) -> None:
    number = booked(as_("emp.tech"))
    form: dict[str, Any] = {"name": "大会议室", "capacity": "20", "buffer_minutes": "10"}
    refused = as_("office1").send("/reception/rooms/large/edit", **form)
    assert refused.status_code == 409
    assert number in refused.text
    do(as_("emp.tech"), number, "cancel")
    assert as_("office1").send("/reception/rooms/large/edit", **form).status_code == 303
    desk = as_("desk1")
    assert "Large meeting room" not in text_of(desk.get("/reception/rooms/"))
    assert "not in use" in text_of(desk.get("/reception/rooms/large"))
    assert factories.history_faults(app) == []


@pytest.mark.parametrize(
    "address",
    ["/reception/", "/reception/rooms/", "/reception/rooms/large", "/reception/rooms/large?day=2026-05-01",
     "/reception/rooms/morning", "/reception/visits/<visit>"],
)  # fmt: skip
def test_a_page_costs_few_statements_however_much_is_booked(app: Flask, as_: As, address: str) -> None:
    desk = as_("desk1")
    number = booked(as_("emp.tech"), "2026-03-02T15:00", "2026-03-02T16:00")
    at = address.replace("<visit>", number)
    one = statements(desk, at)
    for n in range(5):
        booked(desk, f"2026-03-02T1{n}:00", f"2026-03-02T1{n}:30", visitor_name=f"访客{n}")
    assert len(statements(desk, at)) == len(one) <= 8, "\n".join(one)
