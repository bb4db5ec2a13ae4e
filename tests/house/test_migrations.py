"""The schema's versions: up from nothing they make what the models say, and they can be walked both ways."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from portal import create_app, migrate, setup
from portal.blueprints.complaints.codes import Escalation, State
from portal.config import Settings
from portal.kernel import guards_in_database
from portal.kernel.db import Base, db
from tests import factories


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no table yet."""
    url = ""
    if request.param == "postgres":
        server = request.getfixturevalue("postgres")
        server.drop_database("empty")
        url = server.create_database("empty")
    app = create_app(Settings(instance=tmp_path / "instance", database_url=url, demo="1"))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def tables(app: Flask) -> set[str]:
    with app.app_context():
        return set(sa.inspect(db.engine).get_table_names())


def ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Search tables are made by hand in their revision."""
    return not (kind == "table" and str(name).startswith("search_"))


def differences(app: Flask) -> list[object]:
    """What autogenerate would still change."""
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": ours, "target_metadata": Base.metadata}
        )
        return list(compare_metadata(context, Base.metadata))


def test_the_last_name_is_the_head() -> None:
    """Web processes read the head from the names, so that they need not load Alembic."""
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [migrate.head()]


def test_up_from_nothing_makes_what_the_models_say(empty: Flask) -> None:
    with empty.app_context():
        migrate.upgrade()
        assert migrate.is_current()
    assert differences(empty) == []


def test_the_guards_stand_after_an_upgrade(empty: Flask) -> None:
    with empty.app_context():
        migrate.upgrade()
        migrate.upgrade()
        with db.engine.connect() as connection:
            assert guards_in_database.missing(connection) == []


def test_down_to_nothing_and_up_again(empty: Flask) -> None:
    with empty.app_context():
        setup.init_db()
        migrate.downgrade("base")
    assert tables(empty) <= {"alembic_version"}
    with empty.app_context():
        setup.init_db()
    factories.populate(empty)
    number = factories.a_case(empty, State.ARCHIVED)
    assert factories.load(empty, number).state is State.ARCHIVED
    assert factories.history_faults(empty) == []


def test_an_upgrade_keeps_what_is_there(any_app: Flask) -> None:
    number = factories.a_case(any_app, State.PROPOSED)
    with any_app.app_context():
        migrate.upgrade()
        setup.init_db()
    assert factories.load(any_app, number).state is State.PROPOSED
    assert factories.history_faults(any_app) == []
    with any_app.app_context(), db.engine.connect() as connection:
        assert guards_in_database.missing(connection) == []
        if db.engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_what_was_handed_up_before_the_upgrade_still_waits(any_app: Flask) -> None:
    numbers = [factories.a_case(any_app, State.ACCEPTED) for _ in range(3)]
    for number, kinds in zip(numbers, (("unsolved", "major"), ("unsolved",), ()), strict=True):
        for kind in kinds:
            factories.do(any_app, "emp.tech", "escalate", number, kind=Escalation(kind), reason="客户不接受")
    factories.do(any_app, "sup.tech", "decide", numbers[1], note="已处理")
    with any_app.app_context():
        migrate.downgrade("0001")
        migrate.upgrade()
    assert [factories.load(any_app, number).handed_up for number in numbers] == ["unsolved major", "", ""]


def test_a_form_taken_before_the_upgrade_is_still_done_once(any_app: Flask) -> None:
    number = factories.a_case(any_app)
    factories.do(any_app, "desk1", "note", number, note="客户又来电话")
    with any_app.app_context():
        migrate.downgrade("0011")
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE dealings SET idempotency_key = 'once', fields_digest = 'told'")
        migrate.upgrade()
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT key, digest FROM sent_forms").all()
    assert [tuple(row) for row in kept] == [("once", "told")]
    assert differences(any_app) == []
    assert [row.note for row in factories.dealings(any_app, number)] == ["客户又来电话"]


def test_a_form_about_a_case_is_kept_when_forms_may_be_about_anything(any_app: Flask) -> None:
    number = factories.a_case(any_app)
    case = factories.load(any_app, number)
    columns = "by_id, key, subject_kind, subject_id, digest, at"
    told = f"{case.registered_by_id}, '{{key}}', '{{kind}}', {case.id}, 'told', '2026-03-02 09:00:00'"
    with any_app.app_context():
        with db.engine.begin() as connection:
            for key, kind in (("once", "case"), ("other", "visit")):
                row = told.format(key=key, kind=kind)
                connection.exec_driver_sql(f"INSERT INTO sent_forms ({columns}) VALUES ({row})")
        migrate.downgrade("0022")
        migrate.upgrade()
        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT key, subject_kind, subject_id FROM sent_forms").all()
    assert [tuple(row) for row in kept] == [("once", "case", case.id)]
    assert differences(any_app) == []
