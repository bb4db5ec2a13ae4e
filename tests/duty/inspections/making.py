"""Small makers: a plan with its points, what a round's form says."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.inspections import actions
from portal.blueprints.duty.inspections.codes import PlanKind, Rhythm
from portal.blueprints.duty.inspections.models import Point, Round
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories


def a_plan(
    app: Flask, *, post: int = 0, person: str = "", points: tuple[int, ...] = (0, 0), **chosen: Any
) -> int:
    """A daily round with a point for each of these pieces of equipment, 0 for none; its id."""
    usual: dict[str, Any] = {
        "name": "日巡检", "name_en": "Daily round", "kind": PlanKind.ROUND, "rhythm": Rhythm.DAY, "weekdays": "",
        "month_day": None, "active": True,
    }  # fmt: skip
    with app.app_context(), db.write():
        who = factories.viewer(person).id if person else None
        rows = [
            {"what": f"检查点{place}", "what_en": f"Point {place}", "equipment_id": thing or None}
            for place, thing in enumerate(points, start=1)
        ]
        fields = usual | chosen | {"post_id": post or None, "person_id": who}
        return actions.keep_plan(None, rows, by=factories.viewer("office1").id, now=clock.now(), **fields).id


def rounds(app: Flask) -> list[Round]:
    """Every round there is, oldest first."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Round).order_by(Round.id)))


def answers(app: Flask, *findings: int, **more: Any) -> dict[str, Any]:
    """What the form of a round says: every point in order but these, by their places."""
    with app.app_context():
        points = db.session.scalars(sa.select(Point).order_by(Point.position)).all()
    said: dict[str, Any] = {}
    for point in points:
        wrong = point.position in findings
        said[f"mark_{point.id}"] = "finding" if wrong else "fine"
        said[f"repair_{point.id}"] = "y"
        if wrong:
            said[f"note_{point.id}"] = "松动"
    return said | more
