"""How customer cards are found by the one search: by name, pinyin, company, phone; its number is shown masked (RC-20)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.reception.customers.queries import visible_to
from portal.i18n import _l
from portal.kernel import customers, finders
from portal.kernel.customers import THERE, Customer
from portal.kernel.db import db
from portal.kernel.finders import Hit, Ids, Stored
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _ids(viewer: Viewer, words: str) -> Ids:
    return customers.matching(sa.select(Customer.id).where(THERE, visible_to(viewer)), words)


def _drawn(row: Any) -> Hit:
    return Hit(
        f"KH-{row.id}",
        row.title,
        url_for("reception.customer", customer_id=row.id),
        row.about,
        customers.masked(row.more),
        row.at,
    )


def of_number(viewer: Viewer, number: str) -> str | None:
    """The address of the card of that number; None where the viewer knows of none."""
    wanted = sa.select(Customer.id).where(
        THERE, visible_to(viewer), Customer.id == int(number.partition("-")[2])
    )
    found = db.session.scalar(wanted)
    return url_for("reception.customer", customer_id=found) if found else None


finders.NUMBERS["KH"] = of_number
finders.KINDS.append(
    Stored(
        "customer",
        _l("Customer cards"),
        "user",
        30,
        May.SEE_VISITS,
        every=lambda _viewer, words: url_for("reception.customer_list", words=words),
        ids=_ids,
        id=Customer.id,
        columns={
            "title": Customer.name,
            "about": Customer.company,
            "more": Customer.phone,
            "at": Customer.last_seen_at,
        },
        draw=_drawn,
    )
)
