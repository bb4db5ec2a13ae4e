"""The calls that customers are owed: which they are, whose, in what order, and how they are recorded."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask

from portal.blueprints.complaints.calls.queries import PAGE, CallList
from portal.blueprints.complaints.calls.rules import CallKind, caller, verb
from portal.blueprints.complaints.codes import Kind, Outcome, State, Urgency
from portal.kernel import clock
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements
from tests.kernel.moments import at as moment

URL = "/complaints/follow-ups/"


def listed(page: str) -> list[str]:
    """The numbers of the calls on a page, in their order."""
    return re.findall(r">(TS-\d{8}-\d{4,})</a></td>", page)


@pytest.mark.parametrize(
    ("kind", "case", "whose"),
    [
        ("promise", {}, "handler"),
        ("promise", {"handler_id": None}, "lead"),
        ("promise", {"department": None, "handler_id": None}, "responder"),
        ("first_contact", {}, "handler"),
        ("first_contact", {"handler_id": None}, "lead"),
        ("follow_up", {}, "responder"),
        ("follow_up", {"first_responder_id": 1}, "desk"),
        ("follow_up", {"reported_by_id": 2}, "desk"),
        ("follow_up", {"resolved_by_id": 2}, "desk"),
    ],
)
def test_whose_call_it_is(kind: str, case: dict[str, object], whose: str) -> None:
    assert caller(factories.like_a_case(**case), CallKind(kind)) == whose


@pytest.mark.clause("CP-15")
def test_a_promise_shows_until_it_is_kept(any_app: Flask, as_: As) -> None:
    number = factories.a_case(any_app, State.ACCEPTED)
    factories.do(any_app, "emp.tech", "contact", number, note="已联系")
    assert listed(as_("emp.tech").get(URL).text) == []
    due = moment("Mon 2026-03-02 16:00")
    factories.do(any_app, "emp.tech", "promise", number, due_at=due, note="下午告知到货时间")
    page = as_("emp.tech").get(URL)
    assert listed(page.text) == [number]
    for words in (
        "Promised call",
        "下午告知到货时间",
        "tel:13900001234",
        "陈桂芳",
        "示例公司",
        "CP-15",
        "李工",
    ):
        assert words in page.text, words
    factories.do(any_app, "emp.tech", "contact", number, note="已告知")
    assert listed(as_("emp.tech").get(URL).text) == []


@pytest.mark.clause("CP-15")
def test_a_missed_promise_climbs_the_ladder_and_shows_as_overdue(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "contact", number, note="已联系")
    factories.do(app, "emp.tech", "promise", number, due_at=moment("Mon 2026-03-02 15:00"))
    assert listed(client_of(app, "emp.tech").get(f"{URL}?overdue=1").text) == []
    at("Mon 2026-03-02 15:05")
    factories.sweep(app)
    assert [notice.number for notice in factories.notices(app, "lead.tech", "clock:overdue")] == [number]
    assert factories.the_clock(app, number, "promise").breached_at == moment("Mon 2026-03-02 15:00")
    page = client_of(app, "emp.tech").get(f"{URL}?overdue=1")
    assert listed(page.text) == [number]
    assert "Overdue by 5 min" in page.text


@pytest.mark.clause("CP-12")
def test_a_first_contact_is_due_from_routing_on(any_app: Flask, as_: As) -> None:
    number = factories.a_case(any_app, State.ROUTED)
    page = as_("lead.tech").get(f"{URL}?mine=1")
    assert listed(page.text) == [number]
    assert "Lead of Technology" in page.text
    answer = as_("lead.tech").act(number, "contact", note="已说明今天上门", back="calls")
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert listed(as_("lead.tech").get(URL).text) == []


def test_whoever_records_a_call_goes_on_in_the_same_filter(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED)
    lead = as_("lead.tech")
    filtered = f"{URL}?kind=first_contact&mine=1"
    assert 'name="calls" value="kind=first_contact&amp;mine=1"' in lead.get(filtered).text
    kept = "kind=first_contact&mine=1&_external=1&after=x"
    answer = lead.act(number, "contact", note="已说明今天上门", back="calls", calls=kept)
    assert (answer.status_code, answer.headers["Location"]) == (303, filtered)


@pytest.mark.clause("CP-18")
def test_a_reported_case_is_called_the_same_day_and_two_working_days_after(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.REPORTED)
    due = [factories.the_clock(any_app, number, "follow_up").due_at]
    for day in ("Mon 2026-03-02 17:00", "Tue 2026-03-03 11:00"):
        at(day)
        assert listed(client_of(any_app, "desk1").get(f"{URL}?kind=follow_up").text) == [number]
        factories.do(any_app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER, note="无人接听")
        due.append(factories.the_clock(any_app, number, "follow_up").due_at)
    assert due == [moment(f"{day} 17:30") for day in ("Mon 2026-03-02", "Tue 2026-03-03", "Wed 2026-03-04")]
    browser = client_of(any_app, "desk1")
    assert browser.get(URL).text.count("Nobody answered · 无人接听") == 2
    factories.do(any_app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER)
    assert listed(browser.get(URL).text) == [], "three calls are enough"


@pytest.mark.clause("CP-18")
def test_who_solved_the_case_is_offered_no_form_and_refused(app: Flask, as_: As) -> None:
    """The one who took the case also carried it out, so the desk follows up."""
    number = factories.a_case(app, State.REPORTED, by="desk1", department="admin", handler="desk1")
    page = as_("desk1").get(URL)
    assert listed(page.text) == [number]
    assert f"/complaints/{number}/follow-up" not in page.text
    assert "neither solved nor answered the case. (CP-18)" in page.text
    assert "Front desk" in text_of(page)
    refused = as_("desk1").act(number, "follow-up", outcome="satisfied", back="calls")
    assert (refused.status_code, "CP-18" in refused.text) == (409, True)
    assert listed(as_("desk1").get(f"{URL}?mine=1").text) == [number]
    assert f"/complaints/{number}/follow-up" in as_("desk2").get(URL).text
    assert as_("desk2").act(number, "follow-up", outcome="satisfied").status_code == 303
    assert listed(as_("desk2").get(URL).text) == []


def test_the_call_that_is_due_first_is_on_top(app: Flask, as_: As) -> None:
    late = factories.a_case(app, State.REPORTED)
    promised = factories.a_case(app)
    factories.do(app, "desk1", "promise", promised, due_at=moment("Mon 2026-03-02 10:00"), note="回电")
    urgent = factories.a_case(app, State.ROUTED, urgency=Urgency.URGENT)
    assert listed(as_("desk1").get(URL).text) == [urgent, promised, late]
    assert listed(as_("desk1").get(f"{URL}?kind=promise").text) == [promised]
    assert listed(as_("desk1").get(f"{URL}?kind=nonsense&after=x~y").text) == [urgent, promised, late]


def test_mine_are_those_that_wait_for_me(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED, by="desk1")
    first = factories.a_case(app, State.ACCEPTED)
    assert listed(as_("desk1").get(f"{URL}?mine=1").text) == [number]
    assert listed(as_("desk2").get(f"{URL}?mine=1").text) == []
    assert listed(as_("emp.tech").get(f"{URL}?mine=1").text) == [first]
    with app.app_context():
        for who in ("desk1", "desk2", "emp.tech", "lead.tech", "office1"):
            viewer = factories.viewer(who)
            rows, _ = CallList(viewer, mine=True).page(clock.now())
            mine = {(row[0].number, verb(CallKind(row.kind))) for row in rows}
            assert mine <= set(factories.waiting(app, who))


def test_reach_is_that_of_the_cases(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    hidden = factories.a_case(app, State.REPORTED, concerned="lead.tech", department="impl")
    secret = factories.registered(app, by="office1", confidential=True)
    factories.do(app, "office1", "promise", secret, due_at=moment("Mon 2026-03-02 16:00"))
    assert listed(as_("lead.tech").get(URL).text) == [number]
    assert listed(as_("emp.admin").get(URL).text) == []
    assert "No call is due" in as_("emp.admin").get(URL).text
    assert set(listed(as_("desk1").get(URL).text)) == {number, hidden}
    assert set(listed(as_("office1").get(URL).text)) == {number, hidden, secret}


def test_other_kinds_of_case_are_not_followed_up(app: Flask, as_: As) -> None:
    factories.do(app, "desk1", "report", factories.registered(app, kind=Kind.INQUIRY), answer="九点开门")
    assert listed(as_("desk1").get(f"{URL}?kind=follow_up").text) == []


def test_a_limit_that_stands_still_comes_last(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    other = factories.a_case(app, State.REPORTED)
    factories.do(app, "desk1", "pause", number, reason="客户出差")
    page = as_("desk1").get(URL)
    assert listed(page.text) == [other, number]
    assert "Waiting for the customer" in page.text


def test_a_wrong_form_keeps_what_was_typed(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    answer = as_("desk1").act(number, "follow-up", outcome="", note="说话很客气", back="calls")
    assert (answer.status_code, "说话很客气" in answer.text) == (422, True)
    assert as_("emp.impl").act(number, "follow-up", outcome="satisfied").status_code == 404
    assert as_("lead.tech").act(number, "follow-up", outcome="satisfied").status_code == 403


def test_the_page_costs_few_statements_and_walks_through_all(app: Flask, as_: As) -> None:
    numbers = [factories.a_case(app, State.REPORTED)]
    one = statements(as_("desk1"), URL)
    numbers += [factories.a_case(app, State.ROUTED) for _ in range(PAGE + 4)]
    many = statements(as_("desk1"), URL)
    assert len(many) == len(one) <= MOST, "\n".join(many)
    page = as_("desk1").get(URL).text
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more, "a page of the calls that are due later"
    rest = as_("desk1").get(more[1].replace("&amp;", "&")).text
    assert len(listed(page)) == PAGE
    assert sorted(listed(page) + listed(rest)) == sorted(numbers)
    assert "Most urgent" in rest


def test_the_workbook_has_what_the_page_shows(app: Flask, as_: As) -> None:
    number = factories.a_case(app, customer_name="=1+1")
    due = factories.load(app, number).registered_at + timedelta(hours=2)
    factories.do(app, "desk1", "promise", number, due_at=due, note="告知进展")
    factories.a_case(app, State.ROUTED)
    answer = as_("desk1").get(f"{URL}export?kind=promise")
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("Due", "Number", "Kind of call", "Customer")
    assert [row[1:5] for row in rows[1:]] == [(number, "Promised call", "'=1+1", "139****1234")]
    assert rows[1][7] == "告知进展"
    assert as_("emp.tech").get(f"{URL}export").status_code == 403
