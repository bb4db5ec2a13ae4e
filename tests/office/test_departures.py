"""Somebody leaves the company: nobody logs in as them any more, and their work is in other hands in the same moment."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.reception.customers import actions as customers
from portal.blueprints.reception.models import Visit
from portal.kernel import accounts, clock, departures, reference
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import Position, Rank
from portal.kernel.workflow import Refused
from tests import factories
from tests.conftest import As, At, client_of
from tests.duty.posts import making as duty
from tests.duty.repairs import making as repairs


def page_of(app: Flask, username: str) -> str:
    return f"/office/people/{factories.id_of(app, username)}/depart"


def lines(app: Flask, username: str) -> dict[tuple[str, str], list[str]]:
    """Kind and number -> codes of the reasons why it was left; none where it was handed over."""
    with app.app_context():
        latest = departures.latest(factories.id_of(app, username))
        assert latest is not None
        found = departures.lines_of(latest)
        return {(row.kind, row.number): [reason.code for reason in row.why] for row in found}


def stored(app: Flask, column: Any, *where: Any) -> Any:
    with app.app_context():
        return db.session.scalar(sa.select(column).where(*where))


def leave(app: Flask, username: str, to: str, by: str = "office1") -> None:
    """At once, without the page."""
    with app.app_context(), db.write():
        person, now = accounts.find(username), clock.now()
        heir = reference.staff().by_username(to)
        assert heir is not None
        ordered = departures.tell(person, heir, now, by=factories.viewer(by).id, now=now)
        departures.carry_out(ordered, now)


def test_who_leaves_is_out_and_the_open_work_is_in_other_hands(any_app: Flask, as_: As) -> None:
    app = any_app
    open_case = factories.a_case(app, State.ACCEPTED, handler="emp.tech")
    closed = factories.a_case(app, State.ARCHIVED, handler="emp.tech")
    visit = factories.a_visit(app, host_id=factories.id_of(app, "emp.tech"))
    repair = repairs.a_repair(app, department="tech")
    repairs.do(app, repair, "assign", by="office1", assignee="emp.tech")
    roster = duty.a_roster(app, date(2026, 3, 2), date(2026, 3, 8))
    kind = duty.a_kind(app)
    past = duty.a_shift(app, roster, duty.a_post(app), kind, date(2026, 3, 1), "emp.tech")
    ahead = duty.a_shift(app, roster, duty.a_post(app, "gate"), kind, date(2026, 3, 4), "emp.tech")
    with app.app_context(), db.write():
        card, _new = customers.create(
            by=factories.viewer("desk1"), now=clock.now(), name="陈桂芳", phone="13900001234", company="",
            owner_id=factories.viewer("emp.tech").id,
        )  # fmt: skip
    factories.a_seat(app, Position.CLERK, "tech", holder="emp.tech")
    own, office = client_of(app, "emp.tech"), as_("office1")
    shown = office.get(page_of(app, "emp.tech")).text
    for one in (open_case, visit, repair, "2026-03-04"):
        assert one in shown
    assert closed not in shown
    assert '<option selected value="lead.tech">' in shown, "the head is proposed"
    assert 'value="emp.tech">' not in shown, "nobody takes over from themselves"

    assert office.send(page_of(app, "emp.tech"), at_once="y", heir="lead.tech").status_code == 303
    assert own.get("/account").status_code == 302
    lead = factories.id_of(app, "lead.tech")
    assert stored(app, Case.handler_id, Case.number == open_case) == lead
    assert stored(app, Case.handler_id, Case.number == closed) == factories.id_of(app, "emp.tech")
    assert stored(app, Visit.host_id, Visit.number == visit) == lead
    assert stored(app, Repair.assignee_id, Repair.number == repair) == lead
    assert stored(app, Shift.person_id, Shift.id == ahead) is None
    assert stored(app, Shift.gap_reason, Shift.id == ahead), "a gap says why"
    assert stored(app, Shift.person_id, Shift.id == past) is not None
    found = lines(app, "emp.tech")
    assert found[("seat", "clerk tech")] == ["seat_to_fill"]
    assert {key for key, why in found.items() if not why} == {
        ("case", open_case), ("visit", visit), ("customer", f"KH-{card.id}"), ("repair", repair), ("shift", "2026-03-04"),
    }  # fmt: skip
    with app.app_context():
        assert factories.waiting(app, "emp.tech") == []
    after = office.get(page_of(app, "emp.tech")).text
    assert "Please name who holds this position" in after
    assert factories.history_faults(app) == []


@pytest.mark.clause("CP-36")
def test_what_a_rule_forbids_is_left_with_its_reason(app: Flask) -> None:
    """A case is handed over by its own verb: nobody below its level, nobody whom it concerns, gets it this way."""
    major = factories.a_case(app, State.ACCEPTED, handler="lead.tech", major=True)
    factories.a_person(app, "new.tech", rank=Rank.STAFF)
    leave(app, "lead.tech", "new.tech")
    assert "rank_too_low" in lines(app, "lead.tech")[("case", major)]
    assert stored(app, Case.handler_id, Case.number == major) == factories.id_of(app, "lead.tech")
    answered = factories.a_case(app, State.REPORTED, handler="emp.tech")
    leave(app, "emp.tech", "gm")
    assert lines(app, "emp.tech")[("case", answered)] == ["answered_already"], (
        "nothing is left to do about it"
    )


def test_a_last_day_lies_ahead_and_is_kept_by_the_sweep_once(app: Flask, as_: As, at: At) -> None:
    factories.a_case(app, State.ACCEPTED, handler="emp.tech")
    office, page = as_("office1"), page_of(app, "emp.tech")
    for wrong in ({}, {"last_day": "2026-03-01"}, {"last_day": "2026-03-05", "heir": "emp.tech"}):
        fields: dict[str, Any] = {"heir": "lead.tech", **wrong}
        assert office.send(page, **fields).status_code == 422
    assert office.send(page, last_day="2026-03-05", heir="lead.tech").status_code == 303
    again = office.send(page, last_day="2026-03-06", heir="lead.tech")
    assert (again.status_code, "leaving or has left" in again.text) == (409, True)
    assert "Ordered by" in office.get(page).text
    assert office.send(page.replace("depart", "stay")).status_code == 303
    assert office.send(page.replace("depart", "stay")).status_code == 409
    assert office.send(page, last_day="2026-03-05", heir="lead.tech").status_code == 303
    own = client_of(app, "emp.tech")
    at("Thu 2026-03-05 23:59")
    assert not [told for told in factories.sweep(app) if "departure" in told]
    at("Fri 2026-03-06 00:00")
    assert [told.split("\t")[2] for told in factories.sweep(app) if "departure" in told] == [
        "1 handed over, 0 left (GO-05)"
    ]
    assert factories.sweep(app) == []
    assert own.get("/account").status_code == 302
    assert stored(app, Person.status, Person.username == "emp.tech") is Status.DEPARTED


@pytest.mark.clause("GO-05")
def test_the_last_of_the_general_office_stays(app: Flask) -> None:
    leave(app, "office2", "office1")
    with pytest.raises(Refused, match="last_office"):
        leave(app, "office1", "gm")
    command = app.test_cli_runner().invoke(args=["user", "disable", "office1"])
    assert (command.exit_code, "GO-05" in command.stderr) == (1, True), command.output
    assert stored(app, Person.status, Person.username == "office1") is Status.ACTIVE


def test_who_comes_back_comes_without_the_old_sessions_and_may_leave_again(app: Flask, as_: As) -> None:
    own = client_of(app, "emp.tech")
    leave(app, "emp.tech", "lead.tech")
    who = factories.id_of(app, "emp.tech")
    assert as_("office1").send(f"/office/people/{who}/enable").status_code == 303
    assert own.get("/account").status_code == 302
    assert client_of(app, "emp.tech").get("/account").status_code == 200
    leave(app, "emp.tech", "lead.tech")


def test_the_command_tells_each_matter(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, handler="emp.tech")
    run = app.test_cli_runner()
    told = run.invoke(args=["user", "depart", "emp.tech"])
    assert told.exit_code == 0, told.output
    assert told.output.splitlines() == [
        "emp.tech has left; lead.tech takes over",
        f"{number}\tcase\thanded over",
    ]
    assert run.invoke(args=["user", "depart", "emp.tech"]).exit_code == 1
    assert run.invoke(args=["user", "depart", "nobody"]).exit_code == 1
