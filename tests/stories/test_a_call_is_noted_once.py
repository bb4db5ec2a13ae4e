"""A call comes in: noted once, read back, it becomes a case; a script is walked by keys and leads there as well."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, expect

from portal.blueprints.complaints.codes import Channel, ReadBack
from tests import factories
from tests.pages.live import CHINESE, ENGLISH, PHONE, Colleague, Come, Way, assert_no_sideways

pytestmark = pytest.mark.browser
CASE = re.compile(r"/complaints/TS-\d{8}-0001$")


def field(desk: Colleague, name: str) -> Locator:
    return desk.page.locator(f"[name='{name}']")


@pytest.mark.clause("PG-02")
@pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)
def test_a_call_becomes_a_case_without_retyping(app: Flask, come: Come, way: Way) -> None:
    desk = come("desk1", way).goes("/")
    if way.script:
        desk.page.keyboard.press("c")
    else:
        desk.page.get_by_role("main").get_by_role("link", name=desk.word("A call comes in")).click()
    desk.is_at("/phrases/call").looks()
    desk.reads(desk.word("Good day, this is %(company)s, %(me)s speaking. How may I help you?")[:3])
    for name, text in (("caller", "王敏"), ("phone", "13800138000"), ("matter", "打印机没有回音")):
        field(desk, name).fill(text)
    if not way.script:
        desk.button("Keep it for now").click()
    desk.reads(desk.word("You are %(caller)s.", caller="王敏"))
    desk.goes("/").goes("/phrases/call")  # called away in between
    expect(field(desk, "matter")).to_have_value("打印机没有回音")
    field(desk, "demand").fill("给个日期")
    field(desk, "read_back").check()
    field(desk, "case-category").select_option("service")
    desk.page.locator("button[name=end][value=case]").click()
    desk.is_at(CASE)
    case = factories.load(app, "TS-20260302-0001")
    assert (case.customer_name, case.demand, case.read_back) == ("王敏", "给个日期", ReadBack.YES)
    assert field(desk.goes("/phrases/call"), "matter").input_value() == ""


@pytest.mark.clause("PG-06")
@pytest.mark.parametrize("way", [Way(size=PHONE), ENGLISH], ids=str)
def test_a_script_is_walked_to_its_end_and_becomes_a_case(app: Flask, come: Come, way: Way) -> None:
    desk = come("desk1", way).goes("/phrases/scripts/complaint-on-site")

    def goes_on(digit: int, step: str) -> None:
        if way.script:
            desk.page.locator("#say").click()  # out of the field: digits are written there
            desk.page.keyboard.press(str(digit))
        else:
            desk.page.locator(f"[data-key='{digit}']").click()
        desk.is_at(re.compile(rf"\?path=[a-z.]*{step}$"))

    goes_on(1, "hear")
    field(desk, "matter").fill("前台没有人")
    goes_on(2, "angry")
    goes_on(0, "hear")
    expect(field(desk, "matter")).to_have_value("前台没有人")
    goes_on(1, "feel")
    goes_on(1, "who")
    field(desk, "caller").fill("周强")
    goes_on(1, "check")
    desk.looks().reads("周强")
    assert_no_sideways(desk.page)
    field(desk, "read_back").check()
    goes_on(1, "how")
    goes_on(1, "bye")
    if way.script:
        desk.page.keyboard.press("1")
    else:
        desk.link("Make a case of it").click()
    desk.is_at("/phrases/call?end=case")
    field(desk, "case-category").select_option("attitude")
    desk.page.locator("button[name=end][value=case]").click()
    desk.is_at(CASE)
    case = factories.load(app, "TS-20260302-0001")
    assert (case.channel, case.customer_name, case.read_back) == (Channel.ONSITE, "周强", ReadBack.YES)
