"""The session, the column types, and the one way to write: `with db.write()`."""

from __future__ import annotations

import enum
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

try:
    import fcntl
except ImportError:  # not on Windows: one process there, the thread lock is enough
    fcntl = None  # type: ignore[assignment]  # the module's own absence is the sign

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite: durable before the answer (FULL), readers beside one writer (WAL).
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is forgotten is written over (RC-20)
    "PRAGMA busy_timeout=15000",
    "PRAGMA cache_size=-8000",
    "PRAGMA mmap_size=268435456",
)

RESTED = 1.0  # seconds unused after which a connection to PostgreSQL is asked before it is trusted


class Base(DeclarativeBase):
    """What every table has in common: predictable names of constraints."""

    metadata = sa.MetaData(naming_convention=NAMES)


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the table; naive ones are refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its time zone: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, _kind: object) -> Callable[[Any], datetime | None]:
        """What reads a stored moment; a list has hundreds, hence no step more than needed."""
        return _read_text if dialect.name == "sqlite" else _read_moment


def _read_text(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


def _read_moment(stored: datetime | None) -> datetime | None:
    return None if stored is None else stored.astimezone(UTC)


def short(kind: type[enum.StrEnum]) -> sa.Enum:
    """A column type for an enum kept as its short text value."""
    return sa.Enum(
        kind,
        native_enum=False,
        length=24,
        create_constraint=False,
        values_callable=lambda e: [m.value for m in e],
    )


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with one door for writing."""

    def __init__(self) -> None:
        super().__init__(
            model_class=Base,
            disable_autonaming=True,
            session_options={"expire_on_commit": False, "autoflush": False},
        )
        self._thread_turn = threading.Lock()
        self.before_commit: list[Callable[[Session], None]] = []
        self.after_commit: list[Callable[[Session], None]] = []

    def init_app(self, app: Flask) -> None:
        """Bind to the application; engines get their SQLite settings as they connect."""
        app.config.setdefault(
            "SQLALCHEMY_ENGINE_OPTIONS", _engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
        )
        super().init_app(app)
        if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
            with app.app_context():
                event.listen(self.engine, "connect", _prepare_sqlite)
                event.listen(self.engine, "begin", _begin_sqlite)
        else:
            with app.app_context():
                event.listen(self.engine, "checkin", _laid_down)
                event.listen(self.engine, "checkout", _still_there)

    @contextmanager
    def write(self) -> Iterator[None]:
        """One write transaction, from `BEGIN IMMEDIATE` (SQLite) to the commit; rolled back by any exception.

        What was read before it is forgotten: load the object again inside. Lines of history and the chain's head are
        written last; the answer is drawn after the commit, so that a conflict can still become a 409.
        """
        session = self.session()
        if session.info.get("writing"):
            raise RuntimeError("a write inside a write: pass the work to the outer one")
        session.rollback()
        session.expire_all()
        session.info.update(writing=True, later=[])
        try:
            with self.turn():
                try:
                    session.connection(execution_options={"immediate": True})
                    yield
                    for close in self.before_commit:
                        close(session)
                    session.commit()
                except BaseException:
                    session.rollback()
                    raise
                for follow in self.after_commit:
                    follow(session)
        finally:
            later = session.info.pop("later", [])
            session.info.clear()
        for call in later:
            call()

    def afterwards(self, call: Callable[[], None]) -> None:
        """Run `call` once, after the present write is committed; never when it is rolled back."""
        later = self.session().info["later"]
        if call not in later:
            later.append(call)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A place in the queue of writers: SQLite's own busy handler lets unlucky writers starve."""
        if self.engine.dialect.name != "sqlite":
            yield
            return
        with self._thread_turn:
            if fcntl is None:
                yield
                return
            folder: Path = current_app.config["SETTINGS"].instance
            with (folder / "writers.queue").open("a") as queue:
                fcntl.flock(queue, fcntl.LOCK_EX)
                yield  # closing the file ends the turn, also when the process is killed


def _engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15, "check_same_thread": False}}
    return {"pool_size": 5, "max_overflow": 10, "isolation_level": "READ COMMITTED"}


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the `begin` event below starts transactions, not the driver
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("immediate"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # every page begins here; it waits for nobody, so no error of the driver has to be translated
        connection.connection.cursor().execute("BEGIN")


def _laid_down(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _still_there(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Ask a PostgreSQL connection that has rested whether the server still knows it; a new one is taken if not."""
    if time.monotonic() - record.info.get("used", math.inf) < RESTED:
        return
    dialect = db.engine.dialect
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError("the server has ended this connection") from error


db = Database()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def is_sqlite() -> bool:
    """True on the embedded database."""
    return db.engine.dialect.name == "sqlite"


def reader() -> Connection:
    """The connection of a request that has asked nothing yet; on PostgreSQL without BEGIN and ROLLBACK around it.

    Under READ COMMITTED each statement sees its own moment with them or without, and each costs a journey.
    """
    alone = {} if is_sqlite() or db.session().in_transaction() else {"isolation_level": "AUTOCOMMIT"}
    return db.session.connection(execution_options=alone)


def insert(table: Any) -> Any:
    """The database's own INSERT, which knows `on_conflict_do_update`."""
    return sqlite.insert(table) if is_sqlite() else postgresql.insert(table)


def wiped() -> None:
    """Have SQLite's log emptied once the present write is committed: pages as they were before stand in it.

    While others read, it stays until the log is next begun anew; nobody waits for it.
    """
    if is_sqlite():
        db.afterwards(_empty_log)


def _empty_log() -> None:
    connection = db.engine.raw_connection()  # without a transaction, in which a log cannot be emptied
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=200")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("PRAGMA busy_timeout=15000")
    finally:
        connection.close()


def init_app(app: Flask) -> None:
    """Bind the database to the application."""
    db.init_app(app)
