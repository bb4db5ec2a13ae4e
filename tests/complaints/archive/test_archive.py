"""What lies in the archive, how long it is kept, how it is corrected, how it goes (CP-19, CP-20, GO-01)."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from portal.blueprints.complaints.archive import actions, rules
from portal.blueprints.complaints.archive.codes import Correctable, RetentionClass
from portal.blueprints.complaints.archive.models import Erratum
from portal.blueprints.complaints.codes import Decision, State, Urgency
from portal.kernel import clock, lists
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At
from tests.house.test_statements import MOST, statements

NORMAL, IMPORTANT = RetentionClass
MOMENTS = st.integers(1_577_836_800, 2_840_140_800).map(lambda s: datetime.fromtimestamp(s, UTC))
YEARS = st.integers(0, 30)


@pytest.mark.clause("CP-20")
@given(MOMENTS, YEARS, YEARS, st.none() | MOMENTS)
def test_no_choice_shortens_the_policys_term(
    at: datetime, least: int, chosen: int, until: datetime | None
) -> None:
    kept = rules.kept_until(at, least_years=least, class_years=chosen, until=until)
    assert kept >= rules.least_until(at, least)
    assert kept >= at + timedelta(days=365) * chosen
    assert until is None or kept >= until
    assert kept in {at + timedelta(days=365) * least, at + timedelta(days=365) * chosen, until}


@given(MOMENTS, YEARS, YEARS, st.none() | MOMENTS)
def test_a_higher_class_never_keeps_shorter(
    at: datetime, least: int, chosen: int, until: datetime | None
) -> None:
    kept = rules.kept_until(at, least_years=least, class_years=chosen, until=until)
    assert rules.kept_until(at, least_years=least, class_years=chosen + 1, until=until) >= kept
    assert rules.kept_until(at, least_years=least, class_years=chosen, until=kept) == kept


def act(app: Flask, by: str, verb: str, number: str, **given: Any) -> None:
    with app.app_context():
        actions.act(number, verb, by=factories.viewer(by), now=clock.now(), **given)


def refused(app: Flask, by: str, verb: str, number: str, **given: Any) -> list[str]:
    with pytest.raises(Refused) as told:
        act(app, by, verb, number, **given)
    return [f"{reason.clause} {reason.code}" for reason in told.value.reasons]


@pytest.mark.clause("CP-20")
def test_the_office_keeps_a_case_longer_and_never_shorter(any_app: Flask, at: At) -> None:
    plain = factories.a_case(any_app, State.ARCHIVED)
    archived = factories.load(any_app, plain).archived_at
    assert archived is not None
    act(any_app, "office1", "keep", plain, retention_class=IMPORTANT, reason="客户有诉讼意向")
    assert factories.load(any_app, plain).keep_until == archived + timedelta(days=3 * 365)
    later = archived + timedelta(days=2000)
    act(any_app, "office2", "keep", plain, retention_class=NORMAL, reason="案件未了", until=later)
    assert factories.load(any_app, plain).keep_until == later
    act(any_app, "office1", "keep", plain, retention_class=NORMAL, reason="已了结")
    assert factories.load(any_app, plain).keep_until == archived + timedelta(days=365)
    early = archived + timedelta(days=300)
    assert refused(any_app, "office1", "keep", plain, retention_class=NORMAL, reason="x", until=early) == [
        "CP-20 term_shortened"
    ]
    major = factories.a_case(any_app, State.ARCHIVED, urgency=Urgency.URGENT)
    assert refused(any_app, "office1", "keep", major, retention_class=NORMAL, reason="x") == [
        "CP-20 term_shortened"
    ]
    with pytest.raises(Forbidden):
        act(any_app, "desk1", "keep", plain, retention_class=IMPORTANT, reason="x")
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CP-20")
@pytest.mark.clause("GO-01")
def test_a_locked_case_changes_only_by_an_erratum_that_two_sign(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.ARCHIVED)
    change = {"field": Correctable.CUSTOMER_PHONE, "value": "13911112222", "reason": "录入错误"}
    same = change | {"value": factories.load(any_app, number).customer_phone}
    assert refused(any_app, "office1", "correct", number, **same) == ["GO-01 nothing_to_correct"]
    with pytest.raises(Forbidden):
        act(any_app, "desk1", "correct", number, **change)
    act(any_app, "office1", "correct", number, **change)
    assert (number, "sign-erratum") in factories.waiting(any_app, "office2")
    assert factories.waiting(any_app, "office1") == []
    assert refused(any_app, "office1", "correct", number, decision=Decision.YES) == ["GO-01 asked_yourself"]
    assert refused(any_app, "office2", "correct", number, **change) == ["GO-01 erratum_open"]
    act(any_app, "office2", "correct", number, decision=Decision.YES)
    assert factories.load(any_app, number).customer_phone == "13900001234", "the original stays"
    assert factories.waiting(any_app, "office2") == []
    assert factories.told(any_app, "erratum:decided") == ["office1"]
    assert refused(any_app, "office2", "correct", number, decision=Decision.YES) == ["GO-01 erratum_gone"]
    with any_app.app_context():
        (row,) = db.session.scalars(sa.select(Erratum))
        assert (row.signed, row.value, row.decided_by_id) == (
            True,
            "13911112222",
            factories.viewer("office2").id,
        )
    assert [line.event for line in factories.events(any_app, number)][-2:] == ["case:correct"] * 2


def test_only_one_erratum_waits_whatever_happens(any_app: Flask) -> None:
    number = factories.a_case(any_app, State.ARCHIVED)
    act(any_app, "office1", "correct", number, field=Correctable.DEMAND, value="x", reason="y")
    with any_app.app_context():
        (row,) = db.session.scalars(sa.select(Erratum))
        given = {"case_id": row.case_id, "number": number, "field": row.field, "asked_by_id": row.asked_by_id}
        second = sa.insert(Erratum).values(**given, value="", reason="", asked_at=clock.now(), signed=False)
        with db.engine.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(second)


@pytest.mark.clause("CP-20")
def test_errata_bar_the_disposal_while_open_and_go_with_it(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.ARCHIVED)
    act(any_app, "office1", "keep", number, retention_class=NORMAL, reason="标记乙")
    act(any_app, "office1", "correct", number, field=Correctable.DEMAND, value="标记乙", reason="标记乙")
    at("Tue 2027-03-02 09:01")
    assert factories.refused(any_app, "office1", "dispose", number, reason="期满") == ["CP-20 erratum_open"]
    act(any_app, "office2", "correct", number, decision=Decision.NO)
    factories.do(any_app, "office1", "dispose", number, reason="期满")
    factories.do(any_app, "office2", "dispose", number, decision=Decision.YES)
    assert refused(any_app, "office1", "keep", number, retention_class=NORMAL, reason="x") == [
        "CP-20 disposed"
    ]
    change = {"field": Correctable.DEMAND, "value": "x", "reason": "y"}
    assert refused(any_app, "office1", "correct", number, **change) == ["CP-20 disposed"]
    with any_app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)):
                assert not any("标记乙" in str(value) for value in row), table.name
    assert factories.history_faults(any_app) == []


# -- pages ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CP-19")
@pytest.mark.clause("CP-20")
def test_the_archive_shows_class_term_and_both_filings_to_whom_may_see_the_case(
    app: Flask, as_: As, at: At
) -> None:
    number = factories.a_case(app, State.ARCHIVED)
    open_ = factories.a_case(app, State.REPORTED)
    for username in ("desk1", "lead.tech", "office1", "emp.tech"):
        page = as_(username).get("/complaints/archive/").text
        assert (number in page, open_ in page) == (True, False)
        told = text_of(as_(username).get(f"/complaints/archive/{number}"))
        for said in ("Kept the usual term", "2027-03-02", "Filed by the department", "处理及时"):
            assert said in told
    assert number not in as_("lead.impl").get("/complaints/archive/").text
    assert as_("lead.impl").get(f"/complaints/archive/{number}").status_code == 404
    assert as_("lead.impl").send(f"/complaints/archive/{number}/keep").status_code == 404
    assert "Not archived yet" in as_("desk1").get(f"/complaints/archive/{open_}").text
    for query, there in (
        ("words=桂芳", True),
        ("words=没有", False),
        ("department=impl", False),
        ("retention_class=normal", True),
        ("retention_class=important", False),
        ("since=2026-03-02&until=2026-03-02", True),
        ("since=2026-03-03", False),
        ("until=x&before=x", True),
    ):
        assert (number in as_("office1").get(f"/complaints/archive/?{query}").text) is there, query
    as_("office1").lang = "zh-CN"
    assert as_("office1").get("/complaints/archive/").status_code == 200
    assert as_("office1").get(f"/complaints/archive/{number}").status_code == 200


@pytest.mark.clause("CP-20")
def test_class_and_erratum_by_forms(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ARCHIVED)
    address = f"/complaints/archive/{number}"
    assert as_("desk1").send(f"{address}/keep", retention_class="important", reason="x").status_code == 403
    bare = as_("office1").send(
        f"{address}/keep", retention_class="important", reason=" ", keep_on="2031-01-01"
    )
    assert (bare.status_code, "CP-20" in bare.text, "2031-01-01" in bare.text) == (422, True, True)
    short = as_("office1").send(
        f"{address}/keep", retention_class="normal", reason="嗯嗯", keep_on="2026-04-01"
    )
    assert (short.status_code, "CP-20" in short.text, "嗯嗯" in short.text) == (409, True, True)
    ok = as_("office1").send(f"{address}/keep", retention_class="important", reason="诉讼")
    assert ok.status_code == 303
    assert "2029-03-01" in as_("office1").get(address).text
    wrong = as_("office1").send(f"{address}/correct", field="customer_phone", value="不是电话", reason="x")
    assert (wrong.status_code, "不是电话" in wrong.text) == (422, True)
    asked: dict[str, Any] = {"field": "customer_name", "value": "陈桂芬", "reason": "听错了"}
    assert as_("office1").send(f"{address}/correct", **asked).status_code == 303
    assert "waits for another person" in as_("office1").get(address).text
    assert as_("office1").send(f"{address}/correct", decision="yes").status_code == 409
    assert f"{address}/correct" in as_("office2").get(f"{address}?do=sign-erratum").text
    assert as_("office2").send(f"{address}/correct", htmx=True, decision="yes").status_code == 200
    page = text_of(as_("desk1").get(address))
    assert "陈桂芬" in page
    assert "陈桂芳" in page
    assert "signed" in page
    assert "陈桂芳" in as_("desk1").get(f"/complaints/{number}").text
    assert "with erratum" in as_("desk1").get("/complaints/archive/").text
    still_open = factories.a_case(app, State.REPORTED)
    kept: dict[str, Any] = {"retention_class": "normal", "reason": "x"}
    for verb, form in (("keep", kept), ("correct", asked)):
        assert as_("office1").send(f"/complaints/archive/{still_open}/{verb}", **form).status_code == 409


@pytest.mark.clause("CP-20")
def test_several_are_proposed_at_once_and_each_is_told(app: Flask, as_: As, at: At) -> None:
    first, second = factories.a_case(app, State.ARCHIVED), factories.a_case(app, State.ARCHIVED)
    at("Tue 2027-03-02 09:01")
    young = factories.a_case(app, State.ARCHIVED)
    page = as_("office1").get("/complaints/archive/?term=1").text
    assert (first in page, young in page) == (True, False)
    address = "/complaints/archive/dispose"
    assert as_("desk1").send(address, number=[first], reason="期满").status_code == 403
    assert as_("office1").send(address, reason="期满").status_code == 422
    kept = as_("office1").send(address, number=[first], reason=" ")
    assert (kept.status_code, "checked" in kept.text) == (422, True)
    factories.do(app, "office2", "dispose", second, reason="期满")
    sent = [first, second, young, "TS-1"]
    assert as_("office1").send(address, number=sent, reason="期满").status_code == 303
    told = text_of(as_("office1").get("/complaints/archive/?term=1"))
    whole = as_("office1").get("/complaints/archive/?term=1").text
    assert factories.load(app, first).asked("dispose")
    assert factories.load(app, second).asked("dispose"), "nothing is decided for several at once"
    assert factories.load(app, second).disposed_at is None
    assert not factories.load(app, young).asked("dispose")
    assert "Proposed for disposal" in told
    assert 'name="number"' not in whole


def test_the_workbook_has_what_the_archive_shows(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ARCHIVED, customer_name="=cmd")
    answer = as_("desk1").get("/complaints/archive/export?words=cmd")
    (sheet,) = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Number", number]
    assert rows[1][1] == "'=cmd"
    assert as_("emp.tech").get("/complaints/archive/export").status_code == 403


def test_the_pages_cost_few_statements(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ARCHIVED)
    pages = ("/complaints/archive/", "/complaints/archive/?words=打印", f"/complaints/archive/{number}")
    one = [len(statements(as_("office1"), page)) for page in pages]
    assert max(one) <= MOST, one
    for _ in range(5):
        factories.a_case(app, State.ARCHIVED)
    assert [len(statements(as_("office1"), page)) for page in pages] == one
    assert lists.PAGE == 50


@pytest.mark.clause("CP-20")
def test_the_office_hears_once_a_month_that_terms_are_over(any_app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    for _ in range(2):
        factories.a_case(any_app, State.ARCHIVED)
    for now, told in (
        ("Mon 2027-03-01 10:00", 0),  # a year is not over yet
        ("Tue 2027-03-02 23:00", 0),  # nobody works
        ("Wed 2027-03-03 10:00", 1),
        ("Wed 2027-03-31 10:00", 1),
        ("Thu 2027-04-01 10:00", 2),
    ):
        at(now)
        factories.sweep(any_app)
        assert factories.told(any_app, "case:term_over") == ["office1", "office2"] * told, now


@pytest.mark.clause("CP-20")
def test_what_is_proposed_for_disposal_needs_no_reminder(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    number = factories.a_case(app, State.ARCHIVED)
    at("Wed 2027-03-03 10:00")
    factories.do(app, "office1", "dispose", number)
    factories.sweep(app)
    assert factories.told(app, "case:term_over") == []
