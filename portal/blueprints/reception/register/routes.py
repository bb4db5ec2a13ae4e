"""/reception/register/: the days, a day's register as page, print and workbook, its verbs, signed corrections (RC-17)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.reception import parts, reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.register import actions, page, queries, rules
from portal.blueprints.reception.register.codes import State
from portal.blueprints.reception.register.forms import FORMS, CorrectionForm
from portal.blueprints.reception.register.labels import SAID
from portal.blueprints.reception.register.models import DailyRegister
from portal.blueprints.reception.register.workflow import REGISTER
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import accounts, clock, lists, sheets
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Refused
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs

DAY, CORRECT = "reception/register/day.html", "reception/register/correct.html"

parts.PARTS.append(
    Part(
        _l("Daily register"),
        "reception.registers",
        May.SEE_VISITS,
        70,
        of=lambda number: url_for("reception.register_of_visit", number=number),
        shown=reach.sees_all,
    )
)


def _readers_only() -> None:
    """A register is for those who see every visit."""
    if not reach.sees_all(me()):
        abort(403)


@bp.get("/register/")
@needs(May.SEE_VISITS)
def registers() -> str:
    """The days, each with its state, counts by category and satisfaction."""
    _readers_only()
    before = lists.day(request.args.get("before"))
    return render_template(
        "reception/register/index.html", **page.listed(before.isoformat() if before else "")
    )


@bp.get("/register/<day>")
@needs(May.SEE_VISITS)
def register_day(day: str) -> str:
    """One day's register."""
    _readers_only()
    page.the_day(day)
    do = request.args.get("do", "").removeprefix("register-")
    return render_template(DAY, **page.drawn(day, me(), do=do), **_beside(day))


def _beside(day: str) -> dict[str, Any]:
    """The days before and after."""
    here, today = page.the_day(day), clock.local(clock.now()).date()
    after = here + timedelta(days=1)
    return {"day_before": here - timedelta(days=1), "day_after": after if after <= today else None}


@bp.get("/register/of/<visit:number>")
@needs(May.SEE_VISITS)
def register_of_visit(number: str) -> Response:
    """The day's register in which a visit stands."""
    _readers_only()
    visit = reach.find(me(), number)
    if visit.day > clock.local(clock.now()).date().isoformat():
        return redirect(url_for(".registers"))
    return redirect(url_for(".register_day", day=visit.day, _anchor=number))


def _find(_viewer: Viewer, day: str) -> DailyRegister:
    """The day's register, which nobody may have begun yet."""
    _readers_only()
    page.the_day(day)
    return queries.register_of(day) or DailyRegister(day=day, state=State.OPEN)


def _drawn(register: DailyRegister, viewer: Viewer, **tried: Any) -> dict[str, Any]:
    return page.drawn(register.day, viewer, **tried) | _beside(register.day)


VERBS = Verbs(
    flow=REGISTER,
    find=_find,
    form=FORMS,
    act=actions.act,
    draw=_drawn,
    said=SAID,
    back=lambda register, _verb: url_for(".register_day", day=register.day),
    page=DAY,
)
VERBS.add_to(bp, "/register/<day>", "register_{}", May.SEE_VISITS)


@printed(bp, "/register/<day>/print", May.SEE_VISITS)
def register_print(day: str) -> Paper:
    """The register on A4, with its form number and signature boxes (GO-01)."""
    _readers_only()
    page.the_day(day)
    title, drawn = _("PDF of the daily register %(day)s", day=day), page.drawn(day, me())
    number = drawn["register"].number or day
    return Paper("reception/register/print.html", number, title, f"{number}.pdf", drawn | {"landscape": True})


@bp.get("/register/<day>/export")
@needs(May.RECEIVE)
def register_export(day: str) -> Response:
    """The register as a workbook; phone numbers masked."""
    page.the_day(day)
    captions = (
        _("Number"), _("Time of arrival"), _("Time of leaving"), _("Visitor's name"), _("Company"), _("Phone"),
        _("Number of people"), _("Category"), _("Person visited"), _("Department"), _("Matter"), _("Place"),
        _("Remark"), _("State"), _("Signed corrections"),
    )  # fmt: skip
    name = f"{_('Daily register')} {day}"
    book = sheets.workbook(name, [sheets.Column(caption) for caption in captions], page.sheet_rows(day))
    return sheets.send(name, book)


# -- signed corrections ---------------------------------------------------------------------------------------------


@bp.route("/register/<day>/correct/<visit:number>", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def register_correct(day: str, number: str) -> Response | str:
    """RC-17: what an entry of a locked register should say, signed by password; the entry stays as it is."""
    _readers_only()
    page.the_day(day)
    register, visit = queries.register_of(day), queries.visit_of(day, number)
    against = rules.against_correcting(register.state if register else None, visit.state)
    if against is not None:
        raise Refused([against])
    said = page.values(visit)
    context: dict[str, Any] = {"day": day, "visit": visit, "values": said}
    if request.method == "GET":
        return _correction(CorrectionForm.blank(), context)
    form, now, viewer = CorrectionForm.of_request(), clock.now(), me()
    if not form.validate():
        return make_response(_correction(form, context), 422)
    stood = said[form.field.data]
    try:
        signed = accounts.confirmed(viewer.id, form.password.data, request.remote_addr or "", now)
    except accounts.TooManyTries:
        return errors.answer(429)
    if not signed:
        form.password.errors = [_("This is not your current password.")]
        again = {"day": day, "visit": queries.visit_of(day, number), "values": said}
        return make_response(_correction(form, again), 422)
    actions.correct(
        day,
        number,
        by=viewer,
        now=now,
        field=form.field.data,
        stood=stood,
        should_be=form.should_be.data,
        reason=form.reason.data,
        idempotency_key=form.idempotency_key.data,
    )
    return gone_to(
        url_for(".register_day", day=day, _anchor=number),
        said=_("The correction is signed; the entry stays as it was."),
    )


def _correction(form: CorrectionForm, context: dict[str, Any]) -> str:
    earlier = queries.corrections_of(context["visit"])
    return render_template(CORRECT, form=form, corrections=earlier, **context)
