"""Two at one thing of duty at the same moment: one wins, the other is told the clause; on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.duty.inspections import actions as inspections
from portal.blueprints.duty.posts import queries as posts
from portal.blueprints.duty.reports import actions as reports
from portal.blueprints.duty.spot_checks import actions as checks
from portal.blueprints.duty.spot_checks.codes import Finding
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.conftest import At, client_of
from tests.duty.emergencies.making import a_house, declared
from tests.duty.inspections.making import a_plan, answers, rounds
from tests.duty.repairs.making import a_repair, do
from tests.faults.test_races import together


def both(app: Flask, people: tuple[str, str], address: str, clause: str, **fields: Any) -> None:
    """Two send the same verb at the same moment."""
    browsers = [client_of(app, username) for username in people]
    for browser in browsers:
        browser.csrf()
    told = together(2, lambda place: browsers[place].send(address, **fields))
    assert Counter(answer.status_code for answer in told) == {303: 1, 409: 1}, address
    assert all(clause in answer.text for answer in told if answer.status_code == 409), address


@pytest.mark.clause("DR-13")
@pytest.mark.clause("DR-16")
@pytest.mark.clause("DR-17")
@pytest.mark.clause("DR-18")
@pytest.mark.clause("DR-05")
def test_of_two_at_once_one_wins(any_app: Flask, at: At) -> None:
    app = any_app
    at("Mon 2026-03-02 10:00")
    a_house(app)
    both(app, ("desk1", "office1"), f"/duty/emergencies/{declared(app)}/false-alarm", "DR-16", reason="误报")

    order = a_repair(app)
    for verb, who in (("assign", "lead.admin"), ("done", "emp.admin"), ("recheck", "desk1")):
        do(app, order, verb, who)
    both(app, ("lead.admin", "office1"), f"/duty/repairs/{order}/accept", "DR-13")

    a_plan(app, person="emp.admin")
    with app.app_context():
        assert len(list(inspections.by_the_clock(clock.now()))) == 1
    number = rounds(app)[0].number
    said = answers(app, 1)
    both(app, ("emp.admin", "emp.admin"), f"/duty/inspections/{number}/complete", "DR-13", **said)

    with app.app_context():
        head, met = factories.viewer("lead.admin"), factories.viewer("desk1")
        found: dict[str, Any] = {
            "findings": [Finding.RECORD],
            "people": [met.id],
            "checked_at": clock.now(),
            "note": "少一次",
        }
        with db.write():
            check = checks.record(posts.post("front-desk"), by=head, now=clock.now(), **found).number
        report = reports.begin("admin", date(2026, 3, 2), by=met, now=clock.now()).number
    both(app, ("desk1", "desk1"), f"/duty/spot-checks/{check}/answer", "DR-05", text="已补写")
    both(app, ("lead.admin", "office1"), f"/duty/spot-checks/{check}/settle", "DR-05", note="已谈话")
    both(app, ("desk1", "office1"), f"/duty/reports/{report}/sign", "DR-18", done="接待", plan="同前")

    at("Wed 2026-04-01 09:00")
    both(app, ("office1", "office2"), "/duty/attendance/close/2026-03", "DR-17")
    assert factories.history_faults(app) == []
