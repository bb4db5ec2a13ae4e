"""An old register as a workbook: visits that are over, each known by what it was called there (RC-17)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from portal import errors, importing, ledgers
from portal.blueprints.reception import going_over, places
from portal.blueprints.reception.area import bp
from portal.blueprints.reception.codes import Category, Satisfaction
from portal.blueprints.reception.forms import MOST_PARTY, WithPhone, departments, open_places
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.register import taking_over
from portal.forms import Choice, Line, Moment, OneOf, Paragraph, Someone, Whole
from portal.i18n import _, _l, label, ngettext
from portal.import_pages import ImportPages
from portal.kernel import clock, customers, reference, sheets
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sessions import digest
from portal.kernel.workbooks import Column, folded
from portal.known_keys import rows_with
from portal.ledgers import Ledger, Stored

NAMES = (
    "reference", "category", "visitor_name", "company", "phone", "party_size", "purpose", "host", "department", "place",
    "arrived_at", "left_at", "satisfaction", "remark",
)  # fmt: skip
NEEDED = frozenset({"reference", "category", "visitor_name", "arrived_at", "left_at"})
HINTS = {
    "reference": _l(
        "What the old register calls the visit, such as 2025-0117. The same again changes what is there."
    ),
    "phone": _l("Written as text, so that no nought is lost. A masked number stays as it is."),
    "host": _l("User name or name of a colleague; leave it empty for somebody who has left the company."),
    "department": _l("Left empty, that of the person visited."),
    "arrived_at": _l("As a date of the spreadsheet, or as 2026-03-01 10:00."),
    "left_at": _l("As a date of the spreadsheet, or as 2026-03-01 10:00."),
}
EXAMPLES = {
    "reference": "2025-0117", "category": Category.B, "visitor_name": "陈女士", "company": "恒通贸易",
    "phone": "13900001234", "party_size": "3", "purpose": "二期验收", "arrived_at": "2025-11-03 14:00",
    "left_at": "2025-11-03 15:30",
}  # fmt: skip


class _Line(WithPhone):
    """A line of an old register."""

    reference = Line(_l("Number in the old register"), most=importing.LONGEST_REFERENCE, required=True)
    category = Choice(_l("Category"), of=Category, words=label, required=True)
    visitor_name = Line(_l("Visitor's name"), most=120, required=True)
    company = Line(_l("Company"), most=120)
    phone = Line(_l("Phone"), most=40)
    party_size = Whole(_l("Number of people"), least=1, most=MOST_PARTY, default=1)
    purpose = Paragraph(_l("Matter"), most=2000)
    host = Someone(_l("Person visited (user name)"))
    department = OneOf(_l("Department"), codes=departments, empty=_l("as the person visited"))
    place = OneOf(_l("Place"), codes=open_places, empty=_l("none"))
    arrived_at = Moment(_l("Time of arrival"), required=True)
    left_at = Moment(_l("Time of leaving"), required=True)
    satisfaction = Choice(
        _l("Was everything to your satisfaction?"), of=Satisfaction, words=label, empty=_l("not asked")
    )
    remark = Paragraph(_l("Remark for the department"), most=2000)
    forgotten = False

    def validate_reference(self, _field: Field) -> None:
        """RC-20: an old file brings nobody back who was removed here."""
        if self.forgotten:
            raise ValidationError(_("This visitor's data were removed. Please leave the row out. (RC-20)"))

    def validate_phone(self, field: Field) -> None:
        if self.whole_phone and field.data == self.whole_phone:
            field.data = customers.masked(
                self.whole_phone
            )  # nobody is shown a number because it did not change
        super().validate_phone(field)

    def validate_department(self, field: Field) -> None:
        if not field.data and self.host.card:
            field.data = self.host.card.department

    def validate_arrived_at(self, field: Field) -> None:
        if field.data and (reason := taking_over.against(field.data, clock.now())):
            raise ValidationError(errors.say(reason))

    def validate_left_at(self, field: Field) -> None:
        if field.data and self.arrived_at.data and field.data < self.arrived_at.data:
            raise ValidationError(_("Nobody leaves before they arrive."))
        if field.data and field.data > clock.now():
            raise ValidationError(_("This is still to come."))

    def record(self) -> dict[str, Any]:
        """The fields as the visit keeps them."""
        place = places.by_code(self.place.data) if self.place.data else None
        host = self.host.card
        as_they_are = (
            "category", "visitor_name", "company", "purpose", "arrived_at", "left_at", "satisfaction", "remark",
        )  # fmt: skip
        return {name: self.data[name] for name in as_they_are} | {
            "phone": self.number_of(self.phone),
            "party_size": self.party_size.data or 1,
            "host_id": host.id if host else None,
            "department": self.department.data or None,
            "place_id": place.id if place else None,
        }


def columns() -> list[Column]:
    """The fields of a visit that is over, in the language of the page."""
    return importing.columns_of(
        _Line.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=EXAMPLES, keyed=True
    )


def _mark(key: str) -> str:
    """By what a line is known again: it says nothing of the visitor, so it stays when they are forgotten."""
    return digest(f"old register {key}")


def _stored(visits: Iterable[Visit], keys: dict[str, str]) -> list[Stored]:
    found = []
    for one in visits:
        host = reference.staff().cards.get(one.host_id or 0)
        place = places.of_visit(one)
        form = _Line.blank(
            reference=one.taken_over,
            phone=customers.masked(one.phone),
            host=host.username if host else "",
            department=one.department or "",
            place=place.code if place else "",
            **{
                name: getattr(one, name)
                for name in NAMES
                if name not in {"reference", "phone", "host", "department", "place"}
            },
        )
        found.append(
            Stored(one.number, ledgers.texts_of(form, NAMES), one, keys.get(one.idempotency_key or "", ""))
        )
    return found


def _there(by: Viewer, keys: Collection[str]) -> list[Stored]:
    marks = {_mark(key): key for key in keys}
    ours = sa.select(Visit).where(visible_to(by))
    return _stored([visit for (visit,) in rows_with(ours, Visit.idempotency_key, sorted(marks))], marks)


def _form(values: MultiDict[str, Any], stored: Stored | None) -> _Line:
    if stored is None:
        return _Line(values)
    form = _Line(values, whole_phone=stored.thing.phone)
    form.forgotten = stored.thing.anonymised_at is not None
    return form


def _add(form: _Line, *, by: Viewer, now: datetime) -> str:
    written = form.reference.data or ""
    key = _mark(folded(written))
    return taking_over.take_over(by=by, now=now, reference=written, key=key, **form.record()).number


def _edit(visit: Visit, form: _Line, *, by: Viewer, now: datetime) -> None:
    taking_over.change(visit, by=by, now=now, **form.record())


def _whole(by: Viewer) -> bytes:
    """What was taken over, with whole phone numbers (RC-20)."""
    wanted = sa.select(Visit).where(visible_to(by), Visit.taken_over != "").order_by(Visit.day, Visit.id)
    visits = wanted.limit(sheets.MOST_ROWS)
    return going_over.book(REGISTER, _("Old register"), by, lambda: _stored(db.session.scalars(visits), {}))


REGISTER = importing.Kind(
    name="register",
    may_import=May.MANAGE_OFFICE,
    may_export=May.MANAGE_OFFICE,
    columns=columns,
    export=_whole,
    ledger=Ledger(names=NAMES, keys=("reference",), stored=_there, form=_form, add=_add, edit=_edit),
)
importing.KINDS[REGISTER.name] = REGISTER

ImportPages(
    kind=REGISTER,
    title=_l("Take over an old register"),
    about=_l(
        "Visits that are over, from a workbook: they come in as archived, nobody is told, and their term counts from "
        "the day of the visit. (RC-17, RC-20)"
    ),
    button=lambda count: ngettext("Take over %(num)s visit", "Take over %(num)s visits", count),
    recorded=lambda count: ngettext("%(num)s visit taken over.", "%(num)s visits taken over.", count),
    sheet=_l("Old register"),
    file=_l("Template for an old register"),
    address=lambda number: url_for("reception.show", number=number),
    tabs="reception/_parts.html",
    endpoint="reception.import_register",
    list_endpoint="reception.registers",
).add_to(bp, "/register/import")
