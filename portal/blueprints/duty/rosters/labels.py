"""What people read of rosters."""

from __future__ import annotations

from typing import Any

from portal.blueprints.duty.rosters.codes import State
from portal.i18n import _l

LABELS: dict[Any, Any] = {
    State: {
        State.DRAFT: _l("Draft"),
        State.PUBLISHED: _l("Published"),
        State.CLOSED: _l("Closed"),
    },
}
