"""The year's plan: everybody reads it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.training.codes import PlanState, SessionState
from portal.blueprints.phrases.training.models import PlanLine, Training
from portal.kernel.db import db
from portal.kernel.people import Viewer


def find(_viewer: Viewer, line_id: int, *, lock: bool = False) -> PlanLine:
    """The line of that id; NotFound when there is none. `lock` inside a write."""
    wanted = sa.select(PlanLine).where(PlanLine.id == sa.literal(line_id, sa.BigInteger))
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def of_year(year: int) -> Sequence[PlanLine]:
    """The lines of a year, in the order of its months."""
    return db.session.scalars(
        sa.select(PlanLine).where(PlanLine.year == year).order_by(PlanLine.month, PlanLine.id)
    ).all()


def years() -> list[int]:
    """The years that have a plan."""
    return list(db.session.scalars(sa.select(PlanLine.year).distinct().order_by(PlanLine.year)))


def planned(year: int, month: int) -> Sequence[PlanLine]:
    """What a month has planned, those dropped left out."""
    ours = (PlanLine.year == year, PlanLine.month == month, PlanLine.state == PlanState.PLANNED)
    return db.session.scalars(sa.select(PlanLine).where(*ours).order_by(PlanLine.id)).all()


def sessions_of(lines: Sequence[PlanLine]) -> dict[int, list[Training]]:
    """The sessions made from these lines, those called off left out."""
    found: dict[int, list[Training]] = {}
    ids = [line.id for line in lines]
    ours = (Training.plan_id.in_(ids), Training.state != SessionState.CANCELLED)
    columns = sa.select(Training.plan_id, Training.number, Training.state, Training.starts_at)
    for row in db.session.execute(columns.where(*ours).order_by(Training.starts_at)) if ids else ():
        found.setdefault(row.plan_id, []).append(row)  # type: ignore[arg-type]  # plain columns of one
    return found
