"""/duty/leave/: the list, a request, one leave with its verbs and its form, absences."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.leave import absences, actions, page, queries, rules
from portal.blueprints.duty.leave.codes import LeaveKind
from portal.blueprints.duty.leave.forms import AbsenceForm, AskForm, with_ones
from portal.blueprints.duty.leave.labels import SAID
from portal.blueprints.duty.leave.workflow import LEAVE
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.rosters import changes
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, lists, reference, sent_forms
from portal.kernel.db import db
from portal.kernel.people import Card
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.kernel.workflow import Forbidden, Refused
from portal.papers import Paper, printed
from portal.parts import Part
from portal.verbs import Verbs, tell_why

PARTS.append(Part(_l("Leave"), "duty.leaves", May.SEE_DUTY, 22))
INDEX, NEW, SHOW, PRINT = (f"duty/leave/{name}.html" for name in ("index", "new", "show", "print"))
ABSENCES = "duty/leave/absences.html"
# What my day calls the awaited acts -> the verb whose form is opened.
DO = {awaited: verb for verb, awaited in page.VERBS_OF.items()}


@bp.get("/leave/")
@needs(May.SEE_DUTY)
def leaves() -> str:
    """The own leave; what waits for the viewer; what the viewer may see (DR-04)."""
    return render_template(INDEX, **page.listed(queries.LeaveList.asked_for(me(), request.args)))


# -- asked for ------------------------------------------------------------------------------------------------------


@bp.get("/leave/new")
@needs(May.SEE_DUTY)
def new_leave() -> str:
    """The request; with a span in the address, the shifts it touches and who may take each (DR-04)."""
    if (shift_id := lists.number(request.args.get("shift"))) is not None:
        return _of_shift(shift_id)
    form = AskForm(request.args) if request.args else AskForm.blank()
    if request.args:
        form.validate()
        form.reason.errors = []
    return render_template(NEW, **page.asking(form, me(), chosen=form.person.card))


def _of_shift(shift_id: int) -> str:
    """The request for one shift, which may be running."""
    shift = changes.fresh([shift_id]).get(shift_id)
    if shift is None or shift.person_id is None:
        raise NotFound
    card = reference.staff().cards[shift.person_id]
    now = clock.now().replace(second=0, microsecond=0)
    given: dict[str, Any] = {"starts_at": max(shift.starts_at, now), "ends_at": shift.ends_at}
    if card.id != me().id:
        given["person"] = card.username
    return render_template(NEW, **page.asking(AskForm.blank(**given), me(), chosen=card))


@bp.post("/leave/new")
@needs(May.SEE_DUTY)
def ask_leave() -> Response:
    """Send the request (DR-04): 422 for what is missing, 409 for a substitute whom a rule forbids."""
    plain, note = AskForm.of_request(), sent("leave", "ask")
    if sent_forms.done_before(me(), note):
        return _sent_before()
    valid = plain.validate()
    person = plain.person.card or reference.staff().cards[me().id]
    shifts = []
    if plain.starts_at.data and plain.ends_at.data:
        shifts = list(actions.touched(person.id, plain.starts_at.data, plain.ends_at.data, clock.now()))
    form: Any = with_ones(AskForm, shifts).of_request()
    valid = form.validate() and valid and _substitutes_named(form, person)
    if not valid:
        return make_response(render_template(NEW, **page.asking(form, me(), chosen=person)), 422)
    given = form.given() | {"person": person}
    try:
        made = actions.ask(by=me(), now=clock.now(), sent=note, **given)
    except TakenBefore:
        return _sent_before()
    except (Refused, SaidOtherwise) as against:
        tell_why(form, against)
        return make_response(render_template(NEW, **page.asking(form, me(), chosen=person)), 409)
    return gone_to(url_for(".leave", leave_id=made.id), said=_("%(number)s is sent.", number=made.number))


def _sent_before() -> Response:
    return gone_to(url_for(".leaves"), said=_("The request was sent before."))


def _substitutes_named(form: AskForm, person: Card) -> bool:
    """DR-04: who asks names a substitute for every shift; the ill and the absent need not, others look for one."""
    fields = form.ones
    myself = [
        field for field in (form.substitute, *fields.values()) if field.card and field.card.id == person.id
    ]
    for field in myself:
        field.errors = [_("Nobody substitutes for themselves.")]
    if myself:
        return False
    lacking = [field for field in fields.values() if not field.card]
    if form.substitute.card or not lacking or form.kind.data is LeaveKind.SICK or person.id != me().id:
        return True
    form.substitute.errors = [_("Name a substitute for every shift that the leave touches. (DR-04)")]
    return False


# -- one leave ------------------------------------------------------------------------------------------------------


@bp.get("/leave/<int:leave_id>/")
@needs(May.SEE_DUTY)
def leave(leave_id: int) -> str:
    """One leave: which shifts, who covers them, what comes next; `?do=verb` opens that verb's form (DR-04)."""
    do = request.args.get("do", "")
    return render_template(SHOW, **page.shown(queries.find(me(), leave_id), me(), do=DO.get(do, do)))


VERBS = Verbs(
    flow=LEAVE,
    find=queries.find,
    form=lambda found, verb: page.form_of(found, verb).of_request(),
    act=actions.act,
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for("duty.leave", leave_id=found.id),
    page=SHOW,
)
VERBS.add_to(bp, "/leave/<int:leave_id>", "leave_{}", May.SEE_DUTY)


@printed(bp, "/leave/<int:leave_id>/print", May.SEE_DUTY)
def leave_print(leave_id: int) -> Paper:
    """The leave form (请假单) on A4 with signature boxes for person, substitutes and head (GO-01)."""
    found = queries.find(me(), leave_id)
    title = _("PDF of the leave %(number)s", number=found.number)
    return Paper(PRINT, found.number, title, f"{found.number}.pdf", page.drawn(found), found.version)


# -- absences -------------------------------------------------------------------------------------------------------


@bp.get("/leave/absences")
@needs(May.SEE_DUTY)
def absences_list() -> str:
    """The own absences; for a head those of the department, with the form that records one (DR-04)."""
    return render_template(ABSENCES, **page.absences(queries.AbsenceList.asked_for(me(), request.args)))


@bp.post("/leave/absences")
@needs(May.SEE_DUTY)
def record_absence() -> Response:
    """The head records that somebody was away from a shift without leave (DR-04)."""
    form, asked = AbsenceForm.of_request(), queries.AbsenceList.asked_for(me(), request.args)
    this = sent("absence", "record")
    if sent_forms.done_before(me(), this):
        return _absence_taken()
    card = form.person.card if form.validate() else None
    if form.person.card and (
        form.person.card.id == me().id or not rules.heads(me(), form.person.card.department)
    ):
        raise Forbidden("absence", "DR-04")
    shift = _shift_in(card, form.since.data, form.until.data) if card else None
    if card is not None and shift is None:
        form.since.errors = [_("This person has no shift of a published roster at that time.")]
    if card is None or shift is None:
        return make_response(render_template(ABSENCES, **page.absences(asked, form)), 422)
    try:
        with db.write():
            sent_forms.insist_fresh(me(), this)
            made = absences.by_head(
                shift, card.id, since=form.since.data, until=form.until.data, by=me().id, now=clock.now(),
                note=form.note.data,
            )  # fmt: skip
            sent_forms.taken(made, me(), this, clock.now())
    except TakenBefore:
        return _absence_taken()
    except SaidOtherwise as against:
        tell_why(form, against)
        return make_response(render_template(ABSENCES, **page.absences(asked, form)), 409)
    return gone_to(url_for(".absences_list"), said=_("%(number)s is recorded.", number=made.number))


def _absence_taken() -> Response:
    return gone_to(url_for(".absences_list"), said=_("The absence is recorded."))


def _shift_in(card: Card, since: datetime, until: datetime) -> Any:
    """The shift that an absence is from; one that is still to come nobody was absent from."""
    return next(iter(changes.shifts_between(card.id, since, min(until, clock.now()))), None)
