"""What happens when visitors leave: goodbye, the room, what was unusual, the register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.reception import rules, watch
from portal.blueprints.reception.codes import (
    Satisfaction,
    Side,
)
from portal.blueprints.reception.matrix import CategoryRule
from portal.blueprints.reception.models import Visit
from portal.kernel.people import Viewer
from portal.kernel.transitions import Effect


def leave(
    visit: Visit, *, by: Viewer, now: datetime, satisfaction: Satisfaction | None = None, remark: str = "",
    material: str = "", **_: Any,
) -> Effect:  # fmt: skip
    """RC-27: leaving is always recorded; RC-21: how it was, if asked."""
    visit.left_at = now
    watch.end_decision(visit, now)
    visit.material = material or visit.material
    _say_goodbye(visit, satisfaction, remark, by, now)
    return Effect(
        {"outstanding": visit.outstanding or None, "satisfaction": satisfaction}, {"remark": remark}
    )


def farewell(
    visit: Visit,
    *,
    by: Viewer,
    now: datetime,
    satisfaction: Satisfaction | None = None,
    remark: str = "",
    **_: Any,
) -> Effect:
    """RC-21: whether the visitor was satisfied; a remark reaches the department."""
    _say_goodbye(visit, satisfaction, remark, by, now)
    return Effect({"satisfaction": satisfaction}, {"remark": remark})


def _say_goodbye(
    visit: Visit, satisfaction: Satisfaction | None, remark: str, by: Viewer, now: datetime
) -> None:
    visit.satisfaction = satisfaction or visit.satisfaction
    if remark:
        visit.remark = remark
        watch.tell(visit, ["lead"], "visit:remark", now, but=by.id)


def check(visit: Visit, *, by: Viewer, now: datetime, rule: CategoryRule, note: str = "", **_: Any) -> Effect:
    """RC-13: the room was checked by one side; the visit is closed once every side has."""
    if by.id is None:  # nobody sat there, so there was no room to check
        return Effect()
    side = rules.check_side(visit, by, rule.room_check) or Side.DESK
    if side is Side.CLERK:
        visit.clerk_checked_at, visit.clerk_checked_by_id = now, by.id
    else:
        visit.desk_checked_at, visit.desk_checked_by_id = now, by.id
    missing = rules.checks_missing(visit, rule.room_check)
    return Effect({"side": side}, {"note": note}, stay=bool(missing))


def report(visit: Visit, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """RC-14: something unusual: the superior hears of it at once."""
    watch.tell_administration(visit, "visit:report", now, but=by.id)
    watch.tell(visit, ["director"], "visit:report", now, but=by.id)
    return Effect({}, {"note": note})


def archive(visit: Visit, *, by: Viewer, now: datetime, register: str, **_: Any) -> Effect:
    """RC-17: put away with the register of its day; from now on only a signed correction says otherwise."""
    return Effect({"register": register})
