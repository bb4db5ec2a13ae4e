"""Appointments as a workbook: in by the form's own rules, as if each had been typed; out as the list shows them (RC-19).

A row is recorded once: what becomes of an appointment afterwards, its verbs do. Visits that are over are not taken in:
the register of their day is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from werkzeug.datastructures import MultiDict

from portal import importing
from portal.blueprints.reception import page
from portal.blueprints.reception.appointments import actions
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.codes import Category
from portal.blueprints.reception.forms import VisitForm
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.queries import VisitList
from portal.blueprints.reception.reach import visible_to
from portal.i18n import _, _l, ngettext
from portal.import_pages import ImportPages
from portal.importing import Before
from portal.kernel import clock, history, reference, sheets
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.rights import May, allowed
from portal.kernel.workbooks import Column
from portal.known_keys import rows_with

NAMES = (
    "category", "visitor_name", "company", "phone", "party_size", "purpose", "host", "department", "place", "starts_at",
    "ends_at", "refreshment", "meal", "lodging", "on_business", "consent", "topic", "late_reason",
)  # fmt: skip
NEEDED = frozenset({"category", "visitor_name", "purpose", "starts_at"})
HINTS = {
    "phone": _l("Written as text, so that no nought is lost."),
    "host": _l("User name or name of a colleague."),
    "department": _l("Left empty, that of the person visited."),
    "place": _l("Left empty, the usual one of the category. (RC-02)"),
    "starts_at": _l("As a date of the spreadsheet, or as 2026-03-01 10:00."),
    "ends_at": _l("As a date of the spreadsheet, or as 2026-03-01 10:00."),
    "consent": _l("Only what the person said. (RC-20)"),
    "late_reason": _l("Needed where the arrangement form comes later than a working day ahead. (RC-04)"),
}


def columns() -> list[Column]:
    """The fields of an appointment, in the language of the page."""
    examples = {
        "category": Category.B, "visitor_name": _("Mrs Chen"), "company": "恒通贸易", "phone": "13900001234",
        "party_size": "3", "purpose": _("Acceptance of the second stage"), "host": "emp.tech",
        "starts_at": "2026-03-12 14:00", "ends_at": "2026-03-12 15:30", importing.REFERENCE: "2026-001",
    }  # fmt: skip
    form = VisitForm.blank(booking=True)
    return importing.columns_of(form, NAMES, needed=NEEDED, hints=HINTS, examples=examples)


def judge(values: dict[str, Any]) -> tuple[VisitForm, dict[str, list[str]]]:
    """A line through the form that a person would fill in."""
    typed = {name: str(value).lower() if value in (True, False) else value for name, value in values.items()}
    form = VisitForm(MultiDict(typed), now=clock.now(), booking=True)
    form.validate()
    return form, {name: list(map(str, said)) for name, said in form.errors.items() if name}


def _digest(form: VisitForm) -> str:
    return fields_digest(form.record())


def _before(by: Viewer, keys: Collection[str]) -> dict[str, Before]:
    """What those who may import recorded under these keys; the number only of what the viewer may see."""
    may = {card.id for card in reference.staff().cards.values() if allowed(card.role, May.RECEIVE)}
    number = sa.case((visible_to(by), Visit.number), else_="")
    asked = sa.select(Visit.idempotency_key, Visit.fields_digest, number).where(
        Visit.created_by_id.in_({*may, by.id})
    )
    found = rows_with(asked, Visit.idempotency_key, sorted(keys))
    return {key: Before(said, number) for key, said, number in found}


def _record(form: VisitForm, *, key: str, line: int, reference: str, by: Viewer, now: datetime) -> str:
    """One line as the form records it; its number. The history says which line it was."""
    visit = actions.book([], by=by, now=now, idempotency_key=key, **form.record())
    told = {"reference": reference}
    history.record(visit, "visit:import", by=by.id, now=now, clause="RC-19", line=line, words=told)
    return visit.number


def book(rows: Iterable[Any]) -> bytes:
    """These visits as the list shows them; phone numbers masked."""
    captions = (
        _("Number"), _("Day"), _("Category"), _("Visitor's name"), _("Company"), _("Phone"), _("Number of people"),
        _("Matter"), _("Person visited"), _("Department"), _("Place"), _("Time of arrival"), _("Time of leaving"),
        _("State"),
    )  # fmt: skip
    heads = [sheets.Column(caption) for caption in captions]
    return sheets.workbook(_("All visits"), heads, page.sheet_rows(rows))


def _export(by: Viewer) -> bytes:
    return book(VisitList.asked_for(by, MultiDict()).rows(sheets.MOST_ROWS))


VISITS = importing.Kind(
    name="visits",
    may_import=May.RECEIVE,
    may_export=May.RECEIVE,
    columns=columns,
    export=_export,
    judge=judge,
    digest=_digest,
    before=_before,
    record=_record,
)
importing.KINDS[VISITS.name] = VISITS

ImportPages(
    kind=VISITS,
    title=_l("Import appointments"),
    about=_l("Visitors who are expected, from a workbook, are recorded as if each had been typed. (RC-19)"),
    promise=_l("All of them are recorded at once, or none. The hosts hear of it."),
    button=lambda count: ngettext("Record %(num)s appointment", "Record %(num)s appointments", count),
    recorded=lambda count: ngettext("%(num)s appointment recorded.", "%(num)s appointments recorded.", count),
    sheet=_l("Appointments"),
    file=_l("Template for appointments"),
    address=lambda number: url_for("reception.show", number=number),
    tabs="reception/_parts.html",
    endpoint="reception.import_visits",
    list_endpoint="reception.appointments",
    exported="reception.export_visits",
).add_to(bp, "/appointments/import")
