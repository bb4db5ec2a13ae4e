"""Beside the main path: visits, doubles, outside causes, what is asked inside, published suggestions, the guide."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints import guide, queries
from portal.blueprints.complaints.codes import Category, Channel, Finding, Kind, State, Urgency
from portal.kernel import clock, policies
from portal.kernel.db import db
from tests import factories
from tests.client import number_in, text_of
from tests.conftest import As
from tests.kernel.moments import at as moment

# -- CP-33 ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-33")
def test_the_third_visit_for_one_matter_alerts_the_lead_once(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, channel=Channel.ONSITE)
    assert factories.load(app, number).visits == 1, "coming to complain was the first"
    told: list[int] = []
    for _ in range(3):
        factories.do(app, "desk1", "visit", number, note="又来问进展")
        told.append(factories.told(app, "case:third_visit").count("lead.tech"))
    assert told == [0, 1, 1]
    assert factories.load(app, number).visits == 4


@pytest.mark.clause("CP-33")
@pytest.mark.clause("GO-05")
def test_the_office_says_by_which_visit_a_matter_is_finished(app: Flask) -> None:
    with app.app_context(), db.write():
        now, by = clock.now(), factories.viewer("office1").id
        policies.set_value("visits.most", "1", from_=now, reason="一次办结", by=by, now=now)
    number = factories.a_case(app, State.ACCEPTED, channel=Channel.ONSITE)
    factories.do(app, "desk1", "visit", number)
    assert factories.told(app, "case:third_visit") == ["lead.tech"]


@pytest.mark.clause("CP-34")
@pytest.mark.parametrize(
    ("finding", "by", "offered"),
    [
        (Finding.BREACH, "lead.tech", "/complaints/penalties/new?"),
        (Finding.BREACH, "office1", "/complaints/penalties/new?"),
        (Finding.BREACH, "desk1", ""),
        (Finding.BREACH, "emp.tech", ""),
        (Finding.MISTAKE, "lead.tech", "/complaints/improvements/new?"),
        (Finding.MISTAKE, "lead.admin", ""),
        (Finding.MISTAKE, "office1", "/complaints/improvements/new?"),
        (Finding.MISTAKE, "emp.tech", ""),
        (Finding.MISUNDERSTANDING, "lead.tech", "?do=not-upheld"),
    ],
)
def test_a_finding_leads_to_what_follows_from_it(
    app: Flask, as_: As, finding: Finding, by: str, offered: str
) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    given = {"findings": "墨盒开裂", "finding": finding, "solution": ["换新"]}
    factories.do(app, "emp.tech", "propose", number, **given)
    if finding is Finding.MISUNDERSTANDING:
        factories.do(app, "lead.tech", "return", number, note="请再核对")
    answer = as_(by).get(f"/complaints/{number}")
    if answer.status_code == 404:  # not a case of this department's
        assert not offered
        return
    ways = re.findall(r'href="([^"]*(?:/new\?|do=not-upheld#do)[^"]*)"', answer.text)
    ways = [html.unescape(way) for way in ways if "/orders/" not in way]
    assert [way for way in ways if offered and offered in way] if offered else not ways, ways
    if "/new?" in offered:
        (way,) = [way for way in ways if offered in way]
        assert number in text_of(as_(by).get(way)) or number in as_(by).get(way).text


@pytest.mark.clause("CP-03")
@pytest.mark.clause("CP-01")
def test_the_customer_takes_home_procedure_papers_time_and_who_handles_it(app: Flask, as_: As) -> None:
    number = factories.a_case(app, kind=Kind.COMPLAINT, category=Category.PRICE)
    shown = text_of(as_("desk1").get(f"/complaints/{number}/slip"))
    with app.test_request_context(headers={"Accept-Language": "en"}):
        wanted = [str(words) for words in (*guide.PROCEDURE[Kind.COMPLAINT], guide.PAPERS[Category.PRICE])]
    for words in (*wanted, "8000", "03-05"):
        assert words in shown, words
    assert as_("emp.impl").get(f"/complaints/{number}/slip").status_code == 404


@pytest.mark.clause("CP-33")
@pytest.mark.parametrize(
    ("channel", "visits"), [(Channel.ONSITE, 1), (Channel.PHONE, 0), (Channel.WECHAT, 0)]
)
def test_only_who_comes_in_person_has_made_a_visit(app: Flask, channel: Channel, visits: int) -> None:
    assert factories.load(app, factories.a_case(app, channel=channel)).visits == visits


# -- CP-02 ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-02")
def test_an_inquiry_is_not_answered_while_somebody_inside_was_asked(app: Flask, as_: As) -> None:
    number = factories.a_case(app, kind=Kind.INQUIRY)
    factories.do(app, "desk1", "assist", number, department="tech", note="三年质保包含电池吗？")
    answer = as_("desk1").act(number, "report", answer="应该包含")
    assert answer.status_code == 409
    assert "CP-02" in answer.text
    assert (number, "assisted") in factories.waiting(app, "lead.tech")
    factories.do(app, "lead.tech", "assisted", number, note="不包含")
    assert factories.told(app, "case:assisted") == ["desk1"], "who asked hears the answer"
    factories.do(app, "desk1", "report", number, answer="不包含电池")
    assert factories.load(app, number).state is State.REPORTED


@pytest.mark.clause("CP-02")
@pytest.mark.parametrize(
    ("kind", "status"), [(Kind.INQUIRY, 303), (Kind.COMPLAINT, 403), (Kind.SUGGESTION, 403)]
)
def test_only_an_inquiry_is_asked_about_before_it_is_routed(
    app: Flask, as_: As, kind: Kind, status: int
) -> None:
    number = factories.a_case(app, kind=kind)
    answer = as_("desk1").act(number, "assist", department="tech", note="请问怎么答")
    assert answer.status_code == status


@pytest.mark.clause("CP-02")
def test_an_answer_is_proposed_as_a_phrase_once_and_only_of_an_inquiry(app: Flask, as_: As) -> None:
    number = factories.a_case(app, kind=Kind.INQUIRY)
    factories.do(app, "desk1", "report", number, answer="周六照常营业")
    factories.do(app, "desk1", "phrase", number)
    assert "office1" in factories.told(app, "case:phrase")
    assert as_("desk1").act(number, "phrase").status_code == 409
    other = factories.a_case(app, State.REPORTED)
    assert as_("desk1").act(other, "phrase").status_code == 409


@pytest.mark.clause("CP-02")
@pytest.mark.parametrize("state", [State.PROPOSED, State.RETURNED, State.APPROVED, State.RESOLVED])
def test_what_was_proposed_no_longer_becomes_an_inquiry(app: Flask, as_: As, state: State) -> None:
    number = factories.a_case(app, state)
    words: dict[str, Any] = {"category": "product", "content": "打印机漏墨"}
    answer = as_("desk1").send(f"/complaints/{number}/edit", kind="inquiry", **words)
    assert answer.status_code == 409
    assert "CP-02" in answer.text
    assert factories.load(app, number).kind is Kind.COMPLAINT
    assert as_("desk1").send(f"/complaints/{number}/edit", kind="complaint", **words).status_code == 303


@pytest.mark.clause("CP-02")
def test_a_changed_kind_leaves_its_trace(app: Flask, as_: As) -> None:
    number = factories.a_case(app, kind=Kind.INQUIRY, content="门锁没电怎么办")
    form: dict[str, Any] = {
        "kind": "complaint",
        "category": "product",
        "content": "门锁没电怎么办",
        "demand": "",
    }
    assert as_("desk1").send(f"/complaints/{number}/edit", **form).status_code == 303
    assert factories.load(app, number).kind is Kind.COMPLAINT
    (line,) = [event for event in factories.events(app) if event.event == "case:edit"]
    assert "kind" in line.details
    running = {clock.kind for clock in factories.clocks(app, number) if clock.running}
    assert running == {"answer", "solution", "whole_case"}
    assert as_("desk1").send(f"/complaints/{number}/edit", **form | {"kind": "inquiry"}).status_code == 303
    running = {clock.kind for clock in factories.clocks(app, number) if clock.running}
    assert running == {"answer"}, "an inquiry has the answer's limit only"


@pytest.mark.clause("CP-02")
def test_an_urgent_inquiry_that_becomes_a_complaint_keeps_the_limit_of_its_answer(
    app: Flask, as_: As
) -> None:
    number = factories.a_case(app, kind=Kind.INQUIRY, urgency=Urgency.URGENT)
    before = factories.the_clock(app, number, "answer").due_at
    form: dict[str, Any] = {"kind": "complaint", "category": "product", "content": "门锁没电", "demand": ""}
    assert as_("desk1").send(f"/complaints/{number}/edit", **form).status_code == 303
    running = {clock.kind for clock in factories.clocks(app, number) if clock.running}
    assert running == {"answer", "solution", "whole_case", "on_site"}
    assert factories.the_clock(app, number, "answer").due_at == before


# -- doubles ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-02")
def test_a_double_is_closed_in_favour_of_the_case_that_goes_on(app: Flask, as_: As) -> None:
    kept, double = factories.a_case(app, State.ROUTED), factories.a_case(app)
    factories.do(app, "desk1", "merge", double, other=kept, reason="同一客户打了两次")
    gone = factories.load(app, double)
    assert (gone.state, gone.links) == (State.WITHDRAWN, 1)
    assert not [clock for clock in factories.clocks(app, double) if clock.running]
    assert double in as_("desk1").get(f"/complaints/{kept}/linked").text
    assert kept in as_("desk1").get(f"/complaints/{double}/linked").text
    assert "case:joined" in [event.event for event in factories.events(app)]


@pytest.mark.clause("CP-02")
def test_nothing_is_merged_into_a_closed_case_or_into_itself(app: Flask) -> None:
    closed, number = factories.a_case(app, State.WITHDRAWN), factories.a_case(app)
    assert factories.refused(app, "desk1", "merge", number, other=closed) == ["CP-02 other_closed"]
    assert factories.refused(app, "desk1", "merge", number, other=number) == ["CP-22 same_case"]
    assert factories.refused(app, "desk1", "merge", number, other="TS-20200101-0001") == [
        "CP-22 other_unknown"
    ]


@pytest.mark.clause("CP-22")
def test_a_case_out_of_sight_is_neither_linked_nor_listed(app: Flask, as_: As) -> None:
    mine = factories.a_case(app, State.ACCEPTED)
    hidden = factories.a_case(app, State.ROUTED, department="market", category=Category.PRICE)
    assert factories.refused(app, "emp.tech", "link", mine, other=hidden) == ["CP-22 other_unknown"]
    factories.do(app, "desk1", "link", mine, other=hidden)
    assert hidden in as_("desk1").get(f"/complaints/{mine}/linked").text
    assert hidden not in as_("emp.tech").get(f"/complaints/{mine}/linked").text
    factories.do(app, "desk1", "link", mine, other=hidden)
    assert factories.load(app, mine).links == 1, "linked twice is linked once"


def test_a_number_that_is_none_is_said_beside_its_field(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    answer = as_("desk1").act(number, "link", other="门锁")
    assert answer.status_code == 422
    assert "TS-20261121-0001" in answer.text
    assert 'value="门锁"' in answer.text.replace("&#34;", '"')


def test_the_intake_shows_what_is_open_of_a_phone(app: Flask, as_: As) -> None:
    number = factories.a_case(app, customer_phone="13900009999")
    closed = factories.a_case(app, State.WITHDRAWN, customer_phone="13900009999")

    def shown(username: str, phone: str) -> str:
        asked = f"/complaints/similar?customer_phone={phone}"
        return as_(username).get(asked, headers={"HX-Request": "true"}).text

    assert number in shown("desk1", "13900009999")
    assert closed not in shown("desk1", "13900009999")
    assert number not in shown("emp.impl", "13900009999")
    assert "TS-" not in shown("desk1", "")
    alone = as_("desk1").get("/complaints/similar?customer_phone=13900009999")
    assert alone.headers["Location"] == "/complaints/?words=13900009999"


# -- CP-25, CP-26 -----------------------------------------------------------------------------------------------------


def test_an_outside_cause_names_who_is_responsible_and_promises_news(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    fields = {"party": "供电公司", "contact": "95598", "due_at": "2026-03-03T10:00"}
    assert as_("emp.tech").act(number, "external", party="").status_code == 422
    assert as_("emp.tech").act(number, "external", **fields).status_code == 303
    case = factories.load(app, number)
    assert (case.external_party, case.external_contact) == ("供电公司", "95598")
    assert [row.until is not None for row in factories.dealings(app, number, "promise")] == [True]
    assert "供电公司" in text_of(as_("emp.tech").get(f"/complaints/{number}"))


def test_an_adopted_suggestion_is_published_for_everybody_without_its_author(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, kind=Kind.SUGGESTION, customer_name="陈桂芳")
    factories.do(app, "lead.tech", "adopt", number, note="下月起加一台")
    factories.do(app, "lead.tech", "publish", number, what="大厅加一台自助机", measure="下月装好")
    shown = text_of(as_("emp.impl").get("/complaints/suggestions/"))
    assert "大厅加一台自助机" in shown
    assert "陈桂芳" not in shown
    assert as_("lead.tech").act(number, "publish", what="x", measure="y").status_code == 409


@pytest.mark.clause("CP-26")
def test_an_adopted_suggestion_that_was_carried_out_waits_to_be_published(app: Flask) -> None:
    number = factories.a_case(app, State.ROUTED, kind=Kind.SUGGESTION)
    factories.do(app, "lead.tech", "adopt", number, note="下月起加一台")
    assert (number, "publish") not in factories.waiting(app, "lead.tech")
    factories.do(app, "lead.tech", "resolve", number, result="已装好")
    assert (number, "publish") in factories.waiting(app, "lead.tech")
    factories.do(app, "lead.tech", "publish", number, what="大厅加一台自助机", measure="已装好")
    assert (number, "publish") not in factories.waiting(app, "lead.tech")


@pytest.mark.clause("CP-26")
@pytest.mark.clause("CP-15")
def test_the_author_is_promised_an_answer_for_a_time_to_come(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, kind=Kind.SUGGESTION)
    offered = as_("lead.tech").get(f"/complaints/{number}?do=adopt")
    assert 'name="due_at"' in offered.text
    assert 'value="2026-03-' in offered.text, "the day by which an answer is due anyway"
    past = as_("lead.tech").act(number, "adopt", note="下月起加一台", due_at="2026-02-27T17:30")
    assert past.status_code == 422
    assert "CP-15" in past.text
    assert "下月起加一台" in past.text
    assert as_("lead.tech").act(number, "adopt", due_at="2026-03-04T17:30").status_code == 303
    assert factories.the_clock(app, number, "promise").due_at is not None


@pytest.mark.clause("CP-25")
def test_news_of_an_authority_is_promised_for_a_time_to_come(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    past = {"party": "供电公司", "contact": "95598", "due_at": moment("Fri 2026-02-27 17:30")}
    assert factories.refused(app, "emp.tech", "external", number, **past) == ["CP-15 promise_past"]


@pytest.mark.clause("CP-11")
@pytest.mark.parametrize(("category", "proposed"), [(Category.PRODUCT, True), (Category.OPERATION, False)])
def test_implementation_is_proposed_to_help_with_a_product(
    app: Flask, as_: As, category: Category, proposed: bool
) -> None:
    number = factories.a_case(app, State.ACCEPTED, category=category)
    lead = factories.LEADS[factories.load(app, number).department or ""]
    page = as_(lead).get(f"/complaints/{number}?do=assist").text
    assert (
        bool(re.search(r'<option[^>]*(selected[^>]*value="impl"|value="impl"[^>]*selected)', page))
        is proposed
    )


def test_a_declined_suggestion_is_not_published(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, kind=Kind.SUGGESTION)
    factories.do(app, "lead.tech", "decline", number, note="场地不够")
    answer = as_("lead.tech").act(number, "publish", what="x", measure="y")
    assert answer.status_code == 409
    assert "CP-26" in answer.text


# -- the guide --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "channel", "category", "first", "clauses"),
    [
        (Kind.COMPLAINT, Channel.ONSITE, Category.PRODUCT, "place", {"RC-30", "CP-07", "CP-33", "CP-28"}),
        (Kind.COMPLAINT, Channel.ONSITE, Category.OPERATION, "place", {"RC-30", "CP-08", "CP-33", "CP-28"}),
        (Kind.COMPLAINT, Channel.PHONE, Category.ATTITUDE, "apology", {"CP-09", "CP-33", "CP-28"}),
        (Kind.COMPLAINT, Channel.PHONE, Category.SERVICE, "apology", {"CP-09", "CP-33", "CP-28"}),
        (Kind.INQUIRY, Channel.PHONE, Category.PRICE, "told", {"CP-33", "CP-28"}),
        (Kind.SUGGESTION, Channel.ONSITE, Category.OTHER, "place", {"RC-30", "CP-33", "CP-28"}),
    ],
)
def test_the_guide_follows_kind_channel_and_category(
    kind: Kind, channel: Channel, category: Category, first: str, clauses: set[str]
) -> None:
    case = SimpleNamespace(kind=kind, channel=channel, category=category)
    found = guide.steps(case)
    assert found[0].code == first
    assert {step.clause for step in found} == clauses


def test_a_step_is_ticked_and_stays_ticked(app: Flask, as_: As) -> None:
    number = factories.a_case(app, channel=Channel.ONSITE)
    assert as_("desk1").act(number, "tick", step="place").status_code == 303
    assert as_("desk1").act(number, "tick", step="place").status_code == 303
    assert as_("desk1").act(number, "tick", step="nothing").status_code == 422
    assert factories.load(app, number).ticks == "place"
    page = as_("desk1").get(f"/complaints/{number}").text
    assert 'value="place"' not in page
    assert 'value="told"' in page


def test_what_lies_beside_a_case_is_the_same_on_both_databases(any_app: Flask) -> None:
    one, other = factories.a_case(any_app, customer_phone="13900008888"), factories.a_case(any_app)
    factories.do(any_app, "desk1", "link", one, other=other)
    with any_app.app_context():
        viewer = factories.viewer("desk1")
        assert [row[0] for row in queries.linked(factories.load(any_app, one), viewer)] == [other]
        assert [row[0] for row in queries.of_phone(viewer, "13900008888")] == [one]


def test_a_case_recorded_on_site_counts_its_visit_through_the_form(app: Flask, as_: As) -> None:
    number = number_in(as_("desk1").register(channel="onsite"))
    assert factories.load(app, number).visits == 1
