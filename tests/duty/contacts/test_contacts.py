"""Whom to call: a ledger by system that the desk keeps and everybody dials from (DR-15)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.contacts.forms import dialled
from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.log.codes import Category
from portal.kernel.db import db
from tests import factories
from tests.client import text_of
from tests.conftest import As
from tests.duty.handover.making import a_note
from tests.duty.posts.making import a_post

LIFT: dict[str, Any] = {
    "system": "lift", "company": "安达电梯维保", "person": "孙师傅", "phone": "021-5550 1101 转 8", "hours": "全天",
    "active": "y",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("119", "119"),
        ("021-5550 1101", "02155501101"),
        ("+86 (21) 5550 1101", "+862155501101"),
        ("021-5550 1101 转 8", "02155501101,8"),
        ("5550 1101 ext. 12", "55501101,12"),
    ],
)
def test_a_number_is_dialled_as_a_phone_needs_it(written: str, number: str) -> None:
    assert dialled(written) == number


@pytest.mark.clause("DR-15")
def test_the_desk_keeps_the_ledger_and_everybody_calls_from_it(app: Flask, as_: As) -> None:
    for username in ("desk1", "office1"):
        assert as_(username).send("/duty/contacts/new", **LIFT).status_code == 303, username
    assert as_("emp.tech").send("/duty/contacts/new", **LIFT).status_code == 403
    page = as_("emp.tech").get("/duty/contacts/?words=安达").text
    assert 'href="tel:02155501101,8"' in page
    assert "/edit" not in page
    for query, there in (
        ("words=nothing", False),
        ("system=lift", True),
        ("system=fire", False),
        ("words=孙", True),
    ):
        assert (LIFT["company"] in as_("lead.tech").get(f"/duty/contacts/?{query}").text) is there, query
    assert as_("desk1").get("/duty/contacts/export?system=lift").status_code == 200
    assert as_("emp.tech").get("/duty/contacts/export").status_code == 403


@pytest.mark.clause("DR-15")
def test_who_is_retired_stays_in_the_history(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    desk.send("/duty/contacts/new", **LIFT)
    edit = "/duty/contacts/1/edit"
    assert desk.send(edit, **LIFT | {"phone": "021-5550 1199"}, version="1").status_code == 303
    assert desk.send(edit, **LIFT, version="1").status_code == 409
    assert desk.send(edit, **LIFT | {"phone": "none"}).status_code == 422
    assert desk.send(edit, **LIFT | {"active": None}, version="2").status_code == 303
    desk.get("/duty/contacts/")  # says once that it was changed
    assert LIFT["company"] not in desk.get("/duty/contacts/").text
    assert LIFT["company"] in desk.get("/duty/contacts/?retired=1").text
    page = desk.get(edit).text
    assert all(
        words in page for words in ("Contact added", "Contact changed", "Contact retired", "021-5550 1101")
    )
    assert desk.get("/duty/contacts/99/edit").status_code == 404
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-15")
@pytest.mark.parametrize("category", Category)
def test_it_is_one_tap_from_a_fault_or_an_incident(app: Flask, as_: As, category: Category) -> None:
    number = a_note(app, a_post(app), category=category)
    there = 'href="/duty/contacts/"><svg' in as_("desk1").get(f"/duty/log/{number}").text
    assert there is (category in {Category.FAULT, Category.EQUIPMENT, Category.INCIDENT})


def workbook(*lines: tuple[str, ...]) -> tuple[io.BytesIO, str]:
    """A workbook with these lines."""
    book, made = openpyxl.Workbook(), io.BytesIO()
    for line in (("system", "company", "phone"), *lines):
        book.worksheets[0].append(line)
    book.save(made)
    made.seek(0)
    return made, "联系单位.xlsx"


@pytest.mark.clause("DR-15")
def test_a_workbook_is_tried_out_and_then_added_once(app: Flask, as_: As) -> None:
    desk, url = as_("desk1"), "/duty/contacts/import"
    lift, doors = ("电梯", "安达电梯维保", "021-5550 1101"), ("doors", "固安门业", "021-5550 1202")
    wrong = desk.send(url, file=workbook(lift, ("rocket", "火箭公司", "none"), lift))
    said = text_of(wrong)
    assert wrong.status_code == 422
    for words in ("Please choose one from the list", "can be dialled"):
        assert words in said
    assert "Row 2 says the same" in text_of(desk.send(url, file=workbook(lift, lift)))

    def recorded(*lines: tuple[str, ...]) -> str:
        tried = desk.send(url, file=workbook(*lines))
        mark = tried.text.partition('name="file" value="')[2].partition('"')[0]
        if not mark:
            return tried.text
        assert desk.send(f"{url}/confirm", file=mark).status_code == 303
        return desk.get("/duty/contacts/").text

    assert "1 row recorded" in recorded(lift)
    assert "1 row recorded" in recorded(lift, doors)  # another file: what the ledger has stays single
    assert "nothing changes" in recorded(doors, lift)
    with app.app_context():
        assert sorted(db.session.scalars(sa.select(Contact.company))) == sorted([lift[1], doors[1]])
    assert as_("emp.tech").get(url).status_code == 403
    assert desk.get(f"{url}/template.xlsx").status_code == 200
    assert factories.history_faults(app) == []
