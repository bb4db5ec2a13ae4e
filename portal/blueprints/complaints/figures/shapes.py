"""What figures are drawn as: numbers that lead to their cases, rates, bars, sections, goals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.blueprints.complaints import queries as cases
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.behind import Behind
from portal.blueprints.complaints.figures.reach import UNROUTED, Reach
from portal.blueprints.complaints.figures.rules import Facet
from portal.drawing import department_name
from portal.i18n import _

# What the plain list of cases can filter too.
OF_THE_LIST = {"state", "department", "overdue", "kind"}


class Links:
    """The addresses behind numbers: the list of cases where it can filter so, else the list of this part."""

    def __init__(self, reach: Reach, **usual: Any) -> None:
        self.reach, self.usual = reach, usual
        self.one = reach.departments[0] if reach.departments and len(reach.departments) == 1 else ""

    def __call__(self, **wanted: Any) -> str:
        """The list of the cases registered in the period that count so."""
        behind = Behind(self.reach, **self.usual | {n: v for n, v in wanted.items() if v})
        return f"{url_for('complaints.figure_cases')}?{behind.address()}"

    def now(self, live: str = "open", department: str = "", state: str = "") -> str:
        """The list of the cases that stand so now."""
        where = department or self.one
        reachable = self.reach.departments is None or where
        if live in {"open", "overdue"} and where != UNROUTED and reachable:
            asked = cases.CaseList(
                self.reach.viewer, state=state or "open", department=where, overdue=live == "overdue"
            )
            return f"{url_for('complaints.index')}?{asked.address()}"
        facet = Facet.STATE.value if state else ""
        behind = Behind(self.reach, department=department, live=live, facet=facet, code=state)
        return f"{url_for('complaints.figure_cases')}?{behind.address()}"


@dataclass(frozen=True)
class Number:
    """A number and where it leads; nought leads nowhere."""

    n: int
    url: str = ""


@dataclass(frozen=True)
class Rate:
    """How often something came out well: the two numbers and their share."""

    good: Number
    bad: Number

    @property
    def share(self) -> str:
        return percent(rules.share(self.good.n, self.good.n + self.bad.n))


@dataclass(frozen=True)
class Bar:
    """One line of a table of a report."""

    words: str
    n: Number
    share: str = ""
    before: int | None = None
    late: Number | None = None


@dataclass(frozen=True)
class Section:
    """A table of a report, and its chart when it has one: `bar` or `line`."""

    id: str
    title: str
    rows: list[Bar]
    chart: str = ""
    note: str = ""
    of_rates: bool = False

    @property
    def points(self) -> dict[str, Any]:
        """What the chart draws."""
        return {"labels": [row.words for row in self.rows], "values": [row.n.n for row in self.rows]}


@dataclass(frozen=True)
class Goal:
    """A goal of CP-27: what it is, what was reached, what was asked."""

    words: str
    reached: str
    asked: str
    met: bool | None  # None: nothing to measure
    numbers: list[tuple[str, Number]]


def percent(value: Decimal | None) -> str:
    """A share as people read it."""
    if value is None:
        return "—"
    return f"{value.normalize():f} %" if value != value.to_integral() else f"{int(value)} %"


def number(n: int, url: str) -> Number:
    return Number(n, url if n else "")


def where(code: str) -> str:
    return {"": _("All"), UNROUTED: _("Not routed yet")}.get(code) or department_name(code)
