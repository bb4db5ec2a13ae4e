"""/complaints/return-visits/: the plan, a visit, one address for each verb, the monthly report."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.complaints import parts, phones
from portal.blueprints.complaints.return_visits import actions, queries
from portal.blueprints.complaints.return_visits.codes import Remark, State, VisitKind
from portal.blueprints.complaints.return_visits.forms import FORMS, PlanForm, VisitForm
from portal.blueprints.complaints.return_visits.labels import SAID, VERBS
from portal.blueprints.complaints.return_visits.models import ReturnVisit
from portal.blueprints.complaints.return_visits.workflow import CASE, RETURN_VISIT
from portal.blueprints.complaints.routes import bp
from portal.drawing import name_of, time_left
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label
from portal.kernel import clock, reference, sheets, transitions
from portal.kernel.customers import masked
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Role
from portal.verbs import Verbs

INDEX, SHOW = "complaints/return_visits/index.html", "complaints/return_visits/show.html"


def may_plan(viewer: Viewer) -> bool:
    """CU-03: desk, leads and general office keep the plan."""
    return viewer.role in {Role.DESK, Role.OFFICE} or bool(viewer.leads)


@bp.get("/return-visits/")
@needs(May.SEE_CASES)
def return_visits() -> str:
    """The plan: what is due first on top; what was made, newest first (CU-03)."""
    return render_template(INDEX, **_listed())


def _today() -> date:
    return clock.local(clock.now()).date()


def _listed(tried: PlanForm | None = None) -> dict[str, Any]:
    viewer = me()
    asked = queries.VisitList.asked_for(viewer, request.args)
    rows, after = asked.page(_today())
    return {
        "asked": asked,
        "rows": rows,
        "after": after,
        "kinds": [(str(kind), label(kind)) for kind in VisitKind],
        "form": tried or PlanForm.blank() if may_plan(viewer) else None,
        "people": _colleagues(),
        "today": _today(),
        "name_of": name_of,
    }


def _colleagues() -> list[Any]:
    return [card for card in reference.staff().cards.values() if card.active]


@bp.post("/return-visits/plan")
@needs(May.SEE_CASES)
def plan_visit() -> Response:
    """Add a row to the plan (CU-03)."""
    if not may_plan(me()):
        abort(403)
    form = PlanForm.of_request()
    if not form.validate():
        return make_response(render_template(INDEX, **_listed(form)), 422)
    fields: dict[str, Any] = form.data | {"person": form.person.card}
    with db.write():
        visit = actions.plan(by=me(), now=clock.now(), **fields)
    return gone_to(url_for(".return_visits"), said=_("%(number)s is planned.", number=visit.number))


@bp.get("/return-visits/export")
@needs(May.EXPORT_CASES)
def export_return_visits() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows, _after = queries.VisitList.asked_for(me(), request.args).page(_today(), sheets.MOST_ROWS)
    captions = (
        _("Number"), _("Kind of visit"), _("Customer"), _("Phone"), _("Who goes"), _("Due by"), _("Visited"),
        _("Sorted as"), _("What the customer said"), _("Promised by"), _("Answer"), _("Case"),
    )  # fmt: skip
    cells = (
        [
            row.number, label(row.kind), row.customer_name, masked(row.customer_phone), name_of(row.person_id),
            row.due_on, row.visited_at, label(row.remark) if row.remark else "", row.note, row.promised_at, row.answer,
            row.case_number,
        ]
        for row in rows
    )  # fmt: skip
    book = sheets.workbook(_("Return visits"), [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(_("Return visits"), book)


@bp.get("/return-visits/report")
@needs(May.SEE_CASES)
def return_visit_report() -> str:
    """A month of return visits on A4: how many, what was said, what is open (CU-03)."""
    if not may_plan(me()):
        abort(403)
    asked = request.args.get("month", "")
    first = _today().replace(day=1)
    if queries.MONTH.fullmatch(asked):
        first = date.fromisoformat(f"{asked}-01")
    return render_template(
        "complaints/return_visits/report.html",
        month=queries.month(me(), first),
        first=first,
        kinds=list(VisitKind),
        remarks=list(Remark),
        name_of=name_of,
    )


@bp.get("/return-visits/<int:visit_id>")
@needs(May.SEE_CASES)
def return_visit(visit_id: int) -> str:
    """One visit: whom, by when, what was said, what comes next."""
    return render_template(SHOW, **_drawn(queries.find(me(), visit_id), me()))


def _drawn(
    visit: ReturnVisit, viewer: Viewer, *, do: str = "", tried: VisitForm | None = None
) -> dict[str, Any]:
    now = clock.now()
    owed = visit.promised_at if visit.promised_at and not visit.answered_at else None
    calls = phones.calls_customer(viewer, (visit.person_id,), visit.department)
    return {
        "visit": visit,
        "thing": visit,
        "here": url_for(".return_visit", visit_id=visit.id),
        **phones.whole(visit, calls and (visit.state is State.PLANNED or owed is not None)),
        "left": time_left(owed, visit.visited_at, now),
        "forms": {
            step.verb: tried if step.verb == do and tried else FORMS[step.verb].blank(version=visit.version)
            for step in RETURN_VISIT.open_to(visit, viewer)
            if step.verb != CASE or visit.note
        },
        "verbs": VERBS,
        "tried": do,
        "name_of": name_of,
    }


@bp.post("/return-visits/<int:visit_id>/reveal")
@needs(May.SEE_CASES)
def reveal_visited(visit_id: int) -> Response:
    """The customer's whole phone number; the look is written down (RC-20)."""
    return phones.reveal(queries.find, visit_id, _drawn, SHOW)


VERBS_OF_ONE = Verbs(
    flow=RETURN_VISIT,
    find=queries.find,
    form=FORMS,
    act=transitions.actor(RETURN_VISIT, queries.find, actions.ACTIONS),
    draw=_drawn,
    said=SAID,
    back=lambda found, _verb: parts.to_calls() or url_for(".return_visit", visit_id=found.id),
    page=SHOW,
)
AT = (bp, "/return-visits/<int:visit_id>", "return_visit_{}")
VERBS_OF_ONE.add_to(*AT, May.SEE_CASES, but={CASE})
VERBS_OF_ONE.add(CASE, *AT, May.REGISTER_CASES)
