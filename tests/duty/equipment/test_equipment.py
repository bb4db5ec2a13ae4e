"""The ledger of equipment: who keeps it, what important equipment needs, Excel in and out, its card (DR-13)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.duty.equipment import rules, sheet
from portal.blueprints.duty.equipment.models import Equipment
from portal.kernel.db import db
from tests import factories
from tests.client import text_of
from tests.conftest import As
from tests.duty.equipment.making import equipment
from tests.duty.posts.making import a_post

THING: dict[str, Any] = {
    "code": "lift-01", "name": "客梯 1 号", "name_en": "Passenger lift 1", "system": "lift", "place": "1—12 层",
    "department": "admin", "responsible": "emp.admin", "active": "y",
}  # fmt: skip
PLAN = "停梯、救人、通知维保单位。"


@pytest.mark.clause("DR-13")
@pytest.mark.parametrize(
    ("important", "plan", "lacks"), [(True, "  ", True), (True, PLAN, False), (False, "", False)]
)
def test_what_is_important_has_a_contingency_plan(important: bool, plan: str, lacks: bool) -> None:
    assert rules.contingency_lacks(important, plan) is lacks


@pytest.mark.clause("DR-13")
def test_the_office_keeps_the_ledger_and_everybody_on_duty_reads_it(app: Flask, as_: As) -> None:
    office = as_("office1")
    without = office.send("/duty/equipment/new", **THING | {"important": "y"})
    assert without.status_code == 422
    assert "Important equipment has a contingency plan." in without.text
    assert "客梯 1 号" in without.text
    made = office.send("/duty/equipment/new", **THING | {"important": "y", "contingency": PLAN})
    assert made.headers["Location"].endswith("/duty/equipment/LIFT-01")
    assert office.send("/duty/equipment/new", **THING | {"code": "LIFT-01"}).status_code == 422
    page = as_("emp.tech").get("/duty/equipment/LIFT-01").text
    for told in ("Passenger lift 1", "何敏", PLAN):
        assert told in page
    assert "Report a breakdown" not in page
    assert "Report a breakdown" in as_("desk1").get("/duty/equipment/LIFT-01").text
    assert "LIFT-01" in as_("emp.tech").get("/duty/equipment/?words=lift-01").text
    for username in ("emp.tech", "desk1", "lead.admin"):
        assert as_(username).send("/duty/equipment/new", **THING).status_code == 403
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-13")
def test_the_database_refuses_important_equipment_without_a_plan(any_app: Flask) -> None:
    equipment(any_app)
    with any_app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.execute(sa.update(Equipment).values(important=True))


def test_a_stale_edit_shows_both_versions(app: Flask, as_: As) -> None:
    equipment(app, responsible="emp.admin")
    post = a_post(app)
    edit = {name: text for name, text in THING.items() if name != "code"} | {
        "post": "front-desk",
        "version": "1",
    }
    assert as_("office1").send("/duty/equipment/GATE-E/edit", **edit).status_code == 303
    stale = as_("office1").send("/duty/equipment/GATE-E/edit", **edit | {"name": "别的"})
    assert stale.status_code == 409
    assert "客梯 1 号" in stale.text
    with app.app_context():
        kept = db.session.scalars(sa.select(Equipment)).one()
    assert (kept.name, kept.post_id, kept.code) == ("客梯 1 号", post, "GATE-E")


def test_the_ledger_is_filtered_printed_and_leaves_as_a_workbook(app: Flask, as_: As) -> None:
    equipment(app)
    equipment(app, "OLD-1", name="旧机", active=False)
    desk = as_("desk1")
    assert "OLD-1" not in desk.get("/duty/equipment/").text
    assert "GATE-E" not in desk.get("/duty/equipment/?retired=1&system=doors").text
    assert "East gate" in desk.get("/duty/equipment/GATE-E/print").text
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/duty/equipment/export").data))
    assert [row[1].value for row in book.worksheets[0].rows][3:] == ["GATE-E"]
    assert as_("emp.tech").get("/duty/equipment/export").status_code == 403


def workbook(*lines: dict[str, Any]) -> tuple[io.BytesIO, str]:
    """A workbook with these lines."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(sheet.NAMES)
    for line in lines:
        book.worksheets[0].append([line.get(name) for name in sheet.NAMES])
    book.save(made)
    made.seek(0)
    return made, "设备.xlsx"


@pytest.mark.clause("DR-13")
def test_a_workbook_is_tried_out_and_then_recorded_once(app: Flask, as_: As) -> None:
    a_post(app)
    office = as_("office1")
    line = {name: THING[name] for name in ("code", "name", "system", "department", "responsible")}
    wrong = office.send(
        "/duty/equipment/import",
        file=workbook(line | {"important": "true"}, line | {"system": "rocket"}),
    )
    assert wrong.status_code == 422
    told = text_of(wrong)
    for said in ("has a contingency plan", "Please choose one from the list", "Row 2 says the same"):
        assert said in told
    right = line | {"post": "前台", "department": "行政部"}
    for expected in ("1 row recorded", "nothing changes"):
        tried = office.send("/duty/equipment/import", file=workbook(right))
        mark = tried.text.partition('name="file" value="')[2].partition('"')[0]
        if not mark:
            assert expected in tried.text
            continue
        assert office.send("/duty/equipment/import/confirm", file=mark).status_code == 303
        assert expected in office.get("/duty/equipment/").text
    with app.app_context():
        kept = db.session.scalars(sa.select(Equipment)).one()
    assert (kept.code, kept.department, kept.post_id) == ("LIFT-01", "admin", 1)
    again = text_of(
        office.send("/duty/equipment/import", file=workbook(right | {"code": "ｌｉｆｔ-01", "name": "货梯"}))
    )
    assert "LIFT-01" in again
    assert "客梯 1 号 货梯" in again
    assert as_("desk1").get("/duty/equipment/import").status_code == 403
    assert office.get("/duty/equipment/import/template.xlsx").status_code == 200
