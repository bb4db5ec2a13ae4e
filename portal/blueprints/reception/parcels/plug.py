"""What the book of letters and parcels plugs in: addresses, words, its table of states."""

from __future__ import annotations

import sqlalchemy as sa

from portal.blueprints.reception import traces
from portal.blueprints.reception.parcels import actions, labels, routes
from portal.blueprints.reception.parcels.codes import State
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.parcels.workflow import PARCEL
from portal.blueprints.reception.traces import Keeper
from portal.i18n import _l
from portal.kernel import audit

FLOWS = (PARCEL,)
audit.REACH["parcel"] = lambda viewer, its_id: sa.true()
traces.KEEPERS.append(
    Keeper(
        key="parcels",
        model=Parcel,
        caption=_l("Letter or parcel"),
        number=Parcel.number,
        at=Parcel.created_at,
        name=Parcel.sender,
        within=True,  # a company, a name and a number in one line
        there=Parcel.sender != "",
        over=Parcel.state != State.WAITING,
        forget=actions.forget_sender,
        tell=lambda row, _person: traces.told(
            row, ("number", "kind", "state", "sender", "tracking", "created_at")
        ),
        lines="parcel:",
        page="/reception/parcels/{number}",
        by_term=True,
    )
)

__all__ = ["FLOWS", "labels", "routes"]
