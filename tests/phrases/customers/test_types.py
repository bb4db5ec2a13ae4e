"""Customer types: five cards, and the one of a case shown there (PG-07)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import CustomerType, State
from portal.blueprints.phrases.customers import queries, rules
from tests import factories
from tests.conftest import As
from tests.house.test_statements import counted


def test_there_is_a_card_for_each_type_that_a_case_may_have() -> None:
    assert [code for code, _body in queries.types()] == [str(code) for code in CustomerType] == list(rules.CODES)
    for code, body in queries.types():
        assert rules.check(code, body) == []


@pytest.mark.parametrize(
    ("code", "change", "wrong"),
    [
        ("venting", {}, ""),
        ("jolly", {}, "customer_type_code"),
        ("venting", {"why_en": []}, "card_part_missing"),
        ("venting", {"title": ""}, "card_part_missing"),
    ],
)
def test_a_card_is_one_of_the_five_and_whole_in_both_languages(code: str, change: dict[str, Any], wrong: str) -> None:
    body = dict(queries.types())["venting"] | change
    assert [reason.code for reason in rules.check(code, body)] == ([wrong] if wrong else [])


@pytest.mark.clause("PG-07")
def test_picking_a_type_on_a_case_shows_its_card_and_phrases_there(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    desk = as_("desk1")
    page = f"/complaints/{number}"
    desk.get(page)
    with counted() as without:
        plain = desk.get(page).text
    assert "You had a hard time of it" not in plain
    assert "Let the other finish" in plain  # PG-08: the technique of its state
    fields = {"kind": "complaint", "category": "product", "content": "x", "customer_type": "venting"}
    assert desk.send(f"{page}/edit", **fields).status_code == 303
    desk.get(page)
    with counted() as along:
        shown = desk.get(page).text
    assert "You had a hard time of it" in shown
    assert len(along) == len(without)
    closed = factories.a_case(app, State.ARCHIVED, customer_type=CustomerType.VENTING)
    assert "You had a hard time of it" not in desk.get(f"/complaints/{closed}").text


def test_the_page_has_the_five_cards(as_: As) -> None:
    page = as_("emp.tech").get("/phrases/customers/").text
    for code in rules.CODES:
        assert f'id="{code}"' in page
    assert "(day and time)" in page  # a blank says what belongs there
