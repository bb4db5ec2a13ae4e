"""/phrases/standards/: the chapters, their checklists, the signed records (PG-10, PG-12, PG-14, PG-15)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.phrases.area import bp
from portal.blueprints.phrases.parts import PARTS
from portal.blueprints.phrases.standards import actions, page, queries
from portal.blueprints.phrases.standards.forms import AnswersForm, CorrectionForm, RunForm, form_of, stored
from portal.blueprints.phrases.standards.models import Run
from portal.blueprints.phrases.standards.workflow import CORRECT, RUN
from portal.forms import sent
from portal.guards import me, needs
from portal.i18n import _, _l
from portal.kernel import clock, files, reference, sheets, transitions
from portal.kernel.rights import May
from portal.kernel.workflow import Reason
from portal.making import made_once
from portal.papers import Paper, printed
from portal.parts import Part

PARTS.append(Part(_l("Service standards"), "phrases.standards", May.USE_PORTAL, 60))
INDEX, SHOW, NEW, RUNS, RECORD, FIX = (
    f"phrases/standards/{name}.html" for name in ("index", "show", "new", "runs", "record", "correct")
)


@bp.get("/standards/")
@needs(May.USE_PORTAL)
def standards() -> str:
    """The chapters, how each is kept, what is overdue."""
    return render_template(INDEX, **page.chapters(me()))


@bp.get("/standards/<standard_code>")
@needs(May.USE_PORTAL)
def standard(standard_code: str) -> str:
    """One chapter: what it is about, what is looked at, what its records add up to."""
    return render_template(SHOW, **page.chapter(queries.chapter(standard_code), me()))


@bp.route("/standards/<standard_code>/run", methods=["GET", "POST"])
@needs(May.USE_PORTAL)
def run_standard(standard_code: str) -> Response:
    """Look at a chapter thing by thing, and sign (PG-14)."""
    current = queries.chapter(standard_code)
    choices = page.choices(current, me())
    if not choices:
        abort(403)
    kind = form_of(queries.items(current.body, clock.now()), RunForm, choices)
    own = me().department if me().department in choices else choices[0]
    form = kind.of_request() if request.method == "POST" else kind.blank(day=clock.today(), department=own)

    def again(form: Any, code: int) -> Response:
        context = {"current": current, "said": page.said, "form": form, "people": _colleagues(choices)}
        return make_response(render_template(NEW, **context), code)

    if request.method == "GET":
        return again(form, 200)

    def made(**given: Any) -> Run:
        return actions.record(current, **given)

    return _taken(form, f"standard {standard_code}", "record", made, again)


def _colleagues(departments: list[str]) -> list[Any]:
    cards = reference.staff().cards.values()
    return [card for card in cards if card.active and card.department in departments]


def _taken(
    form: AnswersForm, number: str, verb: str, make: Callable[..., Run], draw: Callable[[Any, int], Response]
) -> Response:
    """Write a record down once; 422 and 409 keep what was typed."""
    return made_once(
        form,
        sent(number, verb),
        make=make,
        draw=draw,
        back=lambda made: (
            url_for(".standard_run", run_number=made.number) if made else url_for(".standard_runs")
        ),
        said=_("The record is signed."),
        overtaken=Reason("GO-01", "run_corrected"),
    )


# -- the records ------------------------------------------------------------------------------------------------------


@bp.get("/standards/runs/")
@needs(May.USE_PORTAL)
def standard_runs() -> str:
    """The signed records that the viewer may see."""
    return render_template(RUNS, **page.runs(queries.RunList.asked_for(me(), request.args)))


@bp.get("/standards/runs/export")
@needs(May.EXPORT_CASES)
def export_standard_runs() -> Response:
    """What the list shows, every thing that was looked at, as a workbook."""
    rows = queries.RunList.asked_for(me(), request.args).rows(sheets.MOST_ROWS // 10)
    book = sheets.workbook(_("Service standards"), page.columns(), page.sheet_rows(rows))
    return sheets.send(f"{_('Service standards')} {clock.today():%Y-%m-%d}", book)


@bp.get("/standards/runs/<run_number>")
@needs(May.USE_PORTAL)
def standard_run(run_number: str) -> str:
    """One record as it was signed."""
    return render_template(RECORD, **page.shown(queries.find(me(), run_number), me()))


@bp.get("/standards/runs/<run_number>/pictures/<int:file_id>")
@needs(May.USE_PORTAL)
def standard_picture(run_number: str, file_id: int) -> Response:
    """One picture of a record, to those who may see it."""
    return files.send_one_of(Run.history_kind, queries.find(me(), run_number).id, file_id)


@printed(bp, "/standards/runs/<run_number>/print", May.USE_PORTAL)
def standard_print(run_number: str) -> Paper:
    """The record on A4, with its form number and the edition of the chapter (GO-01)."""
    found = queries.find(me(), run_number)
    title = _("PDF of the record %(number)s", number=found.number)
    return Paper(
        "phrases/standards/print.html", found.number, title, f"{found.number}.pdf", page.run(found, me())
    )


@bp.route("/standards/runs/<run_number>/correct", methods=["GET", "POST"])
@needs(May.USE_PORTAL)
def correct_standard_run(run_number: str) -> Response:
    """A correction is a record of its own; the one before stays (GO-01)."""
    found = queries.find(me(), run_number)
    transitions.check(RUN, found, CORRECT, me())
    answers = queries.answers(found)
    kind = form_of([(answer.text, answer.text_en) for answer in answers], CorrectionForm)
    form = kind.of_request() if request.method == "POST" else kind.blank(**stored(answers))

    def again(form: Any, code: int) -> Response:
        context = page.run(queries.find(me(), run_number), me()) | {"form": form}
        return make_response(render_template(FIX, **context), code)

    if request.method == "GET":
        return again(form, 200)

    def made(**given: Any) -> Run:
        return actions.correct(queries.find(me(), run_number), **given)

    return _taken(form, found.number, CORRECT, made, again)
