"""Who is on duty as a page and on the wall: what is open, no login on this machine or with a token, no names (DR-01)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.duty.log.codes import Category, Standing
from portal.blueprints.reception.codes import Category as Visitor
from portal.kernel import clock, glance
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At
from tests.duty.emergencies.making import a_house, declared, steps
from tests.duty.handover.making import a_desk, a_handover, a_note
from tests.house.test_statements import MOST, statements

WALL = "/duty/wall"
FAR = {"REMOTE_ADDR": "192.0.2.7"}


def ask(app: Flask, cookie: str = "", headers: dict[str, str] | None = None, **environ: str) -> Any:
    """The wall, asked for by a browser in which nobody is logged in."""
    browser: CarefulClient = app.test_client()  # type: ignore[assignment]  # conftest says which
    if cookie:
        browser.set_cookie("wall", cookie, path=WALL)
    return browser.get(WALL, headers=headers or {}, environ_overrides=environ)


@pytest.mark.clause("DR-01")
@pytest.mark.parametrize(
    ("headers", "environ", "status"),
    [
        ({}, {"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({}, {"REMOTE_ADDR": "::1", "HTTP_HOST": "[::1]:8000"}, 200),
        ({}, {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}, 200),
        ({}, FAR, 404),
        (
            {"X-Forwarded-For": "127.0.0.1"},
            {"REMOTE_ADDR": "127.0.0.1"},
            404,
        ),  # a proxy stands before the portal
        ({"X-Real-IP": "127.0.0.1"}, {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ({"Forwarded": "for=127.0.0.1"}, {"REMOTE_ADDR": "127.0.0.1"}, 404),
        ({"Via": "1.1 proxy"}, {"REMOTE_ADDR": "127.0.0.1"}, 404),
        (
            {},
            {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "portal.example.com"},
            404,
        ),  # or forwards without a word
    ],
)
def test_this_machine_needs_no_login(
    app: Flask, headers: dict[str, str], environ: dict[str, str], status: int
) -> None:
    assert ask(app, headers=headers, **environ).status_code == status


@pytest.mark.clause("DR-01")
def test_a_screen_has_a_token_until_it_is_withdrawn(app: Flask, as_: As) -> None:
    office = as_("office1")
    assert as_("lead.admin").get("/duty/screens/").status_code == 403
    assert office.send("/duty/screens/add", name=" ").status_code == 422
    shown = office.send("/duty/screens/add", name="门卫室大屏").text
    token = re.search(r"token=([\w-]+)", shown)
    assert token
    assert token[1] not in office.get("/duty/screens/").text
    browser = app.test_client()
    opened = browser.get(f"{WALL}?token={token[1]}", environ_overrides=FAR)
    assert (opened.status_code, opened.headers["Location"]) == (303, WALL)
    cookie = opened.headers["Set-Cookie"]
    assert all(words in cookie for words in ("HttpOnly", f"Path={WALL}", "SameSite=Lax"))
    assert browser.get(WALL, environ_overrides=FAR).status_code == 200
    assert browser.get("/duty/", environ_overrides=FAR).status_code == 302
    assert office.send("/duty/screens/1/withdraw").status_code == 303
    assert browser.get(WALL, environ_overrides=FAR).status_code == 404
    assert browser.get(f"{WALL}?token={token[1]}", environ_overrides=FAR).status_code == 404
    assert browser.get(f"{WALL}?token=guessed").status_code == 404
    assert office.send("/duty/screens/9/withdraw").status_code == 404
    assert factories.history_faults(app) == []


def test_whoever_is_logged_in_may_watch_from_elsewhere(app: Flask, as_: As) -> None:
    assert as_("emp.tech").get(WALL, environ_overrides=FAR).status_code == 200


@pytest.mark.clause("DR-01")
@pytest.mark.clause("DR-10")
def test_it_follows_signed_handovers_and_says_what_was_not_handed_over(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 13:00")
    a_desk(app)
    page = ask(app).text
    assert all(words in page for words in ("周晓雯", "until 14:00", "8001", "next: 何敏"))
    at("Mon 2026-03-02 13:50")
    a_handover(app)
    at("Mon 2026-03-02 14:20")
    page = ask(app).text
    assert all(words in page for words in ("周晓雯", "not handed over yet", "next: 何敏"))


@pytest.mark.clause("DR-01")
def test_it_counts_what_is_open_and_names_no_customer(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    a_house(app)
    post = 1
    factories.a_case(app, State.ROUTED, customer_name="陈桂芳")
    factories.a_visit(app, category=Visitor.C, visitor_name="王建国", company="远洋贸易")
    a_note(app, post, category=Category.FAULT, standing=Standing.OPEN, text="闸机失灵 王建国")
    a_note(app, post, category=Category.FAULT, standing=Standing.DONE)
    at("Fri 2026-03-06 10:00")
    with app.app_context():
        found = {sort.name: number for sort, number in glance.counts(clock.now())}
    assert found == {"faults": 1, "visitors": 1, "cases": 1}
    for page in (ask(app).text, as_("emp.tech").get("/duty/").text):
        assert "Open faults" in page
        assert not any(
            name in page for name in ("陈桂芳", "王建国", "远洋贸易", "闸机", "TS-2026", "LF-2026")
        )


@pytest.mark.clause("DR-16")
def test_what_is_in_force_is_on_it_with_its_steps(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 10:30")
    a_house(app)
    assert 'class="alarm' not in ask(app).text
    number = declared(app, drill=True)
    page = ask(app).text
    assert "Drill · Fire · 三楼茶水间" in page
    assert f"0 / {len(steps(app, number))}" in page
    declared(app)
    assert page.count("alarm drill") == 1
    assert ask(app).text.index('class="alarm"') < ask(app).text.index(
        "alarm drill"
    )  # what is real comes first


def test_it_costs_few_statements_and_nothing_when_nothing_changed(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:30")
    a_house(app)
    declared(app)
    assert len(statements(as_("emp.tech"), WALL)) <= MOST
    assert len(statements(as_("emp.tech"), "/duty/")) <= MOST
    tag = re.search(r'If-None-Match": "\\"(\w+)', ask(app).text)
    assert tag
    headers = {"HX-Request": "true", "If-None-Match": f'"{tag[1]}"'}
    assert ask(app, headers=headers).status_code == 304
    a_note(app, 1)
    again = ask(app, headers=headers)
    assert again.status_code == 200
    assert again.text.lstrip().startswith('<main id="wall"')
