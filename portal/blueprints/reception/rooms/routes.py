"""/reception/rooms/: the places of a day, a place's week, blocks, checks, clearing, and the office's record of them."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.reception import page as visits
from portal.blueprints.reception import parts, reach
from portal.blueprints.reception import places as all_of
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.codes import PlaceKind
from portal.blueprints.reception.forms import VisitForm
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Place
from portal.blueprints.reception.rooms import actions, forms, page, queries, rules
from portal.guards import me, needs
from portal.hx import done, gone_to, invalid, wants_fragment
from portal.i18n import _, _l, ngettext
from portal.kernel import clock, reference
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden, Refused
from portal.parts import Part

CARD, SHOW = "reception/_card.html", "reception/show.html"
ROOM, EDIT, MORNING = (
    "reception/rooms/show.html",
    "reception/rooms/edit.html",
    "reception/rooms/morning.html",
)

parts.PARTS.append(Part(_l("Places"), "reception.rooms", May.SEE_VISITS, 20))


def _keeper(clause: str) -> None:
    """Blocks and checks are the desk's, the office's and the administration's (RC-03)."""
    if not rules.keeps_places(me()):
        raise Forbidden("rooms", clause)


@bp.get("/rooms/")
@needs(May.SEE_VISITS)
def rooms() -> str:
    """Every place: how it stands now, and what is booked on a day."""
    return render_template("reception/rooms/index.html", **page.day(me(), clock.now()))


@bp.get("/rooms/<place>")
@needs(May.SEE_VISITS)
def room(place: str) -> str:
    """One place and its week."""
    return render_template(ROOM, **page.week(queries.card(place), me(), clock.now()))


@bp.get("/rooms/clash")
@needs(May.SEE_VISITS)
def clash() -> str:
    """RC-02: what stands there when a place and a time are chosen."""
    asked = VisitForm(MultiDict(request.args))
    for field in (asked.place, asked.starts_at, asked.ends_at):
        if field.process_errors:
            field.data = None
    template = "reception/rooms/_clash.html" if wants_fragment() else "reception/rooms/clash.html"
    return render_template(template, warned=page.warned(page.clashes_of(asked)))


# -- blocks ---------------------------------------------------------------------------------------------------------


@bp.post("/rooms/<place>/block")
@needs(May.SEE_VISITS)
def block(place: str) -> Response:
    """RC-02: keep a place free for maintenance."""
    card = queries.card(place)
    _keeper("RC-02")
    form, now = forms.BlockForm.of_request(), clock.now()
    if not form.validate():
        return invalid(ROOM, page=ROOM, **page.week(card, me(), now, form=form))
    try:
        with db.write():
            given = {"starts_at": form.starts_at.data, "ends_at": form.ends_at.data}
            actions.block(queries.find(place, lock=True), reason=form.reason.data, by=me(), now=now, **given)
    except Refused as refused:
        return _again(refused, card, form)
    where = url_for(".room", place=place, day=clock.local(given["starts_at"]).date())
    return gone_to(where, said=_("Blocked; the calendar shows it."))


def _again(refused: Refused, card: all_of.PlaceCard, form: forms.BlockForm) -> Response:
    """The page with what was typed and the reasons (409); for htmx a toast alone."""
    if wants_fragment():
        raise refused
    db.session.rollback()
    said = [errors.say(reason) for reason in refused.reasons]
    drawn = page.week(card, me(), clock.now(), form=form)
    return make_response(render_template(ROOM, **drawn, refused=said), 409)


@bp.post("/rooms/<place>/release/<int:booking_id>")
@needs(May.SEE_VISITS)
def release(place: str, booking_id: int) -> Response:
    """RC-02: the block ends now."""
    card = queries.card(place)
    _keeper("RC-02")
    with db.write():
        row = actions.release(queries.find(card.code, lock=True), booking_id, by=me(), now=clock.now())
    if row is None:
        abort(404)
    return gone_to(url_for(".room", place=place), said=_("The block is lifted."))


# -- checks ---------------------------------------------------------------------------------------------------------


@bp.get("/rooms/morning")
@needs(May.SEE_VISITS)
def morning() -> str:
    """RC-16: all places on one page."""
    _keeper("RC-16")
    return render_template(MORNING, form=forms.NoteForm.blank(), typed={}, **page.morning(clock.now()))


@bp.post("/rooms/morning")
@needs(May.SEE_VISITS)
def check_morning() -> Response:
    """RC-16: the morning check of all places, with one name and one time."""
    _keeper("RC-16")
    form, now = forms.NoteForm.of_request(), clock.now()
    if not form.validate():
        return invalid(MORNING, page=MORNING, form=form, typed=request.form, **page.morning(now))
    found = {
        place.code: forms.ticked(request.form, f"{place.code}-") for place in all_of.all_places().values()
    }
    with db.write():
        made = actions.morning(found, note=form.note.data, by=me(), now=now)
    bad = sum(1 for check in made if check.missing)
    said = (
        ngettext("Kept; %(num)s place is not ready.", "Kept; %(num)s places are not ready.", bad)
        if bad
        else _("Kept; every place is ready.")
    )
    return gone_to(url_for(".rooms"), said=said)


@bp.get("/visits/<visit:number>/ready")
@needs(May.SEE_VISITS)
def ready_page(number: str) -> str:
    """The visit, whose page has the four points."""
    return render_template(SHOW, **visits.card(reach.find(me(), number), me()))


@bp.post("/visits/<visit:number>/ready")
@needs(May.SEE_VISITS)
def ready(number: str) -> Response:
    """RC-16: the place was looked at before this visit."""
    viewer, now = me(), clock.now()
    visit = reach.find(viewer, number)
    if not rules.may_check_ready(visit, viewer, rule_for(visit.category, now).ready_check):
        raise Forbidden("ready", "RC-16")
    form = forms.NoteForm.of_request()
    if not form.validate():
        drawn = visits.card(visit, viewer)
        return invalid(CARD, page=SHOW, **drawn, ready_form=form, ready_typed=request.form)
    with db.write():
        visit = reach.find(viewer, number, lock=True)
        check = actions.ready(visit, forms.ticked(request.form), note=form.note.data, by=viewer, now=now)
    said = _("Kept; the place is not ready yet.") if check.missing else _("The place is ready.")
    return done(CARD, back=url_for(".show", number=number), said=said, **visits.card(visit, viewer))


# -- clearing -------------------------------------------------------------------------------------------------------


@bp.post("/rooms/<place>/clear")
@needs(May.RECEIVE)
def clear(place: str) -> Response:
    """RC-13: one act for all who left and need the desk's check alone; whoever is refused is named."""
    with db.write():
        cleared, kept = actions.clear(queries.find(place, lock=True), by=me(), now=clock.now())
    said = ngettext("%(num)s visit cleared.", "%(num)s visits cleared.", len(cleared))
    for number, reasons in kept.items():
        said += f" {number}: {' '.join(errors.say(reason) for reason in reasons)}"
    return gone_to(url_for(".room", place=place), said=said)


# -- the office's record --------------------------------------------------------------------------------------------


def _drawn(place: Place | None, form: forms.PlaceForm, **more: Any) -> str:
    return render_template(EDIT, place=place, form=form, people=visits.colleagues(), **more)


@bp.get("/rooms/new")
@needs(May.MANAGE_OFFICE)
def new_office() -> str:
    """RC-02: one more office that may receive visitors."""
    return _drawn(None, forms.OfficeForm.blank(capacity=6, buffer_minutes=10, active=True))


@bp.post("/rooms/new")
@needs(May.MANAGE_OFFICE)
def add_office() -> Response:
    """Add an office."""
    form = forms.OfficeForm.of_request()
    if not form.validate():
        return make_response(_drawn(None, form), 422)
    with db.write():
        place = actions.add_office(by=me(), now=clock.now(), **form.record())
    return gone_to(url_for(".room", place=place.code), said=_("%(name)s is added.", name=place.name))


@bp.get("/rooms/<place>/edit")
@needs(May.MANAGE_OFFICE)
def edit_place(place: str) -> str:
    """A place as the office keeps it."""
    found = queries.find(place)
    return _drawn(found, _stored(found))


@bp.post("/rooms/<place>/edit")
@needs(May.MANAGE_OFFICE)
def change_place(place: str) -> Response:
    """Change it; a stale edit shows both versions (409)."""
    found = queries.find(place)
    form = _kind(found).of_request()
    if not form.validate():
        return make_response(_drawn(found, form), 422)
    with db.write():
        found = queries.find(place, lock=True)
        stale = form.version.stale(found.version)
        if not stale:
            actions.edit(found, by=me(), now=clock.now(), **form.record())
    if stale:
        kept = _stored(found)
        rows = [
            (f.label.text, str(f.data), str(kept[name].data))
            for name, f in form._fields.items()
            if name != "version" and f.data != kept[name].data
        ]
        form.version.process_data(found.version)
        return make_response(_drawn(found, form, compared=rows), 409)
    return gone_to(url_for(".room", place=place), said=_("%(name)s is changed.", name=found.name))


def _kind(place: Place) -> type[forms.PlaceForm]:
    return forms.OfficeForm if place.kind is PlaceKind.OFFICE else forms.PlaceForm


def _stored(place: Place) -> forms.PlaceForm:
    known = {name: getattr(place, name) for name in actions.EDITABLE if name != "owner_id"}
    if place.owner_id is not None:
        known["owner"] = reference.staff().cards[place.owner_id].username
    return _kind(place).blank(**known, version=place.version)
