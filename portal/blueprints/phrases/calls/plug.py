"""What the call screen plugs in: addresses, words, its touch on my day, what the sweep throws away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.phrases.calls import actions, labels, routes
from portal.i18n import _l
from portal.kernel import timers, touches
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.touches import Touch

FLOWS: tuple[Any, ...] = ()
CALL = Touch(_l("A call comes in"), "phrases.call", "phone", opens=True)


def _touch(viewer: Viewer, _now: datetime) -> Touch | None:
    return CALL if viewer.may(May.RECEIVE) else None


touches.PROVIDERS.append(_touch)
timers.BY_CALENDAR.append(actions.throw_away)

__all__ = ["FLOWS", "labels", "routes"]
