"""/reception/services/ and a visit's meals and lodging (RC-12)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.reception import parts, reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.page import colleagues
from portal.blueprints.reception.services import actions, queries
from portal.blueprints.reception.services.codes import ServiceKind, State
from portal.blueprints.reception.services.forms import FORMS, ArrangeForm, AskForm, ServiceForm
from portal.blueprints.reception.services.labels import SAID, VERBS, yuan
from portal.blueprints.reception.services.models import Service
from portal.blueprints.reception.services.workflow import SERVICE
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, label
from portal.kernel import audit, clock, sheets, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden
from portal.parts import Part
from portal.verbs import Verbs

INDEX, SHOW = "reception/services/index.html", "reception/services/show.html"
TONES = {
    State.ASKED: "warn",
    State.AGREED: "warn",
    State.ARRANGED: "info",
    State.DONE: "ok",
    State.REFUSED: "bad",
}


def takes_part(viewer: Viewer) -> bool:
    """True for those who ask, agree or arrange every day: the workbook of a month is theirs."""
    return viewer.may(May.RECEIVE) or bool(viewer.leads) or viewer.is_manager


parts.PARTS.append(
    Part(
        _l("Meals and lodging"),
        "reception.services",
        May.SEE_VISITS,
        55,
        of=lambda number: url_for("reception.services_of", number=number),
    )
)
audit.REACH["service"] = lambda viewer, service_id: sa.exists().where(
    Service.id == service_id, Visit.id == Service.visit_id, reach.visible_to(viewer)
)


@bp.get("/services/")
@needs(May.SEE_VISITS)
def services() -> str:
    """A month's meals and lodging with their sums."""
    asked = queries.ServiceList.asked_for(me(), request.args, clock.now())
    rows, newer, older = asked.page()
    return render_template(
        INDEX,
        asked=asked,
        rows=rows,
        newer=newer,
        older=older,
        totals=asked.totals(),
        choices=[
            ("kind", _("Meals and lodging"), [(kind, label(kind)) for kind in ServiceKind]),
            ("state", _("Any state"), [(state, label(state)) for state in State]),
        ],
        may_export=takes_part(me()),
        yuan=yuan,
        tones=TONES,
        name_of=name_of,
        department_name=department_name,
    )


@bp.get("/services/export")
@needs(May.SEE_VISITS)
def export_services() -> Response:
    """What the list shows, as a workbook."""
    if not takes_part(me()):
        raise Forbidden("export", "RC-12")
    asked = queries.ServiceList.asked_for(me(), request.args, clock.now())
    captions = (
        _("Visit"), _("Day"), _("Kind"), _("Visitor's name"), _("Company"), _("Department"), _("Number of people"),
        _("Restaurant or hotel"), _("Who accompanies"), _("Asked for by"), _("Agreed by"), _("Arranged by"),
        _("Cost in yuan"), _("State"), _("Remarks"),
    )  # fmt: skip
    title = f"{_('Meals and lodging')} {asked.month}"
    columns = [sheets.Column(caption) for caption in captions]
    return sheets.send(title, sheets.workbook(title, columns, map(_cells, asked.rows(sheets.MOST_ROWS))))


def _cells(row: Any) -> list[Any]:
    def who(person_id: int | None) -> str:
        return name_of(person_id) if person_id else ""

    return [
        row.visit_number, row.wanted_on, label(row.kind), row.visitor_name, row.company,
        department_name(row.department) if row.department else "", row.persons, row.what, who(row.companion_id),
        who(row.asked_by_id), who(row.agreed_by_id), who(row.arranged_by_id),
        None if row.cost is None else row.cost / 100, label(row.state), row.note,
    ]  # fmt: skip


@bp.get("/visits/<visit:number>/services")
@needs(May.SEE_VISITS)
def services_of(number: str) -> str:
    """The meals and lodging of one visit, and the form to ask for more."""
    return render_template(SHOW, **_drawn(reach.find(me(), number)))


def _drawn(
    visit: Visit, *, asking: AskForm | None = None, tried: ServiceForm | None = None, **at: Any
) -> dict[str, Any]:
    viewer, now = me(), clock.now()
    cards = []
    for service in queries.of_visit(visit):
        forms = {step.verb: _form(service, step.verb) for step in SERVICE.open_to(service, viewer)}
        if tried and service.id == at["service_id"]:
            forms[at["verb"]] = tried
        cards.append((service, forms))
    if asking is None and actions.may_ask(visit, viewer):
        day = clock.local(visit.starts_at or now).date()
        asking = AskForm.blank(wanted_on=day, persons=visit.party_size)
    return {
        "visit": visit,
        "cards": cards,
        "asking": asking,
        "opened": (at.get("service_id"), at.get("verb")),
        "verbs": VERBS,
        "tones": TONES,
        "yuan": yuan,
        "people": colleagues(),
        "name_of": name_of,
        "here": url_for("reception.services_of", number=visit.number),
    }


def _form(service: Service, verb: str) -> ServiceForm:
    """The form of a verb with what is known already."""
    known = {"what": service.what, "cost": service.cost} if FORMS[verb] is ArrangeForm else {}
    return FORMS[verb].blank(version=service.version, **known)


@bp.post("/visits/<visit:number>/services/ask")
@needs(May.SEE_VISITS)
def ask_service(number: str) -> Response:
    """Ask for a meal or lodging; the lead's own asking is agreed at once (RC-12)."""
    viewer, now = me(), clock.now()
    visit = reach.find(viewer, number)
    if not actions.may_ask(visit, viewer):
        raise Forbidden("ask", "RC-12")
    form = AskForm.of_request()
    if not form.validate():
        return make_response(render_template(SHOW, **_drawn(visit, asking=form)), 422)
    with db.write():
        visit = reach.find(viewer, number, lock=True)
        service = actions.ask(visit, by=viewer, now=now, **form.record())
        agreed = service.state is State.AGREED
    said = (
        _("Asked for; the desk arranges it.") if agreed else _("Asked for; the department's lead was told.")
    )
    return gone_to(url_for(".services_of", number=number), said=said)


def _with_visit(
    service: Service, viewer: Viewer, *, do: str = "", tried: ServiceForm | None = None
) -> dict[str, Any]:
    """All of the visit's, with the form that came back at its own."""
    return _drawn(reach.find(viewer, service.visit_number), tried=tried, service_id=service.id, verb=do)


VERBS_OF_ONE = Verbs(
    flow=SERVICE,
    find=queries.find,
    form=FORMS,
    act=transitions.actor(SERVICE, queries.find, actions.ACTIONS),
    draw=_with_visit,
    said=SAID,
    back=lambda found, _verb: url_for(".services_of", number=found.visit_number),
    page=SHOW,
)
VERBS_OF_ONE.add_to(bp, "/services/<int:service_id>", "{}_service", May.SEE_VISITS)
