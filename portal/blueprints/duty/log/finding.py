"""How entries of the shift log are found by the one search; whoever may read the log of their post."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.blueprints.duty.log.codes import Category
from portal.blueprints.duty.log.queries import SEARCHED, E, visible_to
from portal.drawing import name_of
from portal.i18n import _l, label
from portal.kernel import finders
from portal.kernel.finders import Hit, Stored
from portal.kernel.rights import May


def _drawn(row: Any) -> Hit:
    return Hit(
        row.number,
        "",
        url_for("duty.log_entry", entry_number=row.number),
        row.about,
        f"{label(Category(row.state))} · {name_of(int(row.more))}",
        row.at,
    )


finders.NUMBERS["ZB"] = finders.numbered(
    E.number, visible_to, lambda number: url_for("duty.log_entry", entry_number=number)
)
finders.KINDS.append(
    Stored(
        "log",
        _l("Shift log"),
        "history",
        50,
        May.SEE_DUTY,
        every=lambda _viewer, words: url_for("duty.log", words=words),
        ids=finders.indexed("log", E.id, visible_to, SEARCHED),
        id=E.id,
        columns={"number": E.number, "about": E.text, "state": E.category, "more": E.by_id, "at": E.at},
        draw=_drawn,
    )
)
