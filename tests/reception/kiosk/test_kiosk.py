"""The kiosk: a visitor announces themselves, sees nothing of others, and nothing else opens there."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal.blueprints.reception.codes import Category, Late, State
from portal.blueprints.reception.kiosk import rules
from portal.blueprints.reception.kiosk.models import KioskVisit
from portal.blueprints.reception.models import Visit, VisitTask
from portal.blueprints.reception.privacy import ERASERS
from portal.kernel import history, kiosks, policies
from portal.kernel.db import db
from portal.kernel.sessions import digest
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import At, client_of
from tests.house.test_routes import filled
from tests.reception.kiosk.making import START, a_link, a_tablet, turn
from tests.reception.visits import a_visit, do, events, inbox, load

SOON = "2026-03-02T10:00"
WALK_IN: dict[str, Any] = {
    "visitor_name": "赵敏", "phone": "13700002222", "company": "某公司", "asked_for": "技术部王工", "department": "tech",
    "purpose": "洽谈软件合作", "party_size": "2", "agree": "y", "why": "other",
}  # fmt: skip


def expected(app: Flask, **more: Any) -> str:
    """An appointment of today."""
    usual = {
        "host": "emp.tech",
        "starts_at": SOON,
        "purpose": "演示",
        "phone": "13800001111",
        "company": "华东机电",
    }
    return a_visit(client_of(app, "desk1"), "B", **(usual | more))


def find(browser: CarefulClient, **typed: Any) -> TestResponse:
    """What somebody types to be found."""
    key = turn(browser, "appointment")
    return browser.send(f"{START}/appointment", turn=key, **typed)


def confirm(browser: CarefulClient, **typed: Any) -> TestResponse:
    """Say that it is oneself."""
    return browser.send(f"{START}/confirm", turn=turn(browser, "confirm"), **typed)


def walk_in(browser: CarefulClient, **typed: Any) -> TestResponse:
    return browser.send(f"{START}/walk-in", turn=turn(browser, "walk-in"), **(WALK_IN | typed))


def the_visit(app: Flask, name: str) -> Visit:
    with app.app_context():
        number = db.session.scalar(sa.select(Visit.number).where(Visit.visitor_name == name))
        db.session.remove()
    assert number, f"{name} is not recorded"
    return load(app, number)


# -- with an appointment --------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-18")
@pytest.mark.clause("RC-20")
@pytest.mark.clause("RC-23")
def test_an_appointment_arrives_by_its_code(any_app: Flask, at: At) -> None:
    app = any_app
    number, tablet = expected(app), a_tablet(app)
    at("Mon 2026-03-02 09:50")
    answer = find(tablet, code=load(app, number).pass_code.lower())
    assert answer.headers["Location"] == f"{START}/confirm"
    page = text_of(tablet.get(f"{START}/confirm"))
    assert "王**" in page
    assert "李工" in page
    assert "We record your name" in page
    for hidden in ("王建国", "13800001111", "演示", "华东机电", number):
        assert hidden not in page
    assert "RC-20" in confirm(tablet, party_size="3").text, "nothing without consent"
    assert load(app, number).state is State.EXPECTED
    assert confirm(tablet, party_size="3", agree="y").headers["Location"] == f"{START}/done"
    visit = load(app, number)
    assert (visit.state, visit.party_size, visit.measured, visit.greeted_at) == (State.ARRIVED, 3, True, None)
    assert "visit:kiosk" in inbox(app, "desk1")
    assert events(app, number)[-2:] == ["visit:arrive", "visit:consent"]
    with app.app_context():
        lines = sa.select(history.Line.by_id).where(history.Line.event.in_(("visit:arrive", "visit:consent")))
        assert set(db.session.scalars(lines)) == {None}, "nobody of the house did it"
        row = db.session.get_one(KioskVisit, visit.id)
        assert db.session.get_one(policies.Policy, row.notice_id).key == "visit.privacy_notice.en"
        db.session.remove()
    assert not re.search("王|李工", tablet.get(f"{START}/confirm", follow_redirects=True).text), (
        "the turn is over"
    )
    at("Mon 2026-03-02 09:51")
    do(client_of(app, "desk1"), number, "greet")
    assert "60 s" in client_of(app, "desk1").get(f"/reception/visits/{number}").text, "greeting was measured"


@pytest.mark.clause("RC-18")
def test_an_appointment_is_found_by_the_phones_end_and_the_name(app: Flask) -> None:
    expected(app)
    tablet = a_tablet(app)
    for name in ("王", "王建国"):
        assert find(tablet, tail="1111", name=name).status_code == 303
    for wrong in ({"tail": "1111", "name": "李"}, {"tail": "2222", "name": "王"}, {"code": "AAAAAAAA"}):
        answer = find(tablet, **wrong)
        assert answer.status_code == 422
        assert not re.search("建国|李工", answer.text)
    for unfinished in ({}, {"tail": "1111"}, {"name": "王"}, {"tail": "11", "name": "王"}):
        assert find(tablet, **unfinished).status_code == 422


@pytest.mark.clause("RC-20")
def test_wrong_tries_are_counted_for_the_kiosk_alone(app: Flask, at: At) -> None:
    number, tablet, other = expected(app), a_tablet(app), a_tablet(app)
    code = load(app, number).pass_code
    for _ in range(5):
        assert find(tablet, code="WRONG").status_code == 422
    assert find(tablet, code=code).status_code == 429
    assert find(other, code=code).status_code == 303
    at("Mon 2026-03-02 09:06")
    assert find(tablet, code=code).status_code == 303


def test_only_todays_open_appointments_are_found(app: Flask) -> None:
    later = load(app, expected(app, starts_at="2026-03-03T10:00")).pass_code
    number = expected(app, visitor_name="钱多")
    do(client_of(app, "desk1"), number, "arrive")
    tablet = a_tablet(app)
    for code in (later, load(app, number).pass_code):
        assert find(tablet, code=code).status_code == 422


def test_when_the_desk_is_faster_the_kiosk_says_so(app: Flask) -> None:
    number, tablet = expected(app), a_tablet(app)
    find(tablet, code=load(app, number).pass_code)
    key = turn(tablet, "confirm")
    do(client_of(app, "desk1"), number, "arrive")
    answer = tablet.send(f"{START}/confirm", turn=key, agree="y", party_size="1")
    assert answer.headers["Location"] == START
    assert load(app, number).measured is False


# -- without ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-18")
@pytest.mark.clause("RC-23")
def test_who_has_no_appointment_is_recorded_for_the_desk(any_app: Flask) -> None:
    app = any_app
    tablet = a_tablet(app)
    assert walk_in(tablet).headers["Location"] == f"{START}/done"
    visit = the_visit(app, "赵敏")
    assert (visit.state, visit.category, visit.department) == (State.ARRIVED, Category.D, "tech")
    assert (visit.measured, visit.greeted_at, visit.consent) == (True, None, False)
    assert "visit:kiosk" in inbox(app, "desk2")
    page = text_of(client_of(app, "desk1").get(f"/reception/visits/{visit.number}"))
    assert "From the kiosk" in page
    assert "asks for 技术部王工" in page
    with app.app_context():
        first = sa.select(history.Line.by_id).where(history.Line.event == "visit:register")
        assert db.session.scalars(first).all() == [None]
        with db.write():
            for erase in ERASERS:
                erase(visit.id)
        assert db.session.get_one(KioskVisit, visit.id).asked_for == ""
        db.session.remove()
    assert factories.history_faults(app) == []


@pytest.mark.clause("RC-20")
def test_what_is_missing_is_told_and_what_was_typed_stays(app: Flask) -> None:
    tablet = a_tablet(app)
    for missing in ("why", "visitor_name", "phone", "purpose", "agree"):
        answer = walk_in(tablet, **{missing: ""})
        assert answer.status_code == 422, missing
        assert "某公司" in answer.text
    assert walk_in(tablet, department="nowhere").status_code == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == 0


@pytest.mark.clause("RC-01")
def test_the_desk_gives_it_another_category(app: Flask) -> None:
    tablet, desk = a_tablet(app), client_of(app, "desk1")
    walk_in(tablet)
    visit = the_visit(app, "赵敏")
    form: dict[str, Any] = {
        "category": "A", "visitor_name": "赵敏", "party_size": "2", "phone": "13700002222", "purpose": "洽谈",
        "department": "tech", "host": "emp.tech",
    }  # fmt: skip
    assert desk.send(f"/reception/visits/{visit.number}/edit", **form).status_code == 303
    mended = load(app, visit.number)
    assert (mended.category, mended.late) == (Category.A, Late.AFTERWARDS), "the arrangement form follows"
    waits = {kind for _, kind in factories.waiting(app, "emp.tech")}
    assert {"arrange", "task:greeter"} <= waits
    assert (
        desk.send(f"/reception/visits/{visit.number}/edit", **(form | {"category": "D"})).status_code == 303
    )
    assert load(app, visit.number).late is Late.NO
    assert "arrange" not in {kind for _, kind in factories.waiting(app, "emp.tech")}


def tasks(app: Flask, number: str) -> set[str]:
    """The duties around a visit."""
    with app.app_context():
        rows = sa.select(VisitTask.task).join(Visit).where(Visit.number == number)
        found = {str(task) for task in db.session.scalars(rows)}
        db.session.remove()
    return found


@pytest.mark.clause("RC-01")
@pytest.mark.parametrize(
    ("why", "words", "likely"),
    [
        ("meeting", "A talk or a meeting", "B"),
        ("business", "An interview, or business with a department", "C"),
        ("delivery", "A delivery", "D"),
        ("other", "Something else", "D"),
    ],
)
def test_the_board_says_why_somebody_came_and_the_likely_category_stands_out(
    app: Flask, why: str, words: str, likely: str
) -> None:
    tablet = a_tablet(app)
    assert words in tablet.get(f"{START}/walk-in").text
    assert not re.search("categor", tablet.get(f"{START}/walk-in").text, re.IGNORECASE), "that is our word"
    walk_in(tablet, why=why)
    visit, desk = the_visit(app, "赵敏"), client_of(app, "desk1")
    board = desk.get("/reception/").text
    assert f"From the kiosk: {words}" in board
    buttons = re.findall(r'class="act px-2( first)?" name="category" value="([A-D])"', board)
    assert [code for _, code in buttons] == ["A", "B", "C", "D"]
    assert [code for first, code in buttons if first] == [likely]
    card = text_of(desk.get(f"/reception/visits/{visit.number}"))
    assert "category still open" in card
    assert words in card
    assert "visit-categorise" in {kind for _, kind in factories.waiting(app, "desk2")}


@pytest.mark.clause("RC-01")
def test_nothing_that_follows_from_a_category_happens_before_the_desk_says_which(app: Flask) -> None:
    walk_in(a_tablet(app), why="meeting")
    visit, desk = the_visit(app, "赵敏"), client_of(app, "desk1")
    assert (visit.undecided, visit.refreshment, tasks(app, visit.number)) == (True, None, set())
    do(desk, visit.number, "greet")
    assert tasks(app, visit.number) == set(), "a greeting asks for no category, and brings no duties"
    asked = {"purpose": "洽谈", "on_business": "y"}
    for verb, fields in (("ask", asked), ("decline", {}), ("seat", {}), ("meet", {})):
        do(desk, visit.number, verb, 409, **fields)
    for verb, fields in (("ask", asked), ("decline", {})):
        assert "RC-01" in do(desk, visit.number, verb, 409, **fields).text
    board = client_of(app, "desk2").get("/reception/").text
    assert f"/reception/visits/{visit.number}?do=ask" not in board
    assert load(app, visit.number).state is State.ARRIVED
    do(desk, visit.number, "leave")


@pytest.mark.clause("RC-01")
def test_one_touch_of_the_desk_sets_the_category_and_what_follows_begins(any_app: Flask) -> None:
    app = any_app
    walk_in(a_tablet(app), why="business")
    number, desk = the_visit(app, "赵敏").number, client_of(app, "desk1")
    do(client_of(app, "lead.tech"), number, "categorise", 403, category="A")
    do(desk, number, "categorise", 422)
    answer = desk.send(f"/reception/visits/{number}/categorise", category="C", back="board")
    assert answer.headers["Location"] == "/reception/"
    visit = load(app, number)
    assert (visit.category, visit.undecided, visit.late) == (Category.C, False, Late.NO)
    assert visit.refreshment is not None
    assert "task:refreshment" in tasks(app, number)
    assert "visit-seat" in {kind for _, kind in factories.waiting(app, "desk1")}
    assert f'action="/reception/visits/{number}/seat"' in desk.get("/reception/").text
    assert events(app, number)[-1] == "visit:categorise"
    told = text_of(desk.get(f"/reception/visits/{number}"))
    assert "Category set by the desk" in told
    assert "Category: C · administrative" in told, "the history tells which"
    again = do(desk, number, "categorise", 409, category="A")
    assert "RC-01" in again.text, "once it is said, the record is mended"
    assert load(app, number).category is Category.C
    do(desk, number, "seat")
    assert factories.history_faults(app) == []


@pytest.mark.clause("RC-04")
@pytest.mark.parametrize("verb", ["categorise", "edit"])
def test_a_kiosk_visitor_of_category_a_is_received_and_the_form_follows(app: Flask, verb: str) -> None:
    """RC-01: said by one touch or in the record, what follows from the category begins."""
    walk_in(a_tablet(app), why="meeting")
    number, desk = the_visit(app, "赵敏").number, client_of(app, "desk1")
    record: dict[str, Any] = {"visitor_name": "赵敏", "party_size": "1", "department": "tech"}
    do(desk, number, verb, category="A", **(record if verb == "edit" else {}))
    found = load(app, number)
    assert (found.undecided, found.late) == (False, Late.AFTERWARDS)
    assert found.refreshment is not None
    assert "visit:arrived" in inbox(app, "lead.tech"), (
        "the business staff hear of an A visitor at once (RC-07)"
    )


def test_a_delivery_is_said_goodbye_to_by_one_touch(app: Flask) -> None:
    walk_in(a_tablet(app), why="delivery")
    number, desk = the_visit(app, "赵敏").number, client_of(app, "desk1")
    do(desk, number, "categorise", category="D")
    board = desk.get("/reception/").text
    assert re.search(
        rf'action="/reception/visits/{number}/leave"[^>]*>(?:(?!</form>).)*class="act first"', board
    )
    assert "?do=ask" not in board


@pytest.mark.clause("RC-02")
def test_who_sits_somewhere_becomes_only_what_is_received_there(app: Flask) -> None:
    desk = client_of(app, "desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "seat", place="large")
    refused = desk.send(
        f"/reception/visits/{number}/edit", category="C", visitor_name="王建国", party_size="1"
    )
    assert refused.status_code == 409
    assert "RC-02" in refused.text
    assert load(app, number).category is Category.B


def test_an_appointment_of_another_category_needs_its_form_in_time(app: Flask) -> None:
    number, desk = expected(app), client_of(app, "desk1")
    form: dict[str, Any] = {
        "visitor_name": "王建国",
        "party_size": "1",
        "purpose": "演示",
        "host": "emp.tech",
    }
    assert desk.send(f"/reception/visits/{number}/edit", category="A", **form).status_code == 303
    assert load(app, number).late is Late.ASKED, "for today it comes too late (RC-04)"
    assert desk.send(f"/reception/visits/{number}/edit", **form).status_code == 303
    assert load(app, number).category is Category.A, "an edit without a category leaves it"


# -- one visitor after the other ------------------------------------------------------------------------------------


@pytest.mark.clause("RC-20")
def test_nothing_of_a_visitor_is_left_for_the_next(app: Flask, at: At) -> None:
    number, tablet = expected(app), a_tablet(app)
    code = load(app, number).pass_code
    key = turn(tablet, "walk-in")
    tablet.get(START)
    again = tablet.send(f"{START}/walk-in", turn=key, **WALK_IN)
    assert again.headers["Location"] == START, "a form of the turn before is worth nothing"
    find(tablet, code=code)
    tablet.get(START)
    assert tablet.get(f"{START}/confirm").headers["Location"] == START
    find(tablet, code=code)
    at("Mon 2026-03-02 09:06")
    assert tablet.get(f"{START}/confirm").headers["Location"] == START, "a turn ends by itself"
    assert tablet.get(f"{START}/walk-in").headers["Cache-Control"] == "no-store"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == 1


def test_a_form_sent_twice_records_one_visit(app: Flask) -> None:
    tablet = a_tablet(app)
    key = turn(tablet, "walk-in")
    with tablet.session_transaction() as cookie:
        kept = dict(cookie["kiosk_turn"])
    assert tablet.send(f"{START}/walk-in", turn=key, **WALK_IN).headers["Location"] == f"{START}/done"
    with tablet.session_transaction() as cookie:
        cookie["kiosk_turn"] = kept
    assert tablet.send(f"{START}/walk-in", turn=key, **WALK_IN).headers["Location"] == f"{START}/done"
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Visit.id))) == 1


def test_pages_go_back_to_the_start_by_themselves_and_lead_nowhere_else(app: Flask) -> None:
    tablet = a_tablet(app)
    for page in ("appointment", "walk-in", "done"):
        html = tablet.get(f"{START}/{page}").text
        assert re.search(r'data-idle="\d+" data-start="/reception/kiosk"', html), page
        assert 'http-equiv="refresh"' in html, page
    for page in ("", "/appointment", "/walk-in", "/done"):
        html = tablet.get(f"{START}{page}").text
        links = set(re.findall(r'<a [^>]*href="([^"]+)"', html))
        assert links <= {START, f"{START}/appointment", f"{START}/walk-in"}, page
        assert not re.search("方雅琴|李工|林国栋", html), "nobody of the house is named"


def test_the_pages_speak_chinese(app: Flask) -> None:
    tablet = a_tablet(app)
    tablet.get(START)
    tablet.send("/language", locale="zh", next=START)
    tablet.lang = "zh-CN"
    assert "我有预约" in tablet.get(START).text
    assert "我们登记您的姓名" in tablet.get(f"{START}/walk-in").text


# -- the tablet's own login -----------------------------------------------------------------------------------------


@pytest.mark.clause("RC-18")
def test_a_kiosk_opens_nothing_but_its_own_pages(app: Flask) -> None:
    tablet, number = a_tablet(app), factories.a_case(app)
    walked = 0
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if hasattr(view, "by_kiosk") or vars(view)["needs"] is None:
            continue
        address = filled(rule, number)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = tablet.open(address, method=method)
        assert (answer.status_code, answer.headers.get("Location", "")[:6]) == (302, "/login"), address
        assert tablet.open(address, method=method, headers={"HX-Request": "true"}).status_code == 401, address
        walked += 1
    assert walked > 100


@pytest.mark.clause("RC-18")
def test_nobody_else_opens_the_kiosks_pages(app: Flask) -> None:
    for page in ("", "/appointment", "/walk-in", "/confirm", "/done"):
        assert app.test_client().get(f"{START}{page}").headers["Location"].startswith("/login")
        assert client_of(app, "office1").get(f"{START}{page}").status_code == 403
    forged = app.test_client()
    forged.set_cookie(kiosks.COOKIE, "forged")
    assert forged.get(START).status_code == 302


@pytest.mark.clause("RC-18")
def test_a_link_opens_one_tablet_once_and_logs_out_who_opened_it(any_app: Flask, at: At) -> None:
    app = any_app
    link = a_link(app)
    office = client_of(app, "office1")
    page = office.get(link)
    assert "logged out" in page.text
    assert office.get("/").status_code == 200, "looking at it does nothing"
    opened = office.send(link)
    cookie = opened.headers.get("Set-Cookie", "")
    cookies = [header for header in opened.headers.getlist("Set-Cookie") if header.startswith("kiosk=")]
    assert cookies, cookie
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Strict" in cookies[0]
    assert "Path=/reception/kiosk" in cookies[0]
    assert office.get("/").status_code == 302, "the person is logged out"
    assert office.get(START).status_code == 200
    other = client_of(app, "desk1")
    assert other.get(link).status_code == 404
    assert other.send(link).status_code == 404
    late = a_link(app)
    at("Tue 2026-03-03 09:01")
    assert app.test_client().get(late).status_code == 404, "a link that lies about opens nothing"


@pytest.mark.clause("RC-18")
def test_a_kiosk_is_ended_for_good_and_kept_as_digests(app: Flask) -> None:
    link, office = a_link(app), client_of(app, "office1")
    tablet = app.test_client()
    assert isinstance(tablet, CarefulClient)
    tablet.get(link)
    tablet.send(link)
    assert tablet.get(START).status_code == 200
    with app.app_context():
        (row,) = db.session.scalars(sa.select(kiosks.Kiosk))
        assert row.link == digest(link.rsplit("/", 1)[1])
        db.session.remove()
    for _ in range(2):
        assert office.send(f"/reception/kiosks/{row.id}/revoke").status_code == 303
    assert tablet.get(START).status_code == 302
    assert "Ended" in office.get("/reception/kiosks/").text
    unopened = a_link(app, "第二台")
    office.send(f"/reception/kiosks/{row.id + 1}/revoke")
    assert app.test_client().get(unopened).status_code == 404
    assert office.send("/reception/kiosks/99/revoke").status_code == 404
    assert office.send("/reception/kiosks/add", name=" ").status_code == 422
    for username in ("desk1", "lead.admin", "gm"):
        assert client_of(app, username).get("/reception/kiosks/").status_code == 403
        assert client_of(app, username).send("/reception/kiosks/add", name="x").status_code == 403


# -- rules ----------------------------------------------------------------------------------------------------------


def _one(name: str, tail: str = "1111", code: str = "ABC") -> Any:
    return SimpleNamespace(visitor_name=name, phone_tail=tail, pass_code=code)


@pytest.mark.parametrize(
    ("people", "typed", "found"),
    [
        (["王建国"], {"tail": "1111", "name": "王"}, "王建国"),
        (["王建国"], {"tail": "1111", "name": "建国"}, None),
        (["王建国", "王大力"], {"tail": "1111", "name": "王"}, None),
        (["王建国", "王大力"], {"tail": "1111", "name": "王大力"}, "王大力"),
        (["王建国", "王建国"], {"tail": "1111", "name": "王"}, "王建国"),
        (["John Smith"], {"tail": "1111", "name": "smith"}, "John Smith"),
        (["John Smith"], {"tail": "1111", "name": "s"}, None),
        (["John Smith"], {"code": "a b-c"}, "John Smith"),
        (["John Smith"], {"tail": "1111"}, None),
        ([], {"code": "ABC"}, None),
    ],
)
def test_who_it_may_be(people: list[str], typed: dict[str, str], found: str | None) -> None:
    one = rules.fitting([_one(name) for name in people], **typed)
    assert (one.visitor_name if one else None) == found


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王建国", "王**"),
        ("欧阳明日香", "欧***"),
        ("王", "王"),
        ("John Smith", "J*** Smith"),
        ("Madonna", "M***"),
        ("", ""),
    ],
)
def test_a_name_is_shown_in_part(name: str, shown: str) -> None:
    assert rules.masked_name(name) == shown
