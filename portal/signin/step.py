"""Bringing a person in step with what a provider says of them, or making the account that it asks for."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from portal.kernel import accounts, identities, reference
from portal.kernel.db import db
from portal.kernel.identities import Identity, Provider
from portal.kernel.people import Person, Status
from portal.kernel.rights import Role
from portal.kernel.workflow import Refused
from portal.signin import mapping
from portal.signin.mapping import Entry, Mapping
from portal.signin.settings import SigninSettings

log = logging.getLogger(__name__)


class Barred(Exception):
    """Somebody who proved who they are, and yet may not come in; `code` says why: see the login's words."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def configured(settings: SigninSettings) -> frozenset[Provider]:
    """The providers that this portal asks."""
    asked = ((Provider.LDAP, settings.ldap_url), (Provider.OIDC, settings.oidc_issuer))
    return frozenset(provider for provider, address in asked if address)


def mapping_of(settings: SigninSettings, provider: Provider) -> Mapping:
    """How a provider's words are read here."""
    if provider is Provider.LDAP:
        return Mapping(mapping.rules(settings.ldap_roles), mapping.rules(settings.ldap_departments))
    return Mapping(mapping.rules(settings.oidc_roles), mapping.rules(settings.oidc_departments))


def provisions(settings: SigninSettings, provider: Provider) -> bool:
    """True when an unknown login makes an account."""
    return settings.ldap_provision if provider is Provider.LDAP else settings.oidc_provision


def realm_of(settings: SigninSettings, provider: Provider) -> str:
    """Within what a subject of this provider means one person."""
    return settings.oidc_issuer if provider is Provider.OIDC else ""


def arrived(entry: Entry, provider: Provider, settings: SigninSettings, now: datetime) -> Person:
    """The person who logged in at a provider, in step with it, made when that is allowed. Inside a write. Barred."""
    realm = realm_of(settings, provider)
    identity = identities.find(provider, entry.subject, realm)
    if identity is None:
        if not provisions(settings, provider):
            raise Barred("not_linked")
        person = make(entry, provider, settings, now)
        identity = identities.link(person, provider, entry.subject, realm, by=None, now=now)
    else:
        person = db.session.get_one(Person, identity.person_id)
        if person.status is not Status.ACTIVE:
            raise Barred("locked")
        follow(person, entry, provider, settings, now)
        # A first password that nobody can change here must not stand in the way.
        person.must_change = person.must_change and identity.local
    identity.seen_at = now
    return person


def changes(
    person: Person, entry: Entry, provider: Provider, settings: SigninSettings
) -> dict[str, str | Role]:
    """What a provider tells of somebody that their record says otherwise. Barred without a role."""
    wanted = _wanted(entry, provider, settings)
    if wanted.against == "no_role":
        raise Barred("no_role")
    fields = dict(wanted.fields)
    username = mapping.username_of(entry)
    if provider is Provider.LDAP and username and not reference.staff().by_username(username):
        fields["username"] = username  # a new name of the same person
    return {name: value for name, value in fields.items() if getattr(person, name) != value}


def follow(person: Person, entry: Entry, provider: Provider, settings: SigninSettings, now: datetime) -> None:
    """Bring name, mail, role and department in step. Inside a write. Barred without a role."""
    fields: dict[str, Any] = changes(person, entry, provider, settings)
    if not fields:
        return
    try:
        accounts.edit(person, by=None, now=now, **fields)
    except Refused:
        log.error("%s keeps the general office's role: nobody else there could log in", person.username)
        fields.pop("role")
        accounts.edit(person, by=None, now=now, **fields)


def make(entry: Entry, provider: Provider, settings: SigninSettings, now: datetime) -> Person:
    """A new account without a password of its own. Inside a write. Barred, with the reason."""
    wanted, username = _wanted(entry, provider, settings), mapping.username_of(entry)
    if wanted.against:
        raise Barred(wanted.against)
    if not username:
        raise Barred("bad_username")
    if reference.staff().by_username(username):
        raise Barred("username_taken")
    return accounts.create(
        username,
        name=str(wanted.fields["name"]),
        role=Role(wanted.fields["role"]),
        department=str(wanted.fields["department"]),
        email=str(wanted.fields.get("email", "")),
        hashed="",
        must_change=False,
        by=None,
        now=now,
    )


def linked(
    person: Person,
    entry: Entry,
    provider: Provider,
    settings: SigninSettings,
    *,
    by: int | None,
    now: datetime,
) -> Identity:
    """Join a person who has an account to what the provider knows them as. Inside a write. Barred."""
    try:
        return identities.link(person, provider, entry.subject, realm_of(settings, provider), by=by, now=now)
    except identities.Taken as error:
        raise Barred("linked_before") from error


def _wanted(entry: Entry, provider: Provider, settings: SigninSettings) -> mapping.Wanted:
    return mapping.wanted(entry, mapping_of(settings, provider), reference.staff().departments)
