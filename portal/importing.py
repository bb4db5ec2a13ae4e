"""Excel in and out for any kind of thing: a dry run, then a confirmation that records all or nothing.

A kind says which columns it has, judges a line by the very form that a person would fill in, and records it by the very
action. The page and the commands `import` and `export` do the rest through the functions here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import IO, Any

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField
from wtforms.validators import StopValidation

from portal.config import keyed
from portal.forms import REQUIRED, Choice, Moment, PortalForm
from portal.i18n import LANGUAGES, _, _l, speaking
from portal.kernel import files
from portal.kernel.db import db, is_sqlite
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sessions import digest
from portal.kernel.workbooks import Column, Line, Unreadable, Workbook, read
from portal.labels import rejected

MOST_LINES = 1_000  # of a file: nobody else can write while they are recorded, which takes a few seconds
MOST_SHOWN = 200  # cells that are wrong, on the page
LONGEST_REFERENCE = 200
REFERENCE = "reference"  # the column with the line's own mark
_QUEUE = 0x706F7274  # one import at a time, on PostgreSQL

UNREADABLE = {
    "damaged": _l("This workbook is damaged and cannot be read."),
    "too_large": _l("This workbook is far too large when it is unpacked. Copy the rows into the template."),
    "no_sheet": _l("This workbook has no visible sheet."),
    "merged": _l("The cells %(cells)s are merged. Please split them, so that each row says what it means."),
    "columns": _l("The first row has no column named %(missing)s. Please use the template."),
    "unknown_columns": _l("There is no column named %(names)s. Please use the names of the template."),
    "doubled_columns": _l("The first row names %(names)s twice."),
    "too_far": _l("The sheet goes on below row %(last)s. Please delete the rows below the last one that is filled."),
    "too_long": _l("A file may have up to %(most)s rows. Please split it."),
    "no_rows": _l("No row is filled in. Rows marked with # are not imported."),
}  # fmt: skip
WRONG_CELL = {
    "formula": _l("This is a formula. Please paste its value instead."),
    "fault": _l("The spreadsheet shows an error here."),
    "choice": _l("Please choose one from the list."),
    "no_name": _l("The column has no name in the first row."),
}
_YES, _NO = ("yes", "y", "1", "是", "√", "✓"), ("no", "n", "0", "否", "×")


@dataclass(frozen=True)
class Before:
    """What was recorded under a key before: a digest of what it said, and its number if the viewer may see it."""

    digest: str
    number: str


@dataclass(frozen=True)
class Ready:
    """One line that may be recorded, or was recorded before."""

    line: int
    key: str
    reference: str
    form: Any
    digest: str


@dataclass(frozen=True)
class Weighed:
    """What a kind says of its lines together: messages by line and column, and what stands there already, by line."""

    wrong: Mapping[int, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    before: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """Something that can be imported and exported. `judge` gives the form and its messages by column.

    Where lines belong together, `weigh(by, lines)` judges them so once each will do by itself (ValueError with the
    message when the file as a whole will not do), and `record_all(lines, by=, now=)` records them at once.
    """

    name: str
    may_import: May
    may_export: May
    columns: Callable[[], list[Column]]
    judge: Callable[[dict[str, Any]], tuple[Any, dict[str, list[str]]]]
    digest: Callable[[Any], str]
    before: Callable[[Viewer, Collection[str]], Mapping[str, Before]]
    record: (
        Callable[..., str] | None
    )  # (form, key=, line=, reference=, by=, now=) -> the number; inside a write
    export: Callable[[Viewer], bytes]
    most: int = MOST_LINES
    weigh: Callable[[Viewer, Sequence[Ready]], Weighed] | None = None
    record_all: Callable[..., list[str]] | None = None
    alone: Collection[str] = ()  # columns in which no two rows of a file say the same
    taken: Callable[[Any], dict[str, list[str]]] = lambda _form: {}  # by what is there; asked of new lines


# By the name that the commands use; areas add theirs as they are loaded.
KINDS: dict[str, Kind] = {}


@dataclass(frozen=True)
class Wrong:
    """One cell that will not do: where it is, what its column is called, what is wrong."""

    line: int
    cell: str
    caption: str
    said: str

    def __str__(self) -> str:
        where = _("Row %(line)s", line=self.line) + (f" ({self.cell})" if self.cell else "")
        return f"{where}, {self.caption}: {self.said}"


@dataclass
class DryRun:
    """What an import would do."""

    book: Workbook
    fresh: list[Ready] = field(default_factory=list)
    before: list[tuple[int, str]] = field(default_factory=list)  # lines recorded before, with their numbers
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def lines_wrong(self) -> int:
        return len({cell.line for cell in self.wrong})


class Overtaken(Exception):
    """A line was recorded with other words between the dry run and the confirmation; nothing was recorded."""


# -- columns -------------------------------------------------------------------------------------------------


def columns_of(
    form: PortalForm,
    names: Sequence[str],
    *,
    needed: Collection[str],
    hints: Mapping[str, Any],
    examples: Mapping[str, str],
) -> list[Column]:
    """The columns of a form's fields, and one for the line's own mark, in the language of the page."""
    found = [
        Column(
            name,
            str(form[name].label.text),
            hint=str(hints.get(name, "")),
            example=examples.get(name, ""),
            needed=name in needed,
            moment=isinstance(form[name], Moment),
            choices=_choices(form[name]),
        )
        for name in names
    ]
    hint = _("Your own number of the row. A row whose reference was imported before is not recorded again.")
    return [*found, Column(REFERENCE, _("Reference"), hint=hint, example=examples.get(REFERENCE, ""))]


def _choices(field: Any) -> dict[str, list[str]]:
    """Codes with their words, those of the page's language first, those of the others as well."""
    if isinstance(field, BooleanField):
        return {"true": [_("Yes"), *_YES], "false": [_("No"), *_NO]}
    if not isinstance(field, Choice):
        return {}
    found = {str(code): [field.words(code)] for code in field.of}
    for language in LANGUAGES.values():
        with speaking(language):
            for code in field.of:
                found[str(code)].append(field.words(code))
    return found


# -- the file ------------------------------------------------------------------------------------------------


class WorkbookField(FileField):
    """One Excel workbook, judged by its content; `checked` is it."""

    checked: files.Checked

    def pre_validate(self, form: Any) -> None:
        if not isinstance(self.data, FileStorage) or not self.data.filename:
            raise StopValidation(str(REQUIRED))
        try:
            self.checked = check(self.data)
        except ValueError as error:
            raise StopValidation(str(error)) from error


def check(sent: FileStorage) -> files.Checked:
    """A workbook that may be read; ValueError with the message for anything else."""
    other = _("Please choose an Excel workbook (.xlsx). Save .xls or .csv files as .xlsx first.")
    name = files.clean_name(sent.filename or "")
    if "." in name and not name.lower().endswith(".xlsx"):
        raise ValueError(other)
    try:
        checked = files.check(sent)
    except files.Rejected as error:
        raise ValueError(other if error.code == "unknown_type" else rejected(error)) from error
    if files.TYPES["xlsx"] != checked.mime:
        raise ValueError(other)
    return checked


class ImportForm(PortalForm):
    """The file to import."""

    file = WorkbookField(_l("Excel workbook (.xlsx, up to 20 MB)"))


class Kept:
    """A file between dry run and confirmation: it lies among the attachments without a row, so that the daily cleaning
    takes it, and a signed mark leads the same person back to it."""

    @staticmethod
    def _signer() -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(keyed(current_app), salt="import")

    @classmethod
    def put(cls, checked: files.Checked, kind: Kind, by: Viewer) -> str:
        """Keep the file; the mark for the form."""
        files.keep(checked)
        return str(cls._signer().dumps([kind.name, by.id, checked.sha256]))

    @classmethod
    def get(cls, mark: str, kind: Kind, by: Viewer) -> tuple[str, bytes] | None:
        """Digest and content of the file; None when the mark is another's, or the file is gone."""
        try:
            name, person, sha256 = cls._signer().loads(mark, max_age=int(files.ORPHANS_REST.total_seconds()))
            content = files.path_of(sha256).read_bytes()
        except (BadSignature, OSError, ValueError):
            return None
        return (sha256, content) if (name, person) == (kind.name, by.id) else None


# -- dry run and confirmation --------------------------------------------------------------------------------


def dry_run(kind: Kind, stream: IO[bytes], sha256: str, by: Viewer) -> DryRun:
    """What importing the file would do. ValueError with the message when the workbook as a whole will not do."""
    columns = {column.name: column for column in kind.columns()}
    try:
        found = DryRun(read(stream, list(columns.values()), kind.most))
    except Unreadable as error:
        raise ValueError(str(UNREADABLE[error.code]) % error.given) from error
    ready: list[Ready] = []
    marks: dict[str, int] = {}
    alone: dict[tuple[str, str], int] = {}
    for line in found.book.lines:
        reference = line.texts.pop(REFERENCE, "")
        form, said = kind.judge(_values(line, columns))
        said |= {name: [str(WRONG_CELL[code])] for name, code in line.errors.items()}
        if len(reference) > LONGEST_REFERENCE:
            said[REFERENCE] = [_("A reference has up to %(most)s characters.", most=LONGEST_REFERENCE)]
        elif reference and marks.setdefault(reference, line.number) != line.number:
            said[REFERENCE] = [_("Row %(line)s has the same reference.", line=marks[reference])]
        said = _said_twice(kind, line, alone) | said
        found.wrong += _told(line, columns, said)
        if not said:
            key = digest(
                f"import {kind.name} " + (f"= {reference}" if reference else f"{sha256} {line.number}")
            )
            ready.append(Ready(line.number, key, reference, form, kind.digest(form)))
    _sort(kind, found, ready, by, columns)
    found.wrong.sort(key=lambda cell: cell.line)
    return found


def _sort(
    kind: Kind, found: DryRun, ready: Sequence[Ready], by: Viewer, columns: Mapping[str, Column]
) -> None:
    """Which of the lines that will do by themselves are fresh, were recorded before, will not do after all."""
    lines = {line.number: line for line in found.book.lines}

    def told(one: Ready, said: Mapping[str, Sequence[str]]) -> list[Wrong]:
        return _told(lines[one.line], columns, said)

    weighed = kind.weigh(by, ready) if kind.weigh else Weighed()
    known = kind.before(by, [one.key for one in ready])
    for one in ready:
        if one.line in weighed.wrong:
            found.wrong += told(one, weighed.wrong[one.line])
        elif one.line in weighed.before:
            found.before.append((one.line, weighed.before[one.line]))
        elif one.key not in known:
            if said := kind.taken(one.form):
                found.wrong += told(one, said)
            else:
                found.fresh.append(one)
        elif known[one.key].digest == one.digest:
            found.before.append((one.line, known[one.key].number))
        else:
            found.wrong += told(one, {REFERENCE: [_("This reference was imported before with other words.")]})


def _said_twice(kind: Kind, line: Line, seen: dict[tuple[str, str], int]) -> dict[str, list[str]]:
    """What is wrong with a line that says in a column what an earlier one said, where each says its own."""
    found = {}
    for name in kind.alone:
        text = line.texts.get(name, "").upper()
        if text and seen.setdefault((name, text), line.number) != line.number:
            found[name] = [_("Row %(line)s says the same.", line=seen[name, text])]
    return found


def _values(line: Line, columns: Mapping[str, Column]) -> dict[str, Any]:
    """The line as a program would send it; cells that are wrong already are left to their own message."""
    truths = {"true": True, "false": False}
    return {
        name: truths.get(text, text) if "true" in columns[name].choices else text
        for name, text in line.texts.items()
        if name not in line.errors
    }


def _told(line: Line, columns: Mapping[str, Column], said: Mapping[str, Sequence[str]]) -> list[Wrong]:
    order = [*columns]
    ordered = sorted(said, key=lambda name: order.index(name) if name in columns else len(order))
    captions = {name: columns[name].caption if name in columns else name for name in ordered}
    return [Wrong(line.number, line.cell(name), captions[name], said[name][0]) for name in ordered]


def record(kind: Kind, found: DryRun, *, by: Viewer, now: datetime) -> list[str]:
    """Record every fresh line of a dry run without a wrong cell, all or none; the numbers. A line that somebody recorded
    meanwhile is left out. A write of its own."""
    if found.wrong:
        raise ValueError("there are wrong lines")
    numbers = []
    with db.write():
        if not is_sqlite():
            # Two people with the same file: the keys are unique for each of them only.
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_QUEUE)))
        known = kind.before(by, [one.key for one in found.fresh])
        if any(known[one.key].digest != one.digest for one in found.fresh if one.key in known):
            raise Overtaken
        if kind.record_all is not None:
            return kind.record_all(found.fresh, by=by, now=now)
        for one in found.fresh:
            if kind.record is not None and one.key not in known:
                keep = partial(kind.record, one.form, key=one.key, line=one.line, reference=one.reference)
                numbers.append(keep(by=by, now=now))
    return numbers
