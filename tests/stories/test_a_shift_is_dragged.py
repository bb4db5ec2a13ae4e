"""A shift is dragged to another cell, changes places with another, comes back when refused; by finger and by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from portal.blueprints.duty.rosters import actions
from portal.blueprints.duty.rosters.problem import Change
from portal.kernel import clock
from tests import factories
from tests.duty.rosters.office import an_office
from tests.pages.company import Company
from tests.pages.live import CHINESE, ENGLISH, PATIENCE, Colleague, Way

pytestmark = pytest.mark.browser
FIRST, SECOND = "2026-10-12", "2026-10-13"
LONG = """(cell) => { const { x, y } = cell.getBoundingClientRect();
    const at = { bubbles: true, isPrimary: true, pointerType: 'touch', button: 0 };
    cell.dispatchEvent(new PointerEvent('pointerdown', { ...at, clientX: x + 9, clientY: y + 9 })); }"""
DROP = """(cell) => { const { x, y } = cell.getBoundingClientRect();
    const at = { bubbles: true, isPrimary: true, pointerType: 'touch', clientX: x + 9, clientY: y + 9 };
    document.dispatchEvent(new PointerEvent('pointermove', at));
    document.dispatchEvent(new PointerEvent('pointerup', at)); }"""

# Whoever is quick: the shift goes back with the first task after it was drawn.
QUICK = """() => addEventListener('htmx:afterSwap', () => setTimeout(() => {
    document.body.dataset.quick = 'yes';
    for (const key of [' ', 'ArrowLeft', ' '])
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }), { once: true })"""


def _cell(who: Colleague, person: str, day: str) -> Locator:
    return who.page.locator(f'[data-roster] a[data-person="{person}"][data-day="{day}"]')


def _holds(who: Colleague, person: str, day: str, letter: str) -> None:
    expect(_cell(who, person, day)).to_have_text(letter, timeout=PATIENCE)


def _moves(who: Colleague, person: str, day: str, to_person: str, to_day: str) -> None:
    """By mouse, or without script on the cell's own page."""
    if who.way.script:
        _cell(who, person, day).drag_to(_cell(who, to_person, to_day))
        return
    _cell(who, person, day).click()
    who.page.locator("[name=to_person]").select_option(to_person)
    who.page.locator("[name=to_day]").fill(to_day)
    who.button("Move it").click()


@pytest.mark.clause("DR-01", "DR-21")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_shift_is_dragged(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-09-21 09:00")
    made = an_office(app)
    draft = made.draft(date(2026, 10, 12), date(2026, 10, 14))
    made.set(draft, "desk1", date(2026, 10, 12))
    made.set(draft, "desk2", date(2026, 10, 12), "night")
    one = company("office1").goes(f"/duty/rosters/{draft}/")

    _moves(one, "desk1", FIRST, "desk2", FIRST)  # they change places
    _holds(one, "desk1", FIRST, "N")
    _holds(one, "desk2", FIRST, "D")
    _moves(one, "desk1", FIRST, "desk1", SECOND)
    _holds(one, "desk1", FIRST, "")
    _holds(one, "desk1", SECOND, "N")

    _moves(one, "desk2", FIRST, "gm", SECOND)
    _holds(one, "gm", SECOND, "D")
    if not way.script:
        return
    _cell(one, "gm", SECOND).focus()
    for key in ("Space", "ArrowLeft", "Space"):
        one.page.keyboard.press(key)
    _holds(one, "gm", FIRST, "D")
    expect(_cell(one, "gm", FIRST)).to_be_focused(timeout=PATIENCE)

    one.page.evaluate(QUICK)
    for key in ("Space", "ArrowRight", "Space"):
        one.page.keyboard.press(key)
    expect(one.page.locator("[data-quick]")).to_have_count(1, timeout=PATIENCE)
    _holds(one, "gm", FIRST, "D")
    expect(_cell(one, "gm", FIRST)).to_be_focused(timeout=PATIENCE)
    assert one.page.evaluate("document.body.dataset.quick"), "the page was loaded anew"

    for key in ("Space", "ArrowRight", "Escape"):
        one.page.keyboard.press(key)
    _holds(one, "gm", FIRST, "D")

    _cell(one, "gm", FIRST).evaluate(LONG)
    expect(one.page.locator(".roster-ghost")).to_be_visible(timeout=PATIENCE)
    _cell(one, "emp.admin", FIRST).evaluate(DROP)
    _holds(one, "emp.admin", FIRST, "D")

    place = factories.id_of(app, "desk1"), date(2026, 10, 13)
    with app.app_context():  # a colleague pins it meanwhile
        night: Change = {place: (made.post, made.night)}
        actions.change(draft, night, by=factories.viewer("office2"), now=clock.now(), pinned=True)
    one.allows(409)
    _moves(one, "desk1", SECOND, "desk2", SECOND)
    one.is_refused("DR-01")
    _holds(one, "desk1", SECOND, "N")
    _holds(one, "desk2", SECOND, "")
