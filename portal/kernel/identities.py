"""Who a person is elsewhere: in the company's directory (LDAP) or at its login service (OpenID Connect).

Nobody is matched by name or mail: `subject` is what the provider never gives to anybody else, `realm` who gave it.
"""

from __future__ import annotations

import enum
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import history
from portal.kernel.db import Model, UTCDateTime, db, short
from portal.kernel.people import Person, Status
from portal.kernel.sessions import digest

INVITED_FOR = timedelta(hours=24)


class Provider(enum.StrEnum):
    """Where somebody can be known beside the portal."""

    LDAP = "ldap"
    OIDC = "oidc"


class Identity(Model):
    """One person as one provider knows them; each is known once on either side."""

    __tablename__ = "identities"
    __table_args__ = (
        sa.UniqueConstraint("provider", "realm", "subject"),
        sa.UniqueConstraint("person_id", "provider"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    provider: Mapped[Provider] = mapped_column(short(Provider))
    realm: Mapped[str] = mapped_column(sa.String(255), default="")  # the issuer; one directory has no name
    subject: Mapped[str] = mapped_column(sa.String(255))
    local: Mapped[bool] = mapped_column(default=False)  # the password kept here opens the portal as well
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last login by it
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # since when the directory has it no more


class Invitation(Model):
    """A link, good once and for a day, by which a person says who they are at the login service."""

    __tablename__ = "identity_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column("key_digest", sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)  # a new one replaces it
    until: Mapped[datetime] = mapped_column(UTCDateTime)


class Taken(Exception):
    """The person is known there already, or somebody else is."""


def of(person_id: int) -> list[Identity]:
    """Everywhere a person is known, in one statement."""
    ours = sa.select(Identity).where(Identity.person_id == person_id)
    return list(db.session.scalars(ours.order_by(Identity.provider)))


def find(provider: Provider, subject: str, realm: str = "") -> Identity | None:
    """Whom a provider means by `subject`."""
    meant = sa.select(Identity).where(
        Identity.provider == provider, Identity.realm == realm, Identity.subject == subject
    )
    return db.session.scalars(meant).one_or_none()


def every(provider: Provider) -> list[tuple[Identity, Person]]:
    """Everybody whom a provider knows, by user name."""
    rows = sa.select(Identity, Person).join(Person, Person.id == Identity.person_id)
    found = db.session.execute(rows.where(Identity.provider == provider).order_by(Person.username))
    return [(identity, person) for identity, person in found]


def link(
    person: Person, provider: Provider, subject: str, realm: str = "", *, by: int | None, now: datetime
) -> Identity:
    """From now on the provider's `subject` is this person; Taken when either is linked. Inside a write."""
    if find(provider, subject, realm) or any(known.provider is provider for known in of(person.id)):
        raise Taken(subject)
    identity = Identity(
        person_id=person.id, provider=provider, realm=realm, subject=subject, created_at=now, local=False
    )
    db.session.add(identity)
    history.record(person, "person:linked", by=by, now=now, provider=provider, words={"subject": subject})
    return identity


def unlink(identity: Identity, *, by: int, now: datetime) -> None:
    """The provider speaks for this person no longer. Inside a write."""
    person = db.session.get_one(Person, identity.person_id)
    db.session.delete(identity)
    told = {"subject": identity.subject}
    history.record(person, "person:unlinked", by=by, now=now, provider=identity.provider, words=told)


def keep_password(identity: Identity, local: bool, *, by: int, now: datetime) -> None:
    """Whether the password kept here opens the portal beside the provider. Inside a write."""
    if identity.local == local:
        return
    identity.local = local
    person = db.session.get_one(Person, identity.person_id)
    event = "person:password_kept" if local else "person:password_left"
    history.record(person, event, by=by, now=now, provider=identity.provider)


# -- the link that joins a person to a login of theirs -------------------------------------------------------------


def invite(person: Person, *, by: int, now: datetime) -> str:
    """A new link's key, which can be told only now; an older link of the person ends. Inside a write."""
    key = secrets.token_urlsafe(32)
    db.session.execute(sa.delete(Invitation).where(Invitation.person_id == person.id))
    db.session.add(Invitation(key=digest(key), person_id=person.id, until=now + INVITED_FOR))
    history.record(person, "person:invited", by=by, now=now)
    return key


def invited(key: str, now: datetime) -> Person | None:
    """Who may still use a link of that key."""
    open_ = sa.select(Person).join(Invitation, Invitation.person_id == Person.id)
    meant = open_.where(Invitation.key == digest(key), Invitation.until > now, Person.status == Status.ACTIVE)
    return db.session.scalars(meant).one_or_none()


def redeem(key: str, now: datetime) -> Person | None:
    """Who the link is for, and the link is used up; of two at one moment the second finds none. Inside a write."""
    used = sa.delete(Invitation).where(Invitation.key == digest(key), Invitation.until > now)
    person_id = db.session.scalars(used.returning(Invitation.person_id)).one_or_none()
    person = db.session.get(Person, person_id) if person_id is not None else None
    return person if person is not None and person.status is Status.ACTIVE else None
