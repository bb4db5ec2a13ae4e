"""Reminders and escalations: each step once, to the right people, at the right hour, whatever stood still."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import Category, Channel, Escalation, Kind, State, Urgency
from portal.kernel import clock, policies, timers
from portal.kernel.db import db
from portal.kernel.people import Status
from portal.kernel.rights import Position
from tests import factories
from tests.conftest import At
from tests.kernel.moments import at as moment


def ladder(app: Flask, **of: str) -> None:
    """Only these ladders run, so that a test sees the steps that it is about."""
    with app.app_context():
        by, now = factories.viewer("office1").id, clock.now()
        with db.write():
            for kind, written in of.items():
                policies.set_value(f"ladder.{kind}", written, from_=now, reason="试验", by=by, now=now)


def steps(app: Flask, number: str, kind: str) -> list[str]:
    """`100 % lead -> lead.tech` of what fired, in order."""
    fired = []
    names = {factories.id_of(app, username): username for username, *_ in factories.PEOPLE}
    for line in factories.events(app, number):
        details = json.loads(line.details)
        if line.event == "clock:step" and details["clock"] == kind:
            fired.append(f"{details['step']} -> {', '.join(names[i] for i in details['to'])}")
    return fired


@pytest.mark.clause("CP-14")
def test_a_ladder_climbs_step_by_step_and_each_step_fires_once(any_app: Flask, at: At) -> None:
    ladder(any_app, answer="100 % desk")  # out of the way
    number = factories.a_case(any_app, State.ACCEPTED, handler="sup.tech")
    factories.do(any_app, "sup.tech", "contact", number, note="已联系", substantive=True)
    factories.do(any_app, "sup.tech", "propose", number, **factories.PROPOSAL)
    assert factories.sweep(any_app) == []
    for now, fired in (
        ("Wed 2026-03-04 11:00", []),
        (
            "Thu 2026-03-05 10:00",
            ["75 % handler -> sup.tech", "75 % first_responder -> desk1"],
        ),
        (
            "Fri 2026-03-06 09:00",
            ["100 % handler -> sup.tech", "100 % first_responder -> desk1", "100 % lead -> lead.tech"],
        ),
        ("Tue 2026-03-10 10:00", ["150 % office -> office1, office2"]),
    ):
        at(now)
        before = len(steps(any_app, number, "whole_case"))
        factories.sweep(any_app)
        assert steps(any_app, number, "whole_case")[before:] == fired, now
        assert factories.sweep(any_app) == [], "a second pass right after does nothing"


# Monday 2 March 2026, nine o'clock; the promise is due at three. Whom each rung tells, and when.
WATCHED = (
    "75 % handler -> emp.tech", "75 % first_responder -> desk1", "100 % handler -> emp.tech",
    "100 % first_responder -> desk1", "100 % lead -> lead.tech", "150 % office -> office1, office2",
)  # fmt: skip
WARNED, LATE, VERY_LATE = WATCHED[:2], WATCHED[2:5], WATCHED[5:]
ABOUT = {"category": Category.SERVICE, "concerned": "emp.impl", "department": "tech"}
CALM: dict[str, Any] = {}
Climbs = tuple[tuple[str, tuple[str, ...]], ...]


@pytest.mark.parametrize(
    ("clause", "kind", "state", "chosen", "climbs"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-12", "first_contact", State.ACCEPTED, CALM, (
                ("Mon 2026-03-02 09:24", WARNED), ("Mon 2026-03-02 09:31", LATE), ("Mon 2026-03-02 09:46", VERY_LATE),
            )),
            ("CP-13", "on_site", State.ACCEPTED, {"urgency": Urgency.URGENT}, (
                ("Mon 2026-03-02 09:06", ("50 % handler -> emp.tech", "50 % lead -> lead.tech")),
                ("Mon 2026-03-02 09:11", ("100 % lead -> lead.tech", "100 % desk -> desk1, desk2")),
                ("Mon 2026-03-02 09:16", VERY_LATE),
            )),
            ("CP-13", "solution", State.APPROVED, CALM, (
                ("Wed 2026-03-04 10:31", WARNED), ("Thu 2026-03-05 08:31", LATE), ("Fri 2026-03-06 13:31", VERY_LATE),
            )),
            ("CP-14", "answer", State.ACCEPTED, CALM, (
                ("Tue 2026-03-03 08:31", WARNED), ("Tue 2026-03-03 09:01", LATE), ("Wed 2026-03-04 08:31", VERY_LATE),
            )),
            ("CP-14", "whole_case", State.ACCEPTED, CALM, (
                ("Thu 2026-03-05 10:00", WARNED), ("Fri 2026-03-06 09:00", LATE), ("Tue 2026-03-10 10:00", VERY_LATE),
            )),
            ("CP-09", "opinion", State.RESOLVED, ABOUT, (
                ("Tue 2026-03-03 14:00", ("75 % lead -> lead.tech",)),
                ("Wed 2026-03-04 08:31", ("100 % lead -> lead.tech", "100 % office -> office1, office2")),
            )),
            ("CP-11", "assistance", State.ACCEPTED, CALM, (
                ("Tue 2026-03-03 14:00", ("75 % assistants -> lead.impl",)),
                ("Wed 2026-03-04 08:31", ("100 % assistants -> lead.impl", "100 % handler -> emp.tech")),
                ("Wed 2026-03-04 17:20", ("150 % lead -> lead.tech",)),
            )),
            ("CP-15", "promise", State.ACCEPTED, CALM, (
                ("Mon 2026-03-02 13:31", WARNED),
                ("Mon 2026-03-02 15:01", ("100 % handler -> emp.tech", "100 % lead -> lead.tech")),
            )),
            ("CP-19", "result", State.RESOLVED, CALM, (
                ("Mon 2026-03-02 15:50", ("75 % reporter -> emp.tech",)),
                ("Tue 2026-03-03 08:31", ("100 % reporter -> emp.tech", "100 % lead -> lead.tech")),
                ("Tue 2026-03-03 13:31", VERY_LATE),
            )),
            ("CP-18", "follow_up", State.REPORTED, CALM, (
                ("Mon 2026-03-02 15:50", ("75 % first_responder -> desk1",)),
                ("Tue 2026-03-03 08:31", ("100 % first_responder -> desk1", "100 % desk -> desk1, desk2")),
                ("Tue 2026-03-03 13:31", VERY_LATE),
            )),
            ("CP-35", "verification", State.ACCEPTED, CALM, (
                ("Mon 2026-03-02 17:20", ()),
                ("Tue 2026-03-03 08:31", ("100 % handler -> emp.tech", "100 % lead -> lead.tech")),
                ("Fri 2026-03-06 10:00", ()),
            )),
        )
    ],
)  # fmt: skip
def test_every_rung_of_every_ladder(
    app: Flask, at: At, clause: str, kind: str, state: State, chosen: dict[str, Any], climbs: Climbs
) -> None:
    number = factories.a_case(app, state, **chosen)
    if kind == "assistance":
        factories.do(app, "emp.tech", "assist", number, department="impl", note="请协助")
    if kind == "promise":
        factories.do(app, "emp.tech", "promise", number, due_at=moment("Mon 2026-03-02 15:00"))
    assert factories.the_clock(app, number, kind).clause == clause
    for now, told in climbs:
        before = len(steps(app, number, kind))
        at(now)
        factories.sweep(app)
        assert tuple(steps(app, number, kind)[before:]) == told, now


@pytest.mark.clause("CP-14")
def test_a_breach_is_recorded_at_once_and_told_in_working_hours(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app)
    at("Tue 2026-03-03 20:00")
    lines = factories.sweep(any_app)
    assert [line.split("\t")[:2] for line in lines] == [[number, "answer"]]
    assert "overdue since" in lines[0]
    assert factories.notices(any_app) == [], "no reminder leaves in the evening"
    assert factories.the_clock(any_app, number, "answer").breached_at == moment("Tue 2026-03-03 09:00")
    at("Wed 2026-03-04 08:00")
    assert factories.sweep(any_app) == []
    at("Wed 2026-03-04 08:30")
    assert factories.sweep(any_app) != []
    assert set(factories.told(any_app, "clock:overdue")) >= {"desk1", "office1"}


@pytest.mark.clause("CP-12")
@pytest.mark.clause("CP-13")
def test_an_urgent_case_rings_at_any_hour(any_app: Flask, at: At) -> None:
    at("Sat 2026-03-07 23:00")
    number = factories.a_case(any_app, State.ROUTED, urgency=Urgency.URGENT)
    at("Sat 2026-03-07 23:11")
    factories.sweep(any_app)
    assert "100 % desk -> desk1, desk2" in steps(any_app, number, "on_site")
    assert "100 % lead -> lead.tech" in steps(any_app, number, "on_site")
    at("Sat 2026-03-07 23:31")
    factories.sweep(any_app)
    assert "100 % lead -> lead.tech" in steps(any_app, number, "first_contact")


@pytest.mark.clause("CP-14")
def test_holidays_are_no_hours_for_a_reminder(app: Flask, at: At) -> None:
    at("Wed 2026-09-30 17:00")
    number = factories.a_case(app, State.ROUTED)
    at("Thu 2026-10-01 10:00")
    factories.sweep(app)
    assert steps(app, number, "first_contact") == []
    at("Thu 2026-10-08 08:30")
    factories.sweep(app)
    assert steps(app, number, "first_contact") != []


@pytest.mark.clause("CP-12")
def test_a_case_without_a_handler_escalates_to_the_lead_visibly(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ROUTED)
    at("Mon 2026-03-02 09:25")
    factories.sweep(app)
    assert steps(app, number, "first_contact")[0] == "75 % handler -> lead.tech"
    (notice, *_) = factories.notices(app, "lead.tech", "clock:warning")
    assert notice.told["climbed"] is True


@pytest.mark.clause("CP-05")
def test_before_routing_the_general_office_is_told_in_the_handlers_place(app: Flask, at: At) -> None:
    number = factories.a_case(app)
    at("Tue 2026-03-03 08:31")
    factories.sweep(app)
    assert steps(app, number, "answer")[0] == "75 % handler -> office1, office2"


@pytest.mark.clause("CP-08")
def test_supervisor_lead_general_manager(any_app: Flask, at: At) -> None:
    number = factories.a_case(
        any_app, State.ACCEPTED, channel=Channel.ONSITE, category=Category.OPERATION, department="tech"
    )
    factories.do(
        any_app,
        "emp.tech",
        "escalate",
        number,
        kind=Escalation.UNSOLVED,
        reason="不接受",
        customer_type="venting",
    )
    for now in ("Mon 2026-03-02 09:05", "Tue 2026-03-03 09:05", "Wed 2026-03-04 09:05"):
        at(now)
        factories.sweep(any_app)
    assert steps(any_app, number, "escalated") == [
        "0 % supervisor -> sup.tech",
        "100 % lead -> lead.tech",
        "200 % manager -> gm",
    ]


@pytest.mark.clause("CP-16")
def test_lead_then_general_office_director(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.MAJOR, reason="媒体介入")
    factories.sweep(app)
    at("Tue 2026-03-03 09:05")
    factories.sweep(app)
    assert steps(app, number, "decision") == [
        "0 % lead -> lead.tech",
        "0 % director -> office1",
        "100 % director -> office1",
        "100 % manager -> gm",
    ]


@pytest.mark.clause("CP-16")
@pytest.mark.parametrize(
    ("vacant", "department", "audience", "instead"),
    [
        (Position.GENERAL_MANAGER, "", "manager", ["office1", "office2"]),
        (Position.OFFICE_DIRECTOR, "", "director", ["office1", "office2"]),
        (Position.SUPERVISOR, "tech", "supervisor", ["lead.tech"]),
    ],
)
def test_an_empty_seat_passes_the_step_up_visibly(
    app: Flask, at: At, vacant: Position, department: str, audience: str, instead: list[str]
) -> None:
    factories.a_seat(app, vacant, department)
    ladder(app, whole_case=f"50 % {audience}")
    number = factories.a_case(app, State.ROUTED)
    at("Wed 2026-03-04 14:00")
    lines = factories.sweep(app)
    assert steps(app, number, "whole_case") == [f"50 % {audience} -> {', '.join(instead)}"]
    assert any("whole_case" in line and "seat below is empty" in line for line in lines)
    (told,) = [
        json.loads(line.details)
        for line in factories.events(app, number)
        if line.event == "clock:step" and '"clock":"whole_case"' in line.details
    ]
    assert told["vacant"] == audience


@pytest.mark.clause("CP-16")
def test_a_deputy_is_told_with_the_lead_and_instead_of_an_absent_one(app: Flask, at: At) -> None:
    factories.a_seat(app, Position.LEAD, "tech", holder="lead.tech", deputy="sup.tech")
    ladder(app, whole_case="50 % lead, 100 % lead")
    number = factories.a_case(app, State.ROUTED)
    at("Wed 2026-03-04 14:00")
    factories.sweep(app)
    factories.change_person(app, "lead.tech", status=Status.DISABLED)
    at("Fri 2026-03-06 09:00")
    factories.sweep(app)
    assert steps(app, number, "whole_case") == ["50 % lead -> lead.tech, sup.tech", "100 % lead -> sup.tech"]


@pytest.mark.clause("CP-14")
def test_after_a_standstill_everything_due_fires_in_one_pass(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.ACCEPTED)
    at("Mon 2026-03-30 10:00")
    factories.sweep(any_app)
    fired = steps(any_app, number, "whole_case")
    assert fired == [
        "100 % handler -> emp.tech",
        "100 % first_responder -> desk1",
        "100 % lead -> lead.tech",
        "150 % office -> office1, office2",
    ], "a warning that came too late says nothing that the step above it does not say"
    with any_app.app_context():
        clock_id = factories.the_clock(any_app, number, "whole_case").id
        rows = db.session.scalars(sa.select(timers.Fired).where(timers.Fired.clock_id == clock_id)).all()
    assert sorted((row.step, row.late) for row in rows) == [
        (0, True), (1, True), (2, True), (3, True), (4, True), (5, False),
    ]  # fmt: skip
    assert factories.sweep(any_app) == []


@pytest.mark.clause("CP-14")
def test_two_sweeps_at_the_same_time_fire_each_step_once(any_app: Flask, at: At) -> None:
    numbers = [factories.a_case(any_app, State.ACCEPTED) for _ in range(3)]
    at("Mon 2026-03-30 10:00")
    together, said, wrong = threading.Barrier(3), list[str](), list[BaseException]()

    def work() -> None:
        try:
            together.wait(10)
            said.extend(factories.sweep(any_app))
        except BaseException as error:  # noqa: BLE001  # told to the thread that asserts
            wrong.append(error)

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert wrong == []
    assert len(said) == len(set(said))
    for number in numbers:
        fired = steps(any_app, number, "whole_case")
        assert len(fired) == len(set(fired)) == 4
    assert factories.history_faults(any_app) == []
    assert factories.sweep(any_app) == []


@pytest.mark.clause("CP-15")
def test_a_missed_promise_escalates(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "promise", number, due_at=moment("Mon 2026-03-02 15:00"))
    at("Mon 2026-03-02 15:05")
    factories.sweep(app)
    assert "100 % lead -> lead.tech" in steps(app, number, "promise")
    assert factories.the_clock(app, number, "promise").breached_at == moment("Mon 2026-03-02 15:00")


@pytest.mark.clause("CP-09")
def test_the_person_concerned_is_left_out_of_every_ladder(app: Flask, at: At) -> None:
    number = factories.a_case(app, category=Category.SERVICE, concerned="lead.tech")
    factories.do(app, "desk1", "route", number)
    at("Mon 2026-03-30 10:00")
    factories.sweep(app)
    assert factories.notices(app, "lead.tech") == []
    assert any("gm" in step for step in steps(app, number, "first_contact"))


def test_steps_written_after_the_end_are_reckoned_from_it(app: Flask, at: At) -> None:
    ladder(app, answer="+4 wh office, 50 % desk")
    number = factories.a_case(app, kind=Kind.INQUIRY)
    at("Tue 2026-03-03 14:29")
    factories.sweep(app)
    assert steps(app, number, "answer") == ["50 % desk -> desk1, desk2"]
    at("Tue 2026-03-03 14:30")
    factories.sweep(app)
    assert steps(app, number, "answer")[-1] == "+4 wh office -> office1, office2"


def test_a_ladder_that_cannot_be_read_is_not_put_in_force(app: Flask) -> None:
    for written in ("75 % nobody", "soon lead", "75 lead", "+4 lead", ""):
        with pytest.raises(ValueError, match="not a step of a ladder"):
            ladder(app, answer=written)


@pytest.mark.clause("CP-35")
def test_a_day_without_a_finding_warns_and_makes_nothing_overdue(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.ACCEPTED, handler="sup.tech")
    at("Mon 2026-03-02 17:40")
    factories.sweep(any_app)
    at("Tue 2026-03-03 09:00")
    factories.sweep(any_app)
    assert steps(any_app, number, "verification") == [
        "100 % handler -> sup.tech",
        "100 % lead -> lead.tech",
    ]
    assert "clock:overdue" not in {
        notice.kind for notice in factories.notices(any_app) if "verification" in notice.details
    }
    assert factories.the_clock(any_app, number, "verification").breached_at is None
    assert factories.load(any_app, number).due_kind != "verification"
    at("Tue 2026-03-03 10:00")
    factories.do(any_app, "sup.tech", "propose", number, **factories.PROPOSAL)
    assert factories.clocks(any_app, number, "verification")[0].breached_at is None
