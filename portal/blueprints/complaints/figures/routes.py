"""/complaints/board, /complaints/reports and the lists of cases behind their numbers (CP-21, CP-22, CP-27, CP-29)."""

from __future__ import annotations

import json
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import enforcement, errors
from portal.blueprints.complaints import parts
from portal.blueprints.complaints.codes import Category, Kind, State
from portal.blueprints.complaints.figures import actions, forms, page, queries, rules, titles
from portal.blueprints.complaints.figures.behind import MOST_EXPORTED, PAGE, Behind
from portal.blueprints.complaints.figures.board import board as draw_board
from portal.blueprints.complaints.figures.labels import VERBS
from portal.blueprints.complaints.figures.models import PeriodReport, ReportState
from portal.blueprints.complaints.figures.reach import Reach
from portal.blueprints.complaints.figures.reach import reach as reach_of
from portal.blueprints.complaints.figures.workflow import REPORT
from portal.blueprints.complaints.labels import CLOCKS
from portal.blueprints.complaints.page import STATE_TONES
from portal.blueprints.complaints.routes import bp
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to, wants_fragment
from portal.i18n import _, _l, label
from portal.kernel import clock, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May, Role
from portal.kernel.sheets import Column
from portal.kernel.workflow import Refused
from portal.parts import Part

FORM_NUMBER = "QR-CP-29 · V1"  # GO-01: every printed form names its number and version

parts.PARTS += [
    Part(_l("Board"), "complaints.board", May.SEE_CASES, shown=lambda viewer: reach_of(viewer) is not None),
    Part(
        _l("Reports"),
        "complaints.reports",
        May.SEE_CASES,
        shown=lambda viewer: reach_of(viewer) is not None,
    ),
]


def _reach() -> Reach:
    """Whose figures the viewer sees; 403 for those who have none."""
    found = reach_of(me())
    if found is None:
        abort(403)
    return found


@bp.get("/board")
@needs(May.SEE_CASES)
def board() -> str:
    """CP-21: what is open, overdue and at risk, and how limits were kept; the whole company for the general office."""
    return render_template("complaints/figures/board.html", **draw_board(_reach()))


@bp.get("/figures/cases")
@needs(May.SEE_CASES)
def figure_cases() -> str:
    """The cases that one number counts, exactly; the address says which."""
    behind, now = Behind.asked_for(_reach(), request.args), clock.now()
    number = behind.number(now)
    rows = behind.rows(now) if number else []  # nothing is found only after all have been asked
    more = behind.address(before=rows[PAGE - 1][0]) if len(rows) > PAGE else ""
    return render_template(
        "complaints/figures/cases.html",
        behind=behind,
        title=titles.title(behind),
        rows=rows[:PAGE],
        number=number,
        older=f"{url_for('.figure_cases')}?{more}" if more else "",
        tones=STATE_TONES,
        department_name=department_name,
        clocks=CLOCKS,
        clauses=enforcement.CLOCKS,
        Kind=Kind,
        Category=Category,
        State=State,
    )


@bp.get("/figures/cases.xlsx")
@needs(May.EXPORT_CASES)
def figure_cases_sheet() -> Response:
    """The same as a workbook."""
    behind = Behind.asked_for(_reach(), request.args)
    captions = [
        _("Number"), _("Kind"), _("Category"), _("State"), _("Department"), _("Customer"), _("What it is about"),
        _("Registered"), _("Limit"), _("Due"), _("Met"),
    ]  # fmt: skip
    lines = (
        (
            row.number,
            label(row.kind),
            label(row.category),
            label(row.state),
            department_name(row.department),
            row.customer_name,
            row.what,
            row.registered_at,
            str(CLOCKS[row[9]]) if row[9] else "",
            row.due_at,
            row[11],
        )
        for row in behind.rows(clock.now(), MOST_EXPORTED - 1)[:MOST_EXPORTED]
    )
    book = sheets.workbook(_("Cases"), [Column(caption) for caption in captions], lines)
    return sheets.send(_("Cases"), book)


@bp.get("/reports")
@needs(May.SEE_CASES)
def reports() -> str:
    """CP-22, CP-27: the figures of a month, a quarter or any days, with charts; below them, who wrote what about it."""
    reach = _reach()
    asked = page.Asked.of(reach, request.args)
    return render_template(
        "complaints/figures/reports.html",
        **page.drawn(asked),
        choices=page.choices(reach),
        written=queries.reports() if _reads_reports() else [],
        may_draft=me().role is Role.OFFICE,
        when_of=_when_of,
    )


@bp.get("/reports.xlsx")
@needs(May.EXPORT_CASES)
def reports_sheet() -> Response:
    """A report's figures as a workbook."""
    told = page.drawn(page.Asked.of(_reach(), request.args))
    captions = [_("Table"), _("Line"), _("How many"), _("Overrun"), _("Share"), _("Period before, or goal")]
    name = _("Report %(when)s", when=told["when"])
    return sheets.send(name, sheets.workbook(name, [Column(c) for c in captions], page.sheet(told)))


@bp.get("/reports/print")
@needs(May.SEE_CASES)
def reports_print() -> str:
    """A report's figures on A4."""
    told = page.drawn(page.Asked.of(_reach(), request.args))
    back = url_for(".reports", **told["asked"].given)
    return render_template(
        "complaints/figures/print.html", **told, report=None, back=back, form_number=FORM_NUMBER
    )


# -- the report on a month or quarter (CP-29) ------------------------------------------------------------------


def _reads_reports() -> bool:
    """Drafted and signed reports are about the whole company: the general office's and the managers'."""
    return me().role is Role.OFFICE or me().is_manager or me().is_director


def _when_of(report: PeriodReport) -> str:
    found = rules.period_of(report.period)
    return page.when(found) if found else report.period


def _find(period: str, *, lock: bool = False) -> PeriodReport:
    report = queries.report(period, lock=lock) if _reads_reports() and rules.period_of(period) else None
    if report is None:
        abort(404)
    return report


def _asked(report: PeriodReport) -> page.Asked:
    """What a report is about. Tip-offs are in none, for others read it too (CP-04)."""
    reach = Reach(me(), None, confidential=False)
    return page.Asked(reach, rules.period_of(report.period) or rules.Period(report.since, report.until))


def _figures(report: PeriodReport) -> dict[str, Any]:
    """The figures as they were signed, else as they are now."""
    return page.drawn(_asked(report), json.loads(report.figures) if report.figures else None)


@bp.post("/reports/draft")
@needs(May.MANAGE_OFFICE)
def draft_report() -> Response | str:
    """CP-29: begin the report on a month or quarter; one a period."""
    form = forms.DraftForm.of_request()
    if not form.validate() or (period := rules.period_of(form.period.data)) is None:
        return errors.answer(422, form.period.errors[0])
    with db.write():
        report = actions.draft(period, by=me(), now=clock.now())
    return gone_to(
        url_for(".report_page", period=report.period), said=_("The report is drafted with its figures.")
    )


@bp.get("/reports/<period>")
@needs(May.SEE_CASES)
def report_page(period: str) -> str:
    """A drafted or signed report."""
    report = _find(period)
    return render_template("complaints/figures/report.html", **_page(report, form=_written(report)))


def _written(report: PeriodReport) -> forms.ReportForm:
    """The form with the report as it stands."""
    return forms.ReportForm.blank(
        stood_out=report.stood_out,
        measures=report.measures,
        notice_board=report.notice_board,
        version=report.version,
    )


def _page(report: PeriodReport, **forms_: Any) -> dict[str, Any]:
    steps = {step.verb for step in REPORT.open_to(report, me())}
    return {
        **_figures(report),
        "report": report,
        "title": _when_of(report),
        "errata": queries.errata(report),
        "steps": steps,
        "verbs": VERBS,
        "name_of": name_of,
        "signed": report.state is ReportState.SIGNED,
        "erratum": forms.ErratumForm.blank(),
        "refused": [],
        **forms_,
    }


@bp.post("/reports/<period>/write")
@needs(May.SEE_CASES)
def write_report(period: str) -> Response:
    """Keep the texts of a draft; a stale edit answers 409 and shows both versions."""
    report = _find(period)
    transitions.check(REPORT, report, "write", me())
    form = forms.ReportForm.of_request()
    if not form.validate():
        return make_response(
            render_template("complaints/figures/report.html", **_page(report, form=form)), 422
        )
    with db.write():
        report = _find(period, lock=True)
        stale = form.version.stale(report.version)
        if not stale:
            texts = {name: form.data[name] for name in ("stood_out", "measures", "notice_board")}
            transitions.perform(REPORT, report, "write", actions.write, by=me(), now=clock.now(), **texts)
    if stale:
        names = ("stood_out", "measures", "notice_board")
        compared = [
            (form[n].label.text, form[n].data, getattr(report, n))
            for n in names
            if form[n].data != getattr(report, n)
        ]
        form.version.number = report.version
        drawn = render_template(
            "complaints/figures/report.html", **_page(report, form=form, compared=compared)
        )
        return make_response(drawn, 409)
    return _done(report, _("The report is kept."))


@bp.post("/reports/<period>/sign")
@needs(May.SEE_CASES)
def sign_report(period: str) -> Response:
    """CP-29: the report stands, with its figures; from now on it is only corrected beside."""
    report = _find(period)
    transitions.check(REPORT, report, "sign", me())
    now = clock.now()
    try:
        with db.write():
            report = _find(period, lock=True)
            figures = page.Report(_asked(report)).snapshot()
            given = {"today": clock.local(now).date(), "figures": figures}
            transitions.perform(REPORT, report, "sign", actions.sign, by=me(), now=now, **given)
    except Refused as refused:
        if wants_fragment():
            raise
        db.session.rollback()
        report = _find(period)
        said = [errors.say(reason) for reason in refused.reasons]
        told = _page(report, form=_written(report), refused=said)
        drawn = render_template("complaints/figures/report.html", **told)
        return make_response(drawn, 409)
    return _done(report, _("The report is signed."))


@bp.post("/reports/<period>/erratum")
@needs(May.SEE_CASES)
def correct_report(period: str) -> Response:
    """CP-29: a correction beside a signed report."""
    report = _find(period)
    transitions.check(REPORT, report, "erratum", me())
    form = forms.ErratumForm.of_request()
    if not form.validate():
        return make_response(
            render_template("complaints/figures/report.html", **_page(report, form=None, erratum=form)), 422
        )
    with db.write():
        report = _find(period, lock=True)
        transitions.perform(
            REPORT, report, "erratum", actions.erratum, by=me(), now=clock.now(), text=form.text.data
        )
    return _done(report, _("The correction is kept beside the report."))


def _done(report: PeriodReport, said: str) -> Response:
    return gone_to(url_for(".report_page", period=report.period), said=said)


@bp.get("/reports/<period>/print")
@needs(May.SEE_CASES)
def print_report(period: str) -> str:
    """A drafted or signed report on A4."""
    report = _find(period)
    told = _figures(report)
    return render_template(
        "complaints/figures/print.html",
        **told,
        report=report,
        errata=queries.errata(report),
        name_of=name_of,
        back=url_for(".report_page", period=period),
        form_number=FORM_NUMBER,
    )


@bp.get("/reports/")
@needs(May.SEE_CASES)
def reports_slashed() -> Response:
    """The address with a slash at its end leads to the one without."""
    return redirect(url_for(".reports"), 308)
