"""Visits are forgotten when their term is over, and only then, and only by somebody (RC-20)."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception import privacy
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.retention import rules
from portal.kernel import clock, customers, search
from portal.kernel.db import db
from portal.kernel.history import Line
from portal.kernel.todos import Todo
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import statements
from tests.reception.retention.looking import removed, taken_out, traces
from tests.reception.visits import a_visit, do, events, inbox, load

MARKER = "独一标记"
LOOKS = ("visit:reveal", "visit:export", "customer:reveal", "customer:export")
A_YEAR_ON = "Tue 2027-03-02 09:01"


def over(browser: Any, category: str = "D", **fields: Any) -> str:
    """A visit that came and went; its number."""
    number = a_visit(browser, category, **fields)
    do(browser, number, "decline", note=fields.get("purpose", ""), material=fields.get("purpose", ""))
    return number


def anywhere(app: Flask, marker: str) -> list[str]:
    """Every table, index and file in which a marker still stands."""
    with app.app_context():
        found = [
            table.name
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
            if any(text in str(value) for value in row for text in (marker, json.dumps(marker)[1:-1]))
        ]
        if db.session.scalars(search.matching("visit", marker)).all():
            found.append("search")
        instance = app.config["SETTINGS"].instance
    files = [path for path in instance.rglob("*") if path.is_file() and "portal.db" not in path.name]
    return found + [path.name for path in files if marker.encode() in path.read_bytes()]


# -- rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "last"), [(365, "2026-03-02"), (0, "2027-03-02"), (1, "2027-03-01"), (366, "2026-03-01")]
)
def test_the_last_day_of_the_term(days: int, last: str) -> None:
    assert rules.last_day(date(2027, 3, 2), days).isoformat() == last


@pytest.mark.clause("RC-20")
@pytest.mark.parametrize(
    ("state", "left", "outstanding", "code"),
    [
        (State.CLOSED, True, 0, None),
        (State.ARCHIVED, True, 0, None),
        (State.CANCELLED, False, 0, None),
        (State.NO_SHOW, False, 0, None),
        (State.DECLINED, True, 0, None),
        (State.DECLINED, False, 0, "visit_not_over"),
        (State.CLOSED, True, 1, "visit_things_here"),
        (State.LEFT, True, 0, "visit_not_over"),
        (State.MEETING, False, 0, "visit_not_over"),
        (State.EXPECTED, False, 0, "visit_not_over"),
    ],
)
def test_what_keeps_a_visit(state: State, left: bool, outstanding: int, code: str | None) -> None:
    visit = SimpleNamespace(
        state=state, outstanding=outstanding, arrived_at="yes", left_at="yes" if left else None
    )
    reason = rules.against_forgetting(visit)
    assert (reason.code if reason else None) == code


def test_two_people_are_told_apart() -> None:
    assert rules.several_people([("王", "138 0000"), ("王", "1380000"), ("王", "")]) is None
    assert rules.several_people([("王", "1380000"), ("李", "1380000")]) is not None
    assert rules.several_people([("王", "1380000"), ("王", "1390000")]) is not None


# -- the term ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-20")
def test_nothing_of_a_visitor_is_left_after_the_term(any_app: Flask, as_: As, at: At) -> None:
    desk = as_("desk1")
    number = over(
        desk, visitor_name=MARKER, company=f"{MARKER}公司", phone="13911112222", purpose=f"{MARKER}推销",
        department="tech", consent="1", party=f"{MARKER}二",
    )  # fmt: skip
    kept = a_visit(desk, "D", visitor_name="还在")
    with any_app.app_context():
        assert db.session.scalars(search.matching("visit", MARKER)).all(), "found before"
    erased: list[int] = []
    privacy.ERASERS.append(erased.append)
    try:
        at(A_YEAR_ON)
        office, desk = client_of(any_app, "office1"), client_of(any_app, "desk1")
        page = text_of(office.get("/reception/privacy/"))
        assert MARKER in page
        assert "2026-03: 1" in page
        assert kept in page, "left out and named"
        assert "The visit is not over." in page
        assert office.send("/reception/privacy/forget", confirm="7").status_code == 422
        assert load(any_app, number).visitor_name == MARKER
        assert office.send("/reception/privacy/forget", confirm="1").status_code == 303
    finally:
        privacy.ERASERS.remove(erased.append)
    visit = load(any_app, number)
    assert erased == [visit.id], "every part was asked"
    assert (visit.visitor_name, visit.phone, visit.company, visit.purpose, visit.pass_code) == (
        "—",
        "",
        "",
        "",
        "",
    )
    assert visit.anonymised_at is not None
    assert (visit.state, visit.department, visit.day) == (State.DECLINED, "tech", "2026-03-02"), (
        "figures stay"
    )
    assert visit.arrived_at is not None
    assert load(any_app, kept).visitor_name == "还在"
    assert set(anywhere(any_app, MARKER)) <= {"customers"}, "the card goes by its own consent"
    assert events(any_app, number)[-1] == "visit:anonymise"
    assert factories.history_faults(any_app) == []
    assert "Names and texts were removed" in text_of(desk.get(f"/reception/visits/{number}"))
    assert "No visit is past its term" in text_of(office.get("/reception/privacy/"))


@pytest.mark.clause("RC-20")
def test_what_a_touch_could_take_back_goes_too(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", visitor_name="王")
    form: dict[str, Any] = {"visitor_name": "王", "party_size": "1", "material": MARKER}
    assert desk.send(f"/reception/visits/{number}/edit", **form).status_code == 303
    do(desk, number, "leave", material="宣传册")
    do(desk, number, "check", note=MARKER)
    assert "visit_steps" in anywhere(app, MARKER)
    assert removed(app, "王") == (1, 0)
    assert anywhere(app, MARKER) == []


@pytest.mark.clause("RC-20")
def test_the_term_is_a_figure_of_the_office_and_runs_its_whole_length(app: Flask, as_: As, at: At) -> None:
    number = over(as_("desk1"), visitor_name=MARKER)
    at("Mon 2027-03-01 09:00")
    office = client_of(app, "office1")
    assert MARKER not in office.get("/reception/privacy/").text
    at(A_YEAR_ON)
    office = client_of(app, "office1")
    assert MARKER in office.get("/reception/privacy/").text
    longer: dict[str, Any] = {"value": "400", "reason": "登记册规定"}
    assert office.send("/office/limits/retention.visits_days/change", **longer).status_code == 303
    assert MARKER not in office.get("/reception/privacy/").text
    office.send("/reception/privacy/forget", confirm="0")
    assert load(app, number).visitor_name == MARKER


@pytest.mark.clause("RC-20")
def test_things_still_here_keep_a_visit(app: Flask, as_: As, at: At) -> None:
    number = over(as_("desk1"), visitor_name=MARKER)
    with app.app_context(), db.write():
        db.session.execute(sa.update(Visit).values(outstanding=1))
    at(A_YEAR_ON)
    office = client_of(app, "office1")
    page = text_of(office.get("/reception/privacy/"))
    assert "Things of this visit are still here: 1." in page
    assert office.send("/reception/privacy/forget", confirm="1").status_code == 422
    assert load(app, number).visitor_name == MARKER


@pytest.mark.clause("RC-20")
def test_the_office_is_reminded_once_a_month_and_nothing_goes_by_itself(
    any_app: Flask, as_: As, at: At
) -> None:
    number = over(as_("desk1"), visitor_name=MARKER)
    assert not [line for line in factories.sweep(any_app) if "retention" in line]
    now = at(A_YEAR_ON)
    assert [line for line in factories.sweep(any_app, now) if line.startswith(number)]
    assert not [line for line in factories.sweep(any_app, now) if "retention" in line], "once"
    assert inbox(any_app, "office2").count("visit:term_over") == 1
    assert (number, "forget-visits") in factories.waiting(any_app, "office1")
    assert load(any_app, number).visitor_name == MARKER
    assert "Remove names past their term" in client_of(any_app, "office1").get("/").text
    now = at("Thu 2027-04-01 09:01")
    assert [line for line in factories.sweep(any_app, now) if "retention" in line], "the next month again"
    client_of(any_app, "office1").send("/reception/privacy/forget", confirm="1")
    assert factories.waiting(any_app, "office1") == []
    with any_app.app_context():
        assert db.session.scalars(sa.select(Todo).where(Todo.kind != "morning-check")).all() == []


def test_outside_working_hours_nobody_is_told(app: Flask, as_: As, at: At) -> None:
    over(as_("desk1"))
    assert not [line for line in factories.sweep(app, at("Sat 2027-03-06 10:00")) if "retention" in line]


@pytest.mark.parametrize("who", ["desk1", "lead.tech", "emp.tech", "gm"])
def test_the_pages_are_the_offices(as_: As, who: str) -> None:
    for address in ("/reception/privacy/", "/reception/privacy/person"):
        assert as_(who).get(address).status_code == 403
    assert as_(who).send("/reception/privacy/forget").status_code == 403


def test_fifty_visits_cost_what_one_does(app: Flask, as_: As, at: At) -> None:
    numbers = [over(as_("desk1")) for _ in range(2)]
    at(A_YEAR_ON)
    office = client_of(app, "office1")
    few = statements(office, "/reception/privacy/")
    with app.app_context(), db.write():
        first = db.session.query(Visit).filter_by(number=numbers[0]).one()
        for place in range(60):
            columns = {c.key: getattr(first, c.key) for c in sa.inspect(Visit).column_attrs}
            columns |= {"id": None, "number": f"LF-20260302-{1000 + place}", "pass_code": ""}
            db.session.add(Visit(**columns))
    assert len(statements(office, "/reception/privacy/")) == len(few) <= 8
    page = office.get("/reception/privacy/")
    assert "before=" in page.text, "fifty a page"


# -- one person: reception's part of what the general office asks for --------------------------------------------------

PHONE = "139 1111 2222"


def test_the_way_to_one_persons_data_is_the_offices(as_: As) -> None:
    assert as_("office1").get("/reception/privacy/person").headers["Location"] == "/office/privacy/requests/"


@pytest.mark.clause("RC-20")
def test_one_persons_data_are_handed_over_and_that_is_written_down(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = over(desk, visitor_name=MARKER, phone="13911112222", consent="1", purpose="推介")
    over(desk, visitor_name="别人", phone="13911113333")
    found = taken_out(any_app, MARKER, PHONE)
    assert [visit["number"] for visit in found["visits"]] == [number]
    assert found["visits"][0]["phone"] == "13911112222"
    assert found["cards"][0]["name"] == MARKER
    assert events(any_app, number)[-1] == "visit:export"
    with any_app.app_context():
        lines = db.session.scalars(sa.select(Line).where(Line.event.in_(LOOKS)).order_by(Line.id)).all()
        assert [line.event for line in lines] == list(LOOKS), "each thing, and each whole number in the file"
        assert not any(MARKER in line.details for line in lines)


@pytest.mark.clause("RC-20")
def test_one_person_is_removed_with_the_card_on_request(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    numbers = [over(desk, visitor_name=MARKER, phone="13911112222", consent="1") for _ in range(2)]
    other = over(desk, visitor_name="别人", phone="13911113333")
    assert removed(any_app, MARKER, PHONE) == (3, 0), "the card too"
    assert anywhere(any_app, MARKER) == []
    assert anywhere(any_app, "13911112222") == []
    assert [load(any_app, number).visitor_name for number in numbers] == ["—", "—"]
    assert load(any_app, other).visitor_name == "别人"
    assert events(any_app, numbers[0])[-1] == "visit:remove"
    with any_app.app_context():
        card = db.session.scalars(sa.select(customers.Customer).order_by(customers.Customer.id)).first()
        assert card is not None
        assert card.anonymised_at == clock.now()
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("RC-20")
def test_whoever_is_still_expected_is_not_removed(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    gone = over(desk, visitor_name=MARKER, phone="13911112222", consent="1")
    here = a_visit(desk, "D", visitor_name=MARKER, phone="13911112222")
    assert removed(app, MARKER, PHONE) == (1, 2), "the open visit, and the card with it"
    assert load(app, gone).visitor_name == "—"
    assert load(app, here).visitor_name == MARKER
    assert "customers" in anywhere(app, MARKER)


@pytest.mark.clause("RC-20")
@pytest.mark.parametrize("act", [taken_out, removed])
def test_two_people_of_one_name_are_never_taken_for_one(app: Flask, as_: As, act: Any) -> None:
    numbers = [over(as_("desk1"), visitor_name=MARKER, phone=p) for p in ("13911112222", "13911113333")]
    with pytest.raises(Refused):
        act(app, MARKER)
    assert {load(app, number).visitor_name for number in numbers} == {MARKER}


@pytest.mark.parametrize("who", [{}, {"name": " "}, {"phone": "--"}])
def test_who_asks_for_nobody_finds_nobody(app: Flask, as_: As, who: dict[str, str]) -> None:
    over(as_("desk1"))
    assert not traces(app, **{name: text.strip() for name, text in who.items()}).traces


# -- a look at the whole number ------------------------------------------------------------------------------------


@pytest.mark.clause("RC-20")
def test_a_phone_number_is_shown_once_and_the_look_is_written_down(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13911112222")
    address = f"/reception/visits/{number}"
    page = desk.get(address).text
    assert "13911112222" not in page, "nor in its history"
    assert "139****2222" in page
    assert "tel:" not in page
    assert "13911112222" not in desk.get(f"{address}/edit").text
    whole = desk.send(f"{address}/reveal")
    assert whole.status_code == 200
    assert 'href="tel:13911112222"' in whole.text
    part = desk.send(f"{address}/reveal", htmx=True)
    assert "<html" not in part.text
    assert "13911112222" in part.text
    assert events(any_app, number).count("visit:reveal") == 2
    assert "13911112222" not in desk.get(address).text
    assert as_("emp.impl").send(f"{address}/reveal").status_code == 404


@pytest.mark.clause("RC-20")
def test_an_edit_leaves_the_number_that_it_shows_in_part(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "C", phone="13911112222")
    form: dict[str, Any] = {
        "visitor_name": "王建国",
        "party_size": "1",
        "phone": "139****2222",
        "purpose": "面试",
    }
    assert desk.send(f"/reception/visits/{number}/edit", **form).status_code == 303
    assert load(app, number).phone == "13911112222"
    assert desk.send(f"/reception/visits/{number}/edit", **form | {"phone": "139****3333"}).status_code == 422
    assert desk.send(f"/reception/visits/{number}/edit", **form | {"phone": "13700000000"}).status_code == 303
    assert load(app, number).phone == "13700000000"


@pytest.mark.clause("RC-20")
def test_the_walk_in_form_says_what_is_kept_and_what_is_asked_first(as_: As) -> None:
    page = as_("desk1").get("/reception/visits/new").text
    assert "We record your name, company, " in page
    assert 'data-asks="visitor_name phone purpose party_size' in page
    for name in ("phone", "company", "host", "refreshment", "errand"):
        assert f'name="{name}"' in page, "without script everything is there"
    text: dict[str, Any] = {"value": "告知：只留姓名", "reason": "法务意见"}
    assert as_("office1").send("/office/limits/visit.privacy_notice.en/change", **text).status_code == 303
    assert "告知：只留姓名" in as_("desk1").get("/reception/visits/new").text
