"""/office/departments/, /office/positions/, /office/routing/."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.office import labels, queries
from portal.blueprints.office.area import bp
from portal.blueprints.office.structure import actions
from portal.blueprints.office.structure.forms import (
    DepartmentForm,
    NewDepartmentForm,
    RoutingForm,
    SeatForm,
)
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label, listed
from portal.kernel import clock, reference
from portal.kernel.db import db
from portal.kernel.people import Department, Holder
from portal.kernel.rights import COMPANY_WIDE, May, Position
from portal.kernel.routing import Routing


def _number_of(username: str) -> int | None:
    card = reference.staff().by_username(username)
    return card.id if card else None


def _username_of(person_id: int | None) -> str:
    cards = reference.staff().cards
    return cards[person_id].username if person_id in cards else ""


# -- departments ----------------------------------------------------------------------------------------------------


@bp.get("/departments/")
@needs(May.MANAGE_OFFICE)
def departments() -> str:
    """Every department with its people and who leads it."""
    staff = reference.staff()
    people: dict[str, int] = {}
    for card in staff.cards.values():
        people[card.department] = people.get(card.department, 0) + card.active
    rows = db.session.scalars(sa.select(Department).order_by(Department.order, Department.code)).all()
    leads = {row.code: listed(name_of(i) for i in staff.leads_of(row.code)) for row in rows}
    return render_template("office/departments/index.html", rows=rows, people=people, leads=leads)


@bp.route("/departments/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_department() -> Response | str:
    """Add a department."""
    if request.method == "GET":
        return render_template("office/departments/new.html", form=NewDepartmentForm.blank())
    form = NewDepartmentForm.of_request()
    if not form.validate():
        return make_response(render_template("office/departments/new.html", form=form), 422)
    fields = {name: form.data[name] for name in actions.EDITABLE}
    with db.write():
        actions.add_department(form.code.data, by=me().id, now=clock.now(), **fields)
    return gone_to(url_for(".departments"), said=_("%(name)s is added.", name=form.name.data))


@bp.get("/departments/<code>")
@needs(May.MANAGE_OFFICE)
def department(code: str) -> str:
    """One department, to change."""
    return render_template("office/departments/show.html", **_department(_find(code)))


@bp.post("/departments/<code>/edit")
@needs(May.MANAGE_OFFICE)
def edit_department(code: str) -> Response:
    """Change a department; a stale edit shows both versions (409)."""
    form, before = DepartmentForm.of_request(), _find(code)
    if not form.validate():
        return make_response(
            render_template("office/departments/show.html", **_department(before, form)), 422
        )
    with db.write():
        stored = _find(code)
        stale = form.version.stale(stored.version)
        if not stale:
            fields = {name: form.data[name] for name in actions.EDITABLE}
            actions.edit_department(stored, by=me().id, now=clock.now(), **fields)
    if stale:
        rows = [
            (form[name].label.text, str(form[name].data), str(getattr(stored, name)))
            for name in actions.EDITABLE
            if form[name].data != getattr(stored, name)
        ]
        form.version.process_data(stored.version)
        drawn = render_template("office/departments/show.html", **_department(stored, form, rows))
        return make_response(drawn, 409)
    return gone_to(url_for(".departments"), said=_("%(name)s is changed.", name=stored.name))


def _find(code: str) -> Department:
    found = db.session.get(Department, code) if len(code) <= 24 else None
    if found is None:
        abort(404)
    return found


def _department(
    stored: Department, form: DepartmentForm | None = None, rows: list[Any] | None = None
) -> dict[str, Any]:
    kept = {name: getattr(stored, name) for name in actions.EDITABLE}
    return {
        "department": stored,
        "form": form or DepartmentForm.blank(**kept, version=stored.version),
        "rows": rows,
    }


# -- positions ------------------------------------------------------------------------------------------------------


@bp.get("/positions/")
@needs(May.MANAGE_OFFICE)
def positions() -> str:
    """Who answers: every position, its holder, its deputy; the empty ones marked."""
    return render_template(
        "office/positions/index.html", seats=queries.seats(), name_of=name_of, department_name=department_name
    )


@bp.route("/positions/<position>/<where>", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def seat(position: str, where: str) -> Response | str:
    """One position, for a department or (`-`) the company: who holds it and who stands in."""
    what, code = _seat(position, where)
    row = actions.seat_of(what, code)
    if request.method == "GET":
        form = SeatForm.blank(**_kept(row))
        return render_template("office/positions/show.html", form=form, **_drawn(what, code, None))
    form = SeatForm.of_request()
    if not form.validate():
        drawn = render_template("office/positions/show.html", form=form, **_drawn(what, code, None))
        return make_response(drawn, 422)
    holder_id, deputy_id = _number_of(form.holder.data), _number_of(form.deputy.data)
    with db.write():
        row = actions.seat_of(what, code)
        stale = form.version.stale(row.version if row else 0)
        if not stale:
            actions.seat(what, code, holder_id=holder_id, deputy_id=deputy_id, by=me().id, now=clock.now())
    if stale:
        rows = [
            (_("Holder"), name_of(holder_id), name_of(row.person_id if row else None)),
            (_("Deputy"), name_of(deputy_id), name_of(row.deputy_id if row else None)),
        ]
        form.version.process_data(row.version if row else 0)
        drawn = render_template("office/positions/show.html", form=form, **_drawn(what, code, rows))
        return make_response(drawn, 409)
    return gone_to(url_for(".positions"), said=_("Changed: %(position)s.", position=label(what)))


def _seat(position: str, where: str) -> tuple[Position, str]:
    """The position of an address; 404 when there is none such."""
    code = "" if where == "-" else where
    if position not in set(Position) or (code == "") != (Position(position) in COMPANY_WIDE):
        abort(404)
    if code and code not in reference.staff().departments:
        abort(404)
    return Position(position), code


def _kept(row: Holder | None) -> dict[str, Any]:
    if row is None:
        return {"version": 0}
    return {
        "holder": _username_of(row.person_id),
        "deputy": _username_of(row.deputy_id),
        "version": row.version,
    }


def _drawn(position: Position, code: str, rows: list[Any] | None) -> dict[str, Any]:
    return {"position": position, "code": code, "where": code or "-", "rows": rows}


# -- routing --------------------------------------------------------------------------------------------------------


@bp.get("/routing/")
@needs(May.MANAGE_OFFICE)
def routing() -> str:
    """Which department each category of matter is proposed to (CP-05)."""
    rows = db.session.scalars(sa.select(Routing).order_by(Routing.id)).all()
    return render_template(
        "office/routing/index.html", rows=rows, category=labels.category, department_name=department_name
    )


@bp.route("/routing/<category>", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def route(category: str) -> Response | str:
    """One category's department; every change has a reason (GO-05)."""
    row = _routing(category)
    if request.method == "GET":
        form = RoutingForm.blank(department=row.department, version=row.version)
        return render_template("office/routing/show.html", form=form, row=row, name=labels.category(category))
    form = RoutingForm.of_request()
    if not form.validate():
        drawn = render_template(
            "office/routing/show.html", form=form, row=row, name=labels.category(category)
        )
        return make_response(drawn, 422)
    with db.write():
        row = _routing(category)
        stale = form.version.stale(row.version)
        if not stale:
            actions.lead_elsewhere(
                row, form.department.data, reason=form.reason.data, by=me().id, now=clock.now()
            )
    if stale:
        rows = [(_("Department"), department_name(form.department.data), department_name(row.department))]
        form.version.process_data(row.version)
        drawn = render_template(
            "office/routing/show.html", form=form, row=row, name=labels.category(category), rows=rows
        )
        return make_response(drawn, 409)
    return gone_to(url_for(".routing"), said=_("Changed: %(category)s.", category=labels.category(category)))


def _routing(category: str) -> Routing:
    row = db.session.scalars(sa.select(Routing).where(Routing.category == category)).one_or_none()
    if row is None:
        abort(404)
    return row
