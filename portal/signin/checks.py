"""What is unsafe or unfinished in the settings of a login elsewhere; each sentence says how to mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from portal.kernel.rights import Role
from portal.signin import mapping
from portal.signin.settings import SigninSettings

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def faults(settings: SigninSettings, base_url: str) -> Iterator[str]:
    """Every reason why the portal, reached at `base_url`, must not start with these settings."""
    if settings.ldap_url:
        yield from _directory(settings)
    if settings.oidc_issuer:
        yield from _login_service(settings, base_url)


def _directory(settings: SigninSettings) -> Iterator[str]:
    yield from _directory_address(settings)
    if settings.ldap_starttls and settings.ldap_url.startswith("ldaps:"):
        yield "PORTAL_LDAP_STARTTLS=1 is for ldap://: ldaps:// is encrypted from the first byte, unset one of them"
    yield from _file("PORTAL_LDAP_CA_FILE", settings.ldap_ca_file)
    if not settings.ldap_base:
        yield "PORTAL_LDAP_BASE is not set: give the DN under which people are found, such as dc=example,dc=com"
    if bool(settings.ldap_bind_dn) != bool(settings.ldap_bind_password):
        yield "PORTAL_LDAP_BIND_DN and PORTAL_LDAP_BIND_PASSWORD go together: set both, or neither to search unnamed"
    if settings.ldap_user_filter.count("{username}") != 1:
        yield "PORTAL_LDAP_USER_FILTER must contain {username} once, such as (uid={username})"
    if settings.ldap_group_filter and "{dn}" not in settings.ldap_group_filter:
        yield "PORTAL_LDAP_GROUP_FILTER must contain {dn}, such as (member={dn})"
    yield from _rules("PORTAL_LDAP", settings.ldap_roles, settings.ldap_departments)
    if settings.ldap_provision and not settings.ldap_roles:
        yield "PORTAL_LDAP_PROVISION=1 needs PORTAL_LDAP_ROLES, which says who gets which role"


def _directory_address(settings: SigninSettings) -> Iterator[str]:
    parts = _split(settings.ldap_url)
    if parts is None or parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
        yield "PORTAL_LDAP_URL is no address of a directory: write ldaps://HOST or ldap://HOST"
    elif parts.path.strip("/") or parts.query or parts.username:
        yield "PORTAL_LDAP_URL takes scheme, host and port only: the base stands in PORTAL_LDAP_BASE"
    elif parts.scheme == "ldap" and not settings.ldap_starttls and parts.hostname not in LOOPBACK:
        yield (
            "PORTAL_LDAP_URL would send passwords in the clear: write ldaps://… or set PORTAL_LDAP_STARTTLS=1"
        )


def _login_service(settings: SigninSettings, base_url: str) -> Iterator[str]:
    if not secure(settings.oidc_issuer):
        yield "PORTAL_OIDC_ISSUER must be an https:// address (http:// only on this machine)"
    if not settings.oidc_client_id:
        yield "PORTAL_OIDC_CLIENT_ID is not set: register the portal at the login service, which gives one"
    if not base_url:
        yield "PORTAL_BASE_URL is not set: the login service sends people back to this address"
    elif not secure(base_url):
        yield "PORTAL_BASE_URL must be an https:// address for PORTAL_OIDC_ISSUER (http:// only on this machine)"
    if "openid" not in settings.oidc_scopes.split():
        yield "PORTAL_OIDC_SCOPES must contain openid"
    yield from _file("PORTAL_OIDC_CA_FILE", settings.oidc_ca_file)
    yield from _rules("PORTAL_OIDC", settings.oidc_roles, settings.oidc_departments)
    if settings.oidc_provision and not settings.oidc_roles:
        yield "PORTAL_OIDC_PROVISION=1 needs PORTAL_OIDC_ROLES, which says who gets which role"


def secure(address: str) -> bool:
    """True when nobody on the way can read what is sent there: https, or this very machine."""
    parts = _split(address)
    if parts is None or not parts.hostname or parts.username is not None:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _file(name: str, path: str) -> Iterator[str]:
    if path and not Path(path).is_file():
        yield f"{name}={path} is no file that can be read"


def _rules(prefix: str, roles: str, departments: str) -> Iterator[str]:
    for name, written, kinds in (
        ("ROLES", roles, tuple(str(role) for role in Role)),
        ("DEPARTMENTS", departments, ()),
    ):
        try:
            mapping.rules(written, kinds)
        except ValueError as error:
            yield f"{prefix}_{name} cannot be used: {error}"
