"""The demo's places: the offices of two who lead, blocks for maintenance, and this morning's check."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from portal.blueprints.reception import places
from portal.blueprints.reception.rooms import actions, queries
from portal.blueprints.reception.rooms.codes import Point
from portal.kernel import accounts, clock, company_calendar, lists, sessions
from portal.kernel.db import db
from portal.kernel.workflow import Refused

OFFICES = (
    ("gm", "总经理办公室", "General manager's office", 6, 15),
    ("lead.tech", "技术部经理办公室", "Office of the head of technology", 4, 10),
)
# Place, working days from today, from and until in hours of the day, reason.
BLOCKS = (
    ("small", 1, 13.5, 15.0, "更换投影灯泡，调试屏幕"),
    ("large", 2, 8.5, 10.0, "空调年检"),
    ("lounge", 4, 16.5, 17.5, "沙发清洗"),
)
NOTE = "小会议室缺纸杯，已通知采购"


def load(now: datetime) -> None:
    """Add the offices, block what is to be mended, and do the round of the morning on a working day."""
    office, clerk = (sessions.person_as_viewer(accounts.find(name).id) for name in ("office1", "emp.admin"))
    calendar = company_calendar.current()
    with db.write():
        for username, name, name_en, capacity, buffer in OFFICES:
            actions.add_office(
                by=office,
                now=now,
                name=name,
                name_en=name_en,
                capacity=capacity,
                buffer_minutes=buffer,
                active=True,
                owner_id=accounts.find(username).id,
            )
    for code, ahead, begins, ends, reason in BLOCKS:
        day = clock.local(now).date()
        for _ in range(ahead):
            day += timedelta(days=1)
            while not calendar.is_workday(day):
                day += timedelta(days=1)
        opens = lists.begins(day)
        # Whatever a visitor of the demo has booked by then stays; the demo then shows one block less.
        with suppress(Refused), db.write():
            actions.block(
                queries.find(code, lock=True),
                starts_at=opens + timedelta(hours=begins),
                ends_at=opens + timedelta(hours=ends),
                reason=reason,
                by=clerk,
                now=now,
            )
    if not calendar.is_open(now):
        return
    points = {place.code: set(Point) for place in places.all_places().values()}
    points["small"] -= {Point.SUPPLIES}
    with db.write():
        actions.morning(points, note=NOTE, by=clerk, now=now)
