"""Excel out: nothing typed becomes a formula."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import sheets
from portal.kernel.sheets import Column

COLUMNS = [Column("编号"), Column("内容"), Column("种类")]


def cells(content: bytes) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_what_a_list_shows_is_written(app: Flask) -> None:
    with app.app_context():
        content = sheets.workbook("清单", COLUMNS, [("TS-1", "漏墨\n两次", "投诉"), (7, "", "建议")])
    assert cells(content) == [
        ("编号", "内容", "种类"), ("TS-1", "漏墨\n两次", "投诉"), (7, None, "建议")
    ]  # fmt: skip


def test_moments_are_in_company_time_and_amounts_are_numbers(app: Flask) -> None:
    with app.app_context():
        row = (datetime(2026, 3, 2, 1, 0, tzinfo=UTC), date(2026, 3, 2), Decimal("12.30"))
        content = sheets.workbook("x", [Column("a"), Column("b"), Column("c")], [row])
    assert [str(value) for value in cells(content)[1]] == [
        "2026-03-02 09:00:00",
        "2026-03-02 00:00:00",
        "12.3",
    ]


@pytest.mark.parametrize("typed", ["=1+1", "+86 139", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_nothing_typed_becomes_a_formula(app: Flask, typed: str) -> None:
    with app.app_context():
        content = sheets.workbook("x", [Column("a")], [(typed,)])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    assert cells(content)[1][0] == f"'{typed}"


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_a_harmless_text_begins_with_nothing_that_acts(text: str) -> None:
    assert not sheets.harmless(text).startswith(("=", "+", "-", "@", "\t", "\r"))
