"""Logging in at the company's login service: whom it lets in, and every answer that is not to be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from portal.kernel import accounts, clock, identities
from portal.kernel.db import db
from portal.kernel.identities import Provider as Known
from portal.kernel.people import Status
from portal.signin import oidc
from tests import factories
from tests.account.test_second_factor import enrolled, required, told
from tests.client import CarefulClient, text_of
from tests.signin import provider as service
from tests.signin.conftest import log_in
from tests.signin.provider import CLIENT, SECRET, Provider

CHEN: dict[str, Any] = {
    "sub": "248289761001", "preferred_username": "Chen.Jie", "name": "陈洁", "email": "chen@example.com",
    "groups": ["staff", "portal-desk"], "department": "admin",
}  # fmt: skip


@pytest.fixture
def sso(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A login service that knows Chen, and a portal that asks it and makes accounts."""
    monkeypatch.setattr(oidc, "_known", {})
    monkeypatch.setattr(oidc, "_asleep", {})
    with app.app_context():
        now = int(clock.now().timestamp())
    with service.running(now) as running:
        running.claims = dict(CHEN)
        settings = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(
            settings, base_url="http://localhost", oidc_issuer=running.url, oidc_client_id=CLIENT,
            oidc_client_secret=SECRET, oidc_roles="office=portal-office; desk=portal-desk", oidc_provision=True,
            oidc_label="示例单点登录",
        )  # fmt: skip
        app.config["SETTINGS"].check()
        yield running


def browser(app: Flask) -> CarefulClient:
    client = app.test_client()
    assert isinstance(client, CarefulClient)
    return client


def come_back(client: CarefulClient, sso: Provider, address: str = "/login/oidc") -> TestResponse:
    """To the service and back, as a browser goes."""
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{sso.url}/authorization?")
    return client.get(sso.authorize(answer.location))


def test_to_the_service_and_back_to_the_page_that_was_wanted(app: Flask, sso: Provider) -> None:
    client = browser(app)
    assert 'href="/login/oidc?next=/handbook/' in client.get("/login?next=/handbook/").text
    pushed = client.get("/login/oidc?next=/handbook/", headers={"Sec-Fetch-Site": "cross-site"})
    assert pushed.location == "/login?next=/handbook/", "no login begins because another site wants it"
    sent = client.get("/login/oidc?next=/handbook/?q=CP-12", headers={"Sec-Fetch-Site": "same-origin"})
    asked = dict(parse_qsl(urlsplit(sent.location).query))
    assert asked["redirect_uri"] == "http://localhost/login/oidc/back"
    cookie = sent.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/login/oidc", "Max-Age=600"))
    answer = client.get(sso.authorize(sent.location))
    assert (answer.status_code, answer.location) == (303, "/handbook/?q=CP-12")
    assert "Chen.Jie".lower() in client.get("/account").text
    with app.app_context():
        made = accounts.find("chen.jie")
        assert (made.name, made.role, made.department, made.password) == ("陈洁", "desk", "admin", "")
        assert [known.subject for known in identities.of(made.id)] == [CHEN["sub"]]


def test_logging_out_offers_to_end_the_login_there_too(app: Flask, sso: Provider) -> None:
    client = browser(app)
    come_back(client, sso)
    client.get("/account")
    assert client.send("/logout").location == "/login"
    page = client.get("/login").text
    assert 'href="/login/oidc/out"' in page
    assert 'href="/login/oidc/out"' not in client.get("/login").text, "said once"
    left = client.get("/login/oidc/out").location
    assert left.startswith(f"{sso.url}/end_session?")
    assert dict(parse_qsl(urlsplit(left).query))["post_logout_redirect_uri"] == "http://localhost/login"
    sso.metadata = {"end_session_endpoint": None}
    oidc._known.clear()
    assert client.get("/login/oidc/out").location == "/login"


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"nonce": "another"}, "cannot be trusted"),
        ({"nonce": None}, "cannot be trusted"),
        ({"iss": "https://elsewhere.example"}, "cannot be trusted"),
        ({"aud": "another client"}, "cannot be trusted"),
        ({"aud": [CLIENT, "another client"]}, "cannot be trusted"),
        ({"azp": "another client"}, "cannot be trusted"),
        ({"exp": 1}, "cannot be trusted"),
        ({"exp": None}, "cannot be trusted"),
        ({"sub": None}, "cannot be trusted"),
        ({"sub": 7}, "cannot be trusted"),
        ({"sub": "x" * 256}, "cannot be trusted"),
        ({"alg": "none"}, "cannot be trusted"),
        ({"alg": "HS256"}, "cannot be trusted"),
        ({"groups": ["staff"]}, "None of your groups has a role"),
        ({"groups": {"portal-desk": True}}, "None of your groups has a role"),
        ({"department": "ghosts"}, "Your department is not known"),
        ({"preferred_username": "desk1"}, "is not linked with you"),
        ({"preferred_username": "chen@example.com"}, "cannot be used in the portal"),
    ],
)
def test_an_answer_that_cannot_be_trusted_or_used_logs_nobody_in(
    app: Flask, sso: Provider, claims: dict[str, Any], said: str
) -> None:
    sso.alg = claims.pop("alg", sso.alg) if "alg" in claims else sso.alg
    sso.claims |= claims
    client = browser(app)
    answer = come_back(client, sso)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'action="/login"' in answer.text, (
        "the password typed on this page goes to the login, not back here"
    )
    assert client.get("/account").status_code == 302


def test_an_answer_counts_once_in_the_browser_that_asked(app: Flask, sso: Provider) -> None:
    victim, thief = browser(app), browser(app)
    back = sso.authorize(victim.get("/login/oidc").location)
    other = sso.authorize(thief.get("/login/oidc").location)
    for client, address in (
        (browser(app), back),
        (victim, other),
        (victim, "/login/oidc/back"),
        (thief, back),
    ):
        answer = client.get(address)
        assert answer.status_code == 422
        assert "begun in another window" in answer.text
    crossed = other.replace(other.split("state=")[1].split("&")[0], back.split("state=")[1].split("&")[0])
    assert "did not log you in" in victim.get(crossed).text, "the code was for another verifier"
    kept = victim.get_cookie("portal_login", path="/login/oidc")
    assert kept is not None
    assert victim.get(back).status_code == 303
    victim.set_cookie("portal_login", kept.value, path="/login/oidc")
    assert "did not log you in" in victim.get(back).text, "a code is good once"
    again = sso.authorize(victim.get("/login/oidc").location)
    elsewhere = again.replace("iss=http", "iss=https")
    assert "cannot be trusted" in victim.get(elsewhere).text, "the answer of another service"
    refused = again.replace("code=", "error=access_denied&was=")
    assert "did not log you in" in victim.get(refused).text


def test_a_new_key_is_asked_for_and_a_false_one_is_not_taken(app: Flask, sso: Provider) -> None:
    assert come_back(browser(app), sso).status_code == 303
    assert come_back(browser(app), sso).status_code == 303
    assert sso.asked.count("/keys") == 1, "kept while it fits"
    sso.key = ECKey.generate_key("P-256", {"kid": "second"})
    assert come_back(browser(app), sso).status_code == 303
    assert sso.asked.count("/keys") == 2
    published, sso.key = sso.key, ECKey.generate_key("P-256", {"kid": "second"})
    signed = sso.signed
    sso.signed = lambda claims: signed_by(sso, published, signed, claims)  # type: ignore[method-assign]  # it cheats
    assert "cannot be trusted" in come_back(browser(app), sso).text


def signed_by(sso: Provider, published: ECKey, signed: Any, claims: dict[str, Any]) -> Any:
    """Signed by the key that is there, while another one of the same name is published."""
    token = signed(claims)
    sso.key = published
    return token


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ({"issuer": "https://elsewhere.example"}, 422),
        ({"authorization_endpoint": "http://id.example.com/authorize"}, 422),
        ({"authorization_endpoint": "javascript:alert(1)"}, 422),
        ({"much": "x" * 600_000}, 503),
    ],
)
def test_a_service_that_tells_odd_things_of_itself_is_not_followed(
    app: Flask, sso: Provider, metadata: dict[str, Any], code: int
) -> None:
    sso.metadata = metadata
    assert browser(app).get("/login/oidc").status_code == code


def test_a_service_that_is_away_is_told_and_passwords_go_on(app: Flask, sso: Provider) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], oidc_issuer="http://127.0.0.1:1")
    answer = browser(app).get("/login/oidc")
    assert answer.status_code == 503
    assert "The login service does not answer" in answer.text
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 303
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], oidc_issuer="")
    for place in ("", "/back", "/out"):
        assert browser(app).get(f"/login/oidc{place}").status_code == 404


def test_the_services_own_second_factor_counts(app: Flask, sso: Provider) -> None:
    """Whom it lets in is asked for no code and led to no setting up; a password of the same role's is."""
    client = browser(app)
    come_back(client, sso)
    required(app, "desk")
    assert client.get("/complaints/").status_code == 200
    page = text_of(client.get("/account/second-factor"))
    assert "before you go on" not in page
    assert "asks for its own second factor" in page
    assert log_in(app, "desk1", factories.PASSWORD)[0].get("/complaints/").status_code == 303
    enrolled(app, "chen.jie")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo="0")
    again = browser(app)
    assert come_back(again, sso).location == "/"
    assert again.get("/complaints/").status_code == 200
    assert told(app, "chen.jie") == ["account:new_browser"]
    assert again.get("/account").text.count("Log out there") == 1, "both sessions are listed"


def test_an_unknown_login_is_joined_by_a_link_once(app: Flask, sso: Provider) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], oidc_provision=False, oidc_roles="")
    assert "the portal has no account that is yours" in come_back(browser(app), sso).text
    with app.app_context(), db.write():
        key = identities.invite(accounts.find("desk1"), by=factories.id_of(app, "office1"), now=clock.now())
        older, key = key, identities.invite(accounts.find("desk1"), by=1, now=clock.now())
    assert "has been used or has expired" in browser(app).get(f"/login/oidc?link={older}").text
    late = browser(app)
    late_back = sso.authorize(late.get(f"/login/oidc?link={key}").location)
    client = browser(app)
    assert come_back(client, sso, f"/login/oidc?link={key}").status_code == 303
    assert "desk1" in client.get("/account").text
    assert "has been used or has expired" in late.get(late_back).text, "begun before it was used up"
    assert come_back(browser(app), sso).status_code == 303, "known by its subject from then on"
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 422, (
        "the password kept here opens no more"
    )
    with app.app_context(), db.write():
        key = identities.invite(accounts.find("desk2"), by=1, now=clock.now())
    assert "belongs to another account" in come_back(browser(app), sso, f"/login/oidc?link={key}").text
    with app.app_context():
        assert identities.find(Known.OIDC, CHEN["sub"], sso.url) is not None
    factories.change_person(app, "desk1", status=Status.DISABLED)
    assert "is locked" in come_back(browser(app), sso).text
