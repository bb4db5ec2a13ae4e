"""The customer is answered and called, both sides file, the case is put away: nothing before its time."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints import closing, queries
from portal.blueprints.complaints.closing import Loose
from portal.blueprints.complaints.codes import (
    Category,
    Decision,
    Kind,
    Outcome,
    ReadBack,
    SpecialLimit,
    State,
    Urgency,
)
from portal.kernel import files, history
from portal.kernel.db import db
from portal.kernel.sent_forms import SentForm
from portal.kernel.workflow import Attempt, Forbidden
from tests import factories
from tests.conftest import As, At, client_of
from tests.kernel.moments import at as moment


@pytest.mark.parametrize(
    ("clause", "code", "chosen", "loose"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-18", "not_followed_up", {"followed_up": None}, Loose()),
            ("CP-18", "call_again", {"followed_up": Outcome.NO_ANSWER}, Loose()),
            ("CP-17", "dissatisfied", {"followed_up": Outcome.DISSATISFIED}, Loose()),
            ("CP-17", "dissatisfied", {"satisfied": False}, Loose()),
            ("CP-19", "no_result", {"result": ""}, Loose()),
            ("CP-20", "not_filed", {"filed_at": None}, Loose()),
            ("CP-03", "not_confirmed", {"confirmed_at": None}, Loose()),
            ("CP-14", "special_unfounded", {"urgency": Urgency.SPECIAL}, Loose()),
            ("CP-09", "no_opinion", {"category": Category.SERVICE, "person_concerned_id": 7}, Loose()),
            ("CP-09", "no_opinion", {"category": Category.ATTITUDE, "person_concerned_id": 7}, Loose()),
            ("CP-15", "promise_open", {}, Loose(promises=1)),
            ("CP-16", "decision_open", {}, Loose(decisions=1)),
            ("CP-11", "assistance_open", {}, Loose(assistance=1)),
            ("CP-06", "question_open", {"asks": "extend"}, Loose()),
            ("CP-04", "read_back_missing", {"read_back": None}, Loose()),
        )
    ],
)
def test_one_thing_missing_is_one_reason(
    clause: str, code: str, chosen: dict[str, Any], loose: Loose
) -> None:
    assert closing.what_blocks_archive(factories.like_a_case(), Loose()) == []
    found = [(r.clause, r.code) for r in closing.what_blocks_archive(factories.like_a_case(**chosen), loose)]
    assert found == [(clause, code)]


ABOUT = {"category": Category.SERVICE, "person_concerned_id": 7}
NOTHING_DONE: dict[str, Any] = dict.fromkeys(
    ("followed_up", "satisfied", "filed_at", "confirmed_at", "resolved_at", "read_back")
) | {"result": "", "special_reason": ""}


@pytest.mark.parametrize(
    ("clause", "chosen"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-02", {"kind": Kind.INQUIRY, "followed_up": None, "result": "", "filed_at": None}),
            ("CP-02", {"kind": Kind.SUGGESTION, "followed_up": None, "result": ""}),
            ("CP-06", NOTHING_DONE | {"state": State.NOT_UPHELD, "read_back": "yes", "department": None}),
            ("CP-09", ABOUT | {"opinion_at": "yes"}),
            ("CP-09", ABOUT | {"category": Category.PRODUCT}),
            ("CP-09", ABOUT | {"kind": Kind.SUGGESTION}),
            ("CP-09", ABOUT | {"person_concerned_id": None}),
            ("CP-09", ABOUT | {"resolved_at": None}),
            ("CP-14", {"urgency": Urgency.SPECIAL, "special_reason": "需返厂"}),
            ("CP-14", {"urgency": Urgency.URGENT}),
            ("CP-18", {"followed_up": Outcome.NO_ANSWER, "not_reached": True, "satisfied": None}),
            ("CP-20", {"department": None, "filed_at": None}),
            ("CP-20", {"kind": Kind.INQUIRY, "filed_at": None}),
            ("CP-20", NOTHING_DONE | {"state": State.WITHDRAWN}),
        )
    ],
)
def test_nothing_is_asked_for_that_the_case_does_not_owe(clause: str, chosen: dict[str, Any]) -> None:
    assert closing.what_blocks_archive(factories.like_a_case(**chosen), Loose()) == [], clause


@pytest.mark.clause("CP-20")
@pytest.mark.clause("CP-18")
@pytest.mark.clause("CP-03")
@pytest.mark.clause("CP-15")
def test_everything_in_the_way_is_told_at_once(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    factories.do(
        app, "desk1", "promise", number, due_at=factories.load(app, number).registered_at + timedelta(days=1)
    )
    assert factories.refused(app, "desk1", "archive", number, evaluation="好") == [
        "CP-18 not_followed_up",
        "CP-20 not_filed",
        "CP-03 not_confirmed",
        "CP-15 promise_open",
    ]
    for htmx in (False, True):
        answer = as_("desk1").act(number, "archive", evaluation="好", htmx=htmx)
        assert answer.status_code == 409
        told = answer.headers["HX-Trigger"] if htmx else answer.text
        for clause in ("CP-18", "CP-20", "CP-03", "CP-15"):
            assert clause in told
            assert clause in answer.text


@pytest.mark.clause("CP-19")
def test_an_evaluation_comes_before_the_archive(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    for verb, who, given in factories.rest(State.REPORTED)[:-1]:
        factories.do(app, who, verb, number, **given)
    answer = as_("desk1").act(number, "archive", evaluation="  ")
    assert answer.status_code == 422
    assert "CP-19" in answer.text
    assert (number, "archive") in factories.waiting(app, "desk1")
    assert as_("desk1").act(number, "archive", evaluation="处理及时").status_code == 303
    assert factories.load(app, number).evaluation == "处理及时"


# -- CP-17: who reports, until the customer is satisfied ------------------------------------------------------


@pytest.mark.clause("CP-17")
def test_the_handler_reports_unless_both_sides_agree_on_another(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.RESOLVED)
    assert as_("desk1").act(number, "report", answer="已修好").status_code == 403
    factories.do(app, "emp.tech", "reporter", number, reporter="desk1")
    assert factories.refused(app, "lead.tech", "reporter", number, decision=Decision.YES) == [
        "CP-17 other_side_agrees"
    ]
    answer = as_("emp.tech").act(number, "reporter", decision="yes")
    assert answer.status_code == 409
    assert "CP-17" in answer.text
    factories.do(app, "desk2", "reporter", number, decision=Decision.YES)
    assert factories.load(app, number).reporter_id == factories.id_of(app, "desk1")
    assert (number, "report") in factories.waiting(app, "desk1")
    with pytest.raises(Forbidden):
        factories.do(app, "emp.tech", "report", number, answer="已修好")
    assert factories.do(app, "desk1", "report", number, answer="已修好") is State.REPORTED


@pytest.mark.clause("CP-17")
@pytest.mark.parametrize("other", ["desk2", "office1"])
def test_customer_service_and_the_general_office_speak_for_one_side(app: Flask, other: str) -> None:
    number = factories.a_case(app, State.RESOLVED)
    assert set(factories.told(app, "case:resolved")) == {"desk1"}, "whoever solved it knows"
    factories.do(app, "emp.tech", "reporter", number, reporter="desk1")
    factories.do(app, other, "reporter", number, decision=Decision.NO)
    assert factories.load(app, number).reporter_id is None, "a no leaves it with the handler"
    factories.do(app, "desk1", "reporter", number, reporter="desk1")
    if other != "office1":
        assert factories.refused(app, "office1", "reporter", number, decision=Decision.YES) == [
            "CP-17 other_side_agrees"
        ]
    factories.do(app, "emp.tech", "reporter", number, decision=Decision.YES)
    assert factories.load(app, number).reporter_id == factories.id_of(app, "desk1")


@pytest.mark.clause("CP-17")
def test_whoever_is_to_answer_sees_the_case(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.RESOLVED)
    factories.do(app, "lead.tech", "reporter", number, reporter="emp.impl")
    assert as_("emp.impl").get(f"/complaints/{number}").status_code == 404, "one side's word is a question"
    factories.do(app, "desk1", "reporter", number, decision=Decision.YES)
    assert as_("emp.impl").get(f"/complaints/{number}").status_code == 200
    assert factories.do(app, "emp.impl", "report", number, answer="已修好") is State.REPORTED


@pytest.mark.clause("CP-17")
def test_a_customer_who_is_satisfied_is_noted(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED)
    factories.do(app, "emp.tech", "satisfied", number, note="客户很满意")
    assert factories.load(app, number).satisfied is True


@pytest.mark.clause("CP-15")
def test_the_answer_keeps_what_was_promised(app: Flask) -> None:
    number = factories.a_case(app, State.RESOLVED)
    factories.do(app, "emp.tech", "promise", number, due_at=moment("Mon 2026-03-02 16:00"))
    factories.do(app, "emp.tech", "report", number, answer="已修好")
    assert [row.done_at for row in factories.dealings(app, number, "promise")] != [None]
    assert "CP-15 promise_open" not in factories.refused(app, "desk1", "archive", number, evaluation="好")


@pytest.mark.clause("CP-03")
@pytest.mark.clause("CP-17")
@pytest.mark.clause("CP-18")
@pytest.mark.clause("CP-20")
def test_a_dissatisfied_customer_begins_another_round(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    assert as_("desk1").act(number, "reopen").status_code == 422
    for verb, who in (("confirm", "desk1"), ("file", "lead.tech"), ("satisfied", "emp.tech")):
        factories.do(app, who, verb, number)
    factories.do(app, "desk1", "follow-up", number, outcome=Outcome.DISSATISFIED)
    assert "CP-17 dissatisfied" in factories.refused(app, "desk1", "archive", number, evaluation="好")
    assert (number, "reopen") in factories.waiting(app, "desk1")
    assert factories.do(app, "desk1", "reopen", number, note="又坏了") is State.REOPENED
    case = factories.load(app, number)
    assert (case.round, case.followed_up, case.confirmed_at, case.filed_at) == (2, None, None, None)
    assert (case.satisfied, case.tries, case.not_reached) == (None, 0, False)
    assert not [clock for clock in factories.clocks(app, number, "follow_up") if clock.running]
    assert factories.told(app, "case:reopened") == ["emp.tech", "lead.tech"]
    again: list[tuple[str, str, dict[str, Any]]] = [
        ("propose", "emp.tech", factories.PROPOSAL),
        ("approve", "lead.tech", {}),
        ("resolve", "emp.tech", {"result": "换机"}),
        ("report", "emp.tech", {"answer": "已换机"}),
        *factories.rest(State.REPORTED),
    ]
    for verb, who, given in again:
        factories.do(app, who, verb, number, **given)
    case = factories.load(app, number)
    assert (case.state, case.round) == (State.ARCHIVED, 2)
    assert [d.round for d in factories.dealings(app, number, "proposal")] == [1, 2]


@pytest.mark.clause("CP-17")
@pytest.mark.clause("CP-18")
def test_the_first_rounds_result_does_not_stand_for_the_second(app: Flask) -> None:
    number = factories.a_case(app, State.REOPENED)
    case = factories.load(app, number)
    assert (case.resolved_at, case.proposal_id, case.approved_by_id) == (None, None, None)
    assert not [c for c in factories.clocks(app, number, "follow_up") if c.running], "nor is its call made"


# -- CP-18: the call ------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-18")
def test_whoever_solved_or_answered_does_not_call(app: Flask, as_: As) -> None:
    number = factories.registered(app, by="emp.tech")
    factories.bring(app, number, State.REPORTED)  # emp.tech took it, solved it and answered
    assert factories.refused(app, "emp.tech", "follow-up", number, outcome=Outcome.SATISFIED) == [
        "CP-18 own_follow_up"
    ]
    answer = as_("emp.tech").act(number, "follow-up", outcome="satisfied")
    assert answer.status_code == 409
    assert "CP-18" in answer.text
    assert (number, "follow-up") in factories.waiting(app, "desk1"), "it waits for the desk"
    factories.do(app, "desk1", "follow-up", number, outcome=Outcome.SATISFIED)


@pytest.mark.clause("CP-18")
@pytest.mark.parametrize("part", ["handler_id", "resolved_by_id", "reported_by_id"])
def test_each_part_in_the_solution_bars_from_the_call(part: str) -> None:
    case = factories.like_a_case(
        **(dict.fromkeys(["handler_id", "resolved_by_id", "reported_by_id"], 1) | {part: 2})
    )
    for caller, against in ((2, ["own_follow_up"]), (3, [])):
        by = type("Caller", (), {"id": caller})()
        reason = closing.followed_up_by_another(Attempt(case, by, moment("Mon 2026-03-02 09:00"), {}))
        assert ([reason.code] if reason else []) == against


@pytest.mark.clause("CP-18")
def test_a_new_round_begins_with_its_own_calls(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED)
    assert factories.told(app, "case:reported") == ["desk1"]
    factories.do(app, "desk1", "no-contact", number, reason="号码已停机")
    factories.do(app, "desk2", "no-contact", number, decision=Decision.NO)
    assert factories.load(app, number).not_reached is False, "a no leaves everything as it was"
    for _ in range(3):
        factories.do(app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER)
    assert not [clock for clock in factories.clocks(app, number, "follow_up") if clock.running]
    factories.do(app, "desk1", "reopen", number, note="客户来电，仍不满意")
    case = factories.load(app, number)
    assert (case.tries, case.not_reached, case.followed_up) == (0, False, None)


@pytest.mark.clause("CP-18")
def test_whoever_solved_it_does_not_call_although_others_finished_it(app: Flask) -> None:
    number = factories.registered(app, by="emp.tech")
    factories.bring(app, number, State.RESOLVED)
    factories.do(app, "lead.tech", "assign", number, handler="sup.tech", reason="休假")
    factories.do(app, "sup.tech", "report", number, answer="已修好")
    assert factories.refused(app, "emp.tech", "follow-up", number, outcome=Outcome.SATISFIED) == [
        "CP-18 own_follow_up"
    ]


@pytest.mark.clause("CP-18")
def test_the_desk_does_not_call_after_its_own_answer(app: Flask) -> None:
    number = factories.a_case(app, State.RESOLVED)
    factories.do(app, "emp.tech", "reporter", number, reporter="desk1")
    factories.do(app, "desk2", "reporter", number, decision=Decision.YES)
    factories.do(app, "desk1", "report", number, answer="已修好")
    assert factories.refused(app, "desk1", "follow-up", number, outcome=Outcome.SATISFIED) == [
        "CP-18 own_follow_up"
    ]
    factories.do(app, "desk2", "follow-up", number, outcome=Outcome.SATISFIED)


@pytest.mark.clause("CP-18")
def test_three_calls_without_an_answer_count_as_not_reached(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.REPORTED)
    for verb, who, given in factories.rest(State.REPORTED)[1:-1]:
        factories.do(app, who, verb, number, **given)
    for day, left in (
        ("Mon 2026-03-02 15:00", ["CP-18 call_again"]),
        ("Tue 2026-03-03 15:00", ["CP-18 call_again"]),
    ):
        at(day)
        factories.do(app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER)
        assert factories.refused(app, "desk1", "archive", number, evaluation="好") == left
        assert (number, "follow-up") in factories.waiting(app, "desk1")
    at("Wed 2026-03-04 15:00")
    factories.do(app, "desk1", "follow-up", number, outcome=Outcome.NO_ANSWER)
    case = factories.load(app, number)
    assert (case.not_reached, case.tries, case.satisfied) == (True, 3, None)
    assert factories.refused(app, "desk1", "follow-up", number, outcome=Outcome.SATISFIED) == [
        "CP-18 tries_used"
    ]
    assert factories.do(app, "desk1", "archive", number, evaluation="未联系上") is State.ARCHIVED
    assert '"not_reached":true' in factories.events(app, number)[-1].details


@pytest.mark.clause("CP-18")
def test_nobody_can_be_reached_at_all_is_said_by_two(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    assert as_("desk1").act(number, "no-contact").status_code == 422
    factories.do(app, "desk1", "no-contact", number, reason="号码已停机")
    assert factories.refused(app, "desk1", "no-contact", number, decision=Decision.YES) == [
        "CP-18 asked_yourself"
    ]
    factories.do(app, "desk2", "no-contact", number, decision=Decision.YES)
    case = factories.load(app, number)
    assert (case.not_reached, case.followed_up) == (True, Outcome.NO_ANSWER)
    assert not [c for c in factories.clocks(app, number, "follow_up") if c.running]


@pytest.mark.clause("CP-18")
def test_a_later_call_may_ask_again(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED)
    factories.do(app, "desk1", "follow-up", number, outcome=Outcome.SATISFIED)
    factories.do(app, "desk2", "follow-up", number, outcome=Outcome.DISSATISFIED)
    assert "CP-17 dissatisfied" in factories.refused(app, "desk1", "archive", number, evaluation="好")


# -- CP-20: the archive --------------------------------------------------------------------------------------


@pytest.mark.clause("CP-20")
@pytest.mark.parametrize(
    ("chosen", "state", "years"),
    [
        ({}, State.REPORTED, 1),
        ({"major": True, "handler": "lead.tech"}, State.REPORTED, 3),
        ({"urgency": Urgency.URGENT}, State.REPORTED, 3),
    ],
)
def test_kept_one_year_and_important_ones_longer(
    app: Flask, chosen: dict[str, Any], state: State, years: int
) -> None:
    lead = "gm" if chosen.get("handler") == "lead.tech" else "lead.tech"
    number = factories.registered(app, **{k: v for k, v in chosen.items() if k != "handler"})
    handler = str(chosen.get("handler", "emp.tech"))
    factories.bring(app, number, State.PROPOSED, handler=handler)
    factories.do(app, lead, "approve", number)
    for verb, who, given in factories.rest(State.APPROVED, handler=handler):
        factories.do(app, who, verb, number, **given)
    case = factories.load(app, number)
    assert case.archived_at is not None
    assert case.keep_until is not None
    assert (case.keep_until - case.archived_at).days == 365 * years


@pytest.mark.clause("CP-20")
@pytest.mark.parametrize(
    ("chosen", "longer"),
    [({}, False), ({"major": True}, True), ({"urgency": Urgency.URGENT}, True), ({"round": 2}, True)],
)
def test_what_makes_a_case_important(chosen: dict[str, Any], longer: bool) -> None:
    assert closing.important(factories.like_a_case(**chosen)) is longer


@pytest.mark.clause("CP-20")
@pytest.mark.parametrize("urgency", [Urgency.NORMAL, Urgency.URGENT])
def test_an_archived_case_is_closed_to_every_verb(app: Flask, urgency: Urgency) -> None:
    number = factories.a_case(app, State.ARCHIVED, urgency=urgency)  # nobody recorded an arrival
    assert factories.refused(app, "office1", "note", number, note="x") == ["CP-03 wrong_state"]
    assert factories.refused(app, "office1", "reopen", number, note="x") == ["CP-17 wrong_state"]
    assert factories.waiting(app, "desk1") == []
    assert not [c for c in factories.clocks(app, number) if c.running]


@pytest.mark.clause("CP-20")
def test_the_department_files_its_copy_the_desk_its_own(app: Flask) -> None:
    number = factories.a_case(app, State.RESOLVED)
    with pytest.raises(Forbidden):
        factories.do(app, "desk1", "file", number)
    factories.do(app, "lead.tech", "file", number)
    assert factories.load(app, number).filed_at is not None
    with pytest.raises(Forbidden):
        factories.do(app, "lead.tech", "archive", number, evaluation="好")


@pytest.mark.parametrize(
    "state", [State.REGISTERED, State.ROUTED, State.ACCEPTED, State.PROPOSED, State.APPROVED]
)
def test_what_a_customer_takes_back_can_be_put_away(app: Flask, state: State) -> None:
    number = factories.a_case(app, state, urgency=Urgency.URGENT, read_back=None)
    factories.do(
        app, "desk1", "promise", number, due_at=factories.load(app, number).registered_at + timedelta(days=1)
    )
    factories.do(app, "desk1", "pause", number, reason="等客户")
    assert factories.do(app, "desk1", "withdraw", number, reason="客户撤回") is State.WITHDRAWN
    assert not [c for c in factories.clocks(app, number) if c.running]
    assert factories.waiting(app, "desk1") == [(number, "archive")]
    assert factories.waiting(app, "emp.tech") == factories.waiting(app, "lead.tech") == []
    assert factories.do(app, "desk1", "archive", number, evaluation="客户撤回") is State.ARCHIVED
    assert factories.waiting(app, "desk1") == []


@pytest.mark.clause("CP-06")
@pytest.mark.clause("CP-20")
@pytest.mark.parametrize("state", [State.REGISTERED, State.ROUTED, State.ACCEPTED])
def test_what_does_not_stand_can_be_put_away(app: Flask, state: State) -> None:
    number = factories.a_case(app, state)
    factories.do(
        app, "desk1", "promise", number, due_at=factories.load(app, number).registered_at + timedelta(days=1)
    )
    factories.do(app, "desk1", "not-upheld", number, reason="不属实", answer="已说明")
    factories.do(app, "office1", "not-upheld", number, decision=Decision.YES)
    if state is not State.REGISTERED:
        assert factories.refused(app, "desk1", "archive", number, evaluation="好") == ["CP-20 not_filed"]
        factories.do(app, "lead.tech", "file", number)
    assert factories.do(app, "desk1", "archive", number, evaluation="不成立") is State.ARCHIVED


# -- CP-20: the end of the term ------------------------------------------------------------------------------


def sent_forms(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(SentForm)) or 0


@pytest.mark.clause("CP-20")
def test_a_record_is_kept_for_its_term_and_disposed_of_by_two(app: Flask, at: At, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    client_of(app, "desk1").act(number, "note", note="客户再次致谢", idempotency_key="k")
    assert sent_forms(app) == 1
    for verb, who, given in factories.rest(State.REPORTED):
        factories.do(app, who, verb, number, **given)
    assert factories.refused(app, "office1", "dispose", number, reason="到期") == ["CP-20 term_runs"]
    at("Tue 2027-03-02 09:01")
    assert as_("desk1").act(number, "dispose", reason="到期").status_code == 403
    assert as_("office1").act(number, "dispose", reason="  ").status_code == 422
    factories.do(app, "office1", "dispose", number, reason="保存期满")
    assert factories.refused(app, "office1", "dispose", number, decision=Decision.YES) == [
        "CP-20 asked_yourself"
    ]
    assert as_("office2").act(number, "dispose").status_code == 422, "yes or no must be said"
    factories.do(app, "office2", "dispose", number, decision=Decision.YES)
    case = factories.load(app, number)
    assert (case.customer_name, case.content, case.answer, case.fields_digest) == ("", "", "", "")
    assert sent_forms(app) == 0, "whoever guesses the words could prove them by their digest"
    assert case.category is Category.PRODUCT, "codes stay for the figures"
    assert factories.refused(app, "office1", "dispose", number, reason="再来") == ["CP-20 disposed"]
    assert factories.history_faults(app) == [], "the chain stands without the words"
    for words in ("桂芳", "cgf", "打印机"):
        assert f"{number}</a>" not in as_("office1").get(f"/complaints/?words={words}").text
    page = as_("office1").get(f"/complaints/{number}").text
    assert "陈桂芳" not in page
    assert "墨" not in page


@pytest.mark.clause("CP-20")
def test_a_record_is_not_disposed_of_against_a_no(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ARCHIVED)
    at("Tue 2027-03-02 09:01")
    factories.do(app, "office1", "dispose", number, reason="保存期满")
    factories.do(app, "office2", "dispose", number, decision=Decision.NO)
    assert factories.load(app, number).customer_name == "陈桂芳"


@pytest.mark.clause("CP-20")
def test_a_record_is_disposed_of_after_its_term_by_two_people(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.ARCHIVED, content="打印机漏墨", customer_name="陈桂芳")
    again = {"reason": "the year is over"}
    assert factories.refused(any_app, "office1", "dispose", number, **again) == ["CP-20 term_runs"]

    later = at("Mon 2027-06-07 09:30")
    factories.do(any_app, "office1", "dispose", number, **again)
    own = factories.refused(any_app, "office1", "dispose", number, decision=Decision.YES)
    assert own == ["CP-20 asked_yourself"]
    assert factories.load(any_app, number).content == "打印机漏墨"

    factories.do(any_app, "office2", "dispose", number, decision=Decision.YES)
    case = factories.load(any_app, number)
    assert (case.content, case.customer_name, case.customer_phone, case.answer) == ("", "", "", "")
    assert (case.kind, case.department, case.state) == (Kind.COMPLAINT, "tech", State.ARCHIVED)
    assert all(
        row.note == row.answer == "" and row.options == [] for row in factories.dealings(any_app, number)
    )
    assert factories.history_faults(any_app) == []
    with any_app.app_context():
        office = factories.viewer("office1")
        assert queries.CaseList(office, words="桂芳").page(later)[0] == []
        words = db.session.scalars(sa.select(history.Text.words).where(history.Text.words.contains("陈桂芳")))
        assert list(words) == []
    assert factories.refused(any_app, "office1", "dispose", number, **again) == ["CP-20 disposed"]


# Every column in which somebody is named or something is told.
WORDS = (
    "content", "demand", "customer_name", "customer_pinyin", "customer_phone", "customer_address", "read_back_reason",
    "special_reason", "result", "answer", "evaluation",
)  # fmt: skip
MENDED = {
    "kind": "complaint", "category": "product", "content": "打印机漏墨", "demand": "来修", "customer_name": "陈桂芳",
    "customer_phone": "13900001234", "customer_address": "人民路 1 号",
}  # fmt: skip


@pytest.mark.clause("CP-20")
def test_no_word_of_anybody_outlives_the_term(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(
        app,
        State.ACCEPTED,
        urgency=Urgency.SPECIAL,
        handler="sup.tech",
        customer_address="人民路 1 号",
        customer_name="",
        read_back=ReadBack.NOT_POSSIBLE,
        read_back_reason="匿名来电",
    )
    letter = (BytesIO("墨盒漏墨".encode()), "letter.txt")
    assert as_("desk1").act(number, "edit", **MENDED).status_code == 303
    assert as_("desk1").act(number, "attach", files=letter).status_code == 303
    with app.app_context():
        (kept,) = files.of(factories.load(app, number))
        there = files.path_of(kept.sha256)
        assert there.exists()
    factories.do(app, "lead.tech", "special", number, limit=SpecialLimit.WHOLE, reason="需返厂")
    for verb, who, given in factories.rest(State.ACCEPTED, handler="sup.tech"):
        factories.do(app, who, verb, number, **given)
    full = factories.load(app, number)
    assert [name for name in WORDS if not getattr(full, name)] == []
    at("Mon 2029-06-04 09:30")
    factories.do(app, "office1", "dispose", number, reason="保存期满")
    factories.do(app, "office2", "dispose", number, decision=Decision.YES)
    empty = factories.load(app, number)
    assert [name for name in WORDS if getattr(empty, name)] == []
    assert not [row for row in factories.dealings(app, number) if row.note or row.answer or row.options]
    with app.app_context():
        assert files.of(empty) == []


@pytest.mark.clause("CP-20")
def test_the_list_of_what_may_be_disposed_of_is_the_general_offices(app: Flask, as_: As, at: At) -> None:
    kept, over, gone = (factories.a_case(app, State.ARCHIVED) for _ in range(3))
    address = "/complaints/?disposal=1"
    assert f"{over}</a>" not in as_("office2").get(address).text, "its term still runs"
    at("Tue 2027-03-02 09:01")
    factories.do(app, "office1", "dispose", gone, reason="保存期满")
    factories.do(app, "office2", "dispose", gone, decision=Decision.YES)
    later = factories.a_case(app, State.ARCHIVED)
    page = as_("office1").get(address).text
    assert [f"{number}</a>" in page for number in (kept, over, gone, later)] == [True, True, False, False]
    with app.app_context():
        asked = MultiDict({"disposal": "1"})
        for username, granted in (("office1", True), ("desk1", False), ("gm", False)):
            assert queries.CaseList.asked_for(factories.viewer(username), asked).disposal is granted
