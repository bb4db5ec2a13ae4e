"""The case list as a workbook: the rows of the list and no other, whoever asks, whatever the filters."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.blueprints.complaints.codes import Category, Kind, State, Urgency
from portal.blueprints.complaints.export import routes
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At

EXPORTERS = ("desk1", "desk2", "lead.tech", "lead.impl", "lead.market", "gm", "office1", "office2")
OTHERS = ("emp.tech", "emp.impl", "emp.admin", "sup.tech")
FILTERS = (
    "", "state=open", "state=archived", "overdue=1", "mine=1", "disposal=1", "department=tech", "kind=inquiry",
    "urgency=urgent", "words=%E6%89%93%E5%8D%B0", "q=chenguifang", "first_responder=desk1",
    "since=2026-03-02&until=2026-03-02", "state=open&department=tech&mine=1", "state=nonsense", "since=x", "before=3",
    "after=1",
)  # fmt: skip


def table(answer: TestResponse) -> list[tuple[Any, ...]]:
    """The cells of the one sheet, captions first."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    return list(sheet.iter_rows(values_only=True))


def exported(browser: CarefulClient, query: str = "") -> list[str]:
    """The numbers in the workbook, in its order."""
    return [str(row[0]) for row in table(browser.get(f"/complaints/export.xlsx?{query}"))[1:]]


def listed(browser: CarefulClient, query: str = "") -> list[str]:
    """The numbers of the list, in its order, all its pages joined."""
    found: list[str] = []
    older: str | None = f"/complaints/?{query}"
    while older:
        text = browser.get(older).text
        found += re.findall(r"<tr><td><a href=(TS-[0-9-]+)>", text)
        link = re.search(r'rel="next" href="([^"]+)"', text)
        older = link[1].replace("&amp;", "&") if link else None
    return found


@pytest.fixture
def cases(any_app: Flask, at: At) -> list[str]:
    """Cases of every kind of reach: states, departments, confidential, about somebody, taken by others."""
    numbers = [factories.a_case(any_app, state) for state in State]
    at("Tue 2026-03-03 09:00")
    chosen: tuple[dict[str, Any], ...] = (
        {"kind": Kind.INQUIRY, "by": "desk2"},
        {"urgency": Urgency.URGENT, "category": Category.PRICE, "by": "emp.admin"},
        {"confidential": True, "by": "office1"},
        {"confidential": True, "by": "lead.tech"},
        *({"concerned": name} for name in (*EXPORTERS, *OTHERS)),
    )
    numbers += [factories.registered(any_app, **fields) for fields in chosen]
    numbers.append(factories.a_case(any_app, State.ACCEPTED, department="impl"))
    at("Mon 2027-04-05 09:00")  # the terms of what was archived are over
    return numbers


@pytest.mark.clause("CP-04")
@pytest.mark.clause("CP-09")
def test_the_workbook_has_the_rows_of_the_list_for_every_role_and_filter(
    any_app: Flask, as_: As, cases: list[str]
) -> None:
    full = set()
    stored = {number: factories.load(any_app, number) for number in cases}
    ids = {username: factories.id_of(any_app, username) for username in EXPORTERS}
    everything = {username: exported(as_(username)) for username in EXPORTERS}
    for username, query in itertools.product(EXPORTERS, FILTERS):
        rows = exported(as_(username), query)
        whole = "" if query.startswith(("before", "after")) else query
        assert rows == listed(as_(username), whole), f"{username} {query}"
        if rows and (query != "disposal=1" or len(rows) < len(everything[username])):
            full.add(query)
        for number in rows:
            case = stored[number]
            assert case.person_concerned_id != ids[username], f"{username} {number}"
            assert not case.confidential or username.startswith("office"), f"{username} {number}"
    assert full == set(FILTERS), "a filter that finds nothing proves nothing"
    assert set(everything["desk1"]) < set(cases)


@pytest.mark.parametrize("username", OTHERS)
def test_who_may_not_export_gets_no_workbook_and_no_link(app: Flask, as_: As, username: str) -> None:
    number = factories.registered(app, by=username)
    assert as_(username).get("/complaints/export.xlsx").status_code == 403
    page = as_(username).get("/complaints/").text
    assert number in page
    assert "export.xlsx" not in page
    assert app.test_client().get("/complaints/export.xlsx").status_code == 302


def test_the_link_follows_the_filters(app: Flask, as_: As) -> None:
    factories.a_case(app)
    part = as_("desk1").get(
        "/complaints/?state=open&words=打印", headers={"HX-Request": "true", "HX-Target": "case-list"}
    )
    link = re.search(r'href="(/complaints/export\.xlsx\?[^"]*)"', part.text)
    assert link
    address = link[1].replace("&amp;", "&")
    assert "state=open" in address
    assert [row[0] for row in table(as_("desk1").get(address))[1:]] == listed(
        as_("desk1"), "state=open&words=打印"
    )


def test_a_row_says_what_the_list_says(app: Flask, as_: As) -> None:
    factories.a_case(app, State.ACCEPTED, content="打印机漏墨" * 20)
    for lang, state, handler in (("en", "Signed for", "Handler"), ("zh-CN", "已签收", "经办人")):
        browser = as_("desk1")
        browser.lang = lang
        head, row = table(browser.get("/complaints/export.xlsx"))
        told = dict(zip(head, row, strict=True))
        assert told[handler] == "李工"
        assert state in row
        assert [str(value)[:16] for value in row if hasattr(value, "year")] == [
            "2026-03-02 09:00", "2026-03-02 09:30"
        ]  # fmt: skip
        page = browser.get("/complaints/").text
        assert next(text for text in row if str(text).startswith("打印机")) in page


def test_nothing_typed_acts_as_a_formula(app: Flask, as_: As) -> None:
    typed = ("=1+1", "+86 139", "-2+3", "@SUM(A1)", '=HYPERLINK("https://evil.example")', "\u202e=1")
    for text in typed:
        factories.a_case(app, customer_name=text, content=text)
    answer = as_("desk1").get("/complaints/export.xlsx")
    assert "<f>" not in ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [text for text in texts if text.startswith(tuple("=+-@"))] == []
    assert "'=1+1" in texts


def test_a_list_that_is_too_long_is_cut_and_says_so(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [factories.a_case(app) for _ in range(3)]
    monkeypatch.setattr(routes, "MOST_ROWS", 3)
    assert exported(as_("desk1")) == numbers[::-1]
    monkeypatch.setattr(routes, "MOST_ROWS", 2)
    *rows, told = exported(as_("desk1"))
    assert rows == numbers[:0:-1]
    assert told == "Only the newest 2 cases are here; choose a shorter period."


def test_an_empty_list_is_a_workbook_too(as_: As) -> None:
    assert len(table(as_("desk1").get("/complaints/export.xlsx?words=没有这样的事"))) == 1
