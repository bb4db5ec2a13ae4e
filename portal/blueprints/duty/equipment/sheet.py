"""The ledger as a workbook: out as the list shows it, in by the form's own rules (DR-13)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import importing
from portal.blueprints.duty.equipment import actions
from portal.blueprints.duty.equipment.forms import Handed, NewEquipmentForm
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.equipment.queries import EquipmentList
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.systems import System
from portal.drawing import department_name, name_of
from portal.i18n import _, _l, called, label
from portal.importing import Before
from portal.kernel import history, reference, sheets
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column

NAMES = (
    "code", "name", "name_en", "system", "place", "department", "post", "responsible", "important", "contingency",
    "bought_on", "warranty_until",
)  # fmt: skip
NEEDED = frozenset({"code", "name", "system", "department"})
HINTS = {
    "code": _l("Two or more capital letters, digits and hyphens, such as LIFT-01."),
    "department": _l("The code of the department, such as admin."),
    "post": _l("The code of the post, such as front-desk; may be left empty."),
    "responsible": _l("User name or name of a colleague."),
    "contingency": _l("Needed for what is important. (DR-13)"),
    "bought_on": _l("As 2026-03-01."),
    "warranty_until": _l("As 2026-03-01."),
}


def columns() -> list[Column]:
    """The fields of the form, in the language of the page."""
    examples = {
        "code": "LIFT-01",
        "name": "客梯 1 号",
        "name_en": "Passenger lift 1",
        "system": System.LIFT,
        "place": "1–12",
        "department": "admin",
        "important": "true",
        "contingency": _("Stop the lift, free the people, call the maintainer, put up the sign."),
        "bought_on": "2024-05-01",
        importing.REFERENCE: "2026-001",
    }
    return importing.columns_of(Handed.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=examples)


def judge(values: dict[str, Any]) -> tuple[Handed, dict[str, list[str]]]:
    """A line through the form that a person would fill in."""
    typed = {
        name: "y" if value is True else str(value) for name, value in values.items() if value is not False
    }
    for name in ("bought_on", "warranty_until"):  # a date of the spreadsheet
        typed[name] = typed.get(name, "").removesuffix("T00:00")
    for name, codes in (("department", _departments()), ("post", _posts())):
        typed[name] = codes.get(typed.get(name, ""), typed.get(name, ""))
    form = Handed(MultiDict({"active": "y"} | typed))
    form.validate()
    return form, {name: list(map(str, said)) for name, said in form.errors.items() if name}


def _departments() -> dict[str, str]:
    """The code of a department by each of its names."""
    return {name: code for code, names in reference.staff().departments.items() for name in names}


def _posts() -> dict[str, str]:
    """The code of a post by each of its names."""
    every = posts.ground().posts.values()
    return {name: post.code for post in every for name in (post.name, post.name_en) if name}


def digest(form: Handed) -> str:
    """The digest of what a line says, as the ledger keeps it."""
    return fields_digest(form.record())


def taken(form: Handed) -> dict[str, list[str]]:
    """What a new line says that the ledger has already."""
    said = NewEquipmentForm.taken(form)
    return {"code": [said]} if said else {}


def before(_by: Viewer, keys: Collection[str]) -> dict[str, Before]:
    """What was imported under these keys, by whomever."""
    asked = sa.select(Equipment.idempotency_key, Equipment.fields_digest, Equipment.code).where(
        Equipment.idempotency_key.in_(keys)
    )
    return {key: Before(said, code) for key, said, code in db.session.execute(asked) if key}


def record(form: Handed, *, key: str, line: int, reference: str, by: Viewer, now: datetime) -> str:
    """One line as the form records it; its code."""
    made = actions.add(by=by.id, now=now, idempotency_key=key, **form.record())
    told = {"reference": reference}
    history.record(made, "equipment:import", by=by.id, now=now, clause="DR-13", line=line, words=told)
    return made.code


def book(rows: Sequence[Any]) -> bytes:
    """These rows of the ledger as a workbook."""
    captions = (
        _("Code"), _("Its name"), _("System"), _("Where it is"), _("Department"), _("Post"), _("Responsible person"),
        _("Important"), _("Contingency plan"), _("Bought on"), _("Under warranty until"), _("State"),
    )  # fmt: skip
    names = posts.ground().posts
    lines = (
        [
            row.code, called(row), label(row.system), row.place, department_name(row.department),
            called(names[row.post_id]) if row.post_id else "", name_of(row.responsible_id) if row.responsible_id else "",
            _("yes") if row.important else "", row.contingency, row.bought_on, row.warranty_until,
            _("in use") if row.active else _("not in use"),
        ]
        for row in rows
    )  # fmt: skip
    return sheets.workbook(_("Equipment"), [sheets.Column(caption) for caption in captions], lines)


def export(by: Viewer) -> bytes:
    """The whole ledger of what is in use."""
    return book(EquipmentList(by).rows(sheets.MOST_ROWS))


EQUIPMENT = importing.Kind(
    name="equipment",
    may_import=May.PLAN_DUTY,
    may_export=May.EXPORT_CASES,
    columns=columns,
    judge=judge,
    digest=digest,
    before=before,
    record=record,
    export=export,
    alone=("code",),
    taken=taken,
)
importing.KINDS[EQUIPMENT.name] = EQUIPMENT
