"""An assessment: the lead departs from what the records propose, says why, and the person reads it when it is out."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import State
from portal.blueprints.phrases.assessment.labels import AWAITED, LABELS, SAID
from tests import factories
from tests.pages.company import Company
from tests.pages.complaints import fill
from tests.pages.live import CHINESE, ENGLISH, Way
from tests.pages.reception import fits
from tests.phrases.making import MARKS, an_assessment, on_sheet

pytestmark = pytest.mark.browser
WHY = "两次上门都晚到"


@pytest.mark.clause("GO-03")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_lead_rates_and_the_person_reads(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Wed 2026-03-04 09:00")
    case = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "lead.tech", "contact", case, note="已联系")
    company.on("Thu 2026-03-05 09:00")
    period = an_assessment(app, "open", "collect")
    for by, whom in (("lead.tech", "sup.tech"), ("gm", "lead.tech")):
        on_sheet(app, period, whom, "rate", by, marks=MARKS, reasons={}, note="")

    lead = company("lead.tech")
    awaited = lead.word(str(AWAITED["assessment-rate"].sentence))
    lead.page.locator("#waiting tr", has_text=period).get_by_role("link", name=awaited, exact=True).click()
    form = lead.page.locator("main form[action$='/rate']")
    expect(form.locator("[name=efficiency]")).to_have_value("100")  # as the records propose
    fits(lead)
    fill(form, attitude="80", skill="80", efficiency="70", satisfaction="80")
    form.locator("button[type=submit]").click()
    expect(lead.page.locator("main [role=alert], [data-toasts] .toast").first).to_contain_text("GO-03")
    fill(form, why_efficiency=WHY)
    form.locator("button[type=submit]").click()
    lead.is_told(str(SAID["rate"].sentence))

    person = company("emp.tech")
    person.goes(lead.path)
    expect(person.page.get_by_role("main")).not_to_contain_text(WHY)
    office = company("office1").goes(f"/phrases/assessments/{period}")
    form = office.page.locator("main form[action$='/publish']")
    form.locator("xpath=ancestor::details/summary").click()
    form.locator("button[type=submit]").click()
    office.is_told(str(SAID["publish"].sentence))
    person.goes(lead.path).reads(WHY)
    form = person.page.locator("main form[action$='/object']")
    form.locator("xpath=ancestor::details/summary").click()
    fill(form, text="当天下大雨")
    form.locator("button[type=submit]").click()
    person.is_told(str(SAID["object"].sentence))
    state = next(words for codes, words in LABELS.items() if codes.__name__ == "State")["published"]
    expect(person.page.locator(".page-head .state").last).to_have_text(person.word(str(state.sentence)))
    assert factories.history_faults(app) == []
