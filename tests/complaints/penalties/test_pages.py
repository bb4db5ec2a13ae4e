"""The pages of penalties: for whom they are, what they show of what, and what they refuse."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal.blueprints.complaints.codes import Finding
from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.penalties.codes import State
from portal.kernel.rights import Position
from tests import factories
from tests.client import text_of
from tests.complaints.penalties import penalties
from tests.conftest import As
from tests.house.test_statements import MOST, statements

EVERYBODY = [name for name, *_ in factories.PEOPLE]
OFFICE = {"office1", "office2"}


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize("username", EVERYBODY)
def test_a_penalty_is_seen_by_few(app: Flask, as_: As, username: str) -> None:
    """404 for everybody else; for whoever is penalised until the summary is released."""
    for state, seen_by in (
        (State.PROPOSED, OFFICE | {"lead.tech"}),
        (State.RELEASED, OFFICE | {"lead.tech", "emp.tech"}),
        (State.PUBLISHED, OFFICE | {"lead.tech", "emp.tech"}),
    ):
        number = penalties.a_penalty(app, state)
        code = as_(username).get(f"/complaints/penalties/{number}").status_code
        assert code == (200 if username in seen_by else 404), state
        listed = number in as_(username).get("/complaints/penalties/").text
        assert listed == (username in seen_by), state
        if username not in seen_by:
            assert as_(username).send(f"/complaints/penalties/{number}/decide").status_code == 404


@pytest.mark.clause("CP-24")
def test_personnel_sees_penalties_but_decides_none(app: Flask, as_: As) -> None:
    factories.a_seat(app, Position.PERSONNEL, holder="emp.admin")
    number = penalties.a_penalty(app, State.PUBLISHED)
    assert as_("emp.admin").get(f"/complaints/penalties/{number}").status_code == 200
    assert as_("emp.admin").send(f"/complaints/penalties/{number}/reverse", reason="x").status_code == 403
    assert as_("emp.admin").get("/complaints/penalties/months/2026-03").status_code == 200
    assert as_("desk1").get("/complaints/penalties/months/2026-03").status_code == 403


@pytest.mark.clause("CP-09")
def test_whoever_is_penalised_reads_the_summary_and_nothing_else(app: Flask, as_: As) -> None:
    case = factories.a_case(app, concerned="emp.tech", by="desk2")
    number = penalties.a_penalty(app, State.RELEASED, case=case)
    page = as_("emp.tech").get(f"/complaints/penalties/{number}").text
    assert "客户来电时态度冷淡" in page
    assert "绝密证人" not in page
    assert case not in page
    assert "林国栋" not in page  # who proposed it
    assert case in as_("office1").get(f"/complaints/penalties/{number}").text
    assert "绝密证人" in as_("office1").get(f"/complaints/penalties/{number}").text


@pytest.mark.clause("CP-24")
def test_the_page_says_until_when_an_appeal_is_ruled_on(app: Flask, as_: As) -> None:
    number = penalties.a_penalty(app, State.APPEALED)
    for username in ("office2", "emp.tech"):
        page = text_of(as_(username).get(f"/complaints/penalties/{number}"))
        assert "Ruling until 03-09 17:30" in page
    assert "Ruling until" in text_of(as_("office2").get("/complaints/penalties/?state=appealed"))


@pytest.mark.clause("CP-24")
def test_a_penalty_by_its_pages_from_the_case_to_the_sheet(any_app: Flask, as_: As) -> None:
    app = any_app
    case = factories.a_case(app, CaseState.ACCEPTED)
    link = f"/complaints/penalties/?case={case}"
    assert link in as_("lead.tech").get(f"/complaints/{case}").text
    assert link not in as_("emp.tech").get(f"/complaints/{case}").text
    form = as_("lead.tech").get(f"/complaints/penalties/new?case={case}&person=emp.tech&ground=breach")
    assert f'value="{case}"' in form.text
    assert '<option selected value="breach">' in form.text
    sent: dict[str, Any] = {
        "case": case,
        "person": "emp.tech",
        "ground": "breach",
        "facts": "未按流程处理",
        "idempotency_key": "k1",
    }
    answer = as_("lead.tech").send("/complaints/penalties/new", **sent)
    assert answer.status_code == 303
    here = answer.headers["Location"]
    assert as_("lead.tech").send("/complaints/penalties/new", **sent).headers["Location"] == here
    assert as_("office1").send(f"{here}/release", summary="未按流程处理").status_code == 303
    assert as_("emp.tech").send(f"{here}/statement", statement="情况属实").status_code == 303
    decided: dict[str, Any] = {
        "measure": "money",
        "month": "2026-03",
        "amount": "500",
        "bonus": "1000.00",
        "reason": "造成损失",
    }
    assert as_("office1").send(f"{here}/decide", **decided).status_code == 303
    draft = as_("office1").get(here).text
    assert "500.00" in draft
    assert as_("office1").send(f"{here}/publish", title="处罚通报", text="扣绩效奖金").status_code == 303
    page = text_of(as_("emp.tech").get(here))
    assert "2026-03 400.00" in page
    assert "2026-04 100.00" in page
    assert "处罚通报" in as_("desk1").get("/notices/").text
    sheet = as_("office2").get("/complaints/penalties/months/2026-03/export")
    rows = list(openpyxl.load_workbook(io.BytesIO(sheet.data)).worksheets[0].values)
    assert rows[1][2:5] == ("emp.tech", "李工", 400)
    assert as_("office2").send("/complaints/penalties/months/2026-03/take").status_code == 303
    assert as_("office2").send("/complaints/penalties/months/2026-03/take").status_code == 409
    listed = as_("office1").get(f"/complaints/penalties/export?case={case}")
    assert len(list(openpyxl.load_workbook(io.BytesIO(listed.data)).worksheets[0].values)) == 2


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize(
    ("by", "fields", "said"),
    [
        ("lead.tech", {"person": "lead.tech"}, "Nobody proposes a penalty on themselves."),
        ("lead.tech", {"person": "emp.impl"}, "A lead proposes within the own department."),
        ("office1", {"person": "", "department": ""}, "Name a person, else the department."),
        ("office1", {"person": "", "department": "office"}, "The general office cannot decide about itself"),
        ("office1", {"case": "TS-20200101-0001"}, "There is no such case"),
        ("office1", {"facts": "  "}, "This must be filled in."),
        ("office1", {"ground": "because"}, "Please choose one from the list."),
    ],
)
def test_what_a_proposal_is_asked_again(
    app: Flask, as_: As, by: str, fields: dict[str, Any], said: str
) -> None:
    case = factories.a_case(app, CaseState.ACCEPTED)
    sent: dict[str, Any] = {
        "case": case,
        "person": "emp.tech",
        "ground": "breach",
        "facts": "很长的经过",
    } | fields
    answer = as_(by).send("/complaints/penalties/new", **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert (fields.get("facts") is not None) or "很长的经过" in answer.text


@pytest.mark.clause("CP-34")
@pytest.mark.parametrize("finding", list(Finding))
def test_a_breach_offers_a_penalty_on_who_was_responsible(app: Flask, as_: As, finding: Finding) -> None:
    case = factories.a_case(app, CaseState.ACCEPTED)
    given = factories.PROPOSAL | {"finding": finding, "responsible": "emp.tech"}
    factories.do(app, "emp.tech", "propose", case, **given)
    page = as_("lead.tech").get(f"/complaints/penalties/?case={case}").text
    offered = f"/complaints/penalties/new?case={case}&amp;person=emp.tech&amp;ground=breach" in page
    assert offered == (finding is Finding.BREACH)


@pytest.mark.clause("CP-24")
def test_who_leads_nobody_proposes_nothing(app: Flask, as_: As) -> None:
    for username in ("emp.tech", "desk1"):
        assert as_(username).get("/complaints/penalties/new").status_code == 403
        assert as_(username).send("/complaints/penalties/new").status_code == 403


@pytest.mark.clause("CP-24")
@pytest.mark.parametrize(
    ("person", "fields", "said"),
    [
        ("desk2", {"measure": "money", "amount": "9.99", "bonus": "1000"}, "at least 10 yuan a complaint"),
        (
            "emp.tech",
            {"measure": "money", "amount": "9.99", "service_staff": "y"},
            "at least 10 yuan a complaint",
        ),
        ("emp.tech", {"measure": "money", "amount": "1.001"}, "at most two decimals"),
        ("emp.tech", {"measure": "points", "points": "16"}, "From 5 to 15 points."),
        ("emp.tech", {"measure": "department"}, "This measure is for departments."),
        ("emp.tech", {"measure": "money", "amount": "50", "month": "2026-13"}, "Write the month as 2026-03."),
    ],
)
def test_what_a_decision_is_asked_again(
    app: Flask, as_: As, person: str, fields: dict[str, Any], said: str
) -> None:
    number = penalties.proposed(app, by="office2", person=person)
    here = f"/complaints/penalties/{number}"
    as_("office1").send(f"{here}/release", summary="x")
    as_(person).send(f"{here}/statement", statement="x")
    answer = as_("office1").send(f"{here}/decide", **({"month": "2026-03", "reason": "理由很充分"} | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert "理由很充分" in answer.text


@pytest.mark.clause("CP-24")
def test_a_refusal_names_the_clause_and_keeps_what_was_typed(app: Flask, as_: As) -> None:
    number = penalties.a_penalty(app, State.RELEASED)
    here = f"/complaints/penalties/{number}"
    sent: dict[str, Any] = {"measure": "money", "month": "2026-03", "amount": "50", "reason": "理由很充分"}
    answer = as_("office1").send(f"{here}/decide", **sent)
    assert answer.status_code == 409
    assert answer.text.count(">CP-24</a>") >= 2  # not heard, and no bonus: both are told
    assert "emp.tech" in answer.text
    assert "理由很充分" in answer.text
    assert as_("office1").send(f"{here}/rule", outcome="uphold", reason="x").status_code == 409
    assert as_("emp.tech").send(f"{here}/decide", **sent).status_code == 403
    assert as_("office1").send(f"{here}/decide", htmx=True, **sent).headers["HX-Reswap"] == "none"


def test_a_part_of_the_page_is_drawn_for_htmx(app: Flask, as_: As) -> None:
    number = penalties.a_penalty(app)
    here = f"/complaints/penalties/{number}"
    part = as_("office1").get(f"{here}?do=withdraw&part=card", headers={"HX-Request": "true"})
    assert f'action="{here}/withdraw"' in part.text
    assert "<!doctype" not in part.text.lower()
    done = as_("office1").send(f"{here}/release", htmx=True, summary="x")
    assert (done.status_code, "HX-Trigger" in done.headers) == (200, True)


@pytest.mark.clause("CP-24")
def test_bonuses_are_typed_by_the_month(app: Flask, as_: As) -> None:
    here = "/complaints/penalties/months/2026-03"
    sent: dict[str, Any] = {"emp.tech": "1000.5", "emp.impl": "much", "nobody": "1"}
    answer = as_("office2").send(f"{here}/bonuses", **sent)
    assert answer.status_code == 422
    assert 'value="much"' in answer.text
    assert as_("office2").send(f"{here}/bonuses", **(sent | {"emp.impl": ""})).status_code == 303
    assert 'value="1000.50"' in as_("office2").get(here).text


@pytest.mark.clause("CP-24")
def test_a_member_of_a_penalised_department_sees_the_own_share(app: Flask, as_: As) -> None:
    number = penalties.proposed(app, by="office1", person="", department="tech")
    here = f"/complaints/penalties/{number}"
    as_("office1").send(f"{here}/release", summary="部门整改不力")
    as_("lead.tech").send(f"{here}/statement", statement="部门说明")
    assert as_("emp.tech").get(here).status_code == 404
    penalties.bonuses(app, "2026-03", emp_tech="1000", lead_tech="2000", sup_tech="1500")
    as_("office2").send(f"{here}/decide", measure="department", month="2026-03", reason="x")
    as_("office2").send(f"{here}/publish", title="通报", text="全员扣发")
    page = as_("emp.tech").get(here).text
    assert "200.00" in page
    assert "400.00" not in page
    assert "部门说明" not in page
    assert penalties.load(app, number).percent == 20


def test_pages_cost_few_statements_and_fifty_rows_as_many_as_one(app: Flask, as_: As) -> None:
    number = penalties.a_penalty(app, State.PUBLISHED)
    addresses = (
        "/complaints/penalties/",
        f"/complaints/penalties/{number}",
        "/complaints/penalties/months/2026-03",
        "/notices/",
        "/office/notices/",
        f"/office/notices/{penalties.notice_of(app, number)}",
        "/",
    )
    one = {address: statements(as_("office2"), address) for address in addresses}
    for _ in range(5):
        penalties.a_penalty(app, State.PUBLISHED, amount=Decimal(20))
    for address in addresses:
        many = statements(as_("office2"), address)
        assert len(many) <= MOST, "\n".join([address, *many])
        assert len(many) == len(one[address]), address
