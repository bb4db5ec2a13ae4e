"""Departments and positions as workbooks: out as the pages show them, in by the forms' own rules.

A department is known by its code, a position by what it is and where. Every position is there, held or not: a line only
gives it to somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from portal import importing, ledgers
from portal.blueprints.office import queries
from portal.blueprints.office.people.forms import departments as choices
from portal.blueprints.office.structure import actions
from portal.blueprints.office.structure.forms import DepartmentForm, NewDepartmentForm, SeatForm
from portal.drawing import department_name
from portal.forms import Choice, OneOf
from portal.i18n import _, _l, label
from portal.kernel import reference
from portal.kernel.db import db
from portal.kernel.people import Department, Viewer
from portal.kernel.rights import COMPANY_WIDE, May, Position
from portal.kernel.workbooks import Column
from portal.ledgers import Ledger, Stored

# -- departments ----------------------------------------------------------------------------------------------------

NAMES = ("code", *actions.EDITABLE)
NEEDED = frozenset({"code", "name"})
HINTS = {
    "code": _l("Two or more small letters, digits and hyphens, such as sales."),
    "order": _l("Lists show the departments by this number."),
}
EXAMPLES = {"code": "sales", "name": "销售部", "name_en": "Sales", "phone": "8006", "order": "6"}


def columns() -> list[Column]:
    """The fields of a department, in the language of the page."""
    return importing.columns_of(
        NewDepartmentForm.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=EXAMPLES, keyed=True
    )


def _stored(rows: Iterable[Department]) -> list[Stored]:
    kept = (
        (row, DepartmentForm.blank(**{name: getattr(row, name) for name in actions.EDITABLE})) for row in rows
    )
    return [
        Stored(row.code, {"code": row.code} | ledgers.texts_of(form, actions.EDITABLE), row)
        for row, form in kept
    ]


def _there(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    return _stored(db.session.scalars(sa.select(Department).order_by(Department.order, Department.code)))


def _form(values: MultiDict[str, Any], stored: Stored | None) -> DepartmentForm:
    return DepartmentForm(values) if stored else NewDepartmentForm(values)


def _fields(form: DepartmentForm) -> dict[str, Any]:
    return {name: form.data[name] for name in actions.EDITABLE}


def _add(form: NewDepartmentForm, *, by: Viewer, now: datetime) -> str:
    return actions.add_department(form.code.data, by=by.id, now=now, **_fields(form)).code


def _edit(row: Department, form: DepartmentForm, *, by: Viewer, now: datetime) -> None:
    actions.edit_department(row, by=by.id, now=now, **_fields(form))


def _departments(by: Viewer) -> bytes:
    return ledgers.book(_("Departments"), columns(), _there(by, ()), importing.MOST_LINES)


DEPARTMENTS = importing.Kind(
    name="departments",
    may_import=May.MANAGE_OFFICE,
    may_export=May.MANAGE_OFFICE,
    columns=columns,
    export=_departments,
    ledger=Ledger(
        names=NAMES,
        keys=("code",),
        stored=_there,
        form=_form,
        add=_add,
        edit=_edit,
        tidy={"code": str.lower},
    ),
)
importing.KINDS[DEPARTMENTS.name] = DEPARTMENTS

# -- positions ------------------------------------------------------------------------------------------------------

SEAT = ("position", "department", "holder", "deputy")


class SeatLine(SeatForm):
    """Which position, and who holds it from now on."""

    position = Choice(_l("Position"), of=Position, words=label, required=True)
    department = OneOf(_l("Department"), codes=choices, empty=_l("the company"))

    def validate_department(self, field: Field) -> None:
        if self.position.data is not None and (field.data == "") != (self.position.data in COMPANY_WIDE):
            raise ValidationError(
                _("This position is the company's; leave the department empty.")
                if field.data
                else _("This position is a department's; say which.")
            )


def seat_columns() -> list[Column]:
    """The fields of a position, in the language of the page."""
    hints = {
        "department": _l("Empty for a position of the whole company."),
        "holder": _l("User name of a colleague; empty for nobody."),
        "deputy": _l("User name of a colleague; empty for nobody."),
    }
    examples = {"position": Position.LEAD, "department": "admin", "holder": "lead.admin"}
    return importing.columns_of(
        SeatLine.blank(), SEAT, needed=SEAT[:1], hints=hints, examples=examples, keyed=True
    )


def _seats(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    cards = reference.staff().cards
    found = []
    for seat in queries.seats():
        holder, deputy = (
            cards[who].username if who in cards else "" for who in (seat.person_id, seat.deputy_id)
        )
        called = label(seat.position)
        if seat.department:
            called = f"{called} · {department_name(seat.department)}"
        texts = {
            "position": seat.position.value,
            "department": seat.department,
            "holder": holder,
            "deputy": deputy,
        }
        found.append(Stored(called, texts, (seat.position, seat.department)))
    return found


def _seat_form(values: MultiDict[str, Any], _stored: Stored | None) -> SeatLine:
    return SeatLine(values)


def _reseat(seat: tuple[Position, str], form: SeatLine, *, by: Viewer, now: datetime) -> None:
    staff = reference.staff()
    holder, deputy = (staff.by_username(field.data or "") for field in (form.holder, form.deputy))
    actions.seat(
        *seat,
        holder_id=holder.id if holder else None,
        deputy_id=deputy.id if deputy else None,
        by=by.id,
        now=now,
    )


def _no_more(_form: SeatLine, *, by: Viewer, now: datetime) -> str:
    raise LookupError("every position there is is there already")


POSITIONS = importing.Kind(
    name="positions",
    may_import=May.MANAGE_OFFICE,
    may_export=May.MANAGE_OFFICE,
    columns=seat_columns,
    export=lambda by: ledgers.book(_("Positions"), seat_columns(), _seats(by, ()), importing.MOST_LINES),
    ledger=Ledger(names=SEAT, keys=SEAT[:2], stored=_seats, form=_seat_form, add=_no_more, edit=_reseat),
)
importing.KINDS[POSITIONS.name] = POSITIONS
