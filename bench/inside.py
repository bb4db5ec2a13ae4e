"""What is measured within a process: statements a page, bytes, the template, the index alone."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import render_template
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench import targets
from bench.targets import FRAGMENT
from portal import create_app, guards
from portal.blueprints.complaints import page, queries
from portal.blueprints.reception.actions import register
from portal.blueprints.reception.codes import Category
from portal.config import Settings
from portal.kernel import accounts, clock, lists, search, sessions
from portal.kernel.db import db

UNCOUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@dataclass
class Inside:
    """An application in this process on the measured instance, and a browser logged in as desk1."""

    instance: Path

    def __post_init__(self) -> None:
        self.app = create_app(Settings(instance=self.instance, demo="1"))
        with self.app.app_context(), db.write():
            desk = accounts.find("desk1")
            self.viewer_id = desk.id
            key = sessions.begin(desk.id, "bench", clock.now())
        self.client: FlaskClient = self.app.test_client()
        with self.client.session_transaction() as cookie:
            cookie[guards.KEY] = key
        self.client.get("/complaints/")  # what is read once a process

    def statements(self, call: Callable[[FlaskClient], Any]) -> int:
        """How many statements one request needs."""
        with counted() as seen:
            call(self.client)
        return len(seen)

    def weight(self, path: str, *, fragment: bool) -> tuple[int, int]:
        """Bytes of an answer, raw and compressed."""
        headers = FRAGMENT if fragment else {}
        body = self.client.get(path, headers=headers).data
        return len(body), len(gzip.compress(body, 6))

    def newest(self) -> str:
        """The number of the newest archived case."""
        return targets.newest_in(self.client.get(targets.ARCHIVED, headers=FRAGMENT).data)

    def cost(self, name: str, times: int = 5) -> float:
        """Milliseconds of processor time of a request: the list, the case page or, on average, a search."""
        if name == targets.CASE:
            show = f"/complaints/{self.newest()}"
            return quickest(lambda: self.client.get(show), times) * 1e3
        searched = [f"/complaints/?words={quote(word)}" for word in targets.WORDS]
        paths = searched if name == targets.SEARCH else ["/complaints/"]
        spent = [quickest(partial(self.client.get, path, headers=FRAGMENT), times) for path in paths]
        return sum(spent) / len(spent) * 1e3

    def template(self, times: int = 200) -> float:
        """Microseconds that one row of the list takes in the template."""
        with self.client:  # the request stays open, with the person who is logged in
            self.client.get("/complaints/", headers=FRAGMENT)
            asked = queries.CaseList(guards.me())
            drawn = page.listed(asked, whole=False)
            single = drawn | {"rows": drawn["rows"][:1]}
            full = quickest(lambda: render_template("complaints/_list.html", **drawn), times)
            least = quickest(lambda: render_template("complaints/_list.html", **single), times)
            return (full - least) / (len(drawn["rows"]) - 1) * 1e6

    def poll(self, visits: int = 300, times: int = 50) -> float:
        """What an unchanged poll of a board of so many visits costs, beside a page with nothing on it."""
        with self.app.app_context(), db.write():
            desk, now = sessions.person_as_viewer(self.viewer_id), clock.now()
            for _ in range(visits):
                register(by=desk, now=now, category=Category.B, visitor_name="王建国", department="tech")
        tag = self.client.get("/reception/board", headers=FRAGMENT).headers["ETag"]
        asked = FRAGMENT | {"If-None-Match": tag}
        poll = quickest(lambda: self.client.get("/reception/board", headers=asked), times)
        return poll / quickest(lambda: self.client.get("/account/", headers=FRAGMENT), times)

    def seconds(self, path: str, times: int = 5) -> float:
        """Processor seconds of one page."""
        return quickest(lambda: self.client.get(path), times)

    def index(self, words: str, times: int = 50) -> float:
        """Milliseconds of the search index alone, for one page of hits."""
        with self.app.app_context():
            statement = search.matching("case", words).limit(lists.PAGE + 1)
            return quickest(lambda: db.session.execute(statement).all(), times) * 1e3


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent meanwhile, without those that only frame a transaction.

    Rows of one bulk insert count once: where the database hands ids back out of order, they are sent one by one.
    """
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        again = bool(seen) and seen[-1] == statement and statement.startswith("INSERT")
        if not again and not statement.lstrip().upper().startswith(UNCOUNTED):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def quickest(call: Callable[[], Any], times: int) -> float:
    """Processor seconds of the quickest of so many calls: what the work takes when nothing disturbs it."""
    best = float("inf")
    for _ in range(times):
        began = time.thread_time()
        call()
        best = min(best, time.thread_time() - began)
    return best
