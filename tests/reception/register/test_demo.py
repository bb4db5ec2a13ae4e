"""The demo's registers take whatever visits there are."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.register.codes import State
from portal.blueprints.reception.register.models import Correction, DailyRegister
from portal.demo import registers
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.conftest import At, client_of
from tests.reception.visits import a_visit, do


def test_older_days_are_archived_and_the_last_waits_for_its_review(app: Flask, at: At) -> None:
    for moment in ("Mon 2026-03-02 09:00", "Tue 2026-03-03 09:00"):
        at(moment)
        desk = client_of(app, "desk1")
        do(desk, a_visit(desk, "D", department="market", company="某保险"), "decline")
    at("Wed 2026-03-04 09:00")
    for _ in range(2):
        with app.app_context():
            registers.load(clock.now())
    with app.app_context():
        states = db.session.scalars(sa.select(DailyRegister.state).order_by(DailyRegister.day)).all()
        signed = db.session.scalars(sa.select(Correction.should_be)).all()
        db.session.remove()
    assert states == [State.ARCHIVED, State.COMPILED]
    assert signed == ["某保险（苏州分公司）"]
    assert factories.history_faults(app) == []


def test_without_visits_there_is_nothing_to_show(app: Flask) -> None:
    with app.app_context():
        registers.load(clock.now())
        assert db.session.scalar(sa.select(sa.func.count(DailyRegister.id))) == 0
