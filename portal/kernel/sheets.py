"""Excel out: what a list shows as a workbook; `workbooks` reads what people filled in.

Nothing that anybody typed can act as a formula: every text is written as a text, and one that a spreadsheet would
take for a formula when it is saved as CSV and opened again gets an apostrophe in front.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, send_file

from portal.kernel import clock
from portal.security import SANDBOX

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 10_000  # of a workbook
LONGEST_CELL = 32_767  # characters; the format's own limit
_ACTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST = 60  # characters of a column


@dataclass(frozen=True)
class Column:
    """One column: its caption."""

    caption: str


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_ACTS) else text


def workbook(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: captions, then the rows; moments in company time, amounts as numbers."""
    import xlsxwriter

    made = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, plain) as book:
        add_to(book, title, columns, rows)
    return made.getvalue()


def add_to(book: Any, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """One more sheet of a workbook that is being written."""
    sheet = _Sheet(book, title, columns)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            sheet.write(line, place, value)
    sheet.fit()


class _Sheet:
    """The one sheet of a workbook while it is written."""

    def __init__(self, book: Any, title: str, columns: Sequence[Column]) -> None:
        self.sheet = book.add_worksheet(sheet_name(title))
        self.sheet.freeze_panes(1, 0)
        self.moment, self.day, self.amount = (
            book.add_format({"num_format": shown}) for shown in ("yyyy-mm-dd hh:mm", "yyyy-mm-dd", "0.00")
        )
        self.widths = [width(column.caption) for column in columns]
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for place, column in enumerate(columns):
            self.sheet.write_string(0, place, column.caption, bold)

    def write(self, line: int, place: int, value: Any) -> None:
        """One cell; nothing stays empty."""
        match value:
            case None | "":
                return
            case datetime():
                self.sheet.write_datetime(line, place, clock.local(value).replace(tzinfo=None), self.moment)
                self._at_least(place, 16)
            case date():
                self.sheet.write_datetime(line, place, value, self.day)
                self._at_least(place, 10)
            case Decimal():
                self.sheet.write_number(line, place, float(value), self.amount)
            case bool() | str():
                self._text(line, place, str(value))
            case int() | float():
                self.sheet.write_number(line, place, value)
            case _:
                self._text(line, place, str(value))

    def _text(self, line: int, place: int, text: str) -> None:
        self.sheet.write_string(line, place, harmless(text[: LONGEST_CELL - 1]))
        self._at_least(place, width(text))

    def _at_least(self, place: int, width: int) -> None:
        self.widths[place] = max(self.widths[place], width)

    def fit(self) -> None:
        """Make each column as wide as what stands in it."""
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, min(max(width, 8), _WIDEST) + 2)


def sheet_name(title: str) -> str:
    """A title as the format allows one."""
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31].strip() or "1"


def width(text: str) -> int:
    """How many digits' width the first line of a text takes."""
    first = text.partition("\n")[0][:_WIDEST]
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in first)


def send(name: str, content: bytes) -> Response:
    """A workbook as a download that cannot act as a page of ours."""
    response = send_file(io.BytesIO(content), MIME, as_attachment=True, download_name=f"{name}.xlsx")
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
