"""A case as phrases need it: whom it is said to, under which number, by when, and where the case stands (PG-03)."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.complaints.reach import C, visible_to
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.wording import About


def about(viewer: Viewer, number: str) -> About | None:
    """The case of that number; None when the viewer may not see it."""
    columns = (C.customer_name, C.due_at, C.channel, C.category, C.state, C.customer_type, C.answer)
    row = db.session.execute(sa.select(*columns).where(C.number == number, visible_to(viewer))).one_or_none()
    if row is None:
        return None
    return About(
        number,
        f"/complaints/{number}",
        customer=row.customer_name,
        until=row.due_at,
        channel=row.channel,
        category=row.category,
        stage=row.state,
        customer_type=row.customer_type or "",
        text=row.answer,
    )
