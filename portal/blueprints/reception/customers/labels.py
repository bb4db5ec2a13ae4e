"""What people read of a customer card: its codes, what waits, refusals and history."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal import telling
from portal.blueprints.reception.customers.codes import CareKind, Consent, Festival, Gender, Relation
from portal.drawing import name_of
from portal.i18n import _l, day, label, listed

LABELS: dict[Any, Any] = {
    Gender: {Gender.FEMALE: _l("Female"), Gender.MALE: _l("Male")},
    Relation: {
        Relation.NEW: _l("New customer"),
        Relation.REGULAR: _l("Regular customer"),
        Relation.KEY: _l("Key customer"),
        Relation.PARTNER: _l("Partner"),
    },
    Consent: {Consent.KEEP: _l("Data may be kept"), Consent.CARE: _l("Greetings and contact wanted")},
    CareKind: {
        CareKind.BIRTHDAY: _l("Birthday"),
        CareKind.FESTIVAL: _l("Festival greeting"),
        CareKind.CONTACT: _l("Regular contact"),
        CareKind.SYMPATHY: _l("Sympathy"),
        CareKind.WANTED: _l("Wanted item"),
    },
    Festival: {
        Festival.NEW_YEAR: _l("New Year"),
        Festival.SPRING: _l("Spring Festival"),
        Festival.DRAGON_BOAT: _l("Dragon Boat Festival"),
        Festival.MID_AUTUMN: _l("Mid-Autumn Festival"),
    },
}
# What waits for the owner of a card.
AWAITED = {
    "care-birthday": _l("Birthday greetings"),
    "care-festival": _l("Festival greetings"),
    "care-contact": _l("Contact the customer"),
    "care-sympathy": _l("Show sympathy"),
    "care-wanted": _l("Tell that it has arrived"),
}
REASONS = {
    "care_not_agreed": _l("The customer has not agreed to greetings and contact."),
    "not_awaited": _l("This item is not awaited any more."),
    "care_done": _l("This is done already."),
    "same_card": _l("These are not two cards."),
    "card_gone": _l("One of the two cards is not there any more."),
    "visit_open": _l("Visits of this person that are not over: %(count)s."),
}
HISTORY = {
    "customer:new": _l("Card made"),
    "customer:edit": _l("Card changed"),
    "customer:reveal": _l("Phone number looked at"),
    "customer:export": _l("Data of this person exported"),
    "customer:agree": _l("Consent given"),
    "customer:withdraw": _l("Consent withdrawn"),
    "customer:remind": _l("Reminder by the calendar"),
    "customer:care": _l("Care noted"),
    "customer:arrived": _l("Wanted item has arrived"),
    "customer:done": _l("Care done"),
    "customer:merge": _l("Another card was merged into this one"),
    "customer:merged": _l("Merged into another card"),
    "customer:anonymise": _l("Person forgotten"),
}
FIELDS: dict[str, Any] = {
    "name": _l("Name"),
    "company": _l("Company"),
    "phone": _l("Phone"),
    "gender": _l("Gender"),
    "birthday": _l("Birthday"),
    "relation": _l("Relation"),
    "owner_id": _l("Owner"),
    "preferences": _l("Preferences"),
    "interests": _l("Interests"),
    "opinions": _l("Opinions"),
}


def _fields(names: list[str]) -> str:
    return listed(FIELDS[name] for name in names)


READERS: dict[str, telling.Readers] = {
    "customer": {name: (words, str) for name, words in FIELDS.items()}
    | {
        "gender": (FIELDS["gender"], lambda code: label(Gender(code))),
        "relation": (FIELDS["relation"], lambda code: label(Relation(code))),
        "fields": (_l("Changed"), _fields),
        "owner": (_l("Owner"), name_of),
        "consent": (_l("Consent"), lambda code: label(Consent(code))),
        "care": (_l("Care"), lambda code: label(CareKind(code))),
        "on": (_l("Day"), lambda text: day(date.fromisoformat(text))),
        "other": (_l("Card"), str),
    }
}
