"""A department gets the case, finds what happened, proposes, has it approved and carries it out."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints import queries
from portal.blueprints.complaints.codes import (
    Category,
    Channel,
    CustomerType,
    Decision,
    Escalation,
    Finding,
    Kind,
    SpecialLimit,
    State,
    Urgency,
)
from portal.kernel.rights import Position, Rank
from portal.kernel.workflow import Forbidden
from tests import factories
from tests.conftest import As, At
from tests.kernel.moments import at as moment

PROPOSAL = factories.PROPOSAL


# -- CP-05: routing ------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-05")
@pytest.mark.parametrize(
    ("category", "department"),
    [
        (Category.PRODUCT, "tech"),
        (Category.OPERATION, "impl"),
        (Category.ATTITUDE, "impl"),
        (Category.SERVICE, "admin"),
        (Category.PRICE, "market"),
    ],
)
def test_a_category_goes_to_its_department(app: Flask, category: Category, department: str) -> None:
    number = factories.a_case(app, State.ROUTED, category=category)
    case = factories.load(app, number)
    assert (case.department, case.notice_number[:3]) == (department, "GZ-")
    assert factories.LEADS[department] in factories.told(app, "case:routed")
    assert (number, "accept") in factories.waiting(app, factories.LEADS[department])


@pytest.mark.clause("CP-05")
def test_what_fits_no_category_is_routed_by_the_general_office(app: Flask, as_: As) -> None:
    number = factories.a_case(app, category=Category.OTHER)
    assert (number, "route") in factories.waiting(app, "office1")
    assert (number, "route") not in factories.waiting(app, "desk1")
    answer = as_("desk1").act(number, "route", department="tech")
    assert answer.status_code == 409
    assert "CP-05" in answer.text
    assert as_("office1").act(number, "route").status_code == 422, "nothing is proposed: one must be chosen"
    assert as_("office1").act(number, "route", department="tech").status_code == 303


@pytest.mark.clause("CP-05")
def test_a_person_concerned_proposes_that_persons_department(app: Flask) -> None:
    number = factories.a_case(app, State.ROUTED, category=Category.OTHER, concerned="emp.admin")
    assert factories.load(app, number).department == "admin"


@pytest.mark.clause("CP-05")
def test_overruling_the_proposal_needs_a_reason(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    answer = as_("desk1").act(number, "route", department="impl")
    assert answer.status_code == 422
    assert "CP-05" in answer.text
    assert as_("desk1").act(number, "route", department="impl", reason="现场安装问题").status_code == 303
    line = factories.events(app, number)[-1]
    assert '"proposed":"tech"' in line.details
    with app.app_context():
        assert queries.events(factories.load(app, number))[0].words["reason"] == "现场安装问题"


@pytest.mark.clause("CP-05")
@pytest.mark.clause("CP-10")
@pytest.mark.clause("CP-12")
def test_a_department_hands_back_what_is_not_its_own(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED)
    assert as_("lead.tech").act(number, "hand-back").status_code == 422
    assert factories.do(app, "lead.tech", "hand-back", number, reason="不属本部门") is State.REGISTERED
    case = factories.load(app, number)
    assert case.department is None
    assert not [c for c in factories.clocks(app, number, "first_contact") if c.running]
    assert (number, "route") in factories.waiting(app, "desk1")
    assert factories.told(app, "case:handed_back") == ["desk1"]
    notice = case.notice_number
    factories.do(app, "desk1", "route", number, department="impl", reason="改转")
    assert factories.load(app, number).notice_number == notice, "the notice keeps its number"
    assert as_("lead.tech").get(f"/complaints/{number}").status_code == 200, (
        "a department that had it sees it"
    )


# -- CP-10: the notice ---------------------------------------------------------------------------------------


@pytest.mark.clause("CP-10")
@pytest.mark.clause("CP-11")
def test_the_lead_signs_for_the_numbered_notice(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(app, State.ROUTED)
    assert factories.told(app, "case:routed") == ["lead.tech"]
    for stranger in ("emp.tech", "lead.impl"):
        with pytest.raises(NotFound):
            factories.do(app, stranger, "accept", number, handler="emp.tech")
    with pytest.raises(Forbidden):
        factories.do(app, "desk1", "accept", number, handler="emp.tech")
    signed = at("Mon 2026-03-02 09:20")
    factories.do(app, "lead.tech", "accept", number, handler="emp.tech")
    case = factories.load(app, number)
    assert factories.told(app, "case:accepted") == ["emp.tech"]
    assert (case.notice_number, case.accepted_at) == ("GZ-20260302-0001", signed)
    assert case.accepted_by_id == factories.id_of(app, "lead.tech")
    page = as_("emp.tech").get(f"/complaints/{number}/notice")
    assert page.status_code == 200
    assert "GZ-20260302-0001" in page.text
    assert "示例公司" in page.text


@pytest.mark.clause("CP-10")
def test_before_routing_there_is_no_notice(app: Flask, as_: As) -> None:
    assert as_("desk1").get(f"/complaints/{factories.a_case(app)}/notice").status_code == 404


# -- CP-36, CP-09, CP-11: who handles ------------------------------------------------------------------------


@pytest.mark.clause("CP-36")
@pytest.mark.parametrize(
    ("chosen", "handler", "against"),
    [
        ({}, "emp.tech", []),
        ({"urgency": Urgency.SPECIAL}, "emp.tech", ["CP-36 rank_too_low"]),
        ({"urgency": Urgency.SPECIAL}, "sup.tech", []),
        ({"major": True}, "sup.tech", ["CP-36 rank_too_low"]),
        ({"major": True}, "lead.tech", []),
        ({"urgency": Urgency.URGENT}, "emp.tech", []),
    ],
)
@pytest.mark.parametrize("verb", ["accept", "assign"])
def test_the_level_asks_for_a_rank(
    app: Flask, chosen: dict[str, Any], handler: str, against: list[str], verb: str
) -> None:
    number = factories.a_case(app, State.ROUTED, **chosen)
    if verb == "assign":
        factories.do(app, "lead.tech", "accept", number, handler="lead.tech")
    given = {"handler": handler, "reason": "换人"}
    if against:
        assert factories.refused(app, "lead.tech", verb, number, **given) == against
    else:
        factories.do(app, "lead.tech", verb, number, **given)
        assert factories.load(app, number).handler_id == factories.id_of(app, handler)


@pytest.mark.clause("CP-11")
@pytest.mark.parametrize("verb", ["accept", "assign"])
def test_the_handler_is_of_the_department_or_the_lead_who_names_them(app: Flask, verb: str) -> None:
    number = factories.a_case(app, State.ROUTED if verb == "accept" else State.ACCEPTED)
    why = {"reason": "换人"} if verb == "assign" else {}
    assert factories.refused(app, "lead.tech", verb, number, handler="emp.impl", **why) == [
        "CP-11 handler_elsewhere"
    ]
    factories.do(app, "gm", verb, number, handler="gm", **why)
    assert factories.load(app, number).handler_id == factories.id_of(app, "gm")


@pytest.mark.clause("CP-09")
@pytest.mark.clause("CP-36")
@pytest.mark.clause("CP-11")
def test_all_that_is_wrong_with_a_handler_is_told_at_once(app: Flask, as_: As) -> None:
    number = factories.a_case(
        app, State.ROUTED, concerned="emp.impl", category=Category.ATTITUDE, department="tech", major=True
    )
    assert factories.refused(app, "lead.tech", "accept", number, handler="emp.impl") == [
        "CP-09 handler_concerned",
        "CP-36 rank_too_low",
        "CP-11 handler_elsewhere",
    ]
    for htmx in (False, True):
        answer = as_("lead.tech").act(number, "accept", handler="emp.impl", htmx=htmx)
        assert answer.status_code == 409
        told = answer.headers["HX-Trigger"] if htmx else answer.text
        assert all(clause in told for clause in ("CP-09", "CP-36", "CP-11"))
        if htmx:
            assert answer.headers["HX-Reswap"] == "none"
            assert all(clause in answer.text for clause in ("CP-09", "CP-36", "CP-11"))


# -- CP-11, CP-34: proposals ---------------------------------------------------------------------------------


@pytest.mark.clause("CP-34")
def test_a_proposal_names_one_of_three_findings(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    form = {"findings": "墨盒开裂", "solution": "换新墨盒"}
    for wrong in ("", "fault"):
        answer = as_("emp.tech").act(number, "propose", finding=wrong, **form)
        assert answer.status_code == 422
        assert "墨盒开裂" in answer.text
    assert "CP-34" in as_("emp.tech").act(number, "propose", **form).text
    assert as_("emp.tech").act(number, "propose", finding="mistake", **form).status_code == 303
    assert factories.load(app, number).finding is Finding.MISTAKE


@pytest.mark.clause("CP-11")
def test_up_to_four_solutions_the_first_recommended(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    form = {"findings": "墨盒开裂", "finding": "mistake"}
    none = as_("emp.tech").act(number, "propose", **form)
    assert none.status_code == 422
    assert "CP-11" in none.text
    assert (
        as_("emp.tech").act(number, "propose", solution=["甲", "乙", "丙", "丁", "戊"], **form).status_code
        == 422
    )
    assert (
        as_("emp.tech").act(number, "propose", solution=["甲", "乙", "丙", "丁"], **form).status_code == 303
    )
    assert factories.dealings(app, number, "proposal")[-1].options == ["甲", "乙", "丙", "丁"]
    factories.do(app, "lead.tech", "return", number, note="请补充")
    assert as_("emp.tech").act(number, "propose", solution=["甲", "", "丙"], **form).status_code == 303
    assert factories.dealings(app, number, "proposal")[-1].options == ["甲", "丙"]


@pytest.mark.clause("CP-11")
@pytest.mark.parametrize(("verb", "kind"), [("approve", "case:approved"), ("return", "case:returned")])
def test_a_proposal_and_its_decision_are_kept_and_told(app: Flask, verb: str, kind: str) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    agreed = moment("Wed 2026-03-04 16:00")
    factories.do(app, "emp.tech", "propose", number, **PROPOSAL, responsible="emp.impl", agreed_at=agreed)
    case = factories.load(app, number)
    assert (case.responsible_id, case.agreed_at) == (factories.id_of(app, "emp.impl"), agreed)
    assert factories.told(app, "case:proposed") == ["lead.tech"]
    factories.do(app, "lead.tech", verb, number, note="看过了")
    (row,) = factories.dealings(app, number, "proposal")
    assert (row.answer, row.done_by_id) == ("看过了", factories.id_of(app, "lead.tech"))
    assert factories.load(app, number).approved_by_id == (row.done_by_id if verb == "approve" else None)
    assert factories.told(app, kind) == ["emp.tech"]


@pytest.mark.clause("CP-11")
@pytest.mark.parametrize("verb", ["approve", "return"])
def test_nobody_decides_what_they_proposed(app: Flask, as_: As, verb: str) -> None:
    number = factories.a_case(app, State.PROPOSED, handler="lead.tech")
    answer = as_("lead.tech").act(number, verb, note="同意")
    assert answer.status_code == 409
    assert "CP-11" in answer.text
    assert "Nobody may approve their own proposal." in answer.text
    assert (number, "approve") not in factories.waiting(app, "lead.tech")
    assert (number, "approve") in factories.waiting(app, "gm"), "it waits one level up"
    assert factories.told(app, "case:proposed") == ["gm"]
    assert as_("gm").act(number, verb, note="同意").status_code == 303


@pytest.mark.clause("CP-11")
def test_a_returned_proposal_needs_a_reason_and_comes_again(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.PROPOSED)
    assert as_("lead.tech").act(number, "return", note="  ").status_code == 422
    assert as_("lead.tech").act(number, "return", note="请补充").status_code == 303
    assert factories.load(app, number).state is State.RETURNED
    factories.do(app, "emp.tech", "propose", number, **PROPOSAL)
    assert factories.do(app, "lead.tech", "approve", number) is State.APPROVED


@pytest.mark.clause("CP-11")
@pytest.mark.parametrize("verb", ["approve", "return"])
def test_the_decision_is_about_the_proposal_that_was_read(app: Flask, as_: As, verb: str) -> None:
    number = factories.a_case(app, State.PROPOSED)
    seen = str(factories.load(app, number).proposal_id)
    factories.do(app, "lead.tech", "return", number, note="请补充")
    factories.do(app, "emp.tech", "propose", number, **PROPOSAL)
    answer = as_("gm").act(number, verb, proposal=seen, note="看过了")
    assert answer.status_code == 409
    assert "CP-11" in answer.text


@pytest.mark.clause("CP-11")
def test_another_department_helps_within_a_limit_of_its_own(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    assert as_("emp.impl").get(f"/complaints/{number}").status_code == 404
    factories.do(app, "emp.tech", "assist", number, department="impl", note="请查现场接线")
    assert factories.the_clock(app, number, "assistance").limit == "1 wd"
    assert (number, "assisted") in factories.waiting(app, "lead.impl")
    assert factories.told(app, "case:assist") == ["lead.impl"]
    assert as_("emp.impl").get(f"/complaints/{number}").status_code == 200
    with pytest.raises(Forbidden):
        factories.do(app, "lead.impl", "approve", number)
    factories.do(app, "emp.impl", "assisted", number, note="接线正常")
    assert factories.clocks(app, number, "assistance")[0].met_at is not None
    assert (number, "assisted") not in factories.waiting(app, "lead.impl")
    assert factories.told(app, "case:assisted") == ["emp.tech"]


@pytest.mark.clause("CP-11")
def test_the_help_may_be_given_by_whoever_stands_in_for_the_lead(app: Flask) -> None:
    factories.a_seat(app, Position.LEAD, "impl", holder="lead.impl", deputy="emp.admin")
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "assist", number, department="impl", note="请查现场接线")
    factories.do(app, "emp.admin", "assisted", number, note="接线正常")
    assert [row.answer for row in factories.dealings(app, number, "assistance")] == ["接线正常"]


@pytest.mark.clause("CP-11")
def test_a_department_that_once_had_the_case_can_be_asked_to_help(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED)
    factories.do(app, "lead.tech", "hand-back", number, reason="不属本部门")
    factories.do(app, "desk1", "route", number, department="impl", reason="改转")
    factories.do(app, "lead.impl", "accept", number, handler="emp.impl")
    factories.do(app, "emp.impl", "assist", number, department="tech", note="请协助")
    assert as_("emp.tech").get(f"/complaints/{number}").status_code == 200


@pytest.mark.clause("CP-11")
def test_an_archive_waits_for_the_help_that_was_asked_for(app: Flask) -> None:
    number = factories.a_case(app, State.RESOLVED)
    factories.do(app, "emp.tech", "assist", number, department="impl", note="请协助")
    factories.do(app, "emp.tech", "report", number, answer="已修好")
    assert "CP-11 assistance_open" in factories.refused(app, "desk1", "archive", number, evaluation="好")


def test_a_new_handler_gets_the_case_and_the_old_one_lets_go(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "lead.tech", "assign", number, handler="sup.tech", reason="休假")
    assert as_("emp.tech").get(f"/complaints/{number}").status_code == 404
    assert (number, "propose") in factories.waiting(app, "sup.tech")


# -- CP-12 … CP-15 -------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-12")
def test_the_longer_limit_needs_the_leads_reason_within_the_shorter(app: Flask, at: At, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED)
    assert factories.the_clock(app, number, "first_contact").due_at == moment("Mon 2026-03-02 09:30")
    at("Mon 2026-03-02 09:20")
    assert as_("lead.tech").act(number, "special", limit="contact").status_code == 422
    factories.do(app, "lead.tech", "special", number, limit=SpecialLimit.CONTACT, reason="需查货")
    assert factories.the_clock(app, number, "first_contact").due_at == moment("Mon 2026-03-02 14:30")
    late = factories.a_case(app, State.ROUTED)
    at("Mon 2026-03-02 10:00")
    assert factories.refused(
        app, "lead.tech", "special", late, limit=SpecialLimit.CONTACT, reason="需查货"
    ) == ["CP-12 special_too_late"]


@pytest.mark.clause("CP-12")
def test_there_is_no_longer_limit_for_a_call_that_was_made(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "contact", number, note="今天下午上门")
    assert factories.refused(
        app, "lead.tech", "special", number, limit=SpecialLimit.CONTACT, reason="需查货"
    ) == ["CP-12 special_too_late"]


@pytest.mark.clause("CP-12")
def test_a_contact_says_what_was_offered(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    answer = as_("emp.tech").act(number, "contact", note=" ")
    assert answer.status_code == 422
    assert "CP-12" in answer.text
    assert as_("emp.tech").act(number, "contact", note="今天下午上门").status_code == 303
    assert factories.clocks(app, number, "first_contact")[0].met_at is not None
    assert (number, "contact") not in factories.waiting(app, "emp.tech")


@pytest.mark.clause("CP-13")
def test_arrival_on_the_scene_belongs_to_urgent_cases(app: Flask, as_: As) -> None:
    calm = factories.a_case(app, State.ACCEPTED)
    assert factories.refused(app, "emp.tech", "on-site", calm) == ["CP-13 not_urgent"]
    urgent = factories.a_case(app, State.ACCEPTED, urgency=Urgency.URGENT)
    assert (urgent, "on-site") in factories.waiting(app, "emp.tech")
    assert as_("emp.tech").act(urgent, "on-site").status_code == 303
    assert factories.load(app, urgent).state is State.ACCEPTED, "it changes no state"
    assert factories.clocks(app, urgent, "on_site")[0].met_at is not None
    assert (urgent, "on-site") not in factories.waiting(app, "emp.tech")


@pytest.mark.clause("CP-14")
def test_seven_days_are_for_special_urgency_and_need_the_leads_reason(app: Flask) -> None:
    for other in (Urgency.NORMAL, Urgency.URGENT):
        number = factories.a_case(app, State.ACCEPTED, urgency=other)
        assert factories.refused(
            app, "lead.tech", "special", number, limit=SpecialLimit.WHOLE, reason="x"
        ) == ["CP-14 not_special"]
    special = factories.a_case(app, State.REPORTED, urgency=Urgency.SPECIAL, handler="sup.tech")
    assert "CP-14 special_unfounded" in factories.refused(app, "desk1", "archive", special, evaluation="好")
    founded = factories.a_case(app, State.ACCEPTED, urgency=Urgency.SPECIAL, handler="sup.tech")
    factories.do(app, "lead.tech", "special", founded, limit=SpecialLimit.WHOLE, reason="需返厂")
    assert factories.load(app, founded).special_reason == "需返厂"
    at_once = factories.a_case(app, State.ROUTED, urgency=Urgency.SPECIAL)
    factories.do(app, "lead.tech", "accept", at_once, handler="sup.tech", special_reason="需返厂")
    assert factories.load(app, at_once).special_reason == "需返厂", "the lead may say it while signing"


@pytest.mark.clause("CP-14")
def test_more_time_is_asked_for_by_one_and_given_by_another(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    until = moment("Mon 2026-03-16 17:30")
    due = factories.the_clock(app, number, "whole_case").due_at
    factories.do(app, "emp.tech", "extend", number, until=until, reason="等配件")
    assert factories.the_clock(app, number, "whole_case").due_at == due, "asking gives nothing"
    assert (number, "extend") in factories.waiting(app, "lead.tech")
    assert factories.told(app, "case:asked") == ["lead.tech"]
    assert factories.refused(app, "emp.tech", "extend", number, decision=Decision.YES) == [
        "CP-14 asked_yourself"
    ]
    answer = as_("emp.tech").act(number, "extend", decision="yes")
    assert answer.status_code == 409
    assert "CP-14" in answer.text
    assert as_("lead.tech").act(number, "extend", decision="yes").status_code == 303
    for kind in ("whole_case", "solution"):
        assert factories.the_clock(app, number, kind).due_at == until
    assert factories.load(app, number).asks == ""
    assert factories.told(app, "case:answered") == ["emp.tech"]


@pytest.mark.clause("CP-14")
@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2026-02-27T12:00", "must be in the future"),
        ("2026-03-02T09:00", "must be in the future"),
        ("2026-03-05T12:00", "later than the limit it extends"),  # behind the solution's, before the case's
        ("2026-03-05T17:30", "later than the limit it extends"),
    ],
)
def test_more_time_ends_behind_now_and_behind_the_limit(app: Flask, as_: As, until: str, why: str) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    assert factories.the_clock(app, number, "whole_case").due_at == moment("Thu 2026-03-05 17:30")
    answer = as_("emp.tech").act(number, "extend", until=until, reason="等配件到货")
    assert answer.status_code == 422
    assert re.search(rf'id="extend-until-error".*?{why}.*?>CP-14</a>', answer.text, re.DOTALL)
    assert "等配件到货" in answer.text, "what was typed is kept"
    at = moment(f"{datetime.fromisoformat(until):%a %Y-%m-%d %H:%M}")
    (against,) = factories.refused(app, "emp.tech", "extend", number, until=at, reason="等配件")
    assert against.startswith("CP-14 extension_")
    assert factories.load(app, number).asks == ""
    later = {"until": "2026-03-05T17:31", "reason": "等配件"}
    assert as_("emp.tech").act(number, "extend", **later).status_code == 303


@pytest.mark.clause("CP-14")
def test_more_time_is_not_given_once_its_end_is_past(app: Flask, at: At, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "extend", number, until=moment("Fri 2026-03-06 12:00"), reason="等配件")
    at("Fri 2026-03-06 14:00")
    answer = as_("lead.tech").act(number, "extend", decision="yes")
    assert answer.status_code == 409
    assert "CP-14" in answer.text
    assert as_("lead.tech").act(number, "extend", decision="no").status_code == 303


@pytest.mark.clause("CP-15")
@pytest.mark.parametrize(
    ("by", "verb", "fields", "kind"),
    [
        ("lead.tech", "adopt", {"note": "采纳你的建议"}, Kind.SUGGESTION),
        ("emp.tech", "external", {"party": "供电局", "note": "采纳你的建议"}, Kind.COMPLAINT),
    ],
)
def test_a_promise_made_with_another_step_is_not_in_the_past_either(
    app: Flask, as_: As, by: str, verb: str, fields: dict[str, str], kind: Kind
) -> None:
    number = factories.a_case(app, State.ACCEPTED, kind=kind)
    answer = as_(by).act(number, verb, due_at="2026-03-02T09:00", **fields)
    assert answer.status_code == 422
    assert re.search(rf'id="{verb}-due_at-error".*?>CP-15</a>', answer.text, re.DOTALL)
    assert "采纳你的建议" in answer.text, "what was typed is kept"
    past = moment("Mon 2026-03-02 09:00")
    assert factories.refused(app, by, verb, number, due_at=past, **fields) == ["CP-15 promise_past"]
    assert as_(by).act(number, verb, due_at="2026-03-02T16:00", **fields).status_code == 303


@pytest.mark.clause("CP-14")
def test_a_refused_extension_changes_nothing(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    due = factories.the_clock(app, number, "whole_case").due_at
    factories.do(app, "lead.tech", "extend", number, until=moment("Mon 2026-03-16 17:30"), reason="等配件")
    assert factories.refused(app, "emp.tech", "extend", number, decision=Decision.YES) == [
        "CP-14 others_decide"
    ]
    factories.do(app, "office1", "extend", number, decision=Decision.NO)
    assert factories.the_clock(app, number, "whole_case").due_at == due
    assert factories.load(app, number).asks == ""


@pytest.mark.clause("CP-15")
def test_a_promise_carries_a_date_to_come(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    answer = as_("emp.tech").act(number, "promise", note="会尽快回电")
    assert answer.status_code == 422
    assert "CP-15" in answer.text
    for past in ("2026-03-02T08:00", "2026-03-02T09:00"):
        refused = as_("emp.tech").act(number, "promise", due_at=past)
        assert refused.status_code == 409
        assert "CP-15" in refused.text
    assert as_("emp.tech").act(number, "promise", due_at="2026-03-02T16:00", note="回电").status_code == 303
    assert factories.the_clock(app, number, "promise").due_at == moment("Mon 2026-03-02 16:00")
    assert (number, "contact") in factories.waiting(app, "emp.tech")
    factories.do(app, "emp.tech", "contact", number, note="已回电")
    assert factories.clocks(app, number, "promise")[0].met_at is not None
    assert (number, "contact") not in factories.waiting(app, "emp.tech")


@pytest.mark.clause("CP-15")
def test_an_open_promise_keeps_a_case_out_of_the_archive(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED)
    factories.do(app, "desk1", "promise", number, due_at=moment("Mon 2026-03-02 16:00"))
    assert "CP-15 promise_open" in factories.refused(app, "desk1", "archive", number, evaluation="好")


def test_before_routing_the_first_responder_promises_and_calls(app: Flask) -> None:
    number = factories.a_case(app)
    factories.do(app, "desk1", "promise", number, due_at=moment("Mon 2026-03-02 16:00"))
    assert (number, "contact") in factories.waiting(app, "desk1")
    factories.do(app, "desk1", "contact", number, note="已回电")
    assert (number, "contact") not in factories.waiting(app, "desk1")


# -- CP-08, CP-16, CP-31: handing up -------------------------------------------------------------------------

ON_SITE = {"channel": Channel.ONSITE, "category": Category.OPERATION}


@pytest.mark.clause("CP-08")
def test_an_unsolved_matter_on_site_is_handed_up_with_the_customers_traits(app: Flask, as_: As) -> None:
    number = factories.a_case(
        app, State.ACCEPTED, channel=Channel.ONSITE, category=Category.OPERATION, department="tech"
    )
    given = {"kind": Escalation.UNSOLVED, "reason": "客户不接受"}
    assert factories.refused(app, "emp.tech", "escalate", number, **given) == ["CP-08 customer_type_missing"]
    assert as_("sup.tech").get(f"/complaints/{number}").status_code == 404
    factories.do(app, "emp.tech", "escalate", number, customer_type="venting", **given)
    clock = factories.the_clock(app, number, "escalated")
    assert (clock.limit, clock.due_at) == ("24 h", moment("Tue 2026-03-03 09:00"))
    assert factories.told(app, "case:escalated") == ["sup.tech"]
    assert (number, "decide") in factories.waiting(app, "sup.tech")
    assert as_("sup.tech").get(f"/complaints/{number}").status_code == 200
    factories.do(app, "sup.tech", "decide", number, note="我来处理")
    assert factories.clocks(app, number, "escalated")[0].met_at is not None
    assert factories.load(app, number).customer_type == "venting"


@pytest.mark.clause("CP-08")
def test_what_is_handed_up_again_has_no_second_day(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    for now in ("Mon 2026-03-02 10:00", "Mon 2026-03-02 11:00"):
        at(now)
        factories.do(app, "emp.tech", "escalate", number, kind=Escalation.UNSOLVED, reason="客户不接受")
    assert factories.the_clock(app, number, "escalated").due_at == moment("Tue 2026-03-03 10:00")


@pytest.mark.clause("CP-08")
@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        ({"channel": Channel.PHONE, "category": Category.OPERATION}, Escalation.UNSOLVED),
        ({"channel": Channel.ONSITE, "category": Category.PRODUCT}, Escalation.UNSOLVED),
        (ON_SITE | {"customer_type": CustomerType.VENTING}, Escalation.UNSOLVED),
        (ON_SITE, Escalation.MAJOR),
        (ON_SITE, Escalation.NO_COOPERATION),
    ],
)
def test_the_customers_traits_are_asked_for_where_they_matter_and_are_not_known(
    app: Flask, chosen: dict[str, Any], kind: Escalation
) -> None:
    number = factories.a_case(app, State.ACCEPTED, department="tech", **chosen)
    factories.do(app, "emp.tech", "escalate", number, kind=kind, reason="客户不接受")
    assert factories.load(app, number).escalated_at is not None


@pytest.mark.clause("CP-08")
def test_a_supervisor_decides_only_what_was_handed_up(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, handler="sup.tech")
    with pytest.raises(Forbidden):
        factories.do(app, "sup.tech", "decide", number, note="我说了算")


@pytest.mark.clause("CP-08")
def test_a_missing_supervisor_is_skipped_visibly(app: Flask) -> None:
    factories.a_seat(app, Position.SUPERVISOR, "tech")
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.UNSOLVED, reason="客户不接受")
    (notice,) = factories.notices(app, kind="case:escalated")
    assert factories.told(app, "case:escalated") == ["lead.tech"]
    assert notice.told["climbed"] is True
    assert (number, "decide") in factories.waiting(app, "lead.tech")


@pytest.mark.parametrize(
    ("clause", "why", "kind", "people"),
    [
        pytest.param(*row, marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-08", Escalation.UNSOLVED, "case:escalated", ["sup.tech"]),
            ("CP-16", Escalation.MAJOR, "case:major", ["lead.tech", "office1", "office2"]),
            ("CP-31", Escalation.NO_COOPERATION, "case:no_cooperation", ["gm", "office1", "office2"]),
        )
    ],
)
def test_what_is_handed_up_is_told_at_any_hour(
    app: Flask, at: At, clause: str, why: Escalation, kind: str, people: list[str]
) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    at("Sat 2026-03-07 22:00")
    factories.do(app, "emp.tech", "escalate", number, kind=why, reason="客户不接受")
    assert factories.told(app, kind) == people, clause
    assert all(notice.urgent for notice in factories.notices(app, kind=kind))
    (row,) = factories.dealings(app, number, "escalation")
    assert (row.outcome, row.note) == (why, "客户不接受")


@pytest.mark.clause("CP-16")
def test_a_major_complaint_is_told_at_once(app: Flask) -> None:
    number = factories.registered(app, major=True)
    assert {"office1", "office2"} <= set(factories.told(app, "case:major")), "the department is not known yet"
    factories.bring(app, number, State.ROUTED)
    assert "lead.tech" in factories.told(app, "case:major")
    assert all(notice.urgent for notice in factories.notices(app, kind="case:major"))


@pytest.mark.clause("CP-16")
def test_what_is_handed_up_waits_for_the_director(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.MAJOR, reason="媒体介入")
    case = factories.load(app, number)
    assert case.major
    assert factories.the_clock(app, number, "decision").limit == "24 h"
    assert (number, "decide") in factories.waiting(app, "office1")
    answer = as_("lead.tech").act(number, "decide", note="我说了算")
    assert answer.status_code == 409
    assert "CP-16" in answer.text
    factories.do(app, "office1", "decide", number, note="按合同办")
    assert factories.clocks(app, number, "decision")[0].met_at is not None
    assert (number, "decide") not in factories.waiting(app, "office1")
    assert factories.told(app, "case:decided") == ["emp.tech", "desk1"]


@pytest.mark.clause("CP-16")
@pytest.mark.clause("CP-08")
@pytest.mark.parametrize("kind", list(Escalation))
def test_only_what_was_handed_up_is_decided_and_once(app: Flask, as_: As, kind: Escalation) -> None:
    number = factories.a_case(app, State.ACCEPTED, major=True, handler="lead.tech")
    assert factories.refused(app, "office1", "decide", number, note="x") == ["CP-16 nothing_handed_up"]
    answer = as_("office1").act(number, "decide", note="x")
    assert answer.status_code == 409
    assert "CP-16" in answer.text
    assert "CP-08" in answer.text
    factories.do(app, "lead.tech", "escalate", number, kind=kind, reason="客户不接受")
    factories.do(app, "office1", "decide", number, note="按合同办")
    assert factories.refused(app, "office1", "decide", number, note="x") == ["CP-16 nothing_handed_up"]


@pytest.mark.clause("CP-16")
def test_what_was_handed_up_twice_is_decided_together(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    for kind in (Escalation.UNSOLVED, Escalation.MAJOR, Escalation.UNSOLVED):
        factories.do(app, "emp.tech", "escalate", number, kind=kind, reason="客户不接受")
    assert factories.load(app, number).handed_up == "unsolved major"
    factories.do(app, "office1", "decide", number, note="按合同办")
    assert factories.load(app, number).handed_up == ""
    assert all(row.done_at for row in factories.dealings(app, number, "escalation"))


@pytest.mark.clause("CP-06")
def test_nothing_waits_above_once_the_complaint_does_not_stand(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.UNSOLVED, reason="客户不接受")
    factories.do(app, "emp.tech", "not-upheld", number, reason="不属实", answer="已说明")
    factories.do(app, "lead.tech", "not-upheld", number, decision=Decision.YES)
    factories.do(app, "desk1", "route", number)
    assert factories.refused(app, "lead.tech", "decide", number, note="x") == ["CP-16 nothing_handed_up"]


@pytest.mark.clause("CP-16")
def test_the_director_decides_whatever_else_the_director_is_or_the_general_manager(app: Flask) -> None:
    factories.a_seat(app, Position.OFFICE_DIRECTOR, holder="lead.admin")
    for who in ("lead.admin", "gm"):
        number = factories.a_case(app, State.ACCEPTED)
        factories.do(app, "emp.tech", "escalate", number, kind=Escalation.MAJOR, reason="媒体介入")
        assert (number, "decide") in factories.waiting(app, "lead.admin")
        factories.do(app, who, "decide", number, note="按合同办")
        assert (number, "decide") not in factories.waiting(app, "lead.admin")


@pytest.mark.clause("CP-16")
def test_what_is_not_major_is_decided_without_the_director(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.UNSOLVED, reason="客户不接受")
    factories.do(app, "lead.tech", "decide", number, note="换人去")
    assert [row.answer for row in factories.dealings(app, number, "escalation")] == ["换人去"]


@pytest.mark.clause("CP-16")
def test_the_archive_waits_for_the_directors_decision(app: Flask) -> None:
    number = factories.a_case(app, State.REPORTED)
    factories.do(app, "desk1", "escalate", number, kind=Escalation.MAJOR, reason="媒体介入")
    assert "CP-16 decision_open" in factories.refused(app, "desk1", "archive", number, evaluation="好")


@pytest.mark.clause("CP-31")
def test_lack_of_cooperation_goes_to_the_managing_leader(app: Flask) -> None:
    number = factories.a_case(app, State.ROUTED)
    with pytest.raises(Forbidden):
        factories.do(app, "lead.tech", "escalate", number, kind=Escalation.NO_COOPERATION, reason="拖延")
    factories.do(app, "desk1", "escalate", number, kind=Escalation.NO_COOPERATION, reason="拖延不接")
    assert factories.told(app, "case:no_cooperation") == ["gm", "office1", "office2"]
    assert factories.dealings(app, number, "escalation")[0].outcome == "no_cooperation"
    assert '"under":"CP-31"' in factories.events(app, number)[-1].details


@pytest.mark.clause("CP-31")
def test_who_does_not_cooperate_does_not_decide_about_it(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED)
    factories.do(app, "desk1", "escalate", number, kind=Escalation.NO_COOPERATION, reason="拖延不接")
    assert (number, "decide") in factories.waiting(app, "gm")
    assert (number, "decide") not in factories.waiting(app, "lead.tech")
    answer = as_("lead.tech").act(number, "decide", note="我们没有拖延")
    assert answer.status_code == 409
    assert "CP-31" in answer.text
    factories.do(app, "gm", "decide", number, note="今天下班前签收")
    assert (number, "decide") not in factories.waiting(app, "gm")
    assert "desk1" in factories.told(app, "case:decided")


# -- CP-06: not upheld ---------------------------------------------------------------------------------------


@pytest.mark.clause("CP-06")
def test_a_complaint_that_does_not_stand_needs_two(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    for form in ({"reason": "不属实"}, {"answer": "已说明"}):
        refusal = as_("desk1").act(number, "not-upheld", **form)
        assert refusal.status_code == 422
        assert "CP-06" in refusal.text
    assert as_("desk1").act(number, "not-upheld", reason="不属实", answer="已说明").status_code == 303
    assert factories.load(app, number).state is State.REGISTERED, "one person's word is a question"
    assert factories.refused(app, "desk1", "not-upheld", number, decision=Decision.YES) == [
        "CP-06 asked_yourself"
    ]
    assert factories.do(app, "desk2", "not-upheld", number, decision=Decision.YES) is State.NOT_UPHELD
    assert factories.load(app, number).answer == "已说明"
    assert not [c for c in factories.clocks(app, number) if c.running]


@pytest.mark.clause("CP-06")
def test_the_second_person_may_say_no(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "not-upheld", number, reason="不属实", answer="已说明")
    assert factories.told(app, "case:asked") == ["lead.tech"]
    assert (number, "not-upheld") in factories.waiting(app, "lead.tech")
    assert factories.do(app, "lead.tech", "not-upheld", number, decision=Decision.NO) is State.ACCEPTED
    assert factories.load(app, number).asks == ""
    assert factories.load(app, number).answer == ""
    assert factories.the_clock(app, number, "whole_case").running


@pytest.mark.clause("CP-06")
def test_a_handler_does_not_decide_what_the_lead_asks(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "lead.tech", "not-upheld", number, reason="不属实", answer="已说明")
    assert factories.refused(app, "emp.tech", "not-upheld", number, decision=Decision.YES) == [
        "CP-06 others_decide"
    ]


@pytest.mark.clause("CP-06")
def test_a_customer_who_does_not_accept_it_sends_the_case_on(app: Flask, at: At) -> None:
    number = factories.a_case(app, State.NOT_UPHELD)
    at("Mon 2026-03-02 11:00")
    assert factories.do(app, "desk1", "route", number) is State.ROUTED
    started = moment("Mon 2026-03-02 09:00")
    for kind in ("solution", "whole_case"):
        assert factories.the_clock(app, number, kind).started_at == started, "nothing restarts a case clock"
    assert factories.the_clock(app, number, "first_contact").started_at == moment("Mon 2026-03-02 11:00")


@pytest.mark.clause("CP-06")
def test_a_question_that_nobody_can_answer_any_more_stands_in_no_way(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    factories.do(app, "emp.tech", "not-upheld", number, reason="不属实", answer="已说明")
    for verb, who, given in [("propose", "emp.tech", PROPOSAL), ("approve", "lead.tech", {})]:
        factories.do(app, who, verb, number, **given)
    assert (number, "not-upheld") not in factories.waiting(app, "lead.tech")
    for verb, who, given in factories.rest(State.APPROVED):
        factories.do(app, who, verb, number, **given)
    assert factories.load(app, number).state is State.ARCHIVED


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("extend", marks=pytest.mark.clause("CP-14")),
        pytest.param("reporter", marks=pytest.mark.clause("CP-17")),
    ],
)
def test_a_late_question_lapses_with_its_reason(app: Flask, asked: str) -> None:
    number = factories.a_case(app, State.APPROVED)
    given: dict[str, dict[str, Any]] = {
        "extend": {"until": moment("Mon 2026-03-16 17:30"), "reason": "等配件"},
        "reporter": {"reporter": "desk1"},
    }
    factories.do(app, "emp.tech", asked, number, **given[asked])
    for verb, who, fields in factories.rest(State.APPROVED):
        factories.do(app, who, verb, number, **fields)
    assert factories.load(app, number).state is State.ARCHIVED


# -- suggestions ---------------------------------------------------------------------------------------------


def test_a_suggestion_is_adopted_and_carried_out(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED, kind=Kind.SUGGESTION)
    with pytest.raises(Forbidden):
        factories.do(app, "emp.tech", "adopt", number)
    due = moment("Wed 2026-03-04 12:00")
    assert factories.do(app, "lead.tech", "adopt", number, note="采纳", due_at=due) is State.APPROVED
    assert factories.the_clock(app, number, "promise").due_at == due
    for verb, who, given in [
        ("resolve", "emp.tech", {"result": "已落实"}),
        ("report", "emp.tech", {"answer": "谢谢您的建议"}),
        ("confirm", "desk1", {}),
        ("file", "lead.tech", {}),
        ("archive", "desk1", {"evaluation": "好建议"}),
    ]:
        factories.do(app, who, verb, number, **given)
    assert factories.load(app, number).state is State.ARCHIVED


def test_a_suggestion_is_declined_with_a_reason(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, kind=Kind.SUGGESTION)
    assert as_("lead.tech").act(number, "decline").status_code == 422
    assert factories.do(app, "lead.tech", "decline", number, note="成本过高") is State.RESOLVED
    assert factories.do(app, "lead.tech", "report", number, answer="说明原因") is State.REPORTED


def test_only_suggestions_are_adopted(app: Flask) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    assert factories.refused(app, "lead.tech", "adopt", number) == ["CP-26 wrong_kind"]


# -- what a verb's form must say ------------------------------------------------------------------------------

ESCALATED = (("emp.tech", "escalate", {"kind": Escalation.MAJOR, "reason": "媒体介入"}),)
HELPED = (("emp.tech", "assist", {"department": "impl", "note": "请协助"}),)
ASKED = (("emp.tech", "extend", {"until": moment("Mon 2026-03-16 17:30"), "reason": "等配件"}),)
DOUBTED = (("emp.tech", "not-upheld", {"reason": "不属实", "answer": "已说明"}),)
UNREACHED = (("desk1", "no-contact", {"reason": "号码已停机"}),)
NAMED = (("emp.tech", "reporter", {"reporter": "desk1"}),)
ABOUT_STAFF = {"category": Category.SERVICE, "concerned": "emp.impl", "department": "tech"}
SPECIAL = {"urgency": Urgency.SPECIAL, "handler": "sup.tech"}
PROPOSED = {"findings": "墨盒开裂", "finding": "mistake", "solution": "换新墨盒"}
HANDED_OVER = {"handler": "sup.tech", "reason": "休假"}
HELP = {"department": "impl", "note": "请协助"}
SEVEN_DAYS = {"limit": "whole", "reason": "需返厂"}
ASK_TIME = {"until": "2026-03-16T17:30", "reason": "等配件"}
Before = tuple[tuple[str, str, dict[str, Any]], ...]
DEMANDS: tuple[tuple[Any, ...], ...] = (
    ("CP-04", State.REGISTERED, {"read_back": None}, (), "desk1", "read-back", {"read_back": "yes"}, "read_back"),
    ("CP-11", State.ROUTED, {}, (), "lead.tech", "accept", {"handler": "emp.tech"}, "handler"),
    ("CP-11", State.ACCEPTED, {}, (), "lead.tech", "assign", HANDED_OVER, "handler"),
    ("CP-11", State.ACCEPTED, {}, (), "lead.tech", "assign", HANDED_OVER, "reason"),
    ("CP-11", State.ACCEPTED, {}, (), "emp.tech", "propose", PROPOSED, "findings"),
    ("CP-34", State.ACCEPTED, {}, (), "emp.tech", "propose", PROPOSED, "finding"),
    ("CP-11", State.ACCEPTED, {}, (), "emp.tech", "propose", PROPOSED, "solution"),
    ("CP-11", State.PROPOSED, {}, (), "lead.tech", "return", {"note": "请补充"}, "note"),
    ("CP-11", State.ACCEPTED, {}, (), "emp.tech", "assist", HELP, "department"),
    ("CP-11", State.ACCEPTED, {}, (), "emp.tech", "assist", HELP, "note"),
    ("CP-11", State.ACCEPTED, {}, HELPED, "lead.impl", "assisted", {"note": "接线正常"}, "note"),
    ("CP-12", State.ROUTED, {}, (), "lead.tech", "special", {"limit": "contact", "reason": "路远"}, "reason"),
    ("CP-14", State.ACCEPTED, SPECIAL, (), "lead.tech", "special", SEVEN_DAYS, "limit"),
    ("CP-14", State.ACCEPTED, SPECIAL, (), "lead.tech", "special", SEVEN_DAYS, "reason"),
    ("CP-14", State.ACCEPTED, {}, (), "emp.tech", "extend", ASK_TIME, "until"),
    ("CP-14", State.ACCEPTED, {}, (), "emp.tech", "extend", ASK_TIME, "reason"),
    ("CP-14", State.ACCEPTED, {}, ASKED, "lead.tech", "extend", {"decision": "yes"}, "decision"),
    ("CP-14", State.ACCEPTED, {}, (), "emp.tech", "pause", {"reason": "等客户"}, "reason"),
    ("CP-14", State.RESOLVED, {}, (), "emp.tech", "report", {"answer": "已修好"}, "answer"),
    ("CP-19", State.APPROVED, {}, (), "emp.tech", "resolve", {"result": "已换"}, "result"),
    ("CP-17", State.RESOLVED, {}, (), "emp.tech", "report", {"answer": "已修好"}, "answer"),
    ("CP-17", State.RESOLVED, {}, (), "emp.tech", "reporter", {"reporter": "desk1"}, "reporter"),
    ("CP-17", State.RESOLVED, {}, NAMED, "desk2", "reporter", {"decision": "yes"}, "decision"),
    ("CP-17", State.REPORTED, {}, (), "desk1", "reopen", {"note": "仍不满意"}, "note"),
    ("CP-18", State.REPORTED, {}, (), "desk1", "follow-up", {"outcome": "satisfied"}, "outcome"),
    ("CP-18", State.REPORTED, {}, (), "desk1", "no-contact", {"reason": "号码已停机"}, "reason"),
    ("CP-18", State.REPORTED, {}, UNREACHED, "desk2", "no-contact", {"decision": "yes"}, "decision"),
    ("CP-08", State.ACCEPTED, {}, (), "emp.tech", "escalate", {"kind": "unsolved", "reason": "不接受"}, "kind"),
    ("CP-08", State.ACCEPTED, {}, (), "emp.tech", "escalate", {"kind": "unsolved", "reason": "不接受"}, "reason"),
    ("CP-16", State.ACCEPTED, {}, ESCALATED, "office1", "decide", {"note": "按合同办"}, "note"),
    ("CP-09", State.RESOLVED, ABOUT_STAFF, (), "lead.tech", "opinion", {"note": "口头警告"}, "note"),
    ("CP-06", State.ACCEPTED, {}, DOUBTED, "lead.tech", "not-upheld", {"decision": "yes"}, "decision"),
    ("CP-05", State.ROUTED, {}, (), "lead.tech", "hand-back", {"reason": "不属本部门"}, "reason"),
    ("CP-02", State.ACCEPTED, {}, (), "desk1", "withdraw", {"reason": "客户撤回"}, "reason"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("clause", "state", "chosen", "before", "by", "verb", "form", "needed"),
    [pytest.param(*row, marks=pytest.mark.clause(row[0])) for row in DEMANDS],
)
def test_a_verb_without_what_its_clause_asks_for_does_nothing(
    app: Flask,
    as_: As,
    clause: str,
    state: State,
    chosen: dict[str, Any],
    before: Before,
    by: str,
    verb: str,
    form: dict[str, str],
    needed: str,
) -> None:
    number = factories.a_case(app, state, **chosen)
    for who, first, given in before:
        factories.do(app, who, first, number, **given)
    version = factories.load(app, number).version
    assert as_(by).act(number, verb, **(form | {needed: "  "})).status_code == 422, clause
    assert factories.load(app, number).version == version
    assert as_(by).act(number, verb, **form).status_code == 303


def test_ranks_have_an_order() -> None:
    assert [rank.height for rank in Rank] == [0, 1, 2, 3]
