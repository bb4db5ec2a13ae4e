"""Which visits and cards are looked at for RC-20: those past their term, those of one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.reception.codes import OVER, State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.retention import rules
from portal.kernel import clock, customers, lists, policies, reference
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.lists import PAGE, Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

V = Visit.__table__.c
MOST = 200  # visits of one person that are shown and removed together
LEFT_OUT = 50  # named one by one
ROW = (
    V.id, V.number, V.day, V.category, V.state, V.visitor_name, V.company, V.phone, V.purpose, V.arrived_at, V.left_at,
    V.outstanding, V.customer_id,
)  # fmt: skip


def until(now: datetime) -> str:
    """The last day whose visits are past their term."""
    days = policies.number("retention.visits_days", now)
    return rules.last_day(clock.local(now).date(), days).isoformat()


def _gone_home() -> sa.ColumnElement[bool]:
    """As `rules.against_forgetting`, for the database."""
    declined = sa.and_(V.state == State.DECLINED, sa.or_(V.left_at.is_not(None), V.arrived_at.is_(None)))
    return sa.and_(V.outstanding == 0, sa.or_(V.state.in_(OVER), declined))


def past_term(now: datetime) -> sa.ColumnElement[bool]:
    """Visits with names whose term is over."""
    return sa.and_(V.day <= until(now), V.anonymised_at.is_(None))


def ripe(now: datetime) -> sa.ColumnElement[bool]:
    """Those of them that may be forgotten."""
    return sa.and_(past_term(now), _gone_home())


def months(now: datetime) -> list[tuple[str, int]]:
    """How many may be forgotten, by month."""
    month = sa.func.substr(V.day, 1, 7)
    counted = sa.select(month, sa.func.count()).where(ripe(now)).group_by(month).order_by(month)
    return [(name, count) for name, count in db.session.execute(counted)]


def left_out(now: datetime) -> list[Any]:
    """Visits past their term that are not over, or of which something is still here."""
    rows = sa.select(*ROW).where(past_term(now), sa.not_(_gone_home()))
    return list(db.session.execute(rows.order_by(V.day, V.id).limit(LEFT_OUT)))


@dataclass(frozen=True)
class RipeList(Listing):
    """Visits that may be forgotten, a page of them."""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> RipeList:
        """The page an address asks for."""
        return cls(viewer, before=lists.number(args.get("before")), after=lists.number(args.get("after")))

    def page(self, now: datetime) -> tuple[list[Any], str | None, str | None]:
        """Rows, and the query strings of the newer and the older page."""
        wanted = self.placed(sa.select(*ROW).where(ripe(now)), V.id)
        return self.paged(list(db.session.execute(wanted.limit(PAGE + 1))))


def oldest(now: datetime, most: int) -> list[int]:
    """The oldest visits that may be forgotten."""
    return list(db.session.scalars(sa.select(V.id).where(ripe(now)).order_by(V.day, V.id).limit(most)))


def locked(ids: Iterable[int]) -> list[Visit]:
    """These visits for a change. Inside a write."""
    return list(
        db.session.scalars(
            sa.select(Visit).where(Visit.id.in_(list(ids))).order_by(Visit.id).with_for_update()
        )
    )


def reminded(now: datetime) -> bool:
    """True when somebody of the office was told this month, in company time, that terms are over."""
    month = lists.begins(clock.local(now).date().replace(day=1))
    office = reference.staff().with_role(Role.OFFICE)
    told = sa.select(Notice.id).where(
        Notice.person_id.in_(office), Notice.kind == "visit:term_over", Notice.at >= month
    )
    return db.session.scalar(told.limit(1)) is not None


# -- one person ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Whom somebody asks about: a name, a phone number, or both."""

    name: str = ""
    phone: str = ""

    @classmethod
    def asked_for(cls, args: MultiDict[str, str]) -> Person:
        """Who an address or a form asks about."""
        return cls(lists.words(args.get("name"), 120), lists.words(args.get("phone"), 40))

    @property
    def asks(self) -> bool:
        """True when something was typed."""
        return bool(self.name or rules.digits(self.phone))

    def visits(self) -> list[Any]:
        """The visits of that name and number, newest first."""
        wanted = sa.select(*ROW).where(
            V.anonymised_at.is_(None), *self._like(V.visitor_name, V.phone_tail, V.phone)
        )
        rows = db.session.execute(wanted.order_by(V.id.desc()).limit(MOST))
        return [row for row in rows if self._same_phone(row.phone)]

    def cards(self) -> list[Customer]:
        """The customer cards of that name and number."""
        like = self._like(Customer.name, Customer.phone_tail, Customer.phone)
        rows = db.session.scalars(
            sa.select(Customer).where(Customer.anonymised_at.is_(None), *like).limit(MOST)
        )
        return [card for card in rows if self._same_phone(card.phone)]

    def _like(self, name: Any, tail: Any, phone: Any) -> Iterable[sa.ColumnElement[bool]]:
        if self.name:
            yield name == self.name
        if rules.digits(self.phone):
            yield tail == customers.tail(self.phone) if customers.tail(self.phone) else phone == self.phone

    def _same_phone(self, phone: str) -> bool:
        return not self.phone or rules.digits(phone) == rules.digits(self.phone)
