"""A reply that must not be said is stopped, mended by one touch and sent; another is sent all the same, with a reason."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import State
from portal.kernel.phrase_check import shipped
from tests import factories
from tests.pages.complaints import CasePage
from tests.pages.live import CHINESE, ENGLISH, PATIENCE, Colleague, Come, Way

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
BLOCKED, FINE = "您急什么？", "打印机已经修好，请放心使用。"
WARNED = "我们保证给您修好。"


class Reply:
    """The form in which a customer is answered."""

    def __init__(self, who: Colleague, number: str) -> None:
        self.who, self.case = who, CasePage.open(who, number)
        self.form = self.case.form("report")
        self.text = self.form.locator("textarea[name=answer]")
        self.marks = self.form.locator("mark")

    def better(self, line: str) -> None:
        """Put a better line in by its button."""
        self.form.get_by_role("button", name=line).first.click()

    def send(self) -> None:
        """Send it, whatever comes of it."""
        self.form.get_by_role("button", name=self.who.word("Answer the customer"), exact=True).click()


@BOTH
def test_a_blocked_reply_is_mended_by_one_touch_and_sent(app: Flask, come: Come, way: Way) -> None:
    number = factories.a_case(app, State.RESOLVED)
    someone = come("emp.tech", way).allows(409, 422)
    reply = Reply(someone, number)
    line = next(rule.alternatives[0] for rule in shipped() if rule.code == "what-hurry")
    reply.text.fill(BLOCKED + FINE)
    if not way.script:
        reply.send()
    expect(reply.marks.first).to_have_text("急什么", timeout=PATIENCE)
    someone.reads(someone.word("cannot be sent")).looks()
    if way.script:
        reply.send()
        expect(reply.form.get_by_role("alert")).to_contain_text("PG-04", timeout=PATIENCE)
    reply.better(line)
    expect(reply.text).to_have_value(f"{line}{FINE}", timeout=PATIENCE)
    expect(reply.marks).to_have_count(0, timeout=PATIENCE)
    reply.send()
    reply.case.is_("reported")


@BOTH
def test_a_warned_reply_is_sent_all_the_same_with_a_reason(app: Flask, come: Come, way: Way) -> None:
    number = factories.a_case(app, State.RESOLVED)
    someone = come("emp.tech", way).allows(409)
    reply = Reply(someone, number)
    reply.text.fill(WARNED)
    reply.send()
    why = reply.form.get_by_label(someone.word("Send it anyway, because"))
    why.fill("保修期内，合同已写明", timeout=PATIENCE)
    someone.looks()
    reply.send()
    reply.case.is_("reported")
    someone.goes("/phrases/taboo/figures").reads("保修期内，合同已写明").looks()
    come("lead.tech", way).goes("/phrases/taboo/figures").reads("保修期内，合同已写明")
