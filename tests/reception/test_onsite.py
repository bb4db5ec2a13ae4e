"""A complaint on site opens a visit, a remark becomes a case; neither is known to whom it is about (CP-09)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import Decision
from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.models import Case
from portal.blueprints.reception.codes import Category, Errand, State, Task
from portal.blueprints.reception.models import Visit, VisitTask
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient, number_in, text_of
from tests.conftest import As, At
from tests.house.test_statements import statements
from tests.reception.visits import a_visit, do, events, inbox, load

ONSITE = {"channel": "onsite", "content": "柜台多收了钱，要求退还", "customer_phone": "13911112222"}


def visits(app: Flask) -> list[Visit]:
    """Every visit, oldest first; detached."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Visit).order_by(Visit.id)))


def tasks(app: Flask, visit: Visit) -> list[Task]:
    """The visit's duties in their order."""
    with app.app_context():
        rows = sa.select(VisitTask.task).where(VisitTask.visit_id == visit.id).order_by(VisitTask.id)
        return list(db.session.scalars(rows))


def complained(browser: CarefulClient, **more: Any) -> str:
    """A complaint taken at the desk; its number."""
    return number_in(browser.register(**(ONSITE | more)))


@pytest.mark.clause("RC-30")
def test_a_complaint_on_site_opens_a_visit_with_a_separate_place_and_water_first(
    any_app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    case = complained(desk)
    (visit,) = visits(any_app)
    assert (visit.category, visit.errand, visit.state) == (Category.B, Errand.COMPLAINT, State.ARRIVED)
    assert (visit.visitor_name, visit.phone) == ("陈桂芳", "13911112222")
    assert visit.place_id is not None
    assert visit.seated_at is None, "proposed, not seated"
    assert tasks(any_app, visit)[0] is Task.WATER
    assert visit.purpose == "", "what the complaint says stays with the case"
    page = desk.get(f"/reception/visits/{visit.number}")
    assert f'href="/complaints/{case}"' in page.text
    assert "柜台多收" not in page.text
    case_page = desk.get(f"/complaints/{case}")
    assert f'href="/reception/visits/{visit.number}"' in case_page.text
    do(desk, visit.number, "seat")
    assert load(any_app, visit.number).state is State.WAITING


@pytest.mark.clause("RC-30")
def test_the_place_is_the_first_where_nobody_is_the_lounge_last(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    found = []
    for _turn in range(3):
        complained(desk)
        visit = visits(app)[-1]
        do(desk, visit.number, "seat")
        page = desk.get(f"/reception/visits/{visit.number}").text
        found.append(
            next(
                name
                for name in ("Large meeting room", "Small meeting room", "Lounge")
                if f"<dd>{name}" in page
            )
        )
    assert found == ["Large meeting room", "Small meeting room", "Lounge"]


@pytest.mark.clause("RC-30")
@pytest.mark.parametrize("channel", ["phone", "letter", "email", "wechat", "other"])
def test_only_what_is_said_on_site_opens_a_visit(app: Flask, as_: As, channel: str) -> None:
    as_("desk1").register(channel=channel)
    assert visits(app) == []


def test_a_form_sent_twice_opens_one_visit(app: Flask, as_: As) -> None:
    for _turn in range(2):
        complained(as_("desk1"), idempotency_key="once")
    assert len(visits(app)) == 1


@pytest.mark.clause("CP-04")
def test_a_confidential_tip_off_is_not_told_by_the_board(app: Flask, as_: As) -> None:
    as_("office1").register(**ONSITE, confidential="1")
    assert visits(app) == []


@pytest.mark.clause("CP-09")
def test_whom_the_complaint_is_about_sees_neither_case_nor_visit(any_app: Flask, as_: As) -> None:
    case = complained(as_("desk1"), person_concerned="desk2", category="service")
    (visit,) = visits(any_app)
    about = as_("desk2")
    assert about.get(f"/reception/visits/{visit.number}").status_code == 404
    do(about, visit.number, "seat", 404)
    for address in ("/reception/", "/reception/visits/", "/", "/notifications/"):
        page = about.get(address).text
        assert visit.number not in page, address
        assert "陈桂芳" not in page, address
        assert case not in page, address
    assert visit.number in as_("desk1").get("/reception/visits/").text
    do(as_("desk1"), visit.number, "report", note="情绪激动")
    assert "visit:report" not in inbox(any_app, "desk2")


@pytest.mark.clause("CP-09")
def test_a_person_named_later_no_longer_sees_the_visit(app: Flask, as_: As) -> None:
    case = complained(as_("desk1"))
    (visit,) = visits(app)
    assert as_("desk2").get(f"/reception/visits/{visit.number}").status_code == 200
    assert as_("desk1").act(case, "concern", person_concerned="desk2", note="说的是她").status_code == 303
    assert as_("desk2").get(f"/reception/visits/{visit.number}").status_code == 404


@pytest.mark.clause("CP-09")
def test_a_lead_who_is_complained_about_is_not_told_of_the_visit(app: Flask, as_: As) -> None:
    complained(as_("desk1"), person_concerned="lead.tech")
    (visit,) = visits(app)
    do(as_("desk1"), visit.number, "seat")
    assert inbox(app, "lead.tech") == []


@pytest.mark.clause("RC-21")
def test_a_remark_becomes_a_case_that_names_the_visit(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech", phone="13900005555", visitor_name="孙丽")
    do(desk, number, "seat")
    assert f"new?visit={number}" not in desk.get(f"/reception/visits/{number}").text
    do(desk, number, "leave", satisfaction="dissatisfied", remark="等得太久")
    assert f'href="/complaints/new?visit={number}"' in desk.get(f"/reception/visits/{number}").text
    form = desk.get(f"/complaints/new?visit={number}").text
    for text in ("孙丽", "139****5555", "等得太久", f'name="visit" value="{number}"'):
        assert text in form, text
    assert re.search(r'<option selected value="complaint"', form)
    assert re.search(r'<option selected value="onsite"', form)
    case = complained(desk, visit=number, customer_name="孙丽", content="等得太久")
    assert [visit.number for visit in visits(any_app)] == [number], "no second visit for who has left"
    assert number in text_of(desk.get(f"/complaints/{case}"))
    assert case in text_of(desk.get(f"/reception/visits/{number}"))


@pytest.mark.clause("RC-20")
def test_the_whole_number_of_a_visit_reaches_its_case_unseen_and_is_written_down(
    any_app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech", phone="13900005555")
    do(desk, number, "leave", remark="等得太久")
    masked = {"visit": number, "customer_phone": "139****5555"}
    for browser in (desk, as_("emp.tech")):
        assert "13900005555" not in browser.get(f"/complaints/new?visit={number}").text
        refused = browser.register(**masked, content=" ")
        assert refused.status_code == 422
        assert "139****5555" in refused.text
        assert "13900005555" not in refused.text
    assert "visit:reveal" not in events(any_app, number)
    sent = {"idempotency_key": "once", "content": "等得太久"} | masked
    case = number_in(desk.register(**sent))
    assert number_in(desk.register(**sent)) == case, "sent twice it is one case"
    with any_app.app_context():
        assert db.session.scalars(sa.select(Case.customer_phone)).all() == ["13900005555"]
    assert events(any_app, number).count("visit:reveal") == 1
    own = desk.register(visit=number, customer_phone="13711112222", content="另一个号码")
    assert own.status_code == 303
    assert events(any_app, number).count("visit:reveal") == 1, "a number that was typed is nobody's secret"
    for foreign in ({"visit": ""}, {"visit": "LF-20260302-9999"}, {"customer_phone": "139****0000"}):
        assert desk.register(**(masked | foreign)).status_code == 422, foreign
    assert as_("emp.impl").register(**masked).status_code == 422, "reach"


@pytest.mark.clause("CP-09")
def test_a_host_who_is_complained_about_does_not_learn_of_the_case_from_the_visit(
    app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    do(desk, number, "leave", remark="不礼貌")
    case = complained(desk, visit=number, person_concerned="emp.tech")
    page = as_("emp.tech").get(f"/reception/visits/{number}")
    assert page.status_code == 200
    assert case not in page.text
    assert "complaints/TS-" not in page.text
    assert not [event for event in events(app, number) if "case" in event]


@pytest.mark.clause("RC-21")
def test_a_satisfied_visitor_s_remark_is_a_suggestion_and_nothing_said_makes_none(
    app: Flask, as_: As
) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B")
    do(desk, number, "leave", satisfaction="satisfied", remark="门口可加块地图")
    assert re.search(r'<option selected value="suggestion"', desk.get(f"/complaints/new?visit={number}").text)
    silent = a_visit(desk, "B")
    do(desk, silent, "leave")
    assert f"new?visit={silent}" not in desk.get(f"/reception/visits/{silent}").text
    for odd in (silent[:-4] + "9999", "x", "%00"):
        assert desk.get(f"/complaints/new?visit={odd}").status_code == 200
    assert as_("emp.impl").get(f"/complaints/new?visit={number}").text.count("门口") == 0, "reach"


@pytest.mark.clause("RC-21")
def test_a_refused_form_still_knows_its_visit(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B")
    do(desk, number, "leave", remark="等得太久")
    answer = desk.register(visit=number, content=" ")
    assert answer.status_code == 422
    assert f'name="visit" value="{number}"' in answer.text


@pytest.mark.clause("CP-20")
def test_what_the_visit_says_of_the_customer_goes_with_the_case(any_app: Flask, at: At) -> None:
    from portal.blueprints.complaints.codes import Channel

    case = factories.a_case(any_app, CaseState.ARCHIVED, channel=Channel.ONSITE, customer_name="独一标记")
    at("Tue 2027-03-02 09:01")
    factories.do(any_app, "office1", "dispose", case, reason="期满")
    factories.do(any_app, "office2", "dispose", case, decision=Decision.YES)
    (visit,) = visits(any_app)
    assert (visit.visitor_name, visit.phone) == ("—", "")
    assert visit.anonymised_at is not None
    with any_app.app_context():
        found = [
            table.name
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
            if any("独一标记" in str(value) or json.dumps("独一标记")[1:-1] in str(value) for value in row)
        ]
    assert found == []
    assert factories.history_faults(any_app) == []


def test_the_pages_stay_within_their_statements(app: Flask, as_: As) -> None:
    case = complained(as_("desk1"))
    (visit,) = visits(app)
    assert len(statements(as_("desk1"), f"/complaints/{case}")) <= 6
    assert len(statements(as_("desk1"), f"/reception/visits/{visit.number}")) <= 8
