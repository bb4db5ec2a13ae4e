"""Visitors, customers and keys of somebody who leaves the company."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import actions
from portal.blueprints.reception.codes import PRESENT, State
from portal.blueprints.reception.customers import actions as customers
from portal.blueprints.reception.customers import queries as cards
from portal.blueprints.reception.keeping.models import OUT, KeyLoan
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import find, visible_to
from portal.i18n import _l
from portal.kernel import departures
from portal.kernel.customers import THERE, Customer
from portal.kernel.departures import Belongings, line
from portal.kernel.people import Card, Viewer
from portal.kernel.workflow import Reason, Refused

departures.CAPTIONS.update(
    {
        "visit": _l("Visitors expected or here"),
        "customer": _l("Customers they keep up with"),
        "key_loan": _l("Keys in their hands"),
    }
)


def _visits(person_id: int, viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    address = sa.literal("/reception/visits/") + Visit.number
    rows = line("visit", Visit.number, Visit.number, address, Visit.visitor_name)
    return rows.where(
        Visit.host_id == person_id, Visit.state.in_((State.EXPECTED, *PRESENT)), visible_to(viewer)
    )


def _visit_to(number: str, to: Card, by: Viewer, now: datetime, _paper: str) -> None:
    """RC-17: the record names another host; the place, the tasks and the time stay."""
    actions.perform(find(by, number, lock=True), "edit", by=by, now=now, host_id=to.id)


def _customers(person_id: int, viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    number = sa.literal("KH-") + sa.cast(Customer.id, sa.String)
    address = sa.literal("/reception/customers/") + sa.cast(Customer.id, sa.String)
    rows = line("customer", Customer.id, number, address, Customer.name)
    return rows.where(Customer.owner_id == person_id, THERE, cards.visible_to(viewer))


def _customer_to(key: str, to: Card, by: Viewer, now: datetime, _paper: str) -> None:
    """CU-01: the card names another owner; greetings and promised calls that are open are theirs."""
    customers.edit(cards.find_there(by, int(key)), by=by, now=now, owner_id=to.id)


def _keys(person_id: int, _viewer: Viewer, _now: datetime) -> sa.Select[Any]:
    address = sa.literal("/reception/keys/") + KeyLoan.number
    rows = line("key_loan", KeyLoan.number, KeyLoan.number, address)
    return rows.where(KeyLoan.borrower_id == person_id, sa.text(OUT))


def _key_to(_number: str, _to: Card, _by: Viewer, _now: datetime, _paper: str) -> None:
    """RC-26: a key is in somebody's hands, and no record moves it into another's."""
    raise Refused([Reason("RC-26", "key_in_their_hands")])


BELONGINGS = (
    Belongings("visit", _visits, _visit_to),
    Belongings("customer", _customers, _customer_to),
    Belongings("key_loan", _keys, _key_to),
)
