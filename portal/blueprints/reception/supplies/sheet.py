"""The stock as a workbook: out as the list shows it, in by the form's own rules; a line is known by its code (RC-15).

The column `counted` is a stock-taking: what was counted is what there is, and a difference needs its explanation. What a
new supply begins with needs none.
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
from portal.blueprints.reception.supplies import actions, forms, page, queries, rules
from portal.blueprints.reception.supplies.codes import SupplyKind
from portal.blueprints.reception.supplies.models import Supply
from portal.forms import Line, Whole
from portal.i18n import _, _l
from portal.kernel import sheets
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column
from portal.ledgers import Ledger, Stored

NAMES = ("code", *page.EDITED, "counted", "note")
NEEDED = frozenset({"code", "name", "kind", "unit", "minimum"})
HINTS = {
    "code": _l("Small letters, digits and hyphens, such as green-tea."),
    "active": _l("Yes, when this is left empty."),
    "counted": _l("How much there is. Left empty, the stock stays as it is in the books."),
    "note": _l("Needed where the count differs from the books. (RC-15)"),
}
EXAMPLES = {
    "code": "green-tea", "name": "绿茶", "name_en": "Green tea", "kind": SupplyKind.SPECIAL, "unit": "袋",
    "unit_en": "bags", "minimum": "30", "active": "true", "counted": "120",
}  # fmt: skip


class _Line(forms.SupplyForm):
    """A line about a supply that is there."""

    counted = Whole(_l("Counted"), least=0, most=forms.MOST)
    note = Line(_l("Explanation of a difference"), most=400)
    on_hand: int | None = None  # in the books

    def validate_counted(self, field: Field) -> None:
        if field.data is None:
            field.data = self.on_hand

    def validate_note(self, field: Field) -> None:
        """RC-15: a difference is explained; without one there is nothing to explain."""
        counted = self.on_hand if self.counted.data is None else self.counted.data
        if self.on_hand is None or counted is None:
            return
        if rules.unexplained(self.on_hand, counted, field.data):
            raise ValidationError(
                _("The books say %(left)s: say why the count differs. (RC-15)", left=self.on_hand)
            )
        if counted == self.on_hand:
            field.data = ""


class _NewLine(_Line, forms.NewSupplyForm):
    """A line about a new supply."""


def columns() -> list[Column]:
    """The fields of a supply and of its stock-taking, in the language of the page."""
    return importing.columns_of(
        _NewLine.blank(), NAMES, needed=NEEDED, hints=HINTS, examples=EXAMPLES, keyed=True
    )


def _form(values: MultiDict[str, Any], stored: Stored | None) -> _Line:
    if stored is None:
        return _NewLine(values)
    form = _Line(values)
    form.on_hand = stored.thing.on_hand
    return form


def _stored(supplies: Iterable[Supply]) -> list[Stored]:
    found = []
    for one in supplies:
        kept = {name: getattr(one, name) for name in page.EDITED} | {"counted": one.on_hand}
        texts = {"code": one.code} | ledgers.texts_of(_Line.blank(**kept), NAMES[1:])
        found.append(Stored(one.code, texts, one))
    return found


def _there(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    return _stored(db.session.scalars(sa.select(Supply).order_by(Supply.order, Supply.id)))


def _fields(form: _Line) -> dict[str, Any]:
    return {name: form.data[name] for name in page.EDITED}


def _add(form: _NewLine, *, by: Viewer, now: datetime) -> str:
    made = actions.put_in(by=by, now=now, code=form.code.data, **_fields(form))
    if made is None:
        raise importing.Overtaken
    db.session.flush()
    if form.counted.data:
        note = form.note.data or _("First stock.")
        actions.take_stock(made, form.counted.data, by=by, now=now, note=note)
    return made.code


def _edit(supply: Supply, form: _Line, *, by: Viewer, now: datetime) -> None:
    fields = _fields(form)
    if any(getattr(supply, name) != value for name, value in fields.items()):
        actions.edit(supply, by=by, now=now, **fields)
        db.session.flush()
    if form.counted.data != supply.on_hand:
        actions.take_stock(supply, form.counted.data, by=by, now=now, note=form.note.data)


def book(supplies: Iterable[Supply]) -> bytes:
    """These supplies as a workbook that can be read in again."""
    return ledgers.book(_("Supplies"), columns(), _stored(supplies), importing.MOST_LINES)


SUPPLIES = importing.Kind(
    name="supplies",
    may_import=May.SEE_VISITS,
    may_export=May.SEE_VISITS,
    trusts=rules.sets_minimum,
    trusts_export=queries.looks,
    columns=columns,
    export=lambda _by: book(
        db.session.scalars(sa.select(Supply).order_by(Supply.order, Supply.id).limit(sheets.MOST_ROWS))
    ),
    ledger=Ledger(
        names=NAMES, keys=("code",), stored=_there, form=_form, add=_add, edit=_edit, tidy={"code": str.lower}
    ),
)
importing.KINDS[SUPPLIES.name] = SUPPLIES
