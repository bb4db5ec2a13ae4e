"""/office/people/: the list, one person, and what can be done to an account."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office.area import bp
from portal.blueprints.office.audit.queries import lines_of
from portal.blueprints.office.people import access, actions, elsewhere, queries
from portal.blueprints.office.people.forms import NewPersonForm, PersonForm, departments
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import accounts, clock, sessions
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import May
from portal.signin import passwords


@bp.get("/people/")
@needs(May.MANAGE_OFFICE)
def people() -> str:
    """Everybody, found by name, pinyin or user name."""
    asked = queries.PeopleList.asked_for(request.args)
    rows, more = asked.page()
    older = f"{url_for('.people')}?{more}" if more else None
    return render_template(
        "office/people/index.html",
        rows=rows,
        older=older,
        asked=asked,
        departments=departments(),
        shut_out=sessions.shut_out(clock.now()),
    )


@bp.route("/people/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_person() -> Response | str:
    """Add somebody; the first password is shown once and must be changed."""
    if request.method == "GET":
        return render_template("office/people/new.html", form=NewPersonForm.blank())
    form = NewPersonForm.of_request()
    if not form.validate():
        return make_response(render_template("office/people/new.html", form=form), 422)
    password = accounts.one_time_password()
    hashed = sessions.hash_password(password)
    fields = {name: value for name, value in form.data.items() if name not in {"version", "username"}}
    with db.write():
        person = accounts.create(form.username.data, hashed=hashed, by=me().id, now=clock.now(), **fields)
    return _shown_once(person, password)


@bp.get("/people/<int:person_id>")
@needs(May.MANAGE_OFFICE)
def person(person_id: int) -> str:
    """One person: the record to change, what can be done, what was done."""
    return render_template("office/people/show.html", **_page(queries.find(person_id)))


@bp.post("/people/<int:person_id>/edit")
@needs(May.MANAGE_OFFICE)
def edit_person(person_id: int) -> Response:
    """Change the record; a stale edit shows both versions (409)."""
    form = PersonForm.of_request()
    before = queries.find(person_id)
    if not form.validate():
        drawn = render_template("office/people/show.html", **_page(before, form=form))
        return make_response(drawn, 422)
    with db.write():
        stored = queries.find(person_id)
        stale = form.version.stale(stored.version)
        if not stale:
            fields = {name: form.data[name] for name in actions.EDITABLE}
            actions.edit(stored, by=me().id, now=clock.now(), **fields)
    if stale:
        rows = _both_versions(form, stored)
        form.version.process_data(stored.version)
        drawn = render_template("office/people/show.html", **_page(stored, form=form, rows=rows))
        return make_response(drawn, 409)
    return gone_to(
        url_for(".person", person_id=person_id),
        said=_("The record of %(name)s is changed.", name=name_of(person_id)),
    )


def _page(person: Person, form: PersonForm | None = None, rows: list[Any] | None = None) -> dict[str, Any]:
    stored = {name: getattr(person, name) for name in actions.EDITABLE}
    return {
        "person": person,
        "form": form or PersonForm.blank(**stored, version=person.version),
        "rows": rows,
        "lines": lines_of(person, me()),
        **access.of_person(person, clock.now()),
        **elsewhere.drawn(person),
    }


def _both_versions(form: PersonForm, stored: Person) -> list[tuple[str, str, str]]:
    """What was typed beside what is stored now, where they differ."""
    rows = []
    for name in actions.EDITABLE:
        typed, kept = form[name].data, getattr(stored, name)
        if typed != kept:
            rows.append((form[name].label.text, label(typed), label(kept)))
    return rows


@bp.post("/people/<int:person_id>/disable")
@needs(May.MANAGE_OFFICE)
def disable_person(person_id: int) -> Response:
    """Lock somebody out; their sessions end at once."""
    return _set_status(person_id, Status.DISABLED, _("%(name)s can no longer log in."))


@bp.post("/people/<int:person_id>/enable")
@needs(May.MANAGE_OFFICE)
def enable_person(person_id: int) -> Response:
    """Let somebody in again."""
    return _set_status(person_id, Status.ACTIVE, _("%(name)s can log in again."))


def _set_status(person_id: int, status: Status, said: str) -> Response:
    with db.write():
        found = queries.find(person_id)
        actions.set_status(found, status, by=me().id, now=clock.now())
    return gone_to(url_for(".person", person_id=person_id), said=said % {"name": name_of(person_id)})


@bp.post("/people/<int:person_id>/reset-password")
@needs(May.MANAGE_OFFICE)
def reset_password(person_id: int) -> Response:
    """A one-time password, shown once; the old one and every session end."""
    queries.find(person_id)
    password = accounts.one_time_password()
    hashed = sessions.hash_password(password)
    with db.write():
        found = queries.find(person_id)
        accounts.set_password(found, hashed, must_change=True, by=me().id, now=clock.now())
    return _shown_once(found, password)


def _shown_once(person: Person, password: str) -> Response:
    found = passwords.account(person.username)
    opens = found is None or found.here
    drawn = render_template("office/people/password.html", person=person, password=password, opens=opens)
    return make_response(drawn)
