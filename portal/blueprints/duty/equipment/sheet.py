"""The ledger as a workbook: out as the list shows it, in by the form's own rules; a line is known by its code (DR-13)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import importing, ledgers
from portal.blueprints.duty.equipment import actions, page
from portal.blueprints.duty.equipment.forms import EquipmentForm, NewEquipmentForm
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.systems import System
from portal.i18n import _, _l
from portal.kernel import sheets
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column
from portal.ledgers import Ledger, Stored

NAMES = (
    "code", "name", "name_en", "system", "place", "department", "post", "responsible", "important", "contingency",
    "bought_on", "warranty_until", "active",
)  # fmt: skip
NEEDED = frozenset({"code", "name", "system", "department"})
HINTS = {
    "code": _l("Two or more capital letters, digits and hyphens, such as LIFT-01."),
    "responsible": _l("User name or name of a colleague."),
    "contingency": _l("Needed for what is important. (DR-13)"),
    "bought_on": _l("As 2026-03-01."),
    "warranty_until": _l("As 2026-03-01."),
    "active": _l("Yes, when this is left empty."),
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
        "active": "true",
    }
    return importing.columns_of(
        NewEquipmentForm.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=examples, keyed=True
    )


def _form(values: MultiDict[str, Any], stored: Stored | None) -> EquipmentForm:
    return EquipmentForm(values) if stored else NewEquipmentForm(values)


def _stored(things: Iterable[Equipment]) -> list[Stored]:
    names = NAMES[1:]
    return [
        Stored(thing.code, {"code": thing.code} | ledgers.texts_of(page.form_of(thing), names), thing)
        for thing in things
    ]


def _there(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    return _stored(db.session.scalars(sa.select(Equipment).order_by(Equipment.code)))


def _add(form: NewEquipmentForm, *, by: Viewer, now: datetime) -> str:
    return actions.add(by=by.id, now=now, **form.record()).code


def _edit(thing: Equipment, form: EquipmentForm, *, by: Viewer, now: datetime) -> None:
    actions.edit(thing, by=by.id, now=now, **form.record())


def book(things: Iterable[Equipment]) -> bytes:
    """These pieces of equipment as a workbook that can be read in again."""
    return ledgers.book(_("Equipment"), columns(), _stored(things), importing.MOST_LINES)


EQUIPMENT = importing.Kind(
    name="equipment",
    may_import=May.PLAN_DUTY,
    may_export=May.EXPORT_CASES,
    columns=columns,
    export=lambda _by: book(
        db.session.scalars(sa.select(Equipment).order_by(Equipment.code).limit(sheets.MOST_ROWS))
    ),
    ledger=Ledger(
        names=NAMES, keys=("code",), stored=_there, form=_form, add=_add, edit=_edit, tidy={"code": str.upper}
    ),
)
importing.KINDS[EQUIPMENT.name] = EQUIPMENT
