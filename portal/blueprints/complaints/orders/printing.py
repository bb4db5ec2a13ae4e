"""The order sheet and the receipt as PDFs, made as the handling notice's is (CP-30)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template, url_for

from portal.blueprints.complaints.orders import page, queries
from portal.blueprints.complaints.orders.models import Order
from portal.blueprints.complaints.printing import Paper, key_of, played
from portal.guards import me
from portal.i18n import _
from portal.kernel import jobs
from portal.kernel import print as prints
from portal.kernel.db import db

KIND = "order_form"
TEMPLATES = {"sheet": "complaints/orders/sheet.html", "receipt": "complaints/orders/receipt.html"}


def of_order(order: Order, form: str) -> Paper:
    """The sheet of an order or its receipt; what was put down on the way changes the print as the order does."""
    entries = [(row.id, row.what, row.note, row.fate, row.back_at) for row in queries.entries(order)]
    if form == "receipt":
        title = _("PDF of the receipt of %(number)s", number=order.number)
    else:
        title = _("PDF of order sheet %(number)s", number=order.number)
    return Paper(
        KIND,
        key_of(TEMPLATES[form], order.number, me(), form, order.version, entries),
        order.number,
        title,
        f"{order.number}{'-receipt' if form == 'receipt' else ''}.pdf",
        url_for(f"complaints.order_{form}", order_number=order.number),
        url_for(f"complaints.order_{form}_pdf", order_number=order.number),
        {"number": order.number, "form": form},
    )


def draw(given: dict[str, Any]) -> str:
    """The job: draw a form of an order as it stands; the file's name."""
    with played(given["locale"]):
        order = db.session.scalars(sa.select(Order).where(Order.number == given["number"])).one()
        return prints.make(given["print"], render_template(TEMPLATES[given["form"]], **page.sheet(order)))


jobs.WORK[KIND] = draw
