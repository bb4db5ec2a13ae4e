"""Small makers: a post with two shifts that follow each other, its handover, an entry in its log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask

from portal.blueprints.duty.handover import actions, queries
from portal.blueprints.duty.handover.models import Handover, PostItem
from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Category
from portal.blueprints.duty.posts.models import Post
from portal.kernel import clock
from portal.kernel.db import db
from tests import factories
from tests.duty.posts.making import a_kind, a_post, a_roster, a_shift

TODAY = date(2026, 3, 2)
EARLY, LATE = "desk1", "emp.admin"


@dataclass(frozen=True)
class Desk:
    """A post with an early shift until 14:00 and a late one from then on."""

    post: int
    early: int
    late: int
    roster: int


def a_desk(app: Flask, day: date = TODAY, code: str = "front-desk", **people: str) -> Desk:
    """The front desk with desk1 in the morning and emp.admin in the afternoon."""
    post = a_post(app, code)
    early = a_kind(app, "early", letter="E", starts="08:00", ends="14:00", name="早班", name_en="Early")
    late = a_kind(app, "late", letter="L", starts="14:00", ends="22:00", name="晚班", name_en="Late")
    roster = a_roster(app, day, day)
    return Desk(
        post,
        a_shift(app, roster, post, early, day, people.get("early", EARLY)),
        a_shift(app, roster, post, late, day, people.get("late", LATE)),
        roster,
    )


def an_item(app: Flask, post_id: int, name: str = "电话机", quantity: int = 2, **more: Any) -> int:
    """Something that the post holds; its id."""
    with app.app_context(), db.write():
        item = PostItem(post_id=post_id, name=name, quantity=quantity, **more)
        db.session.add(item)
        db.session.flush()
        return item.id


def a_note(app: Flask, post_id: int, *, by: str = EARLY, text: str = "巡查无异常", **chosen: Any) -> str:
    """One entry of the log; its number."""
    with app.app_context(), db.write():
        given = {"category": Category.ROUTINE, "text": text} | chosen
        post = db.session.get_one(Post, post_id)
        return log.enter(post, by=factories.viewer(by), now=clock.now(), **given).number


def a_handover(app: Flask) -> int:
    """The handover that is due now; its id."""
    with app.app_context():
        list(actions.open_due(clock.now()))
        return db.session.query(Handover).order_by(Handover.id.desc()).first().id  # type: ignore[union-attr]


def do(app: Flask, handover_id: int, verb: str, by: str, **given: Any) -> None:
    """One verb by one person."""
    with app.app_context():
        viewer = factories.viewer(by)
        actions.act(handover_id, verb, viewer=viewer, by=viewer, now=clock.now(), **given)


def everything(app: Flask, handover_id: int) -> dict[str, Any]:
    """What the incoming shift's form says when it has read everything."""
    with app.app_context():
        found = queries.load(handover_id)
        return {"read": True, "line": queries.carried(found, clock.now()).numbers}


def counted(app: Flask, handover_id: int, by: str = LATE, **found: int) -> None:
    """The incoming shift reads everything and counts; things that are not named are all there."""
    with app.app_context():
        post_id = db.session.get_one(Handover, handover_id).post_id
        items = {item.id: found.get(item.name_en, item.quantity) for item in queries.items_of(post_id)}
    do(app, handover_id, "count", by, found=items, **everything(app, handover_id))


def state_of(app: Flask, handover_id: int) -> str:
    """The state it is in."""
    with app.app_context():
        return str(db.session.get_one(Handover, handover_id).state)
