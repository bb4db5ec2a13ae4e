"""A visit as phrases need it: who came, under which number, for when, and where the visit stands (PG-03, PG-05)."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.onsite import ONSITE
from portal.blueprints.reception.reach import visible_to
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.wording import About


def about(viewer: Viewer, number: str) -> About | None:
    """The visit of that number; None when the viewer may not know of it."""
    columns = (Visit.visitor_name, Visit.starts_at, Visit.state)
    wanted = sa.select(*columns).where(Visit.number == number, visible_to(viewer))
    row = db.session.execute(wanted).one_or_none()
    if row is None:
        return None
    expected = row.state in {State.EXPECTED, State.ASKED, State.CANCELLED, State.DECLINED}
    return About(
        number,
        f"/reception/visits/{number}",
        customer=row.visitor_name,
        until=row.starts_at if expected else None,
        channel="" if expected else ONSITE,
        stage=row.state,
    )
