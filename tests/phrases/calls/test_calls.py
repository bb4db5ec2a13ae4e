"""The call screen: what is noted once becomes a case, a question or an entry of the log (PG-01, PG-02)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import Channel, ReadBack
from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.phrases.calls import rules
from portal.blueprints.phrases.calls.models import CallDraft
from portal.blueprints.reception.questions.models import Question
from portal.kernel import clock, customers, policies, timers
from portal.kernel.calls import Call
from portal.kernel.db import db
from portal.kernel.taboos import Outcome, TabooHit
from tests import factories
from tests.conftest import As, At
from tests.duty.posts.making import a_post
from tests.house.test_statements import MOST, counted

NOTED: dict[str, Any] = {
    "caller": "王敏", "company": "远山贸易", "phone": "13800138000", "matter": "打印机送修两周没有回音。",
    "place": "上周一，城东门店", "reason": "配件一直没到", "demand": "请给一个确切的日期",
}  # fmt: skip
CASE: dict[str, Any] = {"end": "case", "case-kind": "complaint", "case-category": "service"}
QUESTION: dict[str, Any] = {"end": "question", "question-outcome": "ask", "question-department": "tech"}


def rows(app: Flask, model: Any) -> list[Any]:
    with app.app_context():
        return list(db.session.scalars(sa.select(model)))


@pytest.mark.clause("PG-01")
def test_the_screen_says_what_to_say_by_the_offices_figures(app: Flask, as_: As) -> None:
    page = as_("desk1").get("/phrases/call").text
    assert "Good day, this is 示例公司" in page
    assert "after ring 2 and before ring 3. From ring 5 on, apologise first" in page
    assert "More lines for the telephone" in page  # PG-05, PG-13
    with app.app_context(), db.write():
        now = clock.now()
        policies.set_value("calls.apologise_from_ring", "4", from_=now, reason="x", by=1, now=now)
    assert "From ring 4 on" in as_("desk1").get("/phrases/call").text


@pytest.mark.clause("PG-02")
def test_a_call_becomes_a_case_without_retyping(any_app: Flask, as_: As) -> None:
    desk = as_("desk1")
    assert desk.send("/phrases/call/note", **NOTED, idempotency_key="k1").status_code == 303
    answer = desk.send("/phrases/call", **NOTED, **CASE, read_back="y", idempotency_key="k1")
    (case,) = rows(any_app, Case)
    assert answer.headers["Location"] == f"/complaints/{case.number}"
    assert (case.customer_name, case.customer_phone, case.demand) == ("王敏", "13800138000", NOTED["demand"])
    assert (case.channel, case.read_back) == (Channel.PHONE, ReadBack.YES)
    for part in (NOTED["matter"], NOTED["place"], NOTED["reason"], NOTED["company"]):
        assert part in case.content
    assert rows(any_app, CallDraft) == []  # the notes went with it
    again = desk.send("/phrases/call", **NOTED, **CASE, read_back="y", idempotency_key="k1")
    assert again.headers["Location"] == f"/complaints/{case.number}"
    other = desk.send("/phrases/call", **NOTED | {"matter": "另一件事"}, **CASE, idempotency_key="k1")
    assert other.status_code == 409
    assert len(rows(any_app, Case)) == 1


@pytest.mark.clause("PG-02")
def test_or_a_question_or_an_entry_of_the_log(app: Flask, as_: As) -> None:
    a_post(app)
    desk = as_("desk1")
    assert desk.send("/phrases/call", **NOTED, **QUESTION, idempotency_key="k1").status_code == 303
    (question,) = rows(app, Question)
    assert (question.asker_name, question.phone, question.department) == ("王敏", "13800138000", "tech")
    assert NOTED["matter"] in question.question
    log: dict[str, Any] = {
        "end": "log",
        "log-post": "front-desk",
        "log-category": "visitor",
        "log-standing": "open",
    }
    for _ in range(2):
        assert (
            desk.send("/phrases/call", **NOTED, **log, transfer="李工", idempotency_key="k2").status_code
            == 303
        )
    (entry,) = rows(app, LogEntry)
    assert "李工" in entry.text
    # Nothing in the log can be erased (RC-20).
    assert "138****8000" in entry.text
    assert NOTED["phone"] not in entry.text


@pytest.mark.parametrize(
    ("username", "end", "code"),
    [
        ("emp.tech", "case", 303),
        ("emp.tech", "question", 403),
        ("emp.tech", "log", 403),
        ("desk1", "elsewhere", 404),
    ],
)
def test_an_end_is_whose_it_is_elsewhere(app: Flask, as_: As, username: str, end: str, code: int) -> None:
    a_post(app)
    sent: dict[str, Any] = {**NOTED, **CASE, **QUESTION, "end": end, "log-post": "front-desk"}
    assert as_(username).send("/phrases/call", **sent).status_code == code


@pytest.mark.parametrize(
    "wrong", [{"matter": " "}, {"phone": "call me"}, {"case-category": ""}, {"case-person_concerned": "nobody"}]
)  # fmt: skip
def test_what_is_missing_is_told_and_the_notes_stay(app: Flask, as_: As, wrong: dict[str, Any]) -> None:
    answer = as_("desk1").send("/phrases/call", **NOTED | CASE | wrong)
    assert answer.status_code == 422
    assert NOTED["demand"] in answer.text
    assert answer.text.count("autofocus") == 1, "the screen opens at what is missing"
    assert rows(app, Case) == []
    (draft,) = rows(app, CallDraft)
    assert draft.caller == "王敏"


def test_a_half_typed_call_is_there_again_and_nobody_elses(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    side = desk.send("/phrases/call/note", **NOTED, htmx=True).text
    for said in (
        "You are 王敏 of 远山贸易.",
        "about this: 打印机送修两周没有回音.",
        "王敏 of 远山贸易 is on the line",
    ):
        assert said in side
    assert "打印机" in desk.get("/phrases/call").text
    assert "打印机" not in as_("desk2").get("/phrases/call").text
    assert desk.send("/phrases/call/drop").status_code == 303
    assert rows(app, CallDraft) == []


def test_what_is_known_of_the_number_is_shown_to_whom_it_may(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(app, customer_phone=NOTED["phone"])
    with app.app_context(), db.write():
        now, desk = at("Mon 2026-03-02 10:00"), factories.viewer("desk1")
        customers.card_for("王敏", NOTED["phone"], "远山贸易", by=desk.id, now=now)
    seen = as_("desk1").send("/phrases/call/note", phone=NOTED["phone"], htmx=True).text
    assert number in seen
    assert "It is 王敏" in seen
    assert as_("desk1").send("/phrases/call/note", phone=NOTED["phone"], use="1").status_code == 303
    (draft,) = rows(app, CallDraft)
    assert (draft.caller, draft.company) == ("王敏", "远山贸易")
    hidden = as_("emp.impl").send("/phrases/call/note", phone=NOTED["phone"], htmx=True).text
    assert number not in hidden
    assert "王敏" not in hidden


@pytest.mark.clause("RC-20")
def test_notes_that_became_nothing_go_after_a_day(any_app: Flask, as_: As, at: At) -> None:
    as_("desk1").send("/phrases/call/note", **NOTED)
    for moment, left in (("Tue 2026-03-03 08:59", 1), ("Tue 2026-03-03 09:01", 0)):
        now = at(moment)
        with any_app.app_context():
            list(timers.sweep(now))
        assert len(rows(any_app, CallDraft)) == left


def test_only_what_was_noted_is_read_back() -> None:
    assert rules.points(Call()) == []
    assert rules.points(Call(company="远山", matter="发票\n开错了。")) == [
        ("who", {"caller": "远山"}),
        ("matter", {"matter": "发票 开错了"}),
    ]


def test_the_desk_reaches_it_by_one_touch_and_one_key(as_: As) -> None:
    assert as_("desk1").get("/").text.count('href="/phrases/call"') == 2
    assert 'href="/phrases/call"' not in as_("emp.tech").get("/").text


def test_the_pages_cost_few_statements(app: Flask, as_: As) -> None:
    a_post(app)
    factories.a_case(app, customer_phone=NOTED["phone"])
    desk = as_("desk1")
    desk.send("/phrases/call/note", **NOTED)
    walk = "/phrases/scripts/complaint-call?path=open.hear.who.where.wish.sorry.check"
    for address in ("/phrases/call", "/phrases/scripts/", walk, "/phrases/customers/"):
        desk.get(address)
        with counted() as seen:
            assert desk.get(address).status_code == 200
        assert len(seen) <= MOST, (address, seen)


@pytest.mark.clause("PG-04")
def test_words_of_an_answer_that_was_not_sent_are_not_counted_as_sent(app: Flask, as_: As) -> None:
    answered: dict[str, Any] = {
        "end": "question",
        "question-outcome": "answer",
        "question-answer": "这个问题我不太懂。",
    }
    answered |= {"question-answer-anyway": "客户要求写明"}
    desk = as_("desk1")
    assert desk.send("/phrases/call", **answered, matter="", idempotency_key="k1").status_code == 422
    assert rows(app, TabooHit) == []
    assert desk.send("/phrases/call", **answered, matter="打印机", idempotency_key="k1").status_code == 303
    assert [hit.outcome for hit in rows(app, TabooHit)] == [Outcome.SENT]
