"""Logging in and out, and what a person sets for themselves."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal.blueprints.account import rules
from portal.blueprints.account.entering import local
from portal.config import BadSetting
from portal.kernel import accounts, clock, history, sessions
from portal.kernel.browsers import words_of
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.signin import passwords
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At, client_of

PASSWORD = "nine dry towels"


def browser(app: Flask, lang: str | None = "en") -> CarefulClient:
    """A browser in which nobody is logged in."""
    client = app.test_client()
    assert isinstance(client, CarefulClient)
    client.lang = lang
    return client


def post(client: CarefulClient, address: str, page: str = "/account", **fields: Any) -> TestResponse:
    """A form of `page` sent to `address`."""
    client.get(page)
    return client.send(address, **fields)


def log_in(client: CarefulClient, username: str, password: str, **more: str) -> TestResponse:
    return post(client, "/login", "/login", username=username, password=password, **more)


@pytest.fixture
def person(app: Flask) -> str:
    """Somebody of the name `new.one` with a password of their own."""
    factories.a_person(app, "new.one", name="新人", hashed=factories.QUICK.hash(PASSWORD))
    return "new.one"


def lines(app: Flask, event: str) -> int:
    with app.app_context():
        count = sa.select(sa.func.count()).select_from(history.Line).where(history.Line.event == event)
        return db.session.scalar(count) or 0


def test_a_login_leads_where_it_was_wanted_and_gets_a_session_of_its_own(app: Flask, person: str) -> None:
    client = browser(app)
    client.get("/login")
    before = client.token
    answer = log_in(client, person, PASSWORD, next="/handbook/?q=CP-12")
    assert (answer.status_code, answer.location) == (303, "/handbook/?q=CP-12")
    assert client.get("/account").status_code == 200
    assert client.token != before
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(sessions.Session)) == 1
    assert lines(app, "person:logged_in") == 1


@pytest.mark.parametrize(
    ("username", "password"),
    [("new.one", "wrong"), ("nobody", PASSWORD), ("new.one", ""), ("", ""), ("x" * 5000, "y" * 5000)],
)
def test_a_wrong_login_is_told_in_the_same_words(
    app: Flask, person: str, username: str, password: str
) -> None:
    client = browser(app)
    answer = log_in(client, username, password)
    assert answer.status_code == 422
    assert "The user name or the password is not correct." in answer.text
    assert password not in answer.text or len(password) < 6
    assert client.get("/account").status_code == 302


def test_five_wrong_logins_close_the_account_for_a_while_known_or_not(app: Flask, person: str) -> None:
    for username in (person, "nobody"):
        client = browser(app)
        codes = [log_in(client, username, "wrong password").status_code for _ in range(7)]
        assert codes == [422] * 5 + [429] * 2
    assert log_in(browser(app), person, PASSWORD).status_code == 429
    assert log_in(browser(app), "desk1", "portal-demo").status_code == 303, "others are not shut out"
    assert lines(app, "person:login_failed") == 5


def test_a_locked_person_cannot_log_in_and_is_logged_out(app: Flask, person: str) -> None:
    client = browser(app)
    log_in(client, person, PASSWORD)
    with app.app_context(), db.write():
        accounts.set_status(accounts.find(person), Status.DISABLED, by=None, now=clock.now())
    assert client.get("/account").status_code == 302
    assert log_in(browser(app), person, PASSWORD).status_code == 422
    factories.change_person(app, person, status=Status.ACTIVE)
    log_in(client, person, PASSWORD)
    factories.change_person(app, person, status=Status.DEPARTED)
    assert client.get("/account").status_code == 302, "even where a session was left"
    with app.app_context():
        assert passwords.prove(person, PASSWORD)[1] is None


def test_logging_out_ends_the_session_in_the_database_too(app: Flask, as_: As) -> None:
    client = as_("desk1")
    kept = client.get_cookie("portal")
    assert post(client, "/logout").status_code == 303
    assert kept is not None
    client.set_cookie("portal", kept.value)
    assert client.get("/account").status_code == 302, "the old cookie is worth nothing"


def test_a_change_without_the_token_or_from_elsewhere_is_refused(as_: As) -> None:
    client = as_("desk1")
    assert client.post("/logout").status_code == 400
    foreign = client.post(
        "/logout",
        data={"csrf_token": client.csrf()},
        headers={"Origin": "https://elsewhere.example"},
    )
    assert foreign.status_code == 403
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/complaints/", "/complaints/"),
        ("/handbook/?q=a&b=1", "/handbook/?q=a&b=1"),
        ("/office", "/office"),
        ("", "/"),
        (None, "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("///elsewhere.example", "/"),
        ("/%5celsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/account\r\nSet-Cookie: a=b", "/"),
        ("complaints/", "/"),
        ("/no/such/page", "/"),
        ("/logout", "/"),
        ("/login", "/"),
        ("/static/icons.svg", "/"),
        ("/" + "a" * 5000, "/"),
    ],
)
def test_next_leads_to_pages_of_the_portal_only(app: Flask, asked: str | None, leads: str) -> None:
    with app.test_request_context("/login"):
        assert local(asked) == leads


def test_the_demo_shows_its_accounts_and_a_real_portal_does_not(app: Flask) -> None:
    assert "portal-demo" in browser(app).get("/login").text
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo="0")
    assert "portal-demo" not in browser(app).get("/login").text


# -- own settings -------------------------------------------------------------------------------------------


def test_the_language_is_kept_with_the_browser_and_then_with_the_person(app: Flask) -> None:
    client = browser(app, lang=None)
    for locale, words in (("en", "Log in"), ("zh", 'lang="zh-CN"')):
        answer = post(client, "/language", "/login", locale=locale, next="/handbook/")
        assert (answer.status_code, answer.location) == (303, "/handbook/")
        assert words in client.get("/login").text
    log_in(client, "desk1", "portal-demo")
    assert '<html lang="zh-CN">' in client.get("/account", headers={"Accept-Language": "en"}).text
    post(client, "/language", locale="en")
    other = browser(app, lang=None)
    log_in(other, "desk1", "portal-demo")
    assert '<html lang="en">' in other.get("/account", headers={"Accept-Language": "zh"}).text
    assert post(client, "/language", locale="fr").status_code == 400


def test_colours_are_kept_with_the_person(app: Flask, as_: As) -> None:
    client = as_("desk1")
    assert post(client, "/theme", theme="dark").status_code == 303
    assert 'content="dark"' in client_of(app, "desk1").get("/account").text
    assert post(client, "/theme", theme="pink").status_code == 400


def change(client: CarefulClient, current: str, new: str, again: str | None = None) -> TestResponse:
    fields = {"current": current, "password": new, "repeat": new if again is None else again}
    return post(client, "/account/password", "/account/password", **fields)


@pytest.mark.parametrize(
    ("current", "new", "again", "told"),
    [
        ("wrong", "four wet stones", None, "not your current password"),
        (PASSWORD, "too short", None, "at least 10"),
        (PASSWORD, "new.one123", None, "Your name"),
        (PASSWORD, "1234567890", None, "too common"),
        (PASSWORD, "Password123", None, "too common"),
        (PASSWORD, "aaaaaaaaaaaaaaa", None, "more different"),
        (PASSWORD, PASSWORD, None, "must differ from the current one"),
        (PASSWORD, "four wet stones", "four wet stone", "do not match"),
        (PASSWORD, "", "", "must be filled in"),
        (PASSWORD, "x\x00" * 20, None, "cannot be stored"),
        (PASSWORD, "x" * 100_000, None, "At most 256"),
    ],
)
def test_a_password_that_will_not_do_is_told(
    app: Flask, person: str, current: str, new: str, again: str | None, told: str
) -> None:
    client = browser(app)
    log_in(client, person, PASSWORD)
    answer = change(client, current, new, again)
    assert answer.status_code == 422
    assert told.lower() in answer.text.lower()
    assert len(new) < 6 or new not in answer.text.replace("new.one", "")
    assert log_in(browser(app), person, PASSWORD).status_code == 303


def copied(app: Flask, client: CarefulClient) -> CarefulClient:
    """Another browser with the same cookie."""
    other, cookie = browser(app), client.get_cookie("portal")
    assert cookie is not None
    other.set_cookie("portal", cookie.value)
    return other


def test_the_companys_own_list_of_passwords_is_asked(app: Flask, person: str, tmp_path: Path) -> None:
    listed = tmp_path / "refused.txt"
    listed.write_text("Nine Blue Bottles\r\nvier nasse steine\n", encoding="utf-8")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], refused_passwords=str(listed))
    client = browser(app)
    log_in(client, person, PASSWORD)
    for new, code in (("nine blue bottles", 422), ("Vier nasse Steine", 422), ("nine blue bottle", 303)):
        assert change(client, PASSWORD, new).status_code == code
    with pytest.raises(BadSetting, match="PORTAL_REFUSED_PASSWORDS"):
        replace(app.config["SETTINGS"], refused_passwords=str(tmp_path / "none")).check()


def test_a_one_time_password_lasts_a_week(app: Flask, person: str, at: At) -> None:
    with app.app_context(), db.write():
        found = accounts.find(person)
        accounts.set_password(found, found.password, must_change=True, by=None, now=clock.now())
    at("Mon 2026-03-09 09:00")
    assert log_in(browser(app), person, PASSWORD).status_code == 303
    at("Mon 2026-03-09 09:01")
    late = log_in(browser(app), person, PASSWORD)
    assert (late.status_code, "has expired" in late.text) == (422, True)
    assert "not correct" in log_in(browser(app), person, "wrong password").text, (
        "told only to whom it belongs"
    )


def test_a_new_password_ends_the_other_sessions(app: Flask, person: str) -> None:
    here, there = browser(app), browser(app)
    log_in(here, person, PASSWORD)
    log_in(there, person, PASSWORD)
    stolen = copied(app, here)
    assert stolen.get("/account").status_code == 200
    assert change(here, PASSWORD, "four wet stones").status_code == 303
    assert here.get("/account").status_code == 200
    assert stolen.get("/account").status_code == 302, "the session goes on under a new key"
    assert there.get("/account").status_code == 302
    assert log_in(browser(app), person, PASSWORD).status_code == 422
    assert log_in(browser(app), person, "four wet stones").status_code == 303
    assert lines(app, "person:password") == 1


def test_wrong_present_passwords_are_counted_too(app: Flask, person: str) -> None:
    client = browser(app)
    log_in(client, person, PASSWORD)
    codes = [change(client, "wrong", "four wet stones").status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_a_first_password_is_changed_before_anything_else(app: Flask, person: str) -> None:
    with app.app_context(), db.write():
        accounts.find(person).must_change = True
    client = browser(app)
    log_in(client, person, PASSWORD)
    for page in ("/", "/account", "/complaints/", "/complaints/new"):
        answer = client.get(page)
        assert (answer.status_code, answer.location) == (303, "/account/password")
    assert change(client, PASSWORD, "four wet stones").location == "/"
    assert client.get("/account").status_code == 200


def test_sessions_are_listed_and_ended_one_by_one(app: Flask, person: str) -> None:
    here, there, foreign = browser(app), browser(app), browser(app)
    log_in(here, person, PASSWORD)
    log_in(there, person, PASSWORD)
    log_in(foreign, "desk1", "portal-demo")
    numbers = set(re.findall(r"/account/sessions/(\d+)/end", here.get("/account").text))
    assert len(numbers) == 2
    mine, other = (
        re.findall(r"/account/sessions/(\d+)/end", c.get("/account").text) for c in (here, foreign)
    )
    assert post(foreign, f"/account/sessions/{mine[0]}/end").status_code == 404
    for number in sorted(numbers):
        assert post(here, f"/account/sessions/{number}/end").status_code in {303, 302}
        if here.get("/account").status_code == 302:
            break
    assert foreign.get("/account").status_code == 200
    assert other


def test_an_idle_session_ends(app: Flask, person: str) -> None:
    client = browser(app)
    log_in(client, person, PASSWORD)
    with app.app_context(), db.write():
        past = clock.now() - timedelta(minutes=121)
        db.session.execute(sa.update(sessions.Session).values(seen_at=past))
    assert client.get("/account").status_code == 302


def test_a_session_ends_after_its_hours_however_busy_it_is(app: Flask, person: str) -> None:
    client = browser(app)
    log_in(client, person, PASSWORD)
    for minutes, code in ((12 * 60, 200), (12 * 60 + 1, 302)):
        with app.app_context(), db.write():
            begun = clock.now() - timedelta(minutes=minutes)
            db.session.execute(sa.update(sessions.Session).values(started_at=begun))
        assert client.get("/account").status_code == code


def test_preferences_do_not_make_an_open_edit_stale(app: Flask, as_: As) -> None:
    client = as_("desk1")
    with app.app_context():
        before = db.session.scalar(sa.select(Person.version).where(Person.username == "desk1"))
    post(client, "/theme", theme="dark")
    with app.app_context():
        assert db.session.scalar(sa.select(Person.version).where(Person.username == "desk1")) == before


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36", "Chrome · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) MicroMessenger/8.0", "WeChat · iPhone"),
        ("curl/8", ""),
    ],
)
def test_a_browser_is_told_in_two_words(agent: str, shown: str) -> None:
    assert words_of(agent) == shown


@pytest.mark.parametrize(
    ("password", "against"),
    [
        ("nine dry towels", ""),
        ("九条干毛巾晒在屋顶上", ""),
        ("kurz", "short"),
        ("chen.guifang1", "personal"),
        ("my chen.guifang and the nine towels", ""),
        ("QWERTYUIOP", "common"),
        ("MotherLode", "common"),  # seen in leaks, and on no short list
        ("woaini1314", "common"),
        ("Password2026!", "expected"),
        ("portal-office-12345", "expected"),
        ("示例公司2026101", "expected"),
        ("qiantai@88888", "expected"),
        ("the portal opens at nine", ""),
        ("ababababab", "monotonous"),
    ],
)
def test_rules_of_passwords(password: str, against: str) -> None:
    assert rules.against_password(password, "chen.guifang", "陈桂芳", "示例公司") == against


def test_addresses_begin_where_the_portal_is_mounted(app: Flask) -> None:
    for lang in ("en", "zh-CN", "en"):
        for root in ("", "/portal", ""):
            page = browser(app, lang).get("/login", base_url=f"http://localhost{root}/").text
            assert f'href="{root}/static/' in page
            assert ('href="/static/' in page) is (root == ""), "kept from a page of the other place"


def test_a_strange_cookie_of_another_portal_logs_nobody_out_or_in(app: Flask, as_: As) -> None:
    client = as_("desk1")
    client.set_cookie("remember_token", "1|0000")
    assert client.get("/account").status_code == 200
    stranger = browser(app)
    stranger.set_cookie("remember_token", "1|0000")
    assert stranger.get("/account").status_code == 302
