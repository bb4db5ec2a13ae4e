"""A day's register: compiled, reviewed by another, archived and locked; a locked entry is corrected by signature."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from portal.blueprints.reception.codes import Category, Satisfaction
from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.privacy import ERASERS
from portal.blueprints.reception.register import rules
from portal.blueprints.reception.register.codes import State
from portal.blueprints.reception.register.models import Correction, DailyRegister
from portal.kernel.db import db
from portal.kernel.rights import Position
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import At, client_of
from tests.house.test_statements import MOST, statements
from tests.reception.visits import a_visit, do, events, inbox, load

DAY = "2026-03-02"
HERE = f"/reception/register/{DAY}"
NEXT = "Tue 2026-03-03 09:00"


def by(app: Flask, username: str) -> CarefulClient:
    """A browser in which that person has just logged in: days pass in these tests."""
    return client_of(app, username)


def register(app: Flask, day: str = DAY) -> DailyRegister:
    """A day's register as the database has it."""
    with app.app_context():
        db.session.rollback()
        found = db.session.scalars(sa.select(DailyRegister).where(DailyRegister.day == day)).one()
        db.session.expunge(found)
        db.session.remove()
    return found


def corrections(app: Flask) -> list[Correction]:
    with app.app_context():
        rows = list(db.session.scalars(sa.select(Correction).order_by(Correction.id)))
        db.session.expunge_all()
        db.session.remove()
    return rows


def send(client: CarefulClient, verb: str, status: int = 303, **fields: Any) -> str:
    answer = client.send(f"{HERE}/{verb}", **fields)
    assert answer.status_code == status, answer.text
    return answer.text


def a_finished_day(desk: CarefulClient) -> list[str]:
    """Two visits that are over: one of C that was seated and checked, one of D that was said goodbye to."""
    numbers = [
        a_visit(desk, "C", phone="13800001111", purpose="应聘工程师", department="tech"),
        a_visit(desk, "D", visitor_name="李推销", department="market", company="某保险"),
    ]
    for verb in ("seat", "leave", "check"):
        do(desk, numbers[0], verb, satisfaction="satisfied" if verb == "leave" else None)
    do(desk, numbers[1], "decline")
    return numbers


def an_archived_day(app: Flask, at: At) -> list[str]:
    desk = by(app, "desk1")
    numbers = a_finished_day(desk)
    send(desk, "compile")
    send(by(app, "lead.admin"), "review")
    at(NEXT)
    send(by(app, "desk1"), "archive")
    return numbers


@pytest.mark.clause("RC-17")
def test_from_the_desk_over_the_superior_to_the_archive(any_app: Flask, at: At) -> None:
    app = any_app
    desk, lead = by(app, "desk1"), by(app, "lead.admin")
    numbers = a_finished_day(desk)
    send(desk, "compile")
    made = register(app)
    assert (made.number, made.state) == ("DJ-20260302-0001", State.COMPILED)
    assert "daily_register:compiled" in inbox(app, "lead.admin")
    assert ("DJ-20260302-0001", "register-review") in factories.waiting(app, "lead.admin")
    send(desk, "archive", 409)
    send(lead, "review")
    assert ("DJ-20260302-0001", "register-archive") in factories.waiting(app, "desk2")
    assert "RC-17" in send(desk, "archive", 409), "somebody may still come today"
    at(NEXT)
    send(by(app, "desk1"), "archive")
    made = register(app)
    assert made.state is State.ARCHIVED
    assert made.keep_until is not None
    assert made.keep_until.year == 2029
    assert [load(app, number).state for number in numbers] == [VisitState.ARCHIVED] * 2
    assert factories.waiting(app, "desk2") == []


@pytest.mark.clause("RC-17")
def test_who_compiled_it_neither_reviews_nor_returns_it(app: Flask) -> None:
    factories.change_person(app, "office1", role="office", department="admin")
    factories.a_seat(app, Position.LEAD, "admin", holder="desk1", deputy="lead.admin")
    desk = by(app, "desk1")
    a_finished_day(desk)
    send(desk, "compile")
    assert "RC-17" in send(desk, "review", 409)
    assert "RC-17" in send(desk, "return", 409, reason="x")
    assert register(app).state is State.COMPILED
    assert "register-review" not in {kind for _, kind in factories.waiting(app, "desk1")}
    send(by(app, "lead.admin"), "review")


@pytest.mark.clause("RC-17")
def test_only_the_superior_reviews_and_only_the_desk_archives(app: Flask) -> None:
    a_finished_day(by(app, "desk1"))
    send(by(app, "desk1"), "compile")
    send(by(app, "desk2"), "review", 403)
    send(by(app, "emp.admin"), "review", 403)
    send(by(app, "lead.admin"), "archive", 403)
    for username in ("lead.tech", "emp.tech"):
        assert by(app, username).get(HERE).status_code == 403, "registers are for those who see every visit"
        assert by(app, username).get("/reception/register/").status_code == 403


@pytest.mark.clause("RC-17")
def test_nothing_is_reviewed_while_a_visit_is_open(app: Flask) -> None:
    desk = by(app, "desk1")
    number = a_visit(desk, "D")
    send(desk, "compile")
    page = by(app, "lead.admin").get(HERE)
    assert number in text_of(page), "what is open is listed"
    refused = send(by(app, "lead.admin"), "review", 409)
    assert number in refused
    assert "RC-17" in refused


@pytest.mark.clause("RC-17")
def test_it_comes_back_with_a_reason_and_is_compiled_again(app: Flask) -> None:
    desk, lead = by(app, "desk1"), by(app, "lead.admin")
    a_finished_day(desk)
    send(desk, "compile")
    assert "RC-17" in send(lead, "return", 422)
    send(lead, "return", reason="缺少一位访客的单位")
    assert "缺少一位访客的单位" in desk.get(HERE).text
    assert "daily_register:returned" in inbox(app, "desk1")
    send(lead, "review", 409)
    send(desk, "compile")
    send(lead, "review")
    send(lead, "return", reason="还是不对")
    assert register(app).state is State.RETURNED


@pytest.mark.clause("RC-17")
def test_what_is_archived_is_what_was_reviewed(app: Flask, at: At) -> None:
    desk = by(app, "desk1")
    number, _ = a_finished_day(desk)
    send(desk, "compile")
    send(by(app, "lead.admin"), "review")
    form: dict[str, Any] = {
        "visitor_name": "王建国",
        "party_size": "3",
        "phone": "13800001111",
        "purpose": "应聘",
        "department": "tech",
    }
    assert desk.send(f"/reception/visits/{number}/edit", **form).status_code == 303
    at(NEXT)
    desk = by(app, "desk1")
    assert "RC-17" in send(desk, "archive", 409)
    send(desk, "compile")
    send(by(app, "lead.admin"), "review")
    send(desk, "archive")
    assert "every entry is as it was reviewed" in desk.get(HERE).text


@pytest.mark.clause("RC-17")
def test_a_locked_visit_refuses_whatever_would_change_it(app: Flask, at: At) -> None:
    numbers = an_archived_day(app, at)
    desk = by(app, "desk1")
    for number in numbers:
        refused = desk.send(f"/reception/visits/{number}/edit", visitor_name="别人", party_size="1")
        assert refused.status_code == 409
        assert "RC-17" in refused.text
        assert "RC-17" in do(desk, number, "undo", 409).text
        for verb in ("arrive", "seat", "leave", "check", "farewell", "task", "report"):
            assert (
                desk.send(f"/reception/visits/{number}/{verb}", note="x", task="task:names").status_code
                == 409
            )
        assert load(app, number).visitor_name != "别人"


@pytest.mark.clause("RC-17")
def test_no_visit_is_put_away_by_itself(app: Flask) -> None:
    number, _ = a_finished_day(by(app, "desk1"))
    assert "RC-17" in do(by(app, "desk1"), number, "archive", 409).text
    assert load(app, number).state is VisitState.CLOSED


# -- by the portal --------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-17")
def test_in_the_morning_the_portal_compiles_the_day_before(any_app: Flask, at: At) -> None:
    app = any_app
    desk = by(app, "desk1")
    gone = a_visit(desk, "D", visitor_name="走了")
    do(desk, gone, "leave")
    sat = a_visit(desk, "C", phone="13800001111", purpose="应聘工程师", department="tech")
    do(desk, sat, "seat")
    do(desk, sat, "leave")
    here = a_visit(desk, "D", visitor_name="还在")
    never = a_visit(desk, "B", host="emp.tech", starts_at=f"{DAY}T15:00", purpose="洽谈")
    at("Tue 2026-03-03 05:00")
    assert not [line for line in factories.sweep(app) if "daily_register" in line], (
        "not in the middle of the night"
    )
    at("Tue 2026-03-03 07:00")
    lines = factories.sweep(app)
    assert any(line.startswith("DJ-20260302-0001\t") for line in lines)
    assert not [line for line in factories.sweep(app) if "daily_register" in line], (
        "a second pass does nothing"
    )
    assert load(app, gone).state is VisitState.CLOSED, "nobody sat anywhere"
    assert load(app, sat).state is VisitState.LEFT, "somebody checks that room"
    assert load(app, here).state is VisitState.ARRIVED
    assert load(app, never).state is VisitState.NO_SHOW
    assert events(app, gone)[-1] == "visit:check"
    made = register(app)
    assert (made.state, made.compiled_by_id) == (State.COMPILED, None)
    page = text_of(by(app, "lead.admin").get(HERE))
    assert sat in page
    assert here in page
    assert "daily_register:compiled" in inbox(app, "lead.admin")


@pytest.mark.clause("RC-13")
def test_the_portal_never_says_that_a_room_was_checked() -> None:
    portal = SimpleNamespace(id=None)
    asked: Any = SimpleNamespace(by=portal, subject=SimpleNamespace(used_place=True))
    assert rules_of_visit().nobody_sat_there(asked) is not None
    asked.subject.used_place = False
    assert rules_of_visit().nobody_sat_there(asked) is None


def rules_of_visit() -> Any:
    from portal.blueprints.reception import rules as visit_rules

    return visit_rules


# -- corrections ----------------------------------------------------------------------------------------------------

MENDED: dict[str, Any] = {
    "field": "company",
    "should_be": "华东机电有限公司",
    "reason": "名片上的全称",
    "password": factories.PASSWORD,
}


@pytest.mark.clause("RC-17")
def test_a_locked_entry_is_corrected_beside_itself_by_signature(any_app: Flask, at: At) -> None:
    app = any_app
    number = an_archived_day(app, at)[1]
    before, desk = load(app, number), by(app, "desk1")
    answer = desk.send(f"{HERE}/correct/{number}", **MENDED)
    assert answer.status_code == 303, answer.text
    (row,) = corrections(app)
    assert (row.stood, row.should_be, row.by_id) == (
        "某保险",
        "华东机电有限公司",
        factories.id_of(app, "desk1"),
    )
    after = load(app, number)
    assert (after.company, after.version) == ("某保险", before.version), "the entry itself is untouched"
    for address in (HERE, f"{HERE}/print", f"/reception/visits/{number}", f"{HERE}/correct/{number}"):
        page = desk.get(address).text
        assert "华东机电有限公司" in page, address
        assert "某保险" in page, address
    assert events(app, number)[-1] == "visit:correct"
    assert "daily_register:corrected" in inbox(app, "lead.admin")
    assert factories.history_faults(app) == []


@pytest.mark.clause("RC-17")
def test_without_the_own_password_nothing_is_signed(app: Flask, at: At) -> None:
    number = an_archived_day(app, at)[1]
    desk = by(app, "desk1")
    for _ in range(5):
        answer = desk.send(f"{HERE}/correct/{number}", **(MENDED | {"password": "falsch-falsch"}))
        assert answer.status_code == 422
        assert "名片上的全称" in answer.text, "what was typed stays"
        assert "falsch" not in answer.text
    assert desk.send(f"{HERE}/correct/{number}", **MENDED).status_code == 429, "tries are counted"
    assert corrections(app) == []


@pytest.mark.clause("RC-17")
def test_an_open_entry_is_mended_not_corrected(app: Flask) -> None:
    number, _ = a_finished_day(by(app, "desk1"))
    desk, address = by(app, "desk1"), f"{HERE}/correct/{number}"
    for answer in (desk.get(address), desk.send(address, **MENDED)):
        assert answer.status_code == 409
        assert "RC-17" in answer.text


def test_a_correction_sent_twice_is_signed_once(app: Flask, at: At) -> None:
    number = an_archived_day(app, at)[1]
    for _ in range(2):
        sent = by(app, "desk1").send(f"{HERE}/correct/{number}", **MENDED, idempotency_key="once")
        assert sent.status_code == 303
    assert len(corrections(app)) == 1


@pytest.mark.clause("RC-17")
@pytest.mark.clause("RC-20")
def test_the_database_keeps_a_correction_and_lets_its_words_be_forgotten(any_app: Flask, at: At) -> None:
    app = any_app
    number = an_archived_day(app, at)[1]
    assert by(app, "desk1").send(f"{HERE}/correct/{number}", **MENDED).status_code == 303
    for statement in (
        "UPDATE register_corrections SET should_be = 'x'",
        "UPDATE register_corrections SET by_id = by_id + 1",
        "DELETE FROM register_corrections",
    ):
        with app.app_context(), db.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.exec_driver_sql(statement)
    visit_id = load(app, number).id
    with app.app_context(), db.write():
        for erase in ERASERS:
            erase(visit_id)
    (row,) = corrections(app)
    assert (row.stood, row.should_be, row.reason) == ("", "", "")
    page = by(app, "desk1").get(HERE).text
    assert "华东机电有限公司" not in page
    assert "erased" in page


@pytest.mark.clause("RC-20")
def test_the_figures_stay_when_the_visitors_are_gone(app: Flask, at: At) -> None:
    numbers = an_archived_day(app, at)
    with app.app_context(), db.write():
        gone = sa.update(Visit).where(Visit.number.in_(numbers))
        db.session.execute(gone.values(visitor_name="—", company="", phone="", purpose="", satisfaction=None))
    page = text_of(by(app, "desk1").get("/reception/register/"))
    assert "Satisfied visitor 1" in page
    assert "2 visits" in page


# -- pages ----------------------------------------------------------------------------------------------------------


def test_pages_answer_as_they_should(app: Flask) -> None:
    desk = by(app, "desk1")
    assert "No visitor has been recorded yet" in desk.get("/reception/register/").text
    assert "Nobody came on this day" in desk.get(HERE).text
    numbers = a_finished_day(desk)
    for address in (HERE, f"{HERE}/print"):
        page = desk.get(address).text
        assert "138****1111" in page
        assert "13800001111" not in page, "phone numbers in part"
    assert "QR-RC-17 · V1" in desk.get(f"{HERE}/print").text
    sheet = desk.get(f"{HERE}/export")
    assert sheet.status_code == 200
    assert str(sheet.mimetype).endswith("sheet")
    assert by(app, "emp.admin").get(f"{HERE}/export").status_code == 403
    for day in ("2026-03-03", "2026-02-30", "heute", "20260302"):
        assert desk.get(f"/reception/register/{day}").status_code == 404
    found = desk.get(f"/reception/register/of/{numbers[0]}")
    assert found.headers["Location"].endswith(f"{HERE}#{numbers[0]}")
    assert desk.get(f"/reception/register/2026-03-01/correct/{numbers[0]}").status_code == 404
    assert "Daily register" in desk.get(f"/reception/visits/{numbers[0]}").text


def test_a_list_of_many_days_is_turned_over(app: Flask, at: At) -> None:
    desk = by(app, "desk1")
    number = a_visit(desk, "D")
    with app.app_context(), db.write():
        first = db.session.scalars(sa.select(Visit).where(Visit.number == number)).one()
        columns = {
            c.key: getattr(first, c.key) for c in Visit.__table__.columns if c.key not in {"id", "version"}
        }
        for n in range(40):
            day = f"2026-01-{n + 1:02}" if n < 31 else f"2026-02-{n - 30:02}"
            more = columns | {"number": f"LF-20260101-{n + 1:04}", "day": day, "idempotency_key": None}
            db.session.add(Visit(**more))
    page = desk.get("/reception/register/").text
    assert len(re.findall(r"data-row", page)) == 31
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    assert len(re.findall(r"data-row", desk.get(older[1]).text)) == 10


# -- rules ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(list(Category)), st.sampled_from([None, *Satisfaction]), st.booleans(),
                          st.booleans(), st.integers(1, 9), st.integers(1, 99))))  # fmt: skip
def test_figures_add_up(told: list[tuple[Category, Satisfaction | None, bool, bool, int, int]]) -> None:
    rows = [
        SimpleNamespace(category=c, satisfaction=s, arrived=a, expected=e, n=n, people=p)
        for c, s, a, e, n, p in told
    ]
    found, came = rules.summed(rows), [row for row in rows if row.arrived]
    assert found["visits"] == sum(row.n for row in came) == sum(found["category"].values())
    assert found["people"] == sum(row.people for row in came)
    assert found["expected"] == sum(row.n for row in rows if row.expected and not row.arrived)
    assert sum(found["satisfaction"].values()) == sum(row.n for row in came if row.satisfaction)


@pytest.mark.clause("RC-17")
def test_who_is_only_expected_is_no_visitor_yet(any_app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    desk = by(any_app, "desk1")
    a_visit(desk, "B", host="emp.tech", party_size="2")
    when = {"purpose": "看样机", "starts_at": "2026-03-02T10:00", "ends_at": "2026-03-02T11:00"}
    coming = a_visit(desk, "B", visitor_name="李晓东", host="emp.tech", party_size="5", **when)
    gone = a_visit(desk, "B", visitor_name="甲", host="emp.tech", **when)
    do(desk, gone, "cancel")
    page = text_of(desk.get("/reception/register/"))
    assert "1 visit 2 people · 1 expected" in page
    assert re.search(r"Expected\W+1\W+not here yet", text_of(desk.get(HERE)))
    do(desk, coming, "arrive")
    page = text_of(desk.get("/reception/register/"))
    assert "2 visits 7 people" in page
    assert "expected" not in page


def test_years_later_knows_leap_days() -> None:
    from datetime import date

    assert rules.years_later(date(2028, 2, 29), 3) == date(2031, 2, 28)
    assert rules.years_later(date(2026, 3, 3), 3) == date(2029, 3, 3)


def test_pages_cost_few_statements_and_fifty_visits_as_many_as_one(app: Flask, at: At) -> None:
    numbers = an_archived_day(app, at)
    desk = by(app, "desk1")
    pages = ("/reception/register/", HERE, f"{HERE}/print", f"/reception/visits/{numbers[0]}")
    one = [len(statements(desk, address)) for address in pages]
    assert max(one) <= MOST, one
    with app.app_context(), db.write():
        first = db.session.scalars(sa.select(Visit).where(Visit.number == numbers[0])).one()
        columns = {
            c.key: getattr(first, c.key) for c in Visit.__table__.columns if c.key not in {"id", "version"}
        }
        for n in range(50):
            db.session.add(
                Visit(**(columns | {"number": f"LF-20260302-{n + 100:04}", "idempotency_key": None}))
            )
    assert [len(statements(desk, address)) for address in pages] == one


def test_the_print_lies_across(app: Flask) -> None:
    assert 'class="sheet wide"' in by(app, "desk1").get(f"{HERE}/print").text
