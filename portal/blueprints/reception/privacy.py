"""RC-20: how a visit is forgotten: every part empties its own texts, codes and moments stay for the statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception import queries
from portal.blueprints.reception.models import Booking, Visit, VisitStep, VisitTask
from portal.kernel import customers, files, history, search, sent_forms, todos
from portal.kernel.customers import Customer
from portal.kernel.db import db

FORGOTTEN = "—"
# Each part that keeps names or texts about a visit forgets them here, by the visit's id; called inside a write.
ERASERS: list[Callable[[int], None]] = []
# Each part that keeps more about a person than the card itself does the same here, by the card's id.
CARD_ERASERS: list[Callable[[int], None]] = []

# What names or describes anybody, and goes.
TEXTS = (
    "visitor_pinyin", "company", "phone", "phone_tail", "party", "purpose", "remark", "material", "decision_note",
    "late_reason", "topic", "arrangement", "pass_code",
    "fields_digest",  # without salt: whoever guesses the words could prove them by it
)  # fmt: skip
CARD_TEXTS = (
    "pinyin",
    "company",
    "phone",
    "phone_tail",
    "gender",
    "interests",
    "preferences",
    "opinions",
)


def forget(visit: Visit, now: datetime) -> None:
    """Every name and text of a visit goes, wherever it stands; figures stay. Inside a write; twice does no harm."""
    for erase in ERASERS:
        erase(visit.id)
    old = queries.searchable(visit)
    visit.visitor_name = FORGOTTEN
    for name in TEXTS:
        setattr(visit, name, "")
    visit.customer_id = None
    visit.anonymised_at = visit.anonymised_at or now
    db.session.execute(sa.update(VisitTask).where(VisitTask.visit_id == visit.id).values(note=""))
    db.session.execute(sa.update(VisitStep).where(VisitStep.visit_id == visit.id).values(before="{}"))
    db.session.execute(sa.update(Booking).where(Booking.visit_id == visit.id).values(reason=""))
    sent_forms.forget(visit)
    history.erase(visit)
    files.remove_all_of(visit)
    todos.replace(visit, (), now=now, title="", address="")
    db.session.flush()
    search.put("visit", visit.id, old=old, new=queries.searchable(visit))


def forget_card(card: Customer, now: datetime) -> None:
    """The card of a person who asked to be forgotten. Inside a write."""
    for erase in CARD_ERASERS:
        erase(card.id)
    old = customers.searchable(card)
    card.name = FORGOTTEN
    for name in CARD_TEXTS:
        setattr(card, name, "")
    card.birthday = card.consent_at = card.care_consent_at = None
    card.anonymised_at = now
    history.erase(card)
    customers.indexed(card, old)
