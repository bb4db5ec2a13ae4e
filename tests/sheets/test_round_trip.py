"""What is written out can be read in again: nothing changes here, and the same stands in another portal afterwards."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import importing
from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies.models import Supply
from portal.i18n import speaking
from portal.importing import KINDS, DryRun
from portal.kernel import clock, reference
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Department, Holder, Person, Viewer
from tests import factories
from tests.sheets.making import filled, rows


@dataclass(frozen=True)
class Kind:
    """Lines to begin with, and how the portal forgets what they said."""

    lines: tuple[dict[str, Any], ...]
    forget: Callable[[], Any]
    gone: bool = True  # they are gone afterwards, and are not only other ones


def _blank(model: type[Any], **values: Any) -> Callable[[], Any]:
    return lambda: db.session.execute(sa.update(model).values(**values))


def _none(model: type[Any]) -> Callable[[], Any]:
    return lambda: db.session.execute(sa.delete(model))


KNOWN = {
    "departments": Kind(
        ({"code": "sales", "name": "销售部", "name_en": "Sales", "phone": "008006", "order": 6},),
        _blank(Department, name="?", name_en="", phone="", order=0),
        gone=False,
    ),
    "people": Kind(
        (
            {
                "username": "chen.guifang", "name": "陈桂芳", "role": "员工", "department": "行政部",
                "email": "c@example.com", "phone": "013900001234", "status": "disabled",
            },
        ),
        _blank(Person, name="?", pinyin="", email="", phone=""),
        gone=False,
    ),
    "positions": Kind(
        ({"position": "lead", "department": "admin", "holder": "lead.admin", "deputy": "emp.admin"},),
        _none(Holder),
        gone=False,
    ),
    "contacts": Kind(
        (
            {"system": "电梯", "company": "'=安达", "phone": "021-5550 1101", "contract": "''=1+1"},
            {"system": "doors", "company": "固安\n门业", "phone": "119", "active": "否"},
        ),
        _none(Contact),
    ),
    "equipment": Kind(
        (
            {
                "code": "lift-01", "name": "客梯", "system": "lift", "department": "admin",
                "responsible": "emp.admin", "important": "是", "contingency": "停梯\n救人",
                "bought_on": "2024/5/1", "warranty_until": "2027年5月1日",
            },
            {"code": "OLD-1", "name": "旧机", "system": "lift", "department": "tech", "active": "n"},
        ),
        _none(Equipment),
    ),
    "supplies": Kind(
        (
            {"code": "matcha", "name": "抹茶", "kind": "special", "unit": "袋", "minimum": 5, "counted": 12},
            {
                "code": "ＣＵＰＳ", "name": "纸杯", "kind": "general", "unit": "个", "minimum": "１００", "counted": 30,
                "note": "盘点",
            },
        ),
        _blank(Supply, name="?", unit="?", minimum=0),
        gone=False,
    ),
    "customers": Kind(
        (
            {
                "name": "王建国", "company": "恒通贸易", "phone": "013900001234", "owner": "desk1", "gender": "男",
                "birthday": date(1980, 3, 1), "opinions": "'=好", "consent": "是", "relation": "key",
            },
            {"name": "李明", "company": "恒通贸易"},
        ),
        lambda: (db.session.execute(sa.update(Customer).values(anonymised_at=clock.now()))),
    ),
    "register": Kind(
        (
            {
                "reference": "２０２６-１７", "category": "B", "visitor_name": "陈女士", "company": "恒通贸易",
                "phone": "013900001234", "party_size": 3, "purpose": "'=验收", "host": "emp.tech", "department": None,
                "arrived_at": "2026/2/26 14:00", "left_at": "2026-02-26T15:30", "satisfaction": "satisfied",
            },
        ),
        _blank(Visit, visitor_name="?", phone="", party_size=1),
        gone=False,
    ),
}  # fmt: skip


def _run(kind: str, content: bytes, by: Viewer) -> DryRun:
    return importing.dry_run(KINDS[kind], io.BytesIO(content), "0" * 64, by)


def _import(kind: str, content: bytes, by: Viewer) -> list[str]:
    found = _run(kind, content, by)
    assert not found.wrong, [str(cell) for cell in found.wrong]
    return importing.record(KINDS[kind], found, by=by, now=clock.now())


@pytest.mark.parametrize("kind", KNOWN)
def test_what_goes_out_comes_in_again(app: Flask, kind: str) -> None:
    known = KNOWN[kind]
    with app.test_request_context(), speaking("zh_Hans_CN"):
        by = factories.viewer("office1")
        assert _import(kind, filled(*known.lines), by)
        out = KINDS[kind].export(by)
        for language, content in (("zh_Hans_CN", filled(*known.lines)), ("zh_Hans_CN", out), ("en", out)):
            with speaking(language):
                same = _run(kind, content, by)
            assert same.before
            assert (same.fresh, same.changed, same.wrong) == ([], [], [])
        with db.write():
            known.forget()
            reference.changed()
        assert rows(KINDS[kind].export(by)) != rows(out)
        again = _run(kind, out, by)
        assert bool(again.fresh) is known.gone
        _import(kind, out, by)
        assert rows(KINDS[kind].export(by)) == rows(out)
    assert factories.history_faults(app) == []
