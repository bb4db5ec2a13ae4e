"""What the templates of the archive draw."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from portal.blueprints.complaints.archive import actions, forms, queries
from portal.blueprints.complaints.archive.codes import RetentionClass
from portal.blueprints.complaints.archive.labels import VERBS
from portal.blueprints.complaints.archive.workflow import ARCHIVE
from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.drawing import department_name, name_of
from portal.forms import PortalForm, VerbForm
from portal.i18n import _, day, label
from portal.kernel import clock, reference
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sheets import Column

# As my day calls it.
ALIASES = {"sign-erratum": "correct"}


def standing(row: Any, now: datetime) -> tuple[str, str]:
    """What has become of a record, and its tone."""
    if row.disposed_at is not None:
        return _("Disposed of"), ""
    if "dispose" in row.asks.split():
        return _("Proposed for disposal"), "warn"
    if row.keep_until is not None and row.keep_until <= now:
        return _("Term is over"), "warn"
    return _("Kept"), "ok"


def listed(asked: queries.ArchiveList, tried: PortalForm | None = None) -> dict[str, Any]:
    """What the list draws."""
    now = clock.now()
    rows, newer, older = asked.page(now)
    departments = reference.staff().departments
    return {
        "asked": asked,
        "rows": [(row, RetentionClass(row.retention_class), *standing(row, now)) for row in rows],
        "newer": newer,
        "older": older,
        "form": tried or forms.DisposeForm.blank(),
        "may_dispose": asked.term and asked.viewer.may(May.MANAGE_OFFICE),
        "may_export": asked.viewer.may(May.EXPORT_CASES),
        "department_name": department_name,
        "choices": [
            ("department", _("All departments"), [(code, department_name(code)) for code in departments]),
            ("retention_class", _("Any class"), [(code, label(code)) for code in RetentionClass]),
        ],
    }


def columns() -> list[Column]:
    """The head of the workbook."""
    captions = (
        _("Number"), _("Customer"), _("Kind"), _("Category"), _("Department"), _("Retention class"),
        _("Kept until"), _("Filed by the department"), _("Archived by customer service"), _("Disposed of on"),
    )  # fmt: skip
    return [Column(caption) for caption in captions]


def sheet_row(row: Any) -> list[Any]:
    """One line of the workbook."""
    return [
        row.number,
        row.customer_name,
        label(row.kind),
        label(row.category),
        department_name(row.department) if row.department else "",
        label(RetentionClass(row.retention_class)),
        clock.local(row.keep_until).date() if row.keep_until else "",
        row.filed_at,
        row.archived_at,
        row.disposed_at,
    ]


def entry(case: Case, viewer: Viewer, *, do: str = "", tried: VerbForm | None = None) -> dict[str, Any]:
    """All that _entry.html draws, however it is reached."""
    now = clock.now()
    verbs = [step.verb for step in ARCHIVE.open_to(case, viewer)]
    errata = queries.errata(case)
    waits = next((row for row in errata if row.decided_at is None), None)
    chosen = queries.chosen(case)
    klass = chosen.retention_class if chosen else actions.least_class(case)
    do = ALIASES.get(do, do)
    if do not in verbs:
        do = "correct" if waits and "correct" in verbs else ""
    if do == "correct" and waits and waits.asked_by_id == viewer.id and tried is None:
        do = ""
    over = case.keep_until is not None and case.keep_until <= now and case.disposed_at is None
    return {
        "case": case,
        "archived": case.state is State.ARCHIVED,
        "class_": klass,
        "chosen": chosen,
        "errata": [(row, getattr(case, row.field)) for row in errata],
        "waits": waits,
        "steps": [verb for verb in verbs if verb == "keep" or waits is None],
        "verbs": VERBS,
        "do": do,
        "form": (tried or form_for(case, do, klass, waits is not None)) if do else None,
        "standing": standing(case, now) if case.state is State.ARCHIVED else None,
        "may_dispose": over and viewer.may(May.MANAGE_OFFICE),
        "name_of": name_of,
        "department_name": department_name,
        "here": url_for("complaints.archive_entry", number=case.number),
        "day_of": day,
    }


def form_for(
    case: Case, verb: str, klass: RetentionClass | None, waits: bool, *, sent: bool = False
) -> VerbForm:
    """The form of a verb, as it was sent or before anybody typed; one that waits is signed, not written."""
    if verb == "keep":
        return forms.KeepForm.of_request() if sent else forms.KeepForm.blank(retention_class=klass)
    kind = forms.SignForm if waits else forms.CorrectForm
    return kind.of_request() if sent else kind.blank()
