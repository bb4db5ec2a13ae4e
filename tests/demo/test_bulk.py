"""Bulk data fits together as if people had written it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import create_app, setup, verification
from portal.blueprints.complaints import actions, queries
from portal.blueprints.complaints.codes import Category, Channel, Kind, ReadBack, State, Urgency
from portal.blueprints.complaints.models import Case
from portal.config import Settings
from portal.demo import bulk, make
from portal.kernel import accounts, clock, sessions, todos
from portal.kernel.db import db, is_sqlite
from portal.kernel.people import Viewer

COUNT = 400
SHAPE = """
    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
    UNION SELECT indexdef FROM pg_indexes ORDER BY 1"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create_database("bulk")
    settings = Settings(
        instance=tmp_path_factory.mktemp("bulk"), database_url=url, demo="1", now="2026-11-18T10:30"
    )
    app = create_app(settings)
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "AT_ONCE", 150)  # so that there are several writes
        setup.init_db()
        with db.write():
            make._add_people("", clock.now())
        before = shape()
        assert bulk.load(COUNT).startswith("400 cases were added")
        assert shape() == before, "an index or a foreign key is missing or has changed"
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def portal(loaded: Flask) -> Iterator[Flask]:
    with loaded.app_context():
        yield loaded


def shape() -> list[str]:
    """Every index and constraint, which the load takes away for a while on PostgreSQL."""
    return [] if is_sqlite() else list(db.session.scalars(sa.text(SHAPE)))


def viewer(username: str) -> Viewer:
    return sessions.person_as_viewer(accounts.find(username).id)


def test_everything_fits_together(portal: Flask) -> None:
    assert list(verification.faults()) == []


def test_ids_rise_with_time_and_the_newest_are_open(portal: Flask) -> None:
    rows = db.session.execute(sa.select(Case.registered_at, Case.state).order_by(Case.id)).all()
    assert len(rows) == COUNT
    assert [row.registered_at for row in rows] == sorted(row.registered_at for row in rows)
    assert {row.state for row in rows[: COUNT // 2]} == {State.ARCHIVED}
    assert any(row.state is not State.ARCHIVED for row in rows[-6:])


def test_the_index_has_what_the_portal_itself_would_put_there(portal: Flask) -> None:
    case = db.session.scalars(sa.select(Case).limit(1)).one()
    listed, _, _ = queries.CaseList(viewer("office1"), words=case.number).page(clock.now())
    assert [row[0] for row in listed] == [case.id]


def test_open_ones_wait_for_somebody(portal: Flask) -> None:
    waiting = db.session.scalar(sa.select(sa.func.count()).select_from(todos.Todo))
    assert waiting == db.session.scalar(sa.select(sa.func.count()).where(Case.state != State.ARCHIVED))


def test_work_goes_on_after_it(portal: Flask) -> None:
    with db.write():
        case = actions.register(
            by=viewer("desk1"),
            now=clock.now(),
            kind=Kind.COMPLAINT,
            channel=Channel.PHONE,
            category=Category.PRODUCT,
            urgency=Urgency.NORMAL,
            content="Charged twice",
            read_back=ReadBack.YES,
            customer_name="陈桂芳",
        )
    actions.act(case.number, "route", by=viewer("desk1"), now=clock.now())
    assert bulk.load(50).startswith("50 cases were added")
    assert list(verification.faults()) == []
