"""What people read of posts, kinds of shifts and days."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.posts.codes import DayKind
from portal.drawing import name_of
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    DayKind: {
        DayKind.WORKDAY: _l("Workday"),
        DayKind.REST_DAY: _l("Rest day"),
        DayKind.HOLIDAY: _l("Public holiday"),
        DayKind.MAKE_UP: _l("Make-up workday"),
    },
}
HISTORY: dict[str, Any] = {
    "post:create": _l("Post added"),
    "post:edit": _l("Post changed"),
    "post:needs": _l("Needs changed"),
    "post:qualify": _l("Who may take the post"),
    "work_limits:set": _l("Working limits changed"),
    "duty_day:mark": _l("Marked as a special day"),
    "duty_day:unmark": _l("Not a special day any more"),
    "shift_kind:create": _l("Kind of shift added"),
    "shift_kind:edit": _l("Kind of shift changed"),
}
READERS: dict[str, telling.Readers] = {
    "post": {
        "code": (_l("Code"), str),
        "person": (_l("Person"), name_of),
        "since": (_l("Valid from"), str),
        "until": (_l("Valid until"), str),
    },
    "work_limits": {"person": (_l("Person"), name_of)},
    "duty_day": {"day": (_l("Day"), str)},
    "shift_kind": {"code": (_l("Code"), str)},
}
