"""Improvement cases for tests: raised and brought along by the right persons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.improvements import actions, queries
from portal.blueprints.complaints.improvements.codes import Cause, State
from portal.blueprints.complaints.improvements.models import Improvement
from portal.kernel import clock, reference
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories

# What brings one a state further: the state, verb, who, fields.
PATH: tuple[tuple[State, str, str, dict[str, Any]], ...] = (
    (State.ASSIGNED, "assign", "lead.tech", {"owner": "emp.tech"}),
    (State.PLANNED, "plan", "emp.tech", {"plan": "每周抽查墨盒", "cause": Cause.METHOD}),
    (State.CARRIED_OUT, "carry-out", "emp.tech", {"result": "抽查表已启用"}),
)


def raised(app: Flask, *cases: str, by: str = "office1", state: State = State.RAISED, **chosen: Any) -> str:
    """An improvement case of technology, brought to a state; its number."""
    fields: dict[str, Any] = {"title": "少漏墨", "problem": "同一批墨盒反复漏墨", "department": "tech"}
    with app.app_context():
        who = factories.viewer(by)
        with db.write():
            found = queries.may_take(who, cases) if cases else []
            made = actions.raise_(by=who, now=clock.now(), cases=found, **(fields | chosen))
        number = made.number
    for reached, verb, person, given in PATH:
        if state not in [row[0] for row in PATH] or load(app, number).state is state:
            break
        do(app, person, verb, number, **given)
        assert load(app, number).state is reached
    return number


def do(app: Flask, by: str, verb: str, number: str, **given: Any) -> State:
    """One verb by its action; the state after it. A due day lies a week ahead unless given."""
    with app.app_context():
        now = clock.now()
        if isinstance(given.get("owner"), str):
            given["owner"] = reference.staff().by_username(given["owner"])
        if verb in {"assign", "reopen"}:
            given.setdefault("target_at", now + timedelta(days=7))
        return actions.act(number, verb, by=factories.viewer(by), now=now, **given).state


def refused(app: Flask, by: str, verb: str, number: str, **given: Any) -> list[str]:
    """The reasons against a verb; it must be refused and change nothing."""
    was = load(app, number)
    try:
        do(app, by, verb, number, **given)
    except Refused as error:
        after = load(app, number)
        assert (after.version, after.state) == (was.version, was.state)
        return [f"{reason.clause} {reason.code}" for reason in error.reasons]
    raise AssertionError(f"{verb} was not refused")


def load(app: Flask, number: str) -> Improvement:
    """It as it is stored; detached."""
    with app.app_context():
        return db.session.scalars(sa.select(Improvement).where(Improvement.number == number)).one()
