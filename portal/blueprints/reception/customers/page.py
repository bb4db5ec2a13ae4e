"""What the pages of customers draw."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal import timeline
from portal.blueprints.reception.customers import queries
from portal.blueprints.reception.customers.codes import BY_HAND, CareKind, Consent, Festival, Gender, Relation
from portal.blueprints.reception.customers.forms import CardForm, ForgetForm, NoteForm
from portal.blueprints.reception.customers.labels import FIELDS
from portal.blueprints.reception.customers.models import CareNote
from portal.blueprints.reception.customers.queries import MINE, NOBODY, CustomerList
from portal.drawing import name_of
from portal.i18n import _, day, label
from portal.kernel import clock, customers, reference
from portal.kernel.customers import Customer
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May


def relation(card: Customer) -> str:
    """The level of the relation in words."""
    return label(Relation(card.relation)) if card.relation else ""


def colleagues() -> list[Card]:
    """Who may own a card."""
    return [card for card in reference.staff().cards.values() if card.active]


def listed(asked: CustomerList) -> dict[str, Any]:
    """All that the list draws."""
    rows, newer, older = asked.page()
    owners = [(MINE, _("My own")), (NOBODY, _("Nobody"))]
    owners += [(card.username, name_of(card.id)) for card in colleagues()]
    return {
        "asked": asked,
        "rows": rows,
        "newer": newer,
        "older": older,
        "choices": [
            ("owner", _("Owner"), owners if queries.keeps(asked.viewer) else []),
            ("relation", _("Relation"), [(str(code), label(code)) for code in Relation]),
            (
                "consent",
                _("Consent"),
                [*((str(code), label(code)) for code in Consent), (NOBODY, _("Agreed to nothing"))],
            ),
        ],
        "masked": customers.masked,
        "relation": relation,
        "keeps": queries.keeps(asked.viewer),
    }


def about(note: CareNote) -> str:
    """What a note of the calendar is about; a note by hand says it itself."""
    _year, _colon, festival = note.occasion.partition(":")
    if note.kind is CareKind.FESTIVAL and festival in set(Festival):
        return label(Festival(festival))
    return note.note


def shown(
    viewer: Viewer,
    card: Customer,
    *,
    form: NoteForm | None = None,
    forget: ForgetForm | None = None,
    phone: str = "",
) -> dict[str, Any]:
    """All that a card draws. `phone` is the number in full, once somebody asked for it."""
    notes = queries.notes(card)
    owner = reference.staff().cards.get(card.owner_id) if card.owner_id else None
    return {
        "card": card,
        "phone": phone or customers.masked(card.phone),
        "plain": phone,
        "relation": relation(card),
        "gender": label(Gender(card.gender)) if card.gender else "",
        "owner": owner,
        "met": customers.met(viewer, card),
        "open": [note for note in notes if note.done_at is None],
        "past": [note for note in notes if note.done_at is not None],
        "about": about,
        "today": clock.local(clock.now()).date(),
        "doubles": customers.doubles(card) if card.there and viewer.may(May.RECEIVE) else [],
        "timeline": timeline.of(card, most=60),
        "form": form or NoteForm.blank(),
        "by_hand": [(str(kind), label(kind)) for kind in BY_HAND],
        "forget": forget or ForgetForm.blank(),
    }


def side_by_side(stays: Customer, goes: Customer) -> list[tuple[Any, str, str]]:
    """The two cards, field by field."""
    return [(FIELDS[name], _words(stays, name), _words(goes, name)) for name in FIELDS] + [
        (_("Last visit"), day(stays.last_seen_at), day(goes.last_seen_at)),
        (label(Consent.KEEP), day(stays.consent_at), day(goes.consent_at)),
        (label(Consent.CARE), day(stays.care_consent_at), day(goes.care_consent_at)),
    ]


def _words(card: Customer, name: str) -> str:
    value = getattr(card, name)
    match name:
        case "phone":
            return customers.masked(value)
        case "owner_id":
            return name_of(value) if value else ""
        case "relation":
            return relation(card)
        case "gender":
            return label(Gender(value)) if value else ""
    return value.isoformat() if isinstance(value, date) else str(value or "")


def compared(card: Customer, form: CardForm) -> list[tuple[Any, str, str]]:
    """What was typed beside what is stored now, where they differ: label, typed, stored."""
    typed = Customer(**form.given())
    rows = [(FIELDS[name], _words(typed, name), _words(card, name)) for name in FIELDS]
    return [row for row in rows if row[1] != row[2]]
