"""What customer cards plug in: addresses, words, who reads of them in the audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import privacy
from portal.blueprints.reception.customers import actions, labels, routes
from portal.blueprints.reception.customers.queries import visible_to
from portal.kernel import audit
from portal.kernel.customers import Customer
from portal.kernel.people import Viewer

FLOWS = ()
privacy.CARD_ERASERS.append(actions.forget_care)


def _reach(viewer: Viewer, its_id: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Customer.id == its_id, visible_to(viewer))


audit.REACH["customer"] = _reach

__all__ = ["FLOWS", "labels", "routes"]
