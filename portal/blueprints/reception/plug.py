"""What the visit itself plugs in: addresses, words, its table of states, shipped places, who reads of it in the audit."""

from __future__ import annotations

import sqlalchemy as sa

from portal import setup
from portal.blueprints.reception import (
    daily,
    departing,
    finding,
    glance,
    handing,
    labels,
    places,
    routes,
    wording,
)
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import audit, departures
from portal.kernel import wording as worded

FLOWS = (VISIT,)
worded.ABOUT["LF"] = wording.about
setup.LOADERS.append(places.load_shipped)
departures.BELONGINGS.extend(departing.BELONGINGS)
audit.REACH["visit"] = lambda viewer, visit_id: sa.exists().where(Visit.id == visit_id, visible_to(viewer))

__all__ = ["FLOWS", "daily", "finding", "glance", "handing", "labels", "routes"]
