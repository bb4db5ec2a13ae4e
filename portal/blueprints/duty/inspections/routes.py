"""/duty/inspections/: what is to be done today, one round on a phone, the plans kept by the office (DR-13, DR-19)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.inspections import actions, page, queries
from portal.blueprints.duty.inspections.forms import plan_form, round_form, stored
from portal.blueprints.duty.inspections.labels import SAID
from portal.blueprints.duty.inspections.workflow import COMPLETE, INSPECTION
from portal.blueprints.duty.parts import PARTS
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, called
from portal.kernel import clock, files, numbers, sent_forms, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.parts import Part
from portal.verbs import Verbs, tell_why

PARTS.append(Part(_l("Inspections"), "duty.inspections", May.SEE_DUTY, 32))
in_addresses(bp, "inspection", numbers.shape("XJ"))
INDEX, SHOW, PLANS, PLAN = (f"duty/inspections/{name}.html" for name in ("index", "show", "plans", "plan"))


def _asked() -> queries.RoundList:
    return queries.RoundList.asked_for(me(), request.args)


@bp.get("/inspections/")
@needs(May.SEE_DUTY)
def inspections() -> str:
    """The inspections that are to be done, unless others are asked for; the filters are in the address."""
    return render_template(INDEX, **page.rounds(_asked()))


@bp.get("/inspections/export")
@needs(May.EXPORT_CASES)
def export_inspections() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows = map(page.sheet_row, _asked().rows(sheets.MOST_ROWS))
    book = sheets.workbook(_("Inspections"), page.columns(), rows)
    return sheets.send(f"{_('Inspections')} {clock.local(clock.now()):%Y-%m-%d}", book)


@bp.get("/inspections/<inspection:round_number>")
@needs(May.SEE_DUTY)
def inspection(round_number: str) -> str:
    """One inspection: point by point as long as it is due, then what was found (DR-13, DR-19)."""
    return render_template(SHOW, **page.shown(queries.find(me(), round_number), me()))


@bp.get("/inspections/<inspection:round_number>/<int:line_id>/pictures/<int:file_id>")
@needs(May.SEE_DUTY)
def inspection_picture(round_number: str, line_id: int, file_id: int) -> Response:
    """One picture of a point, to those who may see the inspection."""
    line = queries.line_of(queries.find(me(), round_number).id, line_id)
    return files.send_one_of("inspection_line", line.id, file_id)


VERBS = Verbs(
    flow=INSPECTION,
    find=queries.find,
    form=lambda found, _verb: round_form(queries.points_of(found.plan_id)).of_request(),
    act=transitions.actor(INSPECTION, queries.find, actions.ACTIONS),
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for(".inspection", round_number=found.number),
    page=SHOW,
)
VERBS.add(COMPLETE, bp, "/inspections/<inspection:round_number>", "inspection_{}", May.SEE_DUTY)


# -- plans, kept by the general office -------------------------------------------------------------------------------


@bp.get("/inspections/plans/")
@needs(May.PLAN_DUTY)
def inspection_plans() -> str:
    """What is inspected, how often, by whom."""
    return render_template(PLANS, **page.plans())


@bp.route("/inspections/plans/new", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def new_inspection_plan() -> Response | str:
    """A new plan; its first inspection is made on the next of its days, today included."""
    title, made = _("New inspection plan"), plan_form()
    if request.method == "GET":
        return render_template(PLAN, **page.planned(made.blank(), title))
    return _keep(None, made.of_request(), title)


@bp.route("/inspections/plans/<int:plan_id>", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def edit_inspection_plan(plan_id: int) -> Response | str:
    """Other days, points or people; what was inspected stays as it was."""
    plan, made = queries.plan(plan_id), plan_form()
    if request.method == "GET":
        codes = {row.id: row.code for row in equipment.ledger().values()}
        form = made.blank(**stored(plan, queries.points_of(plan_id), codes))
        return render_template(PLAN, **page.planned(form, called(plan)))
    return _keep(plan_id, made.of_request(), called(plan))


def _keep(plan_id: int | None, form: Any, title: str) -> Response:
    if not form.validate():
        return make_response(render_template(PLAN, **page.planned(form, title)), 422)
    this = sent(f"inspection plan {plan_id}", "keep")
    try:
        with suppress(TakenBefore), db.write():
            sent_forms.insist_fresh(me(), this)
            plan = queries.plan(plan_id, lock=True) if plan_id else None
            if plan is not None:
                form.version.insist(plan.version)
            plan = actions.keep_plan(plan, form.points(), by=me().id, now=clock.now(), **form.record())
            sent_forms.taken(plan, me(), this, clock.now())
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(render_template(PLAN, **page.planned(form, title)), 409)
    return gone_to(url_for(".inspection_plans"), said=_("Changed: %(name)s.", name=form.name.data))
