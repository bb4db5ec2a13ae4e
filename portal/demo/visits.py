"""The demo's visitors: a month of them behind us, and a morning at the desk today, by the real verbs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from itertools import count
from random import Random
from typing import Any

from portal.blueprints.reception import actions, places
from portal.blueprints.reception.codes import Category, Satisfaction
from portal.blueprints.reception.models import Visit
from portal.demo.words import CUSTOMERS
from portal.kernel import accounts, clock, company_calendar, sessions
from portal.kernel.calendars import Calendar
from portal.kernel.db import db
from portal.kernel.people import Viewer

WORDS: dict[str, Any] = tomllib.loads(
    resources.files("portal.demo").joinpath("visits.toml").read_text("utf-8")
)
SEED = 20_260_304
DAYS = 22  # working days behind today
A_DAY = (3, 4, 5)
# What is going on now: which matter, minutes ago (below zero: still to come), and how far it has come.
NOW = (
    (4, 130, "left"), (10, 90, "left"), (0, 55, "meeting"), (15, 35, "declined"), (12, 45, "left"),
    (14, 18, "agreed"), (13, 7, "asked"), (8, 6, "arrived"), (6, 3, "arrived"),
    (1, -95, "expected"), (2, -50, "late"), (5, -40, "expected"), (9, -150, "expected"), (3, -210, "asked for"),
)  # fmt: skip


def load(now: datetime) -> None:
    """Play them; one write, so that whoever is interrupted leaves nothing behind."""
    rng, calendar = Random(SEED), company_calendar.current()  # noqa: S311 -- the same demo every time, no secret
    people = {name: _viewer(name) for name in ("desk1", "desk2", "emp.admin", "office1")}
    who = _visitors(rng)
    with db.write():
        for day in _days_behind(calendar, now):
            for place, matter in enumerate(rng.sample(WORDS["visit"], rng.choice(A_DAY))):
                at = day + timedelta(minutes=35 + 95 * place + rng.randrange(20))
                _whole(matter, next(who), at, people, rng)
        for matter, ago, stage in NOW:
            _current(WORDS["visit"][matter], next(who), now - timedelta(minutes=ago), stage, people, now)


def _viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def _visitors(rng: Random) -> Iterator[dict[str, str]]:
    """Customers in turn, shuffled; some come again."""
    cards = [c for c in CUSTOMERS if c.name]
    for _ in count():
        for card in rng.sample(cards, len(cards)):
            yield {"visitor_name": card.name, "company": card.company, "phone": card.phone}


def _days_behind(calendar: Calendar, now: datetime) -> list[datetime]:
    """The openings of the working days before today, oldest first."""
    found: list[datetime] = []
    day = clock.local(now).date()
    while len(found) < DAYS:
        day -= timedelta(days=1)
        if spans := calendar.spans(day):
            found.append(datetime.combine(day, spans[0][0], clock.zone()))
    return found[::-1]


def _fields(matter: dict[str, Any], visitor: dict[str, str], **more: Any) -> dict[str, Any]:
    host = accounts.find(matter["host"]) if "host" in matter else None
    return {
        "category": Category(matter["category"]),
        **visitor,
        "purpose": matter["purpose"],
        "party_size": matter["party"],
        "party": "\n".join(WORDS["party"][: matter["party"] - 1]),
        "host_id": host.id if host else None,
        "department": matter.get("department"),
        "consent": matter["party"] > 1,
        **more,
    }


def _whole(
    matter: dict[str, Any], visitor: dict[str, str], at: datetime, people: dict[str, Viewer], rng: Random
) -> None:
    """A visit from the door to the checked room."""
    desk = people[rng.choice(("desk1", "desk2"))]
    visit = actions.register(by=desk, now=at, **_fields(matter, visitor))
    if visit.category is Category.D and not _asked(matter, visit, desk, at):
        return
    later = at + timedelta(minutes=4)
    if visit.category is not Category.D:
        actions.perform(visit, "seat", by=desk, now=later)
    later += timedelta(minutes=3)
    actions.perform(visit, "meet", by=desk, now=later)
    for task in actions.open_tasks(visit):
        actions.perform(visit, "task", by=people["office1"], now=later, task=str(task))
    later += timedelta(minutes=rng.randrange(20, 55))
    remark = rng.choice(WORDS["remark"]) if rng.random() < 0.2 else ""
    asked = rng.choice((Satisfaction.SATISFIED, Satisfaction.SATISFIED, Satisfaction.FAIR, None))
    actions.perform(visit, "leave", by=desk, now=later, satisfaction=asked, remark=remark)
    later += timedelta(minutes=6)
    actions.perform(visit, "check", by=desk, now=later)
    if visit.category in {Category.A, Category.B}:
        actions.perform(visit, "check", by=people["emp.admin"], now=later)


def _asked(matter: dict[str, Any], visit: Visit, desk: Viewer, at: datetime) -> bool:
    """RC-11: the desk asks, the lead answers; True when the visitor is received."""
    if matter["answer"] == "goodbye":
        actions.perform(visit, "decline", by=desk, now=at, material=matter["material"])
        return False
    actions.perform(visit, "ask", by=desk, now=at, on_business=True)
    lead = _viewer(f"lead.{matter['department']}")
    then = at + timedelta(minutes=3)
    if matter["answer"] == "agree":
        small = places.by_code("small")
        actions.perform(visit, "agree", by=lead, now=then, place=small, note=matter["note"])
        return True
    actions.perform(visit, "decline", by=lead, now=then, note=matter["note"])
    then += timedelta(minutes=2)
    actions.perform(visit, "leave", by=desk, now=then, material=matter["material"])
    return False


def _current(
    matter: dict[str, Any],
    visitor: dict[str, str],
    at: datetime,
    stage: str,
    people: dict[str, Viewer],
    now: datetime,
) -> None:
    """A visit of today, as far as it has come."""
    desk = people["desk1"]
    if stage in {"expected", "asked for", "late"}:
        host = _viewer(matter["host"])
        maker = host if stage == "expected" else desk
        # RC-04: told of less than a working day ahead, the arrangement form is late and waits for the general office.
        made = now - (timedelta(minutes=15) if stage == "late" else timedelta(days=2))
        fields = _fields(
            matter, visitor, starts_at=at, ends_at=at + timedelta(hours=1), late_reason="客户临时调整行程"
        )
        actions.register(by=maker, now=made, **fields)
        return
    visit = actions.register(by=desk, now=at, **_fields(matter, visitor))
    if stage in {"asked", "agreed", "declined"}:
        actions.perform(visit, "ask", by=desk, now=at + timedelta(minutes=1), on_business=True)
    if stage in {"agreed", "declined"}:
        lead = _viewer(f"lead.{matter['department']}")
        verb = "agree" if stage == "agreed" else "decline"
        where = {"place": places.by_code("small")} if stage == "agreed" else {}
        actions.perform(visit, verb, by=lead, now=at + timedelta(minutes=4), note=matter["note"], **where)
    if stage in {"seated", "meeting", "left"}:
        actions.perform(visit, "seat", by=desk, now=at + timedelta(minutes=2))
    if stage in {"meeting", "left"}:
        actions.perform(visit, "meet", by=desk, now=at + timedelta(minutes=5))
    if stage == "left":
        actions.perform(visit, "leave", by=desk, now=at + timedelta(minutes=28))
