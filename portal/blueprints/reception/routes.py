"""/reception/: today's board, the walk-in form, the list, a visit's page, and one address for each verb."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import errors, pages
from portal.blueprints.reception import actions, forms, page, parts, places, queries, reach, today, watch
from portal.blueprints.reception.appointments import actions as series
from portal.blueprints.reception.appointments import sheet
from portal.blueprints.reception.area import NUMBER, bp
from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.keeping import outstanding
from portal.blueprints.reception.labels import SAID
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.rooms import page as rooms
from portal.blueprints.reception.workflow import VISIT
from portal.drawing import department_name, name_of
from portal.forms import VerbForm, fresh_key
from portal.forms import sent as sent_form
from portal.guards import me, needs
from portal.hx import done, gone_to, invalid, is_for, part, toast, wants_fragment
from portal.i18n import _, _l, ngettext
from portal.kernel import clock, customers, sent_forms, sheets, transitions
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, Sent
from portal.kernel.workflow import Refused
from portal.parts import Part
from portal.verbs import SAID_OTHERWISE

CARD, PAGE = "reception/_card.html", "reception/show.html"
BOARD = "reception/_board.html"

parts.PARTS += [
    Part(_l("Today"), "reception.index", May.SEE_VISITS, 0),
    Part(_l("All visits"), "reception.visits", May.SEE_VISITS, 10),
    Part(_l("Appointments"), "reception.appointments", May.SEE_VISITS, 11),
]


@bp.get("/")
@needs(May.SEE_VISITS)
def index() -> str:
    """Today's board: waiting, expected, in meeting, left."""
    return render_template("reception/index.html", **today.board(me()))


@bp.get("/board")
@needs(May.SEE_VISITS, polled=True)
def board() -> Response:
    """The board as an open page asks for it again; nothing when nothing changed."""
    if not wants_fragment():
        return redirect(url_for(".index"))
    if (same := pages.unchanged()) is not None:
        return same
    shown = today.board(me())
    if request.if_none_match.contains(shown["drawn"]):  # something changed, but not here
        return make_response("", 304)
    answer = make_response(part(BOARD, **shown))
    answer.set_etag(pages.tag())
    return answer


@bp.post("/board/<verb>")
@needs(May.RECEIVE)
def several(verb: str) -> Response:
    """One touch for several visits at once: all or none."""
    if verb not in {"arrive", "greet", "seat", "meet", "leave"}:
        abort(404)
    numbers = request.form.getlist("visit")[:100]
    if not all(map(NUMBER.fullmatch, numbers)):
        abort(404)
    try:
        moved = actions.many(
            numbers, verb, by=me(), now=clock.now(), sent=sent_form(" ".join(sorted(numbers)), verb)
        )
    except SaidOtherwise:
        return errors.answer(409)
    except actions.RefusedFor as refused:
        return _none_of(numbers, refused)
    said = ngettext("%(num)s visit: done.", "%(num)s visits: done.", len(moved))
    return done(BOARD, back=url_for(".index"), said=said, **today.board(me()))


def _none_of(numbers: list[str], refused: actions.RefusedFor) -> Response:
    """Nothing was done to any of them (409): whose visit it was and why, the board with what was ticked."""
    reasons = " ".join(errors.say(reason) for reason in refused.reasons)
    who = watch.title(reach.find(me(), refused.number))
    said = _(
        "%(who)s (%(number)s): %(reasons)s Nothing was done to any of them.",
        who=who,
        number=refused.number,
        reasons=reasons,
    )
    if wants_fragment():
        return errors.answer(409, said)
    db.session.rollback()
    drawn = render_template(
        "reception/index.html", **(today.board(me()) | {"refused": said, "ticked": numbers})
    )
    return make_response(drawn, 409)


@bp.get("/visits/")
@needs(May.SEE_VISITS)
def visits() -> str:
    """Every visit that the viewer may know of; filters in the address."""
    asked = queries.VisitList.asked_for(me(), request.args)
    return render_template("reception/visits.html", **page.visit_list(asked), title=_("All visits"))


@bp.get("/appointments/")
@needs(May.SEE_VISITS)
def appointments() -> str:
    """Visits that were announced (RC-19)."""
    asked = queries.VisitList.asked_for(me(), request.args, appointments=True)
    return render_template("reception/visits.html", **page.visit_list(asked), title=_("Appointments"))


@bp.get("/visits/export")
@needs(May.RECEIVE)
def export_visits() -> Response:
    """What the list shows, as a workbook; phone numbers masked."""
    asked = queries.VisitList.asked_for(
        me(), request.args, appointments=request.args.get("appointments") == "1"
    )
    return sheets.send(_("All visits"), sheet.book(asked.rows(sheets.MOST_ROWS)))


@bp.route("/visits/new", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def new() -> Response | str:
    """Record who stands there; with a time, an appointment (RC-17, RC-18, RC-19)."""
    return _record(booking=not me().may(May.RECEIVE), template="reception/new.html")


@bp.route("/appointments/new", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def book() -> Response | str:
    """An appointment, by any employee for own guests or by the desk (RC-19)."""
    return _record(booking=True, template="reception/new.html")


def _record(*, booking: bool, template: str) -> Response | str:
    viewer, now = me(), clock.now()
    context: dict[str, Any] = {
        "people": page.colleagues(),
        "booking": booking,
        "clash_words": rooms.warned_of,
    } | page.asked_of(booking=booking, now=now)
    if request.method == "GET":
        known = {"host": viewer.username} if booking and not viewer.may(May.RECEIVE) else {}
        form = forms.VisitForm.blank(
            now=now, booking=booking, idempotency_key=fresh_key(), **known, **_asked(request.args)
        )
        return render_template(template, form=form, **context)
    form = forms.VisitForm.of_request(now=now, booking=booking, viewer=viewer)
    again = False
    card = customers.known(request.form.get("customer")) if viewer.may(May.RECEIVE) else None
    if card:
        form.uses(card)
        if not booking and (last := queries.visited_last(viewer, [card.id]).get(card.id)):
            again = form.visits_again(*last)
    elif viewer.may(May.RECEIVE) and (drawn := customers.known(form.card.data)):
        form.whole_phone = (
            drawn.phone
        )  # only the number is the card's, everything else may have been typed anew
    if not form.validate():
        return invalid("reception/_visit_form.html", page=template, form=form, **context)
    if (
        not booking
        and not form.another.data
        and (found := queries.appointments_of(viewer, form.sought(), now))
    ):
        said = _("An appointment is there already; is it this one? (RC-18)")
        return _again(template, form, [said], context | {"found": found, "name_of": name_of})
    try:
        with db.write():
            visit = series.book(
                form.further,
                by=viewer,
                now=now,
                idempotency_key=form.idempotency_key.data,
                card=card,
                **form.record(),
            )
    except actions.Doubled as sent:
        if sent.same:
            return _to(sent.visit)
        form.idempotency_key.data = fresh_key()
        said = _("This form was sent before with other words. Send it again to record a second visit.")
        return _again(template, form, [said], context)
    except Refused as refused:
        return _again(template, form, [errors.say(reason) for reason in refused.reasons], context)
    return _to(visit, len(form.further), again=again)


def _asked(args: Any) -> dict[str, Any]:
    """What a link to the form brings along."""
    names = ("visitor_name", "company", "phone", "category", "purpose", "department", "host", "place")
    known: dict[str, Any] = {name: args.get(name, "")[:120] for name in names if args.get(name)}
    times = forms.VisitForm(args)
    known |= {name: times[name].data for name in ("starts_at", "ends_at") if times[name].data}
    if known.get("category") not in set(map(str, Category)):
        known.pop("category", None)
    return known


def _again(template: str, form: forms.VisitForm, said: list[str], context: dict[str, Any]) -> Response:
    """The form as it was typed, and why it was not taken (409)."""
    db.session.rollback()
    form.form_errors.extend(said)
    answer = invalid("reception/_visit_form.html", page=template, form=form, **context)
    answer.status_code = 409
    return answer


def _to(visit: Visit, further: int = 0, *, again: bool = False) -> Response:
    if further:
        said = _(
            "%(num)s appointments recorded, the first is %(number)s.", num=further + 1, number=visit.number
        )
        return gone_to(url_for(".show", number=visit.number), said=said)
    said = (
        _("Appointment %(number)s recorded.", number=visit.number)
        if visit.state is State.EXPECTED
        else _("Visit %(number)s recorded.", number=visit.number)
    )
    if again:  # proposed, not asked: whoever stands there may visit somebody else this time
        whom = name_of(visit.host_id) if visit.host_id else department_name(visit.department)
        said = _("%(said)s As last time for %(whom)s; edit it if it is not so.", said=said, whom=whom)
    if visit.state is State.EXPECTED:  # without script nothing was said beside the field
        found = rooms.clashes(places.of_visit(visit), visit.starts_at, visit.ends_at, visit.id)
        said = f"{said} {rooms.warned(found)}".strip()
    return gone_to(url_for(".show", number=visit.number), said=said)


@bp.get("/visitors")
@needs(May.RECEIVE)
def visitors() -> Response | str:
    """RC-18: who of the expected this may be, while a name, phone, company or pass code is typed."""
    names = ("visitor_name", "phone", "company", "pass_code", "words")
    words = next((request.args[name].strip() for name in names if request.args.get(name, "").strip()), "")[
        :60
    ]
    found = queries.expected_like(me(), words.replace("\0", ""), clock.now())
    known = customers.found(words) if words else []
    last = queries.visited_last(me(), [card.id for card in known]) if known else {}
    cards = [(card, customers.masked(card.phone), *last.get(card.id, (None, ""))) for card in known]
    template = "reception/_visitors.html" if wants_fragment() else "reception/visitors.html"
    return render_template(
        template,
        found=found,
        cards=cards,
        words=words,
        name_of=name_of,
        department_name=department_name,
    )


@bp.get("/visits/<visit:number>")
@needs(May.SEE_VISITS)
def show(number: str) -> str:
    """A visit: who, where, what comes next, its tasks and history; `?do=verb` opens that verb's form."""
    visit = reach.find(me(), number)
    template = CARD if wants_fragment() and request.args.get("part") == "card" else PAGE
    return render_template(
        template, **page.card(visit, me(), do=request.args.get("do", "").removeprefix("visit-"))
    )


def act(verb: str, number: str) -> Response | str:
    """One verb of the workflow, done once however often its form is sent."""
    sent = sent_form(number, verb)
    try:
        return _attempt(verb, number, sent)
    except NotFound:
        if sent_forms.done_before(me(), sent):  # and with it the visit went out of the sender's sight
            return gone_to(url_for(".visits"), said=str(SAID[verb]))
        raise


def _attempt(verb: str, number: str, sent: Sent | None) -> Response | str:
    """Reach (404), right (403), state (409), form (422), gates (409)."""
    viewer, now = me(), clock.now()
    visit = reach.find(viewer, number)
    if sent_forms.done_before(viewer, sent):
        return _done(visit, verb)
    transitions.check(VISIT, visit, verb, viewer)
    form = page.form_for(visit, verb, sent=True)
    if not form.validate():
        return invalid(CARD, page=PAGE, **page.card(visit, viewer, do=verb, tried=form))
    try:
        visit, times = series.act(number, verb, by=viewer, now=now, sent=sent, **form.given())
    except Refused as refused:
        told = actions.refused_there(refused, number, verb, by=viewer, now=now)
        return _refused(told, number, verb, form)
    except SaidOtherwise:
        return _sent_before(number, verb, form)
    return _done(visit, verb, times)


def _done(visit: Visit, verb: str, times: int = 1) -> Response:
    """The board for a touch on it, else the visit; the list for somebody who may no longer see it."""
    viewer, said = me(), str(SAID[verb])
    if times > 1:
        said = _("%(said)s %(num)s appointments in all.", said=said, num=times)
    if is_for("board") or request.form.get("back") == "board":
        return done(BOARD, back=url_for(".index"), said=said, **today.board(viewer))
    if is_for("visit-form"):  # whoever stood there had an appointment
        return gone_to(url_for(".show", number=visit.number), said=said)
    if not queries.still_visible(visit, viewer):
        return gone_to(url_for(".visits"), said=said)
    if visit.outstanding and verb == "leave":
        said = _("Left. Not back yet: %(things)s. (RC-27)", things=outstanding.named(visit.id))
    answer = done(CARD, back=url_for(".show", number=visit.number), said=said, **page.card(visit, viewer))
    if visit.outstanding and verb == "leave" and wants_fragment():
        answer.headers["HX-Trigger"] = toast(said, "warn")
    return answer


def _refused(refused: Refused, number: str, verb: str, form: VerbForm) -> Response:
    """A gate's answer (409): for htmx a toast that leaves the page alone, else the page with what was typed."""
    if not wants_fragment():
        said = [errors.say(reason) for reason in refused.reasons]
        if again := _tried(number, verb, form, said):
            return again
    raise refused


def _sent_before(number: str, verb: str, form: VerbForm) -> Response:
    """A form that says something else than when it was taken (409): what was typed, under a new key."""
    form.idempotency_key.data = fresh_key()
    return _tried(number, verb, form, [str(SAID_OTHERWISE)]) or errors.answer(409)


def _tried(number: str, verb: str, form: VerbForm, said: list[str]) -> Response | None:
    """The visit with the form as it was typed, and why it was not taken; None when the verb itself is gone."""
    db.session.rollback()
    drawn = page.card(reach.find(me(), number), me(), do=verb, tried=form)
    if drawn["do"] != verb:
        return None
    return make_response(render_template(CARD if wants_fragment() else PAGE, **drawn, refused=said), 409)


def _add(verb: str) -> None:
    """The address of a verb; its view bears the verb's name, as the row and the action do."""

    @needs(May.SEE_VISITS)
    def view(number: str) -> Response | str:
        return act(verb, number)

    view.__doc__ = f"`{verb}` on one visit."
    bp.add_url_rule(
        f"/visits/<visit:number>/{verb}",
        endpoint=verb.replace("-", "_"),
        view_func=view,
        methods=["POST"],
    )


for _verb in VISIT.verbs:
    if _verb != "edit":
        _add(_verb)


@bp.route("/visits/<visit:number>/edit", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def edit(number: str) -> Response | str:
    """Mend or complete the record (RC-17). A stale edit answers 409 and shows both versions."""
    viewer = me()
    visit = reach.find(viewer, number)
    transitions.check(VISIT, visit, "edit", viewer)
    template, people = "reception/edit.html", page.colleagues()
    if request.method == "GET":
        return render_template(template, visit=visit, form=page.edit_form(visit), people=people)
    form, sent = forms.EditForm.of_request(whole_phone=visit.phone), sent_form(number, "edit")
    if sent_forms.done_before(viewer, sent):
        return gone_to(url_for(".show", number=number), said=str(SAID["edit"]))
    if not form.validate():
        return invalid(template, page=template, visit=visit, form=form, people=people)
    try:
        with db.write():
            visit = reach.find(viewer, number, lock=True)
            stale = form.version.stale(visit.version)
            if not stale and sent_forms.taken(visit, viewer, sent, clock.now()):
                actions.perform(visit, "edit", by=viewer, now=clock.now(), **form.record())
    except Refused as refused:
        if not form.category.data:
            raise
        form.category.errors = [errors.say(reason) for reason in refused.reasons]
        answer = invalid(template, page=template, visit=reach.find(viewer, number), form=form, people=people)
        answer.status_code = 409
        return answer
    except SaidOtherwise:
        form.idempotency_key.data, form.idempotency_key.errors = fresh_key(), [str(SAID_OTHERWISE)]
        drawn = render_template(template, visit=reach.find(viewer, number), form=form, people=people)
        return make_response(drawn, 409)
    if stale:
        compared = page.compared(visit, form)
        form.version.number = visit.version
        drawn = render_template(template, visit=visit, form=form, people=people, compared=compared)
        return make_response(drawn, 409)
    return gone_to(url_for(".show", number=number), said=str(SAID["edit"]))


@bp.get("/visits/<visit:number>/")
@needs(May.SEE_VISITS)
def slashed(number: str) -> Response:
    """The address with a slash at its end leads to the one without."""
    return redirect(url_for(".show", number=number), 308)
