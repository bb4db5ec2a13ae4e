"""The meeting arrangement form on A4, and the tasks of a guided tour (RC-04, RC-28, GO-01)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.reception.models import Visit, VisitTask
from portal.kernel import policies
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.reception.visits import a_visit, do, load, now_in

FORM: dict[str, Any] = {
    "host": "emp.tech", "purpose": "年度会谈", "company": "重点客户", "party_size": "4", "place": "large",
    "starts_at": "2026-03-02T14:00", "ends_at": "2026-03-02T15:00", "late_reason": "客户临时到访",
    "topic": "合作意向",
}  # fmt: skip


@pytest.mark.clause("RC-04")
@pytest.mark.clause("GO-01")
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_sheet_is_the_same_record_with_number_version_and_boxes_to_sign(
    app: Flask, as_: As, at: At, lang: str
) -> None:
    at("Mon 2026-03-02 09:00")
    desk, host = as_("desk1"), as_("emp.tech")
    number = a_visit(desk, "A", **FORM)
    do(
        host, number, "arrange", topic="年度合作", companion="lead.market", layout="horseshoe", screen="1",
        refreshment="coffee", supplies_wanted="便签三本", arrangement="坐北朝南", party="张三\n李四",
    )  # fmt: skip
    host.send(f"/reception/visits/{number}/services/ask", kind="meal", wanted_on="2026-03-02", persons="6",
              what="江南春", companion="gm")  # fmt: skip
    host.lang = lang
    page = host.get(f"/reception/visits/{number}/arrangement").text
    for words in ("年度合作", "张三", "李四", "顾明", "林国栋", "李工", "沈曼青", "便签三本", "坐北朝南", "江南春",
                  "客户临时到访", "QR-RC-04 · V1"):  # fmt: skip
        assert words in page, words
    assert page.count('class="signature"') == 3, "the general office signs a late one"
    desk.lang = "en"
    assert "Late, waits for approval" in desk.get(f"/reception/visits/{number}/arrangement").text
    do(as_("office1"), number, "approve-late")
    approved = desk.get(f"/reception/visits/{number}/arrangement").text
    assert "Late, approved" in approved
    assert "方雅琴" in approved


@pytest.mark.clause("RC-04")
def test_nobody_approves_the_own_late_form(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    number = a_visit(as_("office1"), "A", **FORM)
    assert "RC-04" in do(as_("office1"), number, "approve-late", 409).text
    do(as_("office2"), number, "approve-late")


def test_the_form_knows_what_it_was_told_and_refuses_beside_the_field(app: Flask, as_: As) -> None:
    host = as_("emp.tech")
    number = a_visit(host, "A", **FORM)
    do(host, number, "arrange", topic="年度合作", companion="gm", supplies_wanted="便签")
    page = host.get(f"/reception/visits/{number}?do=arrange").text
    assert 'value="便签"' in page
    assert 'value="gm"' in page
    wrong = do(host, number, "arrange", 422, topic="", companion="nobody", supplies_wanted="写字板")
    assert "写字板" in wrong.text
    assert "RC-04" in wrong.text


def test_reach_and_visits_that_need_no_form(app: Flask, as_: As) -> None:
    number = a_visit(as_("desk1"), "A", **FORM)
    address = f"/reception/visits/{number}/arrangement"
    for who, status in (("desk1", 200), ("emp.tech", 200), ("lead.tech", 200), ("emp.impl", 404)):
        assert as_(who).get(address).status_code == status, who
    assert address in as_("desk1").get(f"/reception/visits/{number}").text
    guest = a_visit(as_("desk1"), "B", host="emp.tech")
    assert as_("desk1").get(f"/reception/visits/{guest}/arrangement").status_code == 404


def tasks(app: Flask, number: str) -> set[tuple[str, str]]:
    """Task and side of a visit."""
    with app.app_context():
        rows = (
            db.session.query(VisitTask)
            .join(Visit, Visit.id == VisitTask.visit_id)
            .filter(Visit.number == number)
        )
        found = {(str(row.task), str(row.side)) for row in rows}
        db.session.remove()
    return found


@pytest.mark.clause("RC-28")
def test_a_tour_brings_its_own_tasks_and_the_office_says_which(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    usual = tasks(app, a_visit(desk, "B", host="emp.tech"))
    tour = a_visit(desk, "B", host="emp.tech", errand="tour")
    assert tasks(app, tour) - usual == {
        ("task:tour_route", "host"), ("task:tour_material", "host"), ("task:tour", "host"), ("task:tour_safety", "desk"),
    }  # fmt: skip
    do(as_("emp.tech"), tour, "task", task="task:tour_route")
    assert "RC-03" in do(as_("emp.tech"), tour, "task", 409, task="task:tour_safety").text
    now, office = now_in(app), factories.id_of(app, "office1")
    with app.app_context(), db.write():
        policies.set_value(
            "visit.tour.duties", "tour:clerk", from_=now - timedelta(minutes=1), reason="", by=office, now=now
        )
    later = a_visit(desk, "B", host="emp.tech", errand="tour", visitor_name="赵敏")
    assert tasks(app, later) - usual == {("task:tour", "clerk")}
    assert load(app, later).errand == "tour"
