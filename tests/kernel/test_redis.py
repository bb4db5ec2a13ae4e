"""Redis as what wakes the workers: a real server, one that restarts with nothing in it, and none at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal import queues, worker
from portal.kernel import clock, jobs
from portal.kernel.db import db
from tests import throwaway_redis
from tests.throwaway_redis import Redis


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A server of this test's own, for it is killed."""
    yield from throwaway_redis.for_tests()


def test_redis_wakes_a_worker_and_takes_nothing_with_it_when_it_goes(
    app: Flask, redis: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker._Sulk, "until", 0.0)
    settings = app.config["SETTINGS"] = replace(app.config["SETTINGS"], queue_url=redis.url)

    def ask(key: str) -> None:
        with db.write():
            jobs.ask("unknown", key, by=None, now=clock.now())
            db.afterwards(worker.wake)

    def tries(key: str) -> int:
        db.session.rollback()
        job = jobs.find("unknown", key)
        assert job is not None
        return job.tries

    with app.app_context():
        ask("one")
        ask("two")
        assert queues.waiting(settings) == 1, "one message is enough while nobody reads"
        huey = worker._queue(app).huey
        message = huey.dequeue()
        assert message is not None
        assert huey.dequeue() is None
        huey.execute(message)
        assert (tries("one"), tries("two")) == (1, 1)
        huey.storage.close()

        redis.die()
        ask("three")
        assert "no worker was woken" in caplog.text
        assert throwaway_redis.PASSWORD not in caplog.text
        assert queues.waiting(settings) is None
        worker.errands()  # as each worker does every minute, woken or not
        assert tries("three") == 1
