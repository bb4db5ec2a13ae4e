"""How cases are found by the one search: by number, customer, pinyin, phone, words; whoever may see them."""

from __future__ import annotations

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.complaints.codes import Kind, State
from portal.blueprints.complaints.queries import SEARCHED
from portal.blueprints.complaints.reach import C, visible_to
from portal.i18n import _l, label
from portal.kernel import finders
from portal.kernel.db import db
from portal.kernel.finders import Hit, Stored
from portal.kernel.people import Viewer
from portal.kernel.rights import May


def _drawn(row: sa.Row[tuple[str, ...]]) -> Hit:
    return Hit(
        row.number,
        row.title,
        url_for("complaints.show", number=row.number),
        row.about,
        f"{label(Kind(row.more))} · {label(State(row.state))}",
        row.at,
    )


def of_number(viewer: Viewer, number: str) -> str | None:
    """The address of the case of that number, its own or its notice's; None where the viewer knows of none."""
    ours = sa.or_(C.number == number, C.notice_number == number)
    found = db.session.scalar(sa.select(C.number).where(ours, visible_to(viewer)).limit(1))
    return url_for("complaints.show", number=found) if found else None


finders.NUMBERS |= {"TS": of_number, "GZ": of_number}
finders.KINDS.append(
    Stored(
        "case",
        _l("Cases"),
        "complaint",
        10,
        May.SEE_CASES,
        every=lambda _viewer, words: url_for("complaints.index", words=words),
        ids=finders.indexed("case", C.id, visible_to, SEARCHED),
        id=C.id,
        columns={
            "number": C.number,
            "title": C.customer_name,
            "about": C.content,
            "state": C.state,
            "more": C.kind,
            "at": C.registered_at,
        },
        draw=_drawn,
    )
)
