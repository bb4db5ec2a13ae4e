"""What people read of posts, kinds of shifts and days."""

from __future__ import annotations

from typing import Any

from portal import telling
from portal.blueprints.duty.posts.codes import DayKind
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
    "shift_kind:create": _l("Kind of shift added"),
    "shift_kind:edit": _l("Kind of shift changed"),
}
READERS: dict[str, telling.Readers] = {
    "post": {"code": (_l("Code"), str)},
    "shift_kind": {"code": (_l("Code"), str)},
}
