"""/complaints/spot-checks/: a quarter's sample, a check, and one address for each verb."""

from __future__ import annotations

import secrets
from typing import Any

from flask import abort, current_app, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.complaints.routes import bp
from portal.blueprints.complaints.spot_checks import actions, queries, rules
from portal.blueprints.complaints.spot_checks.codes import Duty, Show
from portal.blueprints.complaints.spot_checks.forms import FORMS, CheckForm, DrawForm
from portal.blueprints.complaints.spot_checks.labels import OPENING, SAID, VERBS
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.blueprints.complaints.spot_checks.populations import POPULATIONS, find
from portal.blueprints.complaints.spot_checks.workflow import SPOT_CHECK
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, label, ngettext
from portal.kernel import clock, customers, reference, sheets, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.verbs import Verbs

INDEX, SHOW = "complaints/spot_checks/index.html", "complaints/spot_checks/show.html"


@bp.get("/spot-checks/")
@needs(May.SEE_CASES)
def spot_checks() -> str:
    """The newest quarter of which the viewer may see something (CP-23)."""
    return render_template(INDEX, **_listed(""))


@bp.get("/spot-checks/<quarter>")
@needs(May.SEE_CASES)
def spot_quarter(quarter: str) -> str:
    """One quarter's sample: size, seed, rows (CP-23)."""
    if not rules.QUARTER.fullmatch(quarter):
        abort(404)
    return render_template(INDEX, **_listed(quarter))


def _listed(quarter: str, tried: DrawForm | None = None) -> dict[str, Any]:
    viewer = me()
    if not queries.takes_part(viewer):
        abort(403)
    known = queries.quarters(viewer)
    asked = queries.SpotList.asked_for(viewer, quarter or next(iter(known), ""), request.args)
    rows, after = asked.page()
    return {
        "asked": asked,
        "quarters": known,
        "samples": asked.samples(),
        "rows": rows,
        "after": after,
        "tabs_of": _tabs(asked),
        "populations": {each.code: each.words for each in POPULATIONS},
        "form": tried or DrawForm.blank() if viewer.may(May.MANAGE_OFFICE) else None,
        "kept": Duty.KEPT,
        "name_of": name_of,
        "department_name": department_name,
    }


def _tabs(asked: queries.SpotList) -> list[tuple[str, str, bool, None]]:
    """The ways to narrow a quarter: words, address, whether chosen."""
    where: dict[str, Any] = {"quarter": asked.quarter} if asked.quarter else {}
    endpoint = ".spot_quarter" if asked.quarter else ".spot_checks"
    return [(label(show), url_for(endpoint, show=show, **where), asked.show == show, None) for show in Show]


@bp.post("/spot-checks/draw")
@needs(May.MANAGE_OFFICE)
def draw_sample() -> Response:
    """Draw the sample of a quarter that is over, once (CP-23)."""
    form = DrawForm.of_request()
    if not form.validate():
        return make_response(render_template(INDEX, **_listed("", form)), 422)
    quarter = form.quarter.data
    with db.write():
        seed = secrets.token_hex(8)
        samples = actions.draw(quarter, rater=form.rater.data, seed=seed, by=me(), now=clock.now())
    said = ngettext("%(num)s sample was drawn.", "%(num)s samples were drawn.", len(samples))
    return gone_to(url_for(".spot_quarter", quarter=quarter), said=said)


@bp.get("/spot-checks/<quarter>/export")
@needs(May.EXPORT_CASES)
def export_spot_checks(quarter: str) -> Response:
    """The rows of a quarter as a workbook."""
    if not rules.QUARTER.fullmatch(quarter):
        abort(404)
    viewer = me()
    if not queries.takes_part(viewer):
        abort(403)
    rows, _after = queries.SpotList.asked_for(viewer, quarter, request.args).page(sheets.MOST_ROWS)
    captions = (
        _("Number"), _("Department"), _("State"), _("Called on"), _("Outcome"), _("First responder's duty"),
        _("What was found"), _("Rating"), _("Why"), _("Department of the finding"), _("What was put right"),
    )  # fmt: skip
    book = sheets.workbook(
        f"{_('Spot checks')} {quarter}", [sheets.Column(caption) for caption in captions], map(_cells, rows)
    )
    return sheets.send(f"{_('Spot checks')} {quarter}", book)


def _cells(row: SpotCheck) -> list[Any]:
    return [
        row.number,
        department_name(row.department),
        label(row.state),
        row.called_at,
        label(row.outcome) if row.outcome else "",
        label(row.duty) if row.duty else "",
        row.note,
        row.rating,
        row.rating_note,
        department_name(row.task_department) if row.task_department else "",
        row.settled_note,
    ]


@bp.get("/spot-checks/<int:check_id>")
@needs(May.SEE_CASES)
def spot_check(check_id: int) -> str:
    """One check: the matter, what was found, what comes next."""
    return render_template(SHOW, **_drawn(queries.find(me(), check_id), me()))


def _drawn(
    check: SpotCheck, viewer: Viewer, *, do: str = "", tried: CheckForm | None = None
) -> dict[str, Any]:
    sample = db.session.get_one(SpotSample, check.sample_id)
    population = find(sample.population)
    mine = SPOT_CHECK.standing(check, viewer)
    forms = {
        step.verb: tried if step.verb == do and tried else FORMS[step.verb].blank(version=check.version)
        for step in SPOT_CHECK.open_to(check, viewer)
    }
    return {
        "check": check,
        "sample": sample,
        "matter": population.matter(check.number) if population else None,
        "address": population.address(viewer, check.number) if population else "",
        "calls": "head" in mine,
        "masked": customers.masked,  # RC-20: whole only while the customer is to be called again
        "penalty": bool({"head", "tasked"} & mine) and check.duty not in {None, Duty.KEPT},
        "forms": forms,
        "verbs": VERBS,
        "tried": do,
        "people": [card for card in reference.staff().cards.values() if card.active],
        "opening": OPENING % {"me": name_of(viewer.id), "company": current_app.config["SETTINGS"].company},
        "name_of": name_of,
        "department_name": department_name,
    }


def _quarter(check: SpotCheck, _verb: str) -> str:
    """The head goes on with the next one of the quarter."""
    return url_for(".spot_quarter", quarter=db.session.get_one(SpotSample, check.sample_id).quarter)


VERBS_OF_ONE = Verbs(
    flow=SPOT_CHECK,
    find=queries.find,
    form=FORMS,
    act=transitions.actor(SPOT_CHECK, queries.find, actions.ACTIONS),
    draw=_drawn,
    said=SAID,
    back=_quarter,
    page=SHOW,
)
VERBS_OF_ONE.add_to(bp, "/spot-checks/<int:check_id>", "spot_check_{}", May.SEE_CASES)
