"""/duty/swaps/: the list, an offer, one swap with its verbs."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal.blueprints.duty.area import bp
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.rosters import changes
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.swaps import actions, page, queries
from portal.blueprints.duty.swaps.forms import FORMS, OfferForm
from portal.blueprints.duty.swaps.labels import SAID
from portal.blueprints.duty.swaps.workflow import SWAP
from portal.forms import sent
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l
from portal.kernel import clock, lists, sent_forms
from portal.kernel.rights import May
from portal.kernel.sent_forms import SaidOtherwise, TakenBefore
from portal.kernel.workflow import Forbidden, Refused
from portal.parts import Part
from portal.verbs import Verbs, tell_why

PARTS.append(Part(_l("Swaps"), "duty.swaps", May.SEE_DUTY, 24))
INDEX, NEW, SHOW = (f"duty/swaps/{name}.html" for name in ("index", "new", "show"))
DO = {awaited: verb for verb, awaited in page.VERBS_OF.items()}


@bp.get("/swaps/")
@needs(May.SEE_DUTY)
def swaps() -> str:
    """The own swaps and coming shifts; what may be taken; what waits for the viewer; all that is visible (DR-21)."""
    return render_template(INDEX, **page.listed(queries.SwapList.asked_for(me(), request.args)))


@bp.get("/swaps/new")
@needs(May.SEE_DUTY)
def new_swap() -> str:
    """The offer of a shift, with the only people and shifts that no rule forbids (DR-21)."""
    shift_id = lists.number(request.args.get("shift"))
    shift = _found(shift_id) if shift_id else None
    if shift is not None and not actions.may_offer(shift, me(), _department(shift)):
        raise Forbidden("offer", "DR-21")
    return render_template(NEW, **page.offering(OfferForm.blank(shift=shift_id), me(), shift))


def _found(shift_id: int) -> Shift:
    """The shift of a published roster; NotFound otherwise."""
    shift = changes.fresh([shift_id]).get(shift_id)
    if shift is None:
        raise NotFound
    return shift


def _department(shift: Shift) -> str:
    found: str = posts.ground().posts[shift.post_id].department
    return found


@bp.post("/swaps/new")
@needs(May.SEE_DUTY)
def offer_swap() -> Response:
    """Offer it (DR-21): 409 for whom a rule forbids to take it, with every rule."""
    form, note = OfferForm.of_request(), sent("swap", "offer")
    if sent_forms.done_before(me(), note):
        return _sent_before()
    valid = form.validate()
    shift = _found(form.shift.data) if form.shift.data else None
    other = changes.fresh([form.exchange.data]).get(form.exchange.data) if form.exchange.data else None
    if form.exchange.data and other is None:
        form.exchange.errors = [_("Please choose one from the list.")]
        valid = False
    if not valid or shift is None:
        return make_response(render_template(NEW, **page.offering(form, me(), shift)), 422)
    given = {"to": form.to.card, "other": other, "note": form.note.data, "department": _department(shift)}
    try:
        made = actions.offer(shift, by=me(), now=clock.now(), sent=note, **given)
    except TakenBefore:
        return _sent_before()
    except (Refused, SaidOtherwise) as against:
        its_id = shift.id
        tell_why(form, against)
        return make_response(render_template(NEW, **page.offering(form, me(), _found(its_id))), 409)
    return gone_to(url_for(".swap", swap_id=made.id), said=_("%(number)s is offered.", number=made.number))


def _sent_before() -> Response:
    return gone_to(url_for(".swaps"), said=_("The offer was sent before."))


@bp.get("/swaps/<int:swap_id>/")
@needs(May.SEE_DUTY)
def swap(swap_id: int) -> str:
    """One swap: which shifts, between whom, what comes next; `?do=verb` opens that verb's form (DR-21)."""
    do = request.args.get("do", "")
    return render_template(SHOW, **page.shown(queries.find(me(), swap_id), me(), do=DO.get(do, do)))


VERBS = Verbs(
    flow=SWAP,
    find=queries.find,
    form=FORMS,
    act=actions.act,
    draw=page.shown,
    said=SAID,
    back=lambda found, _verb: url_for("duty.swap", swap_id=found.id),
    page=SHOW,
)
VERBS.add_to(bp, "/swaps/<int:swap_id>", "swap_{}", May.SEE_DUTY)
