"""The quarter's sample: drawn once, called again by the head, rated from outside, its findings put right."""

from __future__ import annotations

import io
import re
from datetime import datetime
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.complaints.codes import Decision, Kind, Outcome, State
from portal.blueprints.complaints.spot_checks import actions, queries, rules
from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE, Duty
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.blueprints.complaints.spot_checks.populations import POPULATIONS, Member, Population
from portal.blueprints.complaints.spot_checks.workflow import CALL, RATE, SETTLE, SPOT_CHECK
from portal.kernel import clock, transitions
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements

URL = "/complaints/spot-checks/"
AFTER = "Thu 2026-04-02 09:00"  # the first quarter is over
GOOD = {"outcome": Outcome.SATISFIED, "duty": Duty.KEPT}
MARKER = "绝无仅有的话"
BAD = {"outcome": Outcome.DISSATISFIED, "duty": Duty.RUDE, "note": "客户说前台语气生硬"}


def solved(app: Flask, many: int = 6, **chosen: Any) -> list[str]:
    """Complaints that were answered and followed up by desk1 in the first quarter; their numbers."""
    numbers = [factories.a_case(app, State.REPORTED, **chosen) for _ in range(many)]
    for number in numbers:
        factories.do(app, "desk1", "follow-up", number, outcome=Outcome.SATISFIED, note="客户满意")
    return numbers


def draw(app: Flask, quarter: str = "2026Q1", rater: str = "market", seed: str = "seed") -> list[str]:
    """The general office draws; the numbers of the sample."""
    with app.app_context():
        with db.write():
            actions.draw(quarter, rater=rater, seed=seed, by=factories.viewer("office1"), now=clock.now())
        return [check.number for check in checks(app)]


def checks(app: Flask) -> list[SpotCheck]:
    """Every check by its number; detached."""
    with app.app_context():
        return list(db.session.scalars(sa.select(SpotCheck).order_by(SpotCheck.number)))


def act(app: Flask, by: str, verb: str, check_id: int, **given: Any) -> SpotCheck:
    """One verb by its action. Raises NotFound, Forbidden, Refused."""
    with app.app_context():
        viewer = factories.viewer(by)
        with db.write():
            check = queries.find(viewer, check_id, lock=True)
            transitions.perform(
                SPOT_CHECK, check, verb, actions.ACTIONS[verb], by=viewer, now=clock.now(), **given
            )
        return check


def codes(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(reason.clause, reason.code) for reason in error.value.reasons]


@pytest.mark.clause("CP-23")
def test_a_fifth_of_the_quarters_complaints_is_drawn_and_can_be_drawn_again(any_app: Flask, at: At) -> None:
    numbers = solved(any_app)
    factories.do(any_app, "desk1", "report", factories.registered(any_app, kind=Kind.INQUIRY), answer="九点")
    factories.a_case(any_app, State.REOPENED)
    factories.a_case(any_app, State.RESOLVED)
    secret = factories.registered(any_app, by="office1", confidential=True)
    at(AFTER)
    with any_app.app_context():
        begins, ends = actions.bounds("2026Q1")
        found = [member.number for member in POPULATIONS[0].members(begins, ends)]
    assert sorted(found) == numbers
    assert secret not in found
    drawn = draw(any_app)
    assert drawn == rules.sample(numbers, Fraction(1, 5), "seed")
    assert len(drawn) == 2
    with any_app.app_context():
        kept = db.session.scalars(sa.select(SpotSample)).one()
    assert (kept.solved, kept.share, kept.seed, kept.rater) == (6, 20, "seed", "market")
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CP-23")
def test_a_quarter_is_drawn_once_and_only_when_it_is_over(any_app: Flask, at: At) -> None:
    solved(any_app)
    with pytest.raises(Refused) as early:
        draw(any_app)
    assert codes(early) == [("CP-23", "quarter_runs")]
    at(AFTER)
    first = draw(any_app)
    with pytest.raises(Refused) as again:
        draw(any_app, seed="a better one")
    assert codes(again) == [("CP-23", "drawn_before")]
    with pytest.raises(Refused) as empty:
        draw(any_app, "2025Q4")
    assert codes(empty) == [("CP-23", "nothing_solved")]
    assert [check.number for check in checks(any_app)] == first


@pytest.mark.clause("CP-23")
def test_the_database_keeps_one_sample_a_quarter(any_app: Flask, at: At) -> None:
    solved(any_app, 1)
    at(AFTER)
    draw(any_app)
    with any_app.app_context():
        who = factories.viewer("office1").id
        twice = SpotSample(quarter="2026Q1", population="case", solved=1, share=20, seed="x", rater="market")
        twice.drawn_at, twice.drawn_by_id = clock.now(), who
        with pytest.raises(IntegrityError), db.write():
            db.session.add(twice)


@pytest.mark.clause("CP-23")
def test_another_part_adds_its_own_numbers(app: Flask, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    """Repair orders, once they exist: drawn separately, also when the complaints were drawn before."""
    solved(app, 5)
    at(AFTER)
    assert len(draw(app)) == 1

    def orders(since: datetime, until: datetime) -> list[Member]:
        assert since < until
        return [Member(f"WX-20260303-{n:04}") for n in range(11)]

    monkeypatch.setattr(
        "portal.blueprints.complaints.spot_checks.actions.POPULATIONS",
        [*POPULATIONS, Population("order", "Repair orders", orders, lambda number: None, lambda who, n: "")],
    )
    draw(app)
    assert sum(check.number.startswith("WX-") for check in checks(app)) == 3
    assert sum(check.number.startswith("TS-") for check in checks(app)) == 1


@pytest.mark.clause("CP-23")
def test_the_head_calls_again_and_another_department_rates(any_app: Flask, at: At) -> None:
    solved(any_app, 1)
    at(AFTER)
    draw(any_app)
    (check,) = checks(any_app)
    assert ("2026Q1", CALL) in factories.waiting(any_app, "lead.admin")
    assert ("2026Q1", RATE) in factories.waiting(any_app, "lead.market")
    assert factories.told(any_app, "spot_sample:drawn") == ["lead.admin", "lead.market"]
    with pytest.raises(Forbidden):
        act(any_app, "lead.market", CALL, check.id, **GOOD)
    with pytest.raises(Forbidden):
        act(any_app, "lead.admin", RATE, check.id, rating=5)
    with pytest.raises(Forbidden):
        act(any_app, "office1", RATE, check.id, rating=5)
    called = act(any_app, "lead.admin", CALL, check.id, **GOOD)
    assert (called.state, called.outcome, called.duty) == ("called", "satisfied", "kept")
    assert called.task_department is None
    rated = act(any_app, "lead.market", RATE, check.id, rating=4, note="当天回访，记录清楚")
    assert (rated.rating, rated.state) == (4, "called")
    with pytest.raises(Refused) as twice:
        act(any_app, "lead.market", RATE, check.id, rating=1)
    assert codes(twice) == [("CP-23", "rated_before")]
    with pytest.raises(Refused):
        act(any_app, "lead.admin", CALL, check.id, **GOOD)
    assert factories.waiting(any_app, "lead.admin") == factories.waiting(any_app, "lead.market") == []
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CP-23")
def test_nobody_checks_their_own_work(app: Flask, at: At) -> None:
    number = factories.registered(app, by="lead.admin")
    factories.bring(app, number, State.REPORTED)
    factories.do(app, "lead.admin", "follow-up", number, outcome=Outcome.SATISFIED)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    with pytest.raises(Refused) as own:
        act(app, "lead.admin", CALL, check.id, **GOOD)
    assert codes(own) == [("CP-23", "own_work")]
    act(app, "office1", CALL, check.id, **GOOD)


@pytest.mark.clause("CP-23")
@pytest.mark.clause("CP-32")
def test_a_finding_becomes_a_task_of_whose_duty_it_was(any_app: Flask, at: At) -> None:
    """The first responder belongs to administration, so its lead puts it right, not technology, which solved it."""
    (number,) = solved(any_app, 1)
    at(AFTER)
    draw(any_app)
    (check,) = checks(any_app)
    found = act(any_app, "office1", CALL, check.id, **BAD)
    assert (found.task_department, found.duty) == ("admin", "rude")
    assert found.at_fault_id == factories.id_of(any_app, "desk1")
    assert factories.told(any_app, "spot_check:finding") == ["lead.admin"]
    assert (number, SETTLE) in factories.waiting(any_app, "lead.admin")
    with pytest.raises(Exception, match="404"):
        act(any_app, "lead.tech", SETTLE, check.id, note="x")
    settled = act(any_app, "lead.admin", SETTLE, check.id, note="已谈话，重新培训用语")
    assert (settled.state, settled.settled_note) == ("settled", "已谈话，重新培训用语")
    assert factories.waiting(any_app, "lead.admin") == []


@pytest.mark.clause("CP-32")
def test_a_broken_duty_is_traced_to_the_named_person(app: Flask, at: At) -> None:
    solved(app, 1)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    with app.app_context():
        from portal.kernel import reference

        card = reference.staff().by_username("emp.impl")
    found = act(app, "office1", CALL, check.id, **BAD | {"at_fault": card})
    assert (found.at_fault_id, found.task_department) == (card.id if card else 0, "impl")


@pytest.mark.clause("CP-23")
def test_a_dissatisfied_customer_is_a_task_of_who_solved_it(app: Flask, at: At) -> None:
    solved(app, 1)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    given = {"outcome": Outcome.DISSATISFIED, "duty": Duty.KEPT, "note": "墨盒又漏了"}
    assert act(app, "lead.admin", CALL, check.id, **given).task_department == "tech"
    with pytest.raises(Refused) as nothing:
        act(app, "office1", CALL, check.id, **GOOD)
    assert codes(nothing) == [("CP-23", "wrong_state")]
    act(app, "lead.tech", SETTLE, check.id, note="已上门")


def test_nobody_answers_and_the_head_tries_again(app: Flask, at: At) -> None:
    solved(app, 1)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    states = [act(app, "lead.admin", CALL, check.id, outcome=Outcome.NO_ANSWER).state for _ in range(3)]
    assert states == ["drawn", "drawn", "called"]


@pytest.mark.clause("CP-23")
def test_the_outside_department_sees_its_own_sample_only(app: Flask, at: At) -> None:
    solved(app)
    at(AFTER)
    draw(app, rater="market")
    (first, *_more) = checks(app)
    seen = {
        who: client_of(app, who).get(URL).text
        for who in ("office1", "gm", "lead.admin", "lead.market", "lead.tech", "lead.impl")
    }
    shown = {who: len(re.findall(r"data-row", page)) for who, page in seen.items()}
    assert shown == {
        "office1": 2, "gm": 2, "lead.admin": 2, "lead.market": 2, "lead.tech": 0, "lead.impl": 0,
    }  # fmt: skip
    assert "No sample for you" in seen["lead.tech"]
    address = f"{URL}{first.id}"
    codes_ = {who: client_of(app, who).get(address).status_code for who in (*seen, "desk1", "emp.tech")}
    assert {who for who, code in codes_.items() if code == 200} == {
        "office1",
        "gm",
        "lead.admin",
        "lead.market",
    }
    assert {client_of(app, who).get(URL).status_code for who in ("desk1", "emp.tech")} == {403}
    rater, head = (client_of(app, who).get(address).text for who in ("lead.market", "lead.admin"))
    assert "tel:13900001234" in head
    assert "13900001234" not in rater, "only who calls needs the number"
    assert "客户满意" in rater


@pytest.mark.clause("CP-09")
def test_the_person_complained_about_sees_no_check_of_it(app: Flask, at: At) -> None:
    solved(app, 1, concerned="lead.admin", department="impl")
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    browser = client_of(app, "lead.admin")
    assert browser.get(f"{URL}{check.id}").status_code == 404
    assert "No sample for you" in browser.get(URL).text
    assert browser.send(f"{URL}{check.id}/{CALL}", outcome="satisfied", duty="kept").status_code == 404


def test_the_office_draws_on_the_page(app: Flask, at: At, as_: As) -> None:
    solved(app)
    at(AFTER)
    office = as_("office1")
    assert office.send(f"{URL}draw", quarter="2026Q2", rater="market").status_code == 422
    assert office.send(f"{URL}draw", quarter="2026Q1", rater=CUSTOMER_SERVICE).status_code == 422
    assert as_("lead.admin").send(f"{URL}draw", quarter="2026Q1", rater="market").status_code == 403
    answer = office.send(f"{URL}draw", quarter="2026Q1", rater="market")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{URL}2026Q1")
    page = office.get(f"{URL}2026Q1").text
    with app.app_context():
        seed = db.session.scalars(sa.select(SpotSample.seed)).one()
    assert f"Seed {seed}" in page
    again = office.send(f"{URL}draw", quarter="2026Q1", rater="market")
    assert (again.status_code, "CP-23" in again.text) == (409, True)
    assert office.get(f"{URL}2026Q9").status_code == 404
    for show in ("to_call", "to_rate", "findings", "nonsense"):
        assert office.get(f"{URL}2026Q1?show={show}").status_code == 200


@pytest.mark.clause("CP-32")
def test_a_check_on_its_page(app: Flask, at: At, as_: As) -> None:
    (number,) = solved(app, 1)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    here, head = f"{URL}{check.id}", as_("lead.admin")
    silent = head.send(f"{here}/{CALL}", outcome="dissatisfied", duty="kept", note="  ")
    assert (silent.status_code, "CP-23" in silent.text) == (422, True)
    unasked = head.send(f"{here}/{CALL}", outcome="satisfied", note="挺好的")
    assert (unasked.status_code, "挺好的" in unasked.text) == (422, True)
    stale = head.send(f"{here}/{CALL}", outcome="satisfied", duty="kept", version="7")
    assert stale.status_code == 409
    sent = head.send(f"{here}/{CALL}", outcome="satisfied", duty="late", note="三天才回电", version="1")
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{URL}2026Q1")
    assert head.send(f"{here}/{CALL}", outcome="satisfied", duty="kept").status_code == 409
    page = head.get(here).text
    assert f"/complaints/penalties/new?case={number}&amp;ground=late" in page
    assert "三天才回电" in page
    assert as_("lead.market").send(f"{here}/{RATE}", rating="6").status_code == 422
    assert as_("lead.market").send(f"{here}/{RATE}", rating="2", note="没有回访").status_code == 303
    assert head.send(f"{here}/{SETTLE}", note="").status_code == 422
    assert head.send(f"{here}/{SETTLE}", note="已提醒").status_code == 303
    audit = as_("office1").get("/office/audit/?kind=spot_check")
    assert audit.status_code == 200
    assert as_("office1").get("/office/audit/?kind=spot_sample").status_code == 200
    assert as_("lead.admin").get("/").status_code == 200


def test_pages_cost_few_statements(app: Flask, at: At, as_: As) -> None:
    solved(app, 5)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    one = len(statements(as_("office1"), f"{URL}2026Q1"))
    detail = statements(as_("office1"), f"{URL}{check.id}")
    assert len(detail) <= MOST, "\n".join(detail)
    with app.app_context(), db.write():
        row = db.session.get_one(SpotCheck, check.id)
        for n in range(55):
            same = {"sample_id": row.sample_id, "rater": row.rater, "state_since": row.state_since}
            db.session.add(SpotCheck(number=f"TS-20260303-{n:04}", **same))
    many = statements(as_("office1"), f"{URL}2026Q1")
    assert len(many) == one <= MOST, "\n".join(many)
    page = as_("office1").get(f"{URL}2026Q1").text
    further = re.search(r'rel="next" href="([^"]+)"', page)
    assert further
    rest = as_("office1").get(further[1].replace("&amp;", "&")).text
    assert page.count("data-row") + rest.count("data-row") == 56


def test_the_workbook(app: Flask, at: At, as_: As) -> None:
    (number,) = solved(app, 1)
    at(AFTER)
    draw(app)
    (check,) = checks(app)
    act(app, "lead.admin", CALL, check.id, **BAD)
    answer = as_("lead.market").get(f"{URL}2026Q1/export")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert (rows[1][0], rows[1][4], rows[1][6]) == (number, "Dissatisfied", "客户说前台语气生硬")
    assert as_("emp.tech").get(f"{URL}2026Q1/export").status_code == 403
    assert as_("desk1").get(f"{URL}2026Q1/export").status_code == 403


@pytest.mark.clause("CP-20")
def test_what_was_written_goes_with_the_case(any_app: Flask, at: At) -> None:
    (number,) = solved(any_app, 1)
    for by, verb, given in (
        ("desk1", "confirm", {}),
        ("lead.tech", "file", {}),
        ("desk1", "archive", {"evaluation": "好"}),
    ):
        factories.do(any_app, by, verb, number, **given)
    at(AFTER)
    draw(any_app)
    (check,) = checks(any_app)
    act(any_app, "lead.admin", CALL, check.id, **BAD | {"note": MARKER})
    act(any_app, "lead.market", RATE, check.id, rating=1, note=MARKER)
    act(any_app, "lead.admin", SETTLE, check.id, note=MARKER)
    at("Mon 2027-04-05 09:00")
    factories.do(any_app, "office1", "dispose", number, reason="期满")
    factories.do(any_app, "office2", "dispose", number, decision=Decision.YES)
    with any_app.app_context(), db.engine.connect() as connection:
        for table in sa.inspect(db.engine).get_table_names():
            if not table.startswith("search_"):
                rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()
                assert MARKER not in repr(rows), table
    assert factories.history_faults(any_app) == []
