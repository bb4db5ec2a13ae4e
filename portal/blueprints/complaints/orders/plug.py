"""What service orders plug in: their addresses, tab, table of states, reach in the audit, and what they forget."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.complaints import disposal
from portal.blueprints.complaints.orders import actions, queries, routes, watch
from portal.blueprints.complaints.orders.models import Order
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.blueprints.complaints.parts import PARTS, Part
from portal.i18n import _l
from portal.kernel import audit
from portal.kernel.people import Viewer
from portal.kernel.rights import May

FLOWS = (ORDER,)
PARTS.append(
    Part(
        _l("Service orders"),
        "complaints.orders",
        May.SEE_CASES,
        of_case=lambda number: f"/complaints/orders/?case={number}",
    )
)
disposal.ERASERS.append(actions.erase)


def _reach(viewer: Viewer, order_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Who may read about an order in the audit: whoever may see the order."""
    known = sa.select(Order.id).where(Order.id == order_id, queries.visible_to(viewer))
    return queries.with_case(known).exists()


audit.REACH["order"] = _reach

__all__ = ["FLOWS", "routes", "watch"]
