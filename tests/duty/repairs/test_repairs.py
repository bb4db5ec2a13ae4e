"""Repair orders: registered, assigned, done, checked again by another, accepted with a signature (DR-13, DR-12)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.repairs import rules
from portal.blueprints.duty.repairs.codes import State
from portal.blueprints.duty.repairs.workflow import REPAIR
from portal.kernel import clock, handing
from portal.kernel.db import db
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Forbidden, Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At
from tests.duty.equipment.making import equipment, sent
from tests.duty.handover.making import a_desk, a_note
from tests.duty.posts.making import a_post
from tests.duty.repairs.making import GIVEN, a_repair, do, load
from tests.kernel.moments import at as moment


def person(number: int, role: Role = Role.EMPLOYEE, department: str = "admin", leads: str = "") -> Any:
    return SimpleNamespace(id=number, role=role, department=department, leads=frozenset(leads.split()))


def order(**chosen: Any) -> Any:
    usual = {"state": State.DONE, "kind": "repair", "department": "admin", "equipment": SimpleNamespace(responsible_id=7),
             "assignee_id": 3, "firm": "", "done_by_id": 3, "registered_by_id": 5}  # fmt: skip
    return SimpleNamespace(**(usual | chosen))


# Who, in which state, with which fields -> the rows open to them, and what the gates say of one verb.
STANDING = (
    (person(3), "assignee witness"),
    (person(5, department="tech"), "witness"),
    (person(6, Role.DESK, "office"), "witness"),
    (person(7, department="tech"), "responsible"),
    (person(8, Role.LEAD, leads="admin"), "lead witness"),
    (person(9, Role.OFFICE, "office"), "lead"),
    (person(10, department="tech"), ""),
)


@pytest.mark.clause("DR-13")
@pytest.mark.parametrize(("who", "roles"), STANDING, ids=lambda given: str(getattr(given, "id", given)))
def test_who_somebody_is_to_an_order(who: Any, roles: str) -> None:
    assert rules.standing(order(), who) == set(roles.split())


def reasons(verb: str, state: State, by: Any, **given: Any) -> list[str]:
    fields = {name: given.pop(name) for name in ("assignee", "firm") if name in given}
    subject = order(state=state, **given)
    step = REPAIR.step(subject, verb, by)
    return [reason.code for reason in REPAIR.against(step, Attempt(subject, by, clock, fields))]  # type: ignore[arg-type]


LEAD = person(8, Role.LEAD, leads="admin")
GATES: tuple[tuple[str, State, Any, dict[str, Any], list[str]], ...] = (
    ("assign", State.REGISTERED, LEAD, {"assignee": None, "firm": ""}, ["repair_for_one"]),
    ("assign", State.REGISTERED, LEAD, {"assignee": "x", "firm": "y"}, ["repair_for_one"]),
    ("assign", State.REGISTERED, LEAD, {"assignee": None, "firm": "y"}, []),
    ("recheck", State.DONE, person(3), {}, ["doer_rechecks"]),
    ("return", State.DONE, person(3), {}, ["doer_rechecks"]),
    ("recheck", State.DONE, LEAD, {"assignee_id": None, "done_by_id": 8}, ["doer_rechecks"]),
    ("recheck", State.DONE, person(4), {}, []),
    ("accept", State.RECHECKED, LEAD, {"done_by_id": 8, "assignee_id": None}, ["doer_accepts"]),
    ("accept", State.RECHECKED, person(7, department="tech"), {"assignee_id": 7}, ["doer_accepts"]),
    ("accept", State.RECHECKED, person(7, department="tech"), {}, []),
)


@pytest.mark.clause("DR-13")
@pytest.mark.parametrize(("verb", "state", "by", "given", "told"), GATES)
def test_nobody_checks_or_accepts_the_own_work(
    verb: str, state: State, by: Any, given: dict[str, Any], told: list[str]
) -> None:
    assert reasons(verb, state, by, **given) == told


@pytest.mark.clause("DR-13")
@pytest.mark.parametrize(
    ("verb", "state", "by"),
    [
        ("assign", State.REGISTERED, person(5)),
        ("done", State.ASSIGNED, LEAD),
        ("accept", State.RECHECKED, person(5)),
    ],
)
def test_each_verb_has_its_own_hands(verb: str, state: State, by: Any) -> None:
    with pytest.raises(Forbidden):
        reasons(verb, state, by)


@pytest.mark.clause("DR-13")
def test_an_order_walks_from_the_breakdown_to_the_signature(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    equipment(app, responsible="office2")
    made = as_("desk1").send(
        "/duty/repairs/new", equipment="gate-e", what="刷卡无反应", pictures=[sent(), sent("b.jpg", "blue")]
    )
    number = made.headers["Location"].rpartition("/")[2]
    assert number == "WX-20260302-0001"
    here = f"/duty/repairs/{number}"
    assert factories.waiting(app, "lead.admin") == [(number, "repair-assign")]
    assert factories.due(app, "lead.admin", number, "repair-assign") == moment("Mon 2026-03-02 14:30")
    assert as_("desk1").send(f"{here}/assign", assignee="emp.admin").status_code == 403
    assert as_("lead.admin").send(f"{here}/assign").status_code == 422
    assert as_("lead.admin").send(f"{here}/assign", assignee="emp.admin").status_code == 303
    assert factories.waiting(app, "emp.admin") == [(number, "repair-done")]
    assert as_("emp.admin").send(f"{here}/done", result="已修").status_code == 422
    assert as_("emp.admin").send(f"{here}/done", result="已修", minutes="45").status_code == 303
    own = as_("emp.admin").send(f"{here}/recheck", note="好了")
    assert own.status_code == 409
    assert "DR-13" in own.text
    assert as_("desk1").send(f"{here}/return", note="仍会卡住").status_code == 303
    assert as_("emp.admin").send(f"{here}/done", result="再修", minutes="20").status_code == 303
    assert factories.waiting(app, "desk1") == [(number, "repair-recheck")]
    assert as_("desk1").send(f"{here}/recheck").status_code == 303
    assert factories.waiting(app, "office2") == [(number, "repair-accept")]
    assert as_("office2").send(f"{here}/accept").status_code == 303
    kept = load(app, number)
    assert (kept.state, kept.minutes) == (State.ACCEPTED, 20)
    assert kept.accepted_by_id == factories.id_of(app, "office2")
    assert factories.waiting(app, "office2") == []
    page = as_("desk1").get(here)
    assert "Accepted by" in text_of(as_("desk1").get(f"{here}/print"))
    picture = page.text.partition(f'src="{here}/pictures/')[2].partition('"')[0]
    with as_("desk1").get(f"{here}/pictures/{picture}") as answer:
        assert answer.mimetype == "image/jpeg"
    for address in (here, f"{here}/pictures/{picture}", f"{here}/print"):
        assert as_("emp.tech").get(address).status_code == 404, address
    assert number not in as_("emp.tech").get("/duty/equipment/GATE-E").text
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-13")
def test_each_limit_warns_and_is_recorded(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    number = a_repair(app)
    lines = factories.sweep(app, at("Mon 2026-03-02 14:31"))
    assert any("repair_assign\toverdue" in line for line in lines)
    assert factories.told(app, "clock:overdue") == ["lead.admin", "office1", "office2"]
    do(app, number, "assign", "lead.admin")
    assert load(app, number).due_at == moment("Thu 2026-03-05 17:30")
    lines = factories.sweep(app, at("Thu 2026-03-05 17:30"))
    assert any("\trepair\toverdue" in line for line in lines)
    do(app, number, "done", "emp.admin")
    assert any("repair_accept\toverdue" in line for line in factories.sweep(app, at("Mon 2026-03-09 17:31")))


@pytest.mark.clause("DR-13")
def test_a_major_breakdown_reaches_the_head_at_once(app: Flask, as_: As) -> None:
    post = a_post(app)
    a_repair(app, major=True, post=post)
    a_repair(app)
    assert factories.told(app, "repair:major") == ["lead.admin", "office1", "office2"]
    assert factories.told(app, "duty_log:major") == [], "they hear of it once"
    assert "major breakdown" in as_("lead.admin").get("/notifications/").text


@pytest.mark.clause("DR-12")
@pytest.mark.parametrize("end", ["accept", "cancel"])
def test_the_fault_in_the_log_is_open_as_long_as_the_order(app: Flask, at: At, end: str) -> None:
    at("Mon 2026-03-02 10:00")
    post = a_desk(app).post
    number = a_repair(app, equipment=equipment(app, responsible="office2", post_id=post), post=post)

    def entries() -> list[LogEntry]:
        with app.app_context():
            return list(db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)))

    (entry,) = entries()
    assert (entry.category, entry.standing, entry.equipment_code) == (Category.FAULT, Standing.OPEN, "GATE-E")
    assert number in entry.text
    do(app, number, "assign", "lead.admin")
    if end == "accept":
        do(app, number, "done", "emp.admin")
        do(app, number, "recheck", "desk1")
        assert len(entries()) == 1
    do(app, number, end, "office2")
    settled = entries()[-1]
    assert (settled.act, settled.about_id) == (Act.SETTLE, entry.id)


@pytest.mark.clause("DR-12")
def test_one_touch_makes_one_order_of_an_entry(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:00")
    post = a_desk(app).post
    equipment(app)
    entry = a_note(
        app, post, category=Category.FAULT, standing=Standing.OPEN, text="闸机不开", equipment="GATE-E"
    )
    assert "Make a repair order of it" in as_("desk1").get(f"/duty/log/{entry}").text
    for _ in range(2):
        made = as_("desk1").send("/duty/repairs/new", entry=entry)
        assert made.headers["Location"].endswith("/duty/repairs/WX-20260302-0001")
    kept = load(app, "WX-20260302-0001")
    assert (kept.what, kept.department, kept.place) == ("闸机不开", "admin", "一楼大厅")
    page = as_("desk1").get(f"/duty/log/{entry}").text
    assert "WX-20260302-0001" in page
    assert "Make a repair order of it" not in page
    assert as_("emp.tech").send("/duty/repairs/new", entry=entry).status_code == 403
    assert as_("lead.tech").send("/duty/repairs/new", entry=entry).status_code == 404


@pytest.mark.clause("DR-12")
@pytest.mark.parametrize(
    "chosen",
    [
        {
            "category": Category.INCIDENT,
            "standing": Standing.RUNNING,
        },  # would end with the order, not with its own end
        {"category": Category.FAULT, "standing": Standing.DONE},
    ],
)
def test_no_order_is_made_of_what_is_no_open_fault(app: Flask, as_: As, at: At, chosen: Any) -> None:
    at("Mon 2026-03-02 10:00")
    entry = a_note(app, a_desk(app).post, **chosen)
    answer = as_("desk1").send("/duty/repairs/new", entry=entry)
    assert (answer.status_code, "DR-12" in answer.text) == (409, True)


def test_of_two_orders_of_one_entry_the_database_takes_one(any_app: Flask) -> None:
    post = a_post(any_app)
    number = a_note(any_app, post, category=Category.FAULT, standing=Standing.OPEN)
    with any_app.app_context():
        entry = db.session.scalars(sa.select(LogEntry).where(LogEntry.number == number)).one()
    a_repair(any_app, entry=entry)
    with pytest.raises(IntegrityError):
        a_repair(any_app, entry=entry)


@pytest.mark.clause("DR-13")
def test_what_is_under_repair_is_handed_over(app: Flask) -> None:
    major, usual = a_repair(app, major=True), a_repair(app)
    other = a_repair(app, department="tech")
    over = a_repair(app)
    do(app, over, "cancel", "lead.admin")
    with app.app_context():
        found = handing.open_at("admin", clock.now())
    lines = {line.number: line.kind for line in found if line.kind.startswith("repair")}
    assert lines == {major: "repair_major", usual: "repair"}
    assert other not in lines


def test_who_may_register_and_a_form_sent_twice(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:00")
    a_desk(app, early="emp.admin", late="desk1")
    what: dict[str, Any] = {"what": "灯管坏了", "department": "admin", "idempotency_key": "k1"}
    assert as_("emp.tech").send("/duty/repairs/new", **what).status_code == 403
    for _ in range(2):
        assert as_("emp.admin").send("/duty/repairs/new", **what).status_code == 303
    assert as_("emp.admin").send("/duty/repairs/new", **what | {"what": "别的"}).status_code == 409
    wrong = as_("desk1").send("/duty/repairs/new", what="灯管坏了")
    assert wrong.status_code == 422
    assert "DR-13" in wrong.text


def test_the_list_is_filtered_and_leaves_as_a_workbook(app: Flask, as_: As) -> None:
    thing = equipment(app, responsible="emp.tech")
    one, two = a_repair(app, equipment=thing), a_repair(app, what="漏水", major=True)
    do(app, two, "cancel", "lead.admin")
    desk = as_("desk1")
    for query, there, gone in (("", one, two), ("state=cancelled", two, one), ("words=gate-e", one, two),
                               ("state=all&major=1", two, one)):  # fmt: skip
        page = desk.get(f"/duty/repairs/?{query}").text
        assert there in page, query
        assert gone not in page, query
    assert one in as_("emp.tech").get("/duty/repairs/?mine=1").text, "who answers for the equipment sees it"
    assert one in as_("desk1").get("/duty/equipment/GATE-E").text
    assert desk.get("/duty/repairs/export?state=all").status_code == 200
    assert as_("emp.tech").get("/duty/repairs/export").status_code == 403


@pytest.mark.parametrize("verb", ["assign", "done", "recheck", "accept", "return", "cancel"])
def test_what_is_over_stays_as_it_is(any_app: Flask, verb: str) -> None:
    number = a_repair(any_app)
    do(any_app, number, "cancel", "lead.admin")
    with pytest.raises((Refused, Forbidden)):
        do(any_app, number, verb, "office1", **GIVEN[verb])
