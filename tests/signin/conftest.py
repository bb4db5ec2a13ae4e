"""A directory for the run, filled anew for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Settings
from portal.signin import directory
from tests import throwaway_slapd
from tests.client import CarefulClient
from tests.throwaway_slapd import BASE, Slapd


@pytest.fixture(scope="session")
def slapd() -> Iterator[Slapd]:
    """A private OpenLDAP server."""
    yield from throwaway_slapd.for_tests()


@pytest.fixture
def company(slapd: Slapd, monkeypatch: pytest.MonkeyPatch) -> Slapd:
    """The directory with Wang (office, technology), Li (desk, administration) and Zhao (no group)."""
    monkeypatch.setattr(directory, "_asleep", {})
    slapd.fill(
        {
            "": {"objectClass": ["dcObject", "organization"], "dc": "example", "o": "示例公司"},
            "ou=people": {"objectClass": "organizationalUnit"},
            **dict(
                map(somebody, ("wang", "li", "zhao"), ("王伟", "李娜", "赵敏"), ("研发部", "admin", "tech"))
            ),
            "cn=office": {"objectClass": "groupOfNames", "member": f"uid=wang,ou=people,{BASE}"},
            "cn=desk": {"objectClass": "groupOfNames", "member": f"uid=li,ou=people,{BASE}"},
        }
    )
    return slapd


def somebody(uid: str, name: str, department: str) -> tuple[str, dict[str, str | list[str]]]:
    """An entry of the directory; the password is `secret of <uid>`."""
    return f"uid={uid},ou=people", {
        "objectClass": "inetOrgPerson",
        "sn": name[0],
        "cn": name,
        "mail": f"{uid}@example.com",
        "departmentNumber": department,
        "userPassword": f"secret of {uid}",
    }


def settings_of(slapd: Slapd, kept: Settings, **chosen: object) -> Settings:
    """These settings with the directory, over LDAPS; roles from groups, and accounts made by it."""
    usual: dict[str, object] = {
        "ldap_url": f"ldaps://localhost:{slapd.tls_port}",
        "ldap_ca_file": str(slapd.authority),
        "ldap_base": BASE,
        "ldap_user_filter": "(uid={username})",
        "ldap_roles": f"office=cn=office, {BASE.upper()}; desk=cn=desk,{BASE}",
        "ldap_departments": "tech=研发部",
        "ldap_provision": True,
    }
    made = replace(kept, **(usual | chosen))  # type: ignore[arg-type]  # each test names fields that there are
    made.check()
    return made


def asks(app: Flask, slapd: Slapd, **chosen: object) -> None:
    """The application asks that directory from now on."""
    app.config["SETTINGS"] = settings_of(slapd, app.config["SETTINGS"], **chosen)


def log_in(app: Flask, username: str, password: str, **more: Any) -> tuple[CarefulClient, TestResponse]:
    """A new browser, and what the login answered."""
    client = app.test_client()
    assert isinstance(client, CarefulClient)
    client.get("/login")
    return client, client.send("/login", username=username, password=password, **more)
