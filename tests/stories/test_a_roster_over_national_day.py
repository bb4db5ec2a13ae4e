"""A roster over National Day: begun, mended, solved, changed by hand, its gap confirmed by another, published."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.kernel import jobs
from tests.duty.rosters.office import an_office
from tests.pages.company import Company
from tests.pages.live import CHINESE, PATIENCE, Colleague, Way, in_turn

pytestmark = pytest.mark.browser
FIRST = "2026-10-01"


def _verb(who: Colleague, verb: str, **given: str) -> None:
    """Open a verb's form on the roster's page and send it."""
    details = who.page.locator("details", has=who.page.locator(f'form[action$="/{verb}"]'))
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    for name, text in given.items():
        details.locator(f'[name="{name}"]').fill(text)
    details.locator("form button[type=submit]").click()
    who.arrived()


def _clear(who: Colleague, day: str) -> None:
    """Nobody has that day's shift any more: by keyboard, or on the cell's own page."""
    cell = who.page.locator(f'[data-roster] a[data-day="{day}"]', has_text=re.compile("."))
    if who.way.script:
        cell.focus()
        who.page.keyboard.press("Delete")
    else:
        cell.click()
        who.page.locator("[name=shift][value=off]").check()
        who.button("Save").click()
    expect(cell).to_have_count(0, timeout=PATIENCE)


@pytest.mark.clause("DR-01", "DR-06")
@in_turn(CHINESE)
def test_a_roster_over_national_day(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-09-21 09:00")
    an_office(app)
    one = company("office1").goes("/duty/rosters/new")
    for name, day in (("starts_on", FIRST), ("ends_on", "2026-10-03")):
        one.page.locator(f"#{name}").fill(day)
    one.button("Begin the draft").click()
    one.reads("0/1")
    here = one.path
    number = re.search(r"PB-\d+-\d+", one.page.locator("h1").inner_text())
    assert number

    one.page.locator(".troubles button").first.click()
    one.reads("1/1")
    one.looks()
    _verb(one, "solve", seconds="5")
    one.is_told("%(number)s is being solved.", number=number[0])
    with app.app_context():
        assert jobs.work_off() == 1
    one.goes(here).reads(one.word("Nothing stands against publishing"))

    _clear(one, FIRST)
    one.goes(here)
    _verb(one, "publish")
    for clause in ("DR-01", "DR-06"):
        expect(one.page.locator("main [role=alert]", has_text=clause)).to_be_visible(timeout=PATIENCE)
    _verb(one, "explain", reason="国庆首日由保安代班")
    one.is_told("The reason waits for a second person of the general office.")

    other = company("office2")
    company.waits_for("office2", number[0]).get_by_role("link", name=other.word("Confirm the reason")).click()
    other.reads("国庆首日由保安代班")
    _verb(other, "confirm")
    other.is_told("The reason is confirmed; the roster can be published.")

    _verb(one.goes(here), "publish")
    one.is_told("%(number)s is published, and everybody on it was told.", number=number[0])
    one.reads(one.word("Roster published"))
