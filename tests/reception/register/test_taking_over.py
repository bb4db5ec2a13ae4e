"""An old register comes in as what it is: over and put away, told to nobody, kept no longer than its days allow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import verification
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Booking, Visit, VisitTask
from portal.blueprints.reception.privacy import forget
from portal.blueprints.reception.register import taking_over
from portal.blueprints.reception.register.models import DailyRegister
from portal.importing import KINDS
from portal.kernel import clock, timers
from portal.kernel.db import db
from portal.kernel.history import Line
from portal.kernel.inbox import Notice
from portal.kernel.outbox import Delivery
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At
from tests.sheets.making import confirmed, tried

ADDRESS = "/reception/register/import"
ROW: dict[str, Any] = {
    "reference": "2026-0117", "category": "B", "visitor_name": "陈旧册", "phone": "13900001234", "party_size": 3,
    "purpose": "二期验收", "host": "emp.tech", "place": "large", "arrived_at": "2026-02-27 14:00",
    "left_at": "2026-02-27 15:30",
}  # fmt: skip


def taken_over(app: Flask) -> list[Visit]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Visit).where(Visit.taken_over != "").order_by(Visit.id)))


@pytest.mark.clause("RC-17")
def test_an_old_register_is_put_away_already_and_concerns_nobody(any_app: Flask, as_: As, at: At) -> None:
    office, app = as_("office1"), any_app
    rows = [ROW, ROW | {"reference": "0118", "visitor_name": "李旧册", "host": "", "place": ""}]
    assert confirmed(office, ADDRESS, tried(office, ADDRESS, *rows)).status_code == 303
    first, second = taken_over(app)
    assert (first.number, second.number) == ("LF-20260227-0001", "LF-20260227-0002")
    assert (first.day, first.state, first.department) == ("2026-02-27", State.ARCHIVED, "tech")
    assert first.arrived_at is not None
    assert first.left_at == first.arrived_at + timedelta(minutes=90)
    page = text_of(office.get(f"/reception/visits/{first.number}"))
    assert "Number in the old register 2026-0117" in page
    assert "LF-20260227-0001" in office.get("/reception/visits/?words=陈旧册").text
    at("Tue 2026-03-03 09:00")
    with app.app_context():
        assert not list(verification.faults())
        list(timers.sweep(clock.now()))
        for model in (Booking, VisitTask):
            assert not db.session.scalar(sa.select(sa.func.count()).select_from(model))
        for told in (Clock, Todo, Notice):
            asked = sa.select(sa.func.count()).where(told.subject_kind == "visit")
            assert not db.session.scalar(asked), told
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(Delivery))
        assert not db.session.scalar(sa.select(sa.func.count()).where(DailyRegister.day == "2026-02-27"))

    at("Mon 2026-03-02 09:30")
    # A colleague with the same file, and one cell that reads otherwise: the line of before changes, none is added.
    other = as_("office2")
    answer = tried(other, ADDRESS, ROW | {"reference": " 2026-0117", "party_size": 4}, rows[1])
    assert "Number of people 3 4" in text_of(answer)
    assert confirmed(other, ADDRESS, answer).status_code == 303
    assert [visit.party_size for visit in taken_over(app)] == [4, 3]
    assert "Changed by the old register" in text_of(other.get(f"/reception/visits/{first.number}"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param(
            {"arrived_at": "2026-03-02 08:00", "left_at": "2026-03-02 08:30"},
            "has days that are over",
            marks=pytest.mark.clause("RC-17"),
        ),
        pytest.param(
            {"arrived_at": "2019-03-01 08:00", "left_at": "2019-03-01 08:30"},
            "past the term",
            marks=pytest.mark.clause("RC-20"),
        ),
        ({"left_at": "2026-02-27 13:59"}, "Nobody leaves before they arrive"),
        ({"left_at": "2026-03-02 13:59"}, "This is still to come"),
        ({"left_at": None}, "must be filled in"),
        ({"reference": None}, "must be filled in"),
    ],
)
def test_what_no_old_register_says_is_told_by_its_cell(
    app: Flask, as_: As, changed: dict[str, Any], said: str
) -> None:
    answer = tried(as_("office1"), ADDRESS, ROW | changed)
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.clause("RC-17")
def test_a_day_that_was_summed_up_here_takes_nothing_more(app: Flask, as_: As) -> None:
    office = as_("office1")
    dry = tried(office, ADDRESS, ROW)
    assert office.send("/reception/register/2026-02-27/compile").status_code in {200, 302, 303}
    assert "compiled already" in text_of(confirmed(office, ADDRESS, dry))
    day = datetime.fromisoformat("2026-02-27T14:00+08:00")
    with app.app_context(), db.write():
        given: dict[str, Any] = {"by": factories.viewer("office1"), "now": clock.now(), "arrived_at": day}
        with pytest.raises(Refused, match="day_summed_up"):
            taking_over.take_over(reference="1", key="1", **given)
    assert taken_over(app) == []


@pytest.mark.clause("RC-20")
def test_an_old_file_brings_nobody_back_who_was_removed(app: Flask, as_: As) -> None:
    office = as_("office1")
    assert confirmed(office, ADDRESS, tried(office, ADDRESS, ROW)).status_code == 303
    with app.test_request_context():
        KINDS["register"].export(factories.viewer("office1"))
        last = sa.select(Line.event, Line.clause).where(Line.subject_kind == "sheet").order_by(Line.id.desc())
        assert tuple(db.session.execute(last).first() or ()) == ("sheet:export", "RC-20"), (
            "whole numbers left"
        )
    with app.app_context(), db.write():
        forget(db.session.scalars(sa.select(Visit)).one(), clock.now())
    assert taken_over(app) == []
    assert "were removed" in text_of(tried(office, ADDRESS, ROW))
