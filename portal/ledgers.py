"""What is known by a key: a line of a workbook adds one, changes the one of its key, or says what is there already.

A column that the sheet does not have stays as it is; an empty cell of one that it has empties the field (yes and no are
written out, an empty cell leaves them). The whole of it, old and new together, is judged by the very form of the page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectMultipleField

from portal.forms import Day, Moment, PortalForm
from portal.i18n import _
from portal.kernel import clock
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer
from portal.kernel.workbooks import Column, Line, folded, template

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Stored:
    """What is there: what it is called, its texts by column as they are written out, and the thing itself.

    Where a change waits, `texts` are what it says and `holds` is what holds until then: who says that asks for nothing.
    """

    number: str
    texts: Texts
    thing: Any = None
    key: str = ""  # where the texts do not say it
    holds: Texts | None = None


@dataclass(frozen=True)
class Tried:
    """A line with what it meets: its form, what is there under its key, which columns move and to what."""

    line: int
    key: str
    form: Any
    stored: Stored | None
    moved: Mapping[str, tuple[str, str]]

    @property
    def seen(self) -> str:
        """What stood there, as a digest; empty where nothing did."""
        return fields_digest(dict(self.stored.texts)) if self.stored else ""


@dataclass(frozen=True)
class Ledger:
    """How the lines of a kind meet what is there.

    `keys` are the columns that make the key; `key` makes it of a line's texts where that will not do. `stored(by, keys)`
    gives what is there, at least all that have one of these keys. `form(values, stored)` is the page's form with what
    would be typed; `add(form, by=, now=)` gives the new one's number, `edit(thing, form, by=, now=)` changes one; both
    inside a write. `tidy` writes a column as it is kept, `LIFT-01` for `lift-01`.
    """

    names: Sequence[str]
    keys: Sequence[str]
    stored: Callable[[Viewer, Collection[str]], Iterable[Stored]]
    form: Callable[[MultiDict[str, Any], Stored | None], PortalForm]
    add: Callable[..., str]
    edit: Callable[..., None]
    tidy: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    key: Callable[[Texts], str] | None = None

    def key_of(self, texts: Texts) -> str:
        """The key that a line names, whatever its case and width; empty where it names none."""
        if self.key is not None:
            return self.key(texts)
        parts = [folded(texts.get(name, "")) for name in self.keys]
        return "|".join(parts) if all(parts[:1]) else ""

    def known(self, by: Viewer, keys: Collection[str]) -> dict[str, list[Stored]]:
        """What is there, by key. Where pages allow it, two may have the same."""
        found: dict[str, list[Stored]] = {}
        for one in self.stored(by, keys):
            found.setdefault(one.key or self.key_of(one.texts), []).append(one)
        return {key: found[key] for key in keys if key in found}

    def try_out(self, by: Viewer, lines: Sequence[Line]) -> list[tuple[Line, Tried, dict[str, list[str]]]]:
        """Each line with what it meets and what is wrong with it, by column."""
        keys = {line.number: self.key_of(line.texts) for line in lines}
        known = self.known(by, {key for key in keys.values() if key})
        empty = self.form(MultiDict(), None).blank()
        blank = texts_of(empty, self.names)
        several = {field.name for field in empty if isinstance(field, SelectMultipleField)}
        first: dict[str, int] = {}
        found = []
        for line in lines:
            key = keys[line.number]
            tried, said = self._met(line, key, known.get(key, []), blank, several)
            same = first.setdefault(key, line.number) if key else line.number
            if same != line.number and (said or tried.moved or tried.stored is None):
                said = said | {self.keys[-1]: [_("Row %(line)s says the same.", line=same)]}
            found.append((line, tried, said))
        return found

    def _met(
        self, line: Line, key: str, there: Sequence[Stored], blank: Texts, several: Collection[str]
    ) -> tuple[Tried, dict[str, list[str]]]:
        for one in there:
            # What stands there already is not judged again: a post may have been given up since.
            known = [texts for texts in (one.texts, one.holds) if texts is not None]
            if any(self._whole(line, texts) == dict(texts) for texts in known):
                line.errors.clear()
                return Tried(line.number, key, None, one, {}), {}
        if len(there) > 1:
            said = {self.keys[0]: [_("Several have this key. Please change them on their own pages.")]}
            return Tried(line.number, key, None, there[0], {}), said
        stored = there[0] if there else None
        values = self._whole(line, stored.texts if stored else blank, fill=stored is None)
        form = self.form(_typed(values, several), stored)
        form.validate()
        said = {name: [str(each) for each in messages] for name, messages in form.errors.items() if name}
        said |= {"": [str(each) for each in form.form_errors]} if form.form_errors else {}
        if said or stored is None:
            return Tried(line.number, key, form, stored, {}), said
        becomes = values | texts_of(form, [name for name in self.names if name in form])
        moved = {
            name: (stored.texts[name], becomes[name])
            for name in self.names
            if stored.texts[name] != becomes[name]
        }
        return Tried(line.number, key, form, stored, moved), {}

    def _whole(self, line: Line, old: Texts, *, fill: bool = False) -> dict[str, str]:
        """Every column: as the line says, and as it was where the sheet says nothing of it."""
        stays = {name for name in self.names if name not in line.cells or old[name] in {"true", "false"}}
        texts = {
            name: line.texts.get(name, old[name] if fill or name in stays else "") for name in self.names
        }
        tidied = {name: unicodedata.normalize("NFKC", texts[name]).strip() for name in self.tidy}
        return texts | {name: self.tidy[name](text) for name, text in tidied.items()}


def _typed(values: Texts, several: Collection[str]) -> MultiDict[str, Any]:
    """The texts as a browser would send them."""
    sent: MultiDict[str, Any] = MultiDict()
    for name, text in values.items():
        for each in text.split(",") if name in several else [text]:
            if each:
                sent.add(name, each)
    return sent


def texts_of(form: PortalForm, names: Sequence[str]) -> dict[str, str]:
    """What a form says, as it is written into the cells of these columns."""
    return {name: _text_of(form[name]) for name in names}


def _text_of(field: Any) -> str:
    value = field.data
    if isinstance(field, BooleanField):
        return "true" if value else "false"
    if value is None:
        return ""
    if isinstance(field, Moment):
        return clock.local(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(field, Day):
        return str(value.isoformat())
    if isinstance(field, SelectMultipleField):
        return ",".join(str(code) for code, _words, *_more in field.iter_choices() if code in value)
    return str(value)


def book(title: str, columns: Sequence[Column], rows: Iterable[Stored], most: int) -> bytes:
    """A workbook of what is there that can be read in again, in the shape of the template."""
    cells = [[one.texts[column.name] for column in columns] for one in rows]
    return template(title, columns, max(most, len(cells)), cells)
