"""Excel in: a workbook that somebody filled in, read against named columns; and the template to fill in.

The first line holds the names of the columns, which are the same in every language; a line with `#` in its column `#`
is a remark and is passed over. What is read is text as it would be typed into a form: codes for their words, moments as
`2026-11-21T17:30`. Which texts will do is the form's business.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import IO, Any, TypeAlias

from portal.kernel import clock, sheets

Beside: TypeAlias = tuple[str, Sequence[sheets.Column], Iterable[Sequence[Any]]]
REMARK = "#"
CODES = "codes"  # the template's second sheet: what the drop-downs offer
HEAD_LINES = 3  # of a template: names, captions, an example
# Of all parts together, which are parsed while a person waits; a thousand full lines need a third.
MOST_UNPACKED = 12 * 1024 * 1024  # bytes
MOST_TAGS = 250_000
LONGEST_TAG = 1024 * 1024  # bytes up to the next one: the parser goes over a long one again and again
LAST_LINE = 20_000  # a sheet that goes on below it is not read: empty lines take time too
_WIDEST = 16_384  # columns; the format's own limit
_BESIDE = 20  # further columns that are looked at for text without a name above it
_LONGEST_WORD = 80
_MOST_DIGITS = 15  # that a spreadsheet keeps of a number
_NOUGHTS = re.compile(r"0{2,30}")  # a format that fills a number up with noughts
_BETWEEN = re.compile(r"[,，、;；\n]")
_ACTS = ("=", "+", "-", "@", "\t", "\r")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"']")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]*(\d{1,2})[::](\d{2}))?", re.ASCII
)


@dataclass(frozen=True)
class Column:
    """One column: its name in the first line, what people read above it, and how its cells are read.

    `choices` are codes with all the words that are taken for them; those shown in the drop-down come first.
    """

    name: str
    caption: str
    hint: str = ""
    example: str = ""
    needed: bool = False
    moment: bool = False
    day: bool = False
    several: bool = False  # a cell may hold some of the choices, with commas between them
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def shown(self, code: str) -> str:
        """The word that the drop-down has for a code; another text stays as it is."""
        if self.several:
            return ", ".join(self.choices[each][0] for each in code.split(",") if each in self.choices)
        return self.choices[code][0] if code in self.choices else code


@dataclass
class Line:
    """One line that was filled in: its number and its cells' addresses as the spreadsheet shows them."""

    number: int
    texts: dict[str, str]
    errors: dict[
        str, str
    ]  # column or letter -> what is wrong with the cell: `formula`, `fault`, `choice`, `digits`, `no_name`
    cells: Mapping[str, str]  # column -> its letter

    def cell(self, column: str) -> str:
        """The address of a cell, `D7`; none for a column that the sheet does not have."""
        letter = self.cells.get(column, column if column.isupper() else "")
        return f"{letter}{self.number}" if letter else ""


@dataclass
class Workbook:
    """What a workbook holds: the lines to take, those passed over as remarks, the sheet, the sheets not read."""

    sheet: str
    lines: list[Line] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


_DECLARED = {b"!DOCTYPE ", b"!DOCTYPE\n", b"!DOCTYPE\t", b"!ENTITY "}  # types and entities of XML


class Unreadable(Exception):
    """A workbook that is not read: a code that is put into words by the labels, and what its sentence names."""

    def __init__(self, code: str, **given: Any) -> None:
        self.code, self.given = code, given
        super().__init__(f"{code} {given}")


def read(stream: IO[bytes], columns: Sequence[Column], most: int) -> Workbook:
    """An uploaded workbook that was judged before (`files.check`): its first visible sheet, empty lines left out.

    Columns are found by their names, in any order; one that is not known is refused, so that nothing typed is lost by a
    slip of the pen. Unreadable when the workbook as a whole will not do.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about decorations that are not read
            return _read(stream, columns, most)
    except Unreadable:
        raise
    except Exception as error:  # a damaged part makes the library stumble over whatever comes first
        raise Unreadable("damaged") from error


def _read(stream: IO[bytes], columns: Sequence[Column], most: int) -> Workbook:
    import openpyxl

    _refuse_enormous(stream)
    book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise Unreadable("no_sheet")
        sheet = shown[0]
        _refuse_merged(sheet)
        sheet.reset_dimensions()  # what a sheet says about its own size need not be true
        found = Workbook(sheet.title, others=[s.title for s in book.worksheets if s is not sheet])
        found.others = [title for title in found.others if title != CODES]
        places = _places(sheet, columns)
        for line in _lines(sheet, {column.name: column for column in columns}, places):
            if isinstance(line, int):
                found.remarks.append(line)
                continue
            if len(found.lines) == most:
                raise Unreadable("too_long", most=most)
            found.lines.append(line)
    finally:
        book.close()
    if not found.lines:
        raise Unreadable("no_rows")
    return found


def _refuse_enormous(stream: IO[bytes]) -> None:
    """A small file may unpack to a large one, or to one that takes minutes to parse."""
    with zipfile.ZipFile(stream) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise Unreadable("too_large")
        tags = [tag for part in parts for tag in packed.read(part).split(b"<")]
        if len(tags) > MOST_TAGS or max(map(len, tags), default=0) > LONGEST_TAG:
            raise Unreadable("too_large")
        if any(tag[:9].upper() in _DECLARED for tag in tags):
            raise Unreadable("damaged")  # no spreadsheet program writes these: they are there to do harm
    stream.seek(0)


def _refuse_merged(sheet: Any) -> None:
    """Of merged cells only the first holds something; what the others meant is for a person to say."""
    with sheet.parent._archive.open(sheet._worksheet_path) as part:
        merged = _MERGED.search(part.read(MOST_UNPACKED))
    if merged:
        raise Unreadable("merged", cells=merged[1].decode())


def _places(sheet: Any, columns: Sequence[Column]) -> dict[str, int]:
    """Column -> its place, from the names in the first line."""
    head = next(sheet.iter_rows(min_row=1, max_row=1, max_col=_WIDEST), ())
    written = [(place, _plain(cell.value)) for place, cell in enumerate(head) if cell.value is not None]
    named = [(place, name if name == REMARK else name.lower()) for place, name in written if name]
    known = {REMARK, *(column.name for column in columns)}
    names = [name for _, name in named]
    if missing := [column.name for column in columns if column.needed and column.name not in names]:
        raise Unreadable("columns", missing=", ".join(missing))
    if unknown := [name[:40] for name in names if name not in known]:
        raise Unreadable("unknown_columns", names=", ".join(unknown[:10]))
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise Unreadable("doubled_columns", names=", ".join(doubled))
    return {name: place for place, name in named}


def _lines(sheet: Any, columns: Mapping[str, Column], places: dict[str, int]) -> Iterator[Line | int]:
    """Each line that holds something; of a remark only its number."""
    from openpyxl.utils import get_column_letter

    names = {place: name for name, place in places.items()}
    letters = {name: get_column_letter(place + 1) for name, place in places.items()}
    for number, filled in _filled(sheet, max(places.values()) + 1):
        line, remark = Line(number, {}, {}, letters), False
        for place, cell in filled:
            name = names.get(place)
            if name == REMARK:
                remark = folded(_plain(cell.value)) == REMARK
            elif name is not None:
                _take(line, columns[name], cell)
            elif _plain(cell.value):
                line.errors[get_column_letter(place + 1)] = "no_name"
        if remark:
            yield number
        elif line.texts or line.errors:
            yield line


def _filled(sheet: Any, width: int) -> Iterator[tuple[int, list[tuple[int, Any]]]]:
    """Number and filled cells, each with its place, of every line that has some."""
    empty: Any = None
    rows = sheet.iter_rows(min_row=2, max_col=min(width + _BESIDE, _WIDEST))
    for number, cells in enumerate(rows, start=2):
        if number > LAST_LINE:
            raise Unreadable("too_far", last=LAST_LINE)
        if cells is empty:  # a gap is filled with the same line again and again
            continue
        if filled := [(place, cell) for place, cell in enumerate(cells) if cell.value not in (None, "")]:
            yield number, filled
        else:
            empty = cells


def _take(line: Line, column: Column, cell: Any) -> None:
    if cell.data_type == "f":
        line.errors[column.name] = "formula"
        return
    if cell.data_type == "e":
        line.errors[column.name] = "fault"
        return
    text = _plain(cell.value)
    if cell.data_type == "n" and text.isdigit():
        if len(text) > _MOST_DIGITS:
            line.errors[column.name] = "digits"
        text = _as_shown(text, cell.number_format or "")
    if (column.moment or column.day) and len(text) <= _LONGEST_WORD:
        text = _moment(text).removesuffix("T00:00" if column.day else "")
    if column.choices and text:
        code = _code(column, text) if len(text) <= _LONGEST_WORD or column.several else None
        if code is None:
            line.errors[column.name] = "choice"
        text = code or text
    if text:
        line.texts[column.name] = text


def _as_shown(digits: str, shown: str) -> str:
    """A number with the noughts that its format puts in front, as those of a telephone number."""
    return digits.zfill(len(shown)) if _NOUGHTS.fullmatch(shown) else digits


def _plain(value: Any) -> str:
    """A cell as it would be typed into a form."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            rounded = value + timedelta(seconds=0.5)  # ten o'clock may be kept as 9:59:59.9995
            return rounded.isoformat("T", "minutes")
        case date():
            return f"{value.isoformat()}T00:00"
        case float() if value.is_integer():
            return str(int(value))
    text = str(value).strip()
    return (text[1:] if text.startswith("'") and text.lstrip("'").startswith(_ACTS) else text).strip()


def _moment(text: str) -> str:
    """A day and time as people write them, as a form reads them; another text stays as it is."""
    if not (found := _DAY.fullmatch(text)):
        return text
    year, month, day, hour, minute = found.groups(default="0")
    return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute:0>2}"


def _code(column: Column, text: str) -> str | None:
    """The code that a word stands for, whatever its case and width; codes with commas between them for several."""
    if column.several:
        one = replace(column, several=False)
        codes = [_code(one, word) for word in _BETWEEN.split(text) if word.strip()]
        return None if None in codes else ",".join(code for code in column.choices if code in codes)
    wanted = folded(text)
    for code, words in column.choices.items():
        if wanted == folded(code) or any(wanted == folded(word) for word in words):
            return code
    return None


def folded(text: str) -> str:
    """A text whatever its case, its width and the blanks in it."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


# -- the template --------------------------------------------------------------------------------------------


def template(
    title: str,
    columns: Sequence[Column],
    most: int,
    rows: Sequence[Sequence[Any]] | None = None,
    *beside: Beside,
) -> bytes:
    """A workbook to fill in: names, captions with hints, an example that is not read, drop-downs, cells for texts.

    `rows` stand where people would fill them in, so that what is written out can be read in again; `beside` are sheets
    behind it, each with its title, captions and rows, which nobody reads in.
    """
    import xlsxwriter

    made = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, plain) as book:
        sheet, codes = book.add_worksheet(sheets.sheet_name(title)), book.add_worksheet(CODES)
        named = book.add_format({"bold": True, "bg_color": "#DDE6EE"})
        captioned = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        pale = book.add_format({"italic": True, "font_color": "#6B7280", "num_format": "@"})
        text = book.add_format({"num_format": "@"})  # no telephone number loses its first nought
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.freeze_panes(HEAD_LINES, 0)
        sheet.set_column(0, 0, 3)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        for line, format_ in enumerate((named, captioned, pale)):
            sheet.write_string(line, 0, REMARK, format_)
        offered = 0
        for place, column in enumerate(columns, start=1):
            example = column.shown(column.example)
            width = min(max(sheets.width(t) for t in (column.name, column.caption, example)), 40)
            sheet.set_column(place, place, max(width, 10) + 2, moment if column.moment else text)
            sheet.write_string(0, place, column.name, named)
            sheet.write_string(1, place, column.caption + (" *" if column.needed else ""), captioned)
            if example and rows is None:
                sheet.write_string(2, place, example, pale)
            if column.hint:
                sheet.write_comment(1, place, column.hint, {"x_scale": 2})
            if column.choices and not column.several:
                _offer(sheet, codes, column, place, offered, most, named)
                offered += 2
        _fill(sheet, columns, rows or (), text, moment)
        for name, heads, lines in beside:
            sheets.add_to(book, name, heads, lines)
    return made.getvalue()


def _fill(
    sheet: Any, columns: Sequence[Column], rows: Sequence[Sequence[Any]], text: Any, moment: Any
) -> None:
    """Lines as somebody would have filled them in."""
    for number, row in enumerate(rows, start=HEAD_LINES):
        for place, (column, value) in enumerate(zip(columns, row, strict=False), start=1):
            if isinstance(value, datetime):
                local = clock.local(value).replace(tzinfo=None)
                sheet.write_datetime(number, place, local, moment)
            elif value:
                sheet.write_string(number, place, sheets.harmless(column.shown(value)), text)


def _offer(sheet: Any, codes: Any, column: Column, place: int, offered: int, most: int, head: Any) -> None:
    """A drop-down, and what it offers on the second sheet: the words, the codes beside them."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    codes.write_string(0, offered, column.caption, head)
    codes.write_string(0, offered + 1, column.name, head)
    for line, code in enumerate(column.choices, start=1):
        codes.write_string(line, offered, column.shown(code))
        codes.write_string(line, offered + 1, code)
    codes.set_column(offered, offered + 1, 24)
    first, last = (
        xl_rowcol_to_cell(line, offered, row_abs=True, col_abs=True) for line in (1, len(column.choices))
    )
    listed = {"validate": "list", "source": f"={CODES}!{first}:{last}", "error_type": "information"}
    sheet.data_validation(HEAD_LINES, place, HEAD_LINES + most - 1, place, listed)
