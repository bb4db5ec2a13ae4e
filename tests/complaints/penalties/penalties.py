"""Penalties brought to a state by the verbs and people that would bring them there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.penalties import actions, planning, queries
from portal.blueprints.complaints.penalties.codes import Ground, Measure, State
from portal.blueprints.complaints.penalties.models import Instalment, Penalty, Share
from portal.kernel import clock, notice_board, reference
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories

MONEY: dict[str, Any] = {
    "measure": Measure.MONEY,
    "month": "2026-03",
    "amount": Decimal("500.00"),
    "bonus": Decimal("1000.00"),
    "reason": "服务冷淡，客户流失",
}
NOTICE = {"title": "处罚通报", "text": "李工服务冷淡，扣绩效奖金。"}
# What brings a penalty one state further.
PATH: tuple[tuple[State, str, str, dict[str, Any]], ...] = (
    (State.RELEASED, "release", "office1", {"summary": "客户来电时态度冷淡"}),
    (State.DECIDED, "statement", "emp.tech", {"statement": "当时在处理另一单"}),
    (State.DECIDED, "decide", "office1", MONEY),
    (State.PUBLISHED, "publish", "office1", NOTICE),
    (State.APPEALED, "appeal", "emp.tech", {"reason": "金额过高"}),
)


def proposed(app: Flask, by: str = "lead.tech", person: str = "emp.tech", **chosen: Any) -> str:
    """A penalty just proposed; its number."""
    case = chosen.pop("case", None) or factories.a_case(app)
    usual: dict[str, Any] = {"department": "", "ground": Ground.COLD_SERVICE, "facts": "绝密证人说他冷淡"}
    with app.app_context():
        who = factories.viewer(by)
        card = reference.staff().by_username(person) if person else None
        with db.write():
            found = factories.load(app, case)
            return actions.propose(found, by=who, now=clock.now(), person=card, **(usual | chosen)).number


def do(app: Flask, by: str, verb: str, number: str, **given: Any) -> State:
    """One verb by its action; the state after it."""
    with app.app_context():
        return actions.act(number, verb, by=factories.viewer(by), now=clock.now(), **given).state


def refused(app: Flask, by: str, verb: str, number: str, **given: Any) -> list[str]:
    """The reasons against a verb; it must be refused and change nothing."""
    was = load(app, number)
    try:
        state = do(app, by, verb, number, **given)
    except Refused as error:
        assert load(app, number).version == was.version, "a refused verb changed the penalty"
        return [f"{reason.clause} {reason.code}" for reason in error.reasons]
    raise AssertionError(f"{verb} by {by} was not refused: the penalty is {state}")


def a_penalty(app: Flask, state: State = State.PROPOSED, **chosen: Any) -> str:
    """A penalty on emp.tech brought to a state; its number."""
    decided = MONEY | {
        name: chosen.pop(name) for name in list(chosen) if name in {*MONEY, "points", "demerit"}
    }
    number = proposed(app, **chosen)
    last = max((place for place, row in enumerate(PATH, 1) if row[0] is state), default=0)
    for _, verb, who, given in PATH[:last]:
        do(app, who, verb, number, **(decided if verb == "decide" else given))
    return number


def waiting(app: Flask, username: str) -> list[tuple[str, str]]:
    """(number, verb) of every act on a penalty that waits for somebody."""
    return [act for act in factories.waiting(app, username) if act[0].startswith("CF-")]


def load(app: Flask, number: str) -> Penalty:
    """The penalty as it is stored; detached."""
    with app.app_context():
        return db.session.scalars(sa.select(Penalty).where(Penalty.number == number)).one()


def instalments(app: Flask, number: str) -> list[tuple[str, str, Decimal, bool]]:
    """(user name, month, amount, taken) of every instalment of a penalty."""
    with app.app_context():
        rows = (
            sa.select(Share.person_id, Instalment.month, Instalment.amount, Instalment.taken_at)
            .join(Share, Share.id == Instalment.share_id)
            .join(Penalty, Penalty.id == Share.penalty_id)
            .where(Penalty.number == number)
            .order_by(Share.person_id, Instalment.month)
        )
        cards = reference.staff().cards
        return [
            (cards[p].username, month, amount, at is not None)
            for p, month, amount, at in db.session.execute(rows)
        ]


def bonuses(app: Flask, month: str, **amounts: str) -> None:
    """Personnel enters bonuses: bonuses(app, "2026-03", emp_tech="1000")."""
    with app.app_context():
        people = queries.usernames()
        typed = {people[name.replace("_", ".")]: Decimal(text) for name, text in amounts.items()}
        with db.write():
            planning.enter(month, typed, by=factories.viewer("office2").id, now=clock.now())


def take(app: Flask, month: str) -> int:
    """The sheet of a month goes to the pay office."""
    with app.app_context():
        by = factories.viewer("office2").id
        with db.write():
            return planning.take(month, by=by, now=clock.now())


def notice_of(app: Flask, number: str) -> int:
    """The id of the notice that publishes a penalty."""
    with app.app_context():
        penalty = db.session.scalars(sa.select(Penalty).where(Penalty.number == number)).one()
        return notice_board.of(penalty)[-1].id
