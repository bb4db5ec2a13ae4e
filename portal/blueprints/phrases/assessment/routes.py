"""/phrases/assessments/: the periods, the sheets of one, a sheet with its ratings and its result (GO-03)."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.assessment import actions, page, queries
from portal.blueprints.phrases.assessment.forms import SHEET_FORMS, form_of, period_form, proposed_weights
from portal.blueprints.phrases.assessment.labels import SAID
from portal.blueprints.phrases.assessment.workflow import PERIOD, SHEET
from portal.blueprints.phrases.parts import PARTS
from portal.drawing import name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.i18n import _, _l
from portal.kernel import clock, sheets
from portal.kernel.rights import May
from portal.making import made_once
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs

PARTS.append(Part(_l("Assessments"), "phrases.assessments", May.USE_PORTAL, 70))
INDEX, NEW, PERIOD_PAGE, SHOW = (
    f"phrases/assessment/{name}.html" for name in ("index", "new", "period", "show")
)


@bp.get("/assessments/")
@needs(May.USE_PORTAL)
def assessments() -> str:
    """The assessments that the viewer may know of, and the own results."""
    return render_template(INDEX, **page.periods(me()))


@bp.route("/assessments/new", methods=["GET", "POST"])
@needs(May.MANAGE_OFFICE)
def new_assessment() -> Response:
    """Another period, as a draft; its weights begin as the figures of the regulations propose them (GO-03)."""
    kind = period_form()
    if request.method == "GET":
        return _new(kind.blank(**proposed_weights(clock.now())), 200)
    return made_once(
        kind.of_request(),
        sent("assessment", "create"),
        make=actions.create,
        draw=_new,
        back=lambda made: (
            url_for(".assessment", assessment_number=made.number) if made else url_for(".assessments")
        ),
        said=_("The assessment is prepared; look at it and open it."),
    )


def _new(form: Any, code: int) -> Response:
    return make_response(render_template(NEW, form=form), code)


# -- one period -------------------------------------------------------------------------------------------------------


@bp.get("/assessments/<assessment_number>")
@needs(May.USE_PORTAL)
def assessment(assessment_number: str) -> str:
    """One assessment: who takes part, what waits, and those of its sheets that the viewer may see."""
    found = queries.find_period(me(), assessment_number)
    asked = queries.SheetList.asked_for(me(), request.args, found)
    return render_template(PERIOD_PAGE, **page.shown_period(found, me(), asked=asked))


@bp.get("/assessments/<assessment_number>/export")
@needs(May.EXPORT_CASES)
def export_assessment(assessment_number: str) -> Response:
    """What the list shows, every row of it, as a workbook."""
    found = queries.find_period(me(), assessment_number)
    rows = queries.SheetList.asked_for(me(), request.args, found).rows(sheets.MOST_ROWS, figures=True)
    book = sheets.workbook(_("Assessment"), page.columns(), page.sheet_rows(rows, me()))
    return sheets.send(f"{_('Assessment')} {found.number}", book)


PERIOD_VERBS = Verbs(
    flow=PERIOD,
    find=queries.find_period,
    form=lambda _found, verb: form_of(verb).of_request(),
    act=actions.act_on_period,
    draw=page.shown_period,
    said=SAID,
    back=lambda found, _verb: url_for(".assessment", assessment_number=found.number),
    page=PERIOD_PAGE,
)
PERIOD_VERBS.add_to(bp, "/assessments/<assessment_number>", "{}_assessment", May.MANAGE_OFFICE)


# -- one sheet --------------------------------------------------------------------------------------------------------


@bp.get("/assessments/sheets/<sheet_number>")
@needs(May.USE_PORTAL)
def assessment_sheet(sheet_number: str) -> str:
    """One person's sheet: the ratings, the figures behind them, the result and how it came about (GO-03)."""
    return render_template(SHOW, **page.shown(queries.find(me(), sheet_number), me()))


@printed(bp, "/assessments/sheets/<sheet_number>/print", May.USE_PORTAL)
def assessment_print(sheet_number: str) -> Paper:
    """The sheet on A4, with its form number (GO-01)."""
    found = queries.find(me(), sheet_number)
    title = _("PDF of the assessment of %(name)s", name=name_of(found.person_id))
    context = page.sheet(found, me())
    return Paper(
        "phrases/assessment/print.html", found.number, title, f"{found.number}.pdf", context, version=found.version
    )  # fmt: skip


VERBS = Verbs(
    flow=SHEET,
    find=queries.find,
    form=SHEET_FORMS,
    act=actions.act,
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for(".assessment_sheet", sheet_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/assessments/sheets/<sheet_number>", "{}_sheet", May.USE_PORTAL)
