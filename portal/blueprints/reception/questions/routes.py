"""/reception/questions/: the log with its quick entry, a question, one address for each verb, the quarter's summary."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.addresses import in_addresses
from portal.blueprints.reception import books, parts
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.questions import actions, page, queries, rules
from portal.blueprints.reception.questions.codes import State
from portal.blueprints.reception.questions.forms import FORMS, EntryForm
from portal.blueprints.reception.questions.labels import SAID
from portal.blueprints.reception.questions.workflow import QUESTION
from portal.drawing import department_name
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l
from portal.kernel import clock, numbers, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part
from portal.verbs import Verbs

INDEX, SHOW = "reception/questions/index.html", "reception/questions/show.html"
QUARTERS = 8  # that can be chosen

parts.PARTS.append(
    Part(
        _l("Questions"),
        "reception.questions",
        May.SEE_VISITS,
        40,
        of=lambda number: url_for("reception.questions", visit=number),
    )
)


in_addresses(bp, "question", numbers.shape("ZX"))


@bp.get("/questions/")
@needs(May.SEE_VISITS)
def questions() -> str:
    """The log; its filters are in the address (RC-22)."""
    asked = queries.QuestionList.asked_for(me(), request.args)
    return render_template(INDEX, **page.listed(asked, visit=asked.visit))


@bp.post("/questions/record")
@needs(May.RECEIVE)
def record_question() -> Response:
    """Write a question down, answered or asked inside (RC-22)."""
    form = EntryForm.of_request()
    if not form.validate():
        return _entry(form, 422)
    try:
        with db.write():
            made = actions.record(by=me(), now=clock.now(), **form.given())
    except books.SentBefore as sent:
        if not sent.same:
            db.session.rollback()
            form.idempotency_key.data = None
            form.form_errors.append(
                _("This form was sent before with other words. Send it again to record a second one.")
            )
            return _entry(form, 409)
        made = sent.made
    said = _("%(number)s is recorded.", number=made.number)
    if made.state is State.PENDING:
        said = _("%(number)s is recorded and asked inside.", number=made.number)
    return gone_to(url_for(".questions"), said=said)


def _entry(form: EntryForm, status: int) -> Response:
    """The list with the form as it was typed."""
    asked = queries.QuestionList.asked_for(me(), request.args)
    return make_response(render_template(INDEX, **page.listed(asked, form)), status)


@bp.get("/questions/similar")
@needs(May.SEE_VISITS)
def similar_questions() -> Response | str:
    """Earlier questions like the one that is typed, with their answers; alone, the search of the log."""
    typed = request.args.get("question", "").replace("\0", "").strip()[:500]
    if not wants_fragment():
        return redirect(url_for(".questions", words=typed[:100] or None))
    return render_template("reception/questions/_similar.html", similar=queries.similar(me(), typed))


@bp.get("/questions/export")
@needs(May.EXPORT_CASES)
def export_questions() -> Response:
    """What the list shows, every row of it, as a workbook."""
    rows = queries.QuestionList.asked_for(me(), request.args).rows(sheets.MOST_ROWS)
    book = sheets.workbook(_("Questions"), page.columns(), map(page.sheet_row, rows))
    return sheets.send(f"{_('Questions')} {clock.local(clock.now()):%Y-%m-%d}", book)


def _quarter() -> tuple[str, list[str], queries.Quarter]:
    known = rules.last_quarters(clock.local(clock.now()).date(), QUARTERS)
    chosen = request.args.get("quarter", "")
    chosen = chosen if chosen in known else known[0]
    begins, ends = (datetime.combine(day, time(), clock.zone()) for day in rules.bounds(chosen))
    return chosen, known, queries.quarter(me(), begins, ends)


@bp.get("/questions/summary")
@needs(May.SEE_VISITS)
def question_summary() -> str:
    """A quarter's questions: by department, how they were answered, what was asked again and again (RC-22)."""
    return render_template("reception/questions/summary.html", **page.summed(*_quarter()))


@bp.get("/questions/summary/export")
@needs(May.EXPORT_CASES)
def export_question_summary() -> Response:
    """The quarter's summary as a workbook."""
    chosen, _known, found = _quarter()
    captions = (
        _("Department"), _("Questions"), _("Answered at once"), _("Asked inside"), _("Open"),
        _("Mean time until the answer"), _("Times"), _("Most repeated questions"), _("Answer"),
    )  # fmt: skip
    cells: list[list[Any]] = [
        [
            department_name(code) if code else _("no department"),
            t.asked,
            t.at_once,
            t.inside,
            t.open,
            page.length(t),
        ]
        for code, t in found.departments.items()
    ]
    whole = found.all
    cells.append([_("All"), whole.asked, whole.at_once, whole.inside, whole.open, page.length(whole)])
    cells += [["", "", "", "", "", "", each.times, each.question, each.answer] for each in found.repeated]
    name = f"{_('Questions')} {chosen}"
    return sheets.send(name, sheets.workbook(name, [sheets.Column(caption) for caption in captions], cells))


@bp.get("/questions/<question:question_number>")
@needs(May.SEE_VISITS)
def question(question_number: str) -> str:
    """One question: what was asked, of whom, the answer, what comes next; `?do=verb` opens that verb's form."""
    return render_template(
        SHOW, **page.shown(queries.find(me(), question_number), me(), do=request.args.get("do", ""))
    )


VERBS = Verbs(
    flow=QUESTION,
    find=queries.find,
    form=FORMS,
    act=transitions.actor(QUESTION, queries.find, actions.ACTIONS),
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for(".question", question_number=found.number),
    page=SHOW,
    still_visible=queries.still_visible,
    list_page=lambda: url_for(".questions"),
)
VERBS.add_to(bp, "/questions/<question:question_number>", "question_{}", May.SEE_VISITS)


@bp.post("/questions/<question:question_number>/reveal")
@needs(May.RECEIVE)
def reveal_asker(question_number: str) -> str:
    """The asker's whole phone number, shown once; the look at it is written down (RC-20)."""
    viewer = me()
    with db.write():
        found = queries.find(viewer, question_number, lock=True)
        if not rules.calls(found, viewer):
            abort(403)
        actions.reveal(found, by=viewer, now=clock.now())
    return render_template(SHOW, **page.shown(found, viewer, phone=found.phone))
