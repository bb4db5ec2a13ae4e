"""A line that the desk misses: proposed, approved by another, read and confirmed, used in an answer to a customer."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Response, expect

from portal.blueprints.complaints.codes import State
from portal.blueprints.phrases.library.models import PhraseUse
from portal.kernel.db import db
from tests import factories
from tests.pages.company import Company
from tests.pages.live import CHINESE, Colleague, Way, in_turn

pytestmark = pytest.mark.browser
LINES = {"zh": "换下来的滤芯我们带走处理。", "en": "We take the used filter with us."}


@pytest.mark.clause("GO-01")
@pytest.mark.clause("PG-03")
@in_turn(CHINESE)
def test_it_is_proposed_approved_read_and_used(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 09:00")
    case = factories.a_case(app, State.RESOLVED)

    desk = company("desk1").goes("/phrases/")
    desk.link("Propose a phrase").first.click()
    desk.is_at(re.compile(r"/documents/new\?kind=phrase$"))
    form = desk.page.locator("main form")
    form.locator("[name=moment]").select_option("explanation")
    for name, line in LINES.items():
        form.locator(f"[name={name}]").fill(line)
    form.locator("[name=reason]").fill("更换滤芯的客户常问")
    desk.looks()
    form.locator("[type=submit]").click()
    desk.is_at(re.compile(r"/documents/\d+/$"))
    version = desk.path
    desk.page.locator("form[action$='/submit'] [type=submit]").click()
    desk.is_told("Submitted; the general office decides.")

    office = company("office1").goes("/")
    office.page.locator("#waiting").get_by_role("link", name=office.word("Approve a text")).click()
    approval = office.page.locator("form[action$='/approve']")
    approval.locator("[name=to_confirm]").check()
    approval.locator("[type=submit]").click()
    office.is_told("Approved.")

    handler = company("emp.tech").goes(version)
    handler.button("I have read this").click()
    handler.is_told("Confirmed: you have read it.")

    handler.goes(f"/complaints/{case}?do=report")
    answer = _with_keys(handler) if way.script else _with_links(handler, case)
    assert answer == f"{LINES['zh']}抱歉，让您久等了。" if way.script else LINES["en"]
    handler.page.locator("main form[action$='/report'] [type=submit]").click()
    handler.is_told("The answer is recorded.") if way.script else handler.reads(answer)
    with app.app_context():
        uses = db.session.scalars(sa.select(PhraseUse.times)).all()
        assert list(uses) == ([1, 1] if way.script else [1])
        assert factories.load(app, case).answer == answer
    assert factories.history_faults(app) == []


def _with_keys(handler: Colleague) -> str:
    """Two lines, one after the other, without touching the mouse; the panel stays open between them."""
    page, press = handler.page, handler.page.keyboard.press
    field = page.locator("#report-answer")
    field.focus()
    press("Alt+p")
    expect(page.locator(".picker [data-find]")).to_be_focused()
    handler.looks()
    for letters, line in (("hxl", LINES["zh"]), ("bqr", "抱歉，让您久等了。")):
        page.locator(".picker [data-find]").fill("")
        # The check of what was put in answers before the next line is taken, and before the form is sent.
        with page.expect_response(partial(_checks, line)):
            page.keyboard.type(letters)
            press("Enter")
        expect(field).to_have_value(re.compile(f"{re.escape(line)}$"))
        expect(page.locator(".picker [data-find]")).to_be_focused()
    press("Escape")
    expect(field).to_be_focused()
    expect(page.locator(".picker")).to_have_count(0)
    return field.input_value()


def _checks(line: str, answer: Response) -> bool:
    return quote(line[:4]) in (answer.request.post_data or "")


def _with_links(handler: Colleague, case: str) -> str:
    """Without script the button leads to the library, about the same case; the line is copied from its page."""
    page = handler.page
    address = page.locator("[data-pick=report-answer]").get_attribute("href")
    assert address
    handler.goes(address).is_at(re.compile(rf"/phrases/\?about={case}"))
    page.locator("#find").fill("used filter")
    page.locator("main form [type=submit]", has_text=handler.word("Filter")).click()
    page.get_by_role("link", name=LINES["en"]).click()
    handler.button("I use this line").click()
    expect(page.locator("#line")).to_contain_text(LINES["en"])
    handler.goes(f"/complaints/{case}?do=report")
    page.locator("#report-answer").fill(LINES["en"])
    return LINES["en"]
