"""How needs of training are met, or wait again: by a session, by a quiz passed (GO-02)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from portal.blueprints.phrases.training import watch
from portal.blueprints.phrases.training.codes import NeedState
from portal.blueprints.phrases.training.models import TrainingNeed
from portal.blueprints.phrases.training.needs import queries
from portal.kernel import history, inbox
from portal.kernel.people import Viewer


def attended(session: Any, people: Collection[int], by: Viewer, now: datetime) -> None:
    """A session without a quiz meets the needs of those who came; with one, the quiz does. Inside a write."""
    for need in queries.waiting(TrainingNeed.session_id == session.id):
        if need.person_id in people and need.quiz_id is None:
            _met(need, by, now)


def passed(quiz_id: int, by: Viewer, now: datetime) -> None:
    """A quiz that was passed meets what it was assigned for. Inside a write."""
    for need in queries.waiting(TrainingNeed.quiz_id == quiz_id, TrainingNeed.person_id == by.id):
        _met(need, by, now)


def unassign(session: Any, now: datetime) -> None:
    """A session that was called off meets nothing: what was assigned to it alone waits anew. Inside a write."""
    for need in queries.waiting(TrainingNeed.session_id == session.id):
        need.session_id = None
        if need.quiz_id is None:
            need.state, need.state_since = NeedState.OPEN, now
            history.record(
                need, "training_need:unassigned", by=None, now=now, clause="GO-02", training=session.number
            )
        watch.NEEDS.clocks_moved(need, now)


def _met(need: TrainingNeed, by: Viewer, now: datetime) -> None:
    need.state, need.state_since, need.done_at = NeedState.DONE, now, now
    history.record(need, "training_need:done", by=by.id, now=now, clause="GO-02")
    watch.NEEDS.clocks_moved(need, now)
    inbox.tell(
        {need.by_id} - {by.id},
        "training_need:done",
        need,
        now=now,
        address=watch.NEEDS.address(need),
        clause="GO-02",
    )
