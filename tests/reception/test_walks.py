"""A visit of each category from the door to the closed room, over the addresses (RC-07 … RC-13)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.reception import places, watch
from portal.blueprints.reception.codes import Late, PlaceKind, Refreshment, Satisfaction, State
from portal.kernel import reference
from tests import factories
from tests.conftest import As, At, client_of
from tests.reception.visits import a_visit, do, events, inbox, load


@pytest.mark.clause("RC-08")
@pytest.mark.clause("RC-13")
def test_a_guest_is_seated_before_anybody_is_told_and_the_room_is_checked_by_two(
    any_app: Flask, as_: As
) -> None:
    app, desk = any_app, as_("desk1")
    number = a_visit(desk, "B", host="emp.tech", company="华东机电")
    assert inbox(app, "emp.tech") == []
    do(desk, number, "seat")
    assert inbox(app, "emp.tech") == ["visit:seated"]
    assert "visit:seated" in inbox(app, "lead.tech")
    do(desk, number, "meet")
    do(desk, number, "leave")
    do(desk, number, "check")
    assert load(app, number).state is State.LEFT, "one side is not enough"
    assert "RC-13" in do(as_("desk2"), number, "check", 409).text, "two of the desk are one side"
    do(as_("emp.admin"), number, "check")
    assert load(app, number).state is State.CLOSED


@pytest.mark.clause("RC-13")
def test_after_an_interview_the_desk_alone_clears_the_room(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="应聘工程师", department="tech")
    do(desk, number, "seat")
    do(desk, number, "leave")
    do(desk, number, "check")
    assert load(app, number).state is State.CLOSED


@pytest.mark.clause("RC-10")
def test_c_is_registered_first_then_seated_then_the_administration_is_told(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", department="tech")
    refused = do(desk, number, "seat", 409)
    assert "RC-10" in refused.text
    assert load(app, number).state is State.ARRIVED
    form: dict[str, Any] = {
        "visitor_name": "王建国",
        "party_size": "1",
        "phone": "13800001111",
        "purpose": "应聘",
        "department": "tech",
    }
    assert desk.send(f"/reception/visits/{number}/edit", **form).status_code == 303
    do(desk, number, "seat")
    assert "visit:seated" in inbox(app, "lead.admin")
    assert "visit:seated" in inbox(app, "lead.tech"), "the lead of the department visited is told too"


@pytest.mark.clause("RC-07")
@pytest.mark.clause("RC-04")
def test_a_without_a_form_is_received_all_the_same_and_the_form_follows_late(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "A", host="emp.tech", company="重点客户")
    assert load(app, number).late is Late.AFTERWARDS
    assert inbox(app, "emp.tech") == ["visit:arrived"], "business staff hear of it on arrival"
    do(desk, number, "seat")
    assert "visit:seated" in inbox(app, "gm"), "one act moves them to the room and tells all hosts"
    assert "visit:seated" in inbox(app, "lead.tech")
    do(as_("emp.tech"), number, "arrange", topic="年度合作")
    visit = load(app, number)
    assert visit.arranged_at is not None
    assert visit.late is Late.AFTERWARDS, "it stays marked late"


@pytest.mark.clause("RC-11")
def test_d_on_business_waits_in_the_lounge_until_the_lead_agrees(app: Flask, as_: As) -> None:
    desk, lead = as_("desk1"), as_("lead.tech")
    number = a_visit(desk, "D", department="tech")
    do(desk, number, "seat", 409)
    assert "RC-11" in do(desk, number, "ask", 409, on_business="1").text, "the matter comes first"
    do(desk, number, "ask", purpose="推介软件", on_business="1")
    visit = load(app, number)
    assert visit.state is State.ASKED
    assert inbox(app, "lead.tech") == ["visit:ask"]
    do(desk, number, "meet", 409)
    do(as_("lead.impl"), number, "agree", 404)
    do(desk, number, "agree", 403)
    do(lead, number, "agree", place="small", note="请到小会议室")
    assert load(app, number).state is State.WAITING
    do(desk, number, "meet")
    assert load(app, number).state is State.MEETING


@pytest.mark.clause("RC-11")
def test_d_not_on_business_is_said_goodbye_to_by_the_desk(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "D", department="market")
    assert "RC-11" in do(desk, number, "ask", 409, purpose="推销保险").text, "only business is asked"
    do(desk, number, "decline", material="宣传册一份")
    visit = load(app, number)
    assert (visit.state, visit.material) == (State.DECLINED, "宣传册一份")
    assert visit.left_at is not None
    assert "visit:material" in inbox(app, "lead.market"), "what was left is routed"


@pytest.mark.clause("RC-11")
def test_the_desk_says_goodbye_itself_only_when_nobody_answered(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    number = a_visit(desk, "D", department="tech")
    do(desk, number, "ask", purpose="推介", on_business="1")
    at("Mon 2026-03-02 09:09")
    assert "RC-11" in do(desk, number, "decline", 409).text
    at("Mon 2026-03-02 09:10")
    do(desk, number, "decline", note="无人答复")
    assert load(app, number).state is State.DECLINED


@pytest.mark.clause("RC-02")
@pytest.mark.parametrize(
    ("category", "place", "allowed"),
    [
        ("A", "large", True), ("A", "small", False), ("A", "lounge", False),
        ("B", "large", True), ("B", "small", False), ("B", "lounge", False),
        ("C", "small", True), ("C", "large", False), ("C", "lounge", False),
    ],
)  # fmt: skip
def test_each_category_has_its_places(app: Flask, as_: As, category: str, place: str, allowed: bool) -> None:
    desk = as_("desk1")
    number = a_visit(desk, category, phone="13800001111", purpose="来访", host="emp.tech")
    answer = do(desk, number, "seat", 303 if allowed else 409, place=place)
    assert allowed or "RC-02" in answer.text


@pytest.mark.clause("RC-24")
def test_whoever_asks_for_a_leader_is_asked_for_the_matter_first(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    form: dict[str, Any] = {"category": "B", "visitor_name": "李总", "party_size": "1", "host": "gm"}
    refused = desk.send("/reception/visits/new", **form)
    assert refused.status_code == 422
    assert "RC-24" in refused.text
    assert "李总" in refused.text, "nothing typed is lost"
    a_visit(desk, "B", host="gm", purpose="商谈合作")


@pytest.mark.clause("RC-19")
def test_an_appointment_is_confirmed_by_the_department_and_arrives_by_one_touch(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    desk, host = as_("desk1"), as_("emp.tech")
    number = a_visit(
        desk, "B", host="emp.tech", purpose="看样机", starts_at="2026-03-03T10:00", ends_at="2026-03-03T11:00"
    )
    assert load(app, number).state is State.EXPECTED
    assert inbox(app, "emp.tech") == ["visit:booked"]
    do(desk, number, "meet", 409)
    do(host, number, "confirm", place="large")
    at("Tue 2026-03-03 09:55")
    do(client_of(app, "desk1"), number, "arrive")
    visit = load(app, number)
    assert (visit.state, visit.arrived_at is not None) == (State.ARRIVED, True)


@pytest.mark.clause("RC-19")
def test_somebody_has_not_come_only_after_the_set_time(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech", purpose="看样机", starts_at="2026-03-02T10:00")
    at("Mon 2026-03-02 10:29")
    assert "RC-19" in do(desk, number, "no-show", 409).text
    at("Mon 2026-03-02 10:30")
    do(desk, number, "no-show")
    assert load(app, number).state is State.NO_SHOW
    do(desk, number, "arrive")
    assert load(app, number).state is State.ARRIVED, "whoever comes late is received"


@pytest.mark.clause("RC-04")
def test_a_late_arrangement_form_needs_a_reason_and_the_offices_approval(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    form: dict[str, Any] = {
        "visitor_name": "王总", "party_size": "4", "host": "emp.tech", "purpose": "年度会谈",
        "starts_at": "2026-03-02T14:00", "ends_at": "2026-03-02T15:00", "place": "large",
        "topic": "年度合作",
    }  # fmt: skip
    refused = desk.send("/reception/visits/new", category="A", **form)
    assert refused.status_code == 422
    assert "RC-04" in refused.text
    number = a_visit(desk, "A", **(form | {"late_reason": "客户临时到访"}))
    assert load(app, number).late is Late.ASKED
    do(desk, number, "approve-late", 403)
    do(as_("office1"), number, "approve-late")
    assert load(app, number).late is Late.APPROVED, "it stays marked late"


@pytest.mark.clause("RC-04")
def test_a_form_a_working_day_ahead_is_in_time(app: Flask, as_: As, at: At) -> None:
    at("Fri 2026-03-06 16:00")
    number = a_visit(
        as_("desk1"),
        "A",
        host="emp.tech",
        purpose="会谈",
        starts_at="2026-03-09T09:00",
        ends_at="2026-03-09T10:00",
    )
    assert load(app, number).late is Late.NO


@pytest.mark.clause("RC-14")
def test_something_unusual_reaches_the_superior_at_once(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "D", department="market")
    assert do(desk, number, "report", 422).status_code == 422
    do(desk, number, "report", note="情绪激动")
    assert "visit:report" in inbox(app, "lead.admin")


@pytest.mark.clause("RC-21")
def test_what_a_visitor_says_on_leaving_reaches_the_department(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "leave", satisfaction="fair", remark="停车不便")
    assert inbox(app, "lead.tech").count("visit:remark") == 1


@pytest.mark.clause("RC-17")
def test_a_touch_is_taken_back_within_ten_minutes_and_both_stay_in_the_history(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    do(desk, number, "leave")
    at("Mon 2026-03-02 09:10")
    do(desk, number, "undo")
    visit = load(app, number)
    assert (visit.state, visit.left_at) == (State.WAITING, None)
    do(desk, number, "undo")
    assert load(app, number).state is State.ARRIVED
    assert "RC-17" in do(desk, number, "undo", 409).text, "there is nothing more"
    assert events(app, number) == ["visit:register", "visit:seat", "visit:leave", "visit:undo", "visit:undo"]


@pytest.mark.clause("RC-17")
def test_after_ten_minutes_only_a_correction_says_how_it_was(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    at("Mon 2026-03-02 09:11")
    assert "RC-17" in do(desk, number, "undo", 409).text


@pytest.mark.clause("RC-27")
def test_a_visit_is_not_closed_while_something_is_held_for_it(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="应聘")
    do(desk, number, "seat")
    desk.send("/reception/deposits/tags/add", first="1", last="3")
    held: dict[str, Any] = {"tag": "2", "thing": "umbrella", "pieces": "1", "visit": number}
    assert desk.send("/reception/deposits/store", **held).status_code == 303
    left = do(desk, number, "leave")
    assert load(app, number).state is State.LEFT, "leaving is always recorded"
    assert "RC-27" in desk.get(left.headers["Location"]).text, "and says what is not back yet"
    assert "RC-27" in do(desk, number, "check", 409).text


@pytest.mark.clause("RC-03")
def test_duties_follow_from_the_category_and_each_side_does_its_own(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    assert "RC-03" in do(as_("emp.tech"), number, "task", 409, task="task:refreshment").text
    do(desk, number, "task", task="task:refreshment")
    assert load(app, number).served_at is not None
    assert "task:accompany" in as_("emp.tech").get("/").text


@pytest.mark.clause("RC-01")
def test_the_category_comes_first(app: Flask, as_: As) -> None:
    refused = as_("desk1").send("/reception/visits/new", visitor_name="王建国")
    assert refused.status_code == 422
    assert "RC-01" in refused.text


@pytest.mark.clause("RC-02")
def test_an_office_receives_its_owners_guests_only(app: Flask, as_: As) -> None:
    from portal.blueprints.reception.models import Place
    from portal.kernel import reference
    from portal.kernel.db import db

    owner = factories.id_of(app, "gm")
    with app.app_context(), db.write():
        db.session.add(Place(code="gm", name="总经理办公室", kind=PlaceKind.OFFICE, owner_id=owner))
        reference.changed()
    desk = as_("desk1")
    theirs = a_visit(desk, "B", host="gm", purpose="商谈")
    others = a_visit(desk, "B", host="emp.tech")
    assert "RC-02" in do(desk, others, "seat", 409, place="gm").text
    do(desk, theirs, "seat", place="gm")


@pytest.mark.clause("RC-18")
def test_nobody_is_recorded_twice_who_has_an_appointment(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    who: dict[str, Any] = {"visitor_name": "李晓东", "phone": "13800001111"}
    number = a_visit(desk, "B", host="emp.tech", purpose="看样机", starts_at="2026-03-02T10:00", **who)
    asked = desk.send("/reception/visits/new", category="B", party_size="1", **who)
    assert asked.status_code == 409
    assert f"/reception/visits/{number}/arrive" in asked.text, "one touch, nothing typed twice"
    assert "RC-18" in asked.text
    assert a_visit(desk, "B", another="1", **who) != number


@pytest.mark.clause("RC-10")
def test_the_other_names_of_c_follow_before_the_visit_is_closed(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="年检", party_size="3")
    do(desk, number, "seat")
    do(desk, number, "leave")
    assert "RC-10" in do(desk, number, "check", 409).text
    form: dict[str, Any] = {
        "visitor_name": "王建国",
        "party_size": "3",
        "party": "李四\n张三",
        "phone": "13800001111",
    }
    assert ("task:names", "desk") in duties(app, number)
    assert desk.send(f"/reception/visits/{number}/edit", **form).status_code == 303
    assert ("task:names", "desk") not in duties(app, number), "they are written down"
    do(desk, number, "check")
    assert load(app, number).state is State.CLOSED


def test_the_board_is_sent_again_only_when_something_on_it_changed(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk, asked = as_("desk1"), {"HX-Request": "true"}
    a_visit(desk, "B", host="emp.tech")
    drawn = desk.get("/reception/board", headers=asked).text
    carried = re.search(r"hx-headers='(\{.*?\})'", drawn)
    assert carried, "the board carries its tags itself"
    asked |= json.loads(carried[1])
    factories.a_case(app)
    assert desk.get("/reception/board", headers=asked).status_code == 304
    a_visit(desk, "B", visitor_name="李四")
    assert desk.get("/reception/board", headers=asked).status_code == 200


@pytest.mark.clause("RC-18")
@pytest.mark.parametrize("typed", ["罗雪", "luoxuem", "lxm", "5678", "华东"])
def test_whoever_was_here_before_is_found_by_a_few_signs_and_recorded_by_one_touch(
    app: Flask, as_: As, typed: str
) -> None:
    desk = as_("desk1")
    a_visit(desk, "B", visitor_name="罗雪梅", company="华东机电", phone="13912345678", consent="1")
    offered = desk.get(f"/reception/visitors?visitor_name={typed}", headers={"HX-Request": "true"}).text
    assert "139****5678" in offered
    assert "13912345678" not in offered
    card = re.search(r'name="customer" value="(\d+)"', offered)
    assert card, offered
    number = a_visit(desk, "B", visitor_name=typed, customer=card[1])
    visit = load(app, number)
    assert (visit.visitor_name, visit.company, visit.phone) == ("罗雪梅", "华东机电", "13912345678")
    assert visit.customer_id == int(card[1])


@pytest.mark.clause("RC-20")
def test_a_known_visitor_s_number_is_shown_in_part_also_where_the_form_comes_back(
    app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    a_visit(desk, "B", visitor_name="罗雪梅", company="华东机电", phone="13912345678", consent="1")
    offered = desk.get("/reception/visitors?visitor_name=lxm", headers={"HX-Request": "true"}).text
    card = re.search(r'name="customer" value="(\d+)"', offered)
    assert card, offered
    early = desk.send("/reception/visits/new", visitor_name="lxm", party_size="1", customer=card[1])
    assert early.status_code == 422, "the category was not chosen yet"
    assert 'value="139****5678"' in early.text
    assert "13912345678" not in early.text
    again: dict[str, Any] = {
        "visitor_name": "罗雪梅",
        "company": "华东机电",
        "phone": "139****5678",
        "card": card[1],
    }
    number = a_visit(desk, "B", consent="1", **again)
    visit = load(app, number)
    assert (visit.phone, visit.customer_id) == ("13912345678", int(card[1]))
    assert "visit:reveal" not in events(app, number), "nobody looked"
    for typed in ({"card": ""}, {"card": "999"}, {"card": "x"}, {"phone": "139****0000"}):
        assert desk.send("/reception/visits/new", category="B", **(again | typed)).status_code == 422, typed


@pytest.mark.clause("RC-20")
def test_an_employee_learns_nothing_from_the_number_of_a_card(app: Flask, as_: As) -> None:
    a_visit(as_("desk1"), "B", visitor_name="罗雪梅", company="华东机电", phone="13912345678", consent="1")
    for name in ("customer", "card"):
        typed: dict[str, Any] = {"visitor_name": "某人", name: "1"}
        answer = as_("emp.tech").send("/reception/visits/new", **typed)
        assert answer.status_code == 422
        for kept in ("罗雪梅", "华东机电", "139"):
            assert kept not in answer.text, name
    guessed = as_("emp.tech").send(
        "/reception/visits/new", visitor_name="某人", phone="139****5678", card="1"
    )
    assert "This is not a phone number." in guessed.text


@pytest.mark.clause("RC-18")
def test_who_comes_again_is_received_for_whom_they_visited_last_in_three_touches(
    any_app: Flask, as_: As, at: At
) -> None:
    app, desk = any_app, as_("desk1")
    who: dict[str, Any] = {"visitor_name": "罗雪梅", "company": "华东机电", "phone": "13912345678"}
    a_visit(desk, "B", host="emp.impl", consent="1", **who)
    at("Mon 2026-03-02 09:10")
    a_visit(desk, "B", host="emp.tech", consent="1", **who)
    at("Mon 2026-03-02 09:30")
    offered = desk.get("/reception/visitors?visitor_name=lxm", headers={"HX-Request": "true"}).text
    card = re.search(r'name="customer" value="(\d+)"', offered)
    assert card, offered
    assert f"for {called(app, 'emp.tech')}, as last time" in offered, "before it is touched"
    touched: dict[str, Any] = {"visitor_name": "lxm", "party_size": "1", "customer": card[1]}
    recorded = desk.send("/reception/visits/new", category="B", host="", department="", **touched)
    number = recorded.headers["Location"].rpartition("/")[2]
    assert load(app, number).host_id == factories.id_of(app, "emp.tech")
    assert f"As last time for {called(app, 'emp.tech')}" in desk.get(recorded.headers["Location"]).text
    do(desk, number, "seat")
    other = a_visit(desk, "B", **(touched | {"host": "emp.admin"}))
    assert load(app, other).host_id == factories.id_of(app, "emp.admin"), "who was chosen counts"
    third = a_visit(desk, "B", **(touched | {"department": "market"}))
    assert (load(app, third).host_id, load(app, third).department) == (None, "market")
    assert "for Marketing, as last time" in desk.get("/reception/visitors?words=lxm").text


def called(app: Flask, username: str) -> str:
    """How a colleague is called on an English page."""
    with app.app_context():
        card = reference.staff().by_username(username)
        assert card is not None
        return card.name_en or card.name


@pytest.mark.clause("RC-11")
def test_the_desk_does_not_take_back_what_the_lead_decided(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    number = a_visit(desk, "D", department="tech", purpose="推介")
    do(desk, number, "ask", on_business="1")
    at("Mon 2026-03-02 09:02")
    do(as_("lead.tech"), number, "agree")
    do(desk, number, "undo", 409)
    assert load(app, number).state is State.WAITING


@pytest.mark.clause("RC-02")
def test_a_confirmed_appointment_has_a_place_that_nobody_else_has(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    when = {"purpose": "会谈", "starts_at": "2026-03-04T10:00", "ends_at": "2026-03-04T11:00"}
    first, second = (a_visit(desk, "B", visitor_name=name, host="emp.tech", **when) for name in ("甲", "乙"))
    do(as_("emp.tech"), first, "confirm")
    do(as_("emp.tech"), second, "confirm")
    assert load(app, first).place_id is not None
    assert load(app, second).place_id is None, "the only room is taken: the department has to say where"


def duties(app: Flask, number: str) -> set[tuple[str, str]]:
    """Task and side of every duty around a visit."""
    visit = load(app, number)
    with app.app_context():
        return {(str(row.task), str(row.side)) for row in watch.tasks_of(visit)}


@pytest.mark.clause("RC-05")
def test_of_c_the_administration_greets_and_serves_and_the_manager_hosts(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13800001111", purpose="税务核对", department="impl")
    assert {("task:greeter", "clerk"), ("task:refreshment", "clerk")} <= duties(app, number)
    assert load(app, number).refreshment in {Refreshment.TEA, Refreshment.WATER}
    do(desk, number, "seat")
    with app.app_context():
        place = places.of_visit(load(app, number))
    assert place is not None
    assert place.kind is PlaceKind.SMALL
    assert "visit:seated" in inbox(app, "lead.impl")


@pytest.mark.clause("RC-06")
def test_of_d_the_desk_greets_and_serves_water(app: Flask, as_: As) -> None:
    number = a_visit(as_("desk1"), "D", department="market")
    assert ("task:refreshment", "desk") in duties(app, number)
    visit = load(app, number)
    assert visit.refreshment is Refreshment.WATER
    assert visit.greeted_by_id == factories.id_of(app, "desk1")


@pytest.mark.clause("RC-09")
def test_b_with_an_appointment_sits_where_it_says_and_the_person_visited_is_told(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    desk = as_("desk1")
    when = {"purpose": "看样机", "starts_at": "2026-03-02T10:00", "ends_at": "2026-03-02T11:00"}
    number = a_visit(desk, "B", host="emp.tech", place="large", **when)
    do(as_("emp.tech"), number, "confirm")
    at("Mon 2026-03-02 09:55")
    do(desk, number, "arrive")
    do(desk, number, "seat")
    with app.app_context():
        place = places.of_visit(load(app, number))
    assert place is not None
    assert place.code == "large"
    assert inbox(app, "emp.tech")[-1] == "visit:seated"


def test_the_board_offers_nobody_a_touch_that_is_not_theirs(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    meet = f"/reception/visits/{number}/meet"
    for who, offered in (("desk1", True), ("emp.tech", True), ("lead.tech", True), ("emp.admin", False)):
        page = as_(who).get("/reception/").text
        assert number in page, "the administration sees whom it looks after"
        assert (meet in page) is offered, who


@pytest.mark.clause("RC-21")
def test_each_answer_of_the_farewell_is_one_touch_and_the_enter_key_answers_for_nobody(
    app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat")
    form = (
        desk.get(f"/reception/visits/{number}?do=leave")
        .text.partition('id="leave"')[2]
        .partition("</form>")[0]
    )
    buttons = re.findall(r'<button type="submit"[^>]* name="satisfaction" value="(\w*)"', form)
    assert buttons == ["", "satisfied", "fair", "dissatisfied"]
    assert "<select" not in form
    do(desk, number, "leave", satisfaction="", remark="")
    assert load(app, number).satisfaction is None
    do(desk, number, "farewell", satisfaction="fair")
    assert load(app, number).satisfaction is Satisfaction.FAIR
