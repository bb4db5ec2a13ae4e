"""What of a case is counted, which days and months make up a period, what a report must have; pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from portal.blueprints.complaints.codes import CLOSED, Finding, Kind, Outcome, State
from portal.kernel.workflow import Attempt, Reason

# The columns of a case that decide where it is counted; nothing else has to be looked at when a case changes.
COUNTED = (
    "registered_at", "department", "kind", "confidential", "person_concerned_id", "category", "channel", "state",
    "finding", "round", "followed_up", "satisfied", "resolved_at",
)  # fmt: skip
PLACED = frozenset(COUNTED[:5])  # these say in which rows; the others, under which code
ANSWERED = frozenset({State.REPORTED}) | CLOSED
HANDLED = frozenset({State.RESOLVED}) | ANSWERED
UPHELD = frozenset({Finding.BREACH, Finding.MISTAKE})
EVERY = "all"  # the code of every case
MOST_ROUNDS = 4  # this many or more are one code


class Facet(StrEnum):
    """What a counter tells apart."""

    CASE = "case"  # every case once
    CATEGORY = "category"
    CHANNEL = "channel"
    STATE = "state"
    FINDING = "finding"
    ROUND = "round"
    VERDICT = "verdict"  # what the customer said at the end
    JUDGED = "judged"  # complaints: upheld or not
    AGAIN = "again"  # what a return visit raised: handled or open
    CLOCK = "clock"  # limits that ended: kind of limit, kept or overrun


class Again(StrEnum):
    """Whether what a dissatisfied customer raised is dealt with."""

    HANDLED = "handled"
    OPEN = "open"


class Judged(StrEnum):
    """How a complaint came out."""

    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class Kept(StrEnum):
    """How a limit came out."""

    MET = "met"
    LATE = "late"


class Place(NamedTuple):
    """Where a case is counted."""

    day: date
    department: str  # empty: not routed yet
    kind: str
    confidential: bool
    about: int  # the person concerned, who must not learn of it even by a number (CP-09); 0: nobody


def place(case: Any, day: date) -> Place:
    """Where a case of that local day is counted."""
    return Place(
        day,
        case.department or "",
        str(case.kind),
        bool(case.confidential),
        case.person_concerned_id or 0,
    )


def codes(case: Any) -> Iterator[tuple[Facet, str]]:
    """Everything that a case counts as, besides its limits."""
    yield Facet.CASE, EVERY
    yield Facet.CATEGORY, str(case.category)
    yield Facet.CHANNEL, str(case.channel)
    yield Facet.STATE, str(case.state)
    yield Facet.ROUND, str(min(case.round or 1, MOST_ROUNDS))
    if case.finding is not None:
        yield Facet.FINDING, str(case.finding)
    if (said := verdict(case)) is not None:
        yield Facet.VERDICT, str(said)
    if (found := judged(case)) is not None:
        yield Facet.JUDGED, str(found)
    if (case.round or 1) > 1:
        yield Facet.AGAIN, str(Again.HANDLED if case.state in HANDLED else Again.OPEN)


def verdict(case: Any) -> Outcome | None:
    """CP-18: what the customer said at the follow-up, else with the answer; None while nobody knows."""
    if case.followed_up == Outcome.DISSATISFIED:
        return Outcome.DISSATISFIED
    if case.followed_up == Outcome.NO_ANSWER:  # not reached, and never counted as satisfied
        return None
    return Outcome.SATISFIED if case.followed_up == Outcome.SATISFIED or case.satisfied else None


def judged(case: Any) -> Judged | None:
    """CP-06, CP-34: a solved complaint is upheld unless it was a misunderstanding; None while it is open.

    Archived without a solution means that it was not upheld or withdrawn: any other way leads through `resolve`.
    """
    if case.kind != Kind.COMPLAINT:
        return None
    if case.resolved_at is not None and case.finding is not None:
        return Judged.UPHELD if case.finding in UPHELD else Judged.NOT_UPHELD
    unsolved = {State.NOT_UPHELD, State.WITHDRAWN, State.ARCHIVED}
    return Judged.NOT_UPHELD if case.resolved_at is None and case.state in unsolved else None


def kept(met_at: datetime | None, breached_at: datetime | None) -> Kept | None:
    """How a limit came out: overrun, also when it was met later; None while it runs or when it was called off."""
    if breached_at is not None:
        return Kept.LATE
    return Kept.MET if met_at is not None else None


def clock_code(kind: str, how: Kept) -> str:
    """The code under which a limit is counted."""
    return f"{kind}.{how}"


# -- periods ---------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """Rows of one grain, `d`ays or `m`onths, from the first to the last."""

    grain: str
    first: date
    last: date


def covering(since: date, until: date) -> list[Stretch]:
    """Whole months where the period has them, days for the rest: a year is read in twelve rows, not in 365."""
    first = since if since.day == 1 else _next_month(since)
    after = _next_month(until) if until == _last_of(until) else until.replace(day=1)
    if first >= after:
        return [Stretch("d", since, until)] if since <= until else []
    day = timedelta(days=1)
    parts = [
        Stretch("d", since, first - day),
        Stretch("m", first, (after - day).replace(day=1)),
        Stretch("d", after, until),
    ]
    return [part for part in parts if part.first <= part.last]


def _last_of(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _next_month(day: date) -> date:
    return _last_of(day) + timedelta(days=1)


def months_back(day: date, count: int) -> date:
    """The first day of the month that many months before the day's own."""
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """From when until when, both days included; with a code when it is a whole month or quarter."""

    since: date
    until: date
    code: str = ""  # `2026-03`, `2026-Q1`

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def quarterly(self) -> bool:
        return "Q" in self.code

    @property
    def before(self) -> Period:
        """The period of the same kind that came before, to compare with."""
        if self.code:
            months = 3 if self.quarterly else 1
            first = months_back(self.since, months)
            return _named(first, quarterly=self.quarterly)
        return Period(self.since - timedelta(days=self.days), self.since - timedelta(days=1))


_CODE = re.compile(r"(\d{4})-(?:Q([1-4])|(0[1-9]|1[0-2]))", re.ASCII)


def period_of(code: str) -> Period | None:
    """The month or quarter of a code; None when there is none."""
    found = _CODE.fullmatch(code)
    if not found or not 2000 <= int(found[1]) <= 2199:
        return None
    month = int(found[2]) * 3 - 2 if found[2] else int(found[3])
    return _named(date(int(found[1]), month, 1), quarterly=bool(found[2]))


def _named(first: date, *, quarterly: bool) -> Period:
    code = f"{first.year}-Q{(first.month + 2) // 3}" if quarterly else f"{first:%Y-%m}"
    last = months_back(first, -2) if quarterly else first
    return Period(first, _last_of(last), code)


def month_of(day: date) -> Period:
    """The month that a day lies in."""
    return _named(day.replace(day=1), quarterly=False)


def quarter_of(day: date) -> Period:
    """The quarter that a day lies in."""
    return _named(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), quarterly=True)


def finished(today: date) -> list[Period]:
    """CP-29: the last month and the last quarter that are over."""
    return [month_of(today).before, quarter_of(today).before]


def weeks(days: Iterable[tuple[date, int]]) -> dict[date, int]:
    """Numbers of days gathered by the Monday of their week."""
    gathered: dict[date, int] = {}
    for day, n in days:
        monday = day - timedelta(days=day.weekday())
        gathered[monday] = gathered.get(monday, 0) + n
    return gathered


# -- goals and reports -----------------------------------------------------------------------------------------


def share(part: int, whole: int) -> Decimal | None:
    """A share in per cent with one decimal; None of nothing. Never 100 when something is missing, nor 0 of some."""
    if whole <= 0:
        return None
    rounded = round(Decimal(100 * part) / whole, 1)
    if part < whole:
        rounded = min(rounded, Decimal("99.9"))
    return max(rounded, Decimal("0.1")) if part > 0 else rounded


def served(per_month: int, registered: int, days: int) -> int:
    """CP-27: customers served in a period: the figure a month that the office set, else what the portal registered."""
    return round(Decimal(per_month * 12 * days) / 365) if per_month else registered


def standing(report: Any, viewer: Any) -> frozenset[str]:
    """Who somebody is to a report."""
    return frozenset({"office"}) if viewer.role == "office" else frozenset()


def period_is_over(attempt: Attempt) -> Reason | None:
    """CP-29: a report is signed when its period is over, for then its figures are whole."""
    today: date = attempt.given["today"]
    return Reason("CP-29", "period_runs") if today <= attempt.subject.until else None


def report_is_complete(attempt: Attempt) -> list[Reason]:
    """CP-29: signed is what says what stood out and what is done; a quarter's also what goes on the notice board."""
    report = attempt.subject
    missing = {
        "no_findings": not report.stood_out,
        "no_measures": not report.measures,
        "no_notice_board": "Q" in report.period and not report.notice_board,
    }
    return [Reason("CP-29", code) for code, is_missing in missing.items() if is_missing]
