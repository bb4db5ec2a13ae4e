"""What is done with the year's plan: a line is added, changed, dropped with its reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from portal.blueprints.phrases.training.codes import Topic
from portal.blueprints.phrases.training.models import PlanLine
from portal.blueprints.phrases.training.plan import queries
from portal.blueprints.phrases.training.workflow import DROP, EDIT, PLAN
from portal.kernel import history, sent_forms, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect

CODES = ("departments", "roles", "posts")


def add(
    *, by: Viewer, now: datetime, year: int, month: int, topic: Topic, title: str, place: str = "",
    trainer: str = "", departments: Collection[str] = (), roles: Collection[str] = (),
    posts: Collection[str] = (), note: str = "", sent: Sent | None = None,
) -> PlanLine:  # fmt: skip
    """GO-02: one line of a year's plan. Inside a write."""
    sent_forms.insist_fresh(by, sent)
    made = PlanLine(
        year=year, month=month, topic=topic, title=title, place=place, trainer=trainer,
        departments=" ".join(departments), roles=" ".join(roles), posts=" ".join(posts), note=note,
        state_since=now, by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    history.record(
        made, "training_plan:add", by=by.id, now=now, clause="GO-02", month=made.number, topic=topic,
        words={"topic": title},
    )  # fmt: skip
    return made


def edit(line: PlanLine, *, by: Viewer, now: datetime, **given: Any) -> Effect:
    """GO-02: the line as it is meant now."""
    before = line.title
    for name, value in given.items():
        setattr(line, name, " ".join(value) if name in CODES else value)
    return Effect({"month": line.number, "topic": line.topic}, {"topic": line.title, "was topic": before})


def drop(line: PlanLine, *, by: Viewer, now: datetime, reason: str) -> Effect:
    """GO-02: it is not held; the plan says why."""
    line.note = reason
    return Effect({}, {"reason": reason})


ACTIONS: dict[str, Action] = {EDIT: edit, DROP: drop}
act = transitions.actor(PLAN, queries.find, ACTIONS)
