"""Solving by the worker: the best is kept, pins and the past stay, it can be stopped, contradictions are named."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.rosters import jobs as solving
from portal.blueprints.duty.rosters.models import Solve
from portal.blueprints.duty.rosters.problem import Problem
from portal.blueprints.duty.rosters.rules import Rule
from portal.blueprints.duty.rosters.solving.solver import Answer, Conflict
from portal.kernel import jobs
from portal.kernel.db import db
from tests import factories
from tests.conftest import As
from tests.duty.rosters.office import Office, an_office

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 14)


def _solve_of(app: Flask, roster_id: int) -> Solve:
    with app.app_context():
        return db.session.scalars(sa.select(Solve).where(Solve.id == roster_id)).one()


def _work(app: Flask) -> int:
    with app.app_context():
        return jobs.work_off()


@pytest.mark.clause("DR-01")
def test_the_worker_solves_a_roster_and_pins_stay(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    at = f"/duty/rosters/{draft}"
    pinned: dict[str, Any] = {"person": "gm", "day": "2026-10-13", "shift": "front-desk/day", "pinned": "y"}
    assert office.send(f"{at}/cell", **pinned).status_code == 303
    assert office.send(f"{at}/solve", seconds="5").status_code == 303
    assert "Being solved" in office.get(f"{at}/").text
    assert _work(any_app) == 1
    found = made.seen(draft)
    assert found.findings.broken == ()
    assert found.cells[factories.id_of(any_app, "gm"), date(2026, 10, 13)] == (made.post, made.day)
    page = office.get(f"{at}/").text
    assert "The best roster that was found" in page
    assert _solve_of(any_app, draft).outcome == solving.SOLVED
    assert office.get(f"{at}/progress").headers["HX-Refresh"] == "true"
    assert office.send(f"{at}/publish").status_code == 303


def _instead(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer]) -> None:
    """What the solver answers."""
    monkeypatch.setattr(solving, "solve", answer)


def _begun(app: Flask, as_: As) -> tuple[Office, int]:
    made = an_office(app)
    draft = made.draft(FIRST, LAST)
    assert as_("office1").send(f"/duty/rosters/{draft}/solve").status_code == 303
    return made, draft


def test_it_is_stopped_and_told_how_far_it_is(app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    _made, draft = _begun(app, as_)
    office, at = as_("office1"), f"/duty/rosters/{draft}"
    monkeypatch.setattr(solving, "OFTEN", 0.01)
    seen: list[str] = []

    def answer(problem: Problem, seconds: float, **more: Any) -> Answer:
        more["progress"](700, 400, 1.0)
        part = office.get(f"{at}/progress")
        assert (
            office.get(f"{at}/progress", headers={"If-None-Match": part.headers["ETag"]}).status_code == 304
        )
        assert office.send(f"{at}/stop").status_code == 303
        for _n in range(500):
            if more["stop"]():
                break
            time.sleep(0.01)
        seen.append(office.get(f"{at}/progress").text)
        assert more["stop"]()
        return Answer({}, 700, 400, 1.0)

    _instead(monkeypatch, answer)
    assert _work(app) == 1
    assert "42.9 %" in seen[0]
    assert _solve_of(app, draft).outcome == solving.SOLVED
    assert office.send(f"{at}/stop").status_code == 409


def test_meanwhile_nobody_changes_the_roster(app: Flask, as_: As) -> None:
    _made, draft = _begun(app, as_)
    office, at = as_("office1"), f"/duty/rosters/{draft}"
    assert office.send(f"{at}/cell", person="gm", day="2026-10-13", letter="D").status_code == 409
    assert office.send(f"{at}/solve").status_code == 409
    refused = office.send(f"{at}/publish")
    assert (refused.status_code, "being solved" in refused.text) == (409, True)


@pytest.mark.clause("DR-21")
def test_rules_that_contradict_each_other_are_named(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made, draft = _begun(app, as_)
    who = factories.id_of(app, "desk1")
    conflict = Conflict(who, (Rule.LEAST_MINUTES, Rule.MOST_IN_A_ROW))
    _instead(monkeypatch, lambda *_args, **_more: Answer(None, conflicts=(conflict,)))
    assert _work(app) == 1
    page = as_("office1").get(f"/duty/rosters/{draft}/").text
    assert "No roster exists for 周晓雯" in page
    assert "0/1" in page


def test_a_roster_that_moved_on_is_left_as_it_is(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, draft = _begun(app, as_)
    who = factories.id_of(app, "desk1")

    def answer(*_args: Any, **_more: Any) -> Answer:
        seat = made.seats(draft)[0]
        with app.app_context(), db.write():
            db.session.merge(seat).person_id = who
        return Answer({}, 0, 0)

    _instead(monkeypatch, answer)
    assert _work(app) == 1
    assert _solve_of(app, draft).outcome == solving.OVERTAKEN
    assert set(made.seen(draft).cells) == {(who, FIRST)}
