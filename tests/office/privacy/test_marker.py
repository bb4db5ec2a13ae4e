"""One person, named everywhere the portal can keep a word, is forgotten and is nowhere (RC-20)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.orders.codes import OrderState
from portal.blueprints.complaints.penalties.codes import State as PenaltyState
from portal.blueprints.office.privacy.models import PersonRequest
from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.keeping.codes import PassState
from portal.blueprints.reception.parcels.codes import State as ParcelState
from portal.blueprints.reception.questions.codes import State as QuestionState
from portal.kernel import clock, files, forgetting, history, jobs, personal_data, search
from portal.kernel.db import Base, db, is_sqlite
from portal.kernel.personal_data import Place
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.reception.retention.looking import everywhere
from tests.reception.retention.test_traces import NAME, PHONE
from tests.reception.visits import a_visit, do

REQUESTS = "/office/privacy/requests/"
SAID = f"找{NAME}，电话{PHONE}"
TABLES = Base.metadata.tables
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ROW = 900_001  # the key of what is planted
# What lets a planted row be one that no rule holds.
SETTLED: dict[str, dict[str, Any]] = {
    "visits": {"state": VisitState.CLOSED, "outstanding": 0},
    "cases": {"state": State.ARCHIVED, "keep_until": LONG_AGO},
    "deposits": {"returned_at": LONG_AGO},
    "key_loans": {"returned_at": LONG_AGO, "visit_id": ROW},
    "goods_passes": {"state": PassState.PASSED},
    "questions": {"state": QuestionState.TOLD},
    "parcels": {"state": ParcelState.COLLECTED},
    "jobs": {"standing": jobs.Standing.DONE},
    "inspection_plans": {"post_id": ROW, "weekdays": "1"},
    "supply_movements": {"amount": 1},
    "errata": {"decided_at": LONG_AGO},
    "penalties": {"state": PenaltyState.WITHDRAWN},
    "orders": {"state": OrderState.ACCEPTED},
}


def words_for(place: Place, column: sa.Column[Any]) -> str:
    """The person, as that column can hold them."""
    length = getattr(column.type, "length", None) or 1000
    if column.name in place.json:
        return json.dumps([SAID] if place.json[column.name] == "[]" else {"note": SAID}, ensure_ascii=False)
    if column.name.endswith("phone"):
        return PHONE
    return (NAME if column.name in place.names or length < len(SAID) else SAID)[:length]


def value_for(place: Place, column: sa.Column[Any], person: int) -> Any:
    """Something that a column takes: the person where it may hold words, else what a row must have."""
    if column.name in (*place.texts, *place.beside):
        return words_for(place, column)
    points_at = {key.column.table.name for key in column.foreign_keys}
    if "people" in points_at and not column.primary_key:
        return person
    if column.nullable:
        return None
    match column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type:
        case sa.Enum() as kind if kind.enum_class is not None:
            return next(iter(kind.enum_class))
        case sa.String():
            return "tech" if "departments" in points_at else "x"
        case sa.Boolean():
            return False
        case sa.Integer() | sa.BigInteger():
            return ROW
        case sa.Numeric():
            return 1
    later = column.name.endswith(("until", "ends_at", "ends_on", "ends"))
    moment = LONG_AGO + timedelta(days=1 if later else 0)
    return moment.date() if isinstance(column.type, sa.Date) else moment


def plant(app: Flask) -> set[str]:
    """A row that names the person in every column of every place of the register; the tables."""
    places = [
        place
        for _kept, place in personal_data.every_place()
        if place.texts and not place.by_hand and place.table not in {"history_texts", "people"}
    ]
    rows = {place.table: place for place in places}
    for place in places:  # and what a row is always read together with
        for key in (
            key for column in TABLES[place.table].c if not column.nullable for key in column.foreign_keys
        ):
            if key.column.table.name not in {"people", "departments", "policies"}:
                rows.setdefault(key.column.table.name, Place(key.column.table.name))
    with app.app_context():
        person = factories.viewer("desk1").id
        db.session.remove()
        with db.engine.connect() as connection:
            # Rows that point to rows which are not there: the places are meant, not what they belong to.
            if is_sqlite():
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
            else:
                connection.exec_driver_sql("SET session_replication_role = replica")
            for place in rows.values():
                connection.execute(sa.insert(TABLES[place.table]).values(a_row(place, person)))
            connection.commit()
            if is_sqlite():
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
            else:
                connection.exec_driver_sql("SET session_replication_role = DEFAULT")
        with db.write():
            for place in places:
                if place.index:
                    row = db.session.get_one(forgetting.model_of(place), ROW)
                    search.put(place.index.kind, ROW, None, place.index.text(row) or "")
        db.session.remove()
    return {place.table for place in places}


def a_row(place: Place, person: int) -> dict[str, Any]:
    """The row to plant."""
    columns = [c for c in TABLES[place.table].columns if not (c.nullable and c.foreign_keys)]
    row = {column.name: value_for(place, column, person) for column in columns}
    return row | SETTLED.get(place.table, {})


def work(app: Flask) -> None:
    """What the worker does."""
    with app.app_context():
        jobs.work_off()
        db.session.remove()


def opened(app: Flask, office: CarefulClient, **who: Any) -> str:
    """A request, looked into; its address."""
    answer = office.send(f"{REQUESTS}open", reason="本人来函，身份证已核对", **who)
    assert answer.status_code == 303, answer.text
    work(app)
    return str(answer.headers["Location"])


def goes(app: Flask) -> str:
    """How many entries of the latest request go, as somebody types it."""
    with app.app_context():
        count = db.session.scalars(sa.select(PersonRequest).order_by(PersonRequest.id.desc())).all()[0].goes
        db.session.remove()
    return str(count)


def forgotten(app: Flask, address: str) -> None:
    """Asked for by one, confirmed by another, done by the worker."""
    assert client_of(app, "office1").send(f"{address}/ask", count=goes(app)).status_code == 303
    assert client_of(app, "office2").send(f"{address}/confirm", decision="yes").status_code == 303
    work(app)


def doors(app: Flask, as_: As) -> None:
    """What people type where the person comes up; reception's own doors are walked through in its own test."""
    desk = as_("desk1")
    visit = a_visit(desk, "D", visitor_name=NAME, phone=PHONE, purpose=SAID)
    do(desk, visit, "decline")


@pytest.mark.clause("RC-20")
@pytest.mark.clause("CP-20")
def test_nothing_is_left_of_a_person_named_everywhere(any_app: Flask, as_: As, at: At) -> None:
    doors(any_app, as_)
    planted = plant(any_app)
    assert len(planted) > 60
    stands = {found.partition(".")[0] for found in everywhere(any_app, NAME, PHONE)}
    assert planted - stands == set()
    office = as_("office1")
    address = opened(any_app, office, name=NAME, phone=PHONE, loose="y")
    page = text_of(office.get(address))
    assert "Shift log" in page
    forgotten(any_app, address)
    left = everywhere(any_app, NAME, PHONE, "139 7777 8888", "mozhai")
    assert left == []
    assert "Removed" in office.get(address).text
    with any_app.app_context():
        assert not list(history.faults())
        files.clean(clock.now() + timedelta(days=3))
        db.session.remove()
