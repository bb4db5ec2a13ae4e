"""The counters, kept in the transaction of each change: what a flush moves is summed up and written before the commit.

Nothing has to call them: whoever changes a case or a limit through the session is counted. `fill` reckons all of them
anew from the cases, for what was written in bulk; `faults` compares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import NO_VALUE, Session

from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.models import Count
from portal.blueprints.complaints.figures.rules import COUNTED, PLACED, Facet, Place
from portal.blueprints.complaints.models import Case
from portal.kernel import clock
from portal.kernel.db import db, insert, is_sqlite
from portal.kernel.timers import Clock

AT_ONCE = 5_000  # rows read or written together
MOST_FAULTS = 20
C, K = Case.__table__.c, Clock.__table__.c
TABLE: sa.Table = Count.__table__  # type: ignore[assignment]  # a mapped class has a table
KEY = tuple(column.name for column in TABLE.primary_key)
Sums = Counter[tuple[Place, Facet, str]]


@event.listens_for(db.session, "before_flush")
def _flushing(session: Session, _context: Any, _instances: Any) -> None:
    """Sum up what the flush to come moves."""
    changed = [*session.new, *session.dirty]
    sums: Sums = session.info.setdefault("counts", Counter())
    for case in changed:
        if isinstance(case, Case):
            _case(session, sums, case)
    for limit in changed:
        if isinstance(limit, Clock) and limit.subject_kind == Case.history_kind:
            _limit(session, sums, limit)


def _case(session: Session, sums: Sums, case: Case) -> None:
    was = sa.inspect(case)
    moved = was.committed_state.keys() & set(COUNTED)
    if was.key is None:
        _add(sums, _place(case), case, 1)
    elif moved:
        before = _before(session, case, {name: was.committed_state[name] for name in moved})
        _add(sums, _place(before), before, -1)
        _add(sums, _place(case), case, 1)
        if moved & PLACED:
            _move_limits(session, sums, case.id, _place(before), _place(case))


def _before(session: Session, case: Case, old: dict[str, Any]) -> Any:
    """The case as it is stored; what was overwritten unread is read now."""
    if any(value is NO_VALUE for value in old.values()):
        stored = session.execute(sa.select(*(C[name] for name in COUNTED)).where(C.id == case.id)).one()
        return SimpleNamespace(**stored._mapping)
    return SimpleNamespace(**{name: getattr(case, name) for name in COUNTED} | old)


def _place(case: Any) -> Place:
    return rules.place(case, clock.local(case.registered_at).date())


def _add(sums: Sums, place: Place, case: Any, n: int) -> None:
    for facet, code in rules.codes(case):
        sums[place, facet, code] += n


def _move_limits(session: Session, sums: Sums, case_id: int, old: Place, new: Place) -> None:
    """What its limits were counted as goes with the case."""
    ours = sa.and_(K.subject_kind == Case.history_kind, K.subject_id == case_id)
    for kind, met, breached in session.execute(sa.select(K.kind, K.met_at, K.breached_at).where(ours)):
        if how := rules.kept(met, breached):
            sums[old, Facet.CLOCK, rules.clock_code(kind, how)] -= 1
            sums[new, Facet.CLOCK, rules.clock_code(kind, how)] += 1


def _limit(session: Session, sums: Sums, limit: Clock) -> None:
    was = sa.inspect(limit)
    old = None
    if was.key is not None:
        met, breached = (was.committed_state.get(n, getattr(limit, n)) for n in ("met_at", "breached_at"))
        old = rules.kept(met, breached)
    new = rules.kept(limit.met_at, limit.breached_at)
    if old == new or (case := session.get(Case, limit.subject_id)) is None:
        return
    place = _place(case)
    if old:
        sums[place, Facet.CLOCK, rules.clock_code(limit.kind, old)] -= 1
    if new:
        sums[place, Facet.CLOCK, rules.clock_code(limit.kind, new)] += 1


def write(session: Session) -> None:
    """Write what this transaction moved: one statement, its rows in one order, so that no two writers wait crosswise."""
    session.flush()
    sums: Sums = session.info.pop("counts", Counter())
    if rows := _rows(sums):
        session.connection().execute(_statement(is_sqlite()), rows)


db.before_commit.insert(0, write)  # before the head of the history's chain is locked


def _rows(sums: Sums) -> list[dict[str, Any]]:
    """The rows of both grains, in the order of their key."""
    gathered: Counter[tuple[Any, ...]] = Counter()
    for (at, facet, code), n in sums.items():
        rest = (code, at.kind, at.department, at.confidential, at.about)
        gathered["d", facet.value, at.day, *rest] += n
        gathered["m", facet.value, at.day.replace(day=1), *rest] += n
    return [dict(zip(KEY, key, strict=True)) | {"n": n} for key, n in sorted(gathered.items()) if n]


@cache
def _statement(_sqlite: bool) -> Any:
    """Made once a database, for every write asks it."""
    new = insert(TABLE)
    return new.on_conflict_do_update(index_elements=list(KEY), set_={"n": TABLE.c.n + new.excluded.n})


# -- reckoned anew ---------------------------------------------------------------------------------------------


def fill(connection: sa.Connection) -> None:
    """Make every counter what the cases say; for a new table, and after cases were written past the session."""
    connection.execute(sa.delete(TABLE))
    rows = _rows(_reckoned(connection))
    for first in range(0, len(rows), AT_ONCE):
        connection.execute(sa.insert(TABLE), rows[first : first + AT_ONCE])


def faults() -> Iterator[str]:
    """Every counter that says something else than the cases; for `verify`."""
    connection = db.session.connection()
    meant = {tuple(row[name] for name in KEY): row["n"] for row in _rows(_reckoned(connection))}
    columns = (*(TABLE.c[name] for name in KEY), TABLE.c.n)
    stored = {tuple(row[:-1]): row[-1] for row in connection.execute(sa.select(*columns)) if row[-1]}
    wrong = sorted(key for key in meant.keys() | stored.keys() if meant.get(key, 0) != stored.get(key, 0))
    for key in wrong[:MOST_FAULTS]:
        what = " ".join(str(part) for part in key)
        yield f"figures: {what} is {stored.get(key, 0)}, the cases say {meant.get(key, 0)}"


def _reckoned(connection: sa.Connection) -> Sums:
    """What the counters should be. Rows come plain and are gathered as they are: most cases are alike."""
    columns = [sa.type_coerce(C[n], sa.String) if n in _TEXTS else C[n] for n in COUNTED]
    zone, sums = clock.zone(), Counter[tuple[Place, Facet, str]]()
    alike: Counter[tuple[Any, ...]] = Counter()
    told = connection.execution_options(yield_per=AT_ONCE)
    for row in told.execute(sa.select(*columns)):
        solved = row[-1] is not None
        alike[_day(row[0], zone), *row[1:-1], solved] += 1
    for (day, *values), n in alike.items():
        case = SimpleNamespace(**dict(zip(COUNTED[1:], values, strict=True)))
        case.resolved_at = case.resolved_at or None
        _add(sums, rules.place(case, day), case, n)
    met, late = K.met_at.is_not(None), K.breached_at.is_not(None)
    ours = sa.and_(K.subject_kind == Case.history_kind, K.subject_id == C.id)
    limits = (
        sa.select(*columns[:5], K.kind, late)
        .join_from(Case.__table__, Clock.__table__, ours)
        .where(sa.or_(met, late))
    )
    ended: Counter[tuple[Any, ...]] = Counter()
    for row in told.execute(limits):
        ended[_day(row[0], zone), *row[1:]] += 1
    for (day, *values, kind, is_late), n in ended.items():
        case = SimpleNamespace(**dict(zip(COUNTED[1:5], values, strict=True)))
        how = rules.Kept.LATE if is_late else rules.Kept.MET
        sums[rules.place(case, day), Facet.CLOCK, rules.clock_code(kind, how)] += n
    connection.execution_options(yield_per=None)
    _day.cache_clear()  # moments of a million cases, which nobody asks for until the next count
    return sums


_TEXTS = frozenset({"kind", "category", "channel", "state", "finding", "followed_up"})


@lru_cache(maxsize=200_000)
def _day(at: datetime, zone: Any) -> Any:
    return at.astimezone(zone).date()
