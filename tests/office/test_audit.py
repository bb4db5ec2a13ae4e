"""What the audit shows of people from outside: names and texts, phone numbers only in part (RC-20)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask

from portal import i18n, telling
from portal.blueprints.office.audit import queries
from portal.kernel import audit
from tests import factories
from tests.client import text_of
from tests.conftest import As
from tests.reception.visits import a_visit

PHONE, LATER = "13977778888", "13611112222"


@pytest.mark.clause("RC-20")
def test_the_audit_masks_phone_numbers_whatever_they_are_called(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    visit = a_visit(desk, "C", visitor_name="王建国", phone=PHONE)
    mended: dict[str, Any] = {"visitor_name": "王建国", "party_size": "1", "phone": LATER}
    assert desk.send(f"/reception/visits/{visit}/edit", **mended).status_code == 303
    case = factories.a_case(app, customer_phone=PHONE)
    factories.do(app, "desk1", "edit", case, customer_phone=LATER)
    page = text_of(as_("office1").get("/office/audit/"))
    assert page.count("139****8888") == 4, "recorded and mended, of the visit and of the case"
    assert PHONE not in page
    assert LATER not in page


@pytest.mark.clause("RC-20")
@pytest.mark.parametrize(
    ("details", "words", "shown"),
    [
        ({}, {"phone": PHONE}, "139****8888"),
        ({}, {"was customer_phone": PHONE}, "139****8888"),
        ({"field": "phone"}, {"stood": "136****2222"}, "136****2222"),
        ({"field": "phone"}, {"should_be": PHONE}, "139****8888"),
        ({"field": "purpose"}, {"should_be": "面试"}, "面试"),
        ({"field": "phone"}, {"reason": "本人来电"}, "本人来电"),
    ],
)
def test_what_is_a_phone_number(
    app: Flask, details: dict[str, str], words: dict[str, str], shown: str
) -> None:
    with app.test_request_context():
        assert telling.pairs("visit", details, words)[-1][1] == shown
        assert telling.pairs("visit", details, words, whole=True)[-1][1] in words.values()


@pytest.mark.parametrize(
    ("kind", "words", "told"),
    [
        ("person", {"was role": "desk"}, ("Role before:", "Front desk")),
        ("person", {"was department": "tech"}, ("Department before:", "Technology")),
        ("person", {"was rank": "middle"}, ("Rank before:", "Middle manager")),
        ("customer", {"was relation": "key"}, ("Relation before:", "Key customer")),
        ("customer", {"was phone": "13911112222"}, ("Phone before:", "139****2222")),
        ("place", {"was capacity": "6"}, ("Seats before:", "6")),
        ("place", {"was owner_id": "1"}, ("Owner before:", "周晓雯")),
        ("visit", {"was remark": "x"}, ("Remark before:", "x")),
        ("visit", {"was nothing": "x"}, ("Before:", "x")),
        ("visit", {"was remark": ""}, None),
    ],
)
def test_what_stood_there_before_is_told_by_its_field_and_in_words(
    app: Flask, kind: str, words: dict[str, str], told: tuple[str, str] | None
) -> None:
    with app.test_request_context(), i18n.speaking("en"):
        assert telling.pairs(kind, {}, words) == ([told] if told else [])


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_every_kind_of_thing_is_called_by_a_word(app: Flask, as_: As, lang: str) -> None:
    office = as_("office1")
    office.lang = lang
    a_visit(office, "C", visitor_name="王建国")
    page = office.get("/office/audit/").text
    options = re.findall(r'<option value="([a-z_]+)">([^<]+)</option>', page)
    assert {code for code, _ in options} == set(audit.kinds())
    assert [code for code, words in options if code == words] == []
    assert re.search(r"<td[^>]*>visit \d+</td>", page) is None


@pytest.mark.parametrize(("asked", "least"), [("event=visit:register", 3), ("subject=1", 1)])
def test_what_no_index_has_is_looked_for_some_way_back_and_then_further(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch, asked: str, least: int
) -> None:
    """An event, or a number without its kind: one page goes through so many lines and says how far it came."""
    desk, office = as_("desk1"), as_("office1")
    for n in range(3):
        a_visit(desk, "C", visitor_name=f"王建国{n}")
    whole = re.findall(r'id="?line-(\d+)', office.get(f"/office/audit/?{asked}").text)
    assert len(whole) >= least
    monkeypatch.setattr(queries, "REACH", 1)
    found: list[str] = []
    address, pages = f"/office/audit/?{asked}", 0
    while address:
        page = office.get(address).text
        found += re.findall(r'id="?line-(\d+)', page)
        assert "Looked back to" in page or "No line since" in page or pages
        onward = re.search(r'href="?(/office/audit/\?[^" >]*before=[^" >]*)', page)
        address, pages = html.unescape(onward[1]) if onward else "", pages + 1
    assert found == whole
    assert pages > len(whole)
