"""What the board draws (CP-21)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import url_for

from portal.blueprints.complaints.codes import CLOSED, Outcome, State
from portal.blueprints.complaints.figures import queries, rules
from portal.blueprints.complaints.figures.behind import LIVE
from portal.blueprints.complaints.figures.queries import Figures
from portal.blueprints.complaints.figures.reach import UNROUTED, Reach, departments_of
from portal.blueprints.complaints.figures.rules import Facet, Judged, Kept, Period
from portal.blueprints.complaints.figures.shapes import (
    Links,
    Number,
    Rate,
    number,
    where,
)
from portal.blueprints.complaints.labels import CLOCKS
from portal.i18n import label
from portal.kernel import clock

RECENT = 30  # days that the board looks back
OPEN_STATES = tuple(state for state in State if state not in CLOSED)
ON_BOARD = ("first_contact", "solution", "follow_up")  # limits that the board follows


def board(reach: Reach) -> dict[str, Any]:
    """All that the board draws (CP-21)."""
    now = clock.now()
    today = clock.local(now).date()
    period = Period(today - timedelta(days=RECENT - 1), today)
    open_, figures = queries.open_now(reach, now), queries.figures(reach, period)
    links = Links(reach, since=period.since, until=period.until)
    places = departments_of(reach)
    if reach.departments is None:
        places.append(UNROUTED)
    return {
        "company_wide": reach.departments is None,
        "tiles": [(what, number(open_.n(what), links.now(what))) for what in LIVE],
        "states": [(state, label(state)) for state in OPEN_STATES],
        "open": [_open_row(open_, links, code) for code in (*places, "")],
        "rates": [_rates_row(figures, links, code) for code in (*places, "")],
        "limits": [str(CLOCKS[kind]) for kind in ON_BOARD],
        "period": period,
        "days": RECENT,
        "report_url": url_for("complaints.reports", since=period.since, until=period.until),
    }


def _open_row(open_: queries.Open, links: Links, code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": where(code),
        "live": [number(open_.n(what, code), links.now(what, code)) for what in ("open", "overdue", "risk")],
        "states": [number(open_.n("open", code, s), links.now("open", code, s)) for s in OPEN_STATES],
    }


def _rates_row(figures: Figures, links: Links, code: str) -> dict[str, Any]:
    def counted(facet: Facet, what: str) -> Number:
        return number(figures.n(facet, what, code), links(department=code, facet=facet.value, code=what))

    again = [counted(Facet.ROUND, str(n)) for n in range(2, rules.MOST_ROUNDS + 1)]
    return {
        "code": code,
        "name": where(code),
        "cases": counted(Facet.CASE, "all"),
        "limits": [
            Rate(*(counted(Facet.CLOCK, rules.clock_code(kind, how)) for how in Kept)) for kind in ON_BOARD
        ],
        "rounds": [(n, number) for n, number in enumerate(again, start=2) if number.n],
        "verdict": Rate(
            counted(Facet.VERDICT, Outcome.SATISFIED.value),
            counted(Facet.VERDICT, Outcome.DISSATISFIED.value),
        ),
        "judged": Rate(
            counted(Facet.JUDGED, Judged.UPHELD.value), counted(Facet.JUDGED, Judged.NOT_UPHELD.value)
        ),
    }
