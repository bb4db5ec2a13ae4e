"""A round on a phone: what is wrong, with a picture, becomes a repair order that is repaired, checked and accepted."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.blueprints.duty.inspections.labels import SAID as ROUND_SAID
from portal.blueprints.duty.repairs.codes import State
from tests import factories
from tests.duty.equipment.making import equipment, photo
from tests.duty.handover.making import a_desk
from tests.duty.inspections.making import a_plan
from tests.pages.company import Company
from tests.pages.complaints import fill
from tests.pages.duty import RepairPage
from tests.pages.live import PHONE, Way
from tests.pages.reception import fits

pytestmark = pytest.mark.browser
ROUND, ORDER = "XJ-20260302-0001", "WX-20260302-0001"
WHAT = "东侧闸机左翼松动，刷卡后要推一下才开"


@pytest.mark.clause("DR-13")
def test_a_finding_is_repaired_checked_by_another_and_accepted(app: Flask, company: Company) -> None:
    company.on("Mon 2026-03-02 09:00").way = Way(size=PHONE)
    a_plan(app, post=a_desk(app).post, points=(equipment(app, responsible="lead.admin"), 0))
    factories.sweep(app)

    desk = company("desk1")
    company.waits_for("desk1", ROUND).get_by_role("link").last.click()
    desk.is_at(f"/duty/inspections/{ROUND}?do=inspection")
    points = desk.page.locator("main section.point:has(fieldset)")
    points.nth(0).locator("label.btn").nth(1).click()  # something is wrong
    points.nth(1).locator("label.btn").nth(0).click()
    fill(points.nth(0), note_1=WHAT)
    picture = {"name": "闸机.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    points.nth(0).locator("input[type=file]").set_input_files(picture)  # type: ignore[arg-type]  # a file in memory
    fits(desk)
    desk.page.locator("main form[action$='/complete'] button[type=submit]").click()
    desk.is_told(str(ROUND_SAID["complete"].sentence), number=ROUND)
    expect(desk.page.locator("main")).to_contain_text(WHAT)
    expect(desk.page.locator("main table img")).to_have_count(1)

    RepairPage.from_my_day(company("lead.admin"), ORDER, "repair-assign").does("assign", assignee="emp.admin")
    doer = RepairPage.from_my_day(company("emp.admin"), ORDER, "repair-done")
    doer.does("done", result="已紧固翼板转轴，连续刷卡二十次正常", parts="螺栓 2 个", minutes="40")
    doer.tries("recheck", note="自己看过")
    expect(doer.who.page.locator("main form[action$='/recheck'] [role=alert]")).to_contain_text("DR-13")
    RepairPage.from_my_day(desk, ORDER, "repair-recheck").does("recheck", note="刷卡五次，都正常")
    RepairPage.from_my_day(company("lead.admin"), ORDER, "repair-accept").does("accept").is_(State.ACCEPTED)
    assert factories.history_faults(app) == []
