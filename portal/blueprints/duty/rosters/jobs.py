"""Solving as a job of the worker: live progress, stopped when somebody asks, the best kept (DR-01)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal.blueprints.duty.rosters import actions, picture, queries
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Solve
from portal.blueprints.duty.rosters.solving.solver import Answer, solve
from portal.kernel import clock, history, jobs
from portal.kernel.db import db

OFTEN = 1.0  # seconds between two notes of how far it is
SOLVED, IMPOSSIBLE, OVERTAKEN = "solved", "impossible", "overtaken"


def work(given: dict[str, Any]) -> str:
    """Solve the roster of a job; how it ended. It may run twice: the second begins from what there is."""
    roster_id = given["roster"]
    seconds = db.session.get_one(Solve, roster_id).seconds
    seen = picture.of(db.session.get_one(Roster, roster_id), clock.now(), fair=True)
    db.session.rollback()
    watched = _Watched(roster_id, seconds)
    with watched.minded():
        stop = watched.job.stop.is_set
        answer = solve(seen.problem, seconds, progress=watched.found, stop=stop, start=seen.cells)
    return _keep(roster_id, seen, answer, watched.spent())


class _Watched:
    """What the solver tells its job; a thread of its own writes it down."""

    def __init__(self, roster_id: int, seconds: int) -> None:
        self.roster_id, self.seconds, self.began = roster_id, seconds, time.monotonic()
        self.job, self.done = jobs.current(), threading.Event()
        self.best: dict[str, int | None] = {}

    def found(self, objective: int, bound: int | None, _seconds: float) -> None:
        """A better roster or a better bound; called by any of the solver's threads."""
        self.best = {"objective": objective, "bound": bound}

    def spent(self) -> int:
        """Seconds by the clock on the wall."""
        return int(time.monotonic() - self.began)

    @contextmanager
    def minded(self) -> Iterator[None]:
        """Meanwhile how far it is stands in the database, once a second."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # the application behind the proxy

        def mind() -> None:
            while not self.done.wait(OFTEN):
                self.job.percent = min(100, 100 * self.spent() // self.seconds)
                with app.app_context(), db.write():
                    note(self.roster_id, spent=self.spent(), **self.best)

        thread = threading.Thread(target=mind, name=f"watch of roster {self.roster_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.done.set()
            thread.join()


def note(roster_id: int, **values: Any) -> None:
    """How far the solving is. Inside a write."""
    db.session.execute(sa.update(Solve).where(Solve.id == roster_id).values(**values))


def _keep(roster_id: int, seen: picture.Picture, answer: Answer, spent: int) -> str:
    """Lay the shifts down, unless the roster moved on meanwhile."""
    now = clock.now()
    with db.write():
        roster = db.session.scalars(sa.select(Roster).where(Roster.id == roster_id).with_for_update()).one()
        fresh = picture.of(roster, now)
        outcome = OVERTAKEN
        if answer.roster is None:
            outcome = IMPOSSIBLE
        elif roster.state is State.DRAFT and fresh.cells == seen.cells:
            outcome = SOLVED
            actions.lay(roster, fresh, answer.roster)
            roster.solved_at, roster.objective, roster.bound = now, answer.objective, answer.bound
            cost: dict[str, Any] = {"objective": answer.objective}
            history.record(roster, "roster:solved", by=None, now=now, clause="DR-01", **cost)
        told = json.dumps([[each.person, list(each.rules)] for each in answer.conflicts])
        best = {"objective": answer.objective, "bound": answer.bound}
        note(roster_id, outcome=outcome, spent=spent, conflicts=told, **best)
    return outcome


jobs.WORK[queries.JOB] = work
jobs.STOPS.add(queries.JOB)
