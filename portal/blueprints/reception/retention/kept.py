"""What reception keeps of people, for the register of the house (RC-20)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import queries as visits
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.privacy import gone_home
from portal.blueprints.reception.questions import queries as questions
from portal.blueprints.reception.retention import actions, queries
from portal.blueprints.reception.traces import KEEPERS, Keeper, Person
from portal.i18n import _l
from portal.kernel import customers
from portal.kernel.db import db
from portal.kernel.people import PORTAL
from portal.kernel.personal_data import Ending, Held, Indexed, Kept, Own, Place, Sought, Trace, Whose
from portal.kernel.workflow import Reason, Refused

OPEN = Held(Reason("RC-20", "thing_not_over"))


_VISIT = ("visit_id", "visits")
VISITS = (
    Place(
        "visits",
        names=("visitor_name", "phone", "company"),
        words=(
            "party", "purpose", "topic", "arrangement", "supplies_wanted", "late_reason", "decision_note", "material",
            "remark",
        ),
        beside=("visitor_pinyin", "phone_tail", "fields_digest", "pass_code", "taken_over"),
        at="created_at",
        number="number",
        index=Indexed("visit", visits.searchable),
    ),
    Place("visit_tasks", words=("note",), parent=_VISIT, number="number"),
    Place("visit_steps", words=("before",), at="at", parent=_VISIT, number="number", json={"before": "{}"}),
    Place("bookings", words=("reason",), at="at"),
    Place("visit_services", words=("what", "note"), at="asked_at", number="visit_number"),
    Place("kiosk_visits", words=("asked_for",), at="consent_at", parent=_VISIT, number="number"),
    Place(
        "register_corrections",
        words=("stood", "should_be", "reason"),
        at="at",
        parent=_VISIT,
        number="number",
        whole=True,
    ),
    Place("place_checks", words=("note",), at="at"),
    Place("supply_movements", words=("note",), at="at", whole=True),
    Place("daily_registers", words=("returned_note",), number="number", at="state_since"),
)  # fmt: skip
BOOKS = (
    Place(
        "questions",
        names=("asker_name", "phone"),
        words=("question", "answer"),
        beside=("asker_pinyin", "phone_tail", "fields_digest"),
        at="created_at",
        number="number",
        index=Indexed("question", questions.text_of),
    ),
    Place("deposits", names=("name",), words=("note", "lost_reason", "untagged_reason"), number="number", at="taken_at"),
    Place("key_loans", names=("name",), words=("purpose", "lost_reason"), number="number", at="lent_at"),
    Place(
        "goods_passes",
        names=("carrier",),
        words=("what", "amount", "company", "decision_note", "check_note"),
        number="number",
        at="asked_at",
    ),
    Place(
        "parcels",
        names=("sender",),
        words=("tracking", "place", "returned_reason"),
        beside=("fields_digest",),
        number="number",
        at="created_at",
    ),
)  # fmt: skip
CARDS = (
    Place(
        "customers",
        names=("name", "phone", "company"),
        words=("gender", "interests", "preferences", "opinions", "relation"),
        beside=("pinyin", "phone_tail"),
        at="created_at",
        index=Indexed("customer", customers.searchable),
    ),
    Place("care_notes", words=("occasion", "note", "result"), at="created_at"),
)
PURCHASES = (
    Place(
        "purchases",
        words=("reason", "decision_note", "supplier"),
        beside=("fields_digest",),
        number="number",
        at="asked_at",
    ),
    Place("purchase_lines", words=("note",), parent=("purchase_id", "purchases"), number="number"),
)

_OVERS = {
    keeper.model.__tablename__: keeper
    for keeper in KEEPERS
    if keeper.number is not None and not keeper.beside
}


def _open_visits(table: str, keys: Collection[tuple[Any, ...]]) -> sa.Select[Any] | None:
    """The keys of rows that belong to a visit which is not over."""
    found = Visit.metadata.tables[table]
    column = next((c for c in found.c for f in c.foreign_keys if f.column.table.name == "visits"), None)
    if column is None:
        return None
    (key,) = found.primary_key.columns
    ours = sa.select(key).join(Visit, Visit.id == column).where(key.in_([k[0] for k in keys]))
    return ours.where(Visit.anonymised_at.is_(None), sa.not_(gone_home()))


def hold(table: str, keys: Collection[tuple[Any, ...]], _now: datetime) -> Mapping[tuple[Any, ...], Held]:
    """RC-20: what is not over is still needed: a visit with all that belongs to it, a deposit, a key, a question."""
    open_ones: set[int] = set()
    ids = [key[0] for key in keys]
    if (keeper := _OVERS.get(table)) is not None:
        wanted = sa.select(keeper.model.id).where(
            keeper.model.id.in_(ids), keeper.there, sa.not_(keeper.over)
        )
        open_ones |= set(db.session.scalars(wanted))
    if (belonging := _open_visits(table, keys)) is not None:
        open_ones |= set(db.session.scalars(belonging))
    return {key: OPEN for key in keys if key[0] in open_ones}


# -- a person's own visits, cards, questions, things --------------------------------------------------------------------


def _person(sought: Sought) -> Person:
    """A visitor who only has the name of somebody who worked here is somebody else."""
    namesake = sought.person_id is not None and not sought.phone
    return Person() if namesake else Person(sought.name, sought.phone)


def find(sought: Sought, _now: datetime) -> list[Trace]:
    """Everything that names the person as whom it is about; what may be a namesake's is not sure."""
    found = queries.find(_person(sought))
    leaving = {(trace.keeper.key, trace.id) for trace in found.leaving}
    against = Held(found.against[0]) if found.against else None
    return [
        Trace(
            _class_of(trace.keeper),
            trace.number,
            trace.address,
            held=against or (None if (trace.keeper.key, trace.id) in leaving else OPEN),
            subject=None if trace.keeper.beside else (trace.keeper.model.history_kind, trace.id),
        )
        for trace in found.traces
    ] + [Trace(_class_of(trace.keeper), trace.number, trace.address, sure=False) for trace in found.unsure]


def _class_of(keeper: Keeper) -> str:
    table = keeper.model.__tablename__
    return next(
        (kept.key for kept in CLASSES if any(place.table == table for place in kept.places)), "visits"
    )


def tell(sought: Sought, by: int, now: datetime) -> dict[str, Any]:
    """What is handed over; each thing's history says that it was. Nothing where two people share what was typed."""
    try:
        return actions.take_out(_person(sought), by=replace(PORTAL, id=by), now=now)
    except Refused:
        return {}


def forget(sought: Sought, by: int, now: datetime) -> None:
    """Forget what is over; what fits several people is left alone."""
    try:
        actions.remove(_person(sought), by=replace(PORTAL, id=by), now=now)
    except Refused:
        return


CLASSES = (
    Kept(
        "visits",
        _l("Reception visits"),
        (Whose.VISITOR,),
        _l("To receive visitors, and to know who is in the house"),
        "RC-17",
        Ending.ANONYMISE,
        VISITS,
        figure="retention.visits_days",
        page="/reception/privacy/",
        hold=hold,
    ),
    Kept(
        "books",
        _l("The desk's books: questions, deposits, keys, goods, parcels"),
        (Whose.VISITOR, Whose.OUTSIDER),
        _l("To answer, and to give things back to whose they are"),
        "RC-27",
        Ending.ANONYMISE,
        BOOKS,
        figure="retention.visits_days",
        page="/reception/privacy/",
        hold=hold,
    ),
    Kept(
        "cards",
        _l("Customer cards"),
        (Whose.CUSTOMER,),
        _l("To know a returning customer, with the customer's consent"),
        "CU-01",
        Ending.ANONYMISE,
        CARDS,
        how_long=_l("As long as the customer agrees"),
        hold=hold,
    ),
    Kept(
        "purchases",
        _l("Purchase requests"),
        (Whose.OUTSIDER, Whose.EMPLOYEE),
        _l("To have supplies when they are needed"),
        "RC-15",
        Ending.KEEP,
        PURCHASES,
        how_long=_l("With the record"),
    ),
)
OWN = Own("visits", find, tell, forget)
