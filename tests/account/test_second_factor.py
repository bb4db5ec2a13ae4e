"""The second factor, and browsers that a person never used: what a stolen password is worth without them."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal.kernel import accounts, clock, inbox, policies, sealing, second_factor
from portal.kernel.db import db
from portal.kernel.people import Status
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At, client_of
from tests.kernel.moments import at as moment

START = "Mon 2026-03-02 09:00"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def browser(app: Flask) -> CarefulClient:
    client = app.test_client()
    assert isinstance(client, CarefulClient)
    return client


def post(client: CarefulClient, address: str, page: str, **fields: Any) -> TestResponse:
    client.get(page)
    return client.send(address, **fields)


def password_step(client: CarefulClient, username: str = "emp.tech", **more: str) -> TestResponse:
    fields: dict[str, Any] = {"username": username, "password": factories.PASSWORD, **more}
    return post(client, "/login", "/login", **fields)


def type_code(client: CarefulClient, code: str, **more: Any) -> TestResponse:
    return client.send("/login/code", code=code, **more)


def code_at(now: datetime, by: int = 0) -> str:
    """The code that the device shows `by` steps from then."""
    return pyotp.TOTP(SECRET).at(int(now.timestamp()) + 30 * by)


def enrolled(app: Flask, username: str = "emp.tech") -> list[str]:
    """Give a person the device of SECRET; the recovery codes."""
    with app.app_context(), db.write():
        person = accounts.find(username)
        return second_factor.turn_on(person, SECRET, 0, by=person.id, now=clock.now())


def told(app: Flask, username: str) -> list[str]:
    """The kinds of messages in somebody's inbox."""
    who = factories.id_of(app, username)
    with app.app_context():
        return list(db.session.scalars(sa.select(inbox.Notice.kind).where(inbox.Notice.person_id == who)))


def required(app: Flask, roles: str) -> None:
    with app.app_context(), db.write():
        by, now = accounts.find("office1").id, clock.now()
        policies.set_value(second_factor.ROLES, roles, from_=now, reason="x", by=by, now=now)


@pytest.mark.parametrize(
    ("typed", "step"),
    [(0, 0), (-1, -1), (1, 1), (-2, None), (2, None)],
)
def test_a_device_may_be_a_step_off_and_no_more(typed: int, step: int | None) -> None:
    now = moment(START)
    this = int(now.timestamp()) // 30
    expected = None if step is None else this + step
    assert second_factor.step_of(SECRET, code_at(now, typed), now) == expected
    assert second_factor.step_of(SECRET, code_at(now)[:5], now) is None
    assert second_factor.step_of(SECRET, "１２３４５６", now) is None, "digits of another script are none"


def test_what_is_sealed_opens_only_here_and_for_its_purpose(app: Flask) -> None:
    with app.app_context():
        sealed = sealing.seal("second factor", SECRET)
        assert SECRET not in sealed
        assert sealing.unseal("second factor", sealed) == SECRET
        for purpose, text in (("another", sealed), ("second factor", sealed[:-2]), ("second factor", "é")):
            with pytest.raises(sealing.Unreadable):
                sealing.unseal(purpose, text)
        app.secret_key, kept = "another key", app.secret_key
        with pytest.raises(sealing.Unreadable):
            sealing.unseal("second factor", sealed)
        app.secret_key = kept


def test_it_is_set_up_with_password_and_code_and_then_asked_for(app: Flask, at: At) -> None:
    now, there, client = moment(START), browser(app), browser(app)
    assert password_step(there).location == "/"
    password_step(client)
    page = client.get("/account/second-factor").text
    secret = re.sub(r"\s", "", re.findall(r"<code[^>]*>([^<]+)</code>", page)[0])
    sealed = re.findall(r'name="sealed"[^>]*value="([^"]+)"', page)[0]
    assert "data:image/svg+xml" in page
    fields: dict[str, Any] = {
        "password": factories.PASSWORD,
        "code": pyotp.TOTP(secret).at(now),
        "sealed": unescape(sealed),
    }
    wrong: dict[str, Any]
    for wrong in ({"password": "wrong"}, {"code": "000000"}, {"code": ""}):
        answer = client.send("/account/second-factor/on", **(fields | wrong))
        assert answer.status_code == 422
        assert secret in re.sub(r"\s", "", answer.text), "the same picture again"
    strange = client_of(app, "desk1").send("/account/second-factor/on", **fields)
    assert (strange.status_code, "15 minutes" in strange.text) == (422, True), "a key is shown to one person"
    shown = client.send("/account/second-factor/on", **fields)
    codes = re.findall(r"<li><code>([a-z2-7-]{29})</code>", shown.text)
    assert len(set(codes)) == 10
    assert there.get("/account").status_code == 302, "the other sessions ended"
    assert client.send("/account/second-factor/on", **fields).status_code == 409
    with app.app_context():
        kept = db.session.scalars(sa.select(second_factor.SecondFactor)).one()
        assert secret not in kept.secret
        stored = set(db.session.scalars(sa.select(second_factor.RecoveryCode.digest)))
        assert stored == {second_factor.digest(code) for code in codes}

    stranger = browser(app)
    assert password_step(stranger, next="/handbook/").location == "/login/code?next=/handbook/"
    assert stranger.get("/account").status_code == 302, "the password alone opens nothing"
    page = stranger.get("/login/code?next=/handbook/").text
    assert 'autocomplete="one-time-code"' in page
    assert type_code(stranger, pyotp.TOTP(secret).at(now)).status_code == 422, (
        "the code of the set-up is used"
    )
    thief, cookie = browser(app), stranger.get_cookie("portal")
    assert cookie is not None
    thief.set_cookie("portal", cookie.value)
    thief.token = stranger.token
    at("Mon 2026-03-02 09:01")
    answer = type_code(stranger, pyotp.TOTP(secret).at(now + timedelta(minutes=1)), next="/handbook/")
    assert (answer.status_code, answer.location) == (303, "/handbook/")
    assert stranger.get("/account").status_code == 200
    again = type_code(thief, codes[0])
    assert (again.status_code, "five minutes" in again.text) == (422, True), "the step is used up"


def test_a_recovery_code_counts_once_however_it_is_written(app: Flask) -> None:
    codes, client = enrolled(app), browser(app)
    for typed, status in (
        (codes[0].upper().replace("-", " "), 303),
        (codes[0], 422),
        ("x" * 40, 422),
        (codes[1], 303),
    ):
        client = browser(app)
        password_step(client)
        assert type_code(client, typed).status_code == status
    assert "8 are left" in client.get("/").text
    assert "left: 8" in client.get("/account").text


def test_a_login_waits_five_minutes_for_its_code(app: Flask, at: At) -> None:
    enrolled(app)
    client = browser(app)
    password_step(client)
    now = at("Mon 2026-03-02 09:05")
    assert "five minutes" in type_code(client, code_at(now)).text
    assert client.get("/login/code?next=/handbook/").location == "/login?next=/handbook/"
    assert browser(app).get("/login/code").location == "/login"


@pytest.mark.parametrize("how", ["password", "status"])
def test_a_new_password_or_a_locked_account_ends_what_was_begun(app: Flask, how: str) -> None:
    enrolled(app)
    client = browser(app)
    password_step(client)
    with app.app_context(), db.write():
        person, now = accounts.find("emp.tech"), clock.now()
        if how == "password":
            accounts.set_password(person, "x", must_change=False, by=None, now=now)
        else:
            accounts.set_status(person, Status.DISABLED, by=None, now=now)
    assert type_code(client, code_at(moment(START))).status_code == 422


def test_wrong_codes_are_counted_and_the_password_gives_no_new_tries(app: Flask) -> None:
    codes = enrolled(app)
    statuses, waiting = [], browser(app)
    for tried in range(6):
        client = browser(app)
        if password_step(client).status_code == 429:
            statuses.append(429)
            continue
        statuses.append(type_code(client, f"00000{tried}").status_code)
        waiting = client
    assert statuses == [422] * 5 + [429]
    assert type_code(waiting, codes[0]).status_code == 429
    assert told(app, "emp.tech") == ["account:wrong_codes"]


def test_of_two_who_type_one_code_at_the_same_moment_one_is_let_in(any_app: Flask) -> None:
    codes = enrolled(any_app)
    now = moment(START)
    for typed in (code_at(now), codes[0]):
        let_in: list[bool] = []
        start = threading.Barrier(2)

        def race(typed: str = typed, start: threading.Barrier = start, let_in: list[bool] = let_in) -> None:
            with any_app.app_context():
                start.wait()
                with db.write():
                    found = second_factor.use(accounts.find("emp.tech"), typed, now)
                let_in.append(found is not None)

        threads = [threading.Thread(target=race) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(let_in) == [False, True]
    with any_app.app_context(), db.write():
        person = accounts.find("emp.tech")
        assert second_factor.use(person, code_at(now, -1), now) is None, "an older code than the last one"
        assert second_factor.use(person, code_at(now, 1), now) is not None


def test_it_is_renewed_and_turned_off_by_password_and_code(app: Flask, as_: As) -> None:
    old = enrolled(app)
    client, password = as_("emp.tech"), factories.PASSWORD
    for typed, code in (("wrong", old[0]), (password, "wrong")):
        assert client.send("/account/second-factor/off", password=typed, code=code).status_code == 422
    elsewhere, cookie = client_of(app, "emp.tech"), client.get_cookie("portal")
    stolen = browser(app)
    stolen.set_cookie("portal", cookie.value if cookie else "")
    assert [other.get("/account").status_code for other in (elsewhere, stolen)] == [200, 200]
    shown = client.send("/account/second-factor/codes", password=password, code=old[0])
    assert [other.get("/account").status_code for other in (elsewhere, stolen)] == [302, 302]
    new = re.findall(r"<li><code>([a-z2-7-]{29})</code>", shown.text)
    assert len(set(new) - set(old)) == 10
    assert client.send("/account/second-factor/off", password=password, code=old[1]).status_code == 422
    assert client.send("/account/second-factor/off", password=password, code=new[0]).status_code == 303
    assert password_step(browser(app)).location == "/"


@pytest.mark.clause("RC-20")
def test_whose_role_must_have_one_does_nothing_else_first(app: Flask, as_: As) -> None:
    """Customers' data is kept safe: where the office requires a second factor, nobody works without."""
    client = as_("emp.tech")
    assert client.get("/").status_code == 200, "offered, not required, as it is shipped"
    required(app, "employee")
    assert client.get("/complaints/").location == "/account/second-factor"
    part = client.get("/complaints/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == "/account/second-factor"
    refused = client.send("/complaints/new")
    assert (refused.status_code, "RC-20" in refused.text) == (403, True)
    assert client.send("/language", locale="en").status_code == 303
    codes = enrolled(app)
    assert client.get("/complaints/").status_code == 200
    fields: dict[str, Any] = {"password": factories.PASSWORD, "code": codes[0]}
    refused = client.send("/account/second-factor/off", **fields)
    assert (refused.status_code, "RC-20" in refused.text) == (409, True)
    assert as_("desk1").get("/").status_code == 200, "other roles are not asked"


# -- browsers -------------------------------------------------------------------------------------------


def test_a_login_in_a_browser_never_used_before_is_told(app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo="0", now="")
    first, second = browser(app), browser(app)
    password_step(first)
    assert told(app, "emp.tech") == [], "the first of all is no news"
    password_step(second)
    password_step(first)
    password_step(second)
    assert told(app, "emp.tech") == ["account:new_browser"]
    password_step(second, username="desk1")
    assert told(app, "desk1") == [], (
        "a browser that two people share is new to the second, and that one's first"
    )
    page = second.get("/notifications/")
    assert page.status_code == 200


# -- the general office ---------------------------------------------------------------------------------


def test_the_office_ends_sessions_opens_what_tries_closed_and_turns_a_lost_device_off(
    app: Flask, as_: As
) -> None:
    enrolled(app)
    office, who = as_("office1"), factories.id_of(app, "emp.tech")
    one, other = client_of(app, "emp.tech"), client_of(app, "emp.tech")
    page = office.get(f"/office/people/{who}").text
    ends = re.findall(rf"/office/people/{who}/sessions/(\d+)/end", page)
    assert len(ends) == 2
    own = factories.id_of(app, "office1")
    assert office.send(f"/office/people/{own}/sessions/{ends[0]}/end").status_code == 404, "another person's"
    assert office.send(f"/office/people/{who}/sessions/{ends[0]}/end").status_code == 303
    assert sorted([one.get("/account").status_code, other.get("/account").status_code]) == [200, 302]
    assert office.send(f"/office/people/{who}/sessions/end").status_code == 303
    assert [one.get("/account").status_code, other.get("/account").status_code] == [302, 302]
    for _ in range(5):
        client = browser(app)
        post(client, "/login", "/login", username="emp.tech", password="wrong")
    assert "too many tries" in office.get("/office/people/?words=emp.tech").text
    assert office.send(f"/office/people/{who}/unlock").status_code == 303
    assert password_step(browser(app)).location == "/login/code"
    assert office.send(f"/office/people/{who}/reset-second-factor").status_code == 303
    assert office.send(f"/office/people/{who}/reset-second-factor").status_code == 409
    assert office.send(f"/office/people/{own}/reset-second-factor").status_code == 403
    assert password_step(browser(app)).location == "/"
    assert "Second factor turned off" in office.get(f"/office/people/{who}").text


@pytest.mark.parametrize(("roles", "said"), [("", "alone\n"), ("employee", "alone, and is then led to")])
def test_the_command_for_a_lost_device_says_what_comes_next(app: Flask, roles: str, said: str) -> None:
    enrolled(app)
    required(app, roles)
    command = ["user", "reset-second-factor", "emp.tech"]
    assert said in app.test_cli_runner().invoke(args=command).output
    assert "no second factor" in app.test_cli_runner().invoke(args=command).stderr


def test_everywhere_else_is_everywhere_but_here(app: Flask) -> None:
    here, there = client_of(app, "emp.tech"), client_of(app, "emp.tech")
    assert here.send("/account/sessions/end-others").status_code == 303
    assert [here.get("/account").status_code, there.get("/account").status_code] == [200, 302]


def test_the_general_office_is_reminded_until_it_requires_one_of_itself(app: Flask, as_: As) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo="0", now="")
    office = as_("office1")
    assert "by a password alone" in office.get("/office/").text
    required(app, "office")
    enrolled(app, "office1")
    assert "by a password alone" not in office.get("/office/").text
