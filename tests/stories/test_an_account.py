"""Coming, going, and what a person chooses for themselves."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from portal.kernel.sessions import PER_ACCOUNT
from tests import factories
from tests.pages.account import choose, is_dark, log_in, log_out, speaks, switch
from tests.pages.complaints import CALL, CasePage, Intake
from tests.pages.live import CHINESE, ENGLISH, Come, Way

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("way", [CHINESE, ENGLISH], ids=str)


@BOTH
def test_the_language_is_kept_when_one_comes_back(come: Come, way: Way) -> None:
    desk = come("", way)
    desk.goes("/complaints/").is_at("/login?next=/complaints/").looks()
    log_in(desk, "desk1").is_at("/complaints/")
    other, button = ("en", "English (EN)") if way.lang == "zh-CN" else ("zh-CN", "中文")
    speaks(switch(desk, button), other)
    desk.way = replace(way, lang=other)
    log_out(desk)
    speaks(log_in(desk.goes("/login"), "desk1").is_at("/"), other)


@BOTH
def test_light_and_dark(come: Come, way: Way) -> None:
    desk = come("desk1", replace(way, scheme="dark")).goes("/account")
    assert is_dark(desk), "as the system says"
    desk.looks()
    choose(desk, "Light").looks()
    assert not is_dark(desk)
    bright = come("desk2", way).goes("/account")
    assert not is_dark(bright)
    assert is_dark(choose(bright, "Dark"))


@BOTH
def test_after_logging_out_the_way_back_shows_nothing(app: Flask, come: Come, way: Way) -> None:
    number = factories.a_case(app)
    desk = come("desk1", way)
    CasePage.open(desk, number)
    desk.reads("陈桂芳")
    log_out(desk)
    desk.page.go_back()
    desk.is_at(re.compile("/login"))
    assert "陈桂芳" not in desk.page.content()


def test_who_guesses_is_stopped(come: Come) -> None:
    guesser = come("", CHINESE).allows(422, 429)
    guesser.goes("/login")
    for _ in range(PER_ACCOUNT):
        log_in(guesser, "desk2", "not this one")
        guesser.reads(guesser.word("The user name or the password is not correct."))
    log_in(guesser, "desk2")
    guesser.reads(guesser.word("Too many attempts. Please wait five minutes.")).looks()


def test_a_first_password_is_changed_before_anything_else(app: Flask, come: Come) -> None:
    factories.a_person(app, "new.one", must_change=True)
    new = come("", ENGLISH).allows(422)
    log_in(new.goes("/login"), "new.one").is_at("/account/password")
    new.goes("/complaints/").is_at("/account/password")
    page = new.page
    for chosen, said in (("short", "Please use at least 10 characters."), ("a calm sentence", "")):
        page.get_by_label(new.word("Current password")).fill(factories.PASSWORD)
        page.locator("[name=password]").fill(chosen)
        page.locator("[name=repeat]").fill(chosen)
        page.get_by_role("button", name=new.word("Change the password")).click()
        if said:
            new.reads(new.word(said))
    new.is_at("/")
    log_out(new)
    log_in(new, "new.one", "a calm sentence").is_at("/")


@BOTH
def test_a_changed_limit_holds_for_the_next_case(app: Flask, come: Come, way: Way) -> None:
    before = factories.a_case(app)
    office, desk = come("office1", way), come("desk1", way)
    office.goes("/office/limits/limit.whole_case.normal").looks()
    page = office.page
    page.locator("[name=value]").fill("1 wd")
    page.locator("[name=reason]").fill("旺季要快")
    office.button("Put in force").click()
    office.reads("旺季要快").looks()

    after = Intake.open(desk).fills(**CALL).registers().number
    limits = desk.page.get_by_role("region", name=desk.word("Limits"), exact=True)
    assert "03-03 17:30" in _whole_case(limits.inner_text(), desk.word("Whole case")), after
    CasePage.open(desk, before)
    assert "03-05 17:30" in _whole_case(limits.inner_text(), desk.word("Whole case")), before


def _whole_case(told: str, words: str) -> str:
    return told[told.index(words) :].partition("CP-14")[0]
