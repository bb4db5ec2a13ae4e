"""How many visitors wait, for the board of who is on duty; a number, never a name."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.i18n import _l
from portal.kernel import glance

WAITING = (State.ARRIVED, State.ASKED, State.WAITING)

glance.SORTS.append(
    glance.Sort(
        "visitors",
        _l("Visitors waiting"),
        "reception.index",
        20,
        lambda _now: sa.select(sa.func.count()).where(Visit.state.in_(WAITING)),
    )
)
