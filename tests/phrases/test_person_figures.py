"""What each area counts of a person for an assessment: one statement, on both databases (GO-03)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import Finding, Outcome
from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.spot_checks.codes import Duty
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.blueprints.duty.attendance.models import AttendanceMonth, AttendanceSum
from portal.blueprints.duty.handover.codes import Ground, Side
from portal.blueprints.duty.handover.codes import State as HandoverState
from portal.blueprints.duty.handover.models import Handover, Signature
from portal.blueprints.duty.spot_checks.codes import State as CheckState
from portal.blueprints.duty.spot_checks.models import DutyCheck, Met
from portal.blueprints.reception.questions import codes as questions
from portal.blueprints.reception.questions.models import Question
from portal.kernel import accounts, clock, person_figures, timers
from portal.kernel.db import db
from portal.kernel.timers import Basis
from tests import factories
from tests.duty.handover.making import Desk, a_desk
from tests.house.test_statements import counted
from tests.kernel.moments import at

FROM, TO = at("Sun 2026-03-01 00:00"), at("Wed 2026-04-01 00:00")


@pytest.mark.clause("GO-03")
def test_the_records_of_a_person_are_counted_by_one_statement(any_app: Flask) -> None:
    number = factories.a_case(any_app, CaseState.ACCEPTED)
    factories.a_case(any_app, CaseState.ACCEPTED)  # not contacted: no figure
    factories.do(any_app, "lead.tech", "contact", number, note="已联系")
    desk = a_desk(any_app)
    with any_app.app_context():
        now = clock.now()
        who, other = accounts.find("emp.tech").id, accounts.find("emp.impl").id
        with db.write():
            _case(number, who, now)
            _attendance(who)
            _handover(desk, who, now)
            _checks(desk, who, now)
            _question(who, now)
        db.session.rollback()
        with counted() as statements:
            found = person_figures.of([who, other], FROM, TO)
        assert len(statements) == 1
        assert {(figure.kind, figure.value, figure.of) for figure in found if figure.person_id == who} == {
            ("first_contact", 1, 1), ("follow_up", 0, 1), ("upheld", 1, 1), ("case_check", 1, 1), ("late", 2, 20),
            ("absent", 1, 20), ("handover_refused", 1, 1), ("duty_check", 0, 1), ("questions", 1, 1),
        }  # fmt: skip
        assert [figure.kind for figure in found if figure.person_id == other] == []
        assert person_figures.of([who], FROM - timedelta(days=60), FROM - timedelta(days=30)) == []
        assert person_figures.of([], FROM, TO) == []


def _case(number: str, who: int, now: datetime) -> None:
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    case.reported_at, case.followed_up = now, Outcome.DISSATISFIED
    case.responsible_id, case.finding, case.handler_id = who, Finding.MISTAKE, who


def _attendance(who: int) -> None:
    for month, closed in (("2026-03", clock.now()), ("2026-02", None)):
        row = AttendanceMonth(month=month, closed_at=closed)
        db.session.add(row)
        db.session.flush()
        sums = {"days": 20, "late": 2, "minutes": 30, "absences": 1, "percent": "0"}
        db.session.add(AttendanceSum(month_id=row.id, person_id=who, department="tech", **sums))


def _handover(desk: Desk, who: int, now: datetime) -> None:
    row = Handover(
        number="JJ-1", post_id=desk.post, outgoing_id=desk.early, incoming_id=desk.late, changes_at=now, round=1,
        state=HandoverState.SIGNED, state_since=now, opened_at=now, ground=Ground.DIRTY_PLACE,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    for round_ in (0, 1):  # of the round that was refused, and of the one that holds
        db.session.add(Signature(handover_id=row.id, round=round_, side=Side.OUTGOING, person_id=who, at=now))


def _checks(desk: Desk, who: int, now: datetime) -> None:
    by = accounts.find("lead.tech").id
    check = DutyCheck(
        number="CC-1", post_id=desk.post, checked_at=now, findings="tidy", state=CheckState.OPEN, state_since=now,
        by_id=by, made_at=now,
    )  # fmt: skip
    sample = SpotSample(
        quarter="2026Q1",
        population="x",
        solved=1,
        share=20,
        seed="1",
        rater="market",
        drawn_at=now,
        drawn_by_id=by,
    )
    db.session.add_all([check, sample])
    db.session.flush()
    db.session.add(Met(check_id=check.id, person_id=who))
    given = {
        "sample_id": sample.id,
        "rater": "market",
        "responder_id": who,
        "state_since": now,
        "called_at": now,
    }
    db.session.add(SpotCheck(number="TS-1", duty=Duty.KEPT, **given))
    db.session.add(SpotCheck(number="TS-2", **given))


def _question(who: int, now: datetime) -> None:
    row = Question(
        number="ZX-1", question="几点关门？", person_id=who, state=questions.State.REPLIED, state_since=now, asked_at=now,
        created_at=now, created_by_id=who,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    timers.start(row, "question", now=now, clause="RC-22", basis=Basis.STATE, figure="limit.question")
    timers.meet(row, ["question"], now)
