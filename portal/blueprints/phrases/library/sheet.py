"""The library as a workbook: out as it holds, in as proposals that another person of the general office approves (GO-01).

A line is known by the phrase's code. What a line says anew becomes a proposal, handed in at once; one that waits already
is not proposed a second time.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from portal import errors, importing, ledgers
from portal.blueprints.phrases.library.codes import BLANKS, FITS, Moment
from portal.blueprints.phrases.library.forms import PhraseForm
from portal.blueprints.phrases.library.queries import KIND
from portal.forms import Line
from portal.i18n import _, _l
from portal.kernel import documents
from portal.kernel.db import db
from portal.kernel.documents import Body, Current, Version
from portal.kernel.documents.codes import IN_WORK
from portal.kernel.documents.models import Document
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.workbooks import Column, folded
from portal.ledgers import Ledger, Stored

NAMES = ("code", "moment", "zh", "en", *FITS, "reason")
SAID = NAMES[1:-1]  # what the phrase itself says
HINTS = {
    "code": _l("The code of a phrase that is there, as the export writes it; empty for a new one."),
    "reason": _l("Why this is proposed; may be left empty."),
} | {name: _l("One or several of the list with commas between them; empty: everywhere.") for name in FITS}


class _Line(PhraseForm):
    """A line about a phrase. `code` names one that is there, or is how a new one shall be called."""

    code = Line(_l("Code"), most=64)
    waits = False
    was: ledgers.Texts | None = None

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.reason.demand = None

    def validate_code(self, _field: Field) -> None:
        if self.waits and not self._says_the_same():
            raise ValidationError(_("Other words are proposed for it already; decide on them first. (GO-01)"))

    def validate_reason(self, field: Field) -> None:
        if self._says_the_same():
            field.data = ""  # nothing is proposed

    def _says_the_same(self) -> bool:
        return self.was == ledgers.texts_of(self, SAID)

    def validate_zh(self, _field: Field) -> None:
        """PG-03, PG-04: what stands against a phrase is said before anybody hands it in."""
        if self.moment.data is None or not self["en"].data:
            return  # said beside that field
        against = documents.KINDS[KIND].check(self.code.data or "", self.body())
        if said := " ".join(errors.say(reason) for reason in against):
            raise ValidationError(said)


def columns() -> list[Column]:
    """The fields of a phrase, in the language of the page."""
    examples = {
        "moment": Moment.WAIT, "zh": "{customer}您好，请您稍等片刻。", "en": "Please wait a moment, {customer}.",
        "channels": "onsite,phone",
    }  # fmt: skip
    blanks = " ".join(f"{{{name}}}" for name in BLANKS)
    hints = HINTS | {"zh": _("Blanks are written %(blanks)s, the same in both languages.", blanks=blanks)}
    return importing.columns_of(
        _Line.blank(), NAMES, needed={"moment", "zh", "en"}, hints=hints, examples=examples, keyed=True
    )


def _texts(code: str, body: Body) -> dict[str, str]:
    form = _Line.blank(code=code, **PhraseForm.of_body(body))
    return ledgers.texts_of(form, NAMES)


def _there(_by: Viewer, _keys: Collection[str]) -> list[Stored]:
    """What is proposed already, and what holds where nothing is."""
    wanted = sa.select(Version).join(Document).where(Document.kind == KIND, Version.state.in_(IN_WORK))
    waiting = {version.document.code: version for version in db.session.scalars(wanted.order_by(Version.id))}
    current = {one.number: one for one in _in_force()}
    found = [
        Stored(
            code,
            _texts(code, version.body),
            version,
            holds=current[code].texts if code in current else None,
        )
        for code, version in waiting.items()
    ]
    found += [one for one in current.values() if one.number not in waiting]
    return [*found, *(replace(one, texts={**one.texts, "code": ""}, holds=None) for one in found)]


def key_of(texts: ledgers.Texts) -> str:
    """The code; a phrase without one is known by its words, so that the same file proposes it once."""
    return folded(texts.get("code", "")) or f"zh {folded(texts.get('zh', ''))}"


def _in_force() -> Iterator[Stored]:
    for current in documents.in_force(KIND):
        yield Stored(current.code, _texts(current.code, current.body), current)


def _form(values: MultiDict[str, Any], stored: Stored | None) -> _Line:
    form = _Line(values)
    if stored is not None:
        form.waits = isinstance(stored.thing, Version)
        form.was = {name: stored.texts[name] for name in SAID}
    return form


def _propose(code: str, form: _Line, by: Viewer, now: datetime) -> None:
    made = documents.propose(
        KIND, code, form.body(), reason=form.reason.data or _("From a workbook."), by=by, now=now
    )
    documents.hand_in(made, by=by, now=now)


def _add(form: _Line, *, by: Viewer, now: datetime) -> str:
    code = form.code.data or f"{form.moment.data}-{secrets.token_hex(4)}"
    _propose(code, form, by, now)
    return code


def _edit(current: Current, form: _Line, *, by: Viewer, now: datetime) -> None:
    _propose(current.code, form, by, now)


def book() -> bytes:
    """The phrases in force as a workbook that can be read in again."""
    return ledgers.book(_("Phrases"), columns(), _in_force(), importing.MOST_LINES)


PHRASES = importing.Kind(
    name="phrases",
    may_import=May.MANAGE_OFFICE,
    may_export=May.EXPORT_CASES,
    columns=columns,
    export=lambda _by: book(),
    ledger=Ledger(
        names=NAMES,
        keys=("code",),
        stored=_there,
        form=_form,
        add=_add,
        edit=_edit,
        tidy={"code": str.lower},
        key=key_of,
    ),
)
importing.KINDS[PHRASES.name] = PHRASES
