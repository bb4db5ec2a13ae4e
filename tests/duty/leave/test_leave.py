"""Leave: a substitute who is free, qualified and rested accepts, the head approves, and the shifts change hands."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.duty.leave import queries
from portal.blueprints.duty.leave.codes import Answer, State
from portal.blueprints.duty.leave.models import Absence, Leave, Takeover
from portal.blueprints.duty.posts import actions as posts
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.rosters import picture
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.duty.leave.making import FRIDAY, THURSDAY, a_desk, ask, rows, stored, sweep, told
from tests.duty.posts.making import a_shift

HEAD = "lead.admin"
SICK: dict[str, Any] = {"kind": "sick"}


@pytest.mark.clause("DR-04")
def test_a_substitute_accepts_the_head_approves_and_the_shift_changes_hands(any_app: Flask, as_: As) -> None:
    desk = a_desk(any_app, "desk1 03 day", "desk2 04 day")
    page = as_("desk1").get("/duty/leave/new?starts_at=2026-03-03T08:00&ends_at=2026-03-03T18:00").text
    assert 'value="desk2"' in page
    assert 'value="emp.tech"' not in page, "only those are offered who may take it"
    leave = ask(as_("desk1"), substitute="desk2")
    here = f"/duty/leave/{leave}/"
    assert told(any_app, "leave:asked") == ["desk2"]
    assert here in as_("desk2").get("/").text, "it waits on the substitute's day"
    early = as_(HEAD).send(here + "approve")
    assert (early.status_code, "DR-04" in early.text) == (409, True)
    assert as_("desk1").send(here + "approve").status_code == 403
    assert as_("emp.tech").get(here).status_code == 404
    assert as_("emp.tech").send(here + "accept").status_code == 404
    assert as_("desk2").send(here + "accept").status_code == 303
    assert told(any_app, "leave:decide") == [HEAD]
    assert desk.whose("desk1 03 day") == "desk1"
    assert factories.notices(any_app, kind="leave:decide")[0].address == f"{here}?do=approve"
    assert as_(HEAD).send(here + "approve").status_code == 303
    assert (desk.whose("desk1 03 day"), stored(any_app, Leave, leave).state) == ("desk2", State.APPROVED)
    assert set(told(any_app, "leave:approved")) == {"desk1", "desk2"}
    again = as_("office1").send(here + "approve")
    assert (again.status_code, "DR-04" in again.text) == (409, True)
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("DR-04")
@pytest.mark.clause("DR-21")
@pytest.mark.parametrize(
    ("shifts", "substitute", "said"),
    [
        (("desk1 03 day", "desk2 03 night"), "desk2", "another shift on that day"),
        (("desk1 03 day", "desk2 02 night"), "desk2", "too little rest"),
        (("desk1 03 day",), "emp.tech", "working limits"),
        (("desk1 03 day",), "office1", "working limits"),
    ],
    ids=["busy", "tired", "not rostered", "unqualified"],
)
def test_who_is_not_free_qualified_and_rested_is_refused(
    app: Flask, as_: As, shifts: tuple[str, ...], substitute: str, said: str
) -> None:
    a_desk(app, *shifts)
    sent: dict[str, Any] = {"starts_at": "2026-03-03T08:00", "ends_at": "2026-03-03T18:00", "reason": "看病"}
    answer = as_("desk1").send("/duty/leave/new", substitute=substitute, **sent)
    assert answer.status_code == 409
    assert all(words in answer.text for words in ("DR-04", "DR-21", said, "看病"))
    assert rows(app, Leave) == []


@pytest.mark.clause("DR-04")
@pytest.mark.parametrize("meanwhile", ["shift", "leave", "unqualified"])
def test_what_happened_to_the_substitute_meanwhile_is_asked_again(
    app: Flask, as_: As, at: At, meanwhile: str
) -> None:
    desk = a_desk(app, "desk1 03 day", "nobody 02 night")
    leave = ask(as_("desk1"), substitute="desk2")
    as_("desk2").send(f"/duty/leave/{leave}/accept")
    if meanwhile == "shift":
        with app.app_context(), db.write():
            night = db.session.get_one(Shift, desk.shifts["nobody 02 night"])
            night.person_id = factories.viewer("desk2").id
    elif meanwhile == "leave":
        other = ask(as_("desk2"))
        assert as_(HEAD).send(f"/duty/leave/{other}/approve").status_code == 303
    else:
        with app.app_context(), db.write():
            post = db.session.get_one(Post, desk.office.post)
            office = factories.viewer("office1").id
            who = factories.viewer("desk2").id
            posts.qualify(post, who, None, date(2026, 3, 2), by=office, now=clock.now())
    answer = as_(HEAD).send(f"/duty/leave/{leave}/approve")
    assert (answer.status_code, "DR-04" in answer.text, "DR-21" in answer.text) == (409, True, True)
    assert (desk.whose("desk1 03 day"), stored(app, Leave, leave).state) == ("desk1", State.ACCEPTED)


@pytest.mark.clause("DR-04")
def test_several_shifts_have_several_substitutes_and_a_no_asks_for_another(app: Flask, as_: As) -> None:
    desk = a_desk(app, "desk1 03 day", "desk1 04 day", "desk2 03 night")
    span: dict[str, Any] = {"ends_at": "2026-03-04T18:00"}
    third, fourth = (desk.shifts[f"desk1 0{day} day"] for day in (3, 4))
    lacking = as_("desk1").send(
        "/duty/leave/new", starts_at="2026-03-03T08:00", reason="婚假", **span,
        **dict[str, Any]({f"substitute_{third}": "emp.admin"}),
    )  # fmt: skip
    assert (lacking.status_code, "DR-04" in lacking.text, "婚假" in lacking.text) == (422, True, True)
    named: dict[str, Any] = {f"substitute_{third}": "emp.admin", f"substitute_{fourth}": "gm"}
    leave = ask(as_("desk1"), **span, **named)
    here = f"/duty/leave/{leave}/"
    assert as_("gm").send(here + "accept").status_code == 303
    assert stored(app, Leave, leave).state is State.ASKED
    assert as_("emp.admin").send(here + "decline", note="有事").status_code == 303
    assert stored(app, Leave, leave).state is State.SEEKING
    assert told(app, "leave:refused") == ["desk1"]
    page = as_("desk1").get(here)
    assert "name-substitute" in page.text
    assert as_("desk1").send(here + "name").status_code == 422
    assert as_("desk1").send(here + "name", substitute="desk2").status_code == 409, "a night follows"
    assert as_("desk1").send(here + "name", substitute="lead.admin").status_code == 303
    assert as_("lead.admin").send(here + "accept").status_code == 303
    assert as_("lead.admin").send(here + "approve").status_code == 403, "nobody decides what is the own"
    assert as_("office2").send(here + "approve").status_code == 303
    assert (desk.whose("desk1 03 day"), desk.whose("desk1 04 day")) == ("lead.admin", "gm")


@pytest.mark.clause("DR-04")
@pytest.mark.clause("DR-01")
def test_a_shift_is_left_to_nobody_only_openly(app: Flask, as_: As) -> None:
    desk = a_desk(app, "desk1 03 day")
    leave = ask(as_("desk1"), **SICK)
    here = f"/duty/leave/{leave}/"
    assert stored(app, Leave, leave).state is State.SEEKING
    assert told(app, "leave:decide") == [HEAD]
    silent = as_(HEAD).send(here + "approve")
    assert (silent.status_code, "DR-04" in silent.text) == (409, True)
    assert desk.whose("desk1 03 day") == "desk1"
    assert as_(HEAD).send(here + "approve", gap_reason="无人可替，保安代看").status_code == 303
    assert desk.whose("desk1 03 day") == ""
    assert set(told(app, "leave:gap")) == {"office1", "office2"}
    roster = as_("emp.tech").get(f"/duty/rosters/{desk.roster}/").text
    assert "无人可替" in roster
    # What nobody has is offered by the office, and taken like any other shift.
    offered = as_("office1").send("/duty/swaps/new", shift=str(desk.shifts["desk1 03 day"]))
    assert offered.status_code == 303
    swap = offered.headers["Location"]
    assert as_("desk2").send(swap + "accept").status_code == 303
    assert as_("gm").send(swap + "approve").status_code == 303
    assert desk.whose("desk1 03 day") == "desk2"
    assert "无人可替" not in as_("emp.tech").get(f"/duty/rosters/{desk.roster}/").text


def test_the_head_asks_for_who_is_absent_and_another_decides(app: Flask, as_: As) -> None:
    a_desk(app, "desk1 03 day")
    leave = ask(as_(HEAD), person="desk1")
    here = f"/duty/leave/{leave}/"
    assert told(app, "leave:for_you") == ["desk1"]
    assert told(app, "leave:decide") == ["gm"]
    assert as_(HEAD).send(here + "name", substitute="desk2").status_code == 303
    as_("desk2").send(here + "accept")
    assert as_(HEAD).send(here + "approve").status_code == 403
    assert as_("office1").send(here + "approve").status_code == 303
    assert as_("lead.tech").send("/duty/leave/new", person="desk1", starts_at="2026-03-05T08:00",
                                 ends_at="2026-03-05T18:00", reason="x").status_code == 403  # fmt: skip


@pytest.mark.clause("DR-21")
def test_planned_leave_needs_no_substitute_and_coming_rosters_keep_it(any_app: Flask, as_: As) -> None:
    desk = a_desk(any_app, least_week_minutes=40 * 60)
    leave = ask(as_("desk1"), starts_at="2026-03-16T00:00", ends_at="2026-03-18T12:00")
    assert as_(HEAD).send(f"/duty/leave/{leave}/approve").status_code == 303
    draft = desk.office.draft(date(2026, 3, 16), date(2026, 3, 22))
    with any_app.app_context():
        seen = picture.of(db.session.get_one(Roster, draft), clock.now())
        who, other = (seen.problem.person[factories.viewer(name).id] for name in ("desk1", "desk2"))
    monday, wednesday = date(2026, 3, 16), date(2026, 3, 18)
    assert who.leave == {monday, monday + timedelta(days=1)}
    assert who.away == {(wednesday, desk.office.day)}
    assert (other.least_minutes, who.least_minutes) == (2400, 2400 - 3 * 480)
    cell = as_("office1").get(f"/duty/rosters/{draft}/cell?person=desk1&day=2026-03-18").text
    assert "is not there" in cell
    assert "On leave" in as_("office1").get(f"/duty/rosters/{draft}/").text
    assert as_("desk1").send(f"/duty/leave/{leave}/withdraw").status_code == 303
    with any_app.app_context():
        seen = picture.of(db.session.get_one(Roster, draft), clock.now())
        assert not seen.problem.person[who.id].leave


@pytest.mark.clause("DR-04")
def test_leaving_a_running_shift_is_approved_at_once_or_is_an_absence(app: Flask, as_: As, at: At) -> None:
    desk = a_desk(app, "desk1 02 day", "desk2 03 day", "emp.admin 03 night")
    at("Mon 2026-03-02 11:00")
    now: dict[str, Any] = {"starts_at": "2026-03-02T11:00", "ends_at": "2026-03-02T17:30"}
    page = as_("desk1").get(f"/duty/leave/new?shift={desk.shifts['desk1 02 day']}").text
    assert "2026-03-02T11:00" in page
    leave = ask(as_("desk1"), substitute="emp.admin", **now)
    here = f"/duty/leave/{leave}/"
    early = ask(as_("desk2"), substitute="gm")
    nowhere = as_("desk2").send(f"/duty/leave/{early}/left")
    assert (nowhere.status_code, "DR-04" in nowhere.text) == (409, True), "no shift of desk2 is running"
    assert as_("desk1").send(here + "left").status_code == 303
    assert told(app, "leave:left") == [HEAD]
    as_("emp.admin").send(here + "accept")
    assert sweep(app) == []
    assert as_(HEAD).send(here + "approve").status_code == 303
    assert desk.whose("desk1 02 day") == "emp.admin"
    assert [(row.from_id, row.to_id) for row in rows(app, Takeover)] == [
        (factories.id_of(app, "desk1"), factories.id_of(app, "emp.admin"))
    ]
    assert "何敏" in as_("emp.tech").get("/duty/").text
    taken = as_("desk1").send(here + "withdraw")
    assert (taken.status_code, "DR-04" in taken.text) == (409, True), "what has begun is not withdrawn"
    assert rows(app, Absence) == []


@pytest.mark.clause("DR-04")
@pytest.mark.parametrize("ends", ["lapsed", "declined", "withdrawn"])
def test_who_left_and_was_given_no_leave_was_absent(any_app: Flask, as_: As, at: At, ends: str) -> None:
    a_desk(any_app, "desk1 02 day")
    at("Mon 2026-03-02 11:00")
    leave = ask(as_("desk1"), starts_at="2026-03-02T11:00", ends_at="2026-03-02T20:00", **SICK)
    here = f"/duty/leave/{leave}/"
    at("Mon 2026-03-02 11:20")
    as_("desk1").send(here + "left")
    if ends == "lapsed":
        at("Mon 2026-03-02 17:31")
        assert [line.split("\t")[1:] for line in sweep(any_app)] == [["leave", "lapsed (DR-04)"]]
        assert sweep(any_app) == []
    else:
        by, verb = (HEAD, "decline") if ends == "declined" else ("desk1", "withdraw")
        assert as_(by).send(here + verb).status_code == 303
    assert stored(any_app, Leave, leave).state == ends
    (absence,) = rows(any_app, Absence)
    with any_app.app_context():
        spans = [f"{clock.local(each):%H:%M}" for each in (absence.since, absence.until)]
        found = queries.turns_of(date(2026, 3, 2), date(2026, 3, 2))
        assert [(row.what, row.person_id) for row in found] == [("absence", factories.viewer("desk1").id)]
    assert spans == ["11:20", "17:30"]
    assert told(any_app, "absence:recorded") == ["desk1"]
    assert absence.number in client_of(any_app, "desk1").get("/duty/leave/absences").text
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("DR-04")
def test_a_leave_that_lapsed_says_nothing_of_absence_and_the_head_records_it(
    app: Flask, as_: As, at: At
) -> None:
    desk = a_desk(app, "desk1 03 day")
    leave = ask(as_("desk1"), substitute="desk2")
    at("Tue 2026-03-03 08:01")
    as_ = partial(client_of, app)
    late = as_("office1").send(f"/duty/leave/{leave}/approve", gap_reason="x")
    assert (late.status_code, "DR-04" in late.text) == (409, True)
    assert len(sweep(app)) == 1
    assert (stored(app, Leave, leave).state, rows(app, Absence)) == (State.LAPSED, [])
    at("Tue 2026-03-03 10:00")
    as_ = partial(client_of, app)
    away: dict[str, Any] = {"person": "desk1", "since": "2026-03-03T09:00", "until": "2026-03-03T12:00"}
    assert as_("desk1").send("/duty/leave/absences", **away).status_code == 403
    assert as_("lead.tech").send("/duty/leave/absences", **away).status_code == 403
    elsewhen = away | {"since": "2026-03-02T09:00", "until": "2026-03-02T10:00"}
    assert as_(HEAD).send("/duty/leave/absences", **elsewhen).status_code == 422
    to_come = away | {"since": "2026-03-02T20:00", "until": "2026-03-06T00:00", "person": "desk2"}
    a_shift(app, desk.roster, desk.office.post, desk.office.day, THURSDAY, "desk2")
    assert as_(HEAD).send("/duty/leave/absences", **to_come).status_code == 422, (
        "nobody was absent from Thursday yet"
    )
    assert as_(HEAD).send("/duty/leave/absences", note="未到岗", **away).status_code == 303
    twice = as_(HEAD).send("/duty/leave/absences", **away)
    assert (twice.status_code, "DR-04" in twice.text) == (409, True)
    (absence,) = rows(app, Absence)
    assert absence.recorded_by_id == factories.id_of(app, HEAD)
    assert absence.number not in as_("desk2").get("/duty/leave/absences").text
    assert absence.number in as_("office1").get("/duty/leave/absences?person=desk1").text


def test_a_request_that_cannot_be_is_told_beside_its_fields(app: Flask, as_: As) -> None:
    a_desk(app, "desk1 03 day")
    cases: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"ends_at": "2026-03-03T07:00"}, 422, "ends after it begins"),
        ({"starts_at": "2026-03-01T07:00"}, 422, "asked for beforehand"),
        ({"substitute": "desk1"}, 422, "substitutes for themselves"),
        ({"substitute": "nobody.here"}, 422, "Nobody who works here"),
        ({"starts_at": "2026-13-01"}, 422, "2026-11-21 17:30"),
    )
    for fields, status, said in cases:
        sent: dict[str, Any] = {
            "starts_at": "2026-03-03T08:00",
            "ends_at": "2026-03-03T18:00",
            "reason": "看病",
        } | fields
        answer = as_("desk1").send("/duty/leave/new", **sent)
        assert (answer.status_code, said in text_of(answer)) == (status, True), text_of(answer)
    ask(as_("desk1"), substitute="desk2")
    again = as_("desk1").send("/duty/leave/new", **SICK, starts_at="2026-03-03T12:00",
                              ends_at="2026-03-04T18:00", reason="x")  # fmt: skip
    assert (again.status_code, "DR-04" in again.text) == (409, True)


def test_one_form_is_one_leave_and_lists_show_whose_turn_it_is(app: Flask, as_: As) -> None:
    a_desk(app, "desk1 03 day")
    sent: dict[str, Any] = {
        "starts_at": "2026-03-03T08:00",
        "ends_at": "2026-03-03T18:00",
        "reason": "看病",
        "substitute": "desk2",
    }
    for _ in range(2):
        assert as_("desk1").send("/duty/leave/new", idempotency_key="once", **sent).status_code == 303
    (leave,) = rows(app, Leave)
    listed = {
        ("desk1", ""): True, ("desk2", "?show=waiting"): True, (HEAD, "?show=waiting"): False,
        (HEAD, "?show=department"): True, ("emp.tech", "?show=department"): False, ("desk2", ""): False,
    }  # fmt: skip
    for (who, show), there in listed.items():
        assert (leave.number in as_(who).get(f"/duty/leave/{show}").text) == there, (who, show)
    form = as_("desk1").get(f"/duty/leave/{leave.id}/print").text
    assert "QR-DR-04" in form
    assert leave.number in form


def test_answers_have_an_end(app: Flask, as_: As) -> None:
    """The covers keep who said what."""
    a_desk(app, "desk1 05 day")
    leave = ask(as_("desk1"), starts_at=f"{THURSDAY}T08:00", ends_at=f"{FRIDAY}T08:00", substitute="desk2")
    as_("desk2").send(f"/duty/leave/{leave}/accept")
    as_("desk2").send(f"/duty/leave/{leave}/decline")
    with app.app_context():
        (cover,) = db.session.get_one(Leave, leave).covers
        assert (cover.answer, db.session.get_one(Leave, leave).state) == (Answer.DECLINED, State.SEEKING)
