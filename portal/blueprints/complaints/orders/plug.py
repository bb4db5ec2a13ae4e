"""What service orders plug in: their addresses, tab, table of states, reach in the audit, and what they forget."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.complaints import disposal
from portal.blueprints.complaints.orders import actions, queries, routes, watch
from portal.blueprints.complaints.orders.models import Order
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.blueprints.complaints.parts import PARTS
from portal.blueprints.complaints.spot_checks.populations import POPULATIONS, Matter, Member, Population
from portal.i18n import _, _l
from portal.kernel import audit
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.parts import Part

FLOWS = (ORDER,)
PARTS.append(
    Part(
        _l("Service orders"),
        "complaints.orders",
        May.SEE_CASES,
        of=lambda number: url_for("complaints.orders", case=number),
    )
)
disposal.ERASERS.append(actions.erase)


def _reach(viewer: Viewer, order_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Who may read about an order in the audit: whoever may see the order."""
    known = sa.select(Order.id).where(Order.id == order_id, queries.visible_to(viewer))
    return queries.with_case(known).exists()


audit.REACH["order"] = _reach


def _members(since: datetime, until: datetime) -> list[Member]:
    """The repairs that a spot check may draw from, and who had a hand in each (CP-23)."""
    return [
        Member(
            number=order.number,
            department=order.department,
            responder_id=order.case.first_responder_id,
            barred_id=order.case.person_concerned_id,
            hands=frozenset(
                who
                for who in (order.technician_id, order.done_by_id, order.approved_by_id)
                if who is not None
            ),
        )
        for order in queries.closed_repairs(since, until)
    ]


def _matter(number: str) -> Matter | None:
    order = db.session.scalars(sa.select(Order).where(Order.number == number)).one_or_none()
    if order is None:
        return None
    facts = [(_("Model"), order.model), (_("Fault"), order.fault), (_("Result"), order.result)]
    return Matter(customer=order.customer_name, phone=order.customer_phone, facts=facts, tries=[])


def _address(viewer: Viewer, number: str) -> str:
    seen = queries.with_case(sa.select(Order.id)).where(Order.number == number, queries.visible_to(viewer))
    return f"/complaints/orders/{number}" if db.session.scalar(seen) is not None else ""


POPULATIONS.append(Population("order", _l("Accepted repairs"), _members, _matter, _address))

__all__ = ["FLOWS", "routes", "watch"]
