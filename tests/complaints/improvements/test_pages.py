"""The pages of improvement cases: who sees what, refusals with their clause, nothing typed is lost."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.improvements import rules
from portal.blueprints.complaints.improvements.codes import State
from tests import factories
from tests.client import text_of
from tests.complaints.improvements.making import load, raised
from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements

NEW: dict[str, Any] = {"title": "少漏墨", "problem": "同一批墨盒反复漏墨", "department": "tech"}


def test_one_is_raised_from_a_case_and_told_on_both(app: Flask, as_: As) -> None:
    case = factories.a_case(app, CaseState.PROPOSED)
    page = as_("lead.tech").get(f"/complaints/improvements/new?case={case}")
    assert f'value="{case}"' in page.text
    answer = as_("lead.tech").send("/complaints/improvements/new", **NEW, cases=case, changes="CP-12")
    assert answer.status_code == 303
    number = answer.headers["Location"].rsplit("/", 1)[-1]
    page = as_("lead.tech").get(f"/complaints/improvements/{number}")
    assert case in page.text
    assert "/handbook/CP-12" in page.text
    assert "Improvement case raised from it" in as_("desk1").get(f"/complaints/{case}").text
    assert number in as_("lead.tech").get(f"/complaints/improvements/?case={case}").text
    as_("lead.tech").lang = "zh-CN"
    assert as_("lead.tech").get(f"/complaints/improvements/{number}").status_code == 200


def test_a_form_sent_twice_raises_one(app: Flask, as_: As) -> None:
    first = as_("office1").send("/complaints/improvements/new", **NEW, idempotency_key="k")
    again = as_("office1").send("/complaints/improvements/new", **NEW, idempotency_key="k")
    assert first.headers["Location"] == again.headers["Location"]
    other = as_("office1").send(
        "/complaints/improvements/new", **(NEW | {"title": "另一件"}), idempotency_key="k"
    )
    assert other.status_code == 409
    assert "另一件" in other.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", " ", "filled in"),
        ("department", "impl", "one from the list"),
        ("cases", "TS-20200101-0001", "no case TS-20200101-0001"),
        ("cases", "那一件", "Write numbers"),
        ("changes", "CP-98", "no such clause"),
        ("changes", "limit.nothing", "no such figure"),
        ("cause", "fate", "one from the list"),
    ],
)
def test_what_cannot_be_taken_is_told_and_stays(
    app: Flask, as_: As, field: str, typed: str, said: str
) -> None:
    answer = as_("lead.tech").send("/complaints/improvements/new", **(NEW | {field: typed}))
    assert answer.status_code == 422
    assert said in answer.text
    assert "同一批墨盒反复漏墨" in answer.text


def test_they_are_open_to_office_and_own_lead_and_hidden_from_others(app: Flask, as_: As) -> None:
    number = raised(app)
    address = f"/complaints/improvements/{number}"
    for username in ("office1", "gm", "lead.tech"):
        assert as_(username).get(address).status_code == 200
        assert number in as_(username).get("/complaints/improvements/").text
    for username in ("desk1", "lead.impl", "emp.tech"):
        assert as_(username).get(address).status_code == 404
        assert as_(username).send(f"{address}/note", note="x").status_code == 404
        assert number not in as_(username).get("/complaints/improvements/").text
    for username in ("desk1", "emp.tech"):
        assert as_(username).get("/complaints/improvements/new").status_code == 403
        assert as_(username).get("/complaints/improvements/proposals").status_code == 403
        assert "CP-21" in as_(username).send("/complaints/improvements/new", **NEW).text
    for odd in ("GS-1", "GS-20260302-00010000000", "x"):
        assert as_("office1").get(f"/complaints/improvements/{odd}").status_code == 404


@pytest.mark.clause("CP-21")
def test_the_whole_way_by_forms(app: Flask, as_: As, at: At) -> None:
    number = raised(app)
    address = f"/complaints/improvements/{number}"
    assert as_("lead.tech").send(f"{address}/evaluate", evaluation="好").status_code == 403
    assert as_("lead.tech").send(f"{address}/carry-out", result="好").status_code == 403
    answer = as_("lead.tech").send(f"{address}/assign", owner="nobody.here", due_on="2026-03-20")
    assert answer.status_code == 422
    assert "nobody.here" in answer.text
    past = as_("lead.tech").send(f"{address}/assign", owner="emp.tech", due_on="2026-03-01", note="留着")
    assert past.status_code == 409
    assert "CP-21" in past.text
    assert "留着" in past.text
    ok = as_("lead.tech").send(f"{address}/assign", owner="emp.tech", due_on="2026-03-20")
    assert ok.status_code == 303
    assert as_("emp.tech").get(f"{address}?do=plan").status_code == 200
    told = as_("emp.tech").send(f"{address}/plan", htmx=True, plan="抽查", cause="method", changes="抽查表")
    assert (told.status_code, "toast" in told.headers["HX-Trigger"]) == (200, True)
    assert as_("emp.tech").send(f"{address}/carry-out", result="已做").status_code == 303
    page = text_of(as_("office1").get(address))
    assert "can be confirmed from 2026-03-16" in page
    early = as_("office1").send(f"{address}/evaluate", evaluation="我看很好")
    assert (early.status_code, "我看很好" in early.text, "CP-21" in early.text) == (409, True, True)
    at("Tue 2026-03-17 09:00")
    later = client_of(app, "office1")
    assert "CP-21" in later.send(f"{address}/evaluate", evaluation=" ").text
    assert later.send(f"{address}/evaluate", evaluation="好").status_code == 303
    assert load(app, number).state is State.CLOSED
    assert later.send(f"{address}/note", note="x").status_code == 409


def test_my_day_leads_to_the_form_that_waits(app: Flask, as_: As) -> None:
    number = raised(app)
    page = as_("lead.tech").get("/")
    assert "Name an owner" in page.text
    form = as_("lead.tech").get(f"/complaints/improvements/{number}?do=name-owner").text
    assert f"/complaints/improvements/{number}/assign" in form


def test_a_proposal_is_raised_or_dismissed_with_a_reason(app: Flask, as_: As) -> None:
    numbers = [factories.a_case(app, CaseState.PROPOSED, customer_phone="") for _ in range(3)]
    address = "/complaints/improvements/proposals"
    page = as_("lead.tech").get(address)
    assert all(number in page.text for number in numbers)
    found = re.search(r'name="key" value="(matter-[^"]+)"', page.text)
    assert found
    key = found[1]
    bare = as_("lead.tech").send(f"{address}/dismiss", key=key, reason="")
    assert (bare.status_code, "CP-22" in bare.text) == (422, True)
    assert as_("lead.impl").send(f"{address}/dismiss", key=key, reason="x").status_code == 404
    assert as_("lead.tech").send(f"{address}/dismiss", key=key, reason="同一批次").status_code == 303
    assert key not in as_("office1").get(address).text
    assert as_("office1").send(f"{address}/dismiss", key=key, reason="x").status_code == 404
    as_("office1").lang = "zh-CN"
    assert as_("office1").get(address).status_code == 200
    assert as_("office1").get("/office/audit/").status_code == 200


def test_a_matter_of_very_many_cases_is_raised_from_the_newest(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An improvement case names so many; an address with all of them would be too long for any server."""
    numbers = [factories.a_case(app, CaseState.PROPOSED, customer_phone="") for _ in range(3)]
    monkeypatch.setattr(rules, "MOST_CASES", 2)
    page = as_("lead.tech").get("/complaints/improvements/proposals").text
    assert re.findall(r"case=(TS-[0-9-]+)", page) == numbers[1:]
    assert "and 1 older one" in page


def test_the_workbook_has_what_the_list_shows(app: Flask, as_: As) -> None:
    number, other = raised(app, title="=1+1"), raised(app, department="impl")
    answer = as_("lead.tech").get("/complaints/improvements/export?state=open")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Number", number]
    assert rows[1][1] == "'=1+1"
    assert other not in str(rows)
    assert as_("emp.tech").get("/complaints/improvements/export").status_code == 403


def test_filters_and_pages(app: Flask, as_: As) -> None:
    numbers = [raised(app, title=f"第{n}件") for n in range(52)]
    page = as_("office1").get("/complaints/improvements/").text
    assert numbers[-1] in page
    assert numbers[0] not in page
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    second = as_("office1").get(older[1].replace("&amp;", "&")).text
    assert numbers[0] in second
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer
    assert numbers[-1] in as_("office1").get(newer[1].replace("&amp;", "&")).text
    for query in ("?words=第7件&state=raised&department=tech", "?mine=1&overdue=1", "?cause=method&before=x"):
        assert as_("office1").get(f"/complaints/improvements/{query}").status_code == 200
    found = as_("office1").get("/complaints/improvements/?words=第7件").text
    assert (numbers[7] in found, numbers[8] in found) == (True, False)


def test_the_pages_cost_few_statements(app: Flask, as_: As) -> None:
    case = factories.a_case(app, CaseState.PROPOSED)
    number = raised(app, case)
    pages = (
        "/complaints/improvements/",
        f"/complaints/improvements/{number}",
        "/complaints/improvements/proposals",
        f"/complaints/improvements/new?case={case}",
    )
    one = [len(statements(as_("office1"), page)) for page in pages]
    assert max(one) <= MOST, one
    for _ in range(9):
        raised(app, factories.a_case(app, CaseState.PROPOSED))
    assert [len(statements(as_("office1"), page)) for page in pages] == one
