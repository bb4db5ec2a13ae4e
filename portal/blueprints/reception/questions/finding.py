"""How the questions of the desk's book are found by the one search; whoever may know of them (RC-22)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from portal.blueprints.reception.questions.codes import State
from portal.blueprints.reception.questions.queries import SEARCHED, Q, visible_to
from portal.i18n import _l, label
from portal.kernel import finders
from portal.kernel.finders import Hit, Stored
from portal.kernel.rights import May


def _drawn(row: Any) -> Hit:
    return Hit(
        row.number,
        row.title,
        url_for("reception.question", question_number=row.number),
        row.about,
        label(State(row.state)),
        row.at,
    )


finders.NUMBERS["ZX"] = finders.numbered(
    Q.number, visible_to, lambda number: url_for("reception.question", question_number=number)
)
finders.KINDS.append(
    Stored(
        "question",
        _l("Questions and answers"),
        "info",
        35,
        May.SEE_VISITS,
        every=lambda _viewer, words: url_for("reception.questions", words=words),
        ids=finders.indexed("question", Q.id, visible_to, SEARCHED),
        id=Q.id,
        columns={
            "number": Q.number,
            "title": Q.asker_name,
            "about": Q.question + sa.literal(" ") + Q.answer,
            "state": Q.state,
            "at": Q.created_at,
        },
        draw=_drawn,
    )
)
