"""A text for a customer that must not be said is not sent; one that had better not be, only with a reason."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal import customer_texts
from portal.blueprints.complaints.codes import Kind, State
from portal.blueprints.complaints.orders.codes import OrderState
from portal.kernel.db import db
from portal.kernel.phrase_check import compile_rules, shipped
from portal.kernel.taboos import Outcome, TabooHit
from tests import factories
from tests.complaints.orders.made import an_order
from tests.conftest import As, At
from tests.reception.visits import a_visit

BLOCKED = "您急什么急，师傅明天上午就到。"
WARNED = "这个问题我不太懂，可能已经修好了。"
PROMISED = "我们保证给您修好。"
FINE = "让您久等了，非常抱歉。打印机已经修好，请您放心使用。"


def hits(app: Flask) -> list[TabooHit]:
    with app.app_context():
        return list(db.session.scalars(sa.select(TabooHit).order_by(TabooHit.id)))


def answer(as_: As, number: str, text: str, **more: Any) -> TestResponse:
    return as_("emp.tech").send(f"/complaints/{number}/report", answer=text, **more)


@pytest.mark.clause("PG-04")
def test_a_blocked_text_is_refused_and_comes_back_marked(any_app: Flask, as_: As) -> None:
    number = factories.a_case(any_app, State.RESOLVED)
    refused = answer(as_, number, BLOCKED)
    assert refused.status_code == 409
    page = refused.text
    assert "PG-04" in page
    assert BLOCKED in page.split("<textarea")[1], "the text is kept"
    assert "<mark>急什么急</mark>" in page or "<mark>急什么</mark>" in page
    assert "cannot be sent" in page, "how severe, in words"
    assert "report-anyway" not in page, "nothing is asked for that would not help"
    assert factories.load(any_app, number).state is State.RESOLVED
    (hit,) = hits(any_app)
    assert (hit.outcome, hit.rule, hit.severity, hit.scope) == (
        Outcome.STOPPED,
        "what-hurry",
        "block",
        "answer",
    )
    assert "师傅" not in hit.words, "of the text only what was caught"
    assert answer(as_, number, FINE).status_code == 303
    assert len(hits(any_app)) == 1


@pytest.mark.clause("PG-04")
def test_a_warned_text_is_sent_with_a_reason_and_counted(any_app: Flask, as_: As) -> None:
    number = factories.a_case(any_app, State.RESOLVED)
    refused = answer(as_, number, WARNED)
    assert (refused.status_code, "PG-04" in refused.text) == (409, True)
    assert 'name="answer-anyway"' in refused.text
    assert answer(as_, number, WARNED, **{"answer-anyway": "  "}).status_code == 409
    assert [hit.outcome for hit in hits(any_app)] == [Outcome.STOPPED, Outcome.STOPPED]
    key: dict[str, Any] = {"idempotency_key": "once", "answer-anyway": "客户要求写明"}
    assert answer(as_, number, WARNED, **key).status_code == 303
    assert answer(as_, number, WARNED, **key).status_code == 303, "sent twice, done once"
    assert factories.load(any_app, number).state is State.REPORTED
    sent = hits(any_app)[2:]
    assert [(hit.outcome, hit.reason) for hit in sent] == [(Outcome.SENT, "客户要求写明")]


def test_advice_stops_nothing_and_what_is_refused_otherwise_is_not_counted(
    app: Flask, as_: As, at: At
) -> None:
    number = factories.a_case(app, State.RESOLVED)
    assert answer(as_, number, "我们尽快给您处理。").status_code == 303
    other = factories.a_case(app, State.REPORTED)
    as_("desk1").get("/")
    at(
        "Mon 2026-03-02 09:10"
    )  # so that the person's being there is written after the answer, in a write of its own
    past: dict[str, Any] = {"due_at": "2026-03-01T09:00", "note": WARNED, "note-anyway": "客户要求"}
    assert as_("desk1").send(f"/complaints/{other}/promise", **past).status_code == 409
    assert hits(app) == [], "the promise lies in the past, so nothing was sent"


@pytest.mark.clause("PG-11")
def test_a_promise_carries_a_date(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.RESOLVED)
    refused = answer(as_, number, PROMISED)
    assert (refused.status_code, "PG-11" in refused.text) == (409, True)
    assert answer(as_, number, "包您满意，明天就好。").status_code == 409, "a date makes nobody keep that"
    assert answer(as_, number, "我们保证明天下午五点前给您修好。").status_code == 303
    promising = factories.a_case(app, State.RESOLVED)
    sent = as_("desk1").send(f"/complaints/{promising}/promise", due_at="2026-03-03T09:00", note=PROMISED)
    assert sent.status_code == 303, "the form itself says by when"
    assert answer(as_, promising, PROMISED).status_code == 303, "a promise runs (CP-15)"


def test_a_reason_does_not_help_a_blocked_text(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.RESOLVED)
    assert answer(as_, number, BLOCKED, **{"answer-anyway": "客户要求"}).status_code == 409
    assert factories.load(app, number).state is State.RESOLVED


def test_the_words_are_told_by_one_touch(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.RESOLVED)
    text = f"<b>您好</b>。{BLOCKED}"
    page = answer(as_, number, text).text
    assert "&lt;b&gt;" in page
    assert "<b>您好" not in page
    button = json.dumps(["answer", text.index("急"), "急什么急", "我马上为您催办"], ensure_ascii=False)
    mended = answer(as_, number, text, better=button)
    assert mended.status_code == 422, "nothing is sent by it"
    assert "您我马上为您催办，师傅明天上午就到。" in mended.text
    assert factories.load(app, number).state is State.RESOLVED


@pytest.mark.clause("PG-04")
def test_what_a_form_lacks_is_told_first(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    fields: dict[str, Any] = {"findings": "漏墨", "finding": "", "solution": BLOCKED}
    assert as_("emp.tech").send(f"/complaints/{number}/propose", **fields).status_code == 422
    assert hits(app) == []
    fields["finding"] = "mistake"
    assert as_("emp.tech").send(f"/complaints/{number}/propose", **fields).status_code == 409
    assert (
        as_("emp.tech")
        .send(f"/complaints/{number}/propose", **fields | {"solution": ["换喷头", BLOCKED]})
        .status_code
        == 409
    )
    assert answer(as_, number, BLOCKED).status_code == 409, (
        "a state that forbids the verb comes before the form"
    )
    assert len(hits(app)) == 2


@pytest.mark.clause("PG-04")
def test_a_customers_own_words_may_be_quoted(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.RESOLVED)
    assert answer(as_, number, "您反映师傅说“急什么急”，我们已经批评教育。").status_code == 303


@pytest.mark.clause("PG-04")
def test_what_is_published_and_why_an_appointment_moves_are_for_customers_too(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, kind=Kind.SUGGESTION)
    factories.do(app, "lead.tech", "adopt", number, note="下月起加一台")
    told = {"what": "大厅加一台自助机", "measure": "没办法，等着吧。"}
    assert as_("lead.tech").act(number, "publish", **told).status_code == 409
    turned = {"what": told["measure"], "measure": "下月装好。"}
    assert as_("lead.tech").act(number, "publish", **turned).status_code == 409
    assert as_("lead.tech").act(number, "publish", **told | {"measure": "下月装好。"}).status_code == 303
    visit = a_visit(as_("emp.tech"), "B", purpose="看样机", starts_at="2026-03-03T09:00")
    moved: dict[str, Any] = {"starts_at": "2026-03-03T10:00", "ends_at": "2026-03-03T11:00"}
    assert "PG-04" in as_("emp.tech").send(f"/reception/visits/{visit}/move", **moved, note=BLOCKED).text
    assert (
        as_("emp.tech").send(f"/reception/visits/{visit}/move", **moved, note="主管外出").status_code == 303
    )


@pytest.mark.clause("PG-04")
def test_an_erratum_to_an_answer_is_one_and_an_erratum_to_a_record_is_none(app: Flask, as_: As) -> None:
    office, number = as_("office1"), factories.a_case(app, State.ARCHIVED)
    put_right: dict[str, Any] = {"field": "answer", "value": BLOCKED, "reason": "抄错了"}
    refused = office.send(f"/complaints/archive/{number}/correct", **put_right)
    assert (refused.status_code, "PG-04" in refused.text) == (409, True)
    live = re.search(r'hx-post="([^"]*/check/live[^"]*)"', refused.text)
    assert live is not None
    typed = [
        office.send(unescape(live[1]), field=field, value=BLOCKED).text for field in ("answer", "content")
    ]
    assert ["<mark>" in page for page in typed] == [True, False]
    warned: dict[str, Any] = put_right | {"value": WARNED}
    assert office.send(f"/complaints/archive/{number}/correct", **warned).status_code == 409
    record: dict[str, Any] = put_right | {"field": "content"}
    button = json.dumps(["value", BLOCKED.index("急"), "急什么急", "别急"], ensure_ascii=False)
    mended = office.send(f"/complaints/archive/{number}/correct", **record, better=button)
    assert mended.status_code == 422, "put in, not sent"
    warned |= {"value-anyway": "原话如此"}
    assert office.send(f"/complaints/archive/{number}/correct", **warned).status_code == 303
    other = factories.a_case(app, State.ARCHIVED)
    assert office.send(f"/complaints/archive/{other}/correct", **record).status_code == 303
    outcomes = [(hit.outcome, hit.reason) for hit in hits(app)]
    assert outcomes == [(Outcome.STOPPED, "")] * 2 + [(Outcome.SENT, "原话如此")]


@pytest.mark.clause("PG-04")
def test_what_the_kiosk_and_a_pass_say_is_for_visitors(app: Flask, as_: As) -> None:
    fields: dict[str, Any] = {"value": BLOCKED, "reason": "搬迁"}
    refused = as_("office1").send("/office/limits/visit.address/change", **fields)
    assert (refused.status_code, "PG-04" in refused.text) == (409, True)
    fields["value"] = "二楼前台"
    assert as_("office1").send("/office/limits/visit.address/change", **fields).status_code == 303


@pytest.mark.clause("PG-04")
def test_what_the_papers_of_an_order_say_is_for_the_customer_who_signs_them(app: Flask, as_: As) -> None:
    number = an_order(app, OrderState.ASSIGNED)
    technician, here = as_("emp.tech"), f"/complaints/orders/{number}"
    papers: tuple[tuple[str, dict[str, Any], list[str]], ...] = (
        ("take", {"things": "主机 SN-1", "note": "外壳有划痕"}, ["things", "note"]),
        ("work", {"hours": "1", "note": "清洁"}, ["note"]),
        ("done", {"result": "已修好"}, ["result"]),
    )
    for verb, fine, names in papers:
        for name in names:
            refused = technician.send(f"{here}/{verb}", **fine | {name: BLOCKED})
            assert (refused.status_code, "PG-04" in refused.text) == (409, True), (verb, name)
        warned: dict[str, Any] = fine | {names[0]: WARNED}
        assert technician.send(f"{here}/{verb}", **warned).status_code == 409, verb
        warned[f"{names[0]}-anyway"] = "客户要求写明"
        assert technician.send(f"{here}/{verb}", **warned).status_code == 303, verb
    assert [hit.outcome for hit in hits(app)].count(Outcome.SENT) == len(papers)


@pytest.mark.clause("PG-04")
@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("您好，这事不归我管，请稍等。", "您好，我来帮您查，请稍等。"),
        ("这个问题不归我管！", "我来帮您查。"),
        ("打印机的事不归我管。", "打印机的事我来帮您查。"),
        ("不归我管", "我来帮您查。"),
        ("您好。 不归我管\n再见。", "您好。 我来帮您查。\n再见。"),
    ],
)
def test_a_better_line_sits_well_where_it_is_put(text: str, mended: str) -> None:
    (finding,) = compile_rules(shipped()).check(text).findings
    start, words, better = customer_texts.fitted(text, finding, "我来帮您查。")
    assert text[start:].startswith(words)
    assert text[:start] + better + text[start + len(words) :] == mended
