"""Which deposits, key loans and goods passes a page lists, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.codes import PRESENT
from portal.blueprints.reception.keeping.codes import Direction, PassState
from portal.blueprints.reception.keeping.models import Deposit, GoodsPass, Key, KeyLoan, Tag
from portal.blueprints.reception.models import Visit
from portal.kernel import lists
from portal.kernel.db import db
from portal.kernel.lists import PAGE, Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import May

SHOWN = ("overdue", "lost", "all")  # nothing chosen: what is out
Kept = TypeVar("Kept", Deposit, KeyLoan, GoodsPass)
Lapsed = TypeVar("Lapsed", Deposit, KeyLoan)
PASSES = ("waiting", "all")
MOST_VISIT_ROWS = 100  # of one visit's page


def loans_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The desk sees every key loan, everybody the own ones."""
    return sa.true() if viewer.may(May.RECEIVE) else KeyLoan.borrower_id == viewer.id


def goods_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The desk and whoever runs the company see every pass, leads their departments', everybody the own ones."""
    if viewer.may(May.RECEIVE) or viewer.is_manager or viewer.is_director:
        return sa.true()
    return sa.or_(GoodsPass.asked_by_id == viewer.id, GoodsPass.department.in_(viewer.leads))


def deposit(number: str) -> Deposit:
    """The deposit of that number; NotFound (404) otherwise."""
    return _one(sa.select(Deposit).where(Deposit.number == number))


def loan(viewer: Viewer, number: str) -> KeyLoan:
    """The key loan of that number if the viewer may see it; NotFound (404) otherwise."""
    return _one(sa.select(KeyLoan).where(KeyLoan.number == number, loans_visible_to(viewer)))


def goods_pass(viewer: Viewer, number: str) -> GoodsPass:
    """The goods pass of that number if the viewer may see it; NotFound (404) otherwise."""
    return _one(sa.select(GoodsPass).where(GoodsPass.number == number, goods_visible_to(viewer)))


def _one(wanted: sa.Select[Kept]) -> Kept:
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def _out(model: Any) -> sa.ColumnElement[bool]:
    return sa.and_(model.returned_at.is_(None), model.lost_at.is_(None))


def _says(words: str, *columns: Any) -> sa.ColumnElement[bool]:
    return sa.or_(*(sa.func.lower(column).contains(words.lower(), autoescape=True) for column in columns))


@dataclass(frozen=True)
class HeldList(Listing):
    """Deposits or key loans: what is out first of all, newest first."""

    show: str = ""
    words: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> Self:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            show=lists.code(args.get("show"), SHOWN),
            words=lists.words(args.get("words")),
        )

    def _shown(self, wanted: sa.Select[Any], model: Any, now: datetime) -> sa.Select[Any]:
        match self.show:
            case "all":
                return wanted
            case "lost":
                return wanted.where(model.lost_at.is_not(None))
            case "overdue":
                return wanted.where(_out(model), model.due_at < now)
        return wanted.where(_out(model))


@dataclass(frozen=True)
class DepositList(HeldList):
    """The list of deposits; words are a tag's number, a name or a visit's number."""

    def rows(self, now: datetime, most: int = PAGE + 1) -> list[Deposit]:
        """The deposits, with tag and visit, in one statement."""
        wanted = self._shown(sa.select(Deposit), Deposit, now)
        if self.words:
            said = _says(self.words, Deposit.name, Deposit.number, Visit.visitor_pinyin, Visit.number)
            by_tag = sa.cast(Tag.number, sa.String) == self.words
            wanted = wanted.join(Tag, Tag.id == Deposit.tag_id).outerjoin(Visit, Visit.id == Deposit.visit_id)
            wanted = wanted.where(sa.or_(said, by_tag))
        return list(db.session.scalars(self.placed(wanted, Deposit.__table__.c.id).limit(most)))


@dataclass(frozen=True)
class LoanList(HeldList):
    """The list of key loans; words are a key's number, what it opens, a name or a visit's number."""

    def rows(self, now: datetime, most: int = PAGE + 1) -> list[KeyLoan]:
        """The loans, with key and visit, in one statement."""
        wanted = self._shown(sa.select(KeyLoan), KeyLoan, now).where(loans_visible_to(self.viewer))
        if self.words:
            said = _says(
                self.words, KeyLoan.name, KeyLoan.number, Key.number, Key.opens, Key.opens_en,
                Visit.visitor_pinyin, Visit.number,
            )  # fmt: skip
            wanted = wanted.join(Key, Key.id == KeyLoan.key_id).outerjoin(Visit, Visit.id == KeyLoan.visit_id)
            wanted = wanted.where(said)
        return list(db.session.scalars(self.placed(wanted, KeyLoan.__table__.c.id).limit(most)))


@dataclass(frozen=True)
class GoodsList(Listing):
    """Goods passes, newest first; what still waits unless all are asked for."""

    show: str = ""
    direction: str = ""
    words: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> GoodsList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            show=lists.code(args.get("show"), PASSES),
            direction=lists.code(args.get("direction"), set(Direction)),
            words=lists.words(args.get("words")),
        )

    def rows(self, most: int = PAGE + 1) -> list[GoodsPass]:
        """The passes, with their visits, in one statement."""
        wanted = sa.select(GoodsPass).where(goods_visible_to(self.viewer))
        if self.show == "waiting":
            wanted = wanted.where(GoodsPass.state.in_([PassState.ASKED, PassState.APPROVED]))
        if self.direction:
            wanted = wanted.where(GoodsPass.direction == Direction(self.direction))
        if self.words:
            columns = (GoodsPass.number, GoodsPass.what, GoodsPass.carrier, GoodsPass.company)
            wanted = wanted.where(_says(self.words, *columns))
        return list(db.session.scalars(self.placed(wanted, GoodsPass.__table__.c.id).limit(most)))


def free_tag() -> int | None:
    """The lowest tag that is in use and holds nothing; None when all do."""
    taken = sa.select(Deposit.id).where(Deposit.tag_id == Tag.id, _out(Deposit))
    free = sa.select(Tag.number).where(Tag.active, ~taken.exists()).order_by(Tag.number).limit(1)
    return db.session.scalar(free)


def free_keys() -> Sequence[Key]:
    """The keys that hang on the board."""
    lent = sa.select(KeyLoan.id).where(KeyLoan.key_id == Key.id, _out(KeyLoan))
    return db.session.scalars(sa.select(Key).where(Key.active, ~lent.exists()).order_by(Key.number)).all()


def here() -> list[tuple[str, str]]:
    """Number and name of the visitors who are in the house, for whoever types a visit's number."""
    wanted = sa.select(Visit.number, Visit.visitor_name).where(Visit.state.in_(PRESENT))
    return [
        (number, name) for number, name in db.session.execute(wanted.order_by(Visit.id.desc()).limit(PAGE))
    ]


def tags() -> list[tuple[Tag, str | None]]:
    """Every tag, and the number of the deposit that it carries."""
    carried = sa.and_(Deposit.tag_id == Tag.id, _out(Deposit))
    rows = sa.select(Tag, Deposit.number).outerjoin(Deposit, carried).order_by(Tag.number)
    return [(tag, number) for tag, number in db.session.execute(rows)]


def keys() -> list[tuple[Key, str | None]]:
    """Every key, and the number of the loan that it is out for."""
    lent = sa.and_(KeyLoan.key_id == Key.id, _out(KeyLoan))
    rows = sa.select(Key, KeyLoan.number).outerjoin(KeyLoan, lent).order_by(Key.number)
    return [(key, number) for key, number in db.session.execute(rows)]


def of_visit(visit_id: int) -> tuple[Sequence[Deposit], Sequence[KeyLoan]]:
    """What was held for a visit and what was lent to it, what is out on top."""
    return _of(Deposit, visit_id), _of(KeyLoan, visit_id)


def _of(model: type[Lapsed], visit_id: int) -> Sequence[Lapsed]:
    ours = sa.select(model).where(model.visit_id == visit_id)
    return db.session.scalars(ours.order_by(_out(model).desc(), model.id.desc()).limit(MOST_VISIT_ROWS)).all()
