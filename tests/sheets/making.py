"""Workbooks as people fill them in, and what stands in those that are written out."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
from werkzeug.test import TestResponse

from tests.client import CarefulClient, text_of


def filled(*lines: dict[str, Any]) -> bytes:
    """A workbook with the names of the columns and these lines."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    names = list(dict.fromkeys(name for line in lines for name in line))
    book.worksheets[0].append(names)
    for line in lines:
        book.worksheets[0].append([line.get(name) for name in names])
    book.save(made)
    return made.getvalue()


def rows(content: bytes) -> list[tuple[Any, ...]]:
    """What stands below the captions of a workbook that was written out, the names first."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    every = list(sheet.iter_rows(values_only=True))
    return [every[0], *every[3:]]


def tried(browser: CarefulClient, address: str, *lines: dict[str, Any]) -> TestResponse:
    """The answer to a file that is tried out."""
    return browser.send(address, file=(io.BytesIO(filled(*lines)), "表.xlsx"))


def confirmed(browser: CarefulClient, address: str, answer: TestResponse) -> TestResponse:
    """The answer to the button under a dry run."""
    mark = re.search(r'name="file" value="([^"]+)"', answer.text)
    assert mark, text_of(answer)
    return browser.send(f"{address}/confirm", file=mark[1])
