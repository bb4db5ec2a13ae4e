"""RC-20: how a visit is forgotten: every part empties its own texts, codes and moments stay for the statistics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception import queries, traces
from portal.blueprints.reception.codes import OVER, State
from portal.blueprints.reception.models import Booking, Visit, VisitStep, VisitTask
from portal.blueprints.reception.traces import Keeper, Person
from portal.i18n import _l
from portal.kernel import customers, files, history, mentions, recents, search, search_care, todos
from portal.kernel.customers import Customer
from portal.kernel.db import db, wiped
from portal.kernel.mentions import FORGOTTEN

# Each part that keeps names or texts about a visit forgets them here, by the visit's id; called inside a write.
ERASERS: list[Callable[[int], None]] = []
# Each part that keeps more about a person than the card itself does the same here, by the card's id.
CARD_ERASERS: list[Callable[[int], None]] = []

# What names or describes anybody, and goes.
TEXTS = (
    "visitor_pinyin", "company", "phone", "phone_tail", "party", "purpose", "remark", "material", "decision_note",
    "late_reason", "topic", "arrangement", "supplies_wanted", "pass_code",
    "taken_over", "fields_digest",  # without salt: whoever guesses the words could prove them by it
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
    recents.forget_about((visit.visitor_name, visit.visitor_pinyin, visit.phone))
    old = queries.searchable(visit)
    visit.visitor_name = FORGOTTEN
    for name in TEXTS:
        setattr(visit, name, "")
    visit.customer_id = None
    visit.anonymised_at = visit.anonymised_at or now
    db.session.execute(sa.update(VisitTask).where(VisitTask.visit_id == visit.id).values(note=""))
    db.session.execute(sa.update(VisitStep).where(VisitStep.visit_id == visit.id).values(before="{}"))
    db.session.execute(sa.update(Booking).where(Booking.visit_id == visit.id).values(reason=""))
    history.erase(visit)
    files.remove_all_of(visit)
    todos.replace(visit, (), now=now, title="", address="")
    db.session.flush()
    search.put("visit", visit.id, old=old, new=queries.searchable(visit))


def forget_card(card: Customer, now: datetime) -> None:
    """The card of a person who asked to be forgotten. Inside a write."""
    for erase in CARD_ERASERS:
        erase(card.id)
    recents.forget_about((card.name, card.pinyin, card.phone))
    old = customers.searchable(card)
    card.name = FORGOTTEN
    for name in CARD_TEXTS:
        setattr(card, name, "")
    card.birthday = card.consent_at = card.care_consent_at = None
    card.anonymised_at = card.anonymised_at or now
    history.erase(card)
    customers.indexed(card, old)


def wipe() -> None:
    """Nothing of what was forgotten is left in an index or a file of the database. At the end of the write."""
    for kind in sorted({keeper.index for keeper in traces.KEEPERS} - {""}):
        search_care.optimize(kind)
    wiped()


def gone_home() -> sa.ColumnElement[bool]:
    """A visit that may be forgotten: it is over, and nothing of it is still here. As the rule says, for the database."""
    declined = sa.or_(Visit.left_at.is_not(None), Visit.arrived_at.is_(None))
    over = sa.or_(Visit.state.in_(OVER), sa.and_(Visit.state == State.DECLINED, declined))
    return sa.and_(Visit.outstanding == 0, over)


# -- one person -----------------------------------------------------------------------------------------------------


def forget_companion(visit: Visit, person: Person, _now: datetime) -> None:
    """Somebody who came with another visitor: the name goes, the number of people stays. Inside a write."""
    visit.party = mentions.without(visit.party, person.name, person.phone)
    visit.fields_digest = ""
    history.erase(visit, person.named)


def _companion(visit: Visit, person: Person) -> dict[str, str]:
    """What the visit of somebody else says of the person, and nothing of that other one."""
    found = mentions.pieces(visit.party, person.name, person.phone)
    return {"number": visit.number, "day": visit.day, "party": ", ".join(found)}


_VISITS = Keeper(
    key="visits",
    model=Visit,
    caption=_l("Own visit"),
    number=Visit.number,
    at=sa.func.coalesce(Visit.arrived_at, Visit.starts_at, Visit.created_at),
    name=Visit.visitor_name,
    phone=Visit.phone,
    tail=Visit.phone_tail,
    there=Visit.anonymised_at.is_(None),
    over=gone_home(),
    forget=lambda visit, _person, now: forget(visit, now),
    lines="visit:",
    page="/reception/visits/{number}",
    index="visit",
)
_COMPANIONS = Keeper(
    key="companions",
    model=Visit,
    caption=_l("Came with another visitor"),
    number=Visit.number,
    at=_VISITS.at,
    name=Visit.party,
    within=True,
    beside=True,
    there=_VISITS.there,
    over=gone_home(),
    tell=_companion,
    forget=forget_companion,
    lines="visit:companion-",
    page=_VISITS.page,
)
_TASKS = Keeper(
    key="tasks",
    model=VisitTask,
    visit=VisitTask.visit_id,
    there=VisitTask.note != "",
    tell=lambda row, _person: traces.told(row, ("task", "done_at", "note")),
)
traces.KEEPERS += (_VISITS, _COMPANIONS, _TASKS)
