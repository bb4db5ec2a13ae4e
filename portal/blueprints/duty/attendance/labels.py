"""What people read of attendance: its codes, refusals, history and figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.duty.attendance.codes import Standing
from portal.drawing import name_of
from portal.i18n import _l, moment

LABELS: dict[Any, Any] = {
    Standing: {
        Standing.ON_TIME: _l("On time"),
        Standing.LATE: _l("Came late"),
        Standing.ABSENT: _l("Absent"),
        Standing.LEAVE: _l("On leave"),
        Standing.EXCUSED: _l("Excused"),
        Standing.AHEAD: _l("No record"),
    },
}
REASONS: dict[str, Any] = {
    "corrects_own": _l("Nobody corrects the own attendance; the head or the general office does."),
    "attendance_closed": _l("The month is closed; nothing of it is corrected any more."),
    "attendance_runs": _l("The month is not over yet."),
    "attendance_closed_before": _l("The month is closed already."),
    "not_a_time": _l("Write a time of the day such as 08:30."),
}
HISTORY: dict[str, Any] = {
    "attendance:correct": _l("Attendance of a day corrected"),
    "attendance_month:close": _l("Month of attendance closed"),
}
FIGURES: dict[str, Any] = {
    "attendance.starts": _l("Attendance: the office's day begins at"),
    "attendance.ends": _l("Attendance: the office's day ends at"),
    "attendance.late_percent": _l("Attendance: per cent of base pay for being late"),
    "attendance.more_percent": _l("Attendance: per cent of base pay for being late often"),
    "attendance.more_from": _l("Attendance: from which lateness of a month on that is often"),
}


def _moment(text: str) -> Any:
    return moment(datetime.fromisoformat(text))


READERS: dict[str, telling.Readers] = {
    "attendance": {
        "person": (_l("Person"), name_of),
        "day": (_l("Day"), str),
        "came": (_l("Came at"), _moment),
        "left": (_l("Left at"), _moment),
    },
    "attendance_month": {"month": (_l("Month"), str)},
}
