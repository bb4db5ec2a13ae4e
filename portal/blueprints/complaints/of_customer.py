"""The cases of a customer, for the customer's card (CU-01)."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.reach import visible_to
from portal.i18n import label
from portal.kernel.customers import MOST_MET, Customer, Met
from portal.kernel.db import db
from portal.kernel.people import Viewer

GLANCE = 60  # characters of a case's content


def cases(viewer: Viewer, card: Customer) -> list[Met]:
    """The cases of the card's phone number that the viewer may see, newest first; a name alone may be anybody's."""
    ours = sa.select(
        Case.kind, Case.number, Case.registered_at, sa.func.substr(Case.content, 1, GLANCE), Case.state
    ).where(Case.customer_phone == card.phone, Case.customer_phone != "", visible_to(viewer))
    rows = db.session.execute(ours.order_by(Case.id.desc()).limit(MOST_MET)) if card.phone else ()
    return [
        Met(label(kind), number, f"/complaints/{number}", at, content, label(state))
        for kind, number, at, content, state in rows
    ]
