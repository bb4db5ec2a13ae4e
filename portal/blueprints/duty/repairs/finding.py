"""How repair orders are found by the one search; whoever may know of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.duty.repairs.codes import State
from portal.blueprints.duty.repairs.queries import SEARCHED, R, visible_to
from portal.i18n import _l, label
from portal.kernel import finders, search
from portal.kernel.finders import Hit, Ids, Stored
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _ids(viewer: Viewer, words: str) -> Ids:
    return sa.select(R.id).where(search.scanned(words, *SEARCHED), visible_to(viewer)), R.id


def _drawn(row: Any) -> Hit:
    return Hit(
        row.number,
        row.more,
        url_for("duty.repair", repair_number=row.number),
        row.about,
        label(State(row.state)),
        row.at,
    )


finders.NUMBERS["WX"] = finders.numbered(
    R.number, visible_to, lambda number: url_for("duty.repair", repair_number=number)
)
finders.KINDS.append(
    Stored(
        "repair",
        _l("Repair orders"),
        "duty",
        52,
        May.SEE_DUTY,
        every=lambda _viewer, words: url_for("duty.repairs", state="all", words=words),
        ids=_ids,
        id=R.id,
        columns={
            "number": R.number,
            "about": R.what,
            "more": R.place,
            "state": R.state,
            "at": R.registered_at,
        },
        draw=_drawn,
    )
)
