"""Who may know of which card, and what the pages list. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.codes import OVER
from portal.blueprints.reception.customers.codes import Consent, Relation
from portal.blueprints.reception.customers.models import CareNote
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import visible_to as visit_visible_to
from portal.i18n import _, label
from portal.kernel import customers, lists, reference
from portal.kernel.calls import Known
from portal.kernel.customers import MOST_MET, THERE, Customer, Met
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import May

MINE, NOBODY = "mine", "none"


def keeps(viewer: Viewer) -> bool:
    """True for those who look after all cards: desk, general office, leads."""
    return viewer.may(May.RECEIVE) or bool(viewer.leads) or viewer.is_manager or viewer.is_director


def visible_to(viewer: Viewer, owner: Any = Customer.owner_id) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a card: all of them, or the own ones."""
    return sa.true() if keeps(viewer) else owner == viewer.id


def find(viewer: Viewer, customer_id: int, *, lock: bool = False) -> Customer:
    """The card of that id if the viewer may know of it, merged or not; NotFound otherwise. `lock` inside a write."""
    if not 0 < customer_id < 2**31:
        raise NotFound
    wanted = sa.select(Customer).where(Customer.id == customer_id, visible_to(viewer))
    card = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if card is None:
        raise NotFound
    return card


def find_there(viewer: Viewer, customer_id: int) -> Customer:
    """The card, locked inside a write, of a person who was neither merged nor forgotten; NotFound otherwise."""
    card = find(viewer, customer_id, lock=True)
    if not card.there:
        raise NotFound
    return card


# -- the list ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CustomerList(Listing):
    """The filters of the cards."""

    words: str = ""
    owner: str = ""  # a user name, `mine` or `none`
    relation: str = ""
    consent: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> CustomerList:
        """The list an address asks for; what cannot be read is left out."""
        owner = args.get("owner", "")
        known = owner in {MINE, NOBODY} or reference.staff().by_username(owner) is not None
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            owner=owner if known else "",
            relation=lists.code(args.get("relation"), tuple(Relation)),
            consent=lists.code(args.get("consent"), (*Consent, NOBODY)),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted = [visible_to(self.viewer), THERE]
        if self.owner == NOBODY:
            wanted.append(Customer.owner_id.is_(None))
        elif self.owner == MINE:
            wanted.append(Customer.owner_id == self.viewer.id)
        elif card := reference.staff().by_username(self.owner):
            wanted.append(Customer.owner_id == card.id)
        if self.relation:
            wanted.append(Customer.relation == self.relation)
        agreed = {
            Consent.KEEP: Customer.consent_at.is_not(None),
            Consent.CARE: Customer.care_consent_at.is_not(None),
            NOBODY: sa.and_(Customer.consent_at.is_(None), Customer.care_consent_at.is_(None)),
        }
        if self.consent:
            wanted.append(agreed[self.consent])
        return wanted

    def rows(self, most: int) -> Sequence[Customer]:
        """At most that many cards from where the address says, newest first unless it goes back."""
        wanted: sa.Select[Any] = sa.select(Customer).where(*self._conditions())
        place: Any = Customer.id
        if self.words:
            wanted, place = customers.matching(wanted, self.words)
        return db.session.scalars(self.placed(wanted, place).limit(most)).all()

    def page(self) -> tuple[list[Customer], str | None, str | None]:
        """The cards of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


# -- one card ---------------------------------------------------------------------------------------------------------


def notes(card: Customer, most: int = 100) -> list[CareNote]:
    """The care of a customer: what is open first, what is due first on top; then what was done, newest first."""
    ours = sa.select(CareNote).where(CareNote.customer_id == card.id)
    order = (
        CareNote.done_at.is_not(None),
        CareNote.done_at.desc(),
        CareNote.due_on.is_(None),
        CareNote.due_on,
    )
    return list(db.session.scalars(ours.order_by(*order, CareNote.id).limit(most)))


def open_notes(card: Customer) -> list[CareNote]:
    """The care that is still to be done."""
    return [note for note in notes(card, 1000) if note.done_at is None]


def visits_of(viewer: Viewer, card: Customer) -> list[Met]:
    """What reception knows of a customer (CU-01)."""
    ours = sa.select(Visit).where(Visit.customer_id == card.id, visit_visible_to(viewer))
    return [
        Met(
            kind=_("Visit at reception"),
            number=visit.number,
            address=f"/reception/visits/{visit.number}",
            at=visit.starts_at or visit.arrived_at or visit.created_at,
            about=visit.purpose,
            state=f"{label(visit.category)} · {label(visit.state)}",
        )
        for visit in db.session.scalars(ours.order_by(Visit.id.desc()).limit(MOST_MET))
    ]


customers.HISTORIES.append(visits_of)


def unfinished_visits(ids: Sequence[int]) -> int:
    """How many visits of these cards are expected or going on."""
    ours = sa.select(sa.func.count()).select_from(Visit).where(Visit.customer_id.in_(ids))
    return db.session.scalar(ours.where(Visit.state.not_in(OVER))) or 0


# -- duplicates -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two cards that look like one person, and by what."""

    first: Customer
    second: Customer
    by: str  # phone, name


def proposals(most: int = lists.PAGE) -> list[Pair]:
    """Cards with the same phone, then those with the same name and company; the oldest and the newest of each."""
    ends = (sa.func.min(Customer.id), sa.func.max(Customer.id))
    several = sa.select(*ends).where(THERE).having(sa.func.count() > 1).order_by(ends[1].desc()).limit(most)
    by_phone = several.where(Customer.phone != "").group_by(Customer.phone)
    by_name = several.where(Customer.company != "").group_by(Customer.name, Customer.company)
    pairs: dict[tuple[int, int], str] = {}
    for by, wanted in (("phone", by_phone), ("name", by_name)):
        for first, second in db.session.execute(wanted):
            pairs.setdefault((first, second), by)
    ids = {each for pair in pairs for each in pair}
    cards = {card.id: card for card in db.session.scalars(sa.select(Customer).where(Customer.id.in_(ids)))}
    return [Pair(cards[first], cards[second], by) for (first, second), by in pairs.items()][:most]


def of_phone(viewer: Viewer, phone: str) -> list[Known]:
    """The cards of a phone number that the viewer may know of, for whoever answers the telephone (CU-01)."""
    ours = sa.and_(
        Customer.phone_tail == customers.tail(phone), Customer.phone == phone, Customer.phone != ""
    )
    cards = db.session.scalars(
        sa.select(Customer).where(THERE, ours, visible_to(viewer)).order_by(Customer.id).limit(3)
    )
    return [
        Known(
            _with_company(card), url_for("reception.customer", customer_id=card.id), card.name, card.company
        )
        for card in cards
    ]


def _with_company(card: Customer) -> str:
    return f"{card.name} · {card.company}" if card.company else card.name
