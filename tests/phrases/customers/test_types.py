"""Customer types: five cards, and the one of a case shown there (PG-07)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import CustomerType, State
from portal.blueprints.phrases.customers import documents, rules
from tests import factories
from tests.conftest import As
from tests.house.test_statements import counted


def test_there_is_a_card_for_each_type_that_a_case_may_have() -> None:
    assert (
        [code for code, _body in documents.KIND.shipped()]
        == [str(code) for code in CustomerType]
        == list(rules.CODES)
    )
    for code, body in documents.KIND.shipped():
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
def test_a_card_is_one_of_the_five_and_whole_in_both_languages(
    code: str, change: dict[str, Any], wrong: str
) -> None:
    body = {**dict(documents.KIND.shipped())["venting"], **change}
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
    fields: dict[str, Any] = {
        "kind": "complaint",
        "category": "product",
        "content": "x",
        "customer_type": "venting",
    }
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


@pytest.mark.clause("PG-07")
def test_a_card_that_is_approved_stands_beside_the_case(app: Flask, as_: As) -> None:
    number = factories.a_case(app, customer_type=CustomerType.VENTING)
    fields = documents.TypeForm.of_body(dict(documents.KIND.shipped())["venting"])
    fields |= {
        "kind": "customer_type",
        "code": "venting",
        "reason": "更短",
        "phrases_en": "Please sit down first.",
    }
    address = as_("emp.tech").send("/documents/new", **fields).headers["Location"]
    assert as_("emp.tech").send(f"{address}submit").status_code == 303
    assert as_("office1").send(f"{address}approve", in_force_from="2026-03-02").status_code == 303
    page = as_("desk1").get(f"/complaints/{number}").text
    assert "Please sit down first." in page
    assert "You had a hard time of it" not in page
