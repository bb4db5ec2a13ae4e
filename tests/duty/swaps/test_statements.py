"""A page of leave or swaps costs a few statements, and fifty rows cost as many as one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.leave.models import Absence, Leave
from portal.blueprints.duty.swaps.models import Swap
from portal.kernel.db import db
from tests.conftest import As
from tests.duty.leave.making import a_desk, ask, offer
from tests.house.test_statements import FIFTY, MOST, statements


def test_pages_cost_few_statements_and_fifty_rows_as_many_as_one(app: Flask, as_: As) -> None:
    desk = a_desk(app, "desk1 02 day", "desk1 03 day", "desk1 04 day", "desk1 05 day", "desk2 06 day")
    four = desk.shifts["desk1 04 day"]
    ask(as_("desk1"), kind="sick")
    offer(as_("desk1"), four)
    away: dict[str, Any] = {"person": "desk1", "since": "2026-03-02T08:40", "until": "2026-03-02T08:50"}
    assert as_("lead.admin").send("/duty/leave/absences", **away).status_code == 303
    pages = {
        "lead.admin": (
            "/duty/leave/?show=department", "/duty/leave/?show=waiting", "/duty/leave/1/", "/duty/leave/absences",
            "/duty/swaps/?show=department", "/duty/leave/1/print",
        ),
        "desk1": (
            "/duty/swaps/", f"/duty/swaps/new?shift={four}", "/duty/leave/1/", "/duty/rosters/1/", "/duty/swaps/new",
            "/duty/leave/new?starts_at=2026-03-05T08:00&ends_at=2026-03-05T18:00", "/duty/rosters/wishes",
        ),
        "desk2": ("/duty/swaps/?show=open", "/duty/swaps/1/"),
    }  # fmt: skip
    one = {(who, at): statements(as_(who), at) for who, those in pages.items() for at in those}
    with app.app_context(), db.write():
        for model in (Leave, Swap, Absence):
            table: Any = model.__table__
            row = dict(db.session.execute(sa.select(table)).one()._mapping)
            for number in range(2, FIFTY):
                fresh: dict[str, Any] = {"id": number, "number": f"X-{number}"}
                if model is Swap:
                    fresh["state"] = "lapsed"
                if model is Absence:
                    fresh["shift_id"] = desk.shifts["desk1 03 day"]
                    fresh["person_id"] = number % 13 + 1
                if model is not Absence or number <= 13:
                    db.session.execute(sa.insert(table).values(row | fresh))
    for (who, at), few in one.items():
        assert len(few) <= MOST, "\n".join([f"{at}: more than {MOST}", *few])
        many = statements(as_(who), at)
        assert len(many) == len(few), "\n".join([f"{at}: grows with its rows", *many])
