"""A database made ready: the schema, the single rows, the reference data. May run any number of times."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from portal import migrate
from portal.kernel import clock, company_calendar, policies, routing
from portal.kernel.db import db
from portal.kernel.history import START, Head
from portal.kernel.people import Department
from portal.kernel.reference import Reference

DEPARTMENTS = (
    ("tech", "技术部", "Technology"),
    ("impl", "实施部", "Implementation"),
    ("admin", "行政部", "Administration"),
    ("market", "市场部", "Marketing"),
    ("office", "总经办", "General office"),
)
# What an area loads besides, inside the same write; what is there stays.
LOADERS: list[Callable[[], None]] = []


def init_db() -> None:
    """Migrate, then load what every installation needs; what is there stays."""
    migrate.upgrade()
    with db.write():
        if db.session.get(Reference, 1) is None:
            db.session.add(Reference(id=1, generation=1))
            db.session.add(Head(id=1, last_id=0, seal=START))
            db.session.flush()
        there = set(db.session.scalars(sa.select(Department.code)))
        db.session.add_all(
            Department(code=code, name=zh, name_en=en, order=order)
            for order, (code, zh, en) in enumerate(DEPARTMENTS)
            if code not in there
        )
        policies.load_shipped(clock.now())
        routing.load_shipped()
        company_calendar.load_shipped()
        for load in LOADERS:
            load()
