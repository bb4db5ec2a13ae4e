"""Which supplies, movements and purchase requests a page lists, and for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies import rules
from portal.blueprints.reception.supplies.codes import OPEN, MovementKind, PurchaseState, SupplyKind
from portal.blueprints.reception.supplies.models import Movement, Purchase, PurchaseLine, Supply
from portal.kernel import lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Position

MOST_EXPORTED = 10_000


def looks(viewer: Viewer) -> bool:
    """True for whoever may look at the stock: who keeps it, who leads, who buys."""
    return (
        rules.keeps_stock(viewer)
        or viewer.is_manager
        or viewer.is_director
        or reference.staff().holds(viewer.id, Position.PURCHASER)
    )


def find(code: str, *, lock: bool = False) -> Supply:
    """The supply of that code; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Supply).where(Supply.code == code)
    supply = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if supply is None:
        raise NotFound
    return supply


def active() -> list[Supply]:
    """Every supply in use, in the order of the list."""
    rows = sa.select(Supply).where(Supply.active).order_by(Supply.order, Supply.id)
    return list(db.session.scalars(rows))


@dataclass(frozen=True)
class SupplyList(Listing):
    """The filters of the stock; the low ones come first, so its pages are counted, not keyed."""

    words: str = ""
    kind: str = ""
    low: bool = False
    unused: bool = False
    skip: int = 0

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> SupplyList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            kind=lists.code(args.get("kind"), tuple(SupplyKind)),
            low=args.get("low") == "1",
            unused=args.get("unused") == "1",
            skip=min(lists.number(args.get("skip")) or 0, MOST_EXPORTED),
        )

    def rows(self, most: int) -> list[Supply]:
        """The supplies, low ones first; one statement."""
        is_low = Supply.on_hand < Supply.minimum
        wanted: list[tuple[Any, sa.ColumnElement[bool]]] = [
            (True, Supply.active.is_(not self.unused)),
            (self.kind, Supply.kind == self.kind),
            (self.low, is_low),
            (
                self.words,
                sa.or_(
                    *(
                        place.icontains(self.words, autoescape=True)
                        for place in (Supply.code, Supply.name, Supply.name_en)
                    )
                ),
            ),
        ]
        rows = sa.select(Supply).where(*(condition for asked, condition in wanted if asked))
        rows = rows.order_by(sa.case((is_low, 0), else_=1), Supply.order, Supply.id)
        return list(db.session.scalars(rows.offset(self.skip).limit(most)))

    def page(self) -> tuple[list[Supply], str | None, str | None]:
        """The rows of the page and the query strings of the page before and the page after."""
        found = self.rows(lists.PAGE + 1)
        before = self.address(skip=max(0, self.skip - lists.PAGE)) if self.skip else None
        after = self.address(skip=self.skip + lists.PAGE) if len(found) > lists.PAGE else None
        return found[: lists.PAGE], before, after


class Moved(NamedTuple):
    """A movement as it is listed, with the numbers of what it belongs to."""

    id: int
    movement: Movement
    visit: str | None
    purchase: str | None


@dataclass(frozen=True)
class MovementList(Listing):
    """The filters of one supply's movements."""

    kind: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> MovementList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            kind=lists.code(args.get("kind"), tuple(MovementKind)),
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def rows(self, supply: Supply, most: int) -> list[Moved]:
        """The movements, newest first, from where the address says; one statement."""
        wanted: list[tuple[Any, sa.ColumnElement[bool]]] = [
            (True, Movement.supply_id == supply.id),
            (self.kind, Movement.kind == self.kind),
            (self.since, Movement.at >= lists.begins(self.since or date.max)),
            (self.until, Movement.at < lists.begins(self.until or date.min, days_later=1)),
        ]
        columns: tuple[Any, ...] = (Movement, Visit.number, Purchase.number)
        rows = (
            sa.select(*columns)
            .outerjoin(Visit, Visit.id == Movement.visit_id)
            .outerjoin(Purchase, Purchase.id == Movement.purchase_id)
            .where(*(condition for asked, condition in wanted if asked))
        )
        found = db.session.execute(self.placed(rows, Movement.__table__.c.id).limit(most))
        return [Moved(movement.id, movement, visit, purchase) for movement, visit, purchase in found]

    def page(self, supply: Supply) -> tuple[list[Moved], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(self.rows(supply, lists.PAGE + 1))


def sent_before(by: int, key: str) -> Movement | None:
    """The movement that a form with this key made."""
    rows = sa.select(Movement).where(Movement.by_id == by, Movement.idempotency_key == key)
    return db.session.scalars(rows).one_or_none()


def last_use(viewer: Viewer, now: datetime) -> tuple[Movement, Supply] | None:
    """What this person used just now and may still take back; one statement."""
    rows = (
        sa.select(Movement, Supply)
        .join(Supply, Supply.id == Movement.supply_id)
        .where(Movement.by_id == viewer.id)
        .order_by(Movement.id.desc())
        .limit(1)
    )
    found = db.session.execute(rows).one_or_none()
    if found is None or rules.undone_in_time(found[0], now):
        return None
    return found[0], found[1]


def undone(movement: Movement) -> bool:
    """True when a use was taken back."""
    return db.session.scalar(sa.select(Movement.id).where(Movement.undoes_id == movement.id)) is not None


def of_visit(visit_id: int) -> list[tuple[Movement, Supply]]:
    """Every movement for a visit, newest first."""
    rows = (
        sa.select(Movement, Supply)
        .join(Supply, Supply.id == Movement.supply_id)
        .where(Movement.visit_id == visit_id)
        .order_by(Movement.id.desc())
    )
    return [(movement, supply) for movement, supply in db.session.execute(rows)]


def used_by(visit_id: int, supply_id: int) -> int:
    """How much of a supply a visit has, less what was put back."""
    total = sa.select(sa.func.coalesce(sa.func.sum(Movement.amount), 0)).where(
        Movement.visit_id == visit_id, Movement.supply_id == supply_id
    )
    return -int(db.session.scalar(total) or 0)


# -- purchase requests -----------------------------------------------------------------------------------------------


def find_purchase(viewer: Viewer, number: str, *, lock: bool = False) -> Purchase:
    """The purchase request of that number if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Purchase).where(Purchase.number == number)
    purchase = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if purchase is None or not (looks(viewer) or rules.sees_purchase(purchase, viewer)):
        raise NotFound
    return purchase


def lines_of(purchase: Purchase) -> list[tuple[PurchaseLine, Supply]]:
    """The lines of a request with their supplies, in one order for everybody who locks them."""
    rows = (
        sa.select(PurchaseLine, Supply)
        .join(Supply, Supply.id == PurchaseLine.supply_id)
        .where(PurchaseLine.purchase_id == purchase.id)
        .order_by(Supply.id)
    )
    return [(line, supply) for line, supply in db.session.execute(rows)]


def under_way() -> dict[int, int]:
    """Supply id -> how much of it is asked for and has not come yet."""
    rest = sa.case(
        (PurchaseLine.amount > PurchaseLine.received, PurchaseLine.amount - PurchaseLine.received), else_=0
    )
    rows = (
        sa.select(PurchaseLine.supply_id, sa.func.sum(rest))
        .join(Purchase, Purchase.id == PurchaseLine.purchase_id)
        .where(Purchase.state.in_(OPEN))
        .group_by(PurchaseLine.supply_id)
    )
    return {supply_id: int(amount) for supply_id, amount in db.session.execute(rows)}


class Asked(NamedTuple):
    """A purchase request as it is listed."""

    id: int
    purchase: Purchase
    lines: int


@dataclass(frozen=True)
class PurchaseList(Listing):
    """The filters of the purchase requests."""

    state: str = ""
    mine: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> PurchaseList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            state=lists.code(args.get("state"), (*PurchaseState, "open")),
            mine=args.get("mine") == "1",
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def rows(self, most: int) -> list[Asked]:
        """The requests, newest first, from where the address says; one statement."""
        wanted: list[tuple[Any, sa.ColumnElement[bool]]] = [
            (self.state == "open", Purchase.state.in_(OPEN)),
            (self.state not in {"", "open"}, Purchase.state == self.state),
            (self.mine, Purchase.asked_by_id == self.viewer.id),
        ]
        count = (
            sa.select(sa.func.count())
            .select_from(PurchaseLine)
            .where(PurchaseLine.purchase_id == Purchase.id)
            .scalar_subquery()
        )
        rows: sa.Select[Any] = sa.select(Purchase, count).where(
            *(condition for asked, condition in wanted if asked)
        )
        found = db.session.execute(self.placed(rows, Purchase.__table__.c.id).limit(most))
        return [Asked(purchase.id, purchase, lines) for purchase, lines in found]

    def page(self) -> tuple[list[Asked], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(self.rows(lists.PAGE + 1))


def names(viewer: Viewer, supply_ids: Collection[int]) -> dict[int, str]:
    """What these supplies are called, for an inbox; only for those who may look at the stock."""
    if not looks(viewer):
        return {}
    rows = db.session.execute(sa.select(Supply.id, Supply.name).where(Supply.id.in_(supply_ids)))
    return {row.id: row.name for row in rows}
