"""Small makers: two posts of two departments with somebody on duty, an emergency, its verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.emergencies import actions, page, queries
from portal.blueprints.duty.emergencies.codes import Answer, Kind, Level, Service
from portal.blueprints.duty.emergencies.models import Emergency
from portal.blueprints.duty.posts.models import Post
from portal.kernel import clock, reference
from portal.kernel.db import db
from tests import factories
from tests.duty.posts.making import a_kind, a_post, a_roster, a_shift

TODAY = date(2026, 3, 2)
DESK, GUARD, LAB = "desk1", "emp.admin", "emp.tech"


def a_house(app: Flask) -> None:
    """The front desk and the guards of the administration, a laboratory of technology, each with one on duty."""
    day = a_kind(app, "day", starts="08:00", ends="20:00")
    roster = a_roster(app, TODAY, TODAY)
    for code, department, who in (
        ("front-desk", "admin", DESK),
        ("guard", "admin", GUARD),
        ("lab", "tech", LAB),
    ):
        post = a_post(app, code, name=code, name_en=code.capitalize(), department=department, phone="8110")
        a_shift(app, roster, post, day, TODAY, who)


def declared(
    app: Flask, kind: Kind = Kind.FIRE, by: str = DESK, post: str = "front-desk", **chosen: Any
) -> str:
    """An emergency, declared as the playbook has it; its number."""
    with app.app_context():
        plan = queries.playbooks()[kind]
        given: dict[str, Any] = {
            "level": plan.level, "departments": plan.departments.split(), "place": "三楼茶水间",
            "post": queries.post_at(page.active_posts(), post),
        }  # fmt: skip
        with db.write():
            made = actions.declare(kind, by=factories.viewer(by), now=clock.now(), **given | chosen)
        return made.number


def do(app: Flask, number: str, verb: str, by: str = DESK, **given: Any) -> Emergency:
    """One verb by one person."""
    with app.app_context():
        for name in ("person", "told"):
            if isinstance(given.get(name), str):
                given[name] = reference.staff().by_username(given[name])
        return actions.act(number, verb, by=factories.viewer(by), now=clock.now(), **given)


def steps(app: Flask, number: str) -> list[Any]:
    """The steps of an emergency."""
    with app.app_context():
        return queries.steps(queries.find(None, number))


def roll(app: Flask, number: str) -> set[str]:
    """Who was called, by user name."""
    with app.app_context():
        cards = reference.staff().cards
        return {cards[row.person_id].username for row in queries.roll(queries.find(None, number))}


def ready_to_end(app: Flask, number: str) -> None:
    """Somebody came, help was called, the leader told, everybody is accounted for."""
    do(app, number, "arrive", GUARD)
    do(app, number, "police", service=Service.FIRE_BRIGADE)
    do(app, number, "leader", told="office1")
    for username in roll(app, number):
        do(app, number, "answer", person=username, answer=Answer.SAFE)


def level_two(app: Flask, *departments: str, **more: Any) -> str:
    """A robbery that concerns these departments; its number."""
    return declared(app, Kind.ROBBERY, level=Level.TWO, departments=[*departments], **more)


def forget_posts(app: Flask) -> None:
    """A house without posts in use."""
    with app.app_context(), db.write():
        db.session.execute(sa.update(Post).values(active=False))
        reference.changed()
