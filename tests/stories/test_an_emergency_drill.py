"""A fire drill: two touches, everybody on duty answers, the playbook is done, it ends, one writes the report."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.duty.emergencies.codes import Kind, State
from portal.blueprints.duty.emergencies.shipped import PLAYBOOKS
from tests import factories
from tests.duty.emergencies.making import DESK, GUARD, LAB, a_house
from tests.pages.company import Company
from tests.pages.duty import EmergencyPage
from tests.pages.live import ENGLISH, Way, in_turn
from tests.pages.reception import fits

pytestmark = pytest.mark.browser
CALLED = "An emergency of level 1 was declared: everyone on duty responds now and answers the roll-call."
STEPS = len(PLAYBOOKS[Kind.FIRE][2])


@pytest.mark.clause("DR-16")
@in_turn(ENGLISH)
def test_a_drill_is_declared_answered_ended_and_reported(app: Flask, company: Company, way: Way) -> None:
    company.way = way
    company.on("Mon 2026-03-02 13:40")
    a_house(app)
    desk = company(DESK)
    page = EmergencyPage.declares(desk, Kind.FIRE, drill=True, place="三楼茶水间").is_(State.DECLARED)
    fits(desk)
    expect(desk.page.locator("main h1")).to_contain_text(desk.word("Drill"))

    guard = company(GUARD)
    told = guard.word("Drill: %(sentence)s") % {"sentence": guard.word(CALLED)}
    expect(guard.goes("/notifications/").page.get_by_role("row").filter(has_text=told)).to_be_visible()
    EmergencyPage.from_my_day(guard, "emergency-answer").touches("arrive").touches("answer")
    EmergencyPage.from_my_day(company(LAB), "emergency-answer").touches("answer")

    desk = company(DESK).goes("/duty/wall")
    expect(desk.page.locator(".alarm.drill")).to_contain_text(f"0 / {STEPS}")
    desk.looks()
    page = EmergencyPage.from_my_day(desk, "emergency-steps").touches("answer")
    for _step in range(2):
        page.touches("step")
    page.tries("end", outcome="演练结束")
    expect(desk.page.locator("main .side [role=alert]")).to_contain_text("DR-16")
    page.does("police", service="119", note="演练, 模拟拨打")
    page.does("leader", told="office1", note="已到集合点")
    page.does("end", outcome="六分钟内全员到达集合点").is_(State.ENDED)
    page = EmergencyPage.from_my_day(desk, "emergency-report")
    page.does(
        "report", course="按计划宣布, 疏散有序", left_out="第三步起为口头演练", measures="清理疏散门外杂物"
    )
    page.is_(State.REPORTED)
    fits(desk)
    desk.page.locator(".page-head a[href$='/print']").click()
    expect(desk.page.locator("main.sheet")).to_contain_text("清理疏散门外杂物")
    expect(desk.page.locator("main.sheet h1")).to_contain_text(desk.word("Drill"))
    assert factories.history_faults(app) == []
