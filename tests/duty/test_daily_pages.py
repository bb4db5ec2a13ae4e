"""The pages of checklists, checks, attendance and daily reports cost a few statements, however many rows they show."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from portal.blueprints.duty.attendance.models import SignIn
from portal.blueprints.duty.checklists import actions as checklists
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.models import Checklist
from portal.blueprints.duty.checklists.shipped import PAPERS
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.reports import actions as reports
from portal.blueprints.duty.spot_checks import actions as checks
from portal.blueprints.duty.spot_checks.codes import Finding
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.handover.making import Desk, a_desk, a_handover
from tests.house.test_statements import MOST, statements

PAGES = (
    ("desk1", "/duty/checklists/"), ("lead.admin", "/duty/checklists/day"), ("office1", "/duty/checklists/lists/"),
    ("desk1", "/duty/checklists/QD-20260302-0001"), ("lead.admin", "/duty/spot-checks/"),
    ("lead.admin", "/duty/spot-checks/CC-20260302-0001"), ("desk1", "/duty/attendance/"),
    ("lead.admin", "/duty/attendance/sheet"), ("office1", "/duty/attendance/of/1"), ("lead.admin", "/duty/reports/"),
    ("lead.admin", "/duty/reports/RB-20260302-0001"), ("lead.admin", "/duty/reports/summary/2026-03"),
    ("lead.admin", "/duty/handover/1"),
)  # fmt: skip


def more(app: Flask, desk: Desk, times: range) -> None:
    """A row of each, so many times."""
    with app.app_context():
        by, head, now = factories.viewer("desk1"), factories.viewer("lead.admin"), clock.now()
        with db.write():
            post = db.session.get_one(Post, desk.post)
            last = db.session.query(Checklist).order_by(Checklist.id.desc()).first()
            for n in times:
                said = [(PAPERS, False, "稍后")]
                if last is None:
                    last = checklists.sign(desk.early, Moment.START, by=by, now=now, said=said, stays={})
                else:
                    last = checklists.correct(last, by=by, now=now, said=said, stays={}, note="更正")
                checks.record(
                    post, by=head, now=now, findings=[Finding.TIDY], people=[by.id, n % 3 + 2], checked_at=now, note="x"
                )  # fmt: skip
                came = now - timedelta(days=n + 1)
                db.session.add(
                    SignIn(
                        person_id=by.id, day=clock.local(came).date(), came_at=came, by_id=by.id, made_at=now
                    )
                )
        for n in times:
            made = reports.begin("admin", date(2026, 3, 2) - timedelta(days=n), by=by, now=now)
            reports.act(made.number, "sign", by=by, now=now, done="a", plan="b", improvements="c")


def test_a_page_costs_few_statements_and_many_rows_as_many_as_one(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 13:50")
    desk = a_desk(app)
    a_handover(app)
    more(app, desk, range(1))
    one = {page: statements(as_(page[0]), page[1]) for page in PAGES}
    more(app, desk, range(1, 12))
    for page, few in one.items():
        assert len(few) <= MOST, "\n".join([f"{page}: more than {MOST}", *few])
        many = statements(as_(page[0]), page[1])
        assert len(many) == len(few), "\n".join([f"{page}: grows with its rows", *many])
