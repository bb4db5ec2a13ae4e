"""How many faults are open in the shift log, for the board of who is on duty."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.duty.log.codes import Category
from portal.blueprints.duty.log.queries import UNSETTLED, E
from portal.i18n import _l
from portal.kernel import glance

FAULTS = frozenset({Category.FAULT, Category.EQUIPMENT})

glance.SORTS.append(
    glance.Sort(
        "faults",
        _l("Open faults"),
        "duty.log",
        10,
        lambda _now: sa.select(sa.func.count()).where(UNSETTLED, E.category.in_(FAULTS)),
    )
)
