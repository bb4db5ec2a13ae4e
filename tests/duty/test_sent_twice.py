"""A form that makes something new and comes twice at the same moment makes one, and is answered twice alike."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.attendance.models import SignIn
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.models import Checklist
from portal.blueprints.duty.checklists.shipped import SHIPPED
from portal.blueprints.duty.contacts.models import Contact
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.inspections.models import Plan
from portal.blueprints.duty.leave.models import Absence, Leave
from portal.blueprints.duty.spot_checks.models import DutyCheck
from portal.blueprints.duty.swaps.models import Swap
from portal.kernel import sent_forms
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.handover.making import a_desk

FORMS: dict[str, tuple[str, str, type[Any], dict[str, Any]]] = {
    "correction": (
        "lead.admin", "/duty/attendance/of/{person}/correct", SignIn, {"day": "2026-03-02", "reason": "忘记签到"},
    ),
    "checklist": (
        "desk1", "/duty/checklists/{early}/end", Checklist,
        {f"done_{place}": "y" for place in range(len(SHIPPED[Moment.END]) + 1)},
    ),
    "check": (
        "lead.admin", "/duty/spot-checks/new/front-desk", DutyCheck,
        {"people": "desk1", "checked_at": "2026-03-02T10:00", "finding_none": "y"},
    ),
    "leave": (
        "emp.admin", "/duty/leave/new", Leave,
        {"starts_at": "2026-03-04T08:00", "ends_at": "2026-03-04T18:00", "reason": "家里有事"},
    ),
    "absence": (
        "lead.admin", "/duty/leave/absences", Absence,
        {"person": "desk1", "since": "2026-03-02T08:00", "until": "2026-03-02T09:00"},
    ),
    "contact": (
        "office1", "/duty/contacts/new", Contact, {"system": "lift", "company": "宏达电梯", "phone": "021-5550 1234"},
    ),
    "equipment": (
        "office1", "/duty/equipment/new", Equipment,
        {"code": "LIFT-01", "name": "客梯", "system": "lift", "department": "admin", "active": "y"},
    ),
    "plan": (
        "office1", "/duty/inspections/plans/new", Plan,
        {"name": "巡查", "kind": "round", "rhythm": "day", "post": "front-desk", "what_1": "门窗", "active": "y"},
    ),
    "swap": ("emp.admin", "/duty/swaps/new", Swap, {"shift": "{late}"}),
}  # fmt: skip


@pytest.mark.parametrize("which", FORMS)
def test_the_second_form_makes_nothing(
    app: Flask, as_: As, at: At, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    at("Mon 2026-03-02 13:50")
    desk = a_desk(app)
    # The second one has looked before the first one was taken; of equipment the code would be taken then.
    if which != "equipment":
        monkeypatch.setattr(sent_forms, "done_before", lambda _by, _sent: False)
    who, address, model, fields = FORMS[which]
    ids = {"person": factories.id_of(app, "desk1"), "early": desk.early, "late": desk.late}
    told = {name: text.format(**ids) for name, text in fields.items()}
    for _ in range(2):
        answer = as_(who).send(address.format(**ids), **told, idempotency_key="k")
        assert answer.status_code == 303, answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 1
