"""CP-09: whoever is complained about neither handles the case nor knows of it, from the moment it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.actions.common import dealing
from portal.blueprints.complaints.codes import Category, DealingKind, Escalation, State
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import clock, reference
from portal.kernel.db import db
from portal.kernel.rights import Position
from tests import factories
from tests.client import number_in
from tests.conftest import As, At

pytestmark = pytest.mark.clause("CP-09")

EVERYBODY = [username for username, *_ in factories.PEOPLE]
ABOUT: dict[str, Any] = {"category": Category.SERVICE}


@pytest.mark.parametrize("username", EVERYBODY)
def test_nobody_sees_a_case_about_themselves(app: Flask, as_: As, username: str) -> None:
    taken_by = "desk2" if username == "desk1" else "desk1"
    number = factories.a_case(app, State.ROUTED, concerned=username, by=taken_by, **ABOUT)
    assert as_(username).get(f"/complaints/{number}").status_code == 404
    searches = [f"/complaints/?words={words}" for words in (number, "打印机", "桂芳", "cgf", "1234")]
    for address in ("/", "/complaints/", "/notifications/", *searches):
        assert f"{number}</a>" not in as_(username).get(address).text, address
    assert as_(username).get(f"/complaints/{number}/edit").status_code == 404
    assert as_(username).get(f"/complaints/{number}/notice").status_code == 404
    assert factories.waiting(app, username) == []
    assert factories.notices(app, username) == []


@pytest.mark.parametrize("verb", CASE.verbs)
def test_no_verb_is_open_to_the_person_concerned(app: Flask, as_: As, verb: str) -> None:
    number = factories.a_case(app, State.ROUTED, concerned="lead.tech", department="tech", **ABOUT)
    assert as_("lead.tech").act(number, verb).status_code == 404
    factories.change_person(app, "lead.tech", role="office")
    assert as_("lead.tech").act(number, verb).status_code == 404


@pytest.mark.parametrize("username", ["desk1", "emp.tech", "lead.tech", "office1", "gm"])
def test_a_complaint_about_oneself_is_recorded_and_passes_to_others(
    app: Flask, as_: As, username: str
) -> None:
    answer = as_(username).register(category="service", person_concerned=username)
    assert answer.status_code == 303
    assert "/complaints/TS-" not in answer.headers["Location"], "the view closes on saving"
    page = as_(username).get(answer.headers["Location"])
    assert page.status_code == 200
    assert "CP-09" in page.text
    number = "TS-20260302-0001"
    case = factories.load(app, number)
    assert case.registered_by_id == factories.id_of(app, username)
    assert case.first_responder_id == factories.id_of(app, "desk2" if username == "desk1" else "desk1")
    assert as_(username).get(f"/complaints/{number}").status_code == 404
    assert (number, "read-back") not in factories.waiting(app, username)
    (line,) = factories.events(app, number)
    assert '"passed_on":true' in line.details


def test_without_another_at_the_desk_the_general_office_takes_over(app: Flask, as_: As) -> None:
    factories.change_person(app, "desk2", status="departed")
    as_("desk1").register(category="service", person_concerned="desk1")
    assert factories.load(app, "TS-20260302-0001").first_responder_id == factories.id_of(app, "office1")


@pytest.mark.parametrize("by", ["desk1", "office1"])
def test_a_confidential_complaint_about_the_general_office_goes_to_its_other_members(
    app: Flask, by: str
) -> None:
    number = factories.registered(app, by=by, concerned="office1", confidential=True, **ABOUT)
    assert factories.load(app, number).first_responder_id == factories.id_of(app, "office2")


def test_nobody_handles_a_complaint_about_themselves(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, concerned="emp.tech", **ABOUT)
    assert factories.load(app, number).department == "tech"
    answer = as_("lead.tech").act(number, "accept", handler="emp.tech")
    assert answer.status_code == 409
    assert "CP-09" in answer.text
    factories.do(app, "lead.tech", "accept", number, handler="sup.tech")
    assert factories.refused(app, "lead.tech", "assign", number, handler="emp.tech", reason="x") == [
        "CP-09 handler_concerned"
    ]


def test_nobody_answers_for_a_complaint_about_themselves(app: Flask) -> None:
    number = factories.a_case(app, State.RESOLVED, concerned="emp.tech", handler="sup.tech", **ABOUT)
    assert factories.refused(app, "sup.tech", "reporter", number, reporter="emp.tech") == [
        "CP-09 handler_concerned"
    ]


def test_about_a_lead_the_general_manager_signs_and_approves(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, concerned="lead.tech", **ABOUT)
    assert factories.told(app, "case:routed") == ["gm"]
    assert (number, "accept") in factories.waiting(app, "gm")
    factories.do(app, "gm", "accept", number, handler="sup.tech")
    factories.do(app, "sup.tech", "propose", number, **factories.PROPOSAL)
    assert (number, "approve") in factories.waiting(app, "gm")
    with pytest.raises(NotFound):
        factories.do(app, "lead.tech", "approve", number)
    answer = as_("office1").act(number, "approve")
    assert answer.status_code == 409
    assert "CP-09" in answer.text
    assert factories.do(app, "gm", "approve", number) is State.APPROVED


@pytest.mark.parametrize("verb", ["approve", "return"])
def test_a_deputy_does_not_decide_in_a_matter_about_the_lead(app: Flask, verb: str) -> None:
    factories.a_seat(app, Position.LEAD, "tech", holder="lead.tech", deputy="sup.tech")
    number = factories.a_case(app, State.ROUTED, concerned="lead.tech", **ABOUT)
    factories.do(app, "gm", "accept", number, handler="emp.tech")
    factories.do(app, "emp.tech", "propose", number, **factories.PROPOSAL)
    assert (number, "approve") in factories.waiting(app, "gm")
    assert (number, "approve") not in factories.waiting(app, "sup.tech")
    assert factories.refused(app, "sup.tech", verb, number, note="不行") == ["CP-09 manager_approves"]


@pytest.mark.parametrize(
    ("audience", "concerned", "instead"),
    [
        ("handler", "lead.tech", ["office1", "office2"]),  # nobody handles it yet, so the lead would answer
        ("supervisor", "sup.tech", ["lead.tech"]),
        ("lead", "lead.tech", ["gm"]),
        ("approver", "lead.tech", ["gm"]),
        ("manager", "gm", ["office1", "office2"]),
        ("director", "office1", ["office2"]),
        ("personnel", "office2", ["office1"]),
        ("desk", "desk2", ["desk1"]),
        ("office", "office1", ["office2"]),
        ("assistants", "lead.impl", ["office1", "office2"]),
    ],
)
def test_a_message_goes_past_the_person_concerned(
    app: Flask, audience: str, concerned: str, instead: list[str]
) -> None:
    number = factories.a_case(app, State.ROUTED, concerned=concerned, department="tech", **ABOUT)
    factories.do(
        app, "office1" if concerned != "office1" else "office2", "assist", number, department="impl", note="x"
    )
    assert told(app, number, audience) == instead


def test_a_confidential_message_goes_past_the_person_concerned(app: Flask) -> None:
    number = factories.a_case(app, concerned="office1", confidential=True, **ABOUT)
    for audience in ("desk", "lead", "first_responder", "manager"):
        assert told(app, number, audience) == ["office2"]


def told(app: Flask, number: str, audience: str) -> list[str]:
    """The user names behind an audience of a case."""
    with app.app_context():
        case = watch.WATCH.load(factories.load(app, number).id)
        assert case is not None
        return [reference.staff().cards[i].username for i in watch.WATCH.told(case, audience).people]


def test_the_opinion_goes_to_the_general_office_where_nobody_is_personnel(app: Flask) -> None:
    factories.a_seat(app, Position.PERSONNEL)
    number = factories.a_case(app, State.RESOLVED, concerned="emp.tech", handler="sup.tech", **ABOUT)
    factories.do(app, "lead.tech", "opinion", number, note="口头警告")
    assert factories.told(app, "case:opinion") == ["office1", "office2"]


def test_what_is_handed_up_goes_past_a_supervisor_it_is_about(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, concerned="sup.tech", **ABOUT)
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.UNSOLVED, reason="客户不接受")
    assert (number, "decide") in factories.waiting(app, "lead.tech")
    assert factories.waiting(app, "sup.tech") == []


def test_the_general_manager_alone_can_sign_for_a_lead(app: Flask) -> None:
    for username in ("office1", "office2"):
        factories.change_person(app, username, status="departed")
    number = factories.a_case(app, concerned="lead.tech", **ABOUT)
    assert factories.do(app, "desk1", "route", number) is State.ROUTED


def test_about_the_general_office_its_other_members_act(app: Flask, as_: As) -> None:
    number = factories.a_case(app, concerned="office1", category=Category.OTHER)
    assert as_("office1").get(f"/complaints/{number}").status_code == 404
    assert as_("office2").get(f"/complaints/{number}").status_code == 200


def test_a_department_in_which_nobody_may_sign_is_refused(app: Flask) -> None:
    for username in ("office1", "office2"):
        factories.change_person(app, username, status="departed")
    factories.a_seat(app, Position.GENERAL_MANAGER)
    number = factories.a_case(app, concerned="lead.tech", **ABOUT)
    assert factories.refused(app, "desk1", "route", number) == ["CP-09 no_lead_left"]


def test_the_opinion_is_owed_from_solving_and_goes_to_personnel(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.RESOLVED, concerned="emp.tech", handler="sup.tech", **ABOUT)
    assert (number, "opinion") in factories.waiting(app, "lead.tech")
    factories.do(app, "sup.tech", "report", number, answer="已处理")
    assert "CP-09 no_opinion" in factories.refused(app, "desk1", "archive", number, evaluation="好")
    given = at("Mon 2026-03-02 10:00")
    factories.do(app, "lead.tech", "opinion", number, note="口头警告")
    assert factories.clocks(app, number, "opinion")[0].met_at == given
    assert factories.told(app, "case:opinion") == ["office2"]
    assert "CP-09 no_opinion" not in factories.refused(app, "desk1", "archive", number, evaluation="好")


def test_personnel_reads_its_copy_without_seeing_the_case(app: Flask, as_: As) -> None:
    factories.a_seat(app, Position.PERSONNEL, holder="emp.impl", deputy="emp.tech")
    number = factories.a_case(app, State.RESOLVED, concerned="emp.tech", handler="sup.tech", **ABOUT)
    factories.do(app, "lead.tech", "opinion", number, note="口头警告一次")
    (notice,) = factories.notices(app, "emp.impl", "case:opinion")
    assert as_("emp.impl").get(f"/complaints/{number}").status_code == 404
    copy = as_("emp.impl").get(notice.address)
    assert copy.status_code == 200
    assert "口头警告一次" in copy.text
    assert number in copy.text
    assert "口头警告一次" not in as_("emp.tech").get(notice.address).text, "whom it is about"
    assert as_("desk1").get(notice.address).status_code == 403
    assert "口头警告一次" not in as_("emp.impl").get("/complaints/penalties/months/2026-02").text


def test_a_confidential_opinion_is_the_general_offices_alone(app: Flask, as_: As) -> None:
    factories.a_seat(app, Position.PERSONNEL, holder="emp.impl")
    number = factories.a_case(
        app, State.ROUTED, concerned="emp.tech", by="office1", confidential=True, **ABOUT
    )
    with app.app_context(), db.write():
        case = queries.find(factories.viewer("office1"), number)
        dealing(case, DealingKind.OPINION, factories.viewer("office1"), clock.now(), note="口头警告一次",
                person_id=case.person_concerned_id)  # fmt: skip
    address = "/complaints/penalties/months/2026-03"
    assert "口头警告一次" in as_("office2").get(address).text
    assert "口头警告一次" not in as_("emp.impl").get(address).text


def test_another_round_asks_for_another_opinion(app: Flask) -> None:
    number = factories.a_case(app, State.REOPENED, concerned="emp.tech", handler="sup.tech", **ABOUT)
    assert not [each for each in factories.clocks(app, number, "opinion") if each.running]


def test_no_opinion_is_owed_on_nobody(app: Flask) -> None:
    number = factories.a_case(app, State.RESOLVED)
    assert factories.clocks(app, number, "opinion") == []
    assert (number, "opinion") not in factories.waiting(app, "lead.tech")
    assert factories.refused(app, "lead.tech", "opinion", number, note="x") == ["CP-09 nobody_concerned"]


def test_being_found_responsible_bars_nobody(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "propose", number, **factories.PROPOSAL, responsible="emp.tech")
    assert factories.load(app, number).responsible_id == factories.id_of(app, "emp.tech")
    assert as_("emp.tech").get(f"/complaints/{number}").status_code == 200


def test_the_list_and_my_day_of_others_still_show_it(app: Flask, as_: As) -> None:
    number = number_in(as_("desk1").register(category="service", person_concerned="emp.tech"))
    assert number in as_("desk2").get("/complaints/").text
    assert (number, "route") in factories.waiting(app, "desk2")


# -- whom it is about comes out later ---------------------------------------------------------------------------------


def test_who_turns_out_to_be_concerned_handles_and_sees_it_no_more(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED, **ABOUT)
    assert as_("emp.admin").get(f"/complaints/{number}").status_code == 200
    answer = as_("desk1").act(number, "concern", person_concerned="emp.admin", note="客户认出了工牌")
    assert answer.status_code == 303
    assert as_("emp.admin").get(f"/complaints/{number}").status_code == 404
    assert factories.waiting(app, "emp.admin") == []
    assert factories.load(app, number).handler_id is None
    assert (number, "propose") in factories.waiting(app, "lead.admin"), "somebody must take it over"
    assert "lead.admin" in factories.told(app, "case:concern")
    assert "emp.admin" not in factories.told(app, "case:concern")
    refusal = as_("lead.admin").act(number, "assign", handler="emp.admin", reason="熟悉情况")
    assert refusal.status_code == 409
    assert "CP-09" in refusal.text
    refusal = as_("desk1").act(number, "concern", person_concerned="emp.tech")
    assert refusal.status_code == 409
    assert "CP-09" in refusal.text


def test_the_first_responder_may_name_themselves_and_hands_the_duty_on(app: Flask, as_: As) -> None:
    number = factories.a_case(app, **ABOUT)
    answer = as_("desk1").act(number, "concern", person_concerned="desk1")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/complaints/"), "the view closes on saving"
    assert as_("desk1").get(f"/complaints/{number}").status_code == 404
    assert factories.load(app, number).first_responder_id == factories.id_of(app, "desk2")


def test_named_after_solving_the_opinion_is_owed_from_then_on(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(app, State.RESOLVED, **ABOUT)
    assert not factories.clocks(app, number, "opinion")
    as_("desk1").act(number, "concern", person_concerned="desk2")
    assert factories.the_clock(app, number, "opinion").clause == "CP-09"
    assert (number, "opinion") in factories.waiting(app, "lead.admin")


@pytest.mark.parametrize("username", ["", "nobody.here"])
def test_somebody_must_be_named(app: Flask, as_: As, username: str) -> None:
    number = factories.a_case(app, **ABOUT)
    answer = as_("desk1").act(number, "concern", person_concerned=username, note="客户认出了工牌")
    assert answer.status_code == 422
    assert "客户认出了工牌" in answer.text
    assert factories.load(app, number).person_concerned_id is None
