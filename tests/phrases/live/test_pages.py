"""The rules and what they caught, as pages; a text that is tried; the answer while somebody types."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel.db import db
from portal.kernel.taboos import TabooHit
from tests import factories
from tests.client import text_of
from tests.conftest import As, At
from tests.house.test_statements import counted, statements
from tests.phrases.live.ground import RULE, caught

LIVE = "/phrases/check/live?field=answer&area=report-answer&scope=answer"


def test_the_rules_stand_by_family_and_are_found(app: Flask, as_: As) -> None:
    browser = as_("emp.tech")
    assert "what-hurry" in browser.get("/phrases/taboo/").text
    assert "what-hurry" in browser.get("/phrases/taboo/?words=急什么&family=impatience").text
    assert "Nothing fits" in browser.get("/phrases/taboo/?words=没有这种话").text
    shown = text_of(browser.get("/phrases/taboo/what-hurry"))
    assert "急什么" in shown
    assert "let pass" in shown
    assert browser.get("/phrases/taboo/nothing").status_code == 404
    for address in (
        "/phrases/taboo/",
        "/phrases/taboo/what-hurry",
        "/phrases/check",
        "/phrases/taboo/figures",
    ):
        assert len(statements(browser, address)) <= 8


def test_any_text_is_tried_and_nothing_is_kept(app: Flask, as_: As) -> None:
    browser = as_("emp.tech")
    shown = browser.send("/phrases/check", text="您急什么\n<i>好的</i>")
    assert shown.status_code == 200
    assert "<mark>急什么</mark>" in shown.text
    assert "<i>好的" not in shown.text
    assert "Nothing to mend" in browser.send("/phrases/check", text="您好").text
    assert browser.send("/phrases/check", text=" ").status_code == 422
    assert "Nothing was caught" in browser.get("/phrases/taboo/figures").text


def test_while_somebody_types_only_the_session_is_asked(app: Flask, as_: As) -> None:
    browser = as_("emp.tech")
    text = "请您放心，师傅明天上午九点到。" * 130 + "您急什么"
    assert browser.send(LIVE, htmx=True, answer=text).status_code == 200
    with counted() as seen:
        began = time.perf_counter()
        shown = browser.send(LIVE, htmx=True, answer=text)
        took = time.perf_counter() - began
    assert len(seen) == 1, seen
    assert took < 0.1
    assert "<mark>急什么</mark>" in shown.text
    assert 'type="button"' in shown.text
    assert browser.send(LIVE, htmx=True, answer="您好").text.count("<mark>") == 0
    for wrong in (
        "field=a b&area=x&scope=answer",
        "field=answer&area=%22&scope=answer",
        "field=answer&area=x&scope=y",
    ):
        assert browser.send(f"/phrases/check/live?{wrong}", htmx=True, answer=text).status_code == 404


def test_a_rule_is_tried_on_its_examples_when_it_is_saved(app: Flask, as_: As) -> None:
    browser = as_("emp.tech")
    fields = {
        "family": RULE["family"], "severity": "warn", "clause": "PG-04", "scope": "", "patterns": "容后详谈",
        "reason_zh": "不知道是什么时候", "reason_en": "Nobody knows when", "alternatives": "我明天十点前回电。",
        "good": "\n".join(RULE["good"]), "bad": "改天吧\n容后详谈\n容后详谈吧", "reason": "客户反映",
    }  # fmt: skip
    wrong = browser.send("/documents/new?kind=phrase_rule", **fields)
    assert wrong.status_code == 422
    assert "This example is not caught: 改天吧." in wrong.text
    fields["bad"] = "这事容后详谈\n容后详谈\n容后详谈吧"
    assert browser.send("/documents/new?kind=phrase_rule", **fields).status_code == 303


@pytest.mark.clause("PG-04")
def test_who_was_caught_only_that_person_and_the_lead_can_see(any_app: Flask, as_: As, at: At) -> None:
    caught(any_app)
    read = {
        who: as_(who).get("/phrases/taboo/figures").text
        for who in ("emp.tech", "lead.tech", "emp.impl", "office1", "desk1")
    }
    sees_one = {who for who, page in read.items() if ">急什么急</a>" in page}
    assert sees_one == {"emp.tech", "lead.tech"}
    assert {who for who, page in read.items() if "客户要求原话" in page} == {"emp.impl"}
    assert {who for who, page in read.items() if "李工" in page and "By person" in page} == {"lead.tech"}
    assert "By rule" in read["office1"]
    assert "李工" not in read["office1"]
    assert "Nothing was caught" in read["desk1"]
    at("Wed 2027-03-03 09:00")
    assert factories.sweep(any_app)[-1].startswith("taboos\tretention\t2 ")
    with any_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(TabooHit.id))) == 0
