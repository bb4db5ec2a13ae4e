"""Needs of training: who may know of which. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.training import reach
from portal.blueprints.phrases.training.codes import WAITING
from portal.blueprints.phrases.training.models import TrainingNeed
from portal.kernel import audit, lists
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The person, their lead, the general office, and whoever asked for it of somebody else's."""
    return sa.or_(reach.of_person(viewer, TrainingNeed.person_id), TrainingNeed.by_id == viewer.id)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> TrainingNeed:
    """The need of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(TrainingNeed).where(TrainingNeed.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=TrainingNeed) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def of_source(subject: Any) -> Sequence[TrainingNeed]:
    """Everything that was asked for because of a thing."""
    ours = (TrainingNeed.source_kind == subject.history_kind, TrainingNeed.source_id == subject.id)
    return db.session.scalars(sa.select(TrainingNeed).where(*ours).order_by(TrainingNeed.id)).all()


def waiting(*conditions: sa.ColumnElement[bool]) -> Iterable[TrainingNeed]:
    """The needs that wait, of those that fit; locked for this write."""
    ours = (
        sa.select(TrainingNeed).where(TrainingNeed.state.in_(WAITING), *conditions).order_by(TrainingNeed.id)
    )
    return db.session.scalars(ours.with_for_update(of=TrainingNeed))


def knows_source(viewer: Viewer, need: TrainingNeed) -> bool:
    """True when the viewer may see the thing that the need comes from, by its own area's reach; never the person."""
    may_know = audit.REACH.get(need.source_kind)
    if may_know is None or need.person_id == viewer.id:
        return False
    found: bool = (
        db.session.scalar(sa.select(may_know(viewer, sa.literal(need.source_id, sa.BigInteger)))) or False
    )
    return found


@dataclass(frozen=True)
class NeedList(Listing):
    """The filters of the list."""

    open: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> NeedList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(query.get("before")),
            after=lists.number(query.get("after")),
            open=query.get("open") == "1",
        )

    def rows(self, most: int) -> Sequence[TrainingNeed]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(TrainingNeed).where(visible_to(self.viewer))
        if self.open:
            wanted = wanted.where(TrainingNeed.state.in_(WAITING))
        return db.session.scalars(self.placed(wanted, TrainingNeed.__table__.c.id).limit(most)).all()

    def page(self) -> tuple[list[TrainingNeed], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))
