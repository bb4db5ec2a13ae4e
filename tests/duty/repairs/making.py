"""Small makers: a repair order, brought some way by its verbs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.repairs import actions, queries
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.repairs.workflow import REPAIR
from portal.kernel import clock, reference, transitions
from portal.kernel.db import db
from tests import factories

DO = transitions.actor(REPAIR, queries.find, actions.ACTIONS)
GIVEN: dict[str, dict[str, Any]] = {
    "assign": {"assignee": "emp.admin", "firm": "", "note": ""},
    "done": {"result": "已更换弹簧", "parts": "弹簧 1 个", "material": "", "minutes": 80},
    "recheck": {"note": "连续刷卡二十次"},
    "return": {"note": "仍会卡住"},
    "accept": {"note": ""},
    "cancel": {"reason": "误报"},
}


def a_repair(app: Flask, *, by: str = "desk1", equipment: int = 0, post: int = 0, **chosen: Any) -> str:
    """A breakdown of the administration; its number."""
    usual: dict[str, Any] = {"what": "刷卡无反应", "department": "admin"}
    with app.app_context(), db.write():
        thing = db.session.get_one(Equipment, equipment) if equipment else None
        where = db.session.get_one(Post, post) if post else None
        made = actions.register(
            by=factories.viewer(by), now=clock.now(), equipment=thing, post=where, **(usual | chosen)
        )
        return made.number


def do(app: Flask, number: str, verb: str, by: str, **chosen: Any) -> str:
    """One verb by one person; the state it is in then."""
    with app.app_context():
        given = GIVEN[verb] | chosen
        if isinstance(given.get("assignee"), str):
            given["assignee"] = reference.staff().by_username(given["assignee"])
        return str(DO(number, verb, by=factories.viewer(by), now=clock.now(), **given).state)


def load(app: Flask, number: str) -> Repair:
    """The order as it is stored."""
    with app.app_context():
        return db.session.scalars(sa.select(Repair).where(Repair.number == number)).one()
