"""What customer cards plug in: addresses, words, who reads of them in the audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import privacy, traces
from portal.blueprints.reception.customers import actions, finding, labels, routes
from portal.blueprints.reception.customers.codes import Gender, Relation
from portal.blueprints.reception.customers.models import CareNote
from portal.blueprints.reception.customers.queries import of_phone, visible_to
from portal.blueprints.reception.traces import Keeper, Person
from portal.i18n import _l, label
from portal.kernel import audit, calls
from portal.kernel.customers import Customer
from portal.kernel.people import Viewer

FLOWS = ()
privacy.CARD_ERASERS.append(actions.forget_care)
calls.KNOWN.append(of_phone)


def _told(card: Customer, _person: Person) -> dict[str, Any]:
    """RC-20: what the card itself says, as the person reads it."""
    said = {"number": card.number, **traces.told(card)}
    codes: dict[str, Any] = {"relation": Relation, "gender": Gender}
    return said | {name: label(codes[name](said[name])) for name in codes if name in said}


traces.KEEPERS += (
    Keeper(
        key="cards",
        model=Customer,
        caption=_l("Customer card"),
        number=sa.literal("KH-") + sa.cast(Customer.id, sa.String),
        at=sa.func.coalesce(Customer.last_seen_at, Customer.created_at),
        name=Customer.name,
        phone=Customer.phone,
        tail=Customer.phone_tail,
        there=Customer.anonymised_at.is_(None),
        forget=lambda card, _person, now: privacy.forget_card(card, now),
        tell=_told,
        lines="customer:",
        page="/reception/customers/{id}",
        index="customer",
        last=True,  # whoever is still expected keeps the card until then
    ),
    Keeper(
        key="care",
        model=CareNote,
        card=CareNote.customer_id,
        tell=lambda row, _person: traces.told(
            row, ("kind", "due_on", "note", "created_at", "arrived_at", "done_at", "result")
        ),
    ),
)


def _reach(viewer: Viewer, its_id: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Customer.id == its_id, visible_to(viewer))


audit.REACH["customer"] = _reach

__all__ = ["FLOWS", "finding", "labels", "routes"]
