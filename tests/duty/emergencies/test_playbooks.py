"""The playbooks: shipped in both languages, rewritten by the general office in editions that nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.duty.emergencies import queries
from portal.blueprints.duty.emergencies.codes import Kind
from portal.blueprints.duty.emergencies.shipped import PLAYBOOKS
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.emergencies.making import a_house, declared, steps

EDIT = "/duty/emergencies/playbooks/fire/edit"
PLAN: dict[str, Any] = {
    "level": "1", "departments": "admin", "reason": "新楼启用", "hands-1": "guard", "minutes-1": "1",
    "text-1": "到场确认", "text_en-1": "Go there", "hands-3": "desk", "text-3": "拨打119",
}  # fmt: skip


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize("kind", Kind)
def test_there_is_a_plan_for_each_kind_in_both_languages(app: Flask, kind: Kind) -> None:
    with app.app_context():
        rows = queries.steps_of(queries.playbooks()[kind].id)
    assert len(rows) == len(PLAYBOOKS[kind][2]) >= 5
    assert all(row.text and row.text_en.isascii() and 0 <= row.minutes <= 240 for row in rows)


@pytest.mark.clause("DR-16")
def test_an_emergency_keeps_the_steps_of_its_edition(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 10:30")
    a_house(app)
    number, office = declared(app), as_("office1")
    was = [step.text for step in steps(app, number)]
    assert office.send(EDIT, **PLAN, version="1").status_code == 303
    assert [step.text for step in steps(app, number)] == was
    assert [step.text for step in steps(app, declared(app))] == ["到场确认", "拨打119"]
    page = office.get("/duty/emergencies/playbooks/fire").text
    assert "新楼启用" in page
    first = as_("desk1").get("/duty/emergencies/playbooks/fire?edition=1").text
    assert "Shout, press the nearest call point" in first
    assert office.send(EDIT, **PLAN, version="1").status_code == 409
    assert factories.history_faults(app) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"hands-1": ""},
        {"text-1": "", "text-3": ""},
        {"text-1": "", "text_en-1": "Go"},
        {"minutes-1": "-1"},
    ],
)
def test_a_plan_that_will_not_do_is_not_put_in_force(app: Flask, as_: As, wrong: dict[str, str]) -> None:
    answer = as_("office1").send(EDIT, **PLAN | wrong)
    assert answer.status_code == 422
    with app.app_context():
        assert queries.playbooks()[Kind.FIRE].edition == 1


def test_only_the_general_office_writes_plans(app: Flask, as_: As) -> None:
    for username in ("desk1", "lead.admin", "emp.tech"):
        assert as_(username).get("/duty/emergencies/playbooks/fire").status_code == 200
        assert as_(username).send(EDIT, **PLAN).status_code == 403


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize("table", ["playbooks", "playbook_steps"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_the_database_refuses_every_change_of_an_edition(any_app: Flask, table: str, change: str) -> None:
    with any_app.app_context(), pytest.raises(DBAPIError, match="append-only"), db.write():
        db.session.execute(sa.text(change.format(table)))
