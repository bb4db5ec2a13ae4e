"""Asking a real directory: encrypted, by the right certificate, in time, and for one person only."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from portal.config import Settings
from portal.kernel.accounts import Unreachable
from portal.signin import directory
from portal.signin.directory import Directory
from tests.signin.conftest import settings_of
from tests.throwaway_slapd import ADMIN, ADMIN_PASSWORD, Slapd

TRIED = [
    ("wang", "secret of wang", "王伟"),
    ("WANG", "secret of wang", "王伟"),
    ("wang", "secret of li", None),
    ("wang", "", None),
    ("", "secret of wang", None),
    ("*", "secret of wang", None),
    ("wan*", "secret of wang", None),
    ("wang)(uid=*", "secret of wang", None),
    ("*)(uid=wang", "secret of wang", None),
    ("wang\0", "secret of wang", None),
    ("nobody", "secret of wang", None),
    ("wang", "\x07 that no password has", None),
    ("wang", "x" * 10_000, None),
]


@pytest.mark.parametrize("way", ["starttls", "ldaps", "searched by an account"])
def test_one_person_by_their_own_password(company: Slapd, way: str) -> None:
    asked = settings_of(company, Settings())
    if way == "starttls":
        asked = settings_of(
            company, Settings(), ldap_url=f"ldap://localhost:{company.port}", ldap_starttls=True
        )
    if way == "searched by an account":
        asked = settings_of(company, Settings(), ldap_bind_dn=ADMIN, ldap_bind_password=ADMIN_PASSWORD)
    for username, password, name in TRIED if way == "ldaps" else TRIED[:4]:
        found = Directory(asked).check(username, password)
        assert (found.name if found else None) == name, (username, password)


def test_what_the_directory_says_of_a_person(company: Slapd) -> None:
    found = Directory(settings_of(company, Settings())).find("li")
    assert found is not None
    assert (found.username, found.mail, found.departments) == ("li", "li@example.com", ("admin",))
    assert found.groups == ("cn=desk,dc=example,dc=com",)
    assert len(found.subject) == 36
    asked = settings_of(company, Settings(), ldap_group_filter="(member={dn})", ldap_group_attribute="")
    assert Directory(asked).find("li") == found, "groups found by a search are the same"


@pytest.mark.parametrize(
    "wrong",
    [
        {"ldap_ca_file": ""},
        {"ldap_url": "ldaps://127.0.0.1:{tls_port}"},  # the certificate is made out for localhost
        {"ldap_url": "ldap://127.0.0.1:{port}", "ldap_starttls": True},
        {"ldap_url": "ldaps://localhost:{port}"},
        {"ldap_url": "ldaps://localhost:1"},
        {"ldap_bind_dn": ADMIN, "ldap_bind_password": "wrong"},
        {"ldap_base": "dc=elsewhere"},
        {"ldap_user_filter": "(uid={username}"},
    ],
)
def test_a_directory_that_cannot_be_trusted_or_read_lets_nobody_in(
    company: Slapd, wrong: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PATIENCE", 1)
    given = {
        name: value.format(port=company.port, tls_port=company.tls_port)
        if isinstance(value, str) and name == "ldap_url"
        else value
        for name, value in wrong.items()
    }
    asked = Directory(settings_of(company, Settings(), **given))
    with pytest.raises(Unreachable):
        asked.check("wang", "secret of wang")


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes every call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_silent_directory_is_waited_for_once_and_then_left_alone(
    company: Slapd, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "PATIENCE", 1)
    asked = Directory(settings_of(company, Settings(), ldap_url=f"ldaps://localhost:{silent}"))
    with pytest.raises(Unreachable):
        asked.check("wang", "secret of wang")
    with pytest.raises(Unreachable, match="a moment ago"):
        asked.check("wang", "secret of wang")


def test_a_directory_that_did_not_answer_is_tried_for_a_moment_until_it_is_back(
    company: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[int] = []
    real = Directory._connection

    def noted(self: Directory, patience: int) -> Any:
        waited.append(patience)
        return real(self, patience)

    monkeypatch.setattr(Directory, "_connection", noted)
    asked = Directory(settings_of(company, Settings()))
    directory._asleep[asked.settings.ldap_url] = 0.0  # it is over
    for _ in range(2):
        assert asked.check("wang", "secret of wang") is not None
    assert waited == [directory.AGAIN, directory.PATIENCE]


@pytest.mark.parametrize("missing", ["ldap_id_attribute", "ldap_username_attribute"])
def test_entries_of_whom_nobody_can_be_known_are_told_not_taken_for_an_exodus(
    company: Slapd, missing: str
) -> None:
    with pytest.raises(Unreachable, match="each of its 3 entries lacks"):
        Directory(settings_of(company, Settings(), **{missing: "objectGUID"})).everybody()


def test_everybody_page_by_page(company: Slapd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "PAGE", 2)
    found = Directory(settings_of(company, Settings())).everybody()
    assert [(entry.username, len(entry.groups)) for entry in found] == [("wang", 1), ("li", 1), ("zhao", 0)]


def test_an_empty_password_is_refused_before_anybody_is_asked(company: Slapd) -> None:
    nowhere = Directory(settings_of(company, Settings(), ldap_url="ldaps://localhost:1"))
    assert nowhere.check("wang", "") is None
    assert nowhere.check("", "secret of wang") is None
