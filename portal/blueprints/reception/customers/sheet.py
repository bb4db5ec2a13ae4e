"""Customer cards as a workbook: in by the form's own rules, out with the phone numbers masked as in the list (CU-01).

A line is known by the number of its card; without one by name and phone, or by name and company where no phone is said,
as the desk finds a card again. A number sent back masked stays as it is (RC-20).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from portal import importing, ledgers
from portal.blueprints.reception import going_over
from portal.blueprints.reception.customers import actions, queries
from portal.blueprints.reception.customers.codes import Consent, Gender, Relation
from portal.blueprints.reception.customers.forms import CardForm, NewForm
from portal.forms import Line
from portal.i18n import _, _l
from portal.kernel import customers, sheets
from portal.kernel.customers import THERE, Customer
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column, folded
from portal.known_keys import rows_with
from portal.ledgers import Ledger, Stored

NAMES = (
    "number", "name", "company", "phone", "relation", "owner", "gender", "birthday", "preferences", "interests",
    "opinions", "consent", "care_consent",
)  # fmt: skip
CONSENTS = {"consent": Consent.KEEP, "care_consent": Consent.CARE}
HINTS = {
    "number": _l("The number of a card that is there, such as KH-7; empty for somebody new."),
    "phone": _l("Written as text, so that no nought is lost. A masked number stays as it is."),
    "owner": _l("User name or name of a colleague."),
    "birthday": _l("As 1980-03-01."),
    "consent": _l("Only what the person said. (RC-20)"),
    "care_consent": _l("Only what the person said. (CU-02)"),
}
EXAMPLES = {
    "name": "王建国", "company": "恒通贸易", "phone": "13900001234", "relation": Relation.REGULAR, "owner": "desk1",
    "gender": Gender.MALE, "birthday": "1980-03-01", "preferences": "绿茶", "consent": "true", "care_consent": "false",
}  # fmt: skip


class _Line(NewForm):
    """A line about a customer, with what the person agreed to."""

    number = Line(_l("Number of the card"), most=16)
    there = False

    def validate_number(self, field: Field) -> None:
        if field.data and not self.there:
            raise ValidationError(
                _("There is no card of this number. Leave the cell empty for somebody new.")
            )

    def validate_phone(self, field: Field) -> None:
        if self.stored and field.data == self.stored:
            field.data = customers.masked(self.stored)  # nobody is shown a number because it did not change
        super().validate_phone(field)


def columns() -> list[Column]:
    """The fields of a card, in the language of the page."""
    return importing.columns_of(
        _Line.blank(), NAMES, needed={"name"}, hints=HINTS, examples=EXAMPLES, keyed=True
    )


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)


def key_of(texts: ledgers.Texts) -> str:
    """The number of the card, else name and phone, else name and company."""
    if number := folded(texts.get("number", "")):
        return number
    name, phone = folded(texts.get("name", "")), _digits(texts.get("phone", ""))
    return f"{name}|{phone}" if phone else f"{name}||{folded(texts.get('company', ''))}"


def _stored(cards: Iterable[Customer], *, numbered: bool) -> list[Stored]:
    found = []
    for card in cards:
        form = _Line.blank(
            **CardForm.of_card(card).data,
            number=card.number if numbered else "",
            consent=card.consent_at is not None,
            care_consent=card.care_consent_at is not None,
        )
        key = key_of({"name": card.name, "phone": card.phone, "company": card.company})
        key = folded(card.number) if numbered else key
        found.append(Stored(card.number, ledgers.texts_of(form, NAMES), card, key))
    return found


def _there(by: Viewer, keys: Collection[str]) -> list[Stored]:
    """The cards of these keys that the viewer may know of."""
    ids = [int(key[3:]) for key in keys if re.fullmatch(r"kh-[0-9]{1,9}", key)]
    named = [key.split("|") for key in keys if "|" in key]
    tails = {customers.tail(parts[1]) for parts in named if parts[1]} - {""}
    # A key knows no case and no width; what the database finds by name is looked at again by the key.
    wanted = sa.select(Customer).where(THERE, queries.visible_to(by)).order_by(Customer.id)
    found = _stored((card for (card,) in rows_with(wanted, Customer.id, ids)), numbered=True)
    by_phone = (card for (card,) in rows_with(wanted, Customer.phone_tail, sorted(tails)))
    bare = any(not customers.tail(parts[1]) for parts in named)
    others = db.session.scalars(wanted.where(Customer.phone_tail == "")) if bare else ()
    return [*found, *_stored(by_phone, numbered=False), *_stored(others, numbered=False)]


def _form(values: MultiDict[str, Any], stored: Stored | None) -> _Line:
    form = _Line(values)
    form.stored, form.there = (stored.thing.phone, True) if stored else ("", False)
    return form


def _add(form: _Line, *, by: Viewer, now: datetime) -> str:
    card, fresh = actions.create(by=by, now=now, consents=form.consents(), **form.given())
    if not fresh:  # a colleague made the card meanwhile, or the line before
        raise importing.Overtaken
    return card.number


def _edit(card: Customer, form: _Line, *, by: Viewer, now: datetime) -> None:
    actions.edit(card, by=by, now=now, **form.given())
    agreed = form.consents()
    for consent in Consent:
        (actions.agree if consent in agreed else actions.withdraw)(card, consent, by=by, now=now)


def book(cards: Iterable[Customer]) -> bytes:
    """These cards as a workbook that can be read in again here; the phone numbers are masked (RC-20)."""
    rows = _stored(cards, numbered=True)
    return ledgers.book(_("Customer cards"), columns(), rows, importing.MOST_LINES)


def whole(by: Viewer) -> bytes:
    """Every card with its phone number, to be taken over by another portal (RC-20)."""
    wanted = sa.select(Customer).where(THERE, queries.visible_to(by)).order_by(Customer.id)
    cards = wanted.limit(sheets.MOST_ROWS)
    return going_over.book(
        CUSTOMERS, _("Customer cards"), by, lambda: _stored(db.session.scalars(cards), numbered=False)
    )


CUSTOMERS = importing.Kind(
    name="customers",
    may_import=May.RECEIVE,
    may_export=May.MANAGE_OFFICE,
    columns=columns,
    export=whole,
    ledger=Ledger(names=NAMES, keys=("name",), stored=_there, form=_form, add=_add, edit=_edit, key=key_of),
)
importing.KINDS[CUSTOMERS.name] = CUSTOMERS
