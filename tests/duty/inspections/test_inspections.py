"""Inspections: made by their plans, done on a phone, missed ones told; findings become repair orders (DR-13, DR-19)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.duty.handover import queries as handovers
from portal.blueprints.duty.inspections import rules
from portal.blueprints.duty.inspections.codes import Rhythm, State
from portal.blueprints.duty.inspections.models import Plan, Point, Round, RoundLine
from portal.blueprints.duty.repairs.models import Repair
from portal.kernel import clock, files
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.equipment.making import equipment, sent
from tests.duty.handover.making import a_desk, a_handover
from tests.duty.inspections.making import a_plan, answers, rounds
from tests.kernel.moments import at as moment

DUE: tuple[tuple[Rhythm, str, int | None, str, bool], ...] = (
    (Rhythm.DAY, "", None, "2026-03-01", True),
    (Rhythm.WEEK, "1 3", None, "2026-03-02", True),
    (Rhythm.WEEK, "1 3", None, "2026-03-03", False),
    (Rhythm.MONTH, "", 15, "2026-03-15", True),
    (Rhythm.MONTH, "", 15, "2026-03-16", False),
    (Rhythm.MONTH, "", 31, "2026-02-28", True),
    (Rhythm.MONTH, "", 31, "2026-03-30", False),
)


@pytest.mark.clause("DR-13")
@pytest.mark.clause("DR-19")
@pytest.mark.parametrize(("rhythm", "weekdays", "month_day", "day", "due"), DUE)
def test_on_which_days_an_inspection_is_made(
    rhythm: Rhythm, weekdays: str, month_day: int | None, day: str, due: bool
) -> None:
    assert rules.is_due(rhythm, weekdays, month_day, date.fromisoformat(day)) is due


@pytest.mark.clause("DR-13")
def test_a_round_waits_for_whoever_is_on_duty_and_follows_the_shift(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    a_plan(app, post=a_desk(app).post)
    a_plan(app, person="emp.tech", rhythm=Rhythm.WEEK, weekdays="2")
    made_lines = [line for line in factories.sweep(app) if "\tinspection\t" in line]
    assert made_lines == ["XJ-20260302-0001\tinspection\tmade (DR-13)"]
    assert factories.sweep(app) == []
    (made,) = rounds(app)
    assert made.due_at == moment("Tue 2026-03-03 00:00")
    waits = [("XJ-20260302-0001", "inspection")]
    assert waits[0] in factories.waiting(app, "desk1")
    with app.app_context(), db.write():  # the post changes hands
        db.session.execute(sa.text("UPDATE shifts SET ends_at = :now WHERE person_id = :who"), {
            "now": moment("Mon 2026-03-02 12:00").replace(tzinfo=None).isoformat(" ", "microseconds"),
            "who": factories.viewer("desk1").id,
        })  # fmt: skip
    lines = factories.sweep(app, at("Mon 2026-03-02 14:05"))
    assert [line for line in lines if "waits for" in line]
    assert waits[0] not in factories.waiting(app, "desk1")
    assert ("XJ-20260302-0001", "inspection") in factories.waiting(app, "emp.admin")


@pytest.mark.clause("DR-13")
def test_what_nobody_did_is_recorded_and_told_to_the_lead(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    a_plan(app, person="emp.admin")
    factories.sweep(app)
    assert not [line for line in factories.sweep(app, moment("Mon 2026-03-02 23:59")) if "missed" in line]
    lines = factories.sweep(app, at("Tue 2026-03-03 00:01"))
    assert "XJ-20260302-0001\tinspection\tmissed, the lead is told (DR-13)" in lines
    assert [made.state for made in rounds(app)] == [State.MISSED, State.DUE]
    assert factories.told(app, "inspection:missed") == ["lead.admin"]
    late = as_("emp.admin").send("/duty/inspections/XJ-20260302-0001/complete", **answers(app))
    assert late.status_code == 409
    assert "XJ-20260302-0001" in as_("lead.admin").get("/duty/inspections/?state=missed").text
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-13")
@pytest.mark.clause("DR-12")
def test_a_finding_becomes_a_repair_order_and_a_fault_that_needs_consent(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    post = a_desk(app).post
    a_plan(app, post=post, points=(equipment(app, post_id=post), 0, 0))
    factories.sweep(app)
    (made,) = rounds(app)
    here = f"/duty/inspections/{made.number}"
    with app.app_context():
        ids = list(db.session.scalars(sa.select(Point.id).order_by(Point.position)))
    given = answers(app, 1, 3) | {f"major_{ids[0]}": "y", "remark": "雨天"}
    del given[f"repair_{ids[2]}"]  # mended on the spot
    assert as_("emp.tech").get(here).status_code == 404
    assert as_("emp.admin").send(f"{here}/complete", **given).status_code == 403
    picture: dict[str, Any] = {f"pictures_{ids[0]}": [sent()]}
    assert as_("desk1").send(f"{here}/complete", **given, **picture).status_code == 303
    (done,) = rounds(app)
    assert (done.state, done.findings, done.done_by_id) == (State.DONE, 2, factories.id_of(app, "desk1"))
    with app.app_context():
        (order,) = db.session.scalars(sa.select(Repair)).all()
        lines = list(db.session.scalars(sa.select(RoundLine).order_by(RoundLine.position)))
        pictures = [len(files.of(thing)) for thing in (order, lines[0])]
    assert (order.what, order.round_number, order.major) == ("检查点1 · 松动", made.number, True)
    assert [(line.fine, line.repair_number) for line in lines] == [
        (False, order.number),
        (True, ""),
        (False, ""),
    ]
    assert pictures == [1, 1]
    page = as_("desk1").get(here).text
    assert order.number in page
    shown = page.partition(f'src="{here}/{lines[0].id}/pictures/')[2].partition('"')[0]
    with as_("desk1").get(f"{here}/{lines[0].id}/pictures/{shown}") as answer:
        assert answer.mimetype == "image/jpeg"
    assert as_("desk1").get(f"{here}/{lines[1].id}/pictures/{shown}").status_code == 404
    assert "雨天" in page
    assert made.number in as_("desk1").get("/duty/equipment/GATE-E").text
    at("Mon 2026-03-02 13:50")
    handover = a_handover(app)
    with app.app_context():
        facts = handovers.carried(handovers.load(handover), clock.now()).facts()
    assert len(facts["faults"]) == 1, "DR-12: it is not passed on without consent"
    assert order.number in facts["unread"]


@pytest.mark.clause("DR-13")
def test_every_point_is_answered_and_nothing_is_lost_on_the_way(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    a_plan(app, person="emp.admin")
    factories.sweep(app)
    here = f"/duty/inspections/{rounds(app)[0].number}"
    said = answers(app, 1)
    first, second = (name.removeprefix("mark_") for name in said if name.startswith("mark_"))
    person = as_("emp.admin")
    without = {name: text for name, text in said.items() if name not in {f"mark_{second}", f"note_{first}"}}
    more: dict[str, Any] = {f"pictures_{first}": [sent()]}
    back = person.send(f"{here}/complete", **without, **more)
    assert back.status_code == 422
    assert back.text.count("Say of each point how it is.") == 2, "above the form and beside the field"
    assert "Say what was found." in back.text
    assert "1 picture is kept already." in back.text
    mark = back.text.partition(f'name="pictures_{first}-kept" value="')[2].partition('"')[0]
    kept: dict[str, Any] = {f"pictures_{first}-kept": mark}
    stranger = as_("office1").send(f"{here}/complete", **without, **kept)
    assert "kept already" not in stranger.text, "the mark is the sender's"
    assert person.send(f"{here}/complete", **said, **kept).status_code == 303
    with app.app_context():
        line = db.session.scalars(sa.select(RoundLine).where(RoundLine.position == 1)).one()
        assert len(files.of(line)) == 1
    assert person.send(f"{here}/complete", **said).status_code == 409


def test_of_two_who_make_a_round_the_database_takes_one(any_app: Flask) -> None:
    a_plan(any_app, person="emp.admin")
    factories.sweep(any_app)
    (made,) = rounds(any_app)
    twice = Round(number="XJ-X", plan_id=made.plan_id, department="admin", day=made.day, state=State.DUE,
                  state_since=made.state_since)  # fmt: skip
    with any_app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.add(twice)


PLAN: dict[str, Any] = {
    "name": "消防周检", "kind": "fire", "rhythm": "week", "day_1": "y", "day_5": "y", "person": "emp.admin",
    "active": "y", "what_1": "灭火器压力", "what_3": "报警主机", "equipment_3": "gate-e",
}  # fmt: skip


@pytest.mark.clause("DR-19")
def test_the_office_keeps_the_plans(app: Flask, as_: As) -> None:
    thing = equipment(app)
    office = as_("office1")
    assert office.send("/duty/inspections/plans/new", **PLAN).status_code == 303
    with app.app_context():
        plan = db.session.scalars(sa.select(Plan)).one()
        points = list(db.session.scalars(sa.select(Point).order_by(Point.position)))
    assert (plan.weekdays, plan.department) == ("1 5", "admin")
    assert [(point.what, point.equipment_id) for point in points] == [
        ("灭火器压力", None),
        ("报警主机", thing),
    ]
    here = f"/duty/inspections/plans/{plan.id}"
    assert "灭火器压力" in office.get(here).text
    factories.sweep(app)
    assert factories.waiting(app, "emp.admin") == [("XJ-20260302-0001", "inspection")]
    assert office.send(here, **PLAN | {"version": "1", "what_1": "", "person": "emp.tech"}).status_code == 303
    with app.app_context():
        left = list(db.session.scalars(sa.select(Point)))
    assert [(point.id, point.what) for point in left] == [(points[0].id, "报警主机")]
    assert factories.waiting(app, "emp.admin") == []
    assert factories.waiting(app, "emp.tech") == [("XJ-20260302-0001", "inspection")]
    assert office.send(here, **PLAN | {"version": "1"}).status_code == 409
    for username in ("desk1", "lead.admin"):
        assert as_(username).get("/duty/inspections/plans/").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"day_1": "", "day_5": ""}, {"rhythm": "month"}, {"person": ""}, {"post": "front-desk"},
     {"what_1": "", "what_3": ""}, {"equipment_3": "NONE"}],
    ids=str,
)  # fmt: skip
def test_a_plan_that_cannot_be_is_told_beside_the_field(app: Flask, as_: As, wrong: dict[str, str]) -> None:
    equipment(app)
    a_desk(app)
    given = {name: text for name, text in (PLAN | wrong).items() if text}
    answer = as_("office1").send("/duty/inspections/plans/new", **given)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text


def test_the_list_leaves_as_a_workbook(app: Flask, as_: As) -> None:
    a_plan(app, person="emp.admin")
    factories.sweep(app)
    desk = as_("desk1")
    assert rounds(app)[0].number in desk.get("/duty/inspections/").text
    assert rounds(app)[0].number not in desk.get("/duty/inspections/?state=findings").text
    assert desk.get("/duty/inspections/export").status_code == 200
    assert as_("emp.admin").get("/duty/inspections/export").status_code == 403
