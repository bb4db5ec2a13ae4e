"""A filled workbook is tried out, then recorded: every line as if it had been typed, all or none, and never twice."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal import importing
from portal.blueprints.complaints.codes import Channel, ReadBack, Urgency
from portal.blueprints.complaints.imports.plug import CASES, NAMES
from portal.blueprints.complaints.models import Case
from portal.kernel import clock, files, history
from portal.kernel.db import db
from portal.kernel.people import Status
from portal.kernel.rights import May, Role, allowed
from tests import factories
from tests.client import INTAKE, CarefulClient, number_in, text_of, unlinked
from tests.conftest import As

LINE: dict[str, Any] = {"channel": "phone", "category": "product", "content": "打印机漏墨，文件打不出来"}


def wall(written: str) -> datetime:
    """A moment as a spreadsheet keeps it: what the clock on the wall says."""
    return datetime.fromisoformat(written)


def workbook(*lines: dict[str, Any], head: tuple[str, ...] = ()) -> bytes:
    """A workbook made by another program: names in the first line, then the lines."""
    book = openpyxl.Workbook()
    names = head or tuple(dict.fromkeys(name for line in lines for name in line))
    book.worksheets[0].append(names)
    for line in lines:
        book.worksheets[0].append([line.get(name) for name in names])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The file of a workbook."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def tried(
    browser: CarefulClient, content: bytes, name: str = "事项.xlsx", htmx: bool = False
) -> TestResponse:
    """The answer to a file that is sent to be tried out."""
    return browser.send("/complaints/import", htmx=htmx, file=(io.BytesIO(content), name))


def confirmed(browser: CarefulClient, answer: TestResponse, htmx: bool = False) -> TestResponse:
    """The answer to the button under a dry run."""
    assert answer.status_code == 200, text_of(answer)
    mark = re.search(r'name="file" value="([^"]+)"', answer.text)
    assert mark, text_of(answer)
    return browser.send("/complaints/import/confirm", htmx=htmx, file=mark[1])


def imported(browser: CarefulClient, *lines: dict[str, Any]) -> TestResponse:
    """Tried out and confirmed."""
    return confirmed(browser, tried(browser, workbook(*lines)))


def cases(app: Flask) -> list[Case]:
    """Every case, in the order of recording."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Case).order_by(Case.id)))


# -- who -----------------------------------------------------------------------------------------------------


def test_the_general_office_imports_and_nobody_else() -> None:
    assert [role for role in Role if allowed(role, May.IMPORT_CASES)] == [Role.OFFICE]


@pytest.mark.parametrize("username", ["desk1", "lead.tech", "emp.tech", "gm"])
def test_others_have_neither_page_nor_link(app: Flask, as_: As, username: str) -> None:
    factories.registered(app, by=username)
    browser = as_(username)
    assert browser.get("/complaints/import").status_code == 403
    assert browser.get("/complaints/import/template.xlsx").status_code == 403
    assert tried(browser, workbook(LINE)).status_code == 403
    assert browser.send("/complaints/import/confirm", file="x").status_code == 403
    assert "/complaints/import" not in browser.get("/complaints/").text


def test_the_link_stands_by_the_list_empty_or_not(app: Flask, as_: As) -> None:
    assert 'href="/complaints/import"' in as_("office1").get("/complaints/").text
    factories.a_case(app)
    assert 'href="/complaints/import"' in as_("office1").get("/complaints/").text


# -- the same record -----------------------------------------------------------------------------------------


@pytest.mark.clause("CP-01")
@pytest.mark.clause("CP-03")
@pytest.mark.clause("CP-09")
def test_a_line_is_recorded_like_a_case_that_was_typed(any_app: Flask, as_: As) -> None:
    office = as_("office1")
    typed = INTAKE | {"urgency": "special", "customer_address": "和平路 8 号", "customer_type": "talker"}
    typed |= {"person_concerned": "emp.tech", "occurred_at": "2026-03-01T10:00", "read_back": "signed"}
    assert imported(office, typed | {"major": "是", "reference": "1"}).status_code == 303
    by_hand = number_in(office.register(**typed, major="1"))
    (line, form) = cases(any_app)
    own = {"id", "number", "idempotency_key"}
    for column in sa.inspect(Case).column_attrs:
        if column.key not in own:
            assert getattr(line, column.key) == getattr(form, column.key), column.key
    assert form.number == by_hand
    assert line.first_responder_id == factories.id_of(any_app, "office1")
    assert [c.kind for c in factories.clocks(any_app, line.number)] == [
        c.kind for c in factories.clocks(any_app, by_hand)
    ]
    assert [e.event for e in factories.events(any_app, line.number)] == ["case:register", "case:import"]
    assert line.number in as_("desk2").get("/complaints/?words=chenguifang").text
    assert as_("emp.tech").get(f"/complaints/{line.number}").status_code == 404
    page = text_of(office.get(f"/complaints/{line.number}"))
    assert "Imported from Excel" in page
    assert factories.history_faults(any_app) == []


def test_all_lines_have_numbers_in_their_order(any_app: Flask, as_: As) -> None:
    answer = imported(as_("office1"), *(LINE | {"content": f"第 {n} 件"} for n in range(1, 13)))
    assert answer.status_code == 303
    assert [case.content for case in cases(any_app)] == [f"第 {n} 件" for n in range(1, 13)]
    assert [case.number[-4:] for case in cases(any_app)] == [f"{n:04}" for n in range(1, 13)]
    assert "12 cases recorded." in as_("office1").get("/complaints/").text


@pytest.mark.parametrize(
    ("column", "written", "kept"),
    [
        ("channel", "电话", Channel.PHONE),
        ("channel", "Phone", Channel.PHONE),
        ("channel", "WECHAT", Channel.WECHAT),
        ("urgency", "加急", Urgency.URGENT),
        ("read_back", "已签字", ReadBack.SIGNED),
        ("customer_phone", 13900001234, "13900001234"),
        ("customer_phone", 13900001234.0, "13900001234"),
        ("customer_phone", "'+86 139", "+86 139"),
        ("customer_name", " 陈桂芳 ", "陈桂芳"),
        ("confidential", True, True),
        ("confidential", "否", False),
        ("major", "Yes", True),
        ("occurred_at", wall("2026-03-01 10:00"), "2026-03-01 10:00"),
        ("occurred_at", date(2026, 3, 1), "2026-03-01 00:00"),
        ("occurred_at", "2026-03-01 10:00", "2026-03-01 10:00"),
        ("occurred_at", "2026/3/1 9:05", "2026-03-01 09:05"),
        ("occurred_at", "2026年3月1日", "2026-03-01 00:00"),
    ],
)
def test_cells_are_read_as_people_write_them(
    app: Flask, as_: As, column: str, written: Any, kept: Any
) -> None:
    if column == "urgency":
        written = str(words_of(app, column, kept))
    if column == "read_back":
        written = str(words_of(app, column, kept))
    assert imported(as_("office1"), LINE | {column: written}).status_code == 303
    (case,) = cases(app)
    found = getattr(case, column)
    if isinstance(found, datetime):
        with app.app_context():
            found = f"{clock.local(found):%Y-%m-%d %H:%M}"
    assert found == kept


def words_of(app: Flask, column: str, code: str) -> str:
    """The Chinese word of a code."""
    with app.test_request_context(headers={"Accept-Language": "zh-CN"}):
        return next(c for c in CASES.columns() if c.name == column).shown(code)


# -- what is wrong -------------------------------------------------------------------------------------------


def test_mistakes_are_told_by_line_and_column_and_nothing_is_recorded(any_app: Flask, as_: As) -> None:
    good = LINE | {"person_concerned": "emp.tech"}
    answer = tried(
        as_("office1"),
        workbook(
            good, good | {"content": None, "channel": "pigeon"}, {}, good | {"person_concerned": "nobody"}
        ),
    )
    assert answer.status_code == 422
    said = text_of(answer)
    for told in (
        "3 Please choose one from the list. How it reached us A3",
        "3 This must be filled in. Content C3",
        "5 Nobody who works here has this user name. Person complained about (user name) D5",
    ):
        assert told in said
    assert 'name="file" value=' not in answer.text
    assert cases(any_app) == []


@pytest.mark.clause("CP-04")
def test_the_messages_are_those_of_the_form(app: Flask, as_: As) -> None:
    wrong = {"customer_phone": "abc", "read_back": "copy_sent", "occurred_at": "morgen", "demand": "x" * 2001}
    office = as_("office1")
    by_form = office.register(**(INTAKE | wrong))
    by_file = tried(office, workbook(INTAKE | wrong))
    told = {cell.replace("&#39;", "'") for cell in re.findall(r'class="text">([^<]+)<', by_file.text)}
    typed = set(re.findall(r'class="error".*?<span>([^<]+)</span>', unlinked(by_form.text), re.DOTALL))
    assert len(told) == 4
    assert told == typed
    assert any("(CP-04)" in message for message in told)


def test_a_line_that_gives_no_channel_is_asked_for_it(app: Flask, as_: As) -> None:
    said = text_of(tried(as_("office1"), workbook(LINE, LINE | {"channel": None})))
    assert "3 This must be filled in. How it reached us" in said
    assert cases(app) == []


def test_more_mistakes_than_fit_are_cut_and_counted(app: Flask, as_: As) -> None:
    answer = tried(as_("office1"), workbook(*(LINE | {"channel": "x"} for _ in range(250))))
    assert answer.text.count('class="text"') == importing.MOST_SHOWN
    assert "Only the first 200 are shown." in text_of(answer)


def test_formulas_faults_and_unnamed_columns_are_told(app: Flask, as_: As) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(tuple(LINE))
    book.worksheets[0].append(("phone", "product", "=1+1"))
    book.worksheets[0].append(("phone", "product", "#N/A"))
    book.worksheets[0].append(("phone", "product", "漏墨", "还有一句话"))
    said = text_of(tried(as_("office1"), saved(book)))
    assert "2 This is a formula. Please paste its value instead. Content C2" in said
    assert "3 The spreadsheet shows an error here. Content C3" in said
    assert "4 The column has no name in the first row. D D4" in said
    assert cases(app) == []


def test_a_time_without_a_day_is_no_moment(app: Flask, as_: As) -> None:
    answer = tried(as_("office1"), workbook(LINE | {"occurred_at": time(9, 30)}))
    assert "Please write the day and time as 2026-11-21 17:30." in answer.text


# -- the file as a whole -------------------------------------------------------------------------------------


def beside_the_field(answer: TestResponse) -> str:
    """The message beside the file field of a refused page."""
    assert answer.status_code == 422, text_of(answer)
    found = re.search(r'id="file-error">.*?<span>([^<]*)</span>', answer.text, re.DOTALL)
    assert found, text_of(answer)
    return found[1]


def packed(parts: dict[str, bytes]) -> bytes:
    """A usual workbook, some parts of it replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(LINE))) as usual,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for name in usual.namelist():
            if name not in parts:
                book.writestr(name, usual.read(name))
        for name, content in parts.items():
            book.writestr(name, content)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMB = b'<!DOCTYPE b [<!ENTITY a "%s">%s]>' % (
    b"x" * 1000,
    b"".join(
        b'<!ENTITY %s "%s">' % (name, b"&%s;" % before * 10)
        for before, name in zip(b"a b c d e f g".split(), b"b c d e f g h".split(), strict=True)
    ),
)
OUTSIDE = b'<!DOCTYPE b [<!ENTITY h SYSTEM "file:///etc/passwd">]>'


def sheet(rows: bytes, declared: bytes = b"", content: bytes = b"content") -> bytes:
    """A workbook whose sheet has the names, then these rows as they are written into the part."""
    named = b"".join(
        b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % (letter, name)
        for letter, name in ((b"A", b"channel"), (b"B", b"category"), (b"C", content))
    )
    head = b'<?xml version="1.0"?>%s<worksheet %s><sheetData>' % (declared, MAIN)
    return packed({SHEET: head + b'<row r="1">%s</row>%s</sheetData></worksheet>' % (named, rows)})


def merged() -> bytes:
    """Cells that are one."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(tuple(LINE))
    book.worksheets[0].append(tuple(LINE.values()))
    book.worksheets[0].merge_cells("C2:C4")
    return saved(book)


OTHER, DAMAGED, ACTS, LARGE, NOTHING = (
    "Please choose an Excel workbook (.xlsx)",
    "This workbook is damaged",
    "a program or a web page",
    "far too large",
    "No row is filled in.",
)
CSV = "channel,category,content\nphone,product,漏墨".encode()
# Files that are no import: name, content, what is said.
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "nothing": ("a.xlsx", bytes, "empty"),
    "old": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, OTHER),
    "csv": ("a.csv", lambda: CSV, OTHER),
    "csv that lies": ("a.xlsx", lambda: CSV, OTHER),
    "picture that lies": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a.xlsx"),
    "workbook that lies": ("a.pdf", lambda: workbook(LINE), OTHER),
    "page": ("a.xlsx", lambda: b"<html><script>1</script></html>", ACTS),
    "cut off": ("a.xlsx", lambda: workbook(LINE)[:-400], "damaged"),
    "macros": ("a.xlsx", lambda: packed({"xl/vbaProject.bin": b"x"}), ACTS),
    "no sheet part": ("a.xlsx", lambda: packed({SHEET: b""}), DAMAGED),
    "no xml": ("a.xlsx", lambda: packed({SHEET: b"\0" * 300}), DAMAGED),
    "entities": ("a.xlsx", lambda: sheet(b"", BOMB, b"&h;"), DAMAGED),
    "outside entity": ("a.xlsx", lambda: sheet(b"", OUTSIDE, b"&h;"), DAMAGED),
    "zip bomb": ("a.xlsx", lambda: packed({"xl/media/a.xml": (b"<" + b" " * 1_000_000) * 13}), LARGE),
    "tags": ("a.xlsx", lambda: packed({"xl/sharedStrings.xml": b"<si/>" * 250_000}), LARGE),
    "a tag without end": ("a.xlsx", lambda: packed({SHEET: b"<row " + b" " * 2 * 1024 * 1024}), LARGE),
    "far row": ("a.xlsx", lambda: sheet(b'<row r="99999999999"><c><v>1</v></c></row>'), "below row 20000"),
    "unknown string": ("a.xlsx", lambda: sheet(b'<row r="2"><c r="A2" t="s"><v>77</v></c></row>'), DAMAGED),
    "endless number": ("a.xlsx", lambda: sheet(b'<row r="2"><c r="A2"><v>%s</v></c></row>' % (b"9" * 5000)), DAMAGED),
    "merged": ("a.xlsx", merged, "The cells C2:C4 are merged."),
    "too many": ("a.xlsx", lambda: workbook(*[LINE] * (importing.MOST_LINES + 1)), "up to 1000 rows"),
    "no rows": ("a.xlsx", lambda: workbook(head=tuple(LINE)), NOTHING),
    "only remarks": ("a.xlsx", lambda: workbook(LINE | {"#": "#"}), NOTHING),
    "blank": ("a.xlsx", lambda: saved(openpyxl.Workbook()), "no column named channel, category, content"),
    "a column missing": ("a.xlsx", lambda: workbook({"channel": "phone", "content": "x"}), "no column named category"),
    "a column too much": ("a.xlsx", lambda: workbook(LINE | {"contents": "x"}), "There is no column named contents."),
    "a column twice": ("a.xlsx", lambda: workbook(LINE, head=(*LINE, "content")), "names content twice"),
}  # fmt: skip


@pytest.mark.parametrize("what", list(HOSTILE))
def test_a_file_that_is_no_import_is_refused_in_plain_words(app: Flask, as_: As, what: str) -> None:
    name, made, said = HOSTILE[what]
    content, began = made(), perf_counter()
    answer = tried(as_("office1"), content, name)
    assert perf_counter() - began < 10, "slow"
    assert said in beside_the_field(answer)
    assert "root:" not in answer.text
    assert cases(app) == []


def test_no_file_and_a_text_in_its_place(as_: As) -> None:
    office = as_("office1")
    assert beside_the_field(office.send("/complaints/import")) == "This must be filled in."
    assert beside_the_field(office.send("/complaints/import", file="x")) == "This must be filled in."
    assert beside_the_field(tried(office, b"", "")) == "This must be filled in."


def test_a_file_that_is_too_large(as_: As) -> None:
    assert "up to 20 MB" in beside_the_field(tried(as_("office1"), b"PK\x03\x04" + b"\0" * files.LARGEST))


def test_hidden_sheets_are_not_read_and_others_are_named(app: Flask, as_: As) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "藏起来的"
    book.worksheets[0].append(["x"])
    book.worksheets[0].sheet_state = "hidden"
    for title, content in (("事项", "漏墨"), ("第二张", "不读")):
        sheet = book.create_sheet(title)
        sheet.append(tuple(LINE))
        sheet.append(("phone", "product", content))
    book.active = 1
    answer = tried(as_("office1"), saved(book))
    said = text_of(answer)
    assert "Sheet “事项” was read." in said
    assert "Not read: 藏起来的, 第二张." in said
    confirmed(as_("office1"), answer)
    assert [case.content for case in cases(app)] == ["漏墨"]


def test_what_a_sheet_says_about_its_size_is_not_believed(app: Flask, as_: As) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(*[LINE] * 3))) as usual:
        sheet = usual.read("xl/worksheets/sheet1.xml")
    for size in (b"A1:A1", b"A1:XFD1048576"):
        lies = re.sub(rb'ref="A1:C4"', b'ref="%s"' % size, sheet)
        assert lies != sheet
        content = packed({"xl/worksheets/sheet1.xml": lies})
        assert "Record 3 cases" in tried(as_("office1"), content).text


# -- once ----------------------------------------------------------------------------------------------------


def test_the_same_file_is_recorded_once(any_app: Flask, as_: As) -> None:
    office, content = as_("office1"), workbook(LINE, LINE)
    first = tried(office, content)
    assert confirmed(office, first).status_code == 303
    assert len(cases(any_app)) == 2, "identical lines are two cases"
    assert confirmed(office, first).status_code == 303
    again = tried(office, content)
    said = text_of(again)
    assert "Recorded before 2" in said
    assert all(case.number in said for case in cases(any_app))
    assert "Every row was recorded before" in said
    assert 'action="/complaints/import/confirm"' not in again.text
    assert len(cases(any_app)) == 2


def test_a_reference_is_recorded_once_whatever_the_file_and_the_colleague(any_app: Flask, as_: As) -> None:
    lines = [LINE | {"reference": f"A-{n}"} for n in range(3)]
    imported(as_("office1"), *lines[:2])
    more = tried(as_("office2"), workbook(*reversed(lines)))
    assert "To be recorded 1 Recorded before 2" in text_of(more)
    assert confirmed(as_("office2"), more).status_code == 303
    assert len(cases(any_app)) == 3
    assert factories.history_faults(any_app) == []


def test_a_reference_with_other_words_is_a_mistake(any_app: Flask, as_: As) -> None:
    imported(as_("office1"), LINE | {"reference": "A-1"})
    said = text_of(tried(as_("office1"), workbook(LINE | {"content": "另一件", "reference": "A-1"})))
    assert "2 This reference was imported before with other words. Reference D2" in said
    twice = tried(as_("office1"), workbook(LINE | {"reference": "B"}, LINE | {"reference": "B"}))
    assert "3 Row 2 has the same reference. Reference D3" in text_of(twice)
    long = tried(as_("office1"), workbook(LINE | {"reference": "B" * 201}))
    assert "A reference has up to 200 characters." in text_of(long)
    assert len(cases(any_app)) == 1


def test_what_a_colleague_recorded_meanwhile_is_not_recorded_again(any_app: Flask, as_: As) -> None:
    content = workbook(LINE | {"reference": "A-1"}, LINE | {"reference": "A-2"})
    mine, theirs = tried(as_("office1"), content), tried(as_("office2"), content)
    confirmed(as_("office2"), theirs)
    confirmed(as_("office1"), mine)
    assert len(cases(any_app)) == 2


def test_between_the_check_and_the_write_the_keys_are_asked_for_again(any_app: Flask) -> None:
    with any_app.test_request_context():
        office, other, now = factories.viewer("office1"), factories.viewer("office2"), clock.now()

        def found(by: Any, content: str) -> importing.DryRun:
            made = workbook(LINE | {"reference": "A-1", "content": content})
            return importing.dry_run(CASES, io.BytesIO(made), "0" * 64, by)

        mine, same, changed = found(office, "漏墨"), found(other, "漏墨"), found(other, "另一件")
        assert len(importing.record(CASES, mine, by=office, now=now)) == 1
        assert importing.record(CASES, same, by=other, now=now) == []
        with pytest.raises(importing.Overtaken):
            importing.record(CASES, changed, by=other, now=now)
    assert len(cases(any_app)) == 1


def test_a_number_that_the_viewer_may_not_see_is_not_told(app: Flask, as_: As) -> None:
    content = workbook(LINE | {"reference": "A-1", "person_concerned": "office2"})
    confirmed(as_("office1"), tried(as_("office1"), content))
    (case,) = cases(app)
    assert case.number not in tried(as_("office2"), content).text


def test_all_or_nothing(any_app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = tried(as_("office1"), workbook(LINE, LINE, LINE))
    usual, calls = history.record, iter(range(4))

    def stumbles(*args: Any, **given: Any) -> None:
        if next(calls) == 3:
            raise RuntimeError("the power is gone")
        usual(*args, **given)

    with monkeypatch.context() as patched:
        patched.setattr(history, "record", stumbles)
        assert confirmed(as_("office1"), answer).status_code == 500
    assert cases(any_app) == []
    confirmed(as_("office1"), answer)
    assert [case.number[-4:] for case in cases(any_app)] == ["0001", "0002", "0003"], "no gap"
    assert factories.history_faults(any_app) == []


# -- between dry run and confirmation ------------------------------------------------------------------------


def test_a_mark_is_its_persons_own_and_no_other_file_opens_with_it(app: Flask, as_: As) -> None:
    answer = tried(as_("office1"), workbook(LINE))
    assert "no longer here" in beside_the_field(confirmed(as_("office2"), answer))
    for made_up in ("", "x", "0" * 64, json.dumps(["cases", 1, "../../secret_key"])):
        refused = as_("office1").send("/complaints/import/confirm", file=made_up)
        assert "no longer here" in beside_the_field(refused)
    assert cases(app) == []


def test_a_file_that_was_cleaned_away_is_asked_for_again(app: Flask, as_: As) -> None:
    answer = tried(as_("office1"), workbook(LINE))
    for path in (app.config["SETTINGS"].instance / "files").glob("??/*"):
        path.unlink()
    assert "Please choose it again." in beside_the_field(confirmed(as_("office1"), answer))


def test_the_uploaded_file_goes_with_the_daily_cleaning(app: Flask, as_: As) -> None:
    confirmed(as_("office1"), tried(as_("office1"), workbook(LINE)))
    with app.app_context():
        assert files.clean(datetime.now().astimezone() + files.ORPHANS_REST * 2) == 1


def test_what_is_no_longer_right_is_told_before_it_is_recorded(app: Flask, as_: As) -> None:
    answer = tried(as_("office1"), workbook(LINE | {"person_concerned": "emp.tech"}))
    factories.change_person(app, "emp.tech", status=Status.DEPARTED)
    refused = confirmed(as_("office1"), answer)
    assert refused.status_code == 422
    assert "Nobody who works here has this user name." in refused.text
    assert cases(app) == []


def test_with_htmx_only_the_part_is_swapped(app: Flask, as_: As) -> None:
    office = as_("office1")
    wrong = tried(office, b"x", htmx=True)
    assert (wrong.status_code, "<!doctype" in wrong.text.lower()) == (422, False)
    answer = tried(office, workbook(LINE), htmx=True)
    assert answer.text.lstrip().startswith('<div class="stack" id="import">')
    done = confirmed(office, answer, htmx=True)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/complaints/")
    assert len(cases(app)) == 1


# -- the template --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "caption", "word", "lines"),
    [("en", "Category *", "Phone", "2, 3"), ("zh-CN", "类别 *", "电话", "2、3")],
)
def test_the_template_is_filled_in_and_read(
    app: Flask, as_: As, lang: str, caption: str, word: str, lines: str
) -> None:
    office = as_("office1")
    office.lang = lang
    made = office.get("/complaints/import/template.xlsx")
    assert made.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    assert names == ["#", *NAMES, "reference"]
    assert caption in [cell.value for cell in sheet[2]]
    assert sheet.cell(2, names.index("read_back") + 1).comment is not None
    assert sheet.cell(3, names.index("channel") + 1).value == word, "an example"
    lists = {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation}
    assert {
        sheet.cell(1, i + 1).coordinate[0] for i, n in enumerate(names) if n in {"channel", "major"}
    } <= lists
    assert tried(office, made.data).status_code == 422, "the example is no line"
    for name, text in (LINE | {"channel": word, "occurred_at": wall("2026-03-01 10:00")}).items():
        sheet.cell(4, names.index(name) + 1).value = text
    answer = tried(office, saved(book))
    assert confirmed(office, answer).status_code == 303
    assert lines in text_of(answer), "the lines passed over are named"
    (case,) = cases(app)
    assert (case.channel, case.content) == (Channel.PHONE, LINE["content"])


def test_the_example_would_be_taken_without_its_mark(app: Flask, as_: As) -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_("office1").get("/complaints/import/template.xlsx").data))
    book.worksheets[0]["A3"].value = None
    assert tried(as_("office1"), saved(book)).status_code == 200


def test_every_field_of_the_intake_has_a_column(app: Flask) -> None:
    with app.test_request_context():
        form = set(CASES.judge({})[0].data)
    assert form == set(NAMES)


# -- commands ------------------------------------------------------------------------------------------------


def run(app: Flask, *words: Any) -> Any:
    """A command, as `flask --app wsgi …` runs it."""
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def test_the_command_imports_as_the_page_does(any_app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "事项.xlsx"
    file.write_bytes(workbook(LINE, LINE))
    tried_out = run(any_app, "import", "cases", file, "--dry-run")
    assert (tried_out.exit_code, tried_out.stdout) == (0, "2 would be recorded, 0 were recorded before\n")
    assert cases(any_app) == []
    done = run(any_app, "import", "cases", file, "--as", "office2")
    assert done.exit_code == 0, done.output
    first, second = cases(any_app)
    assert done.stdout.splitlines() == [
        first.number, second.number, "2 recorded on behalf of office2, 0 were recorded before"
    ]  # fmt: skip
    assert first.first_responder_id == factories.id_of(any_app, "office2")
    again = run(any_app, "import", "cases", file)
    assert (again.exit_code, len(cases(any_app))) == (0, 2)
    assert "2 were recorded before" in again.stdout


def test_the_command_tells_each_mistake_on_standard_error(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(workbook(LINE, LINE | {"channel": "pigeon"}))
    for more in ([], ["--dry-run"]):
        done = run(app, "import", "cases", file, *more)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "(A3)" in done.stderr
    assert cases(app) == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("import", "pigeons", "FILE"), 2),
        (("import", "cases", "nowhere.xlsx"), 2),
        (("import", "cases"), 2),
        (("import", "cases", "FILE", "--as", "desk1"), 1),
        (("import", "cases", "FILE", "--as", "nobody"), 1),
        (("import", "cases", "TEXT"), 1),
        (("export", "pigeons", "FILE"), 2),
        (("export", "cases", "FILE", "--as", "emp.tech"), 1),
    ],
)
def test_commands_that_cannot_be_followed(app: Flask, tmp_path: Path, words: list[str], code: int) -> None:
    book, text = tmp_path / "a.xlsx", tmp_path / "a.txt"
    book.write_bytes(workbook(LINE))
    text.write_text("x", encoding="utf-8")
    done = run(app, *({"FILE": book, "TEXT": text}.get(word, word) for word in words))
    assert (done.exit_code, done.stdout) == (code, "")
    assert done.stderr
    assert cases(app) == []


def test_the_command_exports_what_the_list_shows(any_app: Flask, tmp_path: Path) -> None:
    numbers = [factories.registered(any_app), factories.registered(any_app, concerned="office2")]
    for who, seen in (("office1", numbers[::-1]), ("office2", numbers[:1])):
        file = tmp_path / f"{who}.xlsx"
        done = run(any_app, "export", "cases", file, "--as", who)
        assert done.exit_code == 0, done.output
        rows = list(openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True))
        assert [row[0] for row in rows[1:]] == seen
