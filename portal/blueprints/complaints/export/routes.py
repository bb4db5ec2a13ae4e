"""/complaints/export.xlsx: what the case list shows under the same filters, to those who may take it along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal.blueprints.complaints.codes import Category, Kind, State, Urgency
from portal.blueprints.complaints.labels import VERBS
from portal.blueprints.complaints.queries import GLANCE, CaseList
from portal.blueprints.complaints.routes import bp
from portal.drawing import department_name, name_of
from portal.guards import me, needs
from portal.i18n import _, label
from portal.kernel import clock, sheets
from portal.kernel.rights import May
from portal.kernel.sheets import MOST_ROWS, Column


@bp.get("/export.xlsx")
@needs(May.EXPORT_CASES)
def export() -> Response:
    """The list of the address as a workbook, all its pages in one; a longer one is cut and says so."""
    name = f"{_('Cases')} {clock.local(clock.now()):%Y-%m-%d}"
    return sheets.send(name, book(CaseList.asked_for(me(), request.args)))


def book(asked: CaseList) -> bytes:
    """The workbook of a list."""
    rows = asked.first(MOST_ROWS + 1, clock.now())
    cut = _("Only the newest %(most)s cases are here; choose a shorter period.", most=MOST_ROWS)
    lines = [*(_line(row) for row in rows[:MOST_ROWS]), *([[cut]] if len(rows) > MOST_ROWS else [])]
    return sheets.workbook(_("Cases"), list(_columns()), lines)


def _columns() -> Iterator[Column]:
    for caption in (
        _("Number"),
        _("Recorded at"),
        _("Kind"),
        _("Category"),
        _("Urgency"),
        _("Content"),
        _("Customer's name"),
        _("Department"),
        _("Handler"),
        _("State"),
        _("Due"),
        _("Next step"),
    ):
        yield Column(caption)


def _line(row: Any) -> list[Any]:
    """One row of the list; a limit that waits for the customer has no end."""
    return [
        row.number,
        row.registered_at,
        label(Kind(row.kind)),
        label(Category(row.category)),
        label(Urgency(row.urgency)),
        row.what if len(row.what) <= GLANCE else f"{row.what[: GLANCE - 1]}…",
        row.customer_name,
        department_name(row.department) if row.department else "",
        name_of(row.handler_id) if row.handler_id else "",
        label(State(row.state)),
        _("Waiting for the customer") if row.paused else row.due_at,
        str(VERBS[row.act]) if row.act else "",
    ]
