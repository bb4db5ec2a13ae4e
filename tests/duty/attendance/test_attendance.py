"""Attendance: by signatures and sign-in, late by the minute, deductions, corrections, the closed month (DR-17)."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.duty.attendance import actions, queries, rules
from portal.blueprints.duty.attendance.codes import Standing
from portal.blueprints.duty.attendance.models import AttendanceMonth, AttendanceSum, SignIn
from portal.blueprints.duty.attendance.rules import Figures, Planned, Presence, Worked
from portal.blueprints.duty.handover.rules import Seats
from portal.blueprints.duty.leave.codes import LeaveKind
from portal.blueprints.duty.leave.codes import State as LeaveState
from portal.blueprints.duty.leave.models import Absence, Leave
from portal.kernel import clock, policies
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.conftest import As, At, client_of
from tests.duty.handover.making import a_desk, a_handover, a_note, counted, do
from tests.kernel.moments import SHANGHAI
from tests.kernel.moments import at as moment

FIGURES = Figures(time(8, 30), time(17, 30), Decimal(1), Decimal(5), 3)
MARCH = date(2026, 3, 1)
DAY = Planned(date(2026, 3, 2), moment("Mon 2026-03-02 08:30"), moment("Mon 2026-03-02 17:30"))
EVENING = moment("Mon 2026-03-02 18:00")


def on(hour: str) -> Any:
    return moment(f"Mon 2026-03-02 {hour}")


@pytest.mark.clause("DR-17")
@pytest.mark.parametrize(("late", "percent"), [(0, "0"), (1, "1"), (2, "2"), (3, "7"), (4, "12"), (5, "17")])
def test_the_third_lateness_of_a_month_costs_more(late: int, percent: str) -> None:
    assert rules.deduction(late, FIGURES) == Decimal(percent)


@pytest.mark.clause("DR-17")
@pytest.mark.parametrize(
    ("presence", "given", "standing", "minutes"),
    [
        (Presence(on("08:30") + timedelta(seconds=59)), {}, Standing.ON_TIME, 0),
        (Presence(on("08:31")), {}, Standing.LATE, 1),
        (Presence(on("09:45")), {}, Standing.LATE, 75),
        (Presence(), {}, Standing.ABSENT, 0),
        (Presence(), {"counted": False}, Standing.AHEAD, 0),
        (Presence(), {"now": on("12:00")}, Standing.AHEAD, 0),
        (Presence(), {"on_leave": True}, Standing.LEAVE, 0),
        (Presence(on("09:45")), {"on_leave": True}, Standing.LEAVE, 0),
        (Presence(on("09:45"), excused=True), {}, Standing.EXCUSED, 0),
        (Presence(on("08:00")), {"away": True}, Standing.ABSENT, 0),
    ],
)
def test_late_and_absent(presence: Presence, given: dict[str, Any], standing: Standing, minutes: int) -> None:
    told: dict[str, Any] = {"now": EVENING, "counted": True} | given
    found = rules.judge(DAY, presence, **told)
    assert (found.standing, found.minutes) == (standing, minutes)


@pytest.mark.clause("DR-17")
def test_signatures_and_sign_in_together_unless_a_correction_says_otherwise() -> None:
    handed = [Presence(came_at=on("08:20")), Presence(left_at=on("17:40"))]
    assert rules.seen(DAY, Presence(on("08:40"), on("17:31")), handed) == Presence(on("08:20"), on("17:40"))
    assert rules.seen(DAY, Presence(on("04:00")), []) == Presence()  # came for another shift
    word = Presence(on("09:00"), by_word=True)
    assert rules.seen(DAY, word, handed) is word


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("08:30", "12:00"), ("13:30", "17:30")], ("08:30", "17:30")),
        ([("09:00", "12:00")], ("09:00", "12:00")),
        ([("07:00", "19:00")], ("08:30", "17:30")),
        ([], None),
    ],
)
def test_an_office_day_is_the_figures_or_shorter(spans: Any, expected: Any) -> None:
    times = [(time.fromisoformat(a), time.fromisoformat(b)) for a, b in spans]
    found = rules.office_day(date(2026, 3, 2), times, FIGURES, SHANGHAI)
    assert (found and (found.begins, found.ends)) == (expected and (on(expected[0]), on(expected[1])))


def test_two_shifts_of_a_day_are_one_day() -> None:
    rows = [
        Worked(DAY, on("08:00"), None, Standing.ON_TIME),
        Worked(DAY, on("09:00"), None, Standing.LATE, 30),
    ]
    found = rules.total(rows, FIGURES)
    assert (found.days, found.late, found.minutes, found.percent) == (1, 1, 30, Decimal(1))


# -- the pages ------------------------------------------------------------------------------------------------------


def sums(app: Flask, username: str) -> rules.Sums:
    with app.app_context():
        person = factories.viewer(username).id
        return queries.sums_of([person], MARCH, clock.now())[person]


@pytest.mark.clause("DR-17")
def test_one_touch_signs_in_and_the_first_counts(app: Flask, as_: As, at: At) -> None:
    browser = as_("emp.tech")
    at("Mon 2026-03-02 08:41")
    assert browser.send("/duty/attendance/sign-out").status_code == 409
    assert browser.send("/duty/attendance/sign-in").status_code == 303
    at("Mon 2026-03-02 09:30")
    assert browser.send("/duty/attendance/sign-in").status_code == 303
    for hour in ("17:00", "17:45"):
        at(f"Mon 2026-03-02 {hour}")
        assert client_of(app, "emp.tech").send("/duty/attendance/sign-out").status_code == 303
    page = client_of(app, "emp.tech").get("/duty/attendance/").text
    assert "08:41 / 17:45" in page
    assert (sums(app, "emp.tech").late, sums(app, "emp.tech").minutes) == (1, 11)
    at("Tue 2026-03-03 18:00")
    assert sums(app, "emp.tech").absences == 1


@pytest.mark.clause("DR-17")
def test_my_day_offers_the_next_touch(app: Flask, at: At) -> None:
    def offered(username: str, hour: str) -> str:
        at(hour)
        page = client_of(app, username).get("/").text
        return "".join(which for which in ("in", "out") if f'action="/duty/attendance/sign-{which}"' in page)

    assert offered("emp.tech", "Sun 2026-03-01 09:00") == ""  # nobody works
    assert offered("emp.tech", "Mon 2026-03-02 04:00") == ""
    assert offered("emp.tech", "Mon 2026-03-02 08:20") == "in"
    here: dict[str, Any] = {"from": "my-day"}
    sent = client_of(app, "emp.tech").send("/duty/attendance/sign-in", **here)
    assert (sent.status_code, sent.headers["Location"]) == (303, "/")
    assert offered("emp.tech", "Mon 2026-03-02 17:40") == "out"
    client_of(app, "emp.tech").send("/duty/attendance/sign-out")
    assert offered("emp.tech", "Mon 2026-03-02 17:41") == ""
    a_desk(app)  # whoever is on a roster signs the handover
    assert offered("emp.admin", "Mon 2026-03-02 09:00") == ""
    assert offered("emp.impl", "Mon 2026-03-02 18:00") == ""  # too late for an office day


@pytest.mark.clause("DR-17")
def test_who_has_shifts_is_counted_by_the_signatures(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 13:50")
    desk = a_desk(app)
    a_note(app, desk.post)
    handover = a_handover(app)
    at("Mon 2026-03-02 14:06")
    counted(app, handover)
    for username in ("desk1", "emp.admin"):
        do(app, handover, "sign", username)
    at("Tue 2026-03-03 18:00")
    found = sums(app, "emp.admin")
    assert (found.days, found.late, found.minutes, found.absences) == (1, 1, 6, 0)
    assert sums(app, "desk1").days == 0  # nobody had signed in yet: no absence, and no record
    with app.app_context(), db.write():
        actions.sign_in(by=factories.viewer("emp.tech"), now=clock.now())
    assert sums(app, "emp.admin").absences == 1  # the roster is over: the office's hours count again


def a_leave(username: str, begins: str, ends: str) -> None:
    """Approved leave of somebody. Inside a write."""
    person, now = factories.viewer(username).id, clock.now()
    db.session.add(
        Leave(
            number=f"QJ-{begins}", person_id=person, asked_by_id=person, kind=LeaveKind.PERSONAL,
            starts_at=moment(begins), ends_at=moment(ends), state=LeaveState.APPROVED, state_since=now,
            created_at=now, lapses_at=now,
        )
    )  # fmt: skip


@pytest.mark.clause("DR-17")
@pytest.mark.clause("DR-04")
def test_approved_leave_excuses_and_an_absence_counts_whenever_somebody_came(any_app: Flask, at: At) -> None:
    at("Tue 2026-03-03 18:00")
    person = factories.id_of(any_app, "emp.tech")
    with any_app.app_context(), db.write():
        for day in (date(2026, 3, 2), date(2026, 3, 3)):
            came = moment(f"{day:%a} {day} 09:00")
            db.session.add(SignIn(person_id=person, day=day, came_at=came, by_id=person, made_at=came))
        a_leave("emp.tech", "Tue 2026-03-03 14:00", "Tue 2026-03-03 17:30")
    assert sums(any_app, "emp.tech").late == 2, "leave in the afternoon makes nobody punctual in the morning"
    with any_app.app_context(), db.write():
        a_leave("emp.tech", "Mon 2026-03-02 08:30", "Mon 2026-03-02 17:30")
    assert sums(any_app, "emp.tech").late == 1

    desk = a_desk(any_app)
    with any_app.app_context(), db.write():
        since, until, by = on("09:00"), on("14:00"), factories.viewer("lead.admin").id
        early = factories.viewer("desk1").id
        db.session.add(
            SignIn(person_id=early, day=since.date(), came_at=on("07:55"), by_id=early, made_at=since)
        )
    tuesday = 1  # nobody came
    assert (sums(any_app, "desk1").days, sums(any_app, "desk1").absences) == (1, tuesday)
    with any_app.app_context(), db.write():
        gone = {"shift_id": desk.early, "person_id": early, "since": since, "until": until}
        db.session.add(Absence(number="QG-1", recorded_by_id=by, at=until, **gone))
    assert (sums(any_app, "desk1").days, sums(any_app, "desk1").absences) == (0, tuesday + 1)


@pytest.mark.clause("DR-17")
@pytest.mark.clause("DR-21")
def test_a_running_shift_that_was_taken_over_is_begun_by_one_and_ended_by_the_other() -> None:
    shift, ten = Seats(7, 1, 1, (2,), on("08:00"), on("14:00")), on("10:00")
    assert rules.own_shifts(2, [shift], {}, {}) == [(7, on("08:00"), on("14:00"))]
    assert rules.own_shifts(2, [shift], {(1, 7): ten}, {(2, 7): ten}) == [(7, ten, on("14:00"))]
    assert rules.own_shifts(1, [shift], {(1, 7): ten}, {(2, 7): ten}) == [(7, on("08:00"), ten)]
    assert rules.own_shifts(3, [shift], {(1, 7): ten}, {(2, 7): ten}) == []


CORRECTION: dict[str, Any] = {
    "day": "2026-03-02",
    "came_at": "2026-03-02T08:25",
    "left_at": "2026-03-02T17:35",
    "reason": "忘记签到",
}


@pytest.mark.clause("DR-17")
def test_a_correction_is_a_further_row_by_the_head(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    as_("emp.tech").send("/duty/attendance/sign-in")
    url = f"/duty/attendance/of/{factories.id_of(app, 'emp.tech')}"
    lead = as_("lead.tech")
    assert as_("lead.admin").get(url).status_code == 404
    assert as_("emp.tech").get(url).status_code == 200
    assert as_("emp.tech").send(f"{url}/correct", **CORRECTION).status_code == 403
    wrong: dict[str, Any]
    for wrong in (
        {"reason": ""},
        {"came_at": "2026-03-01T08:00"},
        {"day": "2026-03-05"},
        {"left_at": "2026-03-02T08:00"},
    ):
        assert lead.send(f"{url}/correct", **CORRECTION | wrong).status_code == 422, wrong
    for _ in range(2):
        assert lead.send(f"{url}/correct", **CORRECTION, idempotency_key="k").status_code == 303
    assert sums(app, "emp.tech").late == 0
    with app.app_context():
        rows = list(db.session.scalars(sa.select(SignIn).order_by(SignIn.round)))
    assert [(row.round, row.reason) for row in rows] == [(0, ""), (1, "忘记签到")]
    own = lead.send(f"/duty/attendance/of/{factories.id_of(app, 'lead.tech')}/correct", **CORRECTION)
    assert (own.status_code, "DR-17" in own.text) == (409, True)
    assert "忘记签到" in lead.get(url).text
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-17")
def test_a_closed_month_is_fixed(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    as_("emp.tech").send("/duty/attendance/sign-in")
    office, url = as_("office1"), f"/duty/attendance/of/{factories.id_of(app, 'emp.tech')}/correct"
    assert office.send("/duty/attendance/close/2026-03").status_code == 409  # it is not over
    at("Wed 2026-04-01 09:00")
    office = client_of(app, "office1")
    assert as_("lead.tech").send("/duty/attendance/close/2026-03").status_code == 403
    assert office.send("/duty/attendance/close/2026-03").status_code == 303
    assert office.send("/duty/attendance/close/2026-03").status_code == 409
    refused = as_("lead.tech").send(url, **CORRECTION)
    assert (refused.status_code, "DR-17" in refused.text) == (409, True)
    with app.app_context():
        (row,) = db.session.scalars(
            sa.select(AttendanceSum).where(AttendanceSum.person_id == factories.viewer("emp.tech").id)
        )
        assert (row.days, row.late, row.minutes, row.percent) == (1, 1, 30, "1")
    page = as_("lead.tech").get("/duty/attendance/sheet?month=2026-03").text
    assert "the figures are fixed" in page


def test_a_correction_and_the_closing_queue_at_the_month(any_app: Flask, at: At) -> None:
    at("Wed 2026-04-01 09:00")
    with any_app.app_context():
        lead, office = factories.viewer("lead.tech"), factories.viewer("office1")
        person, now = factories.viewer("emp.tech").id, clock.now()
        given: dict[str, Any] = {"came_at": None, "left_at": None, "excused": True, "reason": "外出"}
        with db.write():
            actions.correct(person, date(2026, 3, 2), by=lead, now=now, **given)
            actions.close("2026-03", MARCH, by=office, now=now)
        with pytest.raises(Refused), db.write():
            actions.correct(person, date(2026, 3, 3), by=lead, now=now, **given)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AttendanceMonth)) == 1
        with pytest.raises(DBAPIError, match="append-only"), db.write():
            db.session.execute(sa.text("UPDATE attendance SET reason = 'x'"))


def test_each_reads_the_sheet_of_the_own_people(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    for username, address, status in (
        ("lead.tech", "", 200), ("lead.tech", "?department=admin", 404), ("emp.tech", "", 403),
        ("office1", "?department=admin", 200), ("gm", "?department=impl&month=2026-02", 200),
    ):  # fmt: skip
        assert as_(username).get(f"/duty/attendance/sheet{address}").status_code == status, (
            username,
            address,
        )
    assert as_("lead.tech").get("/duty/attendance/export?month=2026-03").status_code == 200
    assert "Sheet of attendance" in as_("lead.tech").get("/duty/attendance/print/2026-03").text


@pytest.mark.parametrize(
    ("value", "fits"), [("09:00", True), ("9:00", False), ("24:00", False), ("early", False)]
)
def test_the_hours_are_times_of_the_day(app: Flask, value: str, fits: bool) -> None:
    with app.app_context():
        assert (policies.objections("attendance.starts", value) == []) is fits
