"""Fifty pieces of equipment, repair orders and inspections cost a page as many statements as one."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories
from tests.conftest import As, At
from tests.duty.equipment.making import equipment, sent
from tests.duty.handover.making import a_desk
from tests.duty.inspections.making import a_plan
from tests.duty.repairs.making import a_repair, do
from tests.house.test_statements import MOST, statements

PAGES = (
    "/duty/equipment/", "/duty/equipment/GATE-E", "/duty/equipment/GATE-E/edit", "/duty/equipment/new",
    "/duty/equipment/GATE-E/print", "/duty/repairs/?state=all", "/duty/repairs/WX-20260302-0001", "/duty/repairs/new",
    "/duty/repairs/WX-20260302-0001/print", "/duty/inspections/?state=all", "/duty/inspections/XJ-20260302-0001",
    "/duty/inspections/plans/", "/duty/inspections/plans/1", "/duty/log", "/duty/log/ZB-20260302-0001",
)  # fmt: skip
MANY = 8


@pytest.mark.slow
def test_pages_cost_few_statements_and_many_rows_as_many_as_one(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:00")
    post = a_desk(app, early="office1", late="desk1").post
    office = as_("office1")

    def some(code: str) -> None:
        thing = equipment(app, code, post_id=post, responsible="office2")
        do(app, a_repair(app, equipment=thing, post=post), "assign", "lead.admin")
        a_plan(app, post=post, points=(thing, thing))
        entry = {
            "post": "front-desk",
            "category": "equipment",
            "standing": "done",
            "text": "x",
            "equipment": code,
        }
        assert office.post(
            "/duty/log", data=entry | {"csrf_token": office.csrf(), "pictures": [sent()]}
        ).status_code == 303  # fmt: skip

    some("GATE-E")
    factories.sweep(app)
    one = {page: len(statements(office, page)) for page in PAGES}
    for place in range(MANY):
        some(f"GATE-{place}")
    factories.sweep(app)
    for page in PAGES:
        many = statements(office, page)
        assert len(many) <= MOST, "\n".join([page, *many])
        assert len(many) == one[page], "\n".join([f"{page}: grows with its rows", *many])
