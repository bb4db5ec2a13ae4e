"""Checklists of a shift: due to whom and when, signed once, customers' papers named one by one (DR-03, DR-14, DR-20)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.checklists import actions, queries, rules, watch
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.models import Checklist, ListVersion, Paper
from portal.blueprints.duty.checklists.shipped import SHIPPED, Item
from portal.blueprints.duty.handover.rules import Seats
from portal.kernel import clock, handing
from portal.kernel.db import db
from portal.kernel.workflow import Attempt, Refused
from tests import factories
from tests.conftest import As, At
from tests.duty.handover.making import Desk, a_desk, a_handover, a_note, counted, do, state_of
from tests.kernel.moments import at as moment

WHY = "客户明天上午来取原件"


def ticked(which: Moment, **more: Any) -> dict[str, Any]:
    """Everything in order."""
    items = len(SHIPPED[which]) + (which is Moment.END)
    return {f"done_{place}": "y" for place in range(items)} | more


def records(app: Flask) -> list[Checklist]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Checklist).order_by(Checklist.id)))


@pytest.fixture
def desk(app: Flask, at: At) -> Desk:
    """desk1 until 14:00, then emp.admin until 22:00; it is ten minutes before the change."""
    at("Mon 2026-03-02 13:50")
    return a_desk(app)


# -- pure -----------------------------------------------------------------------------------------------------------

EARLY = Seats(1, 1, 1, (7,), moment("Mon 2026-03-02 08:00"), moment("Mon 2026-03-02 14:00"))
LATE = Seats(2, 1, 2, (8,), moment("Mon 2026-03-02 14:00"), moment("Mon 2026-03-02 22:00"))
NIGHT = Seats(3, 1, 3, (9,), moment("Mon 2026-03-02 22:00"), moment("Tue 2026-03-03 08:00"))


@pytest.mark.clause("DR-20")
@pytest.mark.parametrize(
    ("seats", "others", "expected"),
    [(EARLY, [LATE], "start end"), (LATE, [EARLY], "start end closing"), (LATE, [EARLY, NIGHT], "start end")],
)
def test_the_last_shift_of_the_day_closes(seats: Seats, others: list[Seats], expected: str) -> None:
    last = rules.closes(seats, [seats, *others])
    dues = rules.of_shift(seats, "admin", last=last, before=timedelta(minutes=15))
    assert [str(due.moment) for due in dues] == expected.split()


@pytest.mark.clause("DR-03")
@pytest.mark.parametrize(
    ("when", "there", "expected"),
    [
        ("07:44", False, ""),
        ("07:45", False, "start"),
        ("13:44", True, "start"),
        ("13:45", True, "start end"),
        ("16:00", False, "start end"),
        ("16:01", False, ""),
        ("18:00", True, "start end"),
    ],
)
def test_a_checklist_is_due_around_its_moment(when: str, there: bool, expected: str) -> None:
    dues = rules.of_shift(EARLY, "admin", last=False, before=timedelta(minutes=15))
    now = moment(f"Mon 2026-03-02 {when}")
    assert [str(due.moment) for due in dues if rules.is_open(due, now, there)] == expected.split()


@pytest.mark.clause("DR-14")
@pytest.mark.parametrize("why", ["", "  ", "无", "——————", "同上。", "1111", "aaaa"])
def test_a_paper_stays_for_a_reason_that_says_something(why: str) -> None:
    (_start, end) = rules.of_shift(EARLY, "admin", last=False, before=timedelta(minutes=15))
    given = {"unfiled": ["TS-1", "TS-2"], "stays": {"TS-1": WHY, "TS-2": why}}
    found = rules.papers_filed(Attempt(end, None, EARLY.ends_at, given))
    assert found is not None
    assert (found.clause, found.given["numbers"]) == ("DR-14", ("TS-2",))


# -- signing --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-14")
def test_papers_are_filed_or_each_is_named_with_a_reason(app: Flask, as_: As, desk: Desk) -> None:
    number = factories.a_case(app, CaseState.REPORTED, department="admin")
    secret = factories.a_case(app, CaseState.REPORTED, department="admin")
    with app.app_context(), db.write():
        db.session.execute(sa.update(Case).where(Case.number == secret).values(confidential=True))
    browser, url = as_("desk1"), f"/duty/checklists/{desk.early}/end"
    page = browser.get("/duty/checklists/").text
    assert number in page
    assert secret not in page
    for more in ({}, {"stays_0": "无"}):
        refused = browser.send(url, **ticked(Moment.END, **more))
        assert refused.status_code == 409
        assert "DR-14" in refused.text
        assert number in refused.text
    assert records(app) == []
    assert browser.send(url, **ticked(Moment.END, stays_0=WHY)).status_code == 303
    (record,) = records(app)
    with app.app_context():
        (paper,) = db.session.scalars(sa.select(Paper))
        assert (paper.checklist_id, paper.number, paper.why) == (record.id, number, WHY)
    assert WHY in browser.get(f"/duty/checklists/{record.number}").text
    assert factories.history_faults(app) == []


@pytest.mark.clause("DR-14")
def test_what_becomes_unfiled_while_the_form_is_open_counts(app: Flask, desk: Desk) -> None:
    number = factories.a_case(app, CaseState.REPORTED, department="admin")
    with app.app_context(), pytest.raises(Refused) as refused, db.write():
        actions.sign(desk.early, Moment.END, by=factories.viewer("desk1"), now=clock.now(), said=[], stays={})
    assert refused.value.reasons[0].given["numbers"] == (number,)


def test_what_is_not_ticked_needs_a_word_why(app: Flask, as_: As, desk: Desk) -> None:
    browser, url = as_("desk1"), f"/duty/checklists/{desk.early}/start"
    answers = ticked(Moment.START)
    del answers["done_1"]
    assert browser.send(url, **answers).status_code == 422
    assert browser.send(url, **answers, why_1="工牌补办中").status_code == 303
    assert "工牌补办中" in browser.get(f"/duty/checklists/{records(app)[0].number}").text


def test_only_the_shift_signs_and_only_once(app: Flask, as_: As, at: At, desk: Desk) -> None:
    url = f"/duty/checklists/{desk.early}/start"
    for username in ("emp.admin", "lead.admin", "office1"):
        assert as_(username).send(url, **ticked(Moment.START)).status_code == 404, username
    browser = as_("desk1")
    for _ in range(2):
        assert browser.send(url, **ticked(Moment.START), idempotency_key="k").status_code == 303
    again = browser.send(url, **ticked(Moment.START))
    assert (again.status_code, "DR-03" in again.text) == (409, True)
    assert len(records(app)) == 1


def test_two_seats_of_a_shift_sign_one_record(any_app: Flask, at: At) -> None:
    at("Mon 2026-03-02 08:10")
    desk = a_desk(any_app)
    given = {"shift_id": desk.early, "moment": Moment.START, "post_id": desk.post, "list_version": 1}
    with any_app.app_context():
        by = {"signed_by_id": factories.viewer("desk1").id, "signed_at": clock.now()}
        with db.write():
            db.session.add(Checklist(number="QD-1", **given, **by))
        with pytest.raises(IntegrityError), db.write():
            db.session.add(Checklist(number="QD-2", **given, **by))
        for change in ("UPDATE checklists SET note = 'x'", "DELETE FROM checklists"):
            with pytest.raises(DBAPIError, match="append-only"), db.write():
                db.session.execute(sa.text(change))


def test_a_correction_is_another_record(app: Flask, as_: As, desk: Desk) -> None:
    browser = as_("desk1")
    browser.send(f"/duty/checklists/{desk.early}/start", **ticked(Moment.START))
    (first,) = records(app)
    url = f"/duty/checklists/{first.number}/correct"
    assert browser.get(url).status_code == 200
    assert as_("office1").get(url).status_code == 403
    assert browser.send(url, **ticked(Moment.START)).status_code == 422
    told = ticked(Moment.START, note="漏写：工牌未戴", why_1="忘在家里") | {"done_1": None}
    assert browser.send(url, **told).status_code == 303
    refused = browser.send(url, **told)
    assert (refused.status_code, "corrected already" in refused.text) == (409, True)
    _, second = records(app)
    assert (second.corrects_id, second.list_version) == (first.id, 1)
    assert second.number in browser.get(f"/duty/checklists/{first.number}").text


def test_the_handover_is_signed_without_it_and_shows_it(app: Flask, as_: As, desk: Desk) -> None:
    a_note(app, desk.post)
    handover = a_handover(app)
    as_("desk1").send(f"/duty/checklists/{desk.early}/end", **ticked(Moment.END))
    page = as_("desk1").get(f"/duty/handover/{handover}").text
    assert records(app)[0].number in page
    assert "not signed yet" in page
    counted(app, handover)
    do(app, handover, "sign", "desk1")
    do(app, handover, "sign", "emp.admin")
    assert state_of(app, handover) == "signed"


def test_an_unfiled_case_that_is_due_as_well_is_one_line_of_the_handover(
    app: Flask, at: At, desk: Desk
) -> None:
    a_note(app, desk.post)
    number = factories.a_case(app, CaseState.REPORTED, department="admin")
    at("Tue 2026-03-03 13:50")
    handover = a_handover(app)
    counted(app, handover)  # reads each line once
    with app.app_context():
        lines = [line.number for line in handing.open_at("admin", clock.now())]
        assert lines.count(number) == 1


# -- the office's lists, the day -------------------------------------------------------------------------------------


def test_the_office_writes_versions(app: Flask, as_: As, desk: Desk) -> None:
    url = "/duty/checklists/lists/front-desk/start"
    office = as_("office1")
    fields: dict[str, Any] = {"text_0": "着装整洁", "text_en_0": "Dressed well"}
    assert as_("lead.admin").get(url).status_code == 403
    assert office.send(url, **fields, version=1).status_code == 422
    assert office.send(url, version=1, reason="x", text_en_0="No Chinese").status_code == 422
    assert office.send(url, **fields, version=1, reason="精简").status_code == 303
    assert office.send(url, **fields, version=1, reason="又改").status_code == 409
    with app.app_context():
        (row,) = db.session.scalars(sa.select(ListVersion))
        assert (row.version, queries.items_of(row)) == (2, (Item("着装整洁", "Dressed well"),))
    assert "精简" in office.get(url).text
    assert "Dressed well" in as_("desk1").get(f"/duty/checklists/{desk.early}/start").text


def test_the_head_sees_what_is_missing_of_a_day(app: Flask, as_: As, at: At, desk: Desk) -> None:
    as_("desk1").send(f"/duty/checklists/{desk.early}/end", **ticked(Moment.END))
    at("Mon 2026-03-02 15:00")
    page = as_("lead.admin").get("/duty/checklists/day?day=2026-03-02").text
    assert "2 are missing" in page  # the early shift's start, the late one's start
    assert records(app)[0].number in page
    assert "Nobody was planned" in as_("lead.tech").get("/duty/checklists/day").text
    assert as_("desk1").get("/duty/checklists/day").status_code == 403


@pytest.mark.clause("DR-03")
def test_what_is_due_waits_on_the_own_day_until_it_is_signed(app: Flask, as_: As, at: At, desk: Desk) -> None:
    def waiting() -> list[tuple[str, str]]:
        with app.app_context():
            list(watch.follow(clock.now()))
            assert not list(watch.follow(clock.now()))  # a second pass does nothing
        found = [(who, kind) for who in ("desk1", "emp.admin") for _, kind in factories.waiting(app, who)]
        return [
            (who, kind.removeprefix("checklist-")) for who, kind in found if kind.startswith("checklist-")
        ]

    assert waiting() == [("desk1", "start"), ("desk1", "end"), ("emp.admin", "start")]
    assert (
        as_("emp.admin").send(f"/duty/checklists/{desk.late}/start", **ticked(Moment.START)).status_code
        == 303
    )
    with app.app_context():  # gone with the signature, not with the next sweep
        assert not [kind for _, kind in factories.waiting(app, "emp.admin") if kind.startswith("checklist-")]
    assert waiting() == [("desk1", "start"), ("desk1", "end")]
    assert "/duty/checklists/?do=checklist-end" in as_("desk1").get("/").text
    at("Mon 2026-03-02 16:01")  # too late to sign what was forgotten
    assert waiting() == []
