"""What is done regularly is done by one worker, whichever process dies and whatever its clock does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock, runs, workers
from portal.kernel.db import db
from portal.kernel.runs import Run
from portal.kernel.workers import Worker

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOON, MINUTE = timedelta(seconds=5), timedelta(seconds=60)

As = Callable[[str], None]


@pytest.fixture
def as_worker(monkeypatch: pytest.MonkeyPatch) -> As:
    """Be another process from here on."""
    return lambda name: monkeypatch.setattr(workers, "me", lambda: name)


def look(app: Flask, now: datetime, work: Callable[[], object] = lambda: None, name: str = "pass") -> bool:
    """A worker's minute: True when it did the work."""
    with app.app_context():
        return runs.once(name, work, since=now - timedelta(seconds=50), now=now)


def kept(app: Flask, name: str = "pass") -> Run:
    with app.app_context():
        return db.session.get_one(Run, name)


def test_a_minute_is_done_by_one_worker(any_app: Flask, as_worker: As) -> None:
    as_worker("one:1")
    assert look(any_app, NINE)
    as_worker("two:2")
    assert not look(any_app, NINE + SOON), "the other one has just done it"
    assert look(any_app, NINE + MINUTE)
    assert (kept(any_app).worker, kept(any_app).problem) == ("two:2", "")


def test_of_workers_that_look_at_once_one_does_it(any_app: Flask) -> None:
    done: list[int] = []
    for turn in range(3):
        now = NINE + turn * MINUTE
        looks = [
            threading.Thread(target=look, args=(any_app, now, lambda turn=turn: done.append(turn)))
            for _ in range(4)
        ]
        for each in looks:
            each.start()
        for each in looks:
            each.join()
    assert done == [0, 1, 2]


def test_who_was_killed_at_it_holds_it_for_as_long_as_a_lease(any_app: Flask, as_worker: As) -> None:
    def killed() -> None:
        raise KeyboardInterrupt  # what no handler of ours sees

    as_worker("one:1")
    with pytest.raises(KeyboardInterrupt):
        look(any_app, NINE, killed)
    as_worker("two:2")
    assert not look(any_app, NINE + MINUTE)
    assert look(any_app, NINE + runs.LEASE)


def test_who_is_long_at_it_keeps_it_by_its_heartbeat(app: Flask, as_worker: As) -> None:
    later = NINE + runs.LEASE + SOON
    seen: list[bool] = []

    def long() -> None:
        with app.app_context(), db.write():
            runs.push_on(later)
        as_worker("two:2")
        seen.append(look(app, later))
        as_worker("one:1")
        with app.app_context(), db.write():
            runs.push_on(NINE + runs.LONGEST + SOON)  # it hangs: nothing is pushed any more
        as_worker("two:2")
        seen.append(look(app, NINE + runs.LONGEST + SOON))

    as_worker("one:1")
    look(app, NINE, long)
    assert seen == [False, True]


def test_a_clock_that_was_set_back_stops_nothing(app: Flask) -> None:
    assert look(app, NINE + timedelta(days=1))
    assert look(app, NINE)


def test_a_failure_is_noted_and_stops_nothing(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise OSError("no space left")

    assert look(app, NINE, fail)
    assert kept(app).problem == "OSError: no space left"
    assert "pass failed" in caplog.text
    assert look(app, NINE + MINUTE)
    assert kept(app).problem == ""


def test_a_night_that_no_worker_saw_is_made_up_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    nights: list[datetime] = []

    def work(now: datetime) -> Iterator[str]:
        nights.append(now)
        yield "done"

    monkeypatch.setattr(runs, "REGULAR", {"night": runs.Regular(work)})
    for hours, so_far in ((0, 0), (1, 0), (24, 1), (25, 1), (24 * 4, 2), (24 * 4 + 1, 2)):
        with app.app_context():
            runs.regular(NINE + timedelta(hours=hours))
        assert len(nights) == so_far, f"after {hours} hours"


def test_a_worker_is_announced_while_it_lives(any_app: Flask) -> None:
    with any_app.app_context():
        beaten = threading.Event()
        with workers.present(any_app, lambda now: beaten.set()):
            assert beaten.wait(10)
            db.session.rollback()
            while (there := db.session.scalars(sa.select(Worker)).one_or_none()) is None:
                db.session.rollback()
            assert (there.name, there.alive(clock.real())) == (workers.me(), True)
            assert not there.alive(clock.real() + workers.SILENT)
        db.session.rollback()
        assert db.session.scalars(sa.select(Worker)).all() == []
