"""Swaps as pages show them. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.leave.queries import led, sees_all
from portal.blueprints.duty.swaps.codes import OPEN, State
from portal.blueprints.duty.swaps.models import Swap
from portal.kernel import lists
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

S = Swap.__table__.c


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a swap: what is offered to anybody, everybody; else its parties,
    their heads and the general office."""
    if sees_all(viewer):
        return sa.true()
    return sa.or_(
        Swap.to_id.is_(None), _own(viewer), led(viewer, Swap.giver_id), led(viewer, Swap.asked_by_id)
    )


def _own(viewer: Viewer) -> sa.ColumnElement[bool]:
    parties = (Swap.giver_id, Swap.asked_by_id, Swap.to_id, Swap.taker_id)
    return sa.or_(*(column == viewer.id for column in parties))


def find(viewer: Viewer, swap_id: int, *, lock: bool = False) -> Swap:
    """The swap with its shifts, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Swap).where(Swap.id == swap_id, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Swap) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def load(swap_id: int) -> Swap | None:
    """The swap for the portal's own hands, locked for this write."""
    wanted = sa.select(Swap).where(Swap.id == swap_id).with_for_update(of=Swap)
    return db.session.scalars(wanted).one_or_none()


def open_of(shift_id: int) -> Swap | None:
    """The open swap of a shift."""
    wanted = sa.select(Swap).where(S.shift_id == shift_id, S.state.in_(tuple(OPEN)))
    return db.session.scalars(wanted).one_or_none()


def due_to_lapse(now: datetime) -> Sequence[int]:
    """DR-21: the ids of those whose shift began before they were approved; what changed hands at once stays."""
    rows = sa.select(S.id).where(S.state.in_(tuple(OPEN)), S.lapses_at <= now, sa.not_(S.at_once))
    return db.session.scalars(rows.order_by(S.id)).all()


SHOWS = ("open", "waiting", "department")


@dataclass(frozen=True)
class SwapList(Listing):
    """The filters of the list: the own ones, what anybody may take, what waits for the viewer, all that is visible."""

    show: str = ""  # empty: mine

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> SwapList:
        """The filters of an address."""
        before, after = lists.number(query.get("before")), lists.number(query.get("after"))
        return cls(viewer, before=before, after=after, show=lists.code(query.get("show"), SHOWS))

    def page(self) -> tuple[list[Swap], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        wanted = sa.select(Swap).where(visible_to(self.viewer), self._chosen())
        placed = self.placed(wanted, Swap.__table__.c.id).limit(lists.PAGE + 1)
        return self.paged(list(db.session.scalars(placed).all()))

    def _chosen(self) -> sa.ColumnElement[bool]:
        viewer = self.viewer
        gives = sa.or_(Swap.giver_id == viewer.id, Swap.asked_by_id == viewer.id)
        not_mine = sa.or_(Swap.giver_id.is_(None), Swap.giver_id != viewer.id)
        if self.show == "open":
            return sa.and_(Swap.state == State.OFFERED, Swap.to_id.is_(None), not_mine)
        if self.show == "waiting":
            heads = sa.true() if sees_all(viewer) else led(viewer, Swap.giver_id)
            decides = sa.and_(Swap.state == State.TAKEN, heads, sa.not_(gives), Swap.taker_id != viewer.id)
            return sa.or_(decides, sa.and_(Swap.state == State.OFFERED, Swap.to_id == viewer.id))
        if self.show == "department":
            return sa.or_(_own(viewer), sa.true() if sees_all(viewer) else led(viewer, Swap.giver_id))
        return _own(viewer)
