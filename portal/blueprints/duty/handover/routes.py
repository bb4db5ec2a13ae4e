"""/duty/handover: the handovers, one of them with its verbs and its print, what each post holds (DR-07 … DR-12)."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.duty.area import bp
from portal.blueprints.duty.handover import actions, page, queries, rules
from portal.blueprints.duty.handover.codes import Side
from portal.blueprints.duty.handover.forms import ItemForm, form_of
from portal.blueprints.duty.handover.labels import SAID
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.handover.workflow import HANDOVER, SIGN
from portal.blueprints.duty.parts import PARTS
from portal.blueprints.duty.posts import queries as posts
from portal.guards import me, needs
from portal.hx import gone_to
from portal.i18n import _, _l, called
from portal.kernel import accounts, clock, sessions, signing, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Reason, Refused
from portal.papers import Paper, printed
from portal.parts import Part

INDEX, SHOW = "duty/handover/index.html", "duty/handover/show.html"
ITEMS, ITEM = "duty/handover/items.html", "duty/handover/item.html"

PARTS.append(Part(_l("Handover"), "duty.handovers", May.SEE_DUTY, 10))


@bp.get("/handover")
@needs(May.SEE_DUTY)
def handovers() -> str:
    """What is handed over now, and what was; a change that is due and that no sweep has opened yet opens here (DR-07)."""
    for _opened in actions.open_due(clock.now()):
        pass
    return render_template(INDEX, **page.listed_page(queries.HandoverList.asked_for(me(), request.args)))


@bp.get("/handover/<int:handover_id>")
@needs(May.SEE_DUTY)
def handover(handover_id: int) -> str:
    """One handover: what is open, the count, both signatures."""
    do = request.args.get("do", "").removeprefix("handover-")
    return render_template(SHOW, **page.shown(queries.find(me(), handover_id), me(), do=do))


@printed(bp, "/handover/<int:handover_id>/print", May.SEE_DUTY)
def handover_print(handover_id: int) -> Paper:
    """The handover on A4, with its form number and the signatures (GO-01)."""
    found = queries.find(me(), handover_id)
    carried = queries.carried(found, clock.now())
    title = _("PDF of the handover %(number)s", number=found.number)
    return Paper(
        "duty/handover/print.html",
        found.number,
        title,
        f"{found.number}.pdf",
        page.drawn(found, carried) | {"form_number": page.FORM_NUMBER},
        version=found.version,
    )


# -- verbs: reach (404), who signs (422), right (403), state (409), form (422), gates (409) -------------------------


def _add(verb: str) -> None:
    """The address of a verb."""

    @needs(May.SEE_DUTY)
    def view(handover_id: int) -> Response:
        return _take(handover_id, verb)

    view.__doc__ = f"`{verb}` on one handover."
    endpoint = f"handover_{verb.replace('-', '_')}"
    bp.add_url_rule(
        f"/handover/<int:handover_id>/{verb}", endpoint=endpoint, view_func=view, methods=["POST"]
    )


for _verb in HANDOVER.verbs:
    _add(_verb)


def _take(handover_id: int, verb: str) -> Response:
    """One verb of whoever is logged in, or of whoever confirms it here with the own password (DR-10)."""
    now, found = clock.now(), queries.find(me(), handover_id)
    form: Any = form_of(verb, queries.carried(found, now)).of_request()
    elsewhere = "username" in form and bool(request.form.get("username"))
    if not elsewhere:
        transitions.check(HANDOVER, found, verb, me())
    if not form.validate():
        return _again(found, verb, form, 422)
    by, last = me(), None
    if elsewhere:
        confirmed = _confirmed(form)
        if isinstance(confirmed, int):
            return errors.answer(429) if confirmed == 429 else _again(_anew(handover_id), verb, form, 422)
        by, found = confirmed, _anew(handover_id)
        last = partial(signing.spend, by.id, form.code.data or "", now)
    given = form.given() | ({"by_password": True} if elsewhere and verb == SIGN else {})
    try:
        if elsewhere and not rules.standing(found, by) & {str(side) for side in Side}:
            raise Refused([Reason("DR-11", "not_on_roster")])
        actions.act(
            handover_id, verb, viewer=me(), by=by, now=now, seen=form.version.number, last=last, **given
        )
    except signing.WrongCode:
        with db.write():
            signing.note_wrong_code(by.id, request.remote_addr or "", now)
        form.code.errors = [
            _("This code is not correct, or it was used already. Please type the one that is shown now.")
        ]
        return _again(_anew(handover_id), verb, form, 422)
    except Refused as refused:
        db.session.rollback()
        form.form_errors.extend(errors.say(reason) for reason in refused.reasons)
        return _again(_anew(handover_id), verb, form, 409)
    said = str(SAID[verb]) % {"number": found.number}
    return gone_to(url_for(".handover", handover_id=handover_id), said=said)


def _confirmed(form: Any) -> Viewer | int:
    """Who confirms with user name, password and the code of the own device; the status of the answer when nobody does."""
    card = form.username.card
    try:
        if signing.signed(
            card.id, form.password.data, form.code.data or "", request.remote_addr or "", clock.now()
        ):
            return sessions.person_as_viewer(card.id)
    except accounts.TooManyTries:
        return 429
    except signing.CodeWanted:
        form.code.errors = [
            _("You log in with a second factor: please type the code that your device shows, too.")
        ]
        return 422
    except signing.FactorOwed:
        form.username.errors = [
            _(
                "Your role must log in with a second factor, and you have none yet (RC-20). Log in yourself, set it up"
                " under My account, and then sign here; or sign where you are logged in."
            )
        ]
        return 422
    form.password.errors = [_("This is not the password of that person.")]
    return 422


def _anew(handover_id: int) -> Handover:
    return queries.find(me(), handover_id)


def _again(found: Handover, verb: str, form: Any, code: int) -> Response:
    """The page with what was typed; only what is refused has no form any more is told as a refusal."""
    context = page.shown(found, me(), do=verb, tried=form)
    if not any(offer.form is form for offer in context["offers"]):
        context["refused"] = [*form.form_errors]
    return make_response(render_template(SHOW, **context), code)


# -- what each post holds ------------------------------------------------------------------------------------------


@bp.get("/handover/items/<post_code>")
@needs(May.PLAN_DUTY)
def post_items(post_code: str) -> Response:
    """What a post holds, and how many of each there should be (DR-08)."""
    return _items(post_code, ItemForm.blank())


def _items(code: str, form: ItemForm, status: int = 200) -> Response:
    post = posts.post(code)
    drawn = render_template(ITEMS, post=post, called=called, items=queries.items_of(post.id), form=form)
    return make_response(drawn, status)


@bp.post("/handover/items/<post_code>")
@needs(May.PLAN_DUTY)
def add_post_item(post_code: str) -> Response:
    """Something more that the post holds."""
    post, form = posts.post(post_code), ItemForm.of_request()
    if not form.validate() or _taken(post.id, form):
        return _items(post_code, form, 422)
    with db.write():
        actions.add_item(post.id, by=me().id, now=clock.now(), **form.record())
    return gone_to(
        url_for(".post_items", post_code=post_code), said=_("Added: %(name)s.", name=form.name.data)
    )


def _taken(post_id: int, form: ItemForm, but: int | None = None) -> bool:
    """True, with its message, when the post holds something else of that name."""
    taken = any(item.name == form.name.data and item.id != but for item in queries.items_of(post_id))
    if taken:
        form.name.errors = [_("The post holds something of this name already.")]
    return taken


@bp.route("/handover/items/<post_code>/<int:item_id>", methods=["GET", "POST"])
@needs(May.PLAN_DUTY)
def edit_post_item(post_code: str, item_id: int) -> Response:
    """Another name or number of something; what is not counted any more stays in old handovers."""
    post = posts.post(post_code)
    item = queries.item(post.id, item_id)
    kept = {name: getattr(item, name) for name in ItemForm.blank().data}
    form = ItemForm.of_request() if request.method == "POST" else ItemForm.blank(**kept)
    context = {"post": post, "called": called, "item": item, "form": form}
    if request.method == "GET":
        return make_response(render_template(ITEM, **context))
    if not form.validate() or _taken(post.id, form, but=item_id):
        return make_response(render_template(ITEM, **context), 422)
    with db.write():
        item = queries.item(post.id, item_id)
        form.version.insist(item.version)
        actions.edit_item(item, by=me().id, now=clock.now(), **form.record())
    return gone_to(
        url_for(".post_items", post_code=post_code), said=_("Changed: %(name)s.", name=form.name.data)
    )
