"""The list of appointments: its tabs, their order, its pages (RC-19)."""

from __future__ import annotations

import re
from functools import partial

import pytest
from flask import Flask

from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements
from tests.reception.visits import a_visit, do


def shown(as_: As, who: str, query: str = "") -> list[str]:
    """The numbers of a page, in their order."""
    page = as_(who).get(f"/reception/appointments/{query}")
    assert page.status_code == 200
    return re.findall(r'<a data-row href="/reception/visits/(LF-\d{8}-\d{4})"', page.text)


def at_ten(as_: As, who: str, day: str, **more: str) -> str:
    return a_visit(as_(who), "B", purpose="看样机", starts_at=f"2026-{day}T10:00", **more)


@pytest.mark.clause("RC-19")
def test_each_tab_shows_its_own_in_the_order_in_which_they_begin(any_app: Flask, as_: As, at: At) -> None:
    at("Thu 2026-02-26 09:00")
    past = at_ten(as_, "emp.tech", "02-27")
    late, soon = at_ten(as_, "emp.tech", "03-09"), at_ten(as_, "emp.tech", "03-04")
    today = at_ten(as_, "emp.tech", "03-02")
    waits = at_ten(as_, "desk1", "03-05", host="emp.tech")
    others = at_ten(as_, "desk1", "03-06", host="emp.impl")
    at("Mon 2026-03-02 09:00")
    as_ = partial(client_of, any_app)  # the logins of Thursday have run out
    assert shown(as_, "desk1") == shown(as_, "desk1", "?when=coming") == [today, soon, waits, others, late]
    assert shown(as_, "desk1", "?when=confirm") == [waits, others]
    assert shown(as_, "emp.tech", "?when=confirm") == [waits]
    assert shown(as_, "lead.impl", "?when=confirm") == [others]
    assert shown(as_, "desk1", "?when=today") == [today]
    assert shown(as_, "desk1", "?when=past") == [past]
    assert shown(as_, "desk1", "?when=all") == [late, others, waits, soon, today, past]
    do(as_("emp.tech"), soon, "cancel")
    assert soon not in shown(as_, "desk1")


def test_pages_go_on_and_back_by_the_beginning(any_app: Flask, as_: As) -> None:
    host = as_("emp.tech")
    form = {
        "purpose": "例会",
        "starts_at": "2026-03-03T10:00",
        "repeat": "workdays",
        "repeat_until": "2026-05-20",
    }
    a_visit(host, "B", **(form | {"repeat_until": "2026-05-06"}))
    a_visit(host, "B", **(form | {"starts_at": "2026-03-03T15:00", "repeat_until": "2026-03-31"}))
    page = host.get("/reception/appointments/").text
    first = shown(as_, "emp.tech")
    assert len(first) == 50
    onward = re.search(r'rel="next" href="/reception/appointments/(\?[^"]+)"', page)
    assert onward
    query = onward[1].replace("&amp;", "&")
    second = shown(as_, "emp.tech", query)
    assert second
    assert not set(first) & set(second)
    back = re.search(
        r'rel="prev" href="/reception/appointments/(\?[^"]+)"',
        host.get(f"/reception/appointments/{query}").text,
    )
    assert back
    assert shown(as_, "emp.tech", back[1].replace("&amp;", "&")) == first


def test_the_workbook_holds_what_the_list_shows(app: Flask, as_: As) -> None:
    import io

    import openpyxl

    number = at_ten(as_, "desk1", "03-05", host="emp.tech")
    a_visit(as_("desk1"), "B", host="emp.tech")
    link = re.search(
        r'href="(/reception/visits/export[^"]+)"', as_("desk1").get("/reception/appointments/").text
    )
    assert link
    answer = as_("desk1").get(link[1].replace("&amp;", "&"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [number]


def test_the_list_costs_few_statements(app: Flask, as_: As) -> None:
    at_ten(as_, "emp.tech", "03-05")
    one = statements(as_("emp.tech"), "/reception/appointments/")
    form = {
        "purpose": "例会",
        "starts_at": "2026-03-03T10:00",
        "repeat": "workdays",
        "repeat_until": "2026-05-06",
    }
    a_visit(as_("emp.tech"), "B", **form)
    many = statements(as_("emp.tech"), "/reception/appointments/")
    assert len(one) == len(many) <= MOST, "\n".join(many)
