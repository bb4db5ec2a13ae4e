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
BEFORE = "您好😀！ＡＢＣ 123，让您久等了。\n" * 6  # more than the text area shows at once
WARNED = "我们保证给您修好。"


class Reply:
    """The form in which a customer is answered."""

    def __init__(self, who: Colleague, number: str) -> None:
        self.who, self.case = who, CasePage.open(who, number)
        self.form = self.case.form("report")
        self.text = self.form.locator("textarea[name=answer]")
        self.marks = self.form.locator("mark")

    def marked_in_place(self, words: str) -> None:
        """The mark lies over the words: a click on its first character leaves the cursor before them."""
        mark = self.form.locator(".marks mark")
        expect(mark).to_have_count(1)
        assert mark.text_content() == words, "at once, not only with the next answer"
        self.text.evaluate("area => { area.scrollTop = area.scrollHeight; }")
        expect(mark).to_be_in_viewport()
        box = mark.bounding_box()
        assert box is not None
        self.who.page.mouse.click(box["x"] + 1, box["y"] + box["height"] / 2)
        before = self.text.evaluate("area => area.value.slice(0, area.selectionStart)")
        assert before == self.text.input_value().split(words)[0]

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
    reply.text.fill(BEFORE + BLOCKED + FINE)
    if not way.script:
        reply.send()
    expect(reply.marks.first).to_have_text("急什么", timeout=PATIENCE)
    someone.reads(someone.word("cannot be sent")).looks()
    if way.script:
        reply.marked_in_place("急什么")
        reply.text.press("Control+Home")
        reply.text.press("Enter")  # no answer waited for: what was typed before moves the mark along
        reply.marked_in_place("急什么")
        reply.send()
        expect(reply.form.get_by_role("alert")).to_contain_text("PG-04", timeout=PATIENCE)
        reply.marked_in_place("急什么")
    start = reply.text.input_value().split(BEFORE)[0]
    reply.better(line)
    expect(reply.text).to_have_value(f"{start}{BEFORE}{line}{FINE}", timeout=PATIENCE)
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
