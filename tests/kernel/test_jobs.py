"""Long work: done once however often it is asked for, and taken up again when its worker dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import clock, jobs
from portal.kernel.db import db
from portal.kernel.jobs import Job, Standing
from tests.conftest import At

KIND = "counted"


@pytest.fixture
def counted() -> Iterator[list[dict[str, Any]]]:
    """What the work of KIND was given, each time it was done."""
    seen: list[dict[str, Any]] = []

    def work(given: dict[str, Any]) -> str:
        seen.append(given)
        return "made.pdf"

    yield from _working(work, seen)


def _working(work: Callable[[dict[str, Any]], str], answer: Any) -> Iterator[Any]:
    jobs.WORK[KIND] = work
    yield answer
    del jobs.WORK[KIND]


def ask(app: Flask, key: str = "one", **more: Any) -> None:
    """Ask for a job of KIND."""
    with app.app_context(), db.write():
        jobs.ask(KIND, key, by=None, now=clock.now(), **more)


def work_off(app: Flask) -> int:
    """One worker's look; how many jobs it took up."""
    with app.app_context():
        return jobs.work_off()


def found(app: Flask, key: str = "one") -> Job:
    """The job as it is stored."""
    with app.app_context():
        job = jobs.find(KIND, key)
        assert job is not None
        return job


def test_a_job_is_done_once_however_often_it_is_asked_for(any_app: Flask, counted: list[Any]) -> None:
    ask(any_app, number="TS-1")
    ask(any_app, number="TS-1")
    assert work_off(any_app) == 1
    assert work_off(any_app) == 0
    ask(any_app, number="TS-1")
    assert work_off(any_app) == 0
    assert counted == [{"number": "TS-1"}]
    assert (found(any_app).standing, found(any_app).result) == (Standing.DONE, "made.pdf")


def test_a_job_whose_result_is_gone_is_done_again(app: Flask, counted: list[Any]) -> None:
    ask(app)
    work_off(app)
    ask(app, again=True)
    assert found(app).standing is Standing.WAITING
    work_off(app)
    assert len(counted) == 2


def test_a_job_of_a_killed_worker_is_taken_up_again(any_app: Flask, at: At, counted: list[Any]) -> None:
    ask(any_app)
    with any_app.app_context():
        taken = jobs._take()  # and then the worker was killed
    assert taken is not None
    assert work_off(any_app) == 0, "it is leased: another worker may still be at it"
    at("Mon 2026-03-02 09:03")
    assert work_off(any_app) == 1
    assert found(any_app).standing is Standing.DONE
    assert found(any_app).tries == 2


def test_a_job_that_kills_every_worker_is_given_up(app: Flask, at: At, counted: list[Any]) -> None:
    ask(app)
    for time in ("09:00", "09:03", "09:06"):
        at(f"Mon 2026-03-02 {time}")
        with app.app_context():
            assert jobs._take() is not None
    at("Mon 2026-03-02 09:09")
    assert work_off(app) == 0
    assert found(app).standing is Standing.FAILED
    assert counted == []


def test_a_job_that_fails_is_tried_three_times_and_may_be_asked_for_again(app: Flask, at: At) -> None:
    def fail(given: dict[str, Any]) -> str:
        raise OSError("no space left")

    for _ in _working(fail, None):
        ask(app)
        for time in ("09:00", "09:01", "09:02"):
            assert found(app).standing is Standing.WAITING
            at(f"Mon 2026-03-02 {time}")
            assert work_off(app) == 1
        assert found(app).standing is Standing.FAILED
        assert "no space left" in found(app).result
    ask(app)
    assert (found(app).standing, found(app).tries, found(app).result) == (Standing.WAITING, 0, "")


def test_two_workers_do_a_job_once(any_app: Flask, counted: list[Any]) -> None:
    for key in "abcdef":
        ask(any_app, key)
    workers = [threading.Thread(target=work_off, args=(any_app,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(counted) == 6


def test_work_in_progress_keeps_its_lease(app: Flask, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT", 0.01)
    moved = threading.Event()

    def work(given: dict[str, Any]) -> str:
        before = found(app).lease_until
        at("Mon 2026-03-02 09:30")
        while found(app).lease_until == before:
            moved.wait(0.01)
        return "made.pdf"

    for _ in _working(work, None):
        ask(app)
        work_off(app)
    assert found(app).lease_until > at("Mon 2026-03-02 09:30")
    assert found(app).standing is Standing.DONE


def test_a_worker_that_lost_its_lease_changes_nothing(app: Flask, at: At) -> None:
    def work(given: dict[str, Any]) -> str:
        at("Mon 2026-03-02 09:30")
        with app.app_context():
            assert jobs._take() is not None  # by another worker, who thinks this one dead
        return "made too late"

    for _ in _working(work, None):
        ask(app)
        work_off(app)
    assert (found(app).standing, found(app).tries, found(app).result) == (Standing.WAITING, 2, "")


def stop(app: Flask, key: str = "one") -> bool:
    with app.app_context(), db.write():
        return jobs.stop(KIND, key)


def test_a_job_tells_how_far_it_is_and_is_stopped(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "OFTEN", 0.01)
    monkeypatch.setattr(jobs, "STOPS", {KIND})

    def work(given: dict[str, Any]) -> str:
        jobs.step(40)
        while found(any_app).percent != 40:
            pass
        assert stop(any_app)
        while not jobs.stopped():
            pass
        jobs.step(50)
        return "too late"

    for _ in _working(work, None):
        ask(any_app)
        work_off(any_app)
        assert (found(any_app).standing, found(any_app).result) == (Standing.STOPPED, "")
        assert not stop(any_app), "it has ended"
        with any_app.app_context(), db.write():
            jobs.again(found(any_app), clock.now())
        assert (found(any_app).standing, found(any_app).stop) == (Standing.WAITING, False)


def test_a_job_that_nobody_began_is_stopped_before(app: Flask, counted: list[Any]) -> None:
    ask(app)
    assert stop(app)
    assert work_off(app) == 0
    assert (found(app).standing, counted) == (Standing.STOPPED, [])


def test_ended_jobs_are_forgotten_after_a_day(app: Flask, at: At, counted: list[Any]) -> None:
    ask(app, "done")
    work_off(app)
    at("Mon 2026-03-02 18:00")
    ask(app, "waits")
    for time, gone in (("Tue 2026-03-03 08:59", 0), ("Tue 2026-03-03 09:01", 1), ("Tue 2026-03-10 09:00", 0)):
        with app.app_context(), db.write():
            assert jobs.forget_old(at(time)) == gone
    assert found(app, "waits").standing is Standing.WAITING


def test_why_a_job_failed_is_known_for_a_month(app: Flask, at: At) -> None:
    ask(app)
    with app.app_context(), db.write():
        db.session.execute(sa.update(Job).values(standing=Standing.FAILED))
    for time, gone in (("Tue 2026-03-31 09:00", 0), ("Thu 2026-04-02 09:00", 1)):
        with app.app_context(), db.write():
            assert jobs.forget_old(at(time)) == gone
