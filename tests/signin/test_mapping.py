"""What a provider's answer means here, and which settings are refused; pure."""

from __future__ import annotations

import pytest

from portal.config import BadSetting, Settings
from portal.kernel.rights import Role
from portal.signin import mapping
from portal.signin.mapping import Entry, Mapping

RULES = Mapping(
    mapping.rules("office=CN=Office, DC=example; lead=leads", tuple(Role)),
    mapping.rules("tech=研发部; admin=cn=adm,dc=x"),
)
CODES = ("tech", "admin", "impl")


@pytest.mark.parametrize(
    ("groups", "departments", "role", "department"),
    [
        (("cn=office,dc=example",), ("研发部",), Role.OFFICE, "tech"),
        (
            ("leads", "cn=office,dc=EXAMPLE"),
            ("impl",),
            Role.OFFICE,
            "impl",
        ),  # the first rule, not the first group
        (("Leads", "cn=adm, dc=x"), (), Role.LEAD, "admin"),
        (("cn=office",), ("ghosts",), None, None),
        (("office",), (), None, None),  # the portal's own word opens nothing
        ((), (), None, None),
    ],
)
def test_groups_are_roles_and_departments_codes(
    groups: tuple[str, ...], departments: tuple[str, ...], role: Role | None, department: str | None
) -> None:
    entry = Entry("1", "wang", "王伟", departments=departments, groups=groups)
    assert (RULES.role_of(entry), RULES.department_of(entry, CODES)) == (role, department)


def test_what_cannot_be_stored_is_left_out() -> None:
    entry = Entry("1", "wang", "王\0伟" + "x" * 200, mail="no mail", groups=("leads",), departments=("impl",))
    told = mapping.wanted(entry, RULES, CODES)
    assert told.fields == {"name": ("王 伟" + "x" * 200)[:80], "role": Role.LEAD, "department": "impl"}
    assert mapping.wanted(entry, Mapping(), CODES).fields.keys() == {"name", "department"}, "roles stay ours"
    assert [mapping.username_of(Entry("1", name, "")) for name in ("Wang.W", "w", "a b", "wang@x", "王伟")] == [
        "wang.w", "", "", "", "",
    ]  # fmt: skip
    assert [mapping.texts(given) for given in ("a", ["a", 1, ""], {"a": "b"}, None)] == [
        ("a",),
        ("a",),
        (),
        (),
    ]


LDAP = {"PORTAL_LDAP_URL": "ldaps://ldap.example.com", "PORTAL_LDAP_BASE": "dc=example"}
OIDC = {
    "PORTAL_OIDC_ISSUER": "https://id.example.com",
    "PORTAL_OIDC_CLIENT_ID": "portal",
    "PORTAL_BASE_URL": "https://portal.example.com",
}


@pytest.mark.parametrize(
    ("kin", "given", "named"),
    [
        (LDAP, {"URL": "ldap://ldap.example.com"}, "in the clear"),
        (LDAP, {"URL": "http://ldap.example.com"}, "ldaps://HOST"),
        (LDAP, {"URL": "ldaps://ldap.example.com/dc=x"}, "PORTAL_LDAP_BASE"),
        (LDAP, {"URL": "ldaps://ldap.example.com:port"}, "no address"),
        (LDAP, {"STARTTLS": "1"}, "STARTTLS"),
        (LDAP, {"CA_FILE": "/nowhere/ca.pem"}, "CA_FILE"),
        (LDAP, {"BASE": ""}, "PORTAL_LDAP_BASE"),
        (LDAP, {"BIND_DN": "cn=portal"}, "BIND_PASSWORD"),
        (LDAP, {"USER_FILTER": "(uid=wang)"}, "{username}"),
        (LDAP, {"GROUP_FILTER": "(member=x)"}, "{dn}"),
        (LDAP, {"ROLES": "king=cn=kings"}, "'king' is none of"),
        (LDAP, {"ROLES": "office"}, "HERE=THERE"),
        (LDAP, {"PROVISION": "1"}, "PORTAL_LDAP_ROLES"),
        (OIDC, {"ISSUER": "http://id.example.com"}, "https://"),
        (OIDC, {"ISSUER": "https://user:word@id.example.com"}, "https://"),
        (OIDC, {"CLIENT_ID": ""}, "CLIENT_ID"),
        (OIDC, {"SCOPES": "profile"}, "openid"),
        (OIDC, {"PROVISION": "1"}, "PORTAL_OIDC_ROLES"),
        (OIDC, {"CA_FILE": "/nowhere/ca.pem"}, "PORTAL_OIDC_CA_FILE"),
        (OIDC, {"ROLES": "king=kings"}, "PORTAL_OIDC_ROLES .*'king' is none of"),
        (OIDC | {"PORTAL_BASE_URL": ""}, {}, "PORTAL_BASE_URL is not set"),
        (OIDC | {"PORTAL_BASE_URL": "http://portal.example.com"}, {}, "PORTAL_BASE_URL"),
        (
            OIDC | {"PORTAL_BASE_URL": "http://portal.example.com", "PORTAL_DEMO": "1"},
            {},
            "for PORTAL_OIDC_ISSUER",
        ),
    ],
)
def test_unsafe_settings_are_refused_with_what_to_do(
    kin: dict[str, str], given: dict[str, str], named: str
) -> None:
    prefix = "PORTAL_LDAP_" if kin is LDAP else "PORTAL_OIDC_"
    Settings.from_env(LDAP)
    Settings.from_env(OIDC)
    with pytest.raises(BadSetting, match=named):
        Settings.from_env(kin | {prefix + name: text for name, text in given.items()})
