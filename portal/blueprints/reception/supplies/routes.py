"""/reception/supplies/: the stock, one supply; and what a visit used (RC-15)."""

from __future__ import annotations

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from portal import errors
from portal.blueprints.reception import reach
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.parts import PARTS
from portal.blueprints.reception.supplies import actions, forms, page, queries, rules, sheet
from portal.blueprints.reception.supplies.common import RESENT, looking
from portal.blueprints.reception.supplies.labels import STOCK_SAID
from portal.blueprints.reception.supplies.models import Supply
from portal.guards import me, needs
from portal.hx import done, gone_to, invalid, wants_fragment
from portal.i18n import _, _l
from portal.import_pages import ImportPages
from portal.kernel import clock, sheets
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workflow import Forbidden, Refused
from portal.parts import Part

LIST, INDEX = "reception/supplies/_list.html", "reception/supplies/index.html"
CARD, PAGE = "reception/supplies/_card.html", "reception/supplies/show.html"
NEW, EDIT = "reception/supplies/new.html", "reception/supplies/edit.html"
USED, VISIT = "reception/supplies/_visit.html", "reception/supplies/visit.html"

PARTS.append(
    Part(
        _l("Supplies"),
        "reception.supplies",
        May.SEE_VISITS,
        50,
        of=lambda number: url_for("reception.visit_supplies", visit_number=number),
        shown=queries.looks,
    )
)


# -- the stock -------------------------------------------------------------------------------------------------------


@bp.get("/supplies/")
@needs(May.SEE_VISITS)
def supplies() -> str:
    """The stock, low supplies first; the filters are in the address."""
    asked = queries.SupplyList.asked_for(looking(), request.args)
    return render_template(INDEX, **page.listed(asked))


@bp.get("/supplies/export")
@needs(May.SEE_VISITS)
def export_supplies() -> Response:
    """What the stock shows, as a workbook that can be read in again."""
    asked = queries.SupplyList.asked_for(looking(), request.args)
    return sheets.send(_("Supplies"), sheet.book(asked.rows(queries.MOST_EXPORTED)))


@bp.route("/supplies/new", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def new_supply() -> Response | str:
    """One more supply (RC-15)."""
    viewer = me()
    if not rules.sets_minimum(viewer):
        raise Forbidden("new", rules.CLAUSE)
    if request.method == "GET":
        return render_template(NEW, form=forms.NewSupplyForm.blank())
    form = forms.NewSupplyForm.of_request()
    if not form.validate():
        return invalid(NEW, page=NEW, form=form)
    if actions.add(by=viewer, now=clock.now(), **form.record()) is None:
        form.code.errors = [_("There is a supply of this code already.")]
        return invalid(NEW, page=NEW, form=form)
    return gone_to(url_for(".supply", code=form.code.data), said=_("The supply is added."))


@bp.get("/supplies/<code>")
@needs(May.SEE_VISITS)
def supply(code: str) -> str:
    """One supply: what is there, what can be done, every movement."""
    asked = queries.MovementList.asked_for(looking(), request.args)
    drawn = page.supply_card(queries.find(code), asked, do=request.args.get("do", ""))
    return render_template(PAGE, **drawn)


@bp.get("/supplies/<code>/export")
@needs(May.SEE_VISITS)
def export_movements(code: str) -> Response:
    """The movements of one supply, as a workbook."""
    asked = queries.MovementList.asked_for(looking(), request.args)
    found = queries.find(code)
    title = f"{_('Movements')} {forms.called(found)}"
    rows = page.moved(asked.rows(found, queries.MOST_EXPORTED))
    return sheets.send(title, sheets.workbook(title, page.moved_columns(), rows))


@bp.route("/supplies/<code>/edit", methods=["GET", "POST"])
@needs(May.SEE_VISITS)
def edit_supply(code: str) -> Response | str:
    """Name, unit and minimum. A stale edit answers 409 and shows both versions."""
    viewer = looking()
    found = queries.find(code)
    if not rules.sets_minimum(viewer):
        raise Forbidden("edit", rules.CLAUSE)
    if request.method == "GET":
        return render_template(EDIT, supply=found, form=page.edit_form(found))
    form = forms.SupplyForm.of_request()
    if not form.validate():
        return invalid(EDIT, page=EDIT, supply=found, form=form)
    with db.write():
        found = queries.find(code, lock=True)
        stale = form.version.stale(found.version)
        if not stale:
            actions.edit(found, by=viewer, now=clock.now(), **form.record())
    if stale:
        compared = page.compared(found, form)
        form.version.process_data(found.version)
        return make_response(render_template(EDIT, supply=found, form=form, compared=compared), 409)
    return gone_to(url_for(".supply", code=code), said=_("The supply is changed."))


def move(verb: str, code: str) -> Response:
    """One movement: reach (404), right (403), form (422), stock (409); drawn again where it was asked for."""
    viewer = looking()
    found = queries.find(code)
    if not rules.keeps_stock(viewer):
        raise Forbidden(verb, rules.CLAUSE)
    form = forms.STOCK[verb].of_request()
    if not form.validate():
        return _tried(found, verb, form, 422)
    given = form.given()
    if "visit" in given and not _visit_of(form, given, viewer):
        return _tried(found, verb, form, 422)
    try:
        found = actions.STOCK[verb](code, by=viewer, now=clock.now(), key=form.idempotency_key.data, **given)
    except actions.Unexplained as gap:
        said = _(
            "The books say %(on_hand)s, you counted %(counted)s: write down why. (RC-15)",
            on_hand=gap.on_hand,
            counted=gap.counted,
        )
        form["note"].errors = [said]
        return _tried(found, verb, form, 422)
    except actions.Doubled as sent:
        if not sent.same:
            form.idempotency_key.process_data(None)
            return _tried(found, verb, form, 409, [str(RESENT)])
        db.session.rollback()
    except Refused as refused:
        if wants_fragment() or request.args.get("list"):
            raise
        return _tried(found, verb, form, 409, [errors.say(reason) for reason in refused.reasons])
    said = str(STOCK_SAID[verb]) % {
        "name": forms.called(found),
        "amount": given.get("amount"),
        "left": f"{found.on_hand} {forms.unit_of(found)}",
    }
    return _moved(found, viewer, said)


def _visit_of(form: forms.StockForm, given: dict[str, Any], viewer: Viewer) -> bool:
    """Put the visit of that number into `given`; False, and a message beside the field, when there is none."""
    number = given["visit"]
    try:
        given["visit"] = reach.find(viewer, number) if number else None
    except NotFound:
        form["visit"].errors = [_("There is no such visit, or none that you may see.")]
        return False
    return True


def _tried(
    found: Supply, verb: str, form: forms.StockForm, code: int, refused: list[str] | None = None
) -> Response:
    """The supply with the form as it was typed, and what is wrong with it."""
    db.session.rollback()
    asked = queries.MovementList(me())
    drawn = page.supply_card(queries.find(found.code), asked, do=verb, tried=form)
    template = CARD if wants_fragment() else PAGE
    return make_response(render_template(template, **drawn, refused=refused), code)


def _moved(found: Supply, viewer: Viewer, said: str) -> Response:
    if request.args.get("list"):
        asked = queries.SupplyList.asked_for(viewer, request.args)
        back = f"{url_for('.supplies')}?{asked.here()}".rstrip("?")
        return done(LIST, back=back, said=said, **(page.listed(asked) if wants_fragment() else {}))
    back = url_for(".supply", code=found.code)
    drawn = page.supply_card(found, queries.MovementList(viewer)) if wants_fragment() else {}
    return done(CARD, back=back, said=said, **drawn)


def _add_movement(verb: str) -> None:
    """The address of a movement; its view bears the verb's name, as the action does."""

    @needs(May.SEE_VISITS)
    def view(code: str) -> Response:
        return move(verb, code)

    view.__doc__ = f"`{verb}` on one supply."
    name = verb.replace("-", "_")
    bp.add_url_rule(f"/supplies/<code>/{verb}", endpoint=f"supply_{name}", view_func=view, methods=["POST"])


for _verb in forms.STOCK:
    _add_movement(_verb)


@bp.post("/supplies/<code>/take-back")
@needs(May.SEE_VISITS)
def supply_take_back(code: str) -> Response:
    """Take a use back that was a mistake."""
    viewer = looking()
    queries.find(code)
    form = forms.TakeBackForm.of_request()
    if not rules.keeps_stock(viewer):
        raise Forbidden("back", rules.CLAUSE)
    if not form.validate():
        abort(400)  # no person types this form
    key = form.idempotency_key.data
    try:
        found = actions.take_back(code, by=viewer, now=clock.now(), movement=form.movement.data, key=key)
    except actions.Doubled:
        db.session.rollback()
        found = queries.find(code)
    left = f"{found.on_hand} {forms.unit_of(found)}"
    return _moved(
        found, viewer, _("%(name)s: taken back, %(left)s there.", name=forms.called(found), left=left)
    )


# -- what a visit used -----------------------------------------------------------------------------------------------


@bp.get("/visits/<visit:visit_number>/supplies")
@needs(May.SEE_VISITS)
def visit_supplies(visit_number: str) -> str:
    """What a visit used; who serves it may add and put back."""
    viewer = me()
    found = reach.find(viewer, visit_number)
    return render_template(VISIT, **page.of_visit(found, viewer))


def _served(visit_number: str) -> tuple[Viewer, Visit]:
    viewer = me()
    found = reach.find(viewer, visit_number)
    if not rules.serves(found, viewer):
        raise Forbidden("use", rules.CLAUSE)
    return viewer, found


@bp.post("/visits/<visit:visit_number>/supplies/use")
@needs(May.SEE_VISITS)
def visit_use(visit_number: str) -> Response:
    """Write down that a visit used some of a supply."""
    viewer, found = _served(visit_number)
    form = forms.VisitUseForm.of_request()
    if not form.validate():
        return invalid(USED, page=VISIT, **page.of_visit(found, viewer, tried=form))
    given, key = form.given(), form.idempotency_key.data
    code = given.pop("supply")
    try:
        used = actions.use(code, by=viewer, now=clock.now(), visit=found, key=key, **given)
    except actions.Doubled as sent:
        if not sent.same:
            return errors.answer(409, str(RESENT))
        db.session.rollback()
        used = queries.find(code)
    except Refused as refused:
        if wants_fragment():
            raise
        db.session.rollback()
        found = reach.find(viewer, visit_number)
        drawn = page.of_visit(found, viewer, tried=form)
        said = [errors.say(reason) for reason in refused.reasons]
        return make_response(render_template(VISIT, **drawn, refused=said), 409)
    amounts = {
        "name": forms.called(used),
        "amount": given["amount"],
        "left": f"{used.on_hand} {forms.unit_of(used)}",
    }
    return _visit_done(visit_number, viewer, str(STOCK_SAID["use"]) % amounts)


@bp.post("/visits/<visit:visit_number>/supplies/back")
@needs(May.SEE_VISITS)
def visit_back(visit_number: str) -> Response:
    """Put back what was laid out for a visit and not used."""
    viewer, found = _served(visit_number)
    form = forms.BackForm.of_request()
    if not form.validate():
        abort(400)  # no person types this form
    given, key = form.given(), form.idempotency_key.data
    code = given.pop("supply")
    try:
        back = actions.put_back(code, by=viewer, now=clock.now(), visit=found, key=key, **given)
    except actions.Doubled as sent:
        if not sent.same:
            return errors.answer(409, str(RESENT))
        db.session.rollback()
        back = queries.find(code)
    said = _("%(name)s: %(amount)s put back.", name=forms.called(back), amount=given["amount"])
    return _visit_done(visit_number, viewer, said)


def _visit_done(visit_number: str, viewer: Viewer, said: str) -> Response:
    back = url_for(".visit_supplies", visit_number=visit_number)
    drawn = page.of_visit(reach.find(viewer, visit_number), viewer) if wants_fragment() else {}
    return done(USED, back=back, said=said, **drawn)


ImportPages(
    kind=sheet.SUPPLIES,
    title=_l("Import supplies"),
    about=_l("What is kept in stock, and how much of it was counted, from a workbook. (RC-15)"),
    sheet=_l("Supplies"),
    file=_l("Template for supplies"),
    address=lambda code: url_for("reception.supply", code=code),
    tabs="reception/_parts.html",
    endpoint="reception.import_supplies",
    list_endpoint="reception.supplies",
    exported="reception.export_supplies",
).add_to(bp, "/supplies/import")
