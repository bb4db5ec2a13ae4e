"""What if a limit had been another: the limits of a quarter reckoned once more, as the clocks reckon them.

`late` is pure. Limits whose end somebody named outright (an extension, a promise) keep it, whatever the figure says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from portal.kernel import clause_figures, company_calendar, policies
from portal.kernel.calendars import Calendar
from portal.kernel.clause_figures import Span
from portal.kernel.db import db
from portal.kernel.limits import Limit, Pause, due
from portal.kernel.people import Viewer
from portal.kernel.timers import Clock

MOST = 4_000  # limits that are reckoned for one page: a fraction of a second
Pauses: TypeAlias = Mapping[int, list[Pause]]

# Kind of subject -> the pauses of the subjects that a statement gives, by id. Of the others nothing is ever paused.
PAUSES: dict[str, Callable[[Any], Pauses]] = {}
# Kind of subject -> the condition on its id under which it may stand in a number that the viewer reads.
MAY_COUNT: dict[str, Callable[[Viewer, Any], sa.ColumnElement[bool]]] = {}
# A figure whose clocks do not bear its name: the kind they are of.
OTHERWISE = {"limit.follow_up_again": "follow_up"}

# Figures that only propose an end, which somebody then names, or say from when on: no clock runs by them.
NAMED = frozenset(
    {"limit.deposit", "limit.key_return", "limit.improvement.effect", "limit.improvement.confirm"}
)


@dataclass(frozen=True)
class Run:
    """One limit as it went: when it began, when it was met (None: it still runs), what paused it."""

    started: datetime
    met: datetime | None
    ends: datetime | None = None  # named outright
    pauses: tuple[Pause, ...] = ()


def late(runs: Iterable[Run], limit: Limit, calendar: Calendar, now: datetime) -> int:
    """How many would have been overrun under this limit; one that still runs counts once its end has passed."""
    return sum(1 for run in runs if _is_late(run, limit, calendar, now))


def _is_late(run: Run, limit: Limit, calendar: Calendar, now: datetime) -> bool:
    ends, until = run.ends, run.met or now
    if ends is None:
        if run.started + _at_least(limit) > until:  # or a limit of years would be reckoned day by day
            return False
        since = [(max(a, run.started), b) for a, b in run.pauses if b is None or b > run.started]
        ends = due(run.started, limit, calendar, since)
    return ends is not None and ends < until


def _at_least(limit: Limit) -> timedelta:
    """What a limit lasts by any calendar: a working hour is no shorter than an hour, so many days have nights between."""
    amount = float(limit.amount)
    if limit.unit in ("wd", "d"):
        return timedelta(days=max(0.0, amount - 2))
    return timedelta(minutes=amount) if limit.unit == "min" else timedelta(hours=amount)


@dataclass(frozen=True)
class Answer:
    """What would have been: how many limits were looked at, how many late as it was and as it would have been."""

    limit: Limit
    of: int
    was_late: int
    late: int
    cut: bool  # there were more than a page reckons; the newest were looked at


def kind_of(figure: str, kinds: Collection[str]) -> str:
    """Which of these kinds of clocks runs by a figure: `limit.first_contact.urgent` is `first_contact`'s; or none."""
    if not figure.startswith("limit.") or figure in NAMED:
        return ""
    named = OTHERWISE.get(figure) or figure.removeprefix("limit.").split(".")[0]
    return named if named in kinds else ""


def ask(figure: str, kind: str, limit: Limit, span: Span, viewer: Viewer, now: datetime) -> Answer:
    """Reckon the limits of that figure that began in the span once more; two statements, however many there are."""
    rows = _rows(figure, kind, span, viewer)
    found = db.session.execute(rows.limit(MOST + 1)).all()
    paused: dict[str, Pauses] = {}
    for of in {row.subject_kind for row in found} & PAUSES.keys():
        paused[of] = PAUSES[of](sa.select(rows.limit(MOST).subquery().c.subject_id))
    runs = [
        Run(
            row.started_at,
            row.met_at,
            row.ends_at,
            tuple(paused.get(row.subject_kind, {}).get(row.subject_id, ())),
        )
        for row in found[:MOST]
    ]
    was = sum(1 for row in found[:MOST] if row.late)
    calendar = company_calendar.current()
    return Answer(limit, len(runs), was, late(runs, limit, calendar, now), len(found) > MOST)


def _rows(figure: str, kind: str, span: Span, viewer: Viewer) -> Any:
    """The limits that began in the span under any value of the figure, newest first; what was called off is left out."""
    columns = (Clock.subject_kind, Clock.subject_id, Clock.started_at, Clock.met_at, Clock.ends_at)
    rows = sa.select(*columns, clause_figures.is_late().label("late")).where(
        Clock.kind == kind,
        Clock.started_at >= span.begins,
        Clock.started_at < span.ends,
        Clock.ended_at.is_(None),
        Clock.policy_id.in_([row.id for row in policies.versions(figure)]),
    )
    for of, may in MAY_COUNT.items():
        rows = rows.where(sa.or_(Clock.subject_kind != of, may(viewer, Clock.subject_id)))
    return rows.order_by(Clock.started_at.desc(), Clock.id.desc())
