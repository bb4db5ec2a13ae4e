"""How visits are found by the one search; whoever may know of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.reception.codes import State
from portal.blueprints.reception.queries import SEARCHED, V
from portal.blueprints.reception.reach import visible_to
from portal.i18n import _l, label
from portal.kernel import finders
from portal.kernel.finders import Hit, Stored
from portal.kernel.rights import May


def _drawn(row: Any) -> Hit:
    return Hit(
        row.number,
        " · ".join(filter(None, (row.title, row.more))),
        url_for("reception.show", number=row.number),
        row.about,
        label(State(row.state)),
        row.at,
    )


finders.NUMBERS["LF"] = finders.numbered(
    V.number, visible_to, lambda number: url_for("reception.show", number=number)
)
finders.KINDS.append(
    Stored(
        "visit",
        _l("Reception visits"),
        "reception",
        20,
        May.SEE_VISITS,
        every=lambda _viewer, words: url_for("reception.visits", words=words),
        ids=finders.indexed("visit", V.id, visible_to, SEARCHED),
        id=V.id,
        columns={
            "number": V.number,
            "title": V.visitor_name,
            "more": V.company,
            "about": V.purpose,
            "state": V.state,
            "at": sa.func.coalesce(V.arrived_at, V.starts_at, V.created_at),
        },
        draw=_drawn,
    )
)
