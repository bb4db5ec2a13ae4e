"""Return visits by plan: planned, made, answered by a promised time, reported by the month (CU-03)."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.complaints.codes import Kind
from portal.blueprints.complaints.return_visits import actions, queries
from portal.blueprints.complaints.return_visits.codes import Remark, VisitKind
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.return_visits.rules import EVERY, in_months, next_due
from portal.blueprints.complaints.return_visits.workflow import ANSWER, CASE, RECORD, RETURN_VISIT
from portal.kernel import clock, reference, transitions
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements
from tests.kernel.moments import at as moment

URL, CALLS = "/complaints/return-visits/", "/complaints/follow-ups/"
FIELDS: dict[str, Any] = {
    "kind": "staff", "customer_name": "华光电子", "customer_phone": "057188880001", "person": "emp.tech",
    "due_on": "2026-03-20",
}  # fmt: skip


def planned(app: Flask, by: str = "desk1", person: str = "emp.tech", **chosen: Any) -> ReturnVisit:
    """A visit of the plan, due on 20 March unless chosen otherwise; detached."""
    usual: dict[str, Any] = {
        "kind": VisitKind.STAFF,
        "customer_name": "华光电子",
        "customer_phone": "057188880001",
        "due_on": date(2026, 3, 20),
    }
    with app.app_context():
        card = reference.staff().by_username(person)
        assert card is not None
        with db.write():
            viewer = factories.viewer(by)
            return actions.plan(by=viewer, now=clock.now(), person=card, **(usual | chosen))


def act(app: Flask, by: str, verb: str, visit_id: int, **given_: Any) -> ReturnVisit:
    """One verb by its action. Raises NotFound, Forbidden, Refused."""
    with app.app_context():
        viewer = factories.viewer(by)
        with db.write():
            visit = queries.find(viewer, visit_id, lock=True)
            act_ = actions.ACTIONS[verb]
            transitions.perform(RETURN_VISIT, visit, verb, act_, by=viewer, now=clock.now(), **given_)
        return visit


def every(app: Flask) -> list[ReturnVisit]:
    with app.app_context():
        return list(db.session.scalars(sa.select(ReturnVisit).order_by(ReturnVisit.id)))


@pytest.mark.clause("CU-03")
@pytest.mark.parametrize(
    ("kind", "visited", "due"),
    [
        ("office", "2026-01-31", "2026-07-31"),
        ("staff", "2026-11-30", "2027-02-28"),
        ("meeting", "2026-08-31", "2027-02-28"),
        ("survey", "2028-02-29", "2029-02-28"),
    ],
)
def test_the_next_one_is_due(kind: str, visited: str, due: str) -> None:
    assert next_due(VisitKind(kind), date.fromisoformat(visited)) == date.fromisoformat(due)


@given(st.dates(date(2000, 1, 1), date(2190, 1, 1)), st.integers(0, 36))
def test_months_are_counted_by_the_calendar(day: date, months: int) -> None:
    later = in_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and in_months(later.replace(day=1), 1).day == 1)
    assert set(EVERY) == set(VisitKind)


@pytest.mark.clause("CU-03")
def test_a_visit_is_planned_made_and_planned_again(any_app: Flask) -> None:
    visit = planned(any_app)
    assert re.fullmatch(r"HF-20260302-\d{4}", visit.number)
    assert (visit.number, RECORD) in factories.waiting(any_app, "emp.tech")
    with pytest.raises(Refused):
        act(any_app, "emp.tech", ANSWER, visit.id, note="x")
    made = act(any_app, "emp.tech", RECORD, visit.id, remark=Remark.PRAISE, note="服务周到", again=True)
    assert (made.state, made.remark) == ("visited", "praise")
    assert [v.due_on for v in every(any_app)] == [date(2026, 3, 20), date(2026, 6, 2)]
    assert factories.waiting(any_app, "emp.tech") == [], "the next one is months away"
    with pytest.raises(Refused):
        act(any_app, "emp.tech", RECORD, visit.id, remark=Remark.PRAISE)
    with pytest.raises(Refused):
        act(any_app, "emp.tech", ANSWER, visit.id, note="nothing was promised")
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CU-03")
@pytest.mark.clause("CP-15")
def test_what_is_not_answered_at_once_is_a_call_to_make(any_app: Flask, as_: As, at: At) -> None:
    visit = planned(any_app)
    promised = moment("Mon 2026-03-02 15:00")
    early = moment("Mon 2026-03-02 08:00")
    with pytest.raises(Refused) as past:
        act(any_app, "emp.tech", RECORD, visit.id, remark=Remark.QUESTION, note="?", promised_at=early)
    assert [reason.code for reason in past.value.reasons] == ["promise_past"]
    given_ = {"remark": Remark.QUESTION, "note": "能否开放接口", "promised_at": promised}
    act(any_app, "emp.tech", RECORD, visit.id, **given_)
    assert (visit.number, ANSWER) in factories.waiting(any_app, "emp.tech")
    for who, seen in (("emp.tech", True), ("desk1", True), ("lead.tech", True), ("emp.impl", False)):
        page = client_of(any_app, who).get(f"{CALLS}?kind=return_visit").text
        assert (visit.number in page, "能否开放接口" in page) == (seen, seen), who
    assert visit.number in client_of(any_app, "emp.tech").get(f"{CALLS}?mine=1").text
    assert visit.number not in client_of(any_app, "desk1").get(f"{CALLS}?mine=1").text
    at("Mon 2026-03-02 15:10")
    factories.sweep(any_app)
    assert [n.number for n in factories.notices(any_app, "lead.tech", "clock:overdue")] == [visit.number]
    browser = client_of(any_app, "emp.tech")
    assert browser.get("/notifications/").status_code == 200
    assert visit.number in browser.get(f"{CALLS}?overdue=1").text
    answer = browser.send(f"{URL}{visit.id}/{ANSWER}", note="可以，本月开放", back="calls")
    assert (answer.status_code, answer.headers["Location"]) == (303, CALLS)
    assert visit.number not in browser.get(CALLS).text
    assert factories.waiting(any_app, "emp.tech") == []


def test_an_overdue_visit_is_told_to_who_goes_and_the_lead(app: Flask, at: At) -> None:
    visit = planned(app, due_on=date(2026, 6, 30))
    assert factories.waiting(app, "emp.tech") == []
    at("Wed 2026-06-10 10:00")
    factories.sweep(app)
    assert factories.told(app, "clock:warning") == ["emp.tech"]
    assert (visit.number, RECORD) in factories.waiting(app, "emp.tech")
    at("Wed 2026-07-01 10:00")
    factories.sweep(app)
    assert factories.told(app, "clock:overdue") == ["emp.tech", "lead.tech"]
    page = client_of(app, "desk1").get(f"{URL}?overdue=1").text
    assert visit.number in page


@pytest.mark.clause("CU-03")
def test_a_remark_becomes_a_case_in_one_touch(any_app: Flask, as_: As) -> None:
    visit = planned(any_app)
    act(any_app, "emp.tech", RECORD, visit.id, remark=Remark.WISH, note="希望增加夜间值班电话")
    answer = as_("emp.tech").send(f"{URL}{visit.id}/{CASE}", category="operation")
    assert answer.status_code == 303
    (kept,) = every(any_app)
    case = factories.load(any_app, kept.case_number)
    assert (case.kind, case.content, case.customer_name) == (
        Kind.SUGGESTION,
        "希望增加夜间值班电话",
        "华光电子",
    )
    assert case.first_responder_id == factories.id_of(any_app, "emp.tech")
    again = as_("emp.tech").send(f"{URL}{visit.id}/{CASE}", category="operation")
    assert (again.status_code, "CU-03" in again.text) == (409, True)
    with any_app.app_context(), db.write():
        actions.erase(case)
    (kept,) = every(any_app)
    assert (kept.note, kept.customer_name) == ("", "")
    assert factories.history_faults(any_app) == []


def test_pages_and_their_refusals(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    wrong = desk.send(f"{URL}plan", **FIELDS | {"person": "nobody"})
    assert (wrong.status_code, "华光电子" in wrong.text) == (422, True)
    assert as_("emp.impl").send(f"{URL}plan", **FIELDS).status_code == 403
    for _twice in range(2):
        assert desk.send(f"{URL}plan", **FIELDS, idempotency_key="once").status_code == 303
    (visit,) = every(app)
    here = f"{URL}{visit.id}"
    seen = {
        who: as_(who).get(here).status_code for who in ("desk1", "emp.tech", "lead.tech", "gm", "lead.impl")
    }
    assert seen == {"desk1": 200, "emp.tech": 200, "lead.tech": 200, "gm": 200, "lead.impl": 404}
    assert as_("emp.impl").send(f"{here}/{RECORD}", remark="praise", note="x").status_code == 404
    silent = desk.send(f"{here}/{RECORD}", remark="wish", note=" ")
    assert (silent.status_code, "CU-03" in silent.text) == (422, True)
    assert desk.send(f"{here}/{RECORD}", remark="wish", note="加班车", version="9").status_code == 409
    assert (
        desk.send(f"{here}/{RECORD}", remark="wish", note="加班车", again="y", version="1").status_code == 303
    )
    assert "加班车" in desk.get(f"{URL}?done=1").text
    assert "加班车" in desk.get(here).text
    for query in ("?kind=staff&overdue=1", "?kind=x&after=y", "?after=1", "?done=1&after=1"):
        assert desk.get(f"{URL}{query}").status_code == 200
    assert as_("emp.impl").get(f"{URL}report").status_code == 403
    audit = as_("office1").get("/office/audit/?kind=return_visit")
    assert audit.status_code == 200
    assert "Visit planned" in audit.text
    with pytest.raises(Forbidden):
        RETURN_VISIT.step(
            visit, RECORD, type("V", (), {"id": 0, "role": "employee", "is_manager": False, "leads": ()})
        )


@pytest.mark.clause("CU-03")
def test_the_report_of_a_month(app: Flask, as_: As) -> None:
    first, second = planned(app), planned(app, kind=VisitKind.OFFICE)
    planned(app, kind=VisitKind.OFFICE, due_on=date(2026, 4, 1))
    owed = moment("Tue 2026-03-10 10:00")
    act(app, "emp.tech", RECORD, first.id, remark=Remark.QUESTION, note="何时升级", promised_at=owed)
    with app.app_context():
        month = queries.month(factories.viewer("desk1"), date(2026, 3, 1))
    assert (month.planned[VisitKind.STAFF], month.made[VisitKind.STAFF]) == (1, 1)
    assert (month.planned[VisitKind.OFFICE], month.made[VisitKind.OFFICE]) == (1, 0)
    assert (month.remarks, month.cases) == ({"question": 1}, 0)
    assert {visit.number for visit in month.open} == {first.number, second.number}
    page = as_("desk1").get(f"{URL}report?month=2026-03").text
    assert "Answer promised by" in page
    assert as_("desk1").get(f"{URL}report?month=2026-02").text.count("<td>0</td>") >= 12
    assert as_("lead.tech").get(f"{URL}report?month=nonsense").status_code == 200


def test_costs_and_the_workbook(app: Flask, as_: As) -> None:
    visit = planned(app)
    act(
        app,
        "desk1",
        RECORD,
        visit.id,
        remark=Remark.WISH,
        note="=cmd()",
        promised_at=moment("Tue 2026-03-10 10:00"),
    )
    planned(app)
    pages = (URL, f"{URL}?done=1", f"{URL}{visit.id}", f"{URL}report?month=2026-03", CALLS)
    one = {page: len(statements(as_("desk1"), page)) for page in pages}
    for _n in range(52):
        planned(app)
    for page in pages:
        many = statements(as_("desk1"), page)
        assert len(many) == one[page] <= MOST, "\n".join([page, *many])
    whole = as_("desk1").get(URL).text
    further = re.search(r'rel="next" href="([^"]+)"', whole)
    assert further
    rest = as_("desk1").get(further[1].replace("&amp;", "&")).text
    assert whole.count("data-row") + rest.count("data-row") == 53
    answer = as_("desk1").get(f"{URL}export?done=1")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert (rows[1][0], rows[1][8]) == (visit.number, "'=cmd()")
