"""What the portal does by the calendar: who did not come, who is expected soon; on both databases, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from portal.blueprints.reception.appointments import sweep
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Booking, Visit
from portal.kernel import clock, history, timers
from portal.kernel.db import db
from tests.conftest import As, At, client_of
from tests.reception.visits import a_visit, do, events, inbox, load


def swept(app: Flask) -> list[str]:
    """The lines of one pass that are about visits."""
    with app.app_context():
        db.session.rollback()
        lines = [line for line in timers.sweep(clock.now()) if "\tvisit\t" in line]
        db.session.remove()
    return lines


@pytest.mark.clause("RC-19")
def test_who_does_not_come_is_marked_after_the_set_time_and_the_place_is_free(
    any_app: Flask, as_: As, at: At
) -> None:
    app = any_app
    at("Mon 2026-03-02 09:00")
    number = a_visit(
        as_("emp.tech"),
        "B",
        purpose="看样机",
        place="large",
        starts_at="2026-03-02T10:00",
        ends_at="2026-03-02T12:00",
    )
    other = a_visit(as_("emp.tech"), "B", purpose="看样机", starts_at="2026-03-02T10:10")
    at("Mon 2026-03-02 10:29")
    assert swept(app) == []
    at("Mon 2026-03-02 10:30")
    assert [line.split("\t")[0] for line in swept(app)] == [number]
    assert swept(app) == [], "a second pass does nothing"
    assert load(app, number).state is State.NO_SHOW
    assert load(app, other).state is State.EXPECTED
    with app.app_context():
        held = (
            db.session.query(Booking)
            .join(Visit, Visit.id == Booking.visit_id)
            .filter(Visit.number == number)
            .one()
        )
        line = history.events(db.session.query(Visit).filter_by(number=number).one())[0]
        assert (held.hold, line.event, line.by_id, line.clause) == (
            "released",
            "visit:no-show",
            None,
            "RC-19",
        )
        db.session.remove()
    do(client_of(app, "desk1"), number, "arrive")
    assert load(app, number).state is State.ARRIVED, "whoever comes late is received"


@pytest.mark.clause("RC-19")
def test_two_workers_mark_each_once(any_app: Flask, as_: As, at: At) -> None:
    app = any_app
    at("Mon 2026-03-02 09:00")
    numbers = [
        a_visit(as_("emp.tech"), "B", purpose="看样机", starts_at=f"2026-03-02T10:{minute:02}")
        for minute in range(6)
    ]
    now, start = at("Mon 2026-03-02 12:00"), Barrier(2)
    found: list[str] = []

    def work() -> None:
        with app.app_context():
            start.wait()
            found.extend(sweep.mark_no_shows(now))
            db.session.remove()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(line.split("\t")[0] for line in found) == numbers
    assert [events(app, number).count("visit:no-show") for number in numbers] == [1] * 6


def test_what_was_moved_meanwhile_is_left_alone(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    number = a_visit(as_("emp.tech"), "B", purpose="看样机", starts_at="2026-03-02T10:00")
    visit, now = load(app, number), at("Mon 2026-03-02 11:00")
    do(client_of(app, "emp.tech"), number, "move", starts_at="2026-03-02T15:00")
    with app.app_context(), db.write():
        assert sweep._mark(visit.id, now) == ""
    assert load(app, number).state is State.EXPECTED


@pytest.mark.clause("RC-07")
def test_hosts_and_business_staff_are_warned_before_an_a_visit_once(any_app: Flask, as_: As, at: At) -> None:
    app = any_app
    at("Fri 2026-02-27 09:00")
    number = a_visit(as_("emp.tech"), "A", purpose="会谈", starts_at="2026-03-02T10:00")
    a_visit(as_("emp.tech"), "B", purpose="看样机", starts_at="2026-03-02T10:00")
    version = load(app, number).version
    at("Mon 2026-03-02 09:44")
    assert swept(app) == []
    at("Mon 2026-03-02 09:45")
    assert [line.split("\t")[0] for line in swept(app)] == [number], "only where hosts receive on arrival"
    assert swept(app) == []
    for who in ("emp.tech", "lead.tech", "gm"):
        assert inbox(app, who).count("visit:soon") == 1, who
    assert load(app, number).version == version, "no open edit becomes stale by it"
    assert events(app, number)[-1] == "visit:warned"
    do(client_of(app, "emp.tech"), number, "move", starts_at="2026-03-02T14:00", note="改到下午")
    at("Mon 2026-03-02 13:50")
    warned = [line.split("\t")[0] for line in swept(app) if "RC-07" in line]
    assert warned == [number], "for another time they are warned again"


def test_nobody_is_warned_of_what_has_begun_or_was_cancelled(app: Flask, as_: As, at: At) -> None:
    at("Fri 2026-02-27 09:00")
    number = a_visit(as_("emp.tech"), "A", purpose="会谈", starts_at="2026-03-02T10:00")
    off = a_visit(as_("emp.tech"), "A", purpose="会谈", starts_at="2026-03-02T10:00")
    do(as_("emp.tech"), off, "cancel")
    now: datetime = at("Mon 2026-03-02 10:00")
    with app.app_context():
        assert list(sweep.warn_hosts(now)) == []
        db.session.rollback()
        assert [line.split("\t")[0] for line in sweep.warn_hosts(now - timedelta(minutes=1))] == [number]
        db.session.remove()
