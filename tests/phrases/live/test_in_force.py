"""The rules in force: the shipped ones under what the office approved, followed by every process at once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal import create_app, customer_texts
from portal.blueprints.phrases.library.codes import FITS
from portal.blueprints.phrases.taboo import kind
from portal.kernel import clock, documents
from portal.kernel.db import db
from portal.kernel.phrase_check.dates import says_when
from portal.kernel.phrase_rules import checker_in_force
from portal.kernel.workflow import Refused
from tests.conftest import As, Ground
from tests.house.test_statements import counted
from tests.phrases.live.ground import RULE, approved

LATER = "这件事容后详谈吧。"


def severity(app: Flask, text: str) -> str:
    with app.app_context():
        return checker_in_force(clock.now()).check(text, "answer").severity.value


@pytest.mark.clause("PG-04")
def test_an_approval_is_followed_by_every_process(any_ground: Ground, any_app: Flask) -> None:
    other = create_app(any_ground.app.config["SETTINGS"])
    assert (severity(any_app, LATER), severity(other, LATER)) == ("none", "none")
    approved(any_app)
    assert (severity(other, LATER), severity(any_app, LATER)) == ("warn", "warn")
    approved(other, body=RULE | {"severity": "block"})
    assert (severity(any_app, LATER), severity(other, LATER)) == ("block", "block")
    approved(any_app, withdraws=True)
    assert (severity(other, LATER), severity(any_app, LATER)) == ("none", "none")
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_an_edited_rule_lies_on_top_of_the_shipped_one(app: Flask) -> None:
    assert severity(app, "您急什么") == "block"
    with app.app_context():
        shipped = documents.find("phrase_rule", "what-hurry")
        assert shipped is not None
    approved(app, "what-hurry", dict(shipped.body) | {"severity": "advice"})
    assert severity(app, "您急什么") == "advice"


FAULTY: tuple[tuple[dict[str, Any], str], ...] = (
    ({"bad": ["容后详谈吧", "这事容后详谈", "改天吧"]}, "改天吧"),
    ({"good": ["我们容后详谈一次", "您再说一遍好吗", "我再说明一次"]}, "我们容后详谈一次"),
    ({"alternatives": ["容后详谈"]}, "容后详谈"),
    ({"patterns": ["(容后"]}, "(容后"),
)


@pytest.mark.clause("PG-04")
@pytest.mark.parametrize(("wrong", "named"), FAULTY)
def test_a_rule_whose_examples_fail_is_not_approved(app: Flask, wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(Refused) as refused:
        approved(app, body=RULE | wrong)
    (reason,) = refused.value.reasons
    assert (reason.clause, reason.code) == ("PG-04", "rule_fails")
    assert named in reason.given["faults"]


@pytest.mark.clause("PG-04")
def test_no_recommended_phrase_becomes_a_hit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "recommended", lambda: ["您先别急，我们容后详谈流程。", "您好"])
    with pytest.raises(Refused) as refused:
        approved(app)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.given["phrases"]) == (
        "rule_catches_phrases", ("您先别急，我们容后详谈流程。",),
    )  # fmt: skip


@pytest.mark.clause("PG-04")
def test_a_phrase_that_the_check_would_mark_is_not_recommended(app: Flask) -> None:
    body = {"moment": "wait", "zh": "您急什么", "en": "Please wait a moment.", **dict.fromkeys(FITS, ())}
    with app.app_context():
        reasons = list(documents.KINDS["phrase"].check("wait-1", body))
    assert [(reason.code, reason.given["words"]) for reason in reasons] == [("phrase_is_taboo", ("急什么",))]


@pytest.mark.clause("PG-04")
def test_what_is_approved_for_a_later_day_is_held_against_the_other(app: Flask) -> None:
    body = {"moment": "wait", "zh": "我们容后详谈流程。", "en": "Please wait.", **dict.fromkeys(FITS, ())}
    approved(app, days=10)
    with app.app_context():
        assert [reason.code for reason in documents.KINDS["phrase"].check("wait-1", body)] == [
            "phrase_is_taboo"
        ]
        body["zh"] = "我们改天再谈流程。"
        assert list(documents.KINDS["phrase"].check("wait-1", body)) == []
    approved(app, "wait-1", body, of="phrase", days=10)
    later = RULE | {"patterns": ["改天再谈"], "bad": ["改天再谈吧", "这事改天再谈", "您的事我们改天再谈"]}
    with pytest.raises(Refused, match="rule_catches_phrases"):
        approved(app, "another-day", later)


@pytest.mark.clause("PG-04")
def test_what_a_customer_type_recommends_becomes_no_hit_either(app: Flask) -> None:
    with app.app_context():
        line = documents.in_force("customer_type")[0].body["phrases"][0]
        assert line in list(kind.recommended())


@pytest.mark.clause("PG-09")
def test_the_house_has_one_style_of_apology(app: Flask, as_: As) -> None:
    office = as_("office1")
    address = "/office/limits/phrases.apology_style/change"
    both = office.send(address, value="explain no_admission", reason="两种都可以")
    assert (both.status_code, "PG-09" in both.text) == (422, True)
    admission = RULE | {"clause": "PG-09", "family": "apology", "patterns": ["是我们的错"],
                        "bad": ["是我们的错", "这是我们的错", "都是我们的错"]}  # fmt: skip
    approved(app, "admits", admission)
    assert severity(app, "这是我们的错") == "warn"
    assert severity(app, "让您久等了，非常抱歉") == "none"
    assert office.send(address, value="explain", reason="婉转说明").status_code == 303
    assert severity(app, "这是我们的错") == "none"


def test_a_warm_check_asks_no_statement(app: Flask) -> None:
    with app.test_request_context():
        customer_texts.judge("热身", "answer")
        with counted() as seen:
            customer_texts.judge("请您放心，师傅明天上午九点到。" * 140, "answer")
        assert seen == []


@pytest.mark.parametrize(("text", "dated"), [
    ("我们保证明天答复您", True), ("三个工作日内给您答复", True), ("12月3日前一定修好", True), ("2026-12-03 前", True),
    ("下周二给您回电", True), ("今天下午三点回电", True), ("下班前给您答复", True), ("24小时内", True), ("３天内", True),
    ("5号前", True), ("We promise an answer by Friday", True), ("within two hours", True), ("by 17:30", True),
    ("before 3 December", True), ("by the end of the week", True),
    ("我们保证一定解决", False), ("一定尽快答复", False), ("第一时间答复您", False), ("您的订单是3号楼", False),
    ("每周一次", False), ("We promise to solve it", False), ("we may help you", False),
])  # fmt: skip
@pytest.mark.clause("PG-11")
def test_a_promise_says_by_when(text: str, dated: bool) -> None:
    assert says_when(text) is dated
