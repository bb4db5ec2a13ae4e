"""People as a workbook: out as the list shows them, in by the form's own rules; a line is known by its user name.

Nobody is given a password by a file: who is new logs in by the company's directory, or with a one-time password that the
office hands out on the person's page or by `user reset-password`.
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
from portal.blueprints.office.people import actions
from portal.blueprints.office.people.forms import NewPersonForm, PersonForm
from portal.forms import Choice
from portal.i18n import _, _l, label
from portal.kernel import accounts, pinyin, sheets
from portal.kernel.db import db
from portal.kernel.people import Person, Status, Viewer
from portal.kernel.rights import May, Rank, Role
from portal.kernel.workbooks import Column
from portal.ledgers import Ledger, Stored

NAMES = ("username", *actions.EDITABLE, "status")
NEEDED = frozenset({"username", "name", "role", "department"})
HINTS = {
    "username": _l("Small letters, digits, dots and hyphens, such as chen.guifang."),
    "pinyin": _l(
        "Such as chenguifang cgf. Leave it empty for the usual reading; surnames sometimes mislead."
    ),
    "rank": _l("Staff, when this is left empty."),
    "status": _l("Active, when this is left empty."),
}
EXAMPLES = {
    "username": "chen.guifang",
    "name": "陈桂芳",
    "name_en": "Chen Guifang",
    "role": Role.EMPLOYEE,
    "department": "admin",
    "rank": Rank.STAFF,
    "email": "chen.guifang@example.com",
    "phone": "13900001234",
    "status": Status.ACTIVE,
}


class _Line(PersonForm):
    """A line about somebody who is there; what the form's page does by buttons is a column here."""

    status = Choice(_l("State"), of=Status, words=label, default=Status.ACTIVE)
    was: Status | None = None

    def validate_status(self, field: Field) -> None:
        field.data = field.data or Status.ACTIVE
        if self.was and field.data is not self.was and Status.DEPARTED in (field.data, self.was):
            raise ValidationError(_("Whoever leaves or comes back is dealt with on the person's own page."))

    def validate_pinyin(self, field: Field) -> None:
        field.data = field.data or pinyin.readings(self.name.data or "")[:160]


class _NewLine(_Line, NewPersonForm):
    """A line about somebody new."""


def columns() -> list[Column]:
    """The fields of the form, in the language of the page."""
    return importing.columns_of(
        _NewLine.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=EXAMPLES, keyed=True
    )


def _form(values: MultiDict[str, Any], stored: Stored | None) -> PersonForm:
    if stored is None:
        return _NewLine(values)
    form = _Line(values)
    form.was = stored.thing.status
    return form


def _stored(people: Iterable[Person]) -> list[Stored]:
    kept = ((person, _Line.blank(**{name: getattr(person, name) for name in NAMES[1:]})) for person in people)
    return [
        Stored(person.username, {"username": person.username} | ledgers.texts_of(form, NAMES[1:]), person)
        for person, form in kept
    ]


def _there(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    return _stored(db.session.scalars(sa.select(Person)))


def _add(form: _NewLine, *, by: Viewer, now: datetime) -> str:
    fields = {name: form.data[name] for name in actions.EDITABLE}
    made = accounts.create(form.username.data, hashed="", must_change=False, by=by.id, now=now, **fields)
    if form.status.data is not Status.ACTIVE:
        accounts.set_status(made, form.status.data, by=by.id, now=now)
    return made.username


def _edit(person: Person, form: _Line, *, by: Viewer, now: datetime) -> None:
    actions.edit(person, by=by.id, now=now, **{name: form.data[name] for name in actions.EDITABLE})
    actions.set_status(person, form.status.data, by=by.id, now=now)


def book(ids: Collection[int] | None = None) -> bytes:
    """These people, or everybody, as a workbook that can be read in again."""
    wanted = sa.select(Person).order_by(Person.username).limit(sheets.MOST_ROWS)
    people = db.session.scalars(wanted if ids is None else wanted.where(Person.id.in_(ids)))
    return ledgers.book(_("People"), columns(), _stored(people), importing.MOST_LINES)


PEOPLE = importing.Kind(
    name="people",
    may_import=May.MANAGE_OFFICE,
    may_export=May.MANAGE_OFFICE,
    columns=columns,
    export=lambda _by: book(),
    ledger=Ledger(
        names=NAMES,
        keys=("username",),
        stored=_there,
        form=_form,
        add=_add,
        edit=_edit,
        tidy={"username": str.lower},
    ),
)
importing.KINDS[PEOPLE.name] = PEOPLE
