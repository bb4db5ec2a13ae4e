"""The ground of the tests: databases copied from one made once a run, a clock that is set, people who are logged in."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.pool import QueuePool

from portal import create_app, guards, setup
from portal.bilingual import Bilingual
from portal.config import Settings
from portal.kernel import clock, company_calendar, policies, reference, sessions
from portal.kernel import print as prints
from portal.kernel.db import db
from portal.kernel.routing import proposed
from tests import factories, throwaway_postgres
from tests.client import CarefulClient
from tests.kernel.moments import at as moment
from tests.pristine import Pristine
from tests.throwaway_postgres import Server

START = "Mon 2026-03-02 09:00"

# Of the many small things that a test makes hardly one is a ring: looking for them took a twelfth of its time.
gc.set_threshold(30_000, 20, 20)

At = Callable[[str], datetime]
As = Callable[[str], CarefulClient]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: what one process still has to do when the other is done is then short."""
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or item.get_closest_marker("slow")))


class Compiled(FileSystemBytecodeCache):
    """The templates of a run, compiled once for all its applications and processes: three seconds for a language."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """As Jinja's; a template is another one in each language and wherever the portal is mounted."""
        assert isinstance(environment, Bilingual)
        told = f"{name} {environment.chinese} {environment.root}"
        return super().get_bucket(environment, told, filename, source)


@dataclass(frozen=True)
class Ground:
    """An application for the whole run, whose instance every test finds as it was made."""

    app: Flask
    settings: Settings
    template: Path
    server: Server | None = None
    shelf: dict[str, Any] = field(default_factory=dict)  # the reference data as every test finds it
    kept: list[Pristine] = field(default_factory=list)  # on PostgreSQL: what brings the database back

    @classmethod
    def made(cls, folder: Path, server: Server | None = None, compiled: Path | None = None) -> Ground:
        """Reference data and people, made once; the application that the tests use works in copies of it."""
        template = _settings(folder / "template", server)
        maker = create_app(template)
        with maker.app_context():
            setup.init_db()
        factories.populate(maker)
        with maker.app_context():
            if server is None:
                with db.engine.connect() as connection:
                    connection.exec_driver_sql(
                        "COMMIT"
                    )  # a checkpoint waits for the end of every transaction
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.session.remove()
            db.engine.dispose()
        settings = _settings(folder / "instance", server)
        app = create_app(settings)
        app.testing = True
        app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is a 500 here as it is in the office
        app.test_client_class = CarefulClient
        if compiled is not None:
            app.jinja_env.bytecode_cache = Compiled(str(compiled))
        ground = cls(app, settings, template.instance, server)
        with ground.fresh().app_context():
            for read in (
                reference.staff,
                company_calendar.current,
                lambda: policies.versions(""),
                lambda: proposed(""),
            ):
                read()
        ground.shelf.update(vars(app.extensions["reference"]))
        return ground

    def fresh(self) -> Flask:
        """The application, with everything as it was made."""
        self.close()
        shutil.rmtree(self.settings.instance, ignore_errors=True)
        shutil.copytree(self.template, self.settings.instance)
        if self.server is not None:
            self._renew_database(self.server)
        self.app.config["SETTINGS"] = self.settings
        reference.init_app(self.app)
        if self.shelf:
            found = self.app.extensions["reference"]
            found.generation, found.kept = self.shelf["generation"], dict(self.shelf["kept"])
        return self.app

    def close(self) -> None:
        """Let go of the database, so that it can be replaced; on PostgreSQL it is emptied, and connections stay."""
        with self.app.app_context():
            db.session.remove()
            if self.server is None:
                db.engine.dispose()

    def let_go(self) -> None:
        """Close every connection to the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        while self.kept:
            self.kept.pop().close()

    def _renew_database(self, server: Server) -> None:
        """By what was kept of it, or from the template where that is not enough."""
        with self.app.app_context():
            pool = db.engine.pool
            assert isinstance(pool, QueuePool)
            if self.kept and self.kept[0].restore(others=pool.checkedin()):
                return
        self.let_go()
        server.drop_database("instance")
        self.kept.append(Pristine(server.create_database("instance", template="template")))

    def at(self, now: datetime) -> None:
        """Set the application's clock, as PORTAL_NOW does."""
        self.app.config["SETTINGS"] = replace(self.app.config["SETTINGS"], now=now.isoformat())


def _settings(instance: Path, server: Server | None) -> Settings:
    url = server.url_of(instance.name) if server else ""
    if server and instance.name == "template":
        server.create_database(instance.name)
    return Settings(instance=instance, database_url=url, demo="1", now=moment(START).isoformat())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A private PostgreSQL for the run; skips, or fails where it is required, when there is none."""
    yield from throwaway_postgres.for_tests()


@pytest.fixture(scope="session")
def quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory where the machine has one: each commit waits for its disk otherwise."""
    memory = Path("/dev/shm")
    if not (memory.is_dir() and os.access(memory, os.W_OK)):
        yield tmp_path_factory.mktemp("portal")
        return
    with TemporaryDirectory(prefix="portal-tests-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run for compiled templates, the same one in each of its processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def sqlite_ground(quick_folder: Path, compiled: Path) -> Ground:
    """The application on SQLite."""
    return Ground.made(quick_folder / "sqlite", compiled=compiled)


@pytest.fixture(scope="session")
def postgres_ground(quick_folder: Path, compiled: Path, postgres: Server) -> Iterator[Ground]:
    """The application on PostgreSQL."""
    ground = Ground.made(quick_folder / "postgres", postgres, compiled)
    yield ground
    ground.let_go()


@pytest.fixture
def ground(sqlite_ground: Ground) -> Iterator[Ground]:
    """What `app` stands on; `any_app` puts another one in its place."""
    yield sqlite_ground
    sqlite_ground.close()


@pytest.fixture
def app(ground: Ground) -> Flask:
    """The portal on SQLite: reference data, the people of factories.PEOPLE, Monday 2 March 2026, nine o'clock."""
    return ground.fresh()


@pytest.fixture(params=["sqlite", "postgres"])
def any_ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """SQLite, then PostgreSQL."""
    found: Ground = request.getfixturevalue(f"{request.param}_ground")
    yield found
    found.close()


@pytest.fixture
def any_app(any_ground: Ground) -> Flask:
    """The portal as `app` is, once on each database: for everything of the data layer."""
    return any_ground.fresh()


@pytest.fixture
def at(request: pytest.FixtureRequest) -> At:
    """Set the clock: at("Mon 2026-03-02 09:30"); a weekday that does not fit its date is refused."""
    name = "any_ground" if "any_app" in request.fixturenames else "ground"

    def move(written: str) -> datetime:
        now = moment(written)
        found: Ground = request.getfixturevalue(name)
        found.at(now)
        return now

    return move


@pytest.fixture
def as_(request: pytest.FixtureRequest) -> As:
    """A browser in which that person is logged in: as_("desk1"); asked again, the same one."""
    found: Flask = request.getfixturevalue("any_app" if "any_app" in request.fixturenames else "app")
    browsers: dict[str, CarefulClient] = {}

    def browser(username: str) -> CarefulClient:
        if username not in browsers:
            browsers[username] = client_of(found, username)
        return browsers[username]

    return browser


def client_of(app: Flask, username: str) -> CarefulClient:
    """A new browser of a person who is logged in; the login page is left out."""
    with app.app_context():
        now = clock.now()
        with db.write():
            key = sessions.begin(factories.viewer(username).id, "test", now)
    client = app.test_client()
    assert isinstance(client, CarefulClient)
    with app.test_request_context():
        token = generate_csrf()
        carried = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(carried)
        cookie[guards.KEY] = key
    client.token = token  # as a form of the first page bears it
    return client


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages handed to the drawing, which is too slow for every test and left out."""
    pages: list[str] = []

    def draw(html: str) -> bytes:
        pages.append(html)
        return b"%PDF-1.7 small"

    monkeypatch.setattr(prints, "_drawn", draw)
    monkeypatch.setattr(prints, "available", lambda: True)
    return pages
