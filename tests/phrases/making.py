"""Small makers: an assessment in each of its states, a record of a service standard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.phrases.assessment import actions
from portal.blueprints.phrases.assessment.codes import Rater
from portal.blueprints.phrases.assessment.models import Sheet
from portal.blueprints.phrases.standards import actions as standards
from portal.blueprints.phrases.standards import queries as chapters
from portal.blueprints.phrases.standards.codes import Verdict
from portal.kernel import accounts, clock
from portal.kernel.aspects import Aspect
from portal.kernel.db import db
from tests import factories

MARKS = dict.fromkeys(Aspect, 80)


def an_assessment(app: Flask, *verbs: str, name: str = "第一季度考核", note: str = "尽力了") -> str:
    """An assessment of technology until yesterday, brought on by these verbs; its number."""
    with app.app_context():
        now, office = clock.now(), factories.viewer("office1")
        weights = dict.fromkeys(Aspect, 25) | {Rater.SELF: 20, Rater.SUPERIOR: 50, Rater.CUSTOMER: 30}
        ends = clock.today() - timedelta(days=1)
        given: dict[str, Any] = {"departments": "tech", "roles": "", "weights": weights, "name": name}
        with db.write():
            number = actions.create(
                by=office, now=now, begins=date(ends.year, 1, 1), ends=ends, **given
            ).number
        for verb in verbs:
            if verb == "publish":
                for by, whom in (("lead.tech", "emp.tech"), ("lead.tech", "sup.tech"), ("gm", "lead.tech")):
                    on_sheet(
                        app,
                        number,
                        whom,
                        "rate",
                        by,
                        marks=MARKS,
                        reasons=dict.fromkeys(Aspect, note),
                        note=note,
                    )
            actions.act_on_period(number, verb, by=office, now=now)
            if verb == "open":
                on_sheet(app, number, "emp.tech", "self-rate", "emp.tech", marks=MARKS, note=note)
        return number


def on_sheet(app: Flask, number: str, whom: str, verb: str, by: str, **given: Any) -> str:
    """One verb on somebody's sheet of an assessment; the sheet's number."""
    with app.app_context():
        whose = sa.and_(Sheet.number.startswith(number), Sheet.person_id == accounts.find(whom).id)
        sheet: str = db.session.scalars(sa.select(Sheet.number).where(whose)).one()
        db.session.rollback()
        actions.act(sheet, verb, by=factories.viewer(by), now=clock.now(), **given)
        return sheet


def a_run(
    app: Flask, code: str = "gifts", *, by: str = "lead.tech", why: str = "漏登记一次", **given: Any
) -> str:
    """A record of a chapter with its first thing not in order; its number."""
    with app.app_context(), db.write():
        now, viewer = clock.now(), factories.viewer(by)
        current = chapters.chapter(code)
        items = chapters.items(current.body, now)
        said = [(zh, en, Verdict.DONE, "") for zh, en in items]
        said[0] = (*items[0], Verdict.NOT_DONE, why)
        asked: dict[str, Any] = {"day": clock.today(), "place": "营业厅", "person_id": None, **given}
        return standards.record(
            current, department=viewer.department, by=viewer, now=now, said=said, **asked
        ).number
