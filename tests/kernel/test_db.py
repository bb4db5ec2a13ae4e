"""One door for writing: all or nothing, moments in UTC, nothing nested, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from portal.kernel import accounts, clock, reference
from portal.kernel import db as kernel_db
from portal.kernel.db import db
from portal.kernel.people import Department, Person
from portal.kernel.rights import Role
from tests import factories
from tests.conftest import Ground


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Department)) or 0


def test_a_write_is_kept_whole_or_not_at_all(any_app: Flask) -> None:
    before = count(any_app)

    def fails() -> None:
        with db.write():
            db.session.add(Department(code="one", name="一"))
            db.session.flush()
            raise RuntimeError

    with any_app.app_context(), pytest.raises(RuntimeError):
        fails()
    assert count(any_app) == before
    with any_app.app_context(), db.write():
        db.session.add(Department(code="one", name="一"))
    assert count(any_app) == before + 1


def test_a_write_inside_a_write_is_a_mistake(any_app: Flask) -> None:
    def nested() -> None:
        with db.write(), db.write():
            pass

    with any_app.app_context():
        with pytest.raises(RuntimeError, match="a write inside a write"):
            nested()
        with db.write():  # and the door is not left locked
            pass


def test_what_follows_a_write_happens_only_when_it_was_kept(any_app: Flask) -> None:
    done: list[str] = []

    def fails() -> None:
        with db.write():
            db.afterwards(lambda: done.append("rolled back"))
            raise RuntimeError

    with any_app.app_context():
        with pytest.raises(RuntimeError):
            fails()
        with db.write():
            db.afterwards(lambda: done.append("kept"))
    assert done == ["kept"]


def test_moments_are_aware_and_come_back_in_utc(any_app: Flask) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    moment = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=kathmandu)
    with any_app.app_context():
        with db.write():
            db.session.get_one(Person, 1).created_at = moment
        db.session.remove()
        back = db.session.get_one(Person, 1).created_at
        assert (back, back.tzinfo) == (moment, UTC)

        def naive() -> None:
            with db.write():
                db.session.get_one(Person, 1).created_at = datetime(2026, 3, 2)  # noqa: DTZ001  # that is the point

        with pytest.raises(StatementError, match="a moment needs its time zone"):
            naive()


def test_a_version_catches_what_somebody_else_changed(any_app: Flask) -> None:
    def overtaken() -> None:
        with db.write():
            person = db.session.get_one(Person, 1)
            db.session.execute(sa.text("UPDATE people SET version = version + 1 WHERE id = 1"))
            person.phone = "8001"

    with any_app.app_context(), pytest.raises(StaleDataError):
        overtaken()


def test_the_database_keeps_what_must_be_one(any_app: Flask) -> None:
    def doubled() -> None:
        with db.write():
            db.session.add(Department(code="tech", name="又一个"))

    with any_app.app_context(), pytest.raises(IntegrityError):
        doubled()


def test_foreign_keys_hold(any_app: Flask) -> None:
    def nowhere() -> None:
        with db.write():
            db.session.execute(sa.text("UPDATE people SET department = 'nowhere' WHERE id = 1"))

    with any_app.app_context(), pytest.raises(IntegrityError):
        nowhere()


def test_sqlite_is_durable_and_lets_readers_read(app: Flask) -> None:
    with app.app_context():
        pragmas = {
            name: db.session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_reading_opens_no_transaction_on_postgresql(postgres_ground: Ground) -> None:
    with postgres_ground.fresh().app_context():
        driver = kernel_db.reader().connection.driver_connection
        assert driver is not None
        db.session.scalar(sa.select(1))
        assert driver.info.transaction_status.name == "IDLE"
        with db.write():
            writer = db.session.connection().connection.driver_connection
            assert writer is not None
            db.session.scalar(sa.select(1))
            assert writer.info.transaction_status.name == "INTRANS"
    postgres_ground.close()


def test_a_rested_connection_that_the_server_ended_is_replaced(
    postgres_ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_db, "RESTED", 0.0)
    mine = sa.text("SELECT pg_backend_pid()")
    with postgres_ground.fresh().app_context():
        first = db.session.scalar(mine)
        db.session.remove()
        with sa.create_engine(db.engine.url, poolclass=sa.NullPool).connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
        assert db.session.scalar(mine) != first
    postgres_ground.let_go()  # none that was ended is left for whoever comes next


# -- reference data: read once, anew after each change -----------------------------------------------------------


def test_a_change_of_reference_data_shows_at_once_in_every_process(any_app: Flask) -> None:
    with any_app.app_context():
        assert reference.staff().by_username("new") is None
    factories.a_person(any_app, "new", name="新人")
    with any_app.app_context():
        card = reference.staff().by_username("new")
        assert card is not None
        assert card.name == "新人"
        # Another process changed it: this one's shelf is told by the generation alone.
        with db.engine.begin() as connection:
            connection.execute(sa.text("UPDATE people SET name = '改名' WHERE username = 'new'"))
            connection.execute(sa.text("UPDATE reference SET generation = generation + 1"))
    with any_app.app_context():
        card = reference.staff().by_username("new")
        assert card is not None
        assert card.name == "改名"


def test_reference_data_is_read_once(any_app: Flask) -> None:
    reads: list[int] = []

    def read() -> int:
        reads.append(1)
        return len(reads)

    with any_app.app_context():
        assert [reference.kept("sample", read) for _ in range(3)] == [1, 1, 1]
        with db.write():
            reference.changed()
        assert reference.kept("sample", read) == 2


def test_a_change_that_was_rolled_back_is_not_shown(any_app: Flask) -> None:
    def fails() -> None:
        with db.write():
            accounts.create(
                "ghost", name="幽灵", role=Role.DESK, department="tech", hashed="", by=None, now=clock.now()
            )
            assert reference.staff().by_username("ghost") is not None, "inside the write it is there"
            raise RuntimeError

    with any_app.app_context(), pytest.raises(RuntimeError):
        fails()
    with any_app.app_context():
        assert reference.staff().by_username("ghost") is None
