"""Wrong forms, late edits, double clicks and forbidden steps: nobody types anything twice."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Route, expect

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.kernel.db import db
from tests import factories
from tests.pages.complaints import CALL, CasePage, Intake, fill
from tests.pages.live import CHINESE, ENGLISH, ENGLISH_SCRIPT, PATIENCE, Come, Way

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)


@BOTH
def test_a_refused_form_keeps_the_text_and_says_what_is_missing(come: Come, way: Way) -> None:
    desk = come("desk1", way).allows(422)
    form = Intake.open(desk).fills(**(CALL | {"content": "   ", "customer_phone": "no number!"}))
    form.send.click()

    form.is_asked("content", "This must be filled in.").is_asked(
        "customer_phone", "This is not a phone number."
    )
    expect(form.form.locator("[name=customer_name]")).to_have_value(CALL["customer_name"])
    expect(form.form.locator("[name=customer_phone]")).to_have_value("no number!")
    expect(form.form.locator("[name=category]")).to_have_value("product")
    desk.looks()

    form.fills(content=CALL["content"], customer_phone=CALL["customer_phone"]).registers().is_("registered")


@BOTH
def test_a_double_click_makes_one_case(app: Flask, come: Come, way: Way) -> None:
    desk = come("desk1", way)
    form = Intake.open(desk).fills()
    form.send.dblclick()
    desk.is_at(re.compile(r"/complaints/TS-\d{8}-0001$"))
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Case.id))) == 1


def test_a_button_does_not_move_from_beneath_a_finger(app: Flask, come: Come) -> None:
    for _n in range(3):
        factories.a_case(app, customer_phone=CALL["customer_phone"])
    desk, held = come("desk1"), list[Route]()
    desk.page.route("**/complaints/similar?*", lambda route: held.append(route))  # noqa: PLW0108  # Playwright cannot mark a built-in
    form = Intake.open(desk)
    with desk.page.expect_request("**/complaints/similar?*"):
        form.fills()
    form.send.hover()
    before = form.send.bounding_box()
    desk.page.mouse.down()
    with desk.page.expect_response("**/complaints/similar?*") as answer:
        held[0].continue_()
    answer.value.finished()
    assert form.send.bounding_box() == before
    desk.page.mouse.up()
    desk.is_at(re.compile(r"/complaints/TS-\d{8}-0004$"))


@BOTH
def test_a_late_edit_shows_both_versions(app: Flask, come: Come, way: Way) -> None:
    number = factories.a_case(app)
    first, second = come("desk1", way).allows(409), come("desk2", way)
    for who in (first, second):
        CasePage.open(who, number)
        who.page.get_by_role("link", name=who.word("Edit"), exact=True).click()
        who.is_at(f"/complaints/{number}/edit")
    fill(second.page.locator("main form"), content="打印机漏墨，已停机")
    second.button("Save").click()
    second.is_at(f"/complaints/{number}").reads("打印机漏墨，已停机")

    fill(first.page.locator("main form"), content="打印机漏墨，地面有墨")
    first.button("Save").click()
    both = first.page.get_by_role("main").get_by_role("table")
    expect(both).to_contain_text("打印机漏墨，地面有墨", timeout=PATIENCE)
    expect(both).to_contain_text("打印机漏墨，已停机")
    expect(first.page.locator("[name=content]")).to_have_value("打印机漏墨，地面有墨")
    first.looks()
    first.button("Save").click()
    first.is_at(f"/complaints/{number}").reads("打印机漏墨，地面有墨")


def test_a_forbidden_step_names_its_clauses_and_leaves_the_typed_text(app: Flask, come: Come) -> None:
    desk = come("desk1", ENGLISH_SCRIPT).allows(409)
    number = factories.a_case(app, State.REPORTED)
    case = CasePage.open(desk, number).tries("archive", evaluation="too early")
    for clause in ("CP-18", "CP-20", "CP-03"):
        desk.is_refused(clause)
    expect(case.article.locator("[name=evaluation]")).to_have_value("too early")
    case.is_("reported")


def test_a_forbidden_step_without_script_names_its_clauses(app: Flask, come: Come) -> None:
    desk = come("desk1", ENGLISH).allows(409)
    number = factories.a_case(app, State.REPORTED)
    case = CasePage.open(desk, number).tries("archive", evaluation="too early")
    for clause in ("CP-18", "CP-20", "CP-03"):
        desk.is_refused(clause)
    expect(case.article.locator("[name=evaluation]")).to_have_value("too early")
    CasePage.open(desk, number).is_("reported")


def test_who_leaves_a_half_filled_form_is_asked(come: Come) -> None:
    desk = come("desk1")
    form = Intake.open(desk)
    form.form.locator("[name=content]").press_sequentially("客户说")
    with desk.page.expect_event("dialog") as asked:
        desk.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(form.form.locator("[name=content]")).to_have_value("客户说")
