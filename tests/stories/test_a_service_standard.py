"""A service standard is overdue, the lead runs its checklist, and corrects the record when it was wrong."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.phrases.standards.labels import AWAITED
from tests import factories
from tests.pages.company import Company
from tests.pages.complaints import fill
from tests.pages.live import CHINESE, ENGLISH, Way
from tests.pages.reception import fits
from tests.phrases.making import a_run

pytestmark = pytest.mark.browser
WHY = "登记簿漏记一次"


@pytest.mark.clause("PG-14")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_an_overdue_chapter_is_run_and_corrected(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 09:00")
    a_run(app, "gifts")  # technology takes the chapter up
    company.on("Thu 2026-04-02 09:00")
    factories.sweep(app)

    lead = company("lead.tech").allows(422)
    awaited = lead.word(str(AWAITED["standard-due"].sentence))
    lead.page.locator("#waiting tr", has_text="gifts").get_by_role("link", name=awaited, exact=True).click()
    lead.is_at(re.compile(r"/phrases/standards/gifts\?do="))
    lead.page.locator("main a[href='/phrases/standards/gifts/run']").click()
    form = lead.page.locator("main form[action$='/gifts/run']")
    for place in range(6):
        form.locator(f"#verdict_{place}-{'not_done' if place == 2 else 'done'}").check()
    form.locator("button[type=submit]").click()
    expect(lead.page.locator("main [role=alert]")).to_contain_text("PG-14")
    fits(lead)
    fill(form, why_2=WHY)
    form.locator("button[type=submit]").click()
    lead.is_told("The record is signed.")
    lead.reads(WHY)
    record = lead.path

    lead.page.locator(f"main a[href='{record}/correct']").click()
    form = lead.page.locator("main form[action$='/correct']")
    form.locator("#verdict_2-done").check()
    fill(form, note="登记簿在另一册")
    form.locator("button[type=submit]").click()
    lead.is_told("The record is signed.")
    lead.goes(record).reads(lead.word("Corrected by"))
    row = lead.goes("/").page.locator("#waiting tr", has_text="gifts")
    expect(row).to_have_count(0)
    assert factories.history_faults(app) == []
