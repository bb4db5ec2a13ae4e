"""What a report draws: every number with the address of exactly the cases it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints.codes import Category, Channel, Finding, Kind
from portal.blueprints.complaints.figures import queries, rules
from portal.blueprints.complaints.figures.queries import Figures
from portal.blueprints.complaints.figures.reach import UNROUTED, Reach, departments_of
from portal.blueprints.complaints.figures.rules import Facet, Judged, Kept, Period
from portal.blueprints.complaints.figures.shapes import (
    Bar,
    Goal,
    Links,
    Number,
    Section,
    number,
    percent,
    where,
)
from portal.blueprints.complaints.labels import CLOCKS
from portal.drawing import department_name
from portal.i18n import LABELS, _, label
from portal.kernel import clock, customers, lists, policies

LONGEST = 20 * 366  # days of a report
IN_REPORT = ("first_contact", "on_site", "solution", "answer", "whole_case", "result", "follow_up", "promise")


@dataclass(frozen=True)
class Asked:
    """Which report an address asks for: a month, a quarter, or from one day until another; of what."""

    reach: Reach
    period: Period
    department: str = ""
    kind: str = ""
    wrong: str = ""  # why the period asked for could not be taken

    @classmethod
    def of(cls, reach: Reach, args: MultiDict[str, str]) -> Asked:
        """What the address says; the present month when it says nothing."""
        today = clock.local(clock.now()).date()
        wrong = ""
        period = rules.period_of(args.get("period", "").strip())
        if args.get("period", "").strip() and period is None:
            wrong = _("Write a month as 2026-03 or a quarter as 2026-Q1.")
        since, until = (lists.day(args.get(name)) for name in ("since", "until"))
        if period is None and (since or until):
            period = Period(since or min(until or today, today).replace(day=1), until or today)
            if not 0 < period.days <= LONGEST:
                wrong, period = _("The period ends before it begins, or is too long."), None
        department = lists.code(args.get("department"), (UNROUTED, *departments_of(reach)))
        kind = lists.code(args.get("kind"), tuple(Kind))
        return cls(reach, period or rules.month_of(today), department, kind, wrong)

    @property
    def given(self) -> dict[str, Any]:
        """What an address of this report carries."""
        when = (
            {"period": self.period.code}
            if self.period.code
            else {"since": self.period.since, "until": self.period.until}
        )
        return when | {n: v for n, v in (("department", self.department), ("kind", self.kind)) if v}


@dataclass
class Report:
    """The figures of one report, read once; or as they were kept when it was signed, and then they lead nowhere."""

    asked: Asked
    kept: dict[str, Any] | None = None

    @cached_property
    def figures(self) -> Figures:
        if self.kept:
            return Figures(self.kept["figures"])
        a = self.asked
        return queries.figures(a.reach, a.period, a.department, a.kind)

    @cached_property
    def before(self) -> Figures:
        """The same of the period before."""
        if self.kept:
            return Figures(self.kept["before"])
        a = self.asked
        return queries.figures(a.reach, a.period.before, a.department, a.kind)

    @cached_property
    def trend(self) -> queries.Trend:
        """By week and by month."""
        if self.kept:
            return queries.Trend(*(_days(self.kept[name]) for name in ("weeks", "months")))
        a = self.asked
        return queries.trend(a.reach, a.period, a.department, a.kind)

    @cached_property
    def links(self) -> Callable[..., str]:
        if self.kept:
            return lambda **_wanted: ""
        a = self.asked
        return Links(
            a.reach, since=a.period.since, until=a.period.until, department=a.department, kind=a.kind
        )

    def snapshot(self) -> dict[str, Any]:
        """What is kept when a report is signed: codes and numbers, nobody's phone."""
        now = clock.now()
        return {
            "figures": self.figures.rows,
            "before": self.before.rows,
            "weeks": {day.isoformat(): n for day, n in self.trend.weeks.items()},
            "months": {day.isoformat(): n for day, n in self.trend.months.items()},
            "served": self.served(now),
            "goals": _goals_asked(now),
        }

    @property
    def total(self) -> int:
        return self.figures.n(Facet.CASE)

    def tiles(self) -> list[tuple[str, Number, int]]:
        """The kinds of cases: words, number, number of the period before."""
        kinds = [(label(kind), kind.value) for kind in Kind if self.asked.kind in {"", kind}]
        found = [(_("All cases"), "")] if not self.asked.kind else []
        return [
            (
                words,
                number(self.figures.n(Facet.CASE, kind=kind), self.links(kind=kind)),
                self.before.n(Facet.CASE, kind=kind),
            )
            for words, kind in (*found, *kinds)
        ]

    def goals(self) -> list[Goal]:
        """CP-27: every case has an outcome and an answer, what return visits raise is handled, few are upheld."""
        now, f = clock.now(), self.figures
        handled, answered = f.states(rules.HANDLED), f.states(rules.ANSWERED)
        again = [f.n(Facet.AGAIN, code) for code in rules.Again]
        asked = self.kept["goals"] if self.kept else _goals_asked(now)
        served = self.kept["served"] if self.kept else self.served(now)
        upheld = f.n(Facet.JUDGED, Judged.UPHELD)
        below = rules.share(upheld, served)
        return [
            self._at_least(_("Cases with an outcome"), handled, self.total, asked[0], live="unhandled"),
            self._at_least(_("Cases with an answer"), answered, self.total, asked[1], live="unanswered"),
            self._at_least(
                _("Points of return visits that are handled"),
                again[0],
                sum(again),
                asked[0],
                facet=Facet.AGAIN.value,
                code=rules.Again.OPEN.value,
            ),
            Goal(
                _("Upheld complaints among the customers served"),
                percent(below),
                _("under %(most)s", most=percent(Decimal(asked[2]))),
                self._met(None if below is None else below < asked[2]),
                [
                    (
                        _("upheld"),
                        number(upheld, self.links(facet=Facet.JUDGED.value, code=Judged.UPHELD.value)),
                    ),
                    (_("served"), Number(served)),
                ],
            ),
        ]

    def _at_least(self, words: str, good: int, whole: int, least: int, **missing: str) -> Goal:
        reached = rules.share(good, whole)
        numbers = [(_("done"), Number(good)), (_("open"), number(whole - good, self.links(**missing)))]
        met = self._met(None if reached is None else reached >= least)
        return Goal(words, percent(reached), percent(Decimal(least)), met, numbers)

    def _met(self, met: bool | None) -> bool | None:
        """A goal is missed only when its period is over: what is still being dealt with is no fault."""
        runs = self.asked.period.until >= clock.local(clock.now()).date()
        return None if runs and not met else met

    def served(self, now: datetime) -> int:
        """The figure of the general office is the company's; a department has its own cases."""
        a = self.asked
        whole = a.reach.departments is None and not a.department
        everybody = self.figures if not a.kind else queries.figures(a.reach, a.period, a.department)
        per_month = policies.number("goal.served", now) if whole else 0
        return rules.served(per_month, everybody.n(Facet.CASE), a.period.days)

    def sections(self) -> list[Section]:
        """Every table of the report, in order."""
        found = [
            self._by("category", _("By category"), Facet.CATEGORY, Category, chart="bar"),
            self._departments(),
            self._by(
                "cause", _("By cause"), Facet.FINDING, Finding, note=_("as found with the solution (CP-34)")
            ),
            self._by("channel", _("By channel"), Facet.CHANNEL, Channel),
        ]
        return [*found, *self._trend(), self._limits(), *([] if self.kept else [self._customers()])]

    def _by(
        self, name: str, title: str, facet: Facet, codes: type[StrEnum], chart: str = "", note: str = ""
    ) -> Section:
        whole = sum(self.figures.n(facet, code) for code in codes)
        rows = [
            Bar(
                str(LABELS[codes][code]),
                number(self.figures.n(facet, code), self.links(facet=facet.value, code=code.value)),
                percent(rules.share(self.figures.n(facet, code), whole)),
                self.before.n(facet, code),
            )
            for code in codes
        ]
        return Section(name, title, rows, chart, note)

    def _departments(self) -> Section:
        places = departments_of(self.asked.reach)
        if self.asked.reach.departments is None:
            places.append(UNROUTED)
        rows = [
            Bar(
                where(code),
                number(self.figures.n(Facet.CASE, department=code), self.links(department=code)),
                percent(rules.share(self.figures.n(Facet.CASE, department=code), self.total)),
                self.before.n(Facet.CASE, department=code),
            )
            for code in places
            if self.asked.department in {"", code}
        ]
        return Section("department", _("By department"), rows, "bar")

    def _limits(self) -> Section:
        rows = []
        for kind in IN_REPORT:
            met, late = self.figures.limits(kind)
            codes = [rules.clock_code(kind, how) for how in Kept]
            urls = [self.links(facet=Facet.CLOCK.value, code=code) for code in codes]
            rows.append(
                Bar(
                    str(CLOCKS[kind]),
                    number(met, urls[0]),
                    percent(rules.share(met, met + late)),
                    None,
                    number(late, urls[1]),
                )
            )
        return Section("limits", _("Limits kept"), rows, of_rates=True)

    def _trend(self) -> Iterable[Section]:
        found = self.trend
        weeks = [
            Bar(_week(monday), number(n, self._between(monday, monday + timedelta(days=6))))
            for monday, n in found.weeks.items()
        ]
        months = [
            Bar(f"{month:%Y-%m}", number(n, self._month(rules.month_of(month))))
            for month, n in found.months.items()
        ]
        yield Section("weeks", _("By week"), weeks, "line")
        yield Section("months", _("By month"), months, "line", _("up to the end of the period"))

    def _between(self, first: date, last: date) -> str:
        period = self.asked.period
        return self.links(since=max(first, period.since), until=min(last, period.until))

    def _month(self, month: Period) -> str:
        return self.links(since=month.since, until=month.until)

    def _customers(self) -> Section:
        a = self.asked
        rows = [
            Bar(f"{customers.masked(phone)} {name}".strip(), number(n, self.links(customer=case_id)))
            for phone, name, case_id, n in queries.customers(a.reach, a.period, a.department, a.kind)
        ]
        return Section(
            "customers", _("Customers who came most often"), rows, note=_("by phone, twice at least")
        )


def _goals_asked(now: datetime) -> list[int]:
    return [policies.number(f"goal.{name}", now) for name in ("handled", "answered", "upheld")]


def _days(written: dict[str, int]) -> dict[date, int]:
    return {date.fromisoformat(day): n for day, n in written.items()}


def _week(monday: date) -> str:
    year, week, _weekday = monday.isocalendar()
    return f"{year}-W{week:02} ({monday:%m-%d})"


def when(period: Period) -> str:
    """A period as people read it."""
    if period.quarterly:
        return _("Quarter %(quarter)s of %(year)s", quarter=period.code[-1], year=period.code[:4])
    if period.code:
        return period.code
    return f"{period.since} – {period.until}"


def drawn(asked: Asked, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    """All that a report's page, print and workbook draw; `kept` are the figures of a signed one."""
    report = Report(asked, kept)
    return {
        "asked": asked,
        "when": when(asked.period),
        "before": when(asked.period.before),
        "tiles": report.tiles(),
        "goals": report.goals(),
        "sections": report.sections(),
        "company_wide": asked.reach.departments is None and not asked.department,
    }


def choices(reach: Reach) -> dict[str, Any]:
    """What a report may be chosen by."""
    today = clock.local(clock.now()).date()
    months = [rules.month_of(rules.months_back(today, back)) for back in range(12)]
    quarters = [rules.quarter_of(rules.months_back(today, 3 * back)) for back in range(6)]
    return {
        "months": [(p.code, when(p)) for p in months],
        "quarters": [(p.code, when(p)) for p in quarters],
        "departments": [(code, department_name(code)) for code in departments_of(reach)],
        "kinds": [(kind.value, label(kind)) for kind in Kind],
    }


def sheet(told: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    """The lines of a report as a workbook has them: table, line, number, overrun, share, period before."""
    for words, shown, before in told["tiles"]:
        yield _("Cases"), words, shown.n, None, None, before
    for goal in told["goals"]:
        yield _("Goals (CP-27)"), goal.words, None, None, goal.reached, goal.asked
    for section in told["sections"]:
        for row in section.rows:
            late = row.late.n if row.late else None
            yield section.title, row.words, row.n.n, late, row.share or None, row.before
