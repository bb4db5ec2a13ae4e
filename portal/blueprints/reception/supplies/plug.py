"""What supplies plug in: addresses, words, the table of states, shipped supplies, reach, what is forgotten."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import privacy, traces
from portal.blueprints.reception.supplies import actions, labels, purchases, queries, reference, routes, watch
from portal.blueprints.reception.supplies.models import Movement
from portal.blueprints.reception.supplies.workflow import PURCHASE
from portal.blueprints.reception.traces import Keeper
from portal.kernel import audit
from portal.kernel.people import Viewer

FLOWS = (PURCHASE,)
privacy.ERASERS.append(actions.erase)
traces.KEEPERS.append(
    Keeper(
        key="supplies",
        model=Movement,
        visit=Movement.visit_id,
        there=Movement.note != "",
        tell=lambda row, _person: traces.told(row, ("at", "note")),
    )
)


def _reach(viewer: Viewer, _subject_id: Any) -> sa.ColumnElement[bool]:
    """Who may read about the stock and its purchases in the audit: whoever may look at the stock."""
    return sa.true() if queries.looks(viewer) else sa.false()


audit.REACH["supply"] = audit.REACH["purchase"] = _reach

__all__ = ["FLOWS", "labels", "purchases", "reference", "routes", "watch"]
