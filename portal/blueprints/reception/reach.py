"""Who may know of which visit, and the one look-up of a visit by its number."""

from __future__ import annotations

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.blueprints.reception.models import Visit
from portal.kernel import history
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role


def sees_all(viewer: Viewer) -> bool:
    """True for desk, general office, general manager and the administration, which looks after the places (RC-03)."""
    return (
        viewer.role in {Role.DESK, Role.OFFICE}
        or viewer.is_manager
        or viewer.is_director
        or viewer.department == ADMINISTRATION
    )


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a visit: all, the led departments', or the own ones.

    A visit that a complaint on site opened is hidden from whom the complaint is about (CP-09).
    """
    about_others = sa.or_(Visit.barred_id.is_(None), Visit.barred_id != viewer.id)
    if sees_all(viewer):
        return about_others
    own = [Visit.host_id == viewer.id, Visit.created_by_id == viewer.id]
    if viewer.leads:
        own.append(Visit.department.in_(viewer.leads))
    return sa.and_(about_others, sa.or_(*own))


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Visit:
    """The visit of that number if the viewer may know of it; NotFound (404) otherwise. `lock` inside a write.

    The turn comes before the lock: whoever is given a place takes it from others' visits, and of two at once neither
    may hold what the other needs.
    """
    if lock:
        history.wait_for_turn()
    wanted = sa.select(Visit).where(Visit.number == number, visible_to(viewer))
    if lock:
        wanted = wanted.with_for_update()
    visit = db.session.scalars(wanted).one_or_none()
    if visit is None:
        raise NotFound
    return visit
