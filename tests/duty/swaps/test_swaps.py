"""Swaps: offered, taken, approved; every rule of the roster is asked again each time; a running shift at once."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.duty.handover import who
from portal.blueprints.duty.leave import queries as leave_queries
from portal.blueprints.duty.leave.models import Absence
from portal.blueprints.duty.posts import actions as posts
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.rosters.codes import State as RosterState
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.blueprints.duty.swaps.codes import State
from portal.blueprints.duty.swaps.models import Swap
from portal.kernel import clock, reference
from portal.kernel.db import db
from portal.kernel.people import Person
from portal.kernel.rights import Role
from tests import factories
from tests.conftest import As, At, client_of
from tests.duty.handover.making import a_handover
from tests.duty.leave.making import a_desk, ask, offer, rows, stored, sweep, told
from tests.duty.posts.making import a_kind, a_roster, a_shift

HEAD = "lead.admin"


@pytest.mark.clause("DR-21")
def test_a_shift_is_offered_taken_given_back_taken_and_approved(any_app: Flask, as_: As) -> None:
    desk = a_desk(any_app, "desk1 03 day", "desk2 02 night")
    page = as_("desk1").get(f"/duty/swaps/new?shift={desk.shifts['desk1 03 day']}").text
    assert 'value="emp.admin"' in page
    assert 'value="desk2"' not in page, "who comes from the night is not listed"
    swap = offer(as_("desk1"), desk.shifts["desk1 03 day"], note="家长会")
    here = f"/duty/swaps/{swap}/"
    assert "emp.admin" in told(any_app, "swap:offered")
    assert not {"desk1", "desk2"} & set(told(any_app, "swap:offered"))
    assert as_(HEAD).send(here + "approve").status_code == 409
    tired = as_("desk2").send(here + "accept")
    assert (tired.status_code, "DR-21" in tired.text, "too little rest" in tired.text) == (409, True, True)
    assert "You cannot take this shift" in as_("desk2").get(here).text
    assert as_("desk1").send(here + "accept").status_code == 403
    assert as_("emp.admin").send(here + "accept").status_code == 303
    late = as_("gm").send(here + "accept")
    assert (late.status_code, "DR-21" in late.text) == (409, True)
    assert as_("gm").send(here + "untake").status_code == 403
    assert as_("emp.admin").send(here + "untake").status_code == 303
    assert stored(any_app, Swap, swap).taker_id is None
    as_(HEAD).send(here + "accept")
    assert as_(HEAD).send(here + "approve").status_code == 403, "nobody decides what is the own"
    as_(HEAD).send(here + "untake")
    assert as_("emp.admin").send(here + "accept").status_code == 303
    assert desk.whose("desk1 03 day") == "desk1"
    assert as_("emp.admin").send(here + "approve").status_code == 403
    assert factories.notices(any_app, kind="swap:decide")[0].address == f"{here}?do=approve"
    assert as_(HEAD).send(here + "approve").status_code == 303
    assert (desk.whose("desk1 03 day"), stored(any_app, Swap, swap).state) == ("emp.admin", State.APPROVED)
    assert as_("office1").send(here + "approve").status_code == 409
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("DR-21")
def test_a_head_who_takes_it_leaves_the_decision_to_the_other_head(app: Flask, as_: As) -> None:
    desk = a_desk(app, "desk1 03 day")
    with app.app_context(), db.write():
        db.session.get_one(Person, factories.id_of(app, "desk2")).role = Role.LEAD
        reference.changed()
    swap = offer(as_("desk1"), desk.shifts["desk1 03 day"])
    assert as_(HEAD).send(f"/duty/swaps/{swap}/accept").status_code == 303
    waits = {name: [kind for _, kind in factories.waiting(app, name)] for name in (HEAD, "desk2")}
    assert waits == {HEAD: [], "desk2": ["approve-swap"]}


@pytest.mark.clause("DR-21")
@pytest.mark.parametrize("same_day", [True, False])
def test_two_shifts_are_exchanged(any_app: Flask, as_: As, same_day: bool) -> None:
    theirs = "desk2 03 night" if same_day else "desk2 05 day"
    desk = a_desk(any_app, "desk1 03 day", theirs)
    page = as_("desk1").get(f"/duty/swaps/new?shift={desk.shifts['desk1 03 day']}").text
    assert f'value="{desk.shifts[theirs]}"' in page
    swap = offer(as_("desk1"), desk.shifts["desk1 03 day"], exchange=str(desk.shifts[theirs]))
    here = f"/duty/swaps/{swap}/"
    assert as_("emp.admin").get(here).status_code == 404, "it is between two"
    assert as_("desk2").send(here + "accept").status_code == 303
    assert as_(HEAD).send(here + "approve").status_code == 303
    assert (desk.whose("desk1 03 day"), desk.whose(theirs)) == ("desk2", "desk1")


@pytest.mark.clause("DR-21")
def test_whom_a_rule_forbids_is_refused_when_it_is_offered(app: Flask, as_: As) -> None:
    desk = a_desk(app, "desk1 03 day", "desk2 03 night", "emp.admin 02 night", "desk1 04 day")
    shift = desk.shifts["desk1 03 day"]
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"to": "desk2"}, "another shift on that day"),
        ({"to": "emp.admin"}, "too little rest"),
        ({"to": "emp.tech"}, "working limits"),
        ({"to": "desk1"}, "somebody else"),
        ({"exchange": str(desk.shifts["desk2 03 night"])}, "too little rest"),
    )
    for fields, said in cases:
        answer = as_("desk1").send("/duty/swaps/new", shift=str(shift), **fields)
        assert (answer.status_code, said in answer.text, "DR-21" in answer.text) == (409, True, True), fields
    assert as_("desk2").send("/duty/swaps/new", shift=str(shift)).status_code == 403
    assert as_("desk2").get(f"/duty/swaps/new?shift={shift}").status_code == 403
    assert as_("desk1").send("/duty/swaps/new", shift="99").status_code == 404
    swap = offer(as_(HEAD), shift, to="gm")
    assert told(app, "swap:for_you") == ["desk1"], "on behalf of who is absent"
    twice = as_("desk1").send("/duty/swaps/new", shift=str(shift))
    assert (twice.status_code, "HB-" in twice.text) == (409, True)
    assert as_("gm").send(f"/duty/swaps/{swap}/decline", note="出差").status_code == 303
    assert stored(app, Swap, swap).state is State.DECLINED
    assert offer(as_("desk1"), shift, to="gm") != swap


@pytest.mark.clause("DR-21")
@pytest.mark.parametrize("meanwhile", ["rest", "leave", "unqualified", "moved", "begun"])
def test_everything_is_asked_again_when_it_is_approved(app: Flask, as_: As, at: At, meanwhile: str) -> None:
    desk = a_desk(app, "desk1 03 day", "nobody 02 night")
    swap = offer(as_("desk1"), desk.shifts["desk1 03 day"])
    assert as_("desk2").send(f"/duty/swaps/{swap}/accept").status_code == 303
    owner = "desk1"
    if meanwhile == "leave":
        leave = ask(as_("desk2"))
        assert as_(HEAD).send(f"/duty/leave/{leave}/approve").status_code == 303
    elif meanwhile == "begun":
        at("Tue 2026-03-03 08:30")
    else:
        with app.app_context(), db.write():
            desk2, gm = (factories.viewer(name).id for name in ("desk2", "gm"))
            if meanwhile == "rest":
                db.session.get_one(Shift, desk.shifts["nobody 02 night"]).person_id = desk2
            elif meanwhile == "moved":
                db.session.get_one(Shift, desk.shifts["desk1 03 day"]).person_id = gm
                owner = "gm"
            else:
                post, office = db.session.get_one(Post, desk.office.post), factories.viewer("office1").id
                posts.qualify(post, desk2, None, date(2026, 3, 2), by=office, now=clock.now())
    answer = client_of(app, HEAD).send(f"/duty/swaps/{swap}/approve")
    assert (answer.status_code, "DR-21" in answer.text) == (409, True)
    assert (desk.whose("desk1 03 day"), stored(app, Swap, swap).state) == (owner, State.TAKEN)


@pytest.mark.clause("DR-21")
def test_the_roster_that_goes_on_is_asked_too(app: Flask, as_: As) -> None:
    """A night on the last day of one roster leaves no rest before the first day of the next."""
    desk = a_desk(app, "desk1 15 night")
    later = a_roster(app, date(2026, 3, 16), date(2026, 3, 20))
    a_shift(app, later, desk.office.post, desk.office.day, date(2026, 3, 16), "desk2")
    shift = desk.shifts["desk1 15 night"]
    assert 'value="desk2"' not in as_("desk1").get(f"/duty/swaps/new?shift={shift}").text
    answer = as_("desk1").send("/duty/swaps/new", shift=str(shift), to="desk2")
    assert (answer.status_code, "too little rest" in answer.text) == (409, True)
    assert offer(as_("desk1"), shift, to="emp.admin")


@pytest.mark.clause("DR-21")
@pytest.mark.clause("DR-04")
@pytest.mark.parametrize("verdict", ["approve", "decline"])
def test_a_running_shift_is_taken_over_at_once_and_the_head_decides_about_leaving(
    any_app: Flask, as_: As, at: At, verdict: str
) -> None:
    desk = a_desk(any_app, "desk1 02 day", "desk2 01 night", "gm 02 night")
    at("Mon 2026-03-02 11:00")
    swap = offer(as_("desk1"), desk.shifts["desk1 02 day"])
    here = f"/duty/swaps/{swap}/"
    at("Mon 2026-03-02 11:10")
    busy = as_("gm").send(here + "accept")
    assert (busy.status_code, "DR-21" in busy.text) == (409, True)
    assert as_("emp.admin").send(here + "accept").status_code == 303
    taker = factories.id_of(any_app, "emp.admin")
    with any_app.app_context():
        (seats,) = who.on_duty(clock.now())[desk.office.post]
        assert seats.people == (taker,), "who answers for the post follows at once"
    assert told(any_app, "swap:at_once") == [HEAD]
    assert as_("emp.admin").send(here + "untake").status_code == 409
    assert as_("desk1").send(here + "withdraw").status_code == 409
    with any_app.app_context():
        turns = leave_queries.turns_of(date(2026, 3, 2), date(2026, 3, 2))
    assert [(row.what, row.person_id) for row in turns] == [
        ("gave", factories.id_of(any_app, "desk1")), ("took", taker)
    ]  # fmt: skip
    at("Mon 2026-03-02 18:00")
    assert sweep(any_app) == [], "it waits for the head although the shift is over"
    assert client_of(any_app, HEAD).send(here + verdict).status_code == 303
    assert desk.whose("desk1 02 day") == "emp.admin"
    absent = [(row.person_id, row.recorded_by_id) for row in rows(any_app, Absence)]
    desk1, head = (factories.id_of(any_app, name) for name in ("desk1", HEAD))
    assert absent == ([] if verdict == "approve" else [(desk1, head)])


@pytest.mark.clause("DR-21")
def test_a_night_that_runs_since_yesterday_is_taken_over_by_who_is_rested(
    app: Flask, as_: As, at: At
) -> None:
    desk = a_desk(app, "desk1 03 night", "desk2 03 day", "emp.admin 04 day")
    at("Wed 2026-03-04 02:00")
    as_ = partial(client_of, app)
    swap = offer(as_("desk1"), desk.shifts["desk1 03 night"])
    for who_, said in (("desk2", "another shift on that day"), ("emp.admin", "too little rest")):
        answer = as_(who_).send(f"/duty/swaps/{swap}/accept")
        assert (answer.status_code, said in answer.text) == (409, True), who_
    assert as_("gm").send(f"/duty/swaps/{swap}/accept").status_code == 303
    assert desk.whose("desk1 03 night") == "gm"


@pytest.mark.clause("DR-21")
def test_the_past_and_drafts_are_not_swapped_and_offers_lapse(app: Flask, as_: As, at: At) -> None:
    desk = a_desk(app, "desk1 03 day", "desk1 04 day", "desk2 05 day")
    swap = offer(as_("desk1"), desk.shifts["desk1 03 day"], to="gm")
    at("Tue 2026-03-03 08:30")
    as_ = partial(client_of, app)
    late = as_("gm").send(f"/duty/swaps/{swap}/accept")
    assert (late.status_code, "DR-21" in late.text) == (409, True)
    assert len(sweep(app)) == 1
    assert sweep(app) == []
    assert stored(app, Swap, swap).state is State.LAPSED
    at("Tue 2026-03-03 17:30")
    as_ = partial(client_of, app)
    offer(as_("desk1"), desk.shifts["desk1 03 day"], 409)
    with app.app_context(), db.write():
        db.session.get_one(Roster, desk.roster).state = RosterState.DRAFT
    offer(as_("desk1"), desk.shifts["desk1 04 day"], 404)


def test_an_address_may_say_any_number(any_app: Flask, as_: As) -> None:
    huge = 10**17
    for address in ("swaps/new?shift={}", "leave/new?shift={}", "swaps/{}/", "leave/{}/"):
        assert as_("desk1").get(f"/duty/{address.format(huge)}").status_code == 404, address
    for address in ("swaps/", "leave/", "leave/absences"):
        for place in ("before", "after"):
            assert as_("desk1").get(f"/duty/{address}?{place}={huge}").status_code == 200, address


def test_lists_show_what_may_be_taken_and_whose_turn_it_is(app: Flask, as_: As) -> None:
    desk = a_desk(app, "desk1 03 day", "desk1 04 day", "gm 05 night")
    first = desk.shifts["desk1 03 day"]
    for _ in range(2):
        answer = as_("desk1").send("/duty/swaps/new", shift=str(first), idempotency_key="once")
        assert answer.status_code == 303
    named = offer(as_("desk1"), desk.shifts["desk1 04 day"], to="desk2")
    one, other = (row.number for row in rows(app, Swap))
    for who_, show, there in (
        ("desk1", "", (True, True)), ("desk2", "?show=open", (True, False)), ("desk2", "?show=waiting", (False, True)),
        ("emp.tech", "?show=open", (True, False)), (HEAD, "?show=department", (True, True)),
        (HEAD, "?show=waiting", (False, False)),
    ):  # fmt: skip
        page = as_(who_).get(f"/duty/swaps/{show}").text
        assert (one in page, other in page) == there, (who_, show)
    as_("desk2").send(f"/duty/swaps/{named}/accept")
    assert other in as_(HEAD).get("/duty/swaps/?show=waiting").text
    mine = as_("desk1").get("/duty/rosters/wishes").text
    assert f"/duty/swaps/new?shift={first}" in mine
    assert f"/duty/leave/new?shift={first}" in mine
    assert f"/duty/swaps/new?shift={first}" in as_("desk1").get(f"/duty/rosters/{desk.roster}/").text
    assert as_("desk1").send(f"/duty/swaps/{named}/withdraw").status_code == 303
    assert told(app, "swap:withdrawn") == ["desk2"]


@pytest.mark.clause("DR-21")
def test_an_open_handover_waits_for_who_has_the_shift_now(app: Flask, as_: As, at: At) -> None:
    desk = a_desk(app, "desk1 02 day")
    times = {"letter": "E", "starts": "17:30", "ends": "22:00", "name": "晚班", "name_en": "Evening"}
    evening = a_kind(app, "evening", **times)
    shift = a_shift(app, desk.roster, desk.office.post, evening, date(2026, 3, 2), "emp.admin")
    at("Mon 2026-03-02 17:20")
    as_ = partial(client_of, app)
    a_handover(app)
    waits = ("handover-count",)
    assert [kind for _number, kind in factories.waiting(app, "emp.admin")] == [*waits]
    swap = offer(as_("emp.admin"), shift, to="desk2")
    as_("desk2").send(f"/duty/swaps/{swap}/accept")
    assert as_(HEAD).send(f"/duty/swaps/{swap}/approve").status_code == 303
    assert "handover-count" in [kind for _number, kind in factories.waiting(app, "desk2")]
    assert factories.waiting(app, "emp.admin") == []
    assert as_("desk2").get("/duty/handover/1").status_code == 200
