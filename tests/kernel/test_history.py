"""The chain of history: the database refuses to change it, and `verify` finds what was changed all the same."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.kernel import clock, guards_in_database, history
from portal.kernel.db import db
from tests import factories
from tests.conftest import Ground

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
TAMPERINGS = 1_000 if WHOLE else 50


@contextmanager
def behind_the_guards(app: Flask) -> Iterator[sa.Connection]:
    """A connection of somebody who may drop triggers: the guards are off, and on again afterwards."""
    with app.app_context(), db.engine.connect() as connection:
        guards_in_database.remove(connection)
        yield connection
        guards_in_database.apply(connection)
        connection.commit()


def tamper(app: Flask, *statements: str) -> None:
    """What an intruder with the database's own password does."""
    with behind_the_guards(app) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def chain(any_app: Flask) -> int:
    """A few cases with their history; the number of the last line."""
    factories.a_case(any_app, State.RESOLVED)
    factories.a_case(any_app, State.RETURNED)
    assert factories.history_faults(any_app) == []
    return factories.events(any_app)[-1].id


def test_lines_follow_each_other_without_a_gap(any_app: Flask, chain: int) -> None:
    lines = factories.events(any_app)
    assert [line.id for line in lines] == list(range(1, chain + 1))
    assert lines[0].before == history.START
    assert all(later.before == earlier.hash for earlier, later in pairwise(lines))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET event = 'case:approve' WHERE id = 3",
        "UPDATE history SET hash = before WHERE id = 3",
        "DELETE FROM history WHERE id = 3",
        "DELETE FROM history",
        "UPDATE history_texts SET words = '{}' WHERE line_id = 3",
        "UPDATE history_texts SET salt = 'x' WHERE line_id = 3",
        "UPDATE history_texts SET line_id = 99 WHERE line_id = 3",
        "DELETE FROM history_texts",
    ],
)
def test_the_database_itself_refuses(any_app: Flask, chain: int, statement: str) -> None:
    with any_app.app_context(), db.engine.connect() as connection:  # noqa: SIM117  # made outside `raises`
        with pytest.raises(DBAPIError, match="history is append-only"):
            connection.exec_driver_sql(statement)
    assert factories.history_faults(any_app) == []


@pytest.mark.parametrize("table", ["history", "history_texts"])
def test_postgresql_refuses_to_truncate(postgres_ground: Ground, table: str) -> None:
    with postgres_ground.fresh().app_context(), db.engine.connect() as connection:  # noqa: SIM117  # as above
        with pytest.raises(DBAPIError, match="history is append-only"):
            connection.exec_driver_sql(f"TRUNCATE {table} CASCADE")


def test_missing_guards_are_noticed(any_app: Flask) -> None:
    with any_app.app_context(), db.engine.connect() as connection:
        assert guards_in_database.missing(connection) == []
        guards_in_database.remove(connection)
        names = (
            guards_in_database.SQLITE if db.engine.dialect.name == "sqlite" else guards_in_database.POSTGRESQL
        )
        assert guards_in_database.missing(connection) == [*names, *guards_in_database.ONLY_ERASE]


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE history SET event = 'case:approve' WHERE id = 5"], "line 5 was changed"),
        (["UPDATE history SET by_id = 1 WHERE id = 5"], "line 5 was changed"),
        (["UPDATE history SET at = '2026-03-02 00:00:00.000000' WHERE id = 5"], "line 5 was changed"),
        (
            ["DELETE FROM history_texts WHERE line_id = 6", "DELETE FROM history WHERE id = 6"],
            "line 6 is missing",
        ),
        (
            [
                "UPDATE history SET id = 1006 WHERE id = 6",
                "UPDATE history SET id = 6 WHERE id = 7",
                "UPDATE history SET id = 7 WHERE id = 1006",
            ],
            "line 6 does not follow",
        ),
        (
            ['UPDATE history_texts SET words = \'{"note":"x"}\' WHERE line_id = 4'],
            "the text of line 4 was changed",
        ),
        (["DELETE FROM history_texts WHERE line_id = 4"], "the text of line 4 was removed"),
    ],
)
def test_verify_finds_what_was_changed(any_app: Flask, chain: int, statements: list[str], found: str) -> None:
    sqlite = any_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    loose = "PRAGMA defer_foreign_keys=ON" if sqlite else "SET session_replication_role = replica"
    tamper(any_app, loose, *statements)
    assert any(found in fault for fault in factories.history_faults(any_app)), factories.history_faults(
        any_app
    )


def test_a_forged_line_at_the_end_is_found(any_app: Flask, chain: int) -> None:
    last = factories.events(any_app)[-1]
    with any_app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO history (id, at, subject_kind, subject_id, event, clause, details, text_digest, before, hash)"
            f" VALUES ({chain + 1}, '2026-03-02 00:00:00', 'case', 1, 'case:approve', '', '{{}}', '',"
            f" '{last.hash}', '{'f' * 64}')"
        )
    faults = factories.history_faults(any_app)
    assert f"history: line {chain + 1} was changed" in faults
    assert any("its head says" in fault for fault in faults)


def test_a_chain_cut_short_is_found_by_the_signed_copy(any_app: Flask, chain: int) -> None:
    before = factories.events(any_app)[-3]
    tamper(
        any_app,
        f"DELETE FROM history_texts WHERE line_id > {before.id}",
        f"DELETE FROM history WHERE id > {before.id}",
        f"UPDATE chain_head SET last_id = {before.id}, seal = '{before.hash}'",
    )
    faults = factories.history_faults(any_app)
    assert faults == [f"history: the chain ends at line {before.id}, the signed copy knows line {chain}"]


def test_a_whole_chain_written_anew_is_found_by_the_signed_copy(any_app: Flask, chain: int) -> None:
    lines = factories.events(any_app)
    statements, seal = [], lines[-1].before
    last = lines[-1]
    row = {
        name: getattr(last, name)
        for name in ("id", "at", "by_id", "subject_kind", "subject_id", "clause", "details", "text_digest")
    }
    forged = history.line_hash({**row, "event": "case:note", "before": seal})
    statements.append(f"UPDATE history SET event = 'case:note', hash = '{forged}' WHERE id = {chain}")
    statements.append(f"UPDATE chain_head SET seal = '{forged}'")
    tamper(any_app, *statements)
    assert factories.history_faults(any_app) == [f"history: line {chain} differs from the signed copy"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("{}", "cannot be read"),
        ("", "cannot be read"),
        ('{"last_id": 3, "seal": "x", "mac": "y"}', "false signature"),
    ],
)
def test_a_signed_copy_that_was_touched_is_found(app: Flask, written: str, found: str) -> None:
    factories.a_case(app)
    (app.config["SETTINGS"].instance / "history.seal").write_text(written)
    assert any(found in fault for fault in factories.history_faults(app))


def test_erased_words_leave_the_chain_whole(any_app: Flask, chain: int) -> None:
    with any_app.app_context():
        with db.write():
            history.erase(db.session.get_one(Case, 1))
        texts = list(db.session.scalars(sa.select(history.Text).order_by(history.Text.line_id)))
        ours = {
            line.id
            for line in factories.events(any_app)
            if (line.subject_kind, line.subject_id) == ("case", 1)
        }
    assert {text.line_id for text in texts if text.words is None} == ours & {text.line_id for text in texts}
    assert factories.history_faults(any_app) == []


def test_words_are_no_part_of_a_line(any_app: Flask, chain: int) -> None:
    """What must be forgotten one day stands in the erasable table only."""
    for line in factories.events(any_app):
        written = json.dumps([line.details, line.event, line.text_digest], ensure_ascii=False)
        assert "陈桂芳" not in written
        assert "墨" not in written


def test_what_is_rolled_back_leaves_no_line(any_app: Flask, chain: int) -> None:
    def fails() -> None:
        with db.write():
            case = db.session.get_one(Case, 1)
            history.record(case, "case:note", by=None, now=clock.now(), words={"note": "x"})
            raise RuntimeError("after the line, before the commit")

    with any_app.app_context(), pytest.raises(RuntimeError):
        fails()
    assert factories.events(any_app)[-1].id == chain
    assert factories.history_faults(any_app) == []


COLUMNS = (
    "at",
    "by_id",
    "subject_kind",
    "subject_id",
    "event",
    "clause",
    "details",
    "text_digest",
    "before",
    "hash",
)


def test_no_random_tampering_goes_unseen(app: Flask) -> None:
    """Fifty times (TESTS_WHOLE=1: a thousand) something is changed, removed, swapped or cut; each is found."""
    factories.a_case(app, State.ARCHIVED)
    rows = [line.__dict__ for line in factories.events(app)]
    chance = random.Random(20261121)
    unseen, done = [], 0
    with app.app_context():
        while done < TAMPERINGS:
            statements = _tampering(chance, rows)
            connection = db.session.connection()
            guards_in_database.remove(connection)
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            touched = [connection.exec_driver_sql(statement).rowcount for statement in statements]
            found = list(history.faults())
            db.session.rollback()  # the guards are back with it
            done += all(touched)
            if all(touched) and not found:
                unseen.append(statements)
    assert unseen == []
    assert factories.history_faults(app) == []


def _tampering(chance: random.Random, rows: list[dict[str, object]]) -> list[str]:
    line, other = chance.sample(range(1, len(rows) + 1), 2)
    match chance.choice(["change", "change", "change", "remove", "cut", "text", "swap"]):
        case "change":
            column = chance.choice(COLUMNS)
            if column == "at":
                value = f"'2026-01-{chance.randrange(1, 28):02} 00:00:00.000000'"
            elif column in {"by_id", "subject_id"}:
                value = str(chance.randrange(1000, 9999))
            else:
                value = f"'{chance.randbytes(8).hex()}'"
            return [f"UPDATE history SET {column} = {value} WHERE id = {line}"]
        case "remove":
            return [f"DELETE FROM history WHERE id = {line}"]
        case "cut":
            return [f"DELETE FROM history WHERE id >= {line}"]
        case "swap":
            places = ((line, 0), (other, line), (0, other))
            return [f"UPDATE history SET id = {to} WHERE id = {its}" for its, to in places]
    return [f"UPDATE history_texts SET words = '{chance.randbytes(4).hex()}' WHERE line_id = {line}"]
