"""What happens to departments, positions and routing; each inside a write."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel import history, reference
from portal.kernel.db import db
from portal.kernel.people import Department, Holder
from portal.kernel.rights import Position
from portal.kernel.routing import Routing

EDITABLE = ("name", "name_en", "phone", "order")


class Named:
    """A department as history knows it: it has a code and no number, so all of them share one."""

    history_kind = "department"
    id = 0


def add_department(code: str, *, by: int, now: datetime, **fields: Any) -> Department:
    """A new department."""
    department = Department(code=code, **{name: fields[name] for name in EDITABLE})
    db.session.add(department)
    history.record(Named, "department:create", by=by, now=now, code=code, name=department.name)
    reference.changed()
    return department


def edit_department(department: Department, *, by: int, now: datetime, **fields: Any) -> None:
    """Change a department's names, phone or place."""
    changed = [name for name in EDITABLE if getattr(department, name) != fields[name]]
    if not changed:
        return
    was = {f"was {name}": str(getattr(department, name)) for name in changed}
    for name in changed:
        setattr(department, name, fields[name])
    history.record(Named, "department:edit", by=by, now=now, code=department.code, fields=changed, words=was)
    reference.changed()


def seat_of(position: Position, department: str) -> Holder | None:
    """The row of a position, or None where nobody has held it yet."""
    ours = sa.select(Holder).where(Holder.position == position, Holder.department == department)
    return db.session.scalars(ours).one_or_none()


def seat(
    position: Position,
    department: str,
    *,
    holder_id: int | None,
    deputy_id: int | None,
    by: int,
    now: datetime,
) -> None:
    """Give a position to a holder and a deputy, or to nobody."""
    row = seat_of(position, department)
    if row is None:
        row = Holder(position=position, department=department)
        db.session.add(row)
    elif (row.person_id, row.deputy_id) == (holder_id, deputy_id):
        return
    before = (row.person_id, row.deputy_id)
    row.person_id, row.deputy_id = holder_id, deputy_id
    history.record(
        row,
        "position:seat",
        by=by,
        now=now,
        position=position,
        department=department or None,
        holder=holder_id,
        deputy=deputy_id,
        before=[str(i) for i in before if i is not None] or None,
    )
    reference.changed()


def lead_elsewhere(row: Routing, department: str, *, reason: str, by: int, now: datetime) -> None:
    """A category of matter goes to another department from now on (CP-05); cases under way stay where they are."""
    was, row.department = row.department, department
    if was == department:
        return
    history.record(
        row,
        "routing:edit",
        by=by,
        now=now,
        clause="GO-05",
        category=row.category,
        department=department or None,
        was=was or None,
        words={"reason": reason},
    )
    reference.changed()
