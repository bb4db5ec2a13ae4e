"""Excel in: what people fill in is read as they mean it, and what cannot be read is said, whatever comes."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from portal.kernel import sheets, workbooks
from portal.kernel.workbooks import Column, Unreadable, Workbook

COLUMNS = [
    Column("code", "编号", needed=True, example="A-1"),
    Column("words", "内容", hint="客户说了什么"),
    Column("kind", "种类", choices={"complaint": ["投诉", "Complaint"], "advice": ["建议", "Suggestion"]}),
    Column("at", "时间", moment=True),
]


def wall(written: str) -> datetime:
    """A moment as a spreadsheet keeps it: what the clock on the wall says."""
    return datetime.fromisoformat(written)


def workbook(*rows: tuple[Any, ...]) -> io.BytesIO:
    """A workbook with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    made = io.BytesIO()
    book.save(made)
    return made


def read(*rows: tuple[Any, ...], most: int = 10) -> Workbook:
    """What is read of these rows."""
    return workbooks.read(workbook(*rows), COLUMNS, most)


def refused(*rows: tuple[Any, ...], most: int = 10) -> tuple[str, dict[str, Any]]:
    """Why these rows are not read."""
    with pytest.raises(Unreadable) as error:
        read(*rows, most=most)
    return error.value.code, error.value.given


def test_columns_are_found_by_name_in_any_order_and_empty_rows_are_passed_over() -> None:
    found = read(
        ("Words ", None, "code"), ("漏墨\n两次", None, "TS-1"), (), ("  ", None, ""), (None, None, 7)
    )
    assert [(line.number, line.texts) for line in found.lines] == [
        (2, {"words": "漏墨\n两次", "code": "TS-1"}),
        (5, {"code": "7"}),
    ]
    assert found.lines[0].cell("code") == "C2"
    assert found.lines[0].cell("kind") == "", "a column that the sheet does not have"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (13900001234, "13900001234"), (13900001234.0, "13900001234"), (1.5, "1.5"), (True, "true"), (" x ", "x"),
        ("'=1+1", "=1+1"), ("'x", "'x"), (Decimal("2.50"), "2.5"), ("007", "007"),
    ],
)  # fmt: skip
def test_a_cell_is_read_as_it_would_be_typed(written: Any, text: str) -> None:
    assert read(("code",), (written,)).lines[0].texts == {"code": text}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (wall("2026-03-01 10:00"), "2026-03-01T10:00"),
        (wall("2026-03-01 09:59:59.999700"), "2026-03-01T10:00"),
        (date(2026, 3, 1), "2026-03-01T00:00"),
        ("2026-3-1", "2026-03-01T00:00"),
        ("2026/03/01 9:05", "2026-03-01T09:05"),
        ("2026年3月1日 9:05", "2026-03-01T09:05"),
        ("2026.3.1T09:05", "2026-03-01T09:05"),
        ("2026-03-01T10:00+08:00", "2026-03-01T10:00+08:00"),
        ("上周五", "上周五"),
        (time(9, 30), "09:30:00"),
        ("1 " + " " * 30_000 + "x", "1 " + " " * 30_000 + "x"),
    ],
)
def test_a_moment_is_read_as_people_write_it(written: Any, text: str) -> None:
    assert read(("code", "at"), ("1", written)).lines[0].texts["at"] == text


@pytest.mark.parametrize("word", ["complaint", "投诉", "COMPLAINT", " 投 诉 ", "Complaint", "\uff23omplaint"])
def test_a_word_stands_for_its_code(word: str) -> None:
    line = read(("code", "kind"), ("1", word)).lines[0]
    assert (line.texts["kind"], line.errors) == ("complaint", {})


def test_a_word_that_is_not_offered_stays_and_is_told() -> None:
    line = read(("code", "kind"), ("1", "抱怨")).lines[0]
    assert (line.texts["kind"], line.errors) == ("抱怨", {"kind": "choice"})


def test_formulas_faults_and_cells_below_no_name_are_told() -> None:
    first, second, third = read(("code", "words"), ("=A1", "x"), ("1", "#REF!"), ("1", None, None, "x")).lines
    assert first.errors == {"code": "formula"}
    assert second.errors == {"words": "fault"}
    assert (third.errors, third.cell("D")) == ({"D": "no_name"}, "D4")


def test_remarks_are_passed_over_and_counted() -> None:
    found = read(("#", "code"), ("#", "x"), ("\uff03", "y"), ("1", "taken"), ("#", "=1+1"))
    assert (found.remarks, [line.number for line in found.lines]) == ([2, 3, 5], [4])


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("words",), ("x",)], ("columns", {"missing": "code"})),
        ([], ("columns", {"missing": "code"})),
        ([("编号",), ("x",)], ("columns", {"missing": "code"})),
        ([("code", "colour"), ("1", "x")], ("unknown_columns", {"names": "colour"})),
        ([("code", "Code"), ("1", "2")], ("doubled_columns", {"names": "code"})),
        ([("code",)], ("no_rows", {})),
        ([("code",), *[("1",)] * 11], ("too_long", {"most": 10})),
    ],
)
def test_a_workbook_that_will_not_do(rows: list[tuple[Any, ...]], why: tuple[str, dict[str, Any]]) -> None:
    assert refused(*rows) == why


@pytest.mark.parametrize(
    "declared",
    ['<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'],
)
def test_a_workbook_declares_no_entities(declared: str) -> None:
    packed, harmful = workbook(("code",), ("1",)), io.BytesIO()
    with zipfile.ZipFile(packed) as clean, zipfile.ZipFile(harmful, "w") as written:
        for name in clean.namelist():
            part = clean.read(name).decode()
            if name.endswith("sheet1.xml"):
                part = part.replace("<worksheet", f"{declared}<worksheet", 1)
            written.writestr(name, part)
    assert workbooks.read(packed, COLUMNS, 10).lines
    with pytest.raises(Unreadable) as error:
        workbooks.read(harmful, COLUMNS, 10)
    assert error.value.code == "damaged"


def test_as_many_rows_as_may_be_with_empty_ones_between() -> None:
    rows: list[tuple[Any, ...]] = [row for _ in range(10) for row in (("1",), (), ())]
    assert len(read(("code",), *rows).lines) == 10


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_damaged(content: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        workbooks.read(io.BytesIO(content), COLUMNS, 10)
    assert error.value.code == "damaged"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(1, 30))
def test_whatever_is_damaged_is_read_or_refused_and_nothing_else(seed: int, changes: int) -> None:
    """Bytes of the parts are changed, not of the archive, whose sums would tell at once."""
    chance, made = random.Random(seed), io.BytesIO()
    sound = workbook(("code", "at"), ("1", wall("2026-03-01")))
    with zipfile.ZipFile(sound) as usual, zipfile.ZipFile(made, "w") as book:
        for name in usual.namelist():
            part = bytearray(usual.read(name))
            if chance.random() < 0.5:
                for _ in range(changes):
                    part[chance.randrange(len(part))] = chance.randrange(256)
            book.writestr(name, bytes(part))
    try:
        found = workbooks.read(made, COLUMNS, 10)
    except Unreadable:
        return
    assert found.lines


def test_a_template_is_read_again_once_it_is_filled_in(app: Flask) -> None:
    with app.app_context():
        content = workbooks.template("清单", COLUMNS, 10)
    with pytest.raises(Unreadable) as error:
        workbooks.read(io.BytesIO(content), COLUMNS, 10)
    assert error.value.code == "no_rows", "captions and example are remarks"
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["#", "code", "words", "kind", "at"]
    assert [cell.value for cell in sheet[2]] == ["#", "编号 *", "内容", "种类", "时间"]
    assert [cell.value for cell in sheet[3]] == ["#", "A-1", None, None, None]
    assert "客户说了什么" in str(sheet["C2"].comment)
    (rule,) = sheet.data_validations.dataValidation
    assert (str(rule.sqref), rule.formula1) == ("D4:D13", "codes!$A$2:$A$3")
    assert [[c.value for c in row] for row in book["codes"]["A2:B3"]] == [
        ["投诉", "complaint"],
        ["建议", "advice"],
    ]
    sheet["B4"], sheet["D4"], sheet["E4"] = "7", "建议", wall("2026-03-01 10:00")
    filled = io.BytesIO()
    book.save(filled)
    found = workbooks.read(filled, COLUMNS, 10)
    assert [line.texts for line in found.lines] == [{"code": "7", "kind": "advice", "at": "2026-03-01T10:00"}]
    assert found.others == [], "the sheet of codes is the template's own"


def test_what_an_export_made_harmless_is_read_as_it_was(app: Flask) -> None:
    with app.app_context():
        row = ("=1+1", datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
        content = sheets.workbook("x", [sheets.Column("code"), sheets.Column("at")], [row])
    found = workbooks.read(io.BytesIO(content), COLUMNS, 10)
    assert found.lines[0].texts == {"code": "=1+1", "at": "2026-03-02T09:00"}


def test_numbers_days_and_lists_are_read_as_people_see_them() -> None:
    columns = [
        Column("phone", "电话"),
        Column("born", "生日", day=True),
        Column("ways", "渠道", several=True, choices={"phone": ["电话"], "email": ["邮件", "e-mail"]}),
    ]
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.worksheets[0]
    sheet.append([column.name for column in columns])
    sheet.append([13900001234, date(1980, 3, 1), "E-Mail；电话"])
    sheet.append([1234567890123456, "1980年3月1日", "电话、传真"])
    sheet["A2"].number_format = "000000000000"
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    first, second = workbooks.read(made, columns, 10).lines
    assert first.texts == {"phone": "013900001234", "born": "1980-03-01", "ways": "phone,email"}
    assert second.texts["born"] == "1980-03-01"
    assert second.errors == {"phone": "digits", "ways": "choice"}
