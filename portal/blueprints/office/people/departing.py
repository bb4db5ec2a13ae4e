"""/office/people/…/depart: who leaves the company, until when, who takes over; and what became of each matter."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask import make_response, render_template, url_for
from werkzeug.wrappers import Response

from portal import errors, notices
from portal.blueprints.office.area import bp
from portal.blueprints.office.people import queries
from portal.blueprints.office.people.forms import DepartForm, colleagues
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, label
from portal.kernel import clock, departures, reference
from portal.kernel.db import db
from portal.kernel.departures import Belongings, line
from portal.kernel.people import Card, Holder, Person, Status, Viewer
from portal.kernel.rights import May, Position
from portal.kernel.workflow import Reason, Refused

departures.CAPTIONS.update({"seat": _l("Positions"), departures.WAITING: _l("What else waits for them")})


def _seats(person_id: int, _viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    where = sa.case((Holder.department == "", "-"), else_=Holder.department)
    address = sa.literal("/office/positions/") + Holder.position + "/" + where
    named = Holder.position + " " + Holder.department
    rows = line("seat", Holder.id, named, address)
    return rows.where(sa.or_(Holder.person_id == person_id, Holder.deputy_id == person_id))


def _seat_to(_key: str, _to: Card, _by: Viewer, _now: datetime, _paper: str) -> None:
    """A position is given to somebody by name: work can be passed on, who answers for it is chosen."""
    raise Refused([Reason("GO-05", "seat_to_fill")])


departures.BELONGINGS.append(Belongings("seat", _seats, _seat_to))


@bp.get("/people/<int:person_id>/depart")
@needs(May.MANAGE_OFFICE)
def departure(person_id: int) -> str:
    """What is open in a person's name, the form that says until when they work here; or what became of it."""
    return _page(queries.find(person_id))


@bp.post("/people/<int:person_id>/depart")
@needs(May.MANAGE_OFFICE)
def depart_person(person_id: int) -> Response:
    """Say when somebody leaves and who takes over; at once, or when the last day is over."""
    now, form = clock.now(), DepartForm.of_request()
    form.leaver = queries.find(person_id).username
    if not form.validate():
        return make_response(_page(queries.find(person_id), form), 422)
    heir = reference.staff().by_username(form.heir.data)
    last_day = form.last_day.data
    leaves_at = now if form.at_once.data or last_day is None else departures.end_of(last_day)
    try:
        with db.write():
            person = queries.find(person_id)
            ordered = departures.tell(person, heir, leaves_at, by=me().id, now=now)  # type: ignore[arg-type]  # it is one of the list
            if leaves_at <= now:
                departures.carry_out(ordered, now)
    except Refused as refused:
        form.form_errors.extend(errors.say(reason) for reason in refused.reasons)
        return make_response(_page(queries.find(person_id), form), 409)
    said = (
        _("%(name)s has left; what could be handed over is.")
        if leaves_at <= now
        else _("%(name)s is leaving.")
    )
    return gone_to(url_for(".departure", person_id=person_id), said=said % {"name": name_of(person_id)})


@bp.post("/people/<int:person_id>/stay")
@needs(May.MANAGE_OFFICE)
def keep_person(person_id: int) -> Response:
    """Somebody whose last day was named stays after all."""
    with db.write():
        departures.take_back(queries.find(person_id), by=me().id, now=clock.now())
    said = _("%(name)s stays.", name=name_of(person_id))
    return gone_to(url_for(".person", person_id=person_id), said=said)


def _page(person: Person, form: DepartForm | None = None) -> str:
    latest, staff = departures.latest(person.id), reference.staff()
    shown: dict[str, Any] = {"person": person, "latest": latest, "groups": [], "lines": []}
    if person.status is Status.DEPARTED and latest is not None and latest.done:
        shown["lines"] = [(_told(row.kind, row.number), row) for row in departures.lines_of(latest)]
    else:
        matters = departures.open_of(person.id, me(), clock.now())
        shown["groups"] = [
            (departures.CAPTIONS[kind], [(_told(kind, one.number, one.words), one) for one in rows])
            for kind, rows in ((kind, list(rows)) for kind, rows in groupby(matters, lambda one: one.kind))
        ]
    if form is None:
        heir = departures.heir_of(person.id)
        form = DepartForm.blank(heir=staff.cards[heir].username if heir is not None else "")
    form.leaver = person.username
    form.heir.codes = lambda: [row for row in colleagues() if row[0] != person.username]
    shown |= {"form": form, "captions": departures.CAPTIONS, "say": errors.say}
    return render_template("office/people/depart.html", **shown)


def _told(kind: str, number: str, words: str = "") -> str:
    """A matter in words: a position by its name, what waits by its verb, anything else by number and title."""
    if kind == "seat":
        position, _sign, code = number.partition(" ")
        return " · ".join(filter(None, (label(Position(position)), department_name(code) if code else "")))
    if kind == departures.WAITING and words in notices.VERBS:
        words = str(notices.VERBS[words])
    return " · ".join(filter(None, (number, words)))
