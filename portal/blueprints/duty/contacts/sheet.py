"""The ledger as a workbook: out as the page shows it, in by the form's own rules (DR-15).

A line is known by system, company and phone: another number is somebody more to call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import importing, ledgers
from portal.blueprints.duty.contacts import actions
from portal.blueprints.duty.contacts.forms import ContactForm
from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.systems import System
from portal.i18n import _, _l
from portal.kernel import sheets
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column
from portal.ledgers import Ledger, Stored

NAMES = ("system", "company", "phone", "person", "night_phone", "hours", "contract", "active")
KEYS = NAMES[:3]
HINTS = {
    "phone": _l("A number that can be dialled, such as 021-5550 1234."),
    "active": _l("Yes, when this is left empty."),
}
EXAMPLES = {
    "system": System.LIFT,
    "company": "安达电梯维保",
    "person": "孙师傅",
    "phone": "021-5550 1101",
    "hours": "08:30-17:30",
    "active": "true",
}


def columns() -> list[Column]:
    """The fields of the form, in the language of the page."""
    return importing.columns_of(
        ContactForm.blank(), NAMES, needed=KEYS, hints=HINTS, examples=EXAMPLES, keyed=True
    )


def _stored(contacts: Iterable[Contact]) -> list[Stored]:
    kept = ((one, ContactForm.blank(**{name: getattr(one, name) for name in NAMES})) for one in contacts)
    return [Stored(one.company, ledgers.texts_of(form, NAMES), one) for one, form in kept]


def _there(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    return _stored(db.session.scalars(sa.select(Contact).order_by(Contact.id)))


def _form(values: MultiDict[str, Any], _stored: Stored | None) -> ContactForm:
    return ContactForm(values)


def _add(form: ContactForm, *, by: Viewer, now: datetime) -> str:
    return actions.add(by=by.id, now=now, **form.record()).company


def _edit(contact: Contact, form: ContactForm, *, by: Viewer, now: datetime) -> None:
    actions.edit(contact, by=by.id, now=now, **form.record())


def book(rows: Iterable[Contact]) -> bytes:
    """These rows of the ledger as a workbook that can be read in again."""
    return ledgers.book(_("Whom to call"), columns(), _stored(rows), importing.MOST_LINES)


CONTACTS = importing.Kind(
    name="contacts",
    may_import=May.RECEIVE,
    may_export=May.EXPORT_CASES,
    columns=columns,
    export=lambda _by: book(
        db.session.scalars(sa.select(Contact).order_by(Contact.id).limit(sheets.MOST_ROWS))
    ),
    ledger=Ledger(names=NAMES, keys=KEYS, stored=_there, form=_form, add=_add, edit=_edit),
)
importing.KINDS[CONTACTS.name] = CONTACTS
