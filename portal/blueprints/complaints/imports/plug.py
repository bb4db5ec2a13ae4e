"""How cases are imported and exported: the columns, the intake's own rules, its own way of recording (CP-01, CP-04)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import importing
from portal.blueprints.complaints.actions.intake import register
from portal.blueprints.complaints.codes import Category, Channel, Kind, ReadBack, Urgency
from portal.blueprints.complaints.export.routes import book
from portal.blueprints.complaints.intake.forms import Handed, filled
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.queries import CaseList
from portal.blueprints.complaints.reach import visible_to
from portal.i18n import _, _l
from portal.importing import Before
from portal.kernel import history, reference
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.rights import May, allowed
from portal.kernel.workbooks import Column
from portal.known_keys import rows_with

NAMES = (
    "kind", "channel", "category", "urgency", "major", "confidential", "content", "demand", "customer_name",
    "customer_phone", "customer_address", "customer_type", "occurred_at", "person_concerned", "read_back",
    "read_back_reason",
)  # fmt: skip
NEEDED = frozenset({"channel", "category", "content"})
HINTS = {
    "kind": _l("A complaint, when this is left empty."),
    "urgency": _l("Urgent: safety or daily life is affected. (CP-13)"),
    "customer_name": _l("Leave this empty for an anonymous case."),
    "customer_type": _l("Leave this empty when it is not known."),
    "occurred_at": _l("As a date of the spreadsheet, or as 2026-03-01 10:00."),
    "person_concerned": _l("This person can neither handle nor see the case. (CP-09)"),
    "read_back": _l("Left empty, the case waits for it before it is routed. (CP-04)"),
}


def columns() -> list[Column]:
    """The fields of the intake, in the language of the page."""
    examples = {
        "kind": Kind.COMPLAINT,
        "channel": Channel.PHONE,
        "category": Category.PRODUCT,
        "urgency": Urgency.NORMAL,
        "content": _("The printer leaks ink; documents cannot be printed."),
        "demand": _("Please send somebody soon to repair it."),
        "customer_name": _("Mrs Chen"),
        "customer_phone": "13900001234",
        "occurred_at": "2026-03-01 10:00",
        "read_back": ReadBack.YES,
        importing.REFERENCE: "2026-001",
    }
    return importing.columns_of(Handed.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=examples)


def said(form: Handed) -> str:
    """The digest of what a line says, as the case keeps it."""
    return fields_digest(form.record() | {"files": []})


def before(by: Viewer, keys: Collection[str]) -> dict[str, Before]:
    """What those who may import recorded under these keys; the number only of what the viewer may see."""
    may = [card.id for card in reference.staff().cards.values() if allowed(card.role, May.IMPORT_CASES)]
    number = sa.case((visible_to(by), Case.number), else_="")
    asked = sa.select(Case.idempotency_key, Case.fields_digest, number).where(
        Case.registered_by_id.in_({*may, by.id})
    )
    found = rows_with(asked, Case.idempotency_key, sorted(keys))
    return {key: Before(digest, number) for key, digest, number in found}


def record(form: Handed, *, key: str, line: int, reference: str, by: Viewer, now: datetime) -> str:
    """One line as the intake records it; its number. The history says which line it was."""
    case = register(by=by, now=now, idempotency_key=key, live=False, **form.record())
    told = {"reference": reference}
    history.record(case, "case:import", by=by.id, now=now, clause="CP-01", line=line, words=told)
    return case.number


def export(by: Viewer) -> bytes:
    """The whole list of cases as that person sees it."""
    nothing: MultiDict[str, Any] = MultiDict()
    return book(CaseList.asked_for(by, nothing))


CASES = importing.Kind(
    name="cases",
    may_import=May.IMPORT_CASES,
    may_export=May.EXPORT_CASES,
    columns=columns,
    judge=filled,
    digest=said,
    before=before,
    record=record,
    export=export,
)
