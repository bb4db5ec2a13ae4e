"""Safety comes first: an urgent case stands on top of my day and is overdue after ten minutes."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.complaints.codes import State, Urgency
from tests import factories
from tests.conftest import At
from tests.pages.complaints import CALL, CasePage, Intake
from tests.pages.live import CHINESE, ENGLISH, Come, Way

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_an_urgent_case_is_first_and_runs_over_its_limit(app: Flask, come: Come, at: At, way: Way) -> None:
    at("Sun 2026-03-01 08:00")
    factories.a_case(app, State.ACCEPTED, content="普通的一件事")
    at("Mon 2026-03-02 09:00")
    desk, lead, handler = (come(name, way) for name in ("desk1", "lead.tech", "emp.tech"))
    urgent = CALL | {"urgency": "urgent", "read_back": "", "content": "设备冒烟，有人被困"}
    case = Intake.open(desk).fills(**urgent).registers()
    case.does("route")
    CasePage.from_my_day(lead, case.number, "accept").does("accept", handler="emp.tech")

    at("Mon 2026-03-02 09:12")
    assert any("CP-13" in line or case.number in line for line in factories.sweep(app))
    handler.goes("/")
    first = handler.page.locator("#waiting tbody tr").first
    expect(first).to_contain_text(case.number)
    expect(first).to_contain_text(handler.word("Urgent"))
    expect(first.locator(".clock.over")).to_be_visible()
    handler.looks()

    CasePage.from_my_day(handler, case.number, "on-site").does("on-site", note="已到现场，已断电")
    handler.goes(f"/complaints/{case.number}").looks()
    CasePage(handler, case.number).tells(handler.word("Ran over its limit"), "已到现场，已断电")
    assert factories.load(app, case.number).urgency is Urgency.URGENT
