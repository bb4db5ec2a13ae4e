"""`verify` is silent about a sound portal and names each thing that does not fit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal import verification
from portal.blueprints.complaints import actions
from portal.blueprints.complaints.codes import Category, Channel, Kind, ReadBack, Urgency
from portal.blueprints.complaints.models import Case
from portal.kernel import clock, files, search_care
from portal.kernel.db import db, is_sqlite
from tests import factories


@pytest.fixture
def portal(any_app: Flask) -> Iterator[Flask]:
    """A portal with three cases, one of them routed, and one attachment; put away afterwards, for it was spoilt."""
    with any_app.app_context():
        now, desk = clock.now(), factories.viewer("desk1")
        checked = files.check(FileStorage(BytesIO(b"the letter"), filename="letter.txt"))
        files.keep(checked)
        with db.write():
            cases = [
                actions.register(
                    by=desk,
                    now=now,
                    kind=Kind.COMPLAINT,
                    channel=Channel.PHONE,
                    category=Category.PRODUCT,
                    urgency=Urgency.NORMAL,
                    content=f"打印机漏墨 {n}",
                    customer_name="陈桂芳",
                    read_back=ReadBack.YES,
                )
                for n in range(3)
            ]
            files.add(cases[0], checked, desk.id, now)
        actions.act(cases[0].number, "route", by=desk, now=now + timedelta(minutes=5))
    yield any_app
    with any_app.app_context():
        db.session.remove()
        db.engine.dispose()


def run(statement: str) -> None:
    """Change the database behind the portal's back: guards and keys off, as somebody with the file could."""
    with db.engine.connect() as connection:
        if is_sqlite():
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # is connected
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql("COMMIT")
    db.engine.dispose()


def without_guard(name: str, table: str, statement: str) -> None:
    run(f"DROP TRIGGER {name}" + ("" if is_sqlite() else f" ON {table}"))
    run(statement)


def changed_line() -> None:
    guard = "history_no_update" if is_sqlite() else "history_no_change"
    without_guard(guard, "history", "UPDATE history SET clause = 'CP-99' WHERE id = 3")


def cut_tail() -> None:
    guard = "history_no_delete" if is_sqlite() else "history_no_change"
    last = "SELECT max(id) FROM history"
    without_guard(guard, "history", f"DELETE FROM history WHERE id = ({last})")
    run(f"UPDATE chain_head SET last_id = ({last}), seal = (SELECT hash FROM history WHERE id = ({last}))")


def dropped_guard() -> None:
    run("DROP TRIGGER history_texts_no_delete" + ("" if is_sqlite() else " ON history_texts"))


def lost_subject() -> None:
    run("UPDATE clocks SET subject_id = 999 WHERE id = 1")


def lost_todo() -> None:
    run("UPDATE todos SET subject_kind = 'ghost'")


def gap_in_numbers() -> None:
    run("UPDATE numbers SET last = last + 1 WHERE prefix = 'TS'")


def lost_number() -> None:
    run("UPDATE cases SET notice_number = '' WHERE notice_number != ''")


def changed_file() -> None:
    next(path for path in _content()).write_bytes(b"not the letter")


def lost_file() -> None:
    next(path for path in _content()).unlink()


def _content() -> list[Path]:
    digest = db.session.scalars(sa.select(files.Attachment.sha256)).one()
    db.session.rollback()
    return [files.path_of(digest)]


def unindexed_case() -> None:
    with db.write():
        search_care.rebuild("case", [])


def changed_text() -> None:
    run("UPDATE cases SET content = '没有人说过的话' WHERE id = 2")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (changed_line, "history: line 3 was changed"),
        (cut_tail, "the signed copy knows line"),
        (dropped_guard, "the guard history_texts_no_delete is missing"),
        (lost_subject, "clocks: row 1 points to case 999, which is not there"),
        (lost_todo, "points to ghost"),
        (gap_in_numbers, "has 3 up to 3, given out were 4"),
        (lost_number, "has 0 up to 0, given out were 1"),
        (changed_file, "was changed"),
        (lost_file, "is missing"),
        (unindexed_case, "search_case: 1 cannot be found"),
        (changed_text, "search_case: 2 "),
    ],
)
def test_a_fault_is_named(portal: Flask, spoil: Callable[[], None], named: str) -> None:
    with portal.app_context():
        assert list(verification.faults()) == []
        spoil()
        assert any(named in fault for fault in verification.faults())


def test_a_row_that_points_nowhere_is_named(portal: Flask) -> None:
    with portal.app_context():
        if is_sqlite():  # PostgreSQL lets nobody do this
            run("UPDATE cases SET handler_id = 999 WHERE id = 1")
            assert "cases: row 1 points to a row of people that is not there" in list(verification.faults())


def test_the_command_complains_and_fails(portal: Flask) -> None:
    runner = portal.test_cli_runner()
    sound = runner.invoke(args=["verify"])
    assert (sound.exit_code, sound.output) == (0, "everything fits together\n")
    with portal.app_context():
        lost_subject()
    spoilt = runner.invoke(args=["verify"])
    assert spoilt.exit_code == 1
    assert "case 999" in spoilt.output


def test_it_reads_only(portal: Flask) -> None:
    with portal.app_context():
        before = db.session.scalar(sa.select(sa.func.count()).select_from(Case))
        list(verification.faults())
        assert not db.session().in_transaction()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == before
