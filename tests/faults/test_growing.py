"""Three web processes and two workers on one PostgreSQL: one of each is killed under load, nothing is lost or doubled."""

from __future__ import annotations

import http.client
import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask

from bench.servers import free_port
from portal import create_app, worker
from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.kernel import clock, jobs, runs, workers
from portal.kernel.db import db
from portal.kernel.jobs import Job, Standing
from portal.kernel.numbers import Counter as Numbers
from portal.kernel.outbox import Delivery, Fate
from portal.supervisor import answers
from tests import factories
from tests.client import INTAKE, CarefulClient
from tests.conftest import Ground, client_of
from tests.faults import crew
from tests.faults.test_kill import PROCESSES

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
EACH = 150 if WHOLE else 6  # cases that each of the clients registers
DECIDED = 40 if WHOLE else 3  # solutions that two leads approve at once
WEB, PATIENCE = 3, 60.0
FOUR = "2026-03-02T16:00+08:00"


@dataclass
class Mails:
    """What came out of the house."""

    got: list[str] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Take one mail."""
        self.got.append(f"{envelope.rcpt_tos} {envelope.content!r}")
        return "250 OK"


def wait_for(what: Callable[[], object], told: str) -> None:
    last = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < last, told
        time.sleep(0.05)


@dataclass
class Town:
    """The portal as several processes, and what the test knows of them."""

    app: Flask
    folder: Path
    port: int
    environment: dict[str, str]
    mails: Mails
    web: Any = None
    workers: list[Any] = field(default_factory=list)

    def start(self) -> None:
        """Web processes and workers, until all of them are there."""
        self.web = PROCESSES.Process(target=crew.serve, args=(self.environment, WEB, self.port))
        self.workers = [
            PROCESSES.Process(target=crew.work, args=(self.environment, self.folder)) for _ in range(2)
        ]
        for process in (self.web, *self.workers):
            process.start()
        wait_for(lambda: answers("127.0.0.1", self.port), "the web server does not answer")
        wait_for(lambda: len(self.web_processes()) >= WEB, "not every web process is there")
        wait_for(lambda: self.count(workers.Worker) == 2, "not every worker is there")

    def web_processes(self) -> list[int]:
        """Those that answer; their parent looks after them."""
        tasks = Path(f"/proc/{self.web.pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]

    def count(self, model: Any, *conditions: Any) -> int:
        with self.app.app_context():
            statement = sa.select(sa.func.count()).select_from(model).where(*conditions)
            found = db.session.scalar(statement) or 0
            db.session.rollback()
        return found

    def write(self, *statements: Any) -> None:
        """Change something and have the workers look."""
        with self.app.app_context(), db.write():
            for statement in statements:
                db.session.execute(statement)
            db.afterwards(worker.wake)

    def stop(self) -> None:
        """End whatever still runs."""
        for process in (self.web, *self.workers):
            if process is not None and process.is_alive():
                process.terminate()
        for process in (self.web, *self.workers):
            if process is not None:
                process.join(10)
                if process.is_alive():
                    process.kill()


@contextmanager
def a_town(ground: Ground, folder: Path) -> Iterator[Town]:
    """A database of its own and a mail server, with the people of the template."""
    server = ground.server
    assert server is not None
    ground.let_go()
    server.drop_database("growing")
    url = server.create_database("growing", template="template")
    mails = Mails()
    mailer = Controller(mails, hostname="127.0.0.1", port=free_port())
    mailer.start()
    settings = {
        "PORTAL_INSTANCE": str(folder / "instance"),
        "PORTAL_DATABASE_URL": url,
        "PORTAL_DEMO": "1",
        "PORTAL_NOW": FOUR,
        "PORTAL_MAIL_SERVER": f"127.0.0.1:{mailer.port}",
    }
    (folder / "instance").mkdir()
    app = create_app(Settings.from_env(settings))
    app.test_client_class = CarefulClient
    town = Town(app, folder, free_port(), settings, mails)
    try:
        yield town
    finally:
        town.stop()
        mailer.stop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        server.drop_database("growing")


@dataclass
class Person:
    """A browser over a real connection. What got no answer is sent again, as somebody does who presses the button."""

    town: Town
    username: str
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""
    statuses: Counter[int] = field(default_factory=Counter)
    repeated: int = 0

    def __post_init__(self) -> None:
        browser = client_of(self.town.app, self.username)
        cookie = browser.get_cookie("portal")
        assert cookie is not None
        self.token = browser.csrf()
        form = "application/x-www-form-urlencoded"
        self.headers = {"Cookie": f"portal={cookie.value}", "Content-Type": form}

    def send(self, address: str, **fields: str) -> http.client.HTTPResponse:
        """A form; again until it is answered."""
        body = urlencode({"csrf_token": self.token, **fields})
        last = time.monotonic() + PATIENCE
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.town.port, timeout=20)
            try:
                connection.request("POST", address, body, self.headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < last, "nobody answers any more"
                self.repeated += 1
                time.sleep(0.05)
            else:
                self.statuses[answer.status] += 1
                return answer
            finally:
                connection.close()


def registers(person: Person, name: str, count: int, numbers: list[str]) -> None:
    """So many cases, each under a key of its own."""
    for n in range(count):
        key = f"{name}-{n}".ljust(32, "x")
        answer = person.send("/complaints/new", **INTAKE, idempotency_key=key)
        location = answer.headers.get("Location") or ""
        found = re.search(r"TS-\d{8}-\d{4,}", location)
        assert found, f"{answer.status} {location}"
        numbers.append(found[0])


@pytest.mark.slow
def test_one_web_process_and_one_worker_are_killed_under_load(
    postgres_ground: Ground, tmp_path: Path
) -> None:
    with a_town(postgres_ground, tmp_path) as town:
        app = town.app
        for username in ("lead.tech", "emp.tech", "desk1"):
            factories.change_person(app, username, email=f"{username}@example.com")
        overdue = factories.a_case(app, State.ROUTED)
        with app.app_context(), db.write():  # it was routed this morning
            now = clock.now()
            db.session.execute(
                sa.text("UPDATE clocks SET next_at = :at, due_at = :at"), {"at": now - timedelta(hours=1)}
            )
        decided = [factories.a_case(app, State.PROPOSED) for _ in range(DECIDED)]
        before = town.count(Case)
        keys = [crew.HOLD, *(f"job {n}" for n in range(12))]
        with app.app_context(), db.write():
            for key in keys:
                jobs.ask("noted", key, by=None, now=clock.now(), name=key)
        town.start()

        # Everybody at once; the leads want the same solutions.
        numbers: list[str] = []
        desks = [Person(town, name) for name in ("desk1", "desk2", "office1", "office2")]
        leads = [Person(town, "lead.tech"), Person(town, "lead.tech")]
        at_work = [
            threading.Thread(target=registers, args=(desk, f"desk{n}", EACH, numbers))
            for n, desk in enumerate(desks)
        ]
        at_work += [
            threading.Thread(
                target=lambda lead=lead: [lead.send(f"/complaints/{n}/approve") for n in decided]
            )
            for lead in leads
        ]
        for thread in at_work:
            thread.start()
        held = tmp_path / "held"
        wait_for(lambda: held.exists() and held.read_text(), "no worker took up the job")
        wait_for(lambda: len(numbers) > len(desks), "nothing is registered")
        swept = runs.Run.name == runs.MINUTELY, runs.Run.ended_at.is_not(None)
        wait_for(lambda: town.count(runs.Run, *swept), "nobody looked at what is due")
        os.kill(town.web_processes()[0], signal.SIGKILL)
        killed = int(held.read_text())
        os.kill(killed, signal.SIGKILL)
        for thread in at_work:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        wait_for(lambda: len(town.web_processes()) >= WEB, "the web process was not started again")

        # No write lost, none doubled.
        assert len(numbers) == len(set(numbers)) == len(desks) * EACH
        with app.app_context():
            stored = set(db.session.scalars(sa.select(Case.number)))
            last = db.session.scalar(sa.select(sa.func.sum(Numbers.last)).where(Numbers.prefix == "TS"))
        assert set(numbers) < stored
        assert len(stored) == last == before + len(numbers), (
            "a number is missing, or a case nobody was told of"
        )
        events = Counter((line.event, line.subject_id) for line in factories.events(app))
        for number in decided:
            assert events["case:approve", factories.load(app, number).id] == 1
        both = leads[0].statuses + leads[1].statuses
        assert both[303] + both[409] == both.total()
        assert all(desk.statuses.keys() == {303} for desk in desks)
        assert factories.history_faults(app) == []

        # What the killed worker held is taken over when its lease runs out; here it is let run out.
        (tmp_path / "go").touch()
        ago = sa.text("'2026-03-02 07:00+00'")
        waits = Job.standing == Standing.WAITING
        town.write(
            sa.update(Job).where(waits, Job.worker.endswith(f":{killed}")).values(lease_until=ago),
            sa.update(Delivery).where(Delivery.fate == Fate.WAITING).values(next_at=ago),
        )
        wait_for(lambda: town.count(Job, Job.standing == Standing.DONE) == len(keys), "a job is not done")
        wait_for(lambda: town.count(Delivery, Delivery.fate != Fate.SENT) == 0, "a mail did not leave")
        done = Counter((tmp_path / "done").read_text().split("\n")[:-1])
        assert done.keys() == set(keys)
        with app.app_context():
            twice = set(db.session.scalars(sa.select(Job.key).where(Job.tries > 1)))
            # What is due together leaves as one mail.
            mails = sa.select(sa.func.max(Delivery.tries)).group_by(Delivery.batch)
            tries = db.session.scalars(mails).all()
            looked = db.session.get_one(runs.Run, runs.MINUTELY)
        assert {key for key, times in done.items() if times > 1} <= twice - {crew.HOLD}
        assert len(tries) <= len(town.mails.got) <= sum(tries)
        assert len(tries) > 0

        # Both workers looked at the same minute; one of them swept, and who is late was told so once.
        assert looked.ended_at is not None
        told = Counter(
            (n.person_id, n.details)
            for n in factories.notices(app, kind="clock:overdue")
            if n.number == overdue
        )
        assert told
        assert set(told.values()) == {1}
