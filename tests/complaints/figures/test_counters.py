"""The counters say what the cases say, whatever happened to them, on both databases."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints import actions
from portal.blueprints.complaints.codes import Category, Decision, Finding, Kind, Outcome, State
from portal.blueprints.complaints.figures import counters
from portal.blueprints.complaints.figures.models import Count
from portal.blueprints.complaints.models import Case
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.conftest import At
from tests.house.test_statements import counted

STEPS: dict[str, tuple[str, dict[str, object]]] = {
    "route": ("desk1", {}),
    "accept": ("lead.tech", {"handler": "emp.tech"}),
    "contact": ("emp.tech", {"note": "已联系"}),
    "propose": ("emp.tech", {"findings": "墨盒", "finding": Finding.BREACH, "solution": ["换"]}),
    "return": ("lead.tech", {"note": "补充"}),
    "approve": ("lead.tech", {"note": ""}),
    "resolve": ("emp.tech", {"result": "已换"}),
    "report": ("emp.tech", {"answer": "已修好"}),
    "follow-up": ("desk2", {"outcome": Outcome.DISSATISFIED, "note": "仍漏墨"}),
    "satisfied": ("desk2", {"note": ""}),
    "reopen": ("desk2", {"note": "仍漏墨"}),
    "hand-back": ("lead.tech", {"reason": "不归我部门"}),
    "pause": ("desk1", {"reason": "等客户"}),
    "resume": ("desk1", {}),
    "withdraw": ("desk1", {"reason": "客户撤回"}),
    "edit": ("desk1", {"kind": Kind.SUGGESTION, "category": Category.PRICE}),
    "escalate": ("emp.tech", {"kind": "unsolved", "reason": "解决不了", "customer_type": "talker"}),
    "not-upheld": ("office1", {"reason": "不属实", "answer": "已说明", "decision": Decision.YES}),
}


def faults(app: Flask) -> list[str]:
    with app.app_context():
        return list(counters.faults())


def test_every_state_is_counted(any_app: Flask) -> None:
    for state in State:
        factories.a_case(any_app, state)
    factories.a_case(any_app, State.ROUTED, confidential=True, by="office1")
    factories.a_case(any_app, category=Category.ATTITUDE, concerned="emp.tech")
    assert faults(any_app) == []
    with any_app.app_context():
        total = sa.select(sa.func.sum(Count.n)).where(Count.facet == "case", Count.grain == "m")
        assert db.session.scalar(total) == len(State) + 2


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_is_counted(any_app: Flask, at: At, seed: int) -> None:
    """Verbs at random, a sweep between them, months apart: kept or refused, the counters follow."""
    rng, now = Random(seed), at("Mon 2026-03-02 09:00")
    numbers = [factories.registered(any_app) for _ in range(4)]
    numbers.append(factories.registered(any_app, kind=Kind.INQUIRY, by="desk2"))
    for _ in range(60):
        verb = rng.choice(list(STEPS))
        who, given = STEPS[verb]
        with contextlib.suppress(Refused, Forbidden, NotFound):
            factories.do(any_app, who, verb, rng.choice(numbers), **given)
        if rng.random() < 0.15:
            now += timedelta(hours=rng.choice((1, 7, 30)))
            at(f"{clock_text(any_app, now)}")
            factories.sweep(any_app, now)
    assert faults(any_app) == []
    with any_app.app_context(), db.write():
        kept = db.session.execute(sa.select(Count).where(Count.n != 0)).all()
        counters.fill(db.session.connection())
        assert len(db.session.execute(sa.select(Count)).all()) == len(kept)


def clock_text(app: Flask, now: object) -> str:
    with app.app_context():
        return f"{clock.local(now):%a %Y-%m-%d %H:%M}"  # type: ignore[arg-type]  # a moment


def test_what_was_overwritten_unread_is_counted(app: Flask) -> None:
    number = factories.a_case(app)
    with app.app_context(), db.write():
        case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
        db.session.expire(case)
        case.category = Category.PRICE
    assert faults(app) == []


def test_what_is_taken_back_is_not_counted(app: Flask) -> None:
    with app.app_context(), contextlib.suppress(ZeroDivisionError), db.write():
        actions.register(by=factories.viewer("desk1"), now=clock.now(), **factories.USUAL)
        raise ZeroDivisionError
    factories.a_case(app)
    assert faults(app) == []


def test_a_counter_that_differs_is_found(app: Flask) -> None:
    factories.a_case(app)
    with app.app_context(), db.write():
        db.session.execute(sa.update(Count).where(Count.facet == "case", Count.grain == "d").values(n=5))
    (fault,) = faults(app)
    assert fault.startswith("figures: d case 2026-03-02")
    assert fault.endswith("is 5, the cases say 1")


def test_to_register_costs_one_statement_more(app: Flask) -> None:
    with app.app_context():
        desk, now = factories.viewer("desk1"), clock.now()
        with db.write():
            actions.register(by=desk, now=now, **factories.USUAL)
        with counted() as seen, db.write():
            actions.register(by=desk, now=now, **factories.USUAL)
    assert len([s for s in seen if "case_counts" in s]) == 1
    assert len(seen) <= 12, "\n".join(seen)
