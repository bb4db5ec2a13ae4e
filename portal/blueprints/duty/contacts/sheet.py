"""The ledger as a workbook: out as the page shows it, in by the form's own rules (DR-15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import importing
from portal.blueprints.duty.contacts import actions
from portal.blueprints.duty.contacts.forms import ContactForm
from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.contacts.queries import Asked
from portal.blueprints.duty.systems import System
from portal.i18n import _, _l, label
from portal.importing import Ready, Weighed
from portal.kernel import sheets
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column

NAMES = ("system", "company", "person", "phone", "night_phone", "hours", "contract")
NEEDED = frozenset({"system", "company", "phone"})
HINTS = {"phone": _l("A number that can be dialled, such as 021-5550 1234.")}
EXAMPLES = {
    "system": System.LIFT,
    "company": "安达电梯维保",
    "person": "孙师傅",
    "phone": "021-5550 1101",
    "hours": "08:30-17:30",
}


def columns() -> list[Column]:
    """The fields of the form, in the language of the page; a row needs no mark of its own, see `weigh`."""
    every = importing.columns_of(ContactForm.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=EXAMPLES)
    return [column for column in every if column.name != importing.REFERENCE]


def judge(values: dict[str, Any]) -> tuple[ContactForm, dict[str, list[str]]]:
    """A line through the form that a person would fill in."""
    form = ContactForm(MultiDict({"active": "y"} | {name: str(value) for name, value in values.items()}))
    form.validate()
    return form, {name: list(map(str, said)) for name, said in form.errors.items() if name}


def weigh(_by: Viewer, lines: Sequence[Ready]) -> Weighed:
    """Whom the ledger has for a system, under the same number, is not added a second time; nor twice from one file."""
    seen = _known()
    wrong: dict[int, dict[str, list[str]]] = {}
    there, first = {}, dict[Any, int]()
    for one in lines:
        key = _key(one.form.record())
        if key in seen:
            there[one.line] = key[1]
        elif first.setdefault(key, one.line) != one.line:
            wrong[one.line] = {"phone": [_("Row %(line)s says the same.", line=first[key])]}
    return Weighed(wrong, there)


def record(lines: Sequence[Ready], *, by: Viewer, now: datetime) -> list[str]:
    """Add these; whom a colleague added meanwhile is left out. Inside a write."""
    seen = _known()
    fresh = [fields for fields in (one.form.record() for one in lines) if _key(fields) not in seen]
    return [actions.add(by=by.id, now=now, **fields).company for fields in fresh]


def _known() -> set[tuple[str, str, str]]:
    rows = db.session.execute(sa.select(Contact.system, Contact.company, Contact.phone))
    return {(str(system), company, phone) for system, company, phone in rows}


def _key(fields: dict[str, Any]) -> tuple[str, str, str]:
    return str(fields["system"]), fields["company"], fields["phone"]


def book(rows: Sequence[Contact]) -> bytes:
    """These rows of the ledger as a workbook."""
    captions = (
        _("System"), _("Company"), _("Person there"), _("Phone"), _("Phone at night and on holidays"),
        _("When they can be reached"), _("Contract: number, until when, how fast they come"), _("In use"),
    )  # fmt: skip
    lines = (
        [
            label(row.system), row.company, row.person, row.phone, row.night_phone, row.hours, row.contract,
            _("yes") if row.active else _("no"),
        ]
        for row in rows
    )  # fmt: skip
    return sheets.workbook(_("Whom to call"), [sheets.Column(caption) for caption in captions], lines)


CONTACTS = importing.Kind(
    name="contacts",
    may_import=May.RECEIVE,
    may_export=May.EXPORT_CASES,
    columns=columns,
    judge=judge,
    digest=lambda form: fields_digest(form.record()),
    before=lambda _by, _keys: {},
    record=None,
    export=lambda _by: book(Asked().rows(sheets.MOST_ROWS)),
    weigh=weigh,
    record_all=record,
)
importing.KINDS[CONTACTS.name] = CONTACTS
