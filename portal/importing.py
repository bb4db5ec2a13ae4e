"""Excel in and out for any kind of thing: a dry run, then a confirmation that records all or nothing.

A kind says which columns it has, judges a line by the very form that a person would fill in, and records it by the very
action. The page and the commands `import` and `export` do the rest through the functions here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import BooleanField, SelectMultipleField

from portal.forms import Choice, Day, Moment, OneOf, PortalForm
from portal.i18n import LANGUAGES, _, _l, label, speaking
from portal.kernel import history
from portal.kernel.db import db, is_sqlite
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.kernel.sessions import digest
from portal.kernel.workbooks import Column, Line, Unreadable, Workbook, read
from portal.kernel.workflow import Refused
from portal.ledgers import Ledger, Tried

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
    "digits": _l(
        "A spreadsheet keeps only 15 digits of a number. Please format the cell as text and write it again."
    ),
    "no_name": _l("The column has no name in the first row."),
}
_YES, _NO = ("yes", "y", "1", "是", "√", "✓", "同意"), ("no", "n", "0", "否", "×", "不同意")


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
class Change:
    """A line that changes what is there: what it is called, and caption, old and new words of each column that moves."""

    line: int
    number: str
    moved: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Weighed:
    """What a kind says of its lines together: messages by line and column, and what stands there already, by line;
    `seen` is a digest of what the lines were judged against."""

    wrong: Mapping[int, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    before: Mapping[int, str] = field(default_factory=dict)
    seen: str = ""


@dataclass(frozen=True)
class Kind:
    """Something that can be imported and exported. `judge` gives the form and its messages by column.

    `trusts` and `trusts_export` narrow the rights where they are not a role's alone. With a `ledger` a line adds one or
    changes the one of its key, and nothing else is asked of the kind.

    Where lines belong together, `weigh(by, lines)` judges them so once each will do by itself (ValueError with the
    message when the file as a whole will not do), and `record_all(lines, by=, now=)` records them at once.
    """

    name: str
    may_import: May
    may_export: May
    columns: Callable[[], list[Column]]
    export: Callable[[Viewer], bytes]
    ledger: Ledger | None = None
    trusts: Callable[[Viewer], bool] = lambda _by: True
    trusts_export: Callable[[Viewer], bool] = lambda _by: True
    judge: Callable[[dict[str, Any]], tuple[Any, dict[str, list[str]]]] = lambda _values: (None, {})
    digest: Callable[[Any], str] = lambda _form: ""
    before: Callable[[Viewer, Collection[str]], Mapping[str, Before]] = lambda _by, _keys: {}
    record: Callable[..., str] | None = (
        None  # (form, key=, line=, reference=, by=, now=) -> the number; inside a write
    )
    most: int = MOST_LINES
    weigh: Callable[[Viewer, Sequence[Ready]], Weighed] | None = None
    record_all: Callable[..., list[str]] | None = None


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
    changed: list[Change] = field(default_factory=list)
    before: list[tuple[int, str]] = field(default_factory=list)  # lines recorded before, with their numbers
    tried: list[Tried] = field(default_factory=list)  # what adds or changes, where lines are known by a key
    wrong: list[Wrong] = field(default_factory=list)
    weighed: Weighed = field(default_factory=Weighed)

    @property
    def lines_wrong(self) -> int:
        return len({cell.line for cell in self.wrong})

    @property
    def seen(self) -> str:
        """The digest of what stands there now where the lines are to be written."""
        if not self.tried:
            return self.weighed.seen
        return digest(f"import {[(one.line, one.seen) for one in self.tried]}")


class Overtaken(Exception):
    """A line was recorded with other words between the dry run and the confirmation; nothing was recorded."""


class NotAllowed(Exception):
    """A rule forbids what a line says; nothing was recorded."""

    def __init__(self, line: int, refused: Refused) -> None:
        self.line, self.reasons = line, refused.reasons
        super().__init__(f"row {line}: {refused}")


# -- columns -------------------------------------------------------------------------------------------------


def columns_of(
    form: PortalForm,
    names: Sequence[str],
    *,
    needed: Collection[str],
    hints: Mapping[str, Any],
    examples: Mapping[str, str],
    keyed: bool = False,
) -> list[Column]:
    """The columns of a form's fields in the language of the page, and one for the line's own mark where a kind does not
    know its lines by a key."""
    found = [
        Column(
            name,
            str(form[name].label.text),
            hint=str(hints.get(name, "")),
            example=examples.get(name, ""),
            needed=name in needed,
            moment=isinstance(form[name], Moment),
            day=isinstance(form[name], Day),
            several=isinstance(form[name], SelectMultipleField),
            choices=_choices(form[name]),
        )
        for name in names
    ]
    if keyed:
        return found
    hint = _("Your own number of the row. A row whose reference was imported before is not recorded again.")
    return [*found, Column(REFERENCE, _("Reference"), hint=hint, example=examples.get(REFERENCE, ""))]


def _choices(field: Any) -> dict[str, list[str]]:
    """Codes with their words, those of the page's language first, those of the others as well."""
    if isinstance(field, BooleanField):
        return {"true": [_("yes"), *_YES], "false": [_("no"), *_NO]}
    found = {code: [words] for code, words in _offered(field)}
    for language in LANGUAGES.values():
        with speaking(language):
            for code, words in _offered(field):
                found[code].append(words)
    return found


def _offered(field: Any) -> list[tuple[str, str]]:
    if isinstance(field, Choice):
        return [(str(code), field.words(code)) for code in field.of]
    if isinstance(field, OneOf):
        return [(str(code), words) for code, words in field.offered()]
    if isinstance(field, SelectMultipleField):
        return [(str(code), label(code)) for code in getattr(field, "of", ())]
    return []


# -- dry run and confirmation --------------------------------------------------------------------------------


def dry_run(kind: Kind, stream: IO[bytes], sha256: str, by: Viewer) -> DryRun:
    """What importing the file would do. ValueError with the message when the workbook as a whole will not do."""
    columns = {column.name: column for column in kind.columns()}
    asked = [
        replace(column, needed=column.name in kind.ledger.keys) if kind.ledger else column
        for column in columns.values()
    ]
    try:
        found = DryRun(read(stream, asked, kind.most))
    except Unreadable as error:
        raise ValueError(str(UNREADABLE[error.code]) % error.given) from error
    if kind.ledger is not None:
        _meet(kind.ledger, found, by, columns)
        return found
    ready: list[Ready] = []
    marks: dict[str, int] = {}
    for line in found.book.lines:
        reference = line.texts.pop(REFERENCE, "")
        form, said = kind.judge(_values(line, columns))
        said |= {name: [str(WRONG_CELL[code])] for name, code in line.errors.items()}
        if len(reference) > LONGEST_REFERENCE:
            said[REFERENCE] = [_("A reference has up to %(most)s characters.", most=LONGEST_REFERENCE)]
        elif reference and marks.setdefault(reference, line.number) != line.number:
            said[REFERENCE] = [_("Row %(line)s has the same reference.", line=marks[reference])]
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

    weighed = found.weighed = kind.weigh(by, ready) if kind.weigh else Weighed()
    known = kind.before(by, [one.key for one in ready])
    for one in ready:
        if one.line in weighed.wrong:
            found.wrong += told(one, weighed.wrong[one.line])
        elif one.line in weighed.before:
            found.before.append((one.line, weighed.before[one.line]))
        elif one.key not in known:
            found.fresh.append(one)
        elif known[one.key].digest == one.digest:
            found.before.append((one.line, known[one.key].number))
        else:
            found.wrong += told(one, {REFERENCE: [_("This reference was imported before with other words.")]})


def _meet(ledger: Ledger, found: DryRun, by: Viewer, columns: Mapping[str, Column]) -> None:
    """Which lines are new, which change what is there, which say what is there already, which will not do."""
    for line, tried, said in ledger.try_out(by, found.book.lines):
        wrong = said | {name: [str(WRONG_CELL[code])] for name, code in line.errors.items()}
        if wrong:
            found.wrong += _told(line, columns, wrong)
        elif tried.stored is None:
            found.tried.append(tried)
            found.fresh.append(Ready(line.number, tried.key, "", tried.form, ""))
        elif tried.moved:
            found.tried.append(tried)
            moved = [
                (columns[name].caption, columns[name].shown(was), columns[name].shown(becomes))
                for name, (was, becomes) in tried.moved.items()
            ]
            found.changed.append(Change(line.number, tried.stored.number, moved))
        else:
            found.before.append((line.number, tried.stored.number))


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
    meanwhile is left out; Overtaken when one says something else now, NotAllowed when a rule forbids one. A write of its
    own."""
    if found.wrong:
        raise ValueError("there are wrong lines")
    numbers = []
    with db.write():
        if not is_sqlite():
            # Two people with the same file: the keys are unique for each of them only.
            db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(_QUEUE)))
        if kind.ledger is not None:
            return _write(kind, kind.ledger, found, by=by, now=now)
        known = kind.before(by, [one.key for one in found.fresh])
        if any(known[one.key].digest != one.digest for one in found.fresh if one.key in known):
            raise Overtaken
        if kind.record_all is not None:
            return kind.record_all(found.fresh, by=by, now=now)
        for one in found.fresh:
            if kind.record is not None and one.key not in known:
                keep = partial(kind.record, one.form, key=one.key, line=one.line, reference=one.reference)
                try:
                    numbers.append(keep(by=by, now=now))
                except Refused as refused:
                    raise NotAllowed(one.line, refused) from refused
    return numbers


def _write(kind: Kind, ledger: Ledger, found: DryRun, *, by: Viewer, now: datetime) -> list[str]:
    """Add and change, in the order of the lines, what stands there as the dry run saw it."""
    there = ledger.known(by, [one.key for one in found.tried if one.key])
    numbers = []
    for one in found.tried:
        stored = next(iter(there.get(one.key, [])), None)
        if (stored.texts if stored else None) != (one.stored.texts if one.stored else None):
            raise Overtaken
        try:
            if stored is None:
                numbers.append(ledger.add(one.form, by=by, now=now))
            else:
                ledger.edit(stored.thing, one.form, by=by, now=now)
                numbers.append(stored.number)
            db.session.flush()
        except Refused as refused:
            raise NotAllowed(one.line, refused) from refused
        except (IntegrityError, StaleDataError) as error:
            raise Overtaken from error
    history.record(
        File,
        "sheet:import",
        by=by.id,
        now=now,
        kind=kind.name,
        new=len(found.fresh),
        changed=len(found.changed),
    )
    return numbers


class File:
    """A workbook as history knows it: it has no number, so all of them share one."""

    history_kind = "sheet"
    id = 0
