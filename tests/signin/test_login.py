"""Logging in by the directory: whom it lets in, as whom, and what stays when it is away."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import accounts, clock, history, identities, sessions
from portal.kernel.db import db
from portal.kernel.identities import Identity, Provider
from portal.kernel.people import Person, Status
from portal.signin.directory import Directory
from tests import factories
from tests.account.test_second_factor import required, told
from tests.signin.conftest import asks, log_in, somebody
from tests.throwaway_slapd import BASE, Slapd

UNKNOWN = "The user name or the password is not correct."


def person(app: Flask, username: str) -> Person | None:
    with app.app_context():
        return db.session.scalars(sa.select(Person).where(Person.username == username)).one_or_none()


def link(app: Flask, username: str, *, local: bool = False) -> None:
    """Join an account of that user name to the entry of that user name."""
    with app.app_context():
        entry = Directory(app.config["SETTINGS"]).find(username)
        assert entry is not None
        with db.write():
            found = accounts.find(username)
            identity = identities.link(found, Provider.LDAP, entry.subject, by=None, now=clock.now())
            identity.local = local


def events(app: Flask, username: str) -> list[tuple[str, Any]]:
    """What the history says of somebody, oldest first."""
    with app.app_context():
        lines = history.events(accounts.find(username))
        return [(line.event, line.details) for line in reversed(lines)]


def test_the_first_login_makes_the_person_with_the_role_of_the_group(any_app: Flask, company: Slapd) -> None:
    asks(any_app, company)
    client, answer = log_in(any_app, "Wang", "secret of wang", next="/handbook/")
    assert (answer.status_code, answer.location) == (303, "/handbook/")
    made = person(any_app, "wang")
    assert made is not None
    assert (made.name, made.email, made.role, made.department) == (
        "王伟",
        "wang@example.com",
        "office",
        "tech",
    )
    assert (made.password, made.must_change) == ("", False)
    page = client.get("/account").text
    assert "Change it where your company keeps it" in page
    assert client.get("/account/password").status_code == 409
    told = [event for event, _ in events(any_app, "wang")]
    assert told == ["person:create", "person:linked", "person:logged_in"]
    assert events(any_app, "wang")[-1][1]["via"] == "ldap"
    assert log_in(any_app, "wang", "secret of wang")[1].status_code == 303, "known from then on"
    assert log_in(any_app, "wang", "")[1].status_code == 422
    assert log_in(any_app, "wang", "secret of li")[1].status_code == 422


@pytest.mark.parametrize(
    ("username", "chosen", "said"),
    [
        ("zhao", {}, "None of your groups has a role"),
        ("wang", {"ldap_departments": ""}, "Your department is not known"),
        ("wang", {"ldap_provision": False}, "the portal has no account that is yours"),
        ("li", {"ldap_user_filter": "(|(uid={username})(sn=王))"}, UNKNOWN),  # two fit: nobody is meant
    ],
)
def test_whom_the_portal_does_not_take_is_told_why(
    app: Flask, company: Slapd, username: str, chosen: dict[str, object], said: str
) -> None:
    asks(app, company, **chosen)
    _, answer = log_in(app, username, f"secret of {username}")
    assert answer.status_code == 422
    assert said in answer.text
    assert person(app, username) is None


def test_a_local_account_is_nobodys_of_the_same_name(app: Flask, company: Slapd) -> None:
    """Whoever the directory calls office1 is not our office1 until the general office says so."""
    company.fill_more(dict([somebody("office1", "别人", "tech")]))
    asks(app, company)
    assert log_in(app, "office1", "secret of office1")[1].status_code == 422
    assert log_in(app, "office1", factories.PASSWORD)[1].status_code == 303
    link(app, "office1", local=False)
    assert UNKNOWN in log_in(app, "office1", factories.PASSWORD)[1].text, (
        "the password kept here opens no more"
    )


def test_one_whom_the_office_marked_gets_in_by_either_and_while_the_directory_is_away(
    app: Flask, company: Slapd
) -> None:
    company.fill_more(dict([somebody("office1", "方雅琴", "office")]))
    asks(app, company, ldap_roles="", ldap_provision=False)
    link(app, "office1", local=True)
    assert log_in(app, "office1", "secret of office1")[1].status_code == 303
    away = replace(app.config["SETTINGS"], ldap_url="ldaps://localhost:1")
    app.config["SETTINGS"] = away
    assert log_in(app, "office1", factories.PASSWORD)[1].status_code == 303
    assert log_in(app, "desk1", factories.PASSWORD)[1].status_code == 303, "local accounts ask nobody"
    answer = log_in(app, "wang", "secret of wang")[1]
    assert answer.status_code == 503
    assert "directory does not answer" in answer.text
    assert "aria-invalid" not in answer.text, "nothing that is typed is wrong"
    assert "aria-invalid" in log_in(app, "desk1", "wrong")[1].text


def test_each_login_brings_the_record_in_step_and_new_rights_end_the_other_sessions(
    app: Flask, company: Slapd
) -> None:
    asks(app, company)
    before, _ = log_in(app, "li", "secret of li")
    with company.admin() as connection:
        dn = f"uid=li,ou=people,{BASE}"
        connection.modify(f"cn=office,{BASE}", {"member": [("MODIFY_ADD", [dn])]})
        connection.modify(dn, {"cn": [("MODIFY_REPLACE", ["李小娜"])], "mail": [("MODIFY_DELETE", [])]})
        connection.modify(dn, {"departmentNumber": [("MODIFY_REPLACE", ["no such"])]})
        connection.modify_dn(dn, "uid=li.na")
    after, answer = log_in(app, "li.na", "secret of li")
    assert answer.status_code == 303
    found = person(app, "li.na")
    assert found is not None
    assert (found.name, found.role, found.department) == ("李小娜", "office", "admin")
    assert found.email == "li@example.com", "what the directory does not tell stays"
    assert person(app, "li") is None
    event, details = events(app, "li.na")[-2]
    assert event == "person:edit"
    assert {"username", "name", "role"} <= set(details["fields"])
    assert before.get("/account").status_code == 302, "other rights end the older sessions"
    assert after.get("/account").status_code == 200


@pytest.mark.clause("GO-05")
def test_the_last_of_the_general_office_keeps_the_role(app: Flask, company: Slapd) -> None:
    asks(app, company)
    log_in(app, "wang", "secret of wang")
    factories.change_person(app, "office1", status=Status.DISABLED)
    factories.change_person(app, "office2", status=Status.DISABLED)
    asks(app, company, ldap_roles=f"employee=cn=office,{BASE}")
    assert log_in(app, "wang", "secret of wang")[1].status_code == 303
    found = person(app, "wang")
    assert found is not None
    assert found.role == "office"
    factories.change_person(app, "office2", status=Status.ACTIVE)
    log_in(app, "wang", "secret of wang")
    assert person(app, "wang").role == "employee"  # type: ignore[union-attr]  # looked at above


def test_who_lost_every_group_or_was_locked_out_here_stays_out(app: Flask, company: Slapd) -> None:
    asks(app, company)
    log_in(app, "li", "secret of li")
    asks(app, company, ldap_roles=f"office=cn=office,{BASE}")
    assert "None of your groups" in log_in(app, "li", "secret of li")[1].text
    asks(app, company)
    factories.change_person(app, "li", status=Status.DISABLED)
    assert log_in(app, "li", "secret of li")[1].status_code == 422


def test_wrong_passwords_of_the_directory_are_counted_as_ours_are(app: Flask, company: Slapd) -> None:
    asks(app, company)
    log_in(app, "li", "secret of li")
    codes = [log_in(app, "li", "wrong")[1].status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert log_in(app, "li", "secret of li")[1].status_code == 429


def test_a_code_is_asked_for_after_the_directorys_password_too(app: Flask, company: Slapd) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], demo="0", now="")
    asks(app, company)
    client, _ = log_in(app, "li", "secret of li")
    required(app, "desk")
    assert client.get("/complaints/").location == "/account/second-factor", (
        "led to it, as with a local password"
    )
    page = client.get("/account/second-factor").text
    secret = re.sub(r"\s", "", re.findall(r"<code[^>]*>([^<]+)</code>", page)[0])
    sealed = unescape(re.findall(r'name="sealed"[^>]*value="([^"]+)"', page)[0])
    with app.app_context():
        code = pyotp.TOTP(secret).at(clock.now())
    fields: dict[str, Any] = {"code": code, "sealed": sealed}
    wrong = client.send("/account/second-factor/on", password="wrong", **fields)
    assert wrong.status_code == 422, "the directory is asked for the password"
    shown = client.send("/account/second-factor/on", password="secret of li", **fields)
    recovery = re.findall(r"<li><code>([a-z2-7-]{29})</code>", shown.text)
    other, answer = log_in(app, "li", "secret of li")
    assert answer.location == "/login/code"
    assert other.get("/account").status_code == 302
    assert other.send("/login/code", code=recovery[0]).status_code == 303
    assert other.get("/account").status_code == 200
    event, details = events(app, "li")[-1]
    assert (event, details["via"]) == ("person:logged_in", "ldap")
    assert told(app, "li") == ["account:new_browser"]


def test_a_signature_is_by_the_directorys_password_too(app: Flask, company: Slapd) -> None:
    asks(app, company)
    log_in(app, "li", "secret of li")
    made = person(app, "li")
    assert made is not None
    with app.app_context():
        signed = [
            accounts.confirmed(made.id, word, "", clock.now()) for word in ("secret of li", "wrong", "")
        ]
        assert signed == [True, False, False]
        assert sessions.throttled("li", "", clock.now()) is False


def test_without_a_directory_nothing_is_asked_and_a_kept_password_opens(app: Flask, company: Slapd) -> None:
    company.fill_more(dict([somebody("office1", "方雅琴", "office")]))
    asks(app, company)
    link(app, "office1")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], ldap_url="", ldap_provision=False)
    assert log_in(app, "office1", factories.PASSWORD)[1].status_code == 303
    assert log_in(app, "wang", "secret of wang")[1].status_code == 422


def test_a_subject_is_one_person_and_a_person_one_subject(any_app: Flask) -> None:
    with any_app.app_context():
        now = clock.now()
        with db.write():
            identities.link(accounts.find("desk1"), Provider.OIDC, "a", "https://one", by=None, now=now)
            identities.link(accounts.find("desk2"), Provider.OIDC, "a", "https://two", by=None, now=now)
            identities.link(accounts.find("desk1"), Provider.LDAP, "a", by=None, now=now)
        for username, realm in (("desk1", "https://three"), ("emp.tech", "https://one")):
            with pytest.raises(identities.Taken), db.write():
                identities.link(accounts.find(username), Provider.OIDC, "a", realm, by=None, now=now)
        for person_id, realm in ((1, "https://three"), (4, "https://one")):
            row = Identity(
                person_id=person_id, provider=Provider.OIDC, realm=realm, subject="a", created_at=now
            )
            with pytest.raises(sa.exc.IntegrityError), db.write():
                db.session.add(row)  # written with the commit


def test_the_login_page_says_whose_password_is_meant(app: Flask, company: Slapd) -> None:
    hint = "password of your company&#39;s computers"
    assert hint not in app.test_client().get("/login", headers={"Accept-Language": "en"}).text
    asks(app, company)
    assert hint in app.test_client().get("/login", headers={"Accept-Language": "en"}).text
