"""/reception/customers/: the cards, one card and its care, duplicates, and what a person may ask of us."""

from __future__ import annotations

import json
from datetime import date, datetime

from flask import abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.blueprints.reception import parts
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.customers import actions, page, queries, sheet
from portal.blueprints.reception.customers.codes import BY_HAND, Consent
from portal.blueprints.reception.customers.forms import CardForm, DoneForm, ForgetForm, NewForm, NoteForm
from portal.blueprints.reception.customers.queries import CustomerList
from portal.drawing import name_of
from portal.guards import me, needs
from portal.hx import done, gone_to, invalid
from portal.i18n import _, _l
from portal.import_pages import ImportPages
from portal.kernel import clock, customers, sheets
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.rights import May
from portal.parts import Part
from portal.security import SANDBOX

LIST, SHOW, CARD = (f"reception/customers/{name}.html" for name in ("index", "show", "_card"))
NEW, EDIT, PAIRS, COMPARE = (
    f"reception/customers/{name}.html" for name in ("new", "edit", "pairs", "compare")
)


parts.PARTS.append(Part(_l("Customer cards"), "reception.customer_list", May.SEE_VISITS, 60))


def _url(card: Customer) -> str:
    return url_for(".customer", customer_id=card.id)


# -- the list ---------------------------------------------------------------------------------------------------------


@bp.get("/customers/")
@needs(May.SEE_VISITS)
def customer_list() -> str:
    """The cards that the viewer may know of, newest first (CU-01); its filters are in the address."""
    return render_template(LIST, **page.listed(CustomerList.asked_for(me(), request.args)))


@bp.get("/customers/export")
@needs(May.RECEIVE)
def export_customers() -> Response:
    """What the list shows, as a workbook; phone numbers masked as there."""
    rows = CustomerList.asked_for(me(), request.args).rows(sheets.MOST_ROWS)
    captions = (
        _("Card"), _("Name"), _("Company"), _("Phone"), _("Relation"), _("Owner"), _("Data may be kept since"),
        _("Care agreed on"), _("Last visit"),
    )  # fmt: skip
    cells = (
        [
            card.number, card.name, card.company, customers.masked(card.phone), page.relation(card),
            name_of(card.owner_id) if card.owner_id else "", card.consent_at, card.care_consent_at,
            card.last_seen_at,
        ]
        for card in rows
    )  # fmt: skip
    book = sheets.workbook(_("Customer cards"), [sheets.Column(caption) for caption in captions], cells)
    return sheets.send(_("Customer cards"), book)


@bp.get("/customers/cards/export")
@needs(May.RECEIVE)
def export_cards() -> Response:
    """What the list shows, as a workbook that can be filled in and read in again; phone numbers masked (RC-20)."""
    rows = CustomerList.asked_for(me(), request.args).rows(sheets.MOST_ROWS)
    return sheets.send(_("Customer cards"), sheet.book(rows))


# -- a card -----------------------------------------------------------------------------------------------------------


@bp.get("/customers/new")
@needs(May.SEE_VISITS)
def new_customer() -> str:
    """The form of a new card."""
    if not queries.keeps(me()):
        abort(403)
    return render_template(NEW, form=NewForm.blank(), people=page.colleagues())


@bp.post("/customers/new")
@needs(May.SEE_VISITS)
def create_customer() -> Response:
    """Make a card; a person who has one is led to it (CU-01)."""
    if not queries.keeps(me()):
        abort(403)
    form = NewForm.of_request()
    if not form.validate():
        return invalid(NEW, page=NEW, form=form, people=page.colleagues())
    with db.write():
        card, fresh = actions.create(by=me(), now=clock.now(), consents=form.consents(), **form.given())
    said = _("The card is made.") if fresh else _("This person has a card already.")
    return gone_to(_url(card), said=said)


@bp.get("/customers/<int:customer_id>")
@needs(May.SEE_VISITS)
def customer(customer_id: int) -> Response | str:
    """A card: the person, what was agreed, what happened, the care; one that was merged leads to the one that stays."""
    card = queries.find(me(), customer_id)
    if card.merged_into_id:
        return redirect(url_for(".customer", customer_id=card.merged_into_id), 302)
    return render_template(SHOW, **page.shown(me(), card))


@bp.get("/customers/<int:customer_id>/edit")
@needs(May.SEE_VISITS)
def edit_customer(customer_id: int) -> str:
    """The form of a card; the phone number is masked in it too."""
    card = queries.find(me(), customer_id)
    if not card.there:
        abort(404)
    form = CardForm.of_card(card)
    return render_template(EDIT, card=card, form=form, version=card.version, people=page.colleagues())


@bp.post("/customers/<int:customer_id>/edit")
@needs(May.SEE_VISITS)
def save_customer(customer_id: int) -> Response:
    """Keep a card complete and current (CU-01); a stale edit answers 409 with both versions."""
    viewer = me()
    card = queries.find(viewer, customer_id)
    if not card.there:
        abort(404)
    form = CardForm.of_request()
    form.stored = card.phone
    drawn = {"form": form, "people": page.colleagues()}
    if not form.validate():
        return invalid(EDIT, page=EDIT, card=card, version=form.version.number or card.version, **drawn)
    with db.write():
        card = queries.find_there(viewer, customer_id)
        stale = form.version.stale(card.version)
        given = form.given()
        if not queries.keeps(viewer):
            given["owner_id"] = card.owner_id  # whose customer somebody is, others say (CU-04)
        if not stale:
            actions.edit(card, by=viewer, now=clock.now(), **given)
    if stale and (compared := page.compared(card, form)):
        answer = render_template(EDIT, card=card, version=card.version, compared=compared, **drawn)
        return make_response(answer, 409)
    return gone_to(_url(card), said=_("The card is saved."))


@bp.post("/customers/<int:customer_id>/reveal")
@needs(May.SEE_VISITS)
def reveal_phone(customer_id: int) -> Response | str:
    """The phone number in full; the look at it stays in the history (RC-20)."""
    with db.write():
        card = queries.find_there(me(), customer_id)
        actions.look(card, "customer:reveal", by=me(), now=clock.now())
    return render_template(SHOW, **page.shown(me(), card, phone=card.phone))


@bp.post("/customers/<int:customer_id>/export")
@needs(May.RECEIVE)
def export_customer(customer_id: int) -> Response:
    """All that is kept of a person, as a file for that person; that it was taken stays in the history (RC-20)."""
    with db.write():
        card = queries.find_there(me(), customer_id)
        actions.look(card, "customer:export", by=me(), now=clock.now())
    kept = actions.everything_of(me(), card)
    answer = make_response(json.dumps(kept, ensure_ascii=False, indent=1, default=_as_text))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{card.number}.json"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return clock.local(value).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _drawn(card: Customer, said: str) -> Response:
    """A change worked: the card again."""
    return done(CARD, back=_url(card), said=said, **page.shown(me(), card))


@bp.post("/customers/<int:customer_id>/consent")
@needs(May.SEE_VISITS)
def customer_consent(customer_id: int) -> Response:
    """`what` (keep, care) is agreed to or, with `agreed` no, taken back (RC-20, CU-02)."""
    what, agreed = request.form.get("what", ""), request.form.get("agreed", "")
    card = queries.find(me(), customer_id)
    if what not in set(Consent) or agreed not in {"yes", "no"}:
        return invalid(CARD, page=SHOW, **page.shown(me(), card))
    with db.write():
        card = queries.find_there(me(), customer_id)
        act = actions.agree if agreed == "yes" else actions.withdraw
        act(card, Consent(what), by=me(), now=clock.now())
    said = _("The consent is recorded.") if agreed == "yes" else _("The consent is withdrawn.")
    return _drawn(card, said)


# -- care -------------------------------------------------------------------------------------------------------------


@bp.post("/customers/<int:customer_id>/care")
@needs(May.SEE_VISITS)
def note_care(customer_id: int) -> Response:
    """Note a wanted item, sympathy or a contact (CU-02)."""
    card = queries.find(me(), customer_id)
    form = NoteForm.of_request()
    valid = form.validate()
    if valid and form.kind.data not in BY_HAND:
        form.kind.errors = [_("Please choose one from the list.")]
        valid = False
    if not valid:
        return invalid(CARD, page=SHOW, **page.shown(me(), card, form=form))
    with db.write():
        card = queries.find_there(me(), customer_id)
        fields = {"kind": form.kind.data, "note": form.note.data, "due_on": form.due_on.data}
        actions.note_care(card, by=me(), now=clock.now(), key=form.idempotency_key.data, **fields)
    return _drawn(card, _("Noted."))


@bp.post("/customers/<int:customer_id>/care/<int:note_id>/arrived")
@needs(May.SEE_VISITS)
def care_arrived(customer_id: int, note_id: int) -> Response:
    """The wanted item is there: the owner tells the customer (CU-02)."""
    with db.write():
        card = queries.find_there(me(), customer_id)
        actions.arrived(card, note_id, by=me(), now=clock.now())
    return _drawn(card, _("The owner is to tell the customer."))


@bp.post("/customers/<int:customer_id>/care/<int:note_id>/done")
@needs(May.SEE_VISITS)
def care_done(customer_id: int, note_id: int) -> Response:
    """Greeted, contacted, told: in one touch (CU-02)."""
    form = DoneForm.of_request()
    card = queries.find(me(), customer_id)
    if not form.validate():
        return invalid(CARD, page=SHOW, **page.shown(me(), card))
    with db.write():
        card = queries.find_there(me(), customer_id)
        actions.done(card, note_id, by=me(), now=clock.now(), result=form.result.data)
    return _drawn(card, _("Done."))


# -- duplicates -------------------------------------------------------------------------------------------------------


@bp.get("/customers/duplicates/")
@needs(May.RECEIVE)
def customer_pairs() -> str:
    """Cards that look like the same person."""
    return render_template(PAIRS, pairs=queries.proposals(), masked=customers.masked)


def _other(text: str | None) -> int:
    found = customers_number(text)
    if found is None:
        abort(404)
    return found


def customers_number(text: str | None) -> int | None:
    """A card by `12` or `KH-12`; None when it is neither."""
    plain = (text or "").strip().upper().removeprefix("KH-")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None


@bp.get("/customers/<int:customer_id>/merge")
@needs(May.RECEIVE)
def compare_customers(customer_id: int) -> str:
    """Two cards side by side; `other` names the second."""
    first = queries.find(me(), customer_id)
    second = queries.find(me(), _other(request.args.get("other")))
    if not (first.there and second.there) or first.id == second.id:
        abort(404)
    return render_template(COMPARE, first=first, second=second, rows=page.side_by_side(first, second))


@bp.post("/customers/<int:customer_id>/merge")
@needs(May.RECEIVE)
def merge_customers(customer_id: int) -> Response:
    """This card stays and `other` goes into it (CU-01)."""
    with db.write():
        stays, goes = actions.both(me(), customer_id, _other(request.form.get("other")))
        actions.merge(stays, goes, by=me(), now=clock.now())
    return gone_to(_url(stays), said=_("%(number)s was merged into this card.", number=goes.number))


# -- forgotten --------------------------------------------------------------------------------------------------------


@bp.post("/customers/<int:customer_id>/anonymise")
@needs(May.MANAGE_OFFICE)
def anonymise_customer(customer_id: int) -> Response:
    """Forget a person: no name and no text stays, figures do (RC-20)."""
    card = queries.find(me(), customer_id)
    form = ForgetForm.of_request()
    form.number = card.number
    if not form.validate():
        return invalid(CARD, page=SHOW, **page.shown(me(), card, forget=form))
    with db.write():
        card = queries.find_there(me(), customer_id)
        actions.anonymise(card, by=me(), now=clock.now())
    return gone_to(url_for(".customer_list"), said=_("%(number)s is forgotten.", number=card.number))


ImportPages(
    kind=sheet.CUSTOMERS,
    title=_l("Import customer cards"),
    about=_l(
        "Customers from elsewhere, or the export of the cards filled in further. A card is found again by its number, or "
        "by name and phone. (CU-01)"
    ),
    sheet=_l("Customer cards"),
    file=_l("Template for customer cards"),
    address=lambda number: url_for("reception.customer", customer_id=int(number[3:])),
    tabs="reception/_parts.html",
    endpoint="reception.import_customers",
    list_endpoint="reception.customer_list",
    exported="reception.export_cards",
).add_to(bp, "/customers/import")
