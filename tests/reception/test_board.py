"""What the board and the visit's page say of somebody who stands there, and what they offer first."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.reception.codes import State
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As
from tests.house.test_statements import statements
from tests.reception.visits import a_visit, do, inbox, load


def row_of(client: CarefulClient, number: str) -> str:
    """The row of a visit on the board."""
    page = client.get("/reception/").text
    found = next((row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if number in row), "")
    assert found, page
    return found


def first_of(row: str) -> str:
    """The verb of the row's first touch; empty when it has none."""
    found = re.search(r'/(\S+?)" hx-post="[^"]*"(?:(?!</form>).)*?class="act first"', row, re.DOTALL)
    return found[1].rpartition("/")[2] if found else ""


def card_of(client: CarefulClient, number: str, do: str = "") -> str:
    """The part of a visit's page that says what can be done now."""
    page = client.get(f"/reception/visits/{number}?do={do}").text
    return page.partition('id="do"')[2].partition("</section>")[0]


def a_deposit(desk: CarefulClient, number: str) -> None:
    """An umbrella under tag 2."""
    desk.send("/reception/deposits/tags/add", first="1", last="3")
    held: dict[str, Any] = {"tag": "2", "thing": "umbrella", "pieces": "1", "visit": number}
    assert desk.send("/reception/deposits/store", **held).status_code == 303


# -- a D visitor whom the lead receives ----------------------------------------------------------------------------


@pytest.mark.clause("RC-11")
def test_whom_the_lead_receives_is_led_to_the_named_place_before_the_host_is_there(
    any_app: Flask, as_: As
) -> None:
    app, desk, lead = any_app, as_("desk1"), as_("lead.tech")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    do(lead, number, "agree", place="small", note="正好在选型")
    row = row_of(desk, number)
    assert "agreed: lead to Small meeting room" in row
    assert "正好在选型" in row
    assert "seated" not in row
    assert first_of(row) == "seat"
    assert "agreed: lead to Small meeting room" in desk.get(f"/reception/visits/{number}").text
    assert (number, "visit-seat") in factories.waiting(app, "desk1")
    do(desk, number, "seat")
    assert inbox(app, "lead.tech")[-1] == "visit:seated", "the lead hears that they sit there"
    row = row_of(desk, number)
    assert "agreed: received at Small meeting room" in row
    assert first_of(row) == "meet"
    assert f"/reception/visits/{number}/meet" in card_of(desk, number)
    do(desk, number, "undo")
    assert first_of(row_of(desk, number)) == "seat", "taken back, they are still to be led"


@pytest.mark.clause("RC-11")
def test_whom_the_lead_receives_where_they_sit_already_is_not_led_anywhere(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    do(as_("lead.tech"), number, "agree")
    row = row_of(desk, number)
    assert "agreed: received at Lounge" in row
    assert first_of(row) == "meet"


@pytest.mark.clause("RC-02")
def test_the_place_that_the_lead_named_is_kept_until_the_visitor_is_led_there(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    do(as_("lead.tech"), number, "agree", place="small")
    other = a_visit(desk, "C", phone="13800001111", purpose="应聘")
    assert number in do(desk, other, "seat", 409, place="small").text


# -- the check of the room ------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-27")
def test_while_something_is_out_the_room_is_not_offered_as_checked(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="应聘")
    do(desk, number, "seat")
    a_deposit(desk, number)
    do(desk, number, "leave")
    row = row_of(desk, number)
    assert first_of(row) == ""
    assert "1 thing still here" in row
    assert "still to check: Front desk" in row
    offered = card_of(desk, number)
    assert f"{number}/check" not in offered
    assert "Deposit with tag 2" in offered
    assert "RC-27" in offered
    assert f"{number}/check" not in card_of(desk, number, do="check"), "nor by an address of old"


@pytest.mark.clause("RC-13")
def test_who_did_the_own_half_of_the_check_is_told_who_does_the_other(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    for verb in ("seat", "leave", "check"):
        do(desk, number, verb)
    for who in ("desk1", "desk2"):
        row = row_of(as_(who), number)
        assert first_of(row) == "", who
        assert "still to check: Administration" in row
        offered = card_of(as_(who), number)
        assert f"{number}/check" not in offered, who
        assert "Still to check: Administration" in offered
        assert "RC-13" in offered
    assert "Your half of the check is done" in card_of(desk, number)
    assert first_of(row_of(as_("emp.admin"), number)) == "check"
    assert f"{number}/check" in card_of(as_("emp.admin"), number)


@pytest.mark.clause("RC-10")
def test_the_check_of_c_says_that_names_are_missing(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="年检", party_size="3")
    do(desk, number, "seat")
    do(desk, number, "leave")
    assert "names of the others missing" in row_of(desk, number)
    assert "RC-10" in card_of(desk, number)


# -- a place that cannot be had -------------------------------------------------------------------------------------


@pytest.mark.clause("RC-02")
def test_a_place_that_is_not_for_the_category_is_refused_with_those_that_are_free(
    app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="应聘")
    refused = desk.send(f"/reception/visits/{number}/seat", htmx=True, place="lounge")
    assert refused.status_code == 409
    assert "Free for this visitor now: Small meeting room." in refused.text
    assert "Small meeting room" in refused.headers["HX-Trigger"]
    page = do(desk, number, "seat", 409, place="lounge").text
    choices = re.search(r'<select[^>]*name="place".*?</select>', page, re.DOTALL)
    assert choices
    assert re.findall(r'value="(\w+)"', choices[0]) == ["small"], "and nothing else can be chosen"
    assert 'selected value="small"' in choices[0], "the next touch does it"
    do(desk, number, "seat", place="small")


@pytest.mark.clause("RC-02")
def test_a_place_where_somebody_sits_is_refused_with_those_that_are_free(any_app: Flask, as_: As) -> None:
    app, desk, lead = any_app, as_("desk1"), as_("lead.tech")
    first = a_visit(desk, "C", phone="13800001111", purpose="应聘")
    do(desk, first, "seat")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    refused = do(lead, number, "agree", 409, place="small").text
    assert first in refused
    assert "Free for this visitor now: Lounge." in refused
    assert load(app, number).state is State.ASKED
    other = a_visit(desk, "C", phone="13800002222", purpose="应聘")
    for text in (
        do(desk, other, "seat", 409).text,
        desk.send("/reception/board/seat", htmx=True, visit=other).text,
    ):
        assert "No other place is free for this visitor now." in text


@pytest.mark.clause("RC-02")
def test_a_place_that_is_booked_now_is_not_offered(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    booked = a_visit(
        desk, "C", host="emp.tech", phone="1", purpose="应聘", place="small",
        starts_at="2026-03-02T09:05", ends_at="2026-03-02T10:00",
    )  # fmt: skip
    do(as_("emp.tech"), booked, "confirm")
    number = a_visit(desk, "C", phone="13800001111", purpose="应聘")
    refused = do(desk, number, "seat", 409).text
    assert "No other place is free" in refused


def test_a_visits_page_costs_few_statements_whatever_is_offered(app: Flask, as_: As) -> None:
    desk, office = as_("desk1"), as_("office1")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    assert len(statements(office, f"/reception/visits/{number}")) <= 8
    do(office, number, "agree", place="small")
    assert len(statements(desk, f"/reception/visits/{number}")) <= 8
    a_deposit(desk, number)
    do(desk, number, "seat")
    do(desk, number, "leave")
    assert len(statements(desk, f"/reception/visits/{number}")) <= 8
    for path in ("/reception/", "/reception/visits/"):
        assert len(statements(office, path)) <= 8


def test_lists_of_words_are_joined_as_their_language_writes_them(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    do(desk, number, "leave")
    office = as_("office1")
    assert "Front desk, Administration" in office.get("/reception/").text
    assert "Coffee, Hot tea" in office.get("/reception/matrix").text
    office.lang = "zh-CN"
    assert "待检查：前台、行政" in office.get("/reception/").text
    assert "咖啡、热茶" in office.get("/reception/matrix").text
    refused = do(office, a_visit(office, "C"), "seat", 409)
    assert "电话、" in refused.text, "fields by their names"


@pytest.mark.clause("RC-11")
def test_a_refusal_is_said_in_its_own_words_and_signs(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    assert "The department still has time to answer. (RC-11)" in text_of(do(desk, number, "decline", 409))
    desk.lang = "zh-CN"
    assert "部门答复时限未到。（RC-11）" in text_of(do(desk, number, "decline", 409))
    nameless = desk.send("/reception/visits/new", category="B", visitor_name="", party_size="1").text
    assert "访客姓名：" in nameless
