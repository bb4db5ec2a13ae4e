"""The demo's tablet in the lobby, and who announced themselves there: one received already, two for the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import actions as visits
from portal.blueprints.reception.codes import Category
from portal.blueprints.reception.kiosk import actions
from portal.blueprints.reception.kiosk.codes import Why
from portal.blueprints.reception.models import Visit
from portal.kernel import accounts, kiosks, sessions
from portal.kernel.db import db

# Minutes ago, why, whom they asked for, and what they typed.
CAME: tuple[tuple[int, Why, str, dict[str, Any]], ...] = (
    (9, Why.MEETING, "市场部沈经理", {
        "visitor_name": "顾念慈", "company": "远帆文化传播", "phone": "19900004001", "department": "market",
        "purpose": "路过贵司，想谈年会布展", "party_size": 2,
    }),
    (4, Why.BUSINESS, "人事", {
        "visitor_name": "裴子轩", "phone": "19900004002", "purpose": "应聘实施工程师，带了简历", "party_size": 1,
    }),
    (2, Why.DELIVERY, "", {
        "visitor_name": "小樊", "company": "迅达速递", "phone": "19900004003", "purpose": "送两箱样件", "party_size": 1,
    }),
)  # fmt: skip
RECEIVED = "顾念慈"


def load(now: datetime) -> None:
    """Set a tablet up and let visitors use it."""
    owner = accounts.find("office1").id
    with db.write():
        kiosk, secret = kiosks.issue("大堂平板", by=owner, now=now - timedelta(days=30))
        kiosks.open_link(secret, now - timedelta(days=30))
    tablet = kiosks.Tablet(kiosk.id, kiosk.name, owner)
    notice_id = actions.notice("zh", now).id
    for place, (ago, why, asked_for, fields) in enumerate(CAME):
        at = now - timedelta(minutes=ago)
        blank: dict[str, Any] = {"company": "", "department": None}
        actions.walk_in(
            tablet,
            why=why,
            asked_for=asked_for,
            notice_id=notice_id,
            key=f"kiosk-demo-{place}",
            now=at,
            **(blank | fields),
        )
    desk = sessions.person_as_viewer(accounts.find("desk2").id)
    with db.write():
        visit = db.session.scalars(sa.select(Visit).where(Visit.visitor_name == RECEIVED)).one()
        greeted = (visit.arrived_at or now) + timedelta(seconds=35)
        visits.perform(visit, "greet", by=desk, now=greeted)
        visits.perform(visit, "categorise", by=desk, now=greeted, category=Category.B)
