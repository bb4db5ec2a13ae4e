"""What the office does about a person's logins elsewhere: link, invite, unlink, and whether the password here counts."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.office.area import bp
from portal.blueprints.office.people import queries
from portal.config import Settings
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _
from portal.kernel import clock, identities, sessions
from portal.kernel.db import db
from portal.kernel.identities import Identity, Provider
from portal.kernel.people import Person
from portal.kernel.rights import May
from portal.signin import step
from portal.signin.directory import Directory


def drawn(person: Person) -> dict[str, Any]:
    """What the page of a person shows of logins elsewhere; one statement."""
    settings = _settings()
    known = identities.of(person.id)
    asked, there = step.configured(settings), {one.provider for one in known}
    return {
        "identities": known,
        "asked": asked,
        "service": settings.oidc_label,
        "can_link": Provider.LDAP in asked - there,
        "can_invite": Provider.OIDC in asked - there,
    }


@bp.post("/people/<int:person_id>/link-directory")
@needs(May.MANAGE_OFFICE)
def link_directory(person_id: int) -> Response:
    """This person is who the directory knows by the same user name; from now on its password counts."""
    settings, found = _settings(), queries.find(person_id)
    if not settings.ldap_url:
        abort(404)
    username = found.username
    db.session.rollback()  # nobody should wait for this reader
    entry = Directory(settings).find(username)
    if entry is None:
        return _not_linked(person_id, _("The directory has nobody of the user name %(name)s.", name=username))
    try:
        with db.write():
            person = queries.find(person_id)
            step.linked(person, entry, Provider.LDAP, settings, by=me().id, now=clock.now())
    except step.Barred:
        return _not_linked(person_id, _("Somebody is linked with that entry of the directory already."))
    return _back(person_id, _("Linked with %(name)s of the directory.", name=entry.name or username))


@bp.post("/people/<int:person_id>/invite")
@needs(May.MANAGE_OFFICE)
def invite_person(person_id: int) -> Response:
    """A link, shown once, by which the person joins their login at the login service to this account."""
    settings = _settings()
    if not settings.oidc_issuer:
        abort(404)
    with db.write():
        found = queries.find(person_id)
        key = identities.invite(found, by=me().id, now=clock.now())
    address = settings.base_url.rstrip("/") + f"/login/oidc?link={key}"
    return make_response(
        render_template(
            "office/people/invitation.html", person=found, address=address, service=settings.oidc_label
        )
    )


@bp.post("/people/<int:person_id>/identities/<int:identity_id>/unlink")
@needs(May.MANAGE_OFFICE)
def unlink_identity(person_id: int, identity_id: int) -> Response:
    """The login elsewhere opens this account no more; what was opened by it ends."""
    with db.write():
        identities.unlink(_identity(person_id, identity_id), by=me().id, now=clock.now())
        sessions.end_all_of(person_id)
    return _back(person_id, _("No longer linked. A one-time password lets this person in."))


@bp.post("/people/<int:person_id>/identities/<int:identity_id>/keep-password")
@needs(May.MANAGE_OFFICE)
def keep_password(person_id: int, identity_id: int) -> Response:
    """The password kept here counts as well: for those who must get in when the other side is away."""
    with db.write():
        identities.keep_password(_identity(person_id, identity_id), True, by=me().id, now=clock.now())
    return _back(person_id, _("The password kept here counts as well."))


@bp.post("/people/<int:person_id>/identities/<int:identity_id>/leave-password")
@needs(May.MANAGE_OFFICE)
def leave_password(person_id: int, identity_id: int) -> Response:
    """Only the login elsewhere counts again."""
    with db.write():
        identities.keep_password(_identity(person_id, identity_id), False, by=me().id, now=clock.now())
    return _back(person_id, _("The password kept here counts no more."))


def _identity(person_id: int, identity_id: int) -> Identity:
    found = db.session.get(Identity, identity_id)
    if found is None or found.person_id != person_id:
        abort(404)
    return found


def _not_linked(person_id: int, said: str) -> Response:
    return errors.answer(409, said, back=url_for(".person", person_id=person_id))


def _back(person_id: int, said: str) -> Response:
    return gone_to(url_for(".person", person_id=person_id), said=said)


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found
