"""A limit is changed by the general office, a clause gets another edition, and everybody reads both in the handbook."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import State
from tests import factories
from tests.pages.company import Company
from tests.pages.live import CHINESE, ENGLISH, PATIENCE, Way

pytestmark = pytest.mark.browser
REASON = "客户希望更早接到第一个电话"


@pytest.mark.clause("GO-05")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_limit_is_changed_and_seen_in_the_handbook(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    number = _late(app, company)
    company.on("Wed 2026-04-01 10:00")
    office = company("office1").allows(422).goes("/handbook/CP-12").looks()
    main = office.page.get_by_role("main")

    # What if it had been shorter? First a slip of the pen, then twenty minutes.
    for typed, status in (("soon", 422), ("20 min", 200)):
        main.locator("[name=limit]").fill(typed)
        with office.page.expect_response(re.compile("limit=")) as answer:
            office.button("Reckon").click()
        assert answer.value.status == status
    expect(main.locator("#what-if [role=status] strong")).to_contain_text(re.compile(r"20 min\D+ 1 "))

    # So it becomes the rule: from the clause to its figure and back.
    main.get_by_role("link", name=office.word("First contact, usual"), exact=True).click()
    office.is_at("/office/limits/limit.first_contact.normal")
    main.locator("[name=value]").fill("20 min")
    main.locator("[name=reason]").fill(REASON)
    office.button("Put in force").click()
    expect(office.page.locator("[data-toasts] .toast").last).to_be_visible(timeout=PATIENCE)

    # Anybody reads it, with who, why and what was before; and the figures lead the desk to the late case.
    reader = company("desk1").goes("/handbook/?q=sclx")
    reader.page.get_by_role("link", name="CP-12", exact=True).click()
    drawer = reader.page.locator("#drawer" if way.script else "main")
    expect(drawer).to_contain_text(REASON)
    expect(drawer.locator("s")).to_contain_text("0.5 wh")
    reader.goes("/handbook/CP-12").looks()
    reader.page.locator("main a[href*='first_contact.late']").last.click()
    expect(reader.page.get_by_role("main")).to_contain_text(number)


@pytest.mark.clause("GO-01")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_clause_gets_another_edition(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 09:00")
    author = company("office1").goes("/handbook/DR-09")
    author.link("Propose another version").click()
    main = author.page.get_by_role("main")
    main.locator("[name=rule_zh]").fill("未了事项逐项说明，接班人确认后方可移交。")
    main.locator("[name=rule_en]").fill("Open matters are explained one by one and confirmed.")
    main.locator("[name=reason]").fill("夜班交接不清")
    author.button("Save the draft").click()
    author.is_at(re.compile(r"/documents/\d+/$")).looks()
    its_page = author.path
    author.page.locator("form[action$='/submit'] [type=submit]").click()
    other = company("office2").goes(its_page)
    form = other.page.locator("form[action$='/approve']")
    form.locator("[name=to_confirm]").check()
    form.locator("[type=submit]").click()
    reader = company("emp.tech").goes("/handbook/DR-09")
    shown = "接班人确认后方可移交" if way is CHINESE else "explained one by one and confirmed"
    expect(reader.page.get_by_role("main")).to_contain_text(shown)
    reader.link("Read and confirm").click()
    reader.page.locator("form[action$='/confirm'] [type=submit]").click()
    expect(reader.page.locator("form[action$='/confirm']")).to_have_count(0)


@pytest.mark.clause("GO-05")
def test_a_refusal_leads_to_its_clause(app: Flask, company: Company) -> None:
    company.on("Mon 2026-03-02 09:00")
    number = factories.a_case(app)
    lead = company("office1").goes(f"/complaints/{number}")
    factories.do(app, "desk1", "route", number)  # meanwhile
    lead.page.locator("form[action$='/route'] [type=submit]").first.click()
    toast = lead.page.locator("[data-toasts] .toast[data-tone=bad]").last
    expect(toast).to_contain_text("CP-05")
    toast.get_by_role("link", name="CP-05").click()
    lead.is_at("/handbook/CP-05")


def _late(app: Flask, company: Company) -> str:
    """A case whose customer was contacted after forty minutes, and one after ten; the number of the first."""
    numbers = []
    for began, contacted in (("09:00", "09:40"), ("10:00", "10:10")):
        company.at(f"Mon 2026-03-02 {began}")
        numbers.append(factories.a_case(app, State.ACCEPTED))
        company.at(f"Mon 2026-03-02 {contacted}")
        factories.do(app, "emp.tech", "contact", numbers[-1], note="已联系")
    return numbers[0]
