"""Very many complaints and what belongs to them, for measuring: written in bulk, yet as whole as if people had.

The chain of history, the numbers, the search index and the open matters fit together afterwards (`verify`). Who did
what is simpler than in life: every case takes the straight path and stops where its state says.

Whatever cases have in common is made ready once: what is said (`Said`), how far the path leads (`Way`), the pieces of
a text. A case then only adds its moments, its people, its numbers and its place in the chain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from random import Random
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import watch
from portal.blueprints.complaints.codes import (
    Category,
    Urgency,
)
from portal.blueprints.complaints.figures import counters
from portal.blueprints.complaints.models import Case, CaseDepartment, Dealing
from portal.demo import make
from portal.demo.bulk.cases import add_case
from portal.demo.bulk.loading import PERIOD, Load, Team
from portal.demo.bulk.paths import CLOCKS
from portal.demo.bulk.rows import Bulk, last_id
from portal.kernel import clock, history, policies, reference, routing, search_care
from portal.kernel.db import Model, db, is_sqlite
from portal.kernel.history import Head, Line, Text
from portal.kernel.numbers import Counter
from portal.kernel.rights import Role
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

AT_ONCE = 5_000  # cases that are gathered before they are written
SEED = 7
FILLED: tuple[type[Model], ...] = (Case, CaseDepartment, Dealing, Clock, Todo, Line, Text)


def load(count: int) -> str:
    """Add that many cases with history, clocks, dealings, open matters and index; what was done, in one line.

    SQLite gets them in writes of a few thousand. PostgreSQL gets them in one, because it lacks indexes meanwhile: after
    a load that was killed everything is as it was.
    """
    make.load()
    began = perf_counter()
    in_a_write = AT_ONCE if is_sqlite() else count
    progress: Load | None = None
    for first in range(0, count, in_a_write):
        with db.write(), _bare_tables(count):
            progress = progress or _begin(count)
            for n in range(first, min(count, first + in_a_write)):
                add_case(progress, n)
                if len(progress.index) == AT_ONCE:
                    progress.write()
            progress.write()
            progress.close()
    with db.write():
        search_care.optimize("case")
        counters.fill(db.session.connection())
    if not is_sqlite():
        with db.write():
            db.session.execute(sa.text("ANALYZE"))
    if progress is not None:
        history.write_seal(progress.last_line, progress.seal)
    seconds = perf_counter() - began
    return f"{count} cases were added in {seconds:.1f} s, {count / seconds:.0f} a second"


@contextmanager
def _bare_tables(count: int) -> Iterator[None]:
    """PostgreSQL, where most rows will be new: the indexes and foreign keys are made after the rows, in half the time.

    Unique constraints stay. Everything comes back as it was, in the same write.
    """
    if is_sqlite() or count < last_id(Case):
        yield
        return
    run = db.session.connection().exec_driver_sql
    tables = (["search_case", *(model.__tablename__ for model in FILLED)],)
    keys = run(KEYS, tables).all()
    indexes = run(INDEXES, tables).all()
    for table, name, _ in keys:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        run(f"DROP INDEX {name}")
    yield
    run("SET LOCAL maintenance_work_mem = '256MB'")
    for _, definition in indexes:
        run(definition)
    for table, name, definition in keys:
        run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE NOT indisunique AND NOT indisexclusion AND indrelid = ANY(%s::regclass[])"""


def _begin(count: int) -> Load:
    head = db.session.execute(sa.select(Head.last_id, Head.seal)).one()
    counters = db.session.execute(sa.select(Counter.prefix, Counter.day, Counter.last))
    now = clock.now()
    return Load(
        count=count,
        rng=Random(SEED + head.last_id),  # noqa: S311 -- the same data every time, no secret
        now=now.astimezone(UTC).replace(tzinfo=None),
        opened=clock.local(now).replace(tzinfo=None) - timedelta(days=1) - PERIOD,
        desk=reference.staff().with_role(Role.DESK),
        teams={category.value: _team(category) for category in Category},
        figures={(kind, urgency): _figures(kind, urgency) for kind in CLOCKS for urgency in Urgency},
        last_line=head.last_id,
        seal=head.seal,
        next_ids={model: last_id(model) for model in (Case, Dealing, Clock, Todo)},
        given_out=defaultdict(int, {(prefix, day): last for prefix, day, last in counters}),
        tables={model: Bulk(model) for model in FILLED},
    )


def _team(category: Category) -> Team:
    staff, department = reference.staff(), routing.proposed(category) or "admin"
    cards = staff.cards.values()
    handlers = [c.id for c in cards if c.department == department and c.role is Role.EMPLOYEE]
    heads = staff.leads_of(department)
    if not (heads and handlers and staff.with_role(Role.DESK)):
        raise ValueError("there is nobody to work on cases yet: run `demo` first")
    return Team(department, heads[0], handlers)


def _figures(kind: str, urgency: Urgency) -> dict[str, Any]:
    """The columns that all clocks of a kind have in common."""
    basis, clause = watch.CLOCKS[kind]
    name = {
        "first_contact": f"first_contact.{'urgent' if urgency is Urgency.URGENT else 'normal'}",
        "whole_case": f"whole_case.{'special' if urgency is Urgency.SPECIAL else 'normal'}",
    }.get(kind, kind)
    policy = policies.in_force(f"limit.{name}", clock.now())
    return {
        "subject_kind": "case",
        "kind": kind,
        "basis": basis.value,
        "clause": clause,
        "limit_text": policy.value,
        "policy_id": policy.id,
        "ladder": policies.value(f"ladder.{kind}", clock.now()),
        "urgent": urgency is Urgency.URGENT,
    }
