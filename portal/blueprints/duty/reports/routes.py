"""/duty/reports/: the daily report of each department, what is missing, what weeks and months add up to (DR-18)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.reports import actions, queries, rules
from portal.blueprints.duty.reports.codes import State
from portal.blueprints.duty.reports.forms import FORMS, BeginForm
from portal.blueprints.duty.reports.labels import BUTTONS, SAID
from portal.blueprints.duty.reports.models import DailyReport
from portal.blueprints.duty.reports.workflow import REPORT, SIGN, WRITE
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, daily
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs

PARTS.append(Part(_l("Daily reports"), "duty.reports", May.SEE_DUTY, 45))
INDEX, SHOW, SUMMARY = (f"duty/reports/{page}.html" for page in ("index", "show", "summary"))
FORM_NUMBER = "QR-DR-18 · V1"
TONES = {State.DRAFT: "warn", State.SIGNED: "info", State.READ: "ok"}


def _writable() -> list[str]:
    return [code for code in queries.departments_of(me()) if rules.may_write(me(), code)]


def _listed(tried: BeginForm | None = None, code: int = 200) -> Response:
    asked = queries.ReportList.asked_for(me(), request.args)
    rows, newer, older = asked.page()
    every, writable = queries.departments_of(me()), _writable()
    today = clock.local(clock.now()).date()
    form = tried or BeginForm.blank(departments=writable, day=today, department=me().department)
    context: dict[str, Any] = {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "missing": queries.missing(every, clock.now()),
        "today": today,
        "writable": writable,
        "form": form,
        "choices": [(each, department_name(each)) for each in every],
        "states": list(State),
        "tones": TONES,
        "month": f"{today:%Y-%m}",
        "department_name": department_name,
        "name_of": name_of,
    }
    return make_response(render_template(INDEX, **context), code)


@bp.get("/reports/")
@needs(May.SEE_DUTY)
def reports() -> Response:
    """The reports, newest first, and the workdays that have none."""
    return _listed()


@bp.post("/reports/begin")
@needs(May.SEE_DUTY)
def begin_report() -> Response:
    """The report of a day: the one that was begun, else a new draft from the day's records."""
    form = BeginForm.of_request(departments=_writable())
    if not form.validate():
        return _listed(form, 422)
    found = actions.begin(form.department.data, form.day.data, by=me(), now=clock.now())
    return gone_to(
        url_for(".report", report_number=found.number), said=_("The figures are drafted; add the words.")
    )


def _drawn(found: DailyReport) -> dict[str, Any]:
    """What page and print have in common: of a draft the figures as they are now."""
    lines = queries.lines(found.department, found.day) if found.state is State.DRAFT else found.lines
    return {
        "found": found,
        "lines": lines,
        "captions": daily.CAPTIONS,
        "department": department_name(found.department),
        "tone": TONES[found.state],
        "name_of": name_of,
        "form_number": FORM_NUMBER,
    }


def _shown(found: DailyReport, viewer: Viewer, *, do: str = "", tried: Any = None) -> dict[str, Any]:
    words = {name: getattr(found, name) for name in actions.TEXTS}
    steps = REPORT.open_to(found, viewer)
    forms = {
        step.verb: FORMS[step.verb].blank(
            version=found.version, **words if step.verb in {WRITE, SIGN} else {}
        )
        for step in steps
    }
    writing = forms.pop(SIGN, None) and forms.pop(WRITE)  # one form with two buttons
    if tried is None and found.signed_by_id == viewer.id:
        forms.pop("read", None)
    if tried is not None:
        if do in {WRITE, SIGN} and writing:
            writing = tried
        elif do in forms:
            forms[do] = tried
    return _drawn(found) | {"writing": writing, "forms": forms, "buttons": BUTTONS, "tried": do}


@bp.get("/reports/<report_number>")
@needs(May.SEE_DUTY)
def report(report_number: str) -> str:
    """One report: the day's figures, the words, the signatures, what was added."""
    return render_template(SHOW, **_shown(queries.find(me(), report_number), me()))


@printed(bp, "/reports/<report_number>/print", May.SEE_DUTY)
def report_print(report_number: str) -> Paper:
    """The report on A4, with its form number (GO-01)."""
    found = queries.find(me(), report_number)
    title = _("PDF of the daily report %(number)s", number=found.number)
    return Paper(
        "duty/reports/print.html", found.number, title, f"{found.number}.pdf", _drawn(found), version=found.version
    )  # fmt: skip


VERBS = Verbs(
    flow=REPORT,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=_shown,
    said=SAID,
    back=lambda found, _verb: url_for(".report", report_number=found.number),
    page=SHOW,
)
VERBS.add_to(bp, "/reports/<report_number>", "{}_report", May.SEE_DUTY)


@bp.get("/reports/summary/<report_period>")
@needs(May.SEE_DUTY)
def report_summary(report_period: str) -> str:
    """A week or a month of a department: its lines added up, every problem and improvement that was named (DR-18)."""
    period = rules.period_of(report_period)
    every = queries.departments_of(me())
    department = request.args.get("department") or me().department
    if period is None:
        raise NotFound
    if department not in every:
        abort(404)
    found = queries.of_period(department, period)
    return render_template(
        SUMMARY,
        period=period,
        week=rules.week_of(period.first),
        month=f"{period.last:%Y-%m}",
        department=department,
        every=every,
        reports=found,
        lines=queries.summary(found),
        expected=queries.expected(period, clock.now()),
        captions=daily.CAPTIONS,
        department_name=department_name,
        name_of=name_of,
    )
