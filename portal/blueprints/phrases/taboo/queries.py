"""What the rules have caught, as far as a person may know of it (PG-04).

Who was caught is that person's own matter and the lead's; everybody else, the general office too, sees totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.kernel import lists
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.taboos import Outcome, TabooHit

H = TabooHit.__table__.c
DAYS = (30, 90, 365)
MOST_RULES = 100
STOPPED = sa.func.count().filter(H.outcome == Outcome.STOPPED)
SENT = sa.func.count().filter(H.outcome == Outcome.SENT)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Whose lines a person may read: the own ones, and those of the people they lead."""
    mine = H.person_id == viewer.id
    return sa.or_(mine, H.department.in_(viewer.leads)) if viewer.leads else mine


@dataclass(frozen=True)
class CaughtList(Listing):
    """What was caught in a while; by rule if one is asked for."""

    days: int = DAYS[0]
    rule: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: Any) -> CaughtList:
        """The filters of the address."""
        days = lists.number(args.get("days"))
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            days=days if days in DAYS else DAYS[0],
            rule=lists.words(args.get("rule"), 64),
        )

    def _wanted(self, now: datetime, reach: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        since = H.at >= now - timedelta(days=self.days)
        return sa.and_(since, reach, H.rule == self.rule) if self.rule else sa.and_(since, reach)

    def totals(self, now: datetime) -> Sequence[Any]:
        """By rule: severity, how often it stopped a text, how often one was sent all the same; most frequent first."""
        reach = sa.true() if self.viewer.role is Role.OFFICE else visible_to(self.viewer)
        columns = (
            H.rule,
            sa.func.max(H.severity).label("severity"),
            STOPPED.label("stopped"),
            SENT.label("sent"),
        )
        wanted = sa.select(*columns).where(self._wanted(now, reach)).group_by(H.rule)
        return db.session.execute(wanted.order_by(sa.func.count().desc(), H.rule).limit(MOST_RULES)).all()

    def people(self, now: datetime) -> Sequence[Any]:
        """By person, of those whom the viewer leads."""
        if not self.viewer.leads:
            return []
        led = self._wanted(now, H.department.in_(self.viewer.leads))
        wanted = sa.select(H.person_id, STOPPED.label("stopped"), SENT.label("sent")).where(led)
        return db.session.execute(
            wanted.group_by(H.person_id).order_by(sa.func.count().desc(), H.person_id)
        ).all()

    def page(self, now: datetime) -> tuple[list[Any], str | None, str | None]:
        """The lines themselves, newest first; the query strings of the newer and the older page."""
        wanted = sa.select(TabooHit.__table__).where(self._wanted(now, visible_to(self.viewer)))
        return self.paged(list(db.session.execute(self.placed(wanted, H.id).limit(lists.PAGE + 1))))
