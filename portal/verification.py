"""What `verify` looks at: everything that must fit together, each fault a line. Reads only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from portal.blueprints.complaints.figures import counters
from portal.blueprints.complaints.improvements.models import Improvement
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.queries import SEARCHED
from portal.blueprints.duty.log import queries as shift_log
from portal.blueprints.reception import queries as visits
from portal.blueprints.reception.keeping.models import Deposit, GoodsPass, KeyLoan
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.questions import queries as questions
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.supplies.models import Purchase
from portal.kernel import (
    clock,
    customers,
    files,
    guards_in_database,
    history,
    jobs,
    runs,
    search,
    search_care,
)
from portal.kernel.archive_file import Checks
from portal.kernel.db import Base, Model, db, is_sqlite
from portal.kernel.files import Attachment
from portal.kernel.inbox import Notice
from portal.kernel.numbers import Counter
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

log = logging.getLogger(__name__)
KIND = "verify"
AT_ONCE = 1_000  # rows read together
MOST_OF_A_KIND = 20  # lines of one kind; more say nothing new
NUMBERED: dict[str, InstrumentedAttribute[str]] = {
    "TS": Case.number,
    "GZ": Case.notice_number,
    "GS": Improvement.number,
    "ZX": Question.number,
    "SF": Parcel.number,
    "CG": Purchase.number,
    "LF": Visit.number,
    "JC": Deposit.number,
    "YS": KeyLoan.number,
    "WP": GoodsPass.number,
}


def faults() -> Iterator[str]:
    """Every fault of history, guards, tables, numbers, files, search index and counters; nothing when all is well.

    Each of the three sees the database as it was at one moment, so people may go on working.
    """
    yield from broken()
    yield from untidy()
    yield from unfindable()


def broken() -> Iterator[str]:
    """What no portal may run with: a broken chain, a missing guard, a damaged database."""
    yield from _at_one_moment((0, history.faults), (50, _unguarded), (50, _damaged))


def untidy() -> Iterator[str]:
    """What does not fit together and can be mended while the portal runs."""
    yield from _at_one_moment(
        (55, _pointing_nowhere),
        (60, _misnumbered),
        (65, lambda: files.faults(clock.now())),
        (75, counters.faults),
    )


def unfindable() -> Iterator[str]:
    """Where a search index differs from the texts; `rebuild_indexes` mends it."""
    looks = [partial(search_care.faults, kind, texts) for kind, texts in _indexes().items()]
    yield from _at_one_moment(*((80 + 20 * done // len(looks), look) for done, look in enumerate(looks)))


def rebuild_indexes() -> None:
    """Make every search index anew from the texts. Inside a write."""
    for kind, texts in _indexes().items():
        search_care.rebuild(kind, texts())


CHECKS = Checks(broken, untidy, unfindable, rebuild_indexes)


def _indexes() -> dict[str, Callable[[], search.Texts]]:
    """Every search index and what should be found in it."""
    return {
        "case": _texts,
        "question": questions.texts,
        "visit": visits.texts,
        "customer": _cards,
        "log": shift_log.texts,
    }


def _at_one_moment(*looks: tuple[int, Callable[[], Iterable[str]]]) -> Iterator[str]:
    """What these find, all of them in the database as it was at one moment; each with the hundredths done before."""
    db.session.rollback()
    if not is_sqlite():
        # SQLite reads one moment by itself; either way it is fixed by the first statement, after the seal was read.
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        for percent, look in looks:
            jobs.step(percent)  # about what they take; the history is the longest
            yield from look()
    finally:
        db.session.rollback()


def noted() -> Iterator[str]:
    """The same, and that somebody looked: the general office sees when, and what came of it."""
    first, count = "", 0
    for line in faults():
        first, count = first or line, count + 1
        yield line
    with db.write():
        runs.note(KIND, faults=count, first=first[:200])


def _work(_given: dict[str, Any]) -> str:
    """The check as a job: the faults themselves stand in the worker's log."""
    count = 0
    for count, line in enumerate(noted(), 1):  # noqa: B007  # the last count is the answer
        log.error("verify: %s", line)
    return str(count)


jobs.WORK[KIND] = _work


def _unguarded() -> Iterator[str]:
    for name in guards_in_database.missing(db.session.connection()):
        yield f"database: the guard {name} is missing"


def _damaged() -> Iterator[str]:
    """SQLite's own checks; PostgreSQL never lets a foreign key break."""
    if not is_sqlite():
        return
    look = db.session.connection().exec_driver_sql
    for (line,) in look(f"PRAGMA quick_check({MOST_OF_A_KIND})"):
        if line != "ok":
            yield f"database: {line}"
    for table, row, parent, _ in look("PRAGMA foreign_key_check").fetchmany(MOST_OF_A_KIND):
        yield f"{table}: row {row} points to a row of {parent} that is not there"


def _pointing_nowhere() -> Iterator[str]:
    """What clocks, open matters, files and messages point to is there."""
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    subjects = {model.history_kind: model for model in mapped if hasattr(model, "history_kind")}
    for model in (Clock, Todo, Attachment, Notice):
        known: sa.ColumnElement[bool] = sa.false()
        for kind, subject in subjects.items():
            there = sa.exists().where(_id_of(subject) == model.subject_id)
            known = sa.or_(known, sa.and_(model.subject_kind == kind, there))
        lost = sa.select(model.id, model.subject_kind, model.subject_id).where(sa.not_(known))
        for row, kind, subject_id in db.session.execute(lost.order_by(model.id).limit(MOST_OF_A_KIND)):
            yield f"{model.__tablename__}: row {row} points to {kind} {subject_id}, which is not there"


def _id_of(subject: type[Model]) -> Any:
    return sa.inspect(subject).primary_key[0]


def _misnumbered() -> Iterator[str]:
    """Each day's numbers run from 1 to the last one given out, none missing, none beyond."""
    for prefix, column in NUMBERED.items():
        day, place = len(prefix) + 2, len(prefix) + 11
        of_day = sa.func.substr(column, day, 8)
        running = sa.cast(sa.func.substr(column, place), sa.Integer)
        taken = (
            sa.select(of_day, sa.func.count(), sa.func.max(running))
            .where(column.like(f"{prefix}-%"))
            .group_by(of_day)
        )
        found = {when: (count, highest) for when, count, highest in db.session.execute(taken)}
        given = sa.select(Counter.day, Counter.last).where(Counter.prefix == prefix)
        kept = dict(db.session.execute(given).all())
        for when in sorted(found.keys() | kept.keys()):
            count, highest = found.get(when, (0, 0))
            last = kept.get(when, 0)
            if (count, highest) != (last, last):
                yield f"numbers: {prefix}-{when} has {count} up to {highest}, given out were {last}"


def _texts() -> Iterable[tuple[int, str]]:
    """Id and searchable text of every case, without loading cases."""
    rows = sa.select(Case.id, *SEARCHED).execution_options(yield_per=AT_ONCE)
    for number, *texts in db.session.execute(rows):
        yield number, "\n".join(texts)


def _cards() -> Iterable[tuple[int, str]]:
    """Id and searchable text of every customer card that is there to be found."""
    rows = sa.select(customers.Customer.id, *customers.SEARCHED).where(customers.THERE)
    for number, *texts in db.session.execute(rows.execution_options(yield_per=AT_ONCE)):
        yield number, "\n".join(texts)
