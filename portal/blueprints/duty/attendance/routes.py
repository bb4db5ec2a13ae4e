"""/duty/attendance/: signing in and out, the own month, a department's sheet, corrections, closing a month (DR-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty import heads
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.attendance import actions, queries, rules
from portal.blueprints.duty.attendance.codes import Standing
from portal.blueprints.duty.attendance.forms import CorrectionForm
from portal.blueprints.duty.parts import PARTS
from portal.drawing import department_name, name_of
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, reference, sent_forms, sheets
from portal.kernel.db import db
from portal.kernel.people import Card
from portal.kernel.rights import May, Role
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.kernel.workflow import Refused
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import tell_why

PARTS.append(Part(_l("Attendance"), "duty.attendance", May.SEE_DUTY, 40))
INDEX, SHEET, PERSON = (f"duty/attendance/{page}.html" for page in ("index", "sheet", "person"))
FORM_NUMBER = "QR-DR-17 · V1"
TONES = {
    Standing.ON_TIME: "ok",
    Standing.LATE: "warn",
    Standing.ABSENT: "bad",
    Standing.LEAVE: "info",
    Standing.EXCUSED: "info",
    Standing.AHEAD: "",
}


@dataclass(frozen=True)
class Month:
    """A month of an address, with its neighbours."""

    text: str
    first: date

    @classmethod
    def asked(cls, text: str | None) -> Month:
        """The month of the address, else the present one."""
        today = clock.local(clock.now()).date()
        first = rules.first_of(text or "") or today.replace(day=1)
        return cls(f"{first:%Y-%m}", first)

    @property
    def earlier(self) -> str:
        """The month before."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def later(self) -> str:
        """The month after; empty when it has not come yet."""
        after = rules.after(self.first)
        return f"{after:%Y-%m}" if after <= clock.local(clock.now()).date() else ""

    @property
    def over(self) -> bool:
        """True when it can be closed."""
        return bool(self.later)


def _of(person_id: int, month: Month) -> dict[str, Any]:
    """One person's month as page and sheet draw it."""
    now = clock.now()
    (worked,) = queries.of_month([person_id], month.first, now).values()
    row, fixed = queries.closed(month.text, person_id)
    in_force = queries.figures(now)
    return {
        "month": month,
        "worked": [each for each in reversed(worked) if each.planned.begins <= now or each.came_at],
        "sums": fixed or rules.total(worked, in_force),
        "closed": row is not None,
        "figures": in_force,
        "tones": TONES,
        "name_of": name_of,
    }


@bp.get("/attendance/")
@needs(May.SEE_DUTY)
def attendance() -> str:
    """The viewer's own day, with one touch to sign in or out, and the own month."""
    today = queries.of_day(me().id, clock.local(clock.now()).date())
    own = next((row for row in today if row.round == 0), None)
    return render_template(
        INDEX,
        own=own,
        heads=heads.heads_somewhere(me()),
        **_of(me().id, Month.asked(request.args.get("month"))),
    )


@bp.post("/attendance/sign-in")
@needs(May.SEE_DUTY)
def sign_in_today() -> Response:
    """The viewer is here; the first touch of the day counts."""
    with db.write():
        actions.sign_in(by=me(), now=clock.now())
    return gone_to(_back(), said=_("You have signed in."))


@bp.post("/attendance/sign-out")
@needs(May.SEE_DUTY)
def sign_out_today() -> Response:
    """The viewer leaves; the last touch of the day counts."""
    with db.write():
        found = actions.sign_out(by=me(), now=clock.now())
    if found is None:
        abort(409)
    return gone_to(_back(), said=_("You have signed out."))


def _back() -> str:
    """Whoever touched it on *my day* stays there."""
    return url_for("home.index" if request.form.get("from") == "my-day" else ".attendance")


# -- a department's sheet -------------------------------------------------------------------------------------------


def _department(wanted: str | None) -> tuple[str, list[str]]:
    every = queries.departments_of(me())
    if not every:
        abort(403)
    if wanted and wanted not in every:
        raise NotFound
    own = me().department if me().department in every else every[0]
    return wanted or own, every


def _sheet(month: Month, department: str) -> dict[str, Any]:
    row, people = queries.sheet(department, month.text, month.first, clock.now())
    return {
        "month": month,
        "department": department,
        "row": row,
        "people": people,
        "may_read": partial(queries.may_read, me()),
        "figures": queries.figures(clock.now()),
        "department_name": department_name,
        "name_of": name_of,
    }


@bp.get("/attendance/sheet")
@needs(May.SEE_DUTY)
def attendance_sheet() -> str:
    """A month of a department: days, latenesses, absences, what they deduct (DR-17)."""
    department, every = _department(request.args.get("department"))
    month = Month.asked(request.args.get("month"))
    office = me().role is Role.OFFICE
    return render_template(SHEET, every=every, may_close=office and month.over, **_sheet(month, department))


@bp.get("/attendance/export")
@needs(May.EXPORT_CASES)
def export_attendance() -> Response:
    """The sheet as a workbook."""
    department, _every = _department(request.args.get("department"))
    month = Month.asked(request.args.get("month"))
    captions = (
        _("Name"), _("User name"), _("Department"), _("Days present"), _("Times late"), _("Minutes late"),
        _("Times absent"), _("Deduction in per cent of base pay"),
    )  # fmt: skip
    cells = (
        [
            name_of(card.id), card.username, department_name(department), sums.days, sums.late, sums.minutes,
            sums.absences, sums.percent,
        ]
        for card, sums in _sheet(month, department)["people"]
    )  # fmt: skip
    title = f"{_('Attendance')} {month.text}"
    book = sheets.workbook(title, [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(f"{title} {department_name(department)}", book)


@printed(bp, "/attendance/print/<month>", May.SEE_DUTY)
def attendance_print(month: str) -> Paper:
    """The sheet on A4, with a line for each signature (GO-01)."""
    if rules.first_of(month) is None:
        raise NotFound
    department, _every = _department(request.args.get("department"))
    title = _("PDF of the attendance %(month)s", month=month)
    context = _sheet(Month.asked(month), department) | {"form_number": FORM_NUMBER}
    name = f"{month} {department}"
    return Paper(
        "duty/attendance/print.html", name, title, f"attendance {name}.pdf", context, query={"department": department}
    )  # fmt: skip


@bp.post("/attendance/close/<month>")
@needs(May.PLAN_DUTY)
def close_attendance(month: str) -> Response:
    """Fix a month that is over; nothing of it is corrected afterwards (DR-17)."""
    first = rules.first_of(month)
    if first is None:
        raise NotFound
    with db.write():
        actions.close(month, first, by=me(), now=clock.now())
    back = url_for(".attendance_sheet", month=month)
    return gone_to(back, said=_("The month %(month)s is closed.", month=month))


# -- one person -----------------------------------------------------------------------------------------------------


def _card(person_id: int) -> Card:
    card = reference.staff().cards.get(person_id)
    if card is None or not queries.may_read(me(), card):
        raise NotFound
    return card


@bp.get("/attendance/of/<int:person_id>")
@needs(May.SEE_DUTY)
def attendance_of(person_id: int) -> Response:
    """Somebody's month, with its corrections, for the head and the office."""
    return _person(_card(person_id))


def _person(card: Card, form: CorrectionForm | None = None, code: int = 200) -> Response:
    month = Month.asked(request.args.get("month"))
    may_correct = heads.is_head(me(), card.department) and card.id != me().id
    drawn = render_template(
        PERSON,
        card=card,
        form=(form or CorrectionForm.blank(day=clock.local(clock.now()).date())) if may_correct else None,
        corrections=queries.corrections(card.id, month.first),
        **_of(card.id, month),
    )
    return make_response(drawn, code)


@bp.post("/attendance/of/<int:person_id>/correct")
@needs(May.SEE_DUTY)
def correct_attendance(person_id: int) -> Response:
    """Put a day right by a further row with its reason (DR-17)."""
    card = _card(person_id)
    if not heads.is_head(me(), card.department):
        abort(403)
    form = CorrectionForm.of_request()
    this = sent(f"attendance {person_id}", "correct")
    back, said = url_for(".attendance_of", person_id=person_id), _("The day is corrected.")
    if sent_forms.done_before(me(), this):
        return gone_to(back, said=said)
    if not form.validate():
        return _person(card, form, 422)
    try:
        with db.write():
            actions.correct(person_id, form.day.data, by=me(), now=clock.now(), sent=this, **form.given())
    except TakenBefore:
        return gone_to(back, said=said)
    except IntegrityError:  # somebody else corrected the same day at the same moment
        abort(409)
    except (Refused, SaidOtherwise) as against:
        tell_why(form, against)
        return _person(card, form, 409)
    return gone_to(f"{back}?month={form.day.data:%Y-%m}", said=said)
