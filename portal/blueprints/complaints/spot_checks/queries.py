"""Which samples and checks a page shows, and to whom. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE, Show, State
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

PAGE = 50


def takes_part(viewer: Viewer) -> bool:
    """True for those who draw, call again, rate or put right: the general office and the leads."""
    return viewer.role is Role.OFFICE or viewer.is_manager or viewer.is_director or bool(viewer.leads)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a check.

    Office, general manager and the head of customer service see every one; another lead those that the own department
    rates or has to put right; nobody one about themselves.
    """
    about_others = sa.or_(SpotCheck.barred_id.is_(None), SpotCheck.barred_id != viewer.id)
    every = viewer.role is Role.OFFICE or viewer.is_manager or viewer.is_director
    if every or CUSTOMER_SERVICE in viewer.leads:
        return about_others
    ours = SpotCheck.rater.in_(viewer.leads), SpotCheck.task_department.in_(viewer.leads)
    return sa.and_(about_others, sa.or_(*ours))


def find(viewer: Viewer, check_id: int, *, lock: bool = False) -> SpotCheck:
    """The check of that id, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    statement = sa.select(SpotCheck).where(SpotCheck.id == check_id, visible_to(viewer))
    check = db.session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if check is None:
        raise NotFound
    return check


def quarters(viewer: Viewer) -> list[str]:
    """The quarters of which the viewer may see something, the newest first."""
    seen = sa.select(SpotSample.quarter).join(SpotCheck, SpotCheck.sample_id == SpotSample.id)
    return list(
        db.session.scalars(seen.where(visible_to(viewer)).distinct().order_by(SpotSample.quarter.desc()))
    )


@dataclass(frozen=True)
class SpotList:
    """The rows of one quarter: read from the address, made into one statement."""

    viewer: Viewer
    quarter: str
    show: str = ""
    after: str = ""  # keyset: numbers behind this one

    @classmethod
    def asked_for(cls, viewer: Viewer, quarter: str, args: MultiDict[str, str]) -> SpotList:
        """The list an address asks for; what cannot be read is left out."""
        show = args.get("show", "")
        return cls(viewer, quarter, show if show in set(Show) else "", args.get("after", "")[:24])

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What every row must fulfil, reach first."""
        wanted: dict[str, sa.ColumnElement[bool]] = {
            Show.TO_CALL: SpotCheck.state == State.DRAWN,
            Show.TO_RATE: SpotCheck.rating.is_(None),
            Show.FINDINGS: SpotCheck.task_department.is_not(None),
        }
        more = [wanted[self.show]] if self.show else []
        return [visible_to(self.viewer), SpotSample.quarter == self.quarter, *more]

    def page(self, most: int = PAGE) -> tuple[Sequence[SpotCheck], str]:
        """The checks of the page, and behind which number the next page begins."""
        rows = sa.select(SpotCheck).join(SpotSample, SpotSample.id == SpotCheck.sample_id)
        rows = rows.where(*self.conditions(), SpotCheck.number > self.after)
        found = list(db.session.scalars(rows.order_by(SpotCheck.number).limit(most + 1)))
        return found[:most], found[most - 1].number if len(found) > most else ""

    def samples(self) -> Sequence[sa.Row[Any]]:
        """The quarter's samples with what the viewer may see of them counted: all, to call, rated, open findings."""
        open_ = sa.and_(SpotCheck.task_department.is_not(None), SpotCheck.settled_at.is_(None))
        counted = (
            sa.func.count().label("drawn"),
            sa.func.count().filter(SpotCheck.state == State.DRAWN).label("to_call"),
            sa.func.count(SpotCheck.rating).label("rated"),
            sa.func.avg(SpotCheck.rating).label("mean"),
            sa.func.count().filter(open_).label("open"),
        )
        rows = sa.select(SpotSample, *counted).join(SpotCheck, SpotCheck.sample_id == SpotSample.id)
        ours = rows.where(visible_to(self.viewer), SpotSample.quarter == self.quarter)
        return db.session.execute(ours.group_by(SpotSample.id).order_by(SpotSample.id)).all()
