"""Which registers and entries a page shows. Registers are for those who see every visit."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.codes import State as VisitState
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.register import rules
from portal.blueprints.reception.register.codes import FINISHED, State
from portal.blueprints.reception.register.models import Correction, DailyRegister
from portal.kernel import clock
from portal.kernel.db import db

V = Visit.__table__.c
DAYS = 31  # of a page
MOST = 1000  # entries of a day
# What an entry says, in the order in which the digest reads it.
SAID = (
    V.number, V.arrived_at, V.left_at, V.visitor_name, V.company, V.phone, V.category, V.party_size, V.host_id,
    V.department, V.purpose, V.place_id, V.remark, V.satisfaction, V.starts_at,
)  # fmt: skip


def entries(day: str) -> Sequence[Any]:
    """A day's visits in order of arrival; those who never came last."""
    db.session.flush()
    rows = sa.select(V.id, V.state, *SAID).where(V.day == day)
    ordered = rows.order_by(V.arrived_at.is_(None), sa.func.coalesce(V.arrived_at, V.starts_at), V.id)
    return db.session.execute(ordered.limit(MOST)).all()


def digest(number: str, rows: Iterable[Any]) -> str:
    """The digest of a register's entries as they stand."""
    return rules.digest(number, ([getattr(row, column.key) for column in SAID] for row in rows))


def still_open(rows: Iterable[Any]) -> list[str]:
    """The numbers of the visits that a register waits for."""
    return [row.number for row in rows if rules.still_open(row)]


def register_of(day: str, *, lock: bool = False) -> DailyRegister | None:
    """The register of a day, if it was compiled once. `lock` inside a write."""
    wanted = sa.select(DailyRegister).where(DailyRegister.day == day)
    return db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()


def visit_of(day: str, number: str) -> Visit:
    """The entry of that number; NotFound when it is not one of that day's."""
    wanted = sa.select(Visit).where(Visit.number == number, Visit.day == day)
    visit = db.session.scalars(wanted).one_or_none()
    if visit is None:
        raise NotFound
    return visit


def figures(register: DailyRegister | None, day: str) -> Mapping[str, Any]:
    """A day's figures: as they were archived, else as they are now."""
    if register is not None and register.figures:
        kept: dict[str, Any] = json.loads(register.figures)
        return kept
    return _counted([day])[day]


def _counted(days: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    arrived = V.arrived_at.is_not(None)
    expected = V.state == VisitState.EXPECTED
    columns = (V.day, V.category, V.satisfaction, arrived.label("arrived"), expected.label("expected"))
    counted = sa.func.count().label("n"), sa.func.sum(V.party_size).label("people")
    rows = db.session.execute(
        sa.select(*columns, *counted)
        .where(V.day.in_(days))
        .group_by(V.day, V.category, V.satisfaction, sa.column("arrived"), sa.column("expected"))
    )
    told: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        told[row.day].append(row)
    return {day: rules.summed(told[day]) for day in days}


def days(before: str, today: str) -> tuple[list[tuple[str, DailyRegister | None, Mapping[str, Any]]], str]:
    """The newest days that had visits or a register, each with its register and figures; where the next page begins."""
    seen = sa.select(V.day).where(V.day <= today)
    kept = sa.select(DailyRegister.__table__.c.day).where(DailyRegister.day <= today)
    if before:
        seen, kept = seen.where(V.day < before), kept.where(DailyRegister.day < before)
    both = sa.union(
        seen.group_by(V.day).order_by(V.day.desc()).limit(DAYS + 1).subquery().select(), kept
    ).subquery()
    found = list(db.session.scalars(sa.select(both.c.day).order_by(both.c.day.desc()).limit(DAYS + 1)))
    shown = found[:DAYS]
    registers = {
        row.day: row
        for row in db.session.scalars(sa.select(DailyRegister).where(DailyRegister.day.in_(shown)))
    }
    counted = _counted(shown)
    rows = []
    for day in shown:
        register = registers.get(day)
        now = json.loads(register.figures) if register is not None and register.figures else counted[day]
        rows.append((day, register, now))
    return rows, shown[-1] if len(found) > DAYS else ""


def corrections(register_id: int) -> dict[int, list[Correction]]:
    """The corrections of a register's entries, by visit, oldest first."""
    found: dict[int, list[Correction]] = defaultdict(list)
    rows = sa.select(Correction).where(Correction.register_id == register_id).order_by(Correction.id)
    for row in db.session.scalars(rows):
        found[row.visit_id].append(row)
    return found


def corrections_of(visit: Visit) -> list[Correction]:
    """The corrections of one entry; asked for archived visits only, others have none."""
    if visit.state is not VisitState.ARCHIVED:
        return []
    rows = sa.select(Correction).where(Correction.visit_id == visit.id).order_by(Correction.id)
    return list(db.session.scalars(rows))


def uncompiled(today: str, most: int = 7) -> list[str]:
    """The past days of the last week that had visits and whose register nobody has compiled yet, oldest first."""
    first = (clock.local(clock.now()).date() - timedelta(days=most)).isoformat()
    done = sa.select(DailyRegister.day).where(DailyRegister.state != State.OPEN)
    # Those of an old register were put away there: by them alone no day waits.
    ours = V.state != VisitState.ARCHIVED
    wanted = sa.select(V.day).where(V.day < today, V.day >= first, V.day.not_in(done), ours).group_by(V.day)
    return list(db.session.scalars(wanted.order_by(V.day)))


def closable(day: str) -> list[str]:
    """The numbers of a day's visits that may be closed without anybody: expected ones, and who never sat anywhere."""
    unused = sa.and_(V.state == VisitState.LEFT, sa.not_(V.used_place))
    wanted = sa.select(V.number).where(V.day == day, sa.or_(unused, V.state == VisitState.EXPECTED))
    return list(db.session.scalars(wanted.order_by(V.id)))


def finished(day: str) -> list[Visit]:
    """The visits that are put away with their day, locked. Inside a write."""
    wanted = sa.select(Visit).where(Visit.day == day, Visit.state.in_(FINISHED)).order_by(Visit.id)
    return list(db.session.scalars(wanted.with_for_update()))
