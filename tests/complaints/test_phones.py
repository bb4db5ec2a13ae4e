"""RC-20: a customer's whole number is for whoever calls the customer; any other look at it is written down."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State
from tests import factories
from tests.client import CarefulClient, text_of
from tests.complaints.orders.made import an_order
from tests.conftest import As

PHONE, PART = "13900001234", "139****1234"
CALLS, OTHERS = {"desk1", "emp.admin", "lead.tech", "emp.tech"}, {"gm", "office1"}


def shown(browser: CarefulClient, address: str) -> tuple[bool, bool]:
    """Whether a page has the whole number, and whether a part of it."""
    page = browser.get(address)
    assert page.status_code == 200, address
    return PHONE in page.text, PART in page.text


@pytest.mark.clause("RC-20")
def test_whoever_deals_with_an_open_case_sees_the_number_and_others_a_part(app: Flask, as_: As) -> None:
    number = factories.registered(app, by="emp.admin")
    factories.bring(app, number, State.PROPOSED)
    for who in CALLS | OTHERS:
        for page in ("", "/notice"):
            assert shown(as_(who), f"/complaints/{number}{page}") == (who in CALLS, who in OTHERS), (
                who,
                page,
            )
    office = as_("office1")
    assert shown(office, f"/complaints/{number}/edit") == (False, True)
    assert shown(office, f"/complaints/orders/new?case={number}") == (False, True)
    assert shown(office, "/complaints/reports?period=2026-Q1")[0] is False
    closed = factories.a_case(app, State.WITHDRAWN)
    assert shown(as_("desk1"), f"/complaints/{closed}") == (False, True)


@pytest.mark.clause("RC-20")
def test_a_look_at_the_number_is_written_down(any_app: Flask, as_: As) -> None:
    number = factories.a_case(any_app, State.ACCEPTED)
    office = as_("office1")
    here = f"/complaints/{number}"
    assert as_("emp.impl").send(f"{here}/reveal").status_code == 404
    assert PHONE in office.send(f"{here}/reveal").text
    assert PHONE in office.send(f"{here}/reveal", headers={"HX-Request": "true"}).text
    assert [line.event for line in factories.events(any_app, number)][-2:] == ["case:reveal", "case:reveal"]
    looks = text_of(office.get("/office/privacy/looks?person=office1"))
    assert looks.count("The whole phone number was looked at") == 2
    assert shown(office, here) == (False, True), "shown once"


@pytest.mark.clause("RC-20")
def test_an_order_is_asked_for_and_mended_without_seeing_the_number(app: Flask, as_: As) -> None:
    office, order = as_("office1"), an_order(app)
    here = f"/complaints/orders/{order}"
    assert (
        shown(office, here)
        == shown(office, f"{here}/sheet")
        == shown(office, f"{here}/edit")
        == (False, True)
    )
    assert PHONE in office.send(f"{here}/reveal").text
    assert shown(as_("lead.tech"), here)[0]
    number = factories.a_case(app, State.ACCEPTED)
    asked: dict[str, Any] = {"case": number, "kind": "repair", "department": "tech", "fault": "卡纸"}
    asked |= {"customer_name": "陈桂芳", "customer_phone": PART}
    assert (
        office.send("/complaints/orders/new", **asked | {"customer_phone": "138****1234"}).status_code == 422
    )
    assert office.send("/complaints/orders/new", **asked).status_code == 303
    assert [line.event for line in factories.events(app, number)].count("case:reveal") == 1
    mended: dict[str, Any] = {
        "content": "改了",
        "customer_phone": PART,
        "kind": "complaint",
        "category": "product",
    }
    assert office.send(f"/complaints/{number}/edit", **mended).status_code == 303
    assert factories.load(app, number).customer_phone == PHONE
