"""What the general office does about logins elsewhere, on the page of a person."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from portal.kernel import accounts, clock, history, identities
from portal.kernel.db import db
from portal.kernel.identities import Provider
from tests import factories
from tests.conftest import As
from tests.signin.conftest import asks, log_in, somebody
from tests.throwaway_slapd import Slapd


def told(app: Flask, username: str) -> list[tuple[str, Any]]:
    with app.app_context():
        return [(line.event, line.by_id) for line in reversed(history.events(accounts.find(username)))][1:]


def test_nothing_of_it_is_shown_while_nothing_is_set_up(app: Flask, as_: As) -> None:
    page = f"/office/people/{factories.id_of(app, 'desk1')}"
    assert "Login elsewhere" not in as_("office1").get(page).text
    for verb in ("link-directory", "invite", "identities/1/unlink", "identities/1/keep-password"):
        assert as_("office1").send(f"{page}/{verb}").status_code == 404
    for verb in ("link-directory", "invite", "identities/1/unlink", "identities/1/leave-password"):
        assert as_("gm").send(f"{page}/{verb}").status_code == 403


def test_the_office_links_marks_and_unlinks(app: Flask, as_: As, company: Slapd) -> None:
    company.fill_more(dict([somebody("desk1", "周晓雯", "admin")]))
    asks(app, company)
    office, desk1 = as_("office1"), factories.id_of(app, "desk1")
    page = f"/office/people/{desk1}"
    assert "Link with desk1 of the directory" in office.get(page).text
    assert office.send(f"{page}/link-directory").status_code == 303
    assert "Known there as" in office.get(page).text
    assert office.send(f"{page}/link-directory").status_code == 409, "linked already"
    nobody = office.send(f"/office/people/{factories.id_of(app, 'desk2')}/link-directory")
    assert nobody.status_code == 409
    assert "The directory has nobody of the user name desk2." in nobody.text
    with app.app_context():
        one = identities.of(desk1)[0].id
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 422
    assert "this password opens nothing yet" in office.send(f"{page}/reset-password").text
    command = app.test_cli_runner().invoke(args=["user", "reset-password", "desk1"])
    assert "this password opens nothing until" in command.stderr
    factories.change_person(
        app, "desk1", password=factories.QUICK.hash(factories.PASSWORD), must_change=False
    )
    assert office.send(f"{page}/identities/{one}/keep-password").status_code == 303
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 303
    assert "Password here counts as well" in office.get(page).text
    assert office.send(f"{page}/identities/{one}/leave-password").status_code == 303
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 422
    other = f"/office/people/{desk1 + 1}/identities/{one}/unlink"
    assert office.send(other).status_code == 404, "an address of another person's"
    assert as_("desk1").get("/account").status_code == 200
    assert office.send(f"{page}/identities/{one}/unlink").status_code == 303
    assert as_("desk1").get("/account").status_code == 302, "what was open ends"
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 303
    by = factories.id_of(app, "office1")
    linked = [
        (event, who) for event, who in told(app, "desk1") if "log" not in event and event != "person:password"
    ]
    events = ("linked", "password_kept", "password_left", "unlinked")
    assert linked == [(f"person:{event}", by) for event in events]
    lines = office.get(page).text
    for words in (
        "Linked with a login elsewhere",
        "May also log in by the password kept here",
        "Company directory",
    ):
        assert words in lines


def test_a_directory_that_is_away_is_told_on_the_page(app: Flask, as_: As, company: Slapd) -> None:
    asks(app, company)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], ldap_url="ldaps://localhost:1")
    answer = as_("office1").send(f"/office/people/{factories.id_of(app, 'desk1')}/link-directory")
    assert answer.status_code == 503
    assert "directory does not answer" in answer.text


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_a_link_is_shown_once_and_a_new_one_ends_the_older(app: Flask, as_: As, lang: str) -> None:
    app.config["SETTINGS"] = replace(
        app.config["SETTINGS"], base_url="https://portal.example.com/front/", oidc_issuer="https://id.example.com",
        oidc_client_id="portal", oidc_label="示例单点登录",
    )  # fmt: skip
    office, page = as_("office1"), f"/office/people/{factories.id_of(app, 'desk1')}"
    office.lang = lang
    keys = []
    for _ in range(2):
        shown = office.send(f"{page}/invite").text
        found = re.search(r"https://portal\.example\.com/front/login/oidc\?link=([\w-]{43})", shown)
        assert found is not None
        keys.append(found[1])
        assert found[1] not in office.get(page).text
    with app.app_context():
        now = clock.now()
        assert [identities.invited(key, now) is not None for key in keys] == [False, True]
        assert identities.invited(keys[1], now + identities.INVITED_FOR) is None
        with db.write():
            identities.link(
                accounts.find("desk1"), Provider.OIDC, "x", "https://id.example.com", by=1, now=now
            )
    assert "示例单点登录" in office.get(page).text
