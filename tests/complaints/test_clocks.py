"""Every limit of the regulations: what starts it, when it runs out, what meets it, what moves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints import watch
from portal.blueprints.complaints.codes import (
    Category,
    Decision,
    Escalation,
    Kind,
    Outcome,
    SpecialLimit,
    State,
    Urgency,
)
from portal.kernel import clock, figures, policies, timers
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.kernel.moments import at as moment

CALM: dict[str, Any] = {}
SPECIAL = {"urgency": Urgency.SPECIAL, "handler": "sup.tech"}
URGENT = {"urgency": Urgency.URGENT}
ABOUT = {"category": Category.SERVICE, "concerned": "emp.impl", "department": "tech"}


def due(app: Flask, number: str, kind: str) -> datetime | None:
    return factories.clocks(app, number, kind)[-1].due_at


# Monday 2 March 2026, nine o'clock, unless another start is given. Work: 8:30-12:00 and 13:30-17:30.
@pytest.mark.parametrize(
    ("clause", "kind", "start", "state", "chosen", "limit", "runs_out"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-12", "first_contact", "Mon 2026-03-02 09:00", State.ROUTED, CALM, "0.5 wh", "Mon 2026-03-02 09:30"),
            ("CP-12", "first_contact", "Mon 2026-03-02 11:45", State.ROUTED, CALM, "0.5 wh", "Mon 2026-03-02 13:45"),
            ("CP-12", "first_contact", "Fri 2026-03-06 17:20", State.ROUTED, CALM, "0.5 wh", "Mon 2026-03-09 08:50"),
            ("CP-12", "first_contact", "Sat 2026-03-07 22:00", State.ROUTED, URGENT, "30 min", "Sat 2026-03-07 22:30"),
            ("CP-13", "on_site", "Sun 2026-03-08 03:00", State.REGISTERED, URGENT, "10 min", "Sun 2026-03-08 03:10"),
            ("CP-13", "solution", "Mon 2026-03-02 09:00", State.REGISTERED, CALM, "2 wd", "Wed 2026-03-04 17:30"),
            ("CP-13", "solution", "Thu 2026-03-05 16:00", State.REGISTERED, URGENT, "2 wd", "Mon 2026-03-09 17:30"),
            ("CP-14", "answer", "Fri 2026-03-06 17:00", State.REGISTERED, CALM, "24 h", "Sat 2026-03-07 17:00"),
            ("CP-14", "whole_case", "Mon 2026-03-02 09:00", State.REGISTERED, CALM, "3 wd", "Thu 2026-03-05 17:30"),
            ("CP-14", "whole_case", "Wed 2026-09-30 17:00", State.REGISTERED, CALM, "3 wd", "Sat 2026-10-10 17:30"),
            ("CP-14", "whole_case", "Mon 2026-03-02 09:00", State.REGISTERED, URGENT, "3 wd", "Thu 2026-03-05 17:30"),
            ("CP-14", "whole_case", "Mon 2026-03-02 09:00", State.REGISTERED, SPECIAL, "7 wd", "Wed 2026-03-11 17:30"),
            ("CP-35", "verification", "Mon 2026-03-02 09:00", State.ACCEPTED, CALM, "0 wd", "Mon 2026-03-02 17:30"),
            ("CP-35", "verification", "Mon 2026-03-02 19:00", State.ACCEPTED, CALM, "0 wd", "Tue 2026-03-03 17:30"),
            ("CP-19", "result", "Mon 2026-03-02 09:00", State.RESOLVED, CALM, "0 wd", "Mon 2026-03-02 17:30"),
            ("CP-18", "follow_up", "Mon 2026-03-02 09:00", State.REPORTED, CALM, "0 wd", "Mon 2026-03-02 17:30"),
            ("CP-09", "opinion", "Mon 2026-03-02 09:00", State.RESOLVED, ABOUT, "1 wd", "Tue 2026-03-03 17:30"),
        )
    ],
)  # fmt: skip
def test_a_limit_runs_out(
    app: Flask,
    at: At,
    clause: str,
    kind: str,
    start: str,
    state: State,
    chosen: dict[str, Any],
    limit: str,
    runs_out: str,
) -> None:
    at(start)
    found = factories.the_clock(app, factories.a_case(app, state, **chosen), kind)
    assert (found.clause, found.limit, found.started_at) == (clause, limit, moment(start))
    assert found.due_at == moment(runs_out)


@pytest.mark.clause("CP-08")
@pytest.mark.clause("CP-16")
@pytest.mark.parametrize(
    ("why", "kind", "clause"),
    [(Escalation.UNSOLVED, "escalated", "CP-08"), (Escalation.MAJOR, "decision", "CP-16")],
)
def test_what_is_handed_up_has_a_day(app: Flask, why: Escalation, kind: str, clause: str) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "escalate", number, kind=why, reason="无法解决")
    found = factories.the_clock(app, number, kind)
    assert (found.clause, found.limit, found.due_at) == (clause, "24 h", moment("Tue 2026-03-03 09:00"))


@pytest.mark.clause("CP-18")
def test_a_further_call_has_a_working_day(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED)
    factories.do(app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER)
    found = factories.the_clock(app, number, "follow_up")
    assert (found.limit, found.due_at) == ("1 wd", moment("Tue 2026-03-03 17:30"))


@pytest.mark.clause("CP-12")
def test_special_urgent_contact_has_four_hours_at_any_hour(app: Flask, at: At) -> None:
    at("Sat 2026-03-07 22:00")
    number = factories.a_case(app, State.ROUTED, **URGENT)
    factories.do(app, "lead.tech", "special", number, limit=SpecialLimit.CONTACT, reason="路远")
    assert due(app, number, "first_contact") == moment("Sun 2026-03-08 02:00")


@pytest.mark.parametrize(
    ("clause", "kind", "state", "verb", "by", "given"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-12", "first_contact", State.ACCEPTED, "contact", "emp.tech", {"note": "下午上门"}),
            ("CP-14", "answer", State.ACCEPTED, "contact", "emp.tech", {"note": "原因已明", "substantive": True}),
            ("CP-35", "verification", State.ACCEPTED, "propose", "emp.tech", factories.PROPOSAL),
            ("CP-13", "solution", State.APPROVED, "resolve", "emp.tech", {"result": "已换"}),
            ("CP-14", "whole_case", State.RESOLVED, "report", "emp.tech", {"answer": "已修好"}),
            ("CP-19", "result", State.RESOLVED, "report", "emp.tech", {"answer": "已修好"}),
            ("CP-18", "follow_up", State.REPORTED, "follow-up", "desk1", {"outcome": Outcome.SATISFIED}),
        )
    ],
)  # fmt: skip
def test_a_limit_is_met(
    app: Flask, at: At, clause: str, kind: str, state: State, verb: str, by: str, given: dict[str, Any]
) -> None:
    number = factories.a_case(app, state)
    assert factories.the_clock(app, number, kind).clause == clause
    met = at("Mon 2026-03-02 09:10")
    factories.do(app, by, verb, number, **given)
    assert factories.clocks(app, number, kind)[-1].met_at == met


@pytest.mark.parametrize(
    ("clause", "kind", "clock_kind"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-14", Kind.COMPLAINT, "answer"),
            ("CP-14", Kind.COMPLAINT, "whole_case"),
            ("CP-12", Kind.COMPLAINT, "first_contact"),
            ("CP-19", Kind.COMPLAINT, "result"),
            ("CP-15", Kind.COMPLAINT, "promise"),
            ("CP-14", Kind.INQUIRY, "answer"),
            ("CP-12", Kind.INQUIRY, "first_contact"),
            ("CP-15", Kind.INQUIRY, "promise"),
            ("CP-35", Kind.INQUIRY, "verification"),
        )
    ],
)  # fmt: skip
def test_the_answer_meets_every_limit_that_asked_for_it(
    app: Flask, as_: As, at: At, clause: str, kind: Kind, clock_kind: str
) -> None:
    """The inquiry was taken for a complaint first, so that it has every limit that an inquiry can have."""
    number = factories.a_case(app, State.RESOLVED if kind is Kind.COMPLAINT else State.ACCEPTED)
    factories.do(app, "emp.tech", "promise", number, due_at=moment("Mon 2026-03-02 16:00"))
    if kind is Kind.INQUIRY:
        mended = {"kind": "inquiry", "category": "product", "content": "打印机怎么换墨"}
        assert as_("desk1").act(number, "edit", **mended).status_code == 303
    assert factories.the_clock(app, number, clock_kind).clause == clause
    met = at("Mon 2026-03-02 09:10")
    factories.do(app, "emp.tech", "report", number, answer="已修好")
    assert factories.clocks(app, number, clock_kind)[-1].met_at == met


@pytest.mark.parametrize(
    ("clause", "why", "clock_kind", "verb", "by", "given"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-08", Escalation.UNSOLVED, "escalated", "decide", "lead.tech", {"note": "换人去"}),
            ("CP-08", Escalation.UNSOLVED, "escalated", "resolve", "emp.tech", {"result": "已换"}),
            ("CP-16", Escalation.MAJOR, "decision", "decide", "office1", {"note": "按合同办"}),
        )
    ],
)
def test_a_decision_or_a_solution_ends_the_wait_for_one(
    app: Flask, clause: str, why: Escalation, clock_kind: str, verb: str, by: str, given: dict[str, Any]
) -> None:
    number = factories.a_case(app, State.APPROVED)
    factories.do(app, "emp.tech", "escalate", number, kind=why, reason="无法解决")
    assert factories.the_clock(app, number, clock_kind).clause == clause
    factories.do(app, by, verb, number, **given)
    assert factories.clocks(app, number, clock_kind)[-1].met_at is not None


@pytest.mark.clause("CP-15")
def test_a_call_before_routing_keeps_the_promise(app: Flask) -> None:
    number = factories.a_case(app)
    factories.do(app, "desk1", "promise", number, due_at=moment("Mon 2026-03-02 16:00"))
    factories.do(app, "desk1", "contact", number, note="已回电")
    assert factories.clocks(app, number, "promise")[0].met_at is not None


def test_a_mere_word_is_no_substantive_answer(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "contact", number, note="收到，在查")
    assert factories.the_clock(app, number, "answer").running


@pytest.mark.clause("CP-12")
def test_a_hand_over_restarts_a_state_clock_and_nothing_restarts_a_case_clock(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    before = {kind: due(app, number, kind) for kind in ("answer", "solution", "whole_case")}
    moved = at("Mon 2026-03-02 09:20")
    factories.do(app, "lead.tech", "assign", number, handler="sup.tech", reason="换人")
    assert factories.the_clock(app, number, "first_contact").started_at == moved
    assert due(app, number, "first_contact") == moment("Mon 2026-03-02 09:50")
    assert {kind: due(app, number, kind) for kind in before} == before
    at("Mon 2026-03-02 09:25")
    factories.do(app, "sup.tech", "contact", number, note="已联系")
    factories.do(app, "lead.tech", "assign", number, handler="emp.tech", reason="再换")
    assert not [c for c in factories.clocks(app, number, "first_contact") if c.running], (
        "the customer was called"
    )


@pytest.mark.clause("CP-13")
@pytest.mark.clause("CP-17")
def test_a_new_round_runs_on_the_old_case_clock(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.REPORTED)
    at("Tue 2026-03-03 10:00")
    factories.do(app, "desk1", "reopen", number, note="仍不满意")
    for kind, runs_out in (("solution", "Wed 2026-03-04 17:30"), ("whole_case", "Thu 2026-03-05 17:30")):
        found = factories.the_clock(app, number, kind)
        assert (found.started_at, found.due_at) == (moment("Mon 2026-03-02 09:00"), moment(runs_out))


@pytest.mark.parametrize("verb", ["note", "edit"])
def test_a_remark_or_an_edit_moves_no_clock(app: Flask, as_: As, at: At, verb: str) -> None:
    number = factories.a_case(app, State.ACCEPTED)

    def picture() -> list[tuple[Any, ...]]:
        return [(c.kind, c.started_at, c.due_at, c.met_at, c.next_at) for c in factories.clocks(app, number)]

    before = picture()
    at("Mon 2026-03-02 10:00")
    forms = {
        "note": {"note": "客户来电催问"},
        "edit": {"kind": "complaint", "category": "product", "content": "打印机仍漏墨"},
    }
    assert as_("desk1").act(number, verb, **forms[verb]).status_code == 303
    assert picture() == before


@pytest.mark.clause("CP-14")
def test_what_is_met_too_late_stays_in_the_books_as_overdue(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    at("Tue 2026-03-03 10:00")
    factories.do(app, "emp.tech", "contact", number, note="原因已明", substantive=True)
    (found,) = factories.clocks(app, number, "answer")
    assert found.breached_at == moment("Tue 2026-03-03 09:00"), "also when no sweep came between"


# -- pauses --------------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-14")
def test_waiting_for_the_customer_does_not_count(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    late = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "contact", number, note="请寄回检查")
    at("Mon 2026-03-02 10:00")
    factories.do(app, "emp.tech", "pause", late, reason="等客户寄回")
    assert factories.the_clock(app, late, "first_contact").due_at == moment("Mon 2026-03-02 09:30"), (
        "overdue stays"
    )
    factories.do(app, "desk1", "withdraw", late, reason="客户撤回")
    factories.do(app, "emp.tech", "pause", number, reason="等客户寄回")
    assert {c.due_at for c in factories.clocks(app, number) if c.running} == {None}
    assert factories.load(app, number).due_at is None
    at("Thu 2026-03-05 10:00")
    assert factories.sweep(app) == [], "nothing runs out while the customer is waited for"
    factories.do(app, "emp.tech", "resume", number)
    assert due(app, number, "answer") == moment("Fri 2026-03-06 09:00")
    assert due(app, number, "solution") == moment("Mon 2026-03-09 17:30")
    assert due(app, number, "whole_case") == moment("Tue 2026-03-10 17:30")
    assert due(app, number, "first_contact") == moment("Mon 2026-03-02 09:30"), (
        "what was overdue stays overdue"
    )


@pytest.mark.clause("CP-14")
def test_two_pauses_add_up_and_are_read_from_history(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    for begins, ends in (
        ("Mon 2026-03-02 10:00", "Mon 2026-03-02 12:00"),
        ("Mon 2026-03-02 14:00", "Mon 2026-03-02 15:00"),
    ):
        at(begins)
        factories.do(app, "emp.tech", "pause", number, reason="等客户")
        at(ends)
        factories.do(app, "desk1", "resume", number)
    assert due(app, number, "answer") == moment("Tue 2026-03-03 12:00")
    with app.app_context():
        case = watch.WATCH.load(factories.load(app, number).id)
        assert case is not None
        assert watch.WATCH.pauses(case) == [
            (moment("Mon 2026-03-02 10:00"), moment("Mon 2026-03-02 12:00")),
            (moment("Mon 2026-03-02 14:00"), moment("Mon 2026-03-02 15:00")),
        ]


@pytest.mark.clause("CP-14")
def test_a_pause_begins_and_ends_once(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    assert factories.refused(app, "emp.tech", "resume", number) == ["CP-14 not_paused"]
    factories.do(app, "emp.tech", "pause", number, reason="等客户")
    assert factories.refused(app, "lead.tech", "pause", number, reason="等客户") == ["CP-14 already_paused"]


@pytest.mark.clause("CP-14")
def test_a_limit_that_starts_in_a_pause_rests_with_the_others(app: Flask, at: At) -> None:
    number = factories.a_case(app)
    factories.do(app, "desk1", "pause", number, reason="等客户回信")
    factories.do(app, "desk1", "route", number)
    assert due(app, number, "first_contact") is None
    at("Mon 2026-03-02 11:00")
    factories.do(app, "desk1", "resume", number)
    assert due(app, number, "first_contact") == moment("Mon 2026-03-02 11:30")


@pytest.mark.clause("CP-14")
def test_an_extension_given_in_a_pause_holds_after_it(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "extend", number, until=moment("Mon 2026-03-16 17:30"), reason="等配件")
    factories.do(app, "emp.tech", "pause", number, reason="等客户")
    factories.do(app, "lead.tech", "extend", number, decision=Decision.YES)
    at("Mon 2026-03-02 11:00")
    factories.do(app, "emp.tech", "resume", number)
    assert due(app, number, "whole_case") == moment("Mon 2026-03-16 17:30")


# -- GO-05: figures are the general office's -----------------------------------------------------------------


def set_figure(
    app: Flask, key: str, value: str, *, from_: datetime | None = None, recompute: bool = False
) -> int:
    """What the limits page does: put a figure in force and, where asked, carry open cases along."""
    with app.app_context():
        by, now = factories.viewer("office1").id, clock.now()
        with db.write():
            policies.set_value(key, value, from_=from_ or now, reason="新规定", by=by, now=now)
            return sum(each(key, by, now) for each in policies.RECOMPUTE) if recompute else 0


@pytest.mark.clause("GO-05")
def test_a_new_figure_holds_for_new_cases_only(app: Flask, at: At) -> None:
    old = factories.a_case(app)
    at("Mon 2026-03-02 10:00")
    set_figure(app, "limit.solution", "5 wd")
    assert factories.the_clock(app, old, "solution").limit == "2 wd"
    new = factories.the_clock(app, factories.a_case(app), "solution")
    assert (new.limit, new.due_at) == ("5 wd", moment("Mon 2026-03-09 17:30"))
    line = [each for each in factories.events(app) if each.event == "policy:set"][-1]
    assert (line.clause, line.by_id) == ("GO-05", factories.id_of(app, "office1"))


@pytest.mark.clause("GO-05")
def test_a_figure_waits_for_its_date(app: Flask, at: At) -> None:
    set_figure(app, "limit.solution", "5 wd", from_=moment("Thu 2026-03-05 00:00"))
    assert factories.the_clock(app, factories.a_case(app), "solution").limit == "2 wd"
    at("Thu 2026-03-05 08:30")
    assert factories.the_clock(app, factories.a_case(app), "solution").limit == "5 wd"


@pytest.mark.clause("GO-05")
def test_open_cases_follow_only_when_the_office_asks_and_it_is_logged(app: Flask, at: At) -> None:
    number, closed = factories.a_case(app, State.ACCEPTED), factories.a_case(app, State.WITHDRAWN)
    at("Mon 2026-03-02 10:00")
    assert set_figure(app, "limit.solution", "5 wd", recompute=True) == 1
    assert due(app, number, "solution") == moment("Mon 2026-03-09 17:30"), "from its own start"
    (line,) = [each for each in factories.events(app, number) if each.event == "clock:recomputed"]
    assert (line.clause, line.by_id) == ("GO-05", factories.id_of(app, "office1"))
    assert factories.clocks(app, closed, "solution")[0].limit == "2 wd"


@pytest.mark.clause("GO-05")
def test_recomputing_one_figure_leaves_the_limits_of_another_alone(app: Flask) -> None:
    special, normal = factories.a_case(app, State.ROUTED), factories.a_case(app, State.ROUTED)
    factories.do(app, "lead.tech", "special", special, limit=SpecialLimit.CONTACT, reason="需查货")
    assert set_figure(app, "limit.first_contact.normal", "1 wh", recompute=True) == 1
    assert factories.the_clock(app, normal, "first_contact").limit == "1 wh"
    assert factories.the_clock(app, special, "first_contact").limit == "4 wh"
    assert set_figure(app, "limit.first_contact.special", "6 wh", recompute=True) == 1
    assert factories.the_clock(app, special, "first_contact").limit == "6 wh"


@pytest.mark.clause("GO-05")
def test_recomputing_moves_only_what_runs(app: Flask, at: At) -> None:
    called, handed_over = factories.a_case(app, State.ACCEPTED), factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "contact", called, note="已联系")
    at("Mon 2026-03-02 09:10")
    factories.do(app, "lead.tech", "assign", handed_over, handler="sup.tech", reason="换人")
    at("Mon 2026-03-02 09:15")
    assert set_figure(app, "limit.first_contact.normal", "1 wh", recompute=True) == 1
    limits = [each.limit for each in factories.clocks(app, handed_over, "first_contact")]
    assert limits == ["0.5 wh", "1 wh"], "what was handed over keeps what it had"
    assert [each.limit for each in factories.clocks(app, called, "first_contact")] == ["0.5 wh"]
    assert factories.load(app, handed_over).due_at == moment("Mon 2026-03-02 10:10"), "the list shows it"


@pytest.mark.clause("GO-05")
def test_recomputing_leaves_out_the_time_that_was_waited_for_the_customer(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "pause", number, reason="等客户")
    at("Mon 2026-03-02 11:00")
    factories.do(app, "emp.tech", "resume", number)
    set_figure(app, "limit.answer", "12 h", recompute=True)
    assert due(app, number, "answer") == moment("Mon 2026-03-02 23:00")
    assert factories.the_clock(app, number, "answer").policy_id == policy_id(app, "limit.answer")


@pytest.mark.clause("CP-18")
@pytest.mark.clause("GO-05")
def test_how_often_is_called_is_a_figure_of_the_offices(app: Flask) -> None:
    set_figure(app, "follow_up.tries", "2")
    number = factories.a_case(app, State.REPORTED)
    for reached in (False, True):
        factories.do(app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER)
        assert factories.load(app, number).not_reached is reached


def policy_id(app: Flask, key: str) -> int:
    with app.app_context():
        return policies.in_force(key, clock.now()).id


@pytest.mark.clause("GO-05")
def test_a_granted_extension_outlives_a_recomputing(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    until = moment("Mon 2026-03-16 17:30")
    factories.do(app, "emp.tech", "extend", number, until=until, reason="等配件")
    factories.do(app, "lead.tech", "extend", number, decision=Decision.YES)
    assert set_figure(app, "limit.solution", "5 wd", recompute=True) == 0
    assert due(app, number, "solution") == until


def test_the_row_of_a_case_shows_the_clock_that_runs_out_next(app: Flask) -> None:
    number = factories.a_case(app, State.ROUTED)
    case = factories.load(app, number)
    assert (case.due_kind, case.due_at) == ("first_contact", moment("Mon 2026-03-02 09:30"))
    archived = factories.load(app, factories.a_case(app, State.ARCHIVED))
    assert (archived.due_kind, archived.due_at) == ("", None)


def test_an_inquiry_has_no_solution_to_carry_out(app: Flask) -> None:
    number = factories.a_case(app, kind=Kind.INQUIRY)
    assert [c.kind for c in factories.clocks(app, number)] == ["answer"]
    assert factories.the_clock(app, number, "answer").limit == "24 h"


def test_every_clock_kind_has_a_figure_and_a_ladder(app: Flask) -> None:
    with app.app_context():
        for kind in (*watch.CLOCKS, "promise"):
            assert policies.value(f"ladder.{kind}", clock.now())
        for key, figure in figures.FIGURES.items():
            assert policies.in_force(key, clock.now()).clause == figure.clause
        kinds = {each.kind for each in db.session.scalars(sa.select(timers.Clock))}
    assert kinds <= {*watch.CLOCKS, "promise"}
