"""Whose figures somebody sees (CP-21), and the counters of a span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.counters import TABLE
from portal.blueprints.complaints.figures.rules import Period
from portal.blueprints.complaints.reach import C
from portal.kernel import reference
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

N = TABLE.c
UNROUTED = "none"  # in an address: no department yet


@dataclass(frozen=True)
class Reach:
    """Whose figures somebody sees. What is counted here is always among the cases that the person may see."""

    viewer: Viewer
    departments: tuple[str, ...] | None  # None: the whole company
    confidential: bool  # tip-offs too, which are the general office's alone (CP-04)

    def of(self, table: Any, about: Any) -> list[sa.ColumnElement[bool]]:
        """The conditions on cases, or on counters: never what is about the viewer (CP-09)."""
        wanted = [about]
        if not self.confidential:
            wanted.append(sa.not_(table.confidential))
        if self.departments is not None:
            wanted.append(table.department.in_(self.departments))
        return wanted

    def of_cases(self) -> list[sa.ColumnElement[bool]]:
        """The conditions on cases."""
        return self.of(C, self.about(C))

    def about(self, cases: Any) -> sa.ColumnElement[bool]:
        """The condition that a case is not about the viewer."""
        concerned = cases.person_concerned_id
        return sa.or_(concerned.is_(None), concerned != self.viewer.id)


def reach(viewer: Viewer) -> Reach | None:
    """CP-21: the general office sees the company, the desk and the managers all but tip-offs, a lead the own
    departments; nobody else has figures."""
    if viewer.role is Role.OFFICE:
        return Reach(viewer, None, confidential=True)
    if viewer.role is Role.DESK or viewer.is_manager or viewer.is_director:
        return Reach(viewer, None, confidential=False)
    return Reach(viewer, tuple(sorted(viewer.leads)), confidential=False) if viewer.leads else None


def departments_of(asked: Reach) -> list[str]:
    """The departments that the figures tell apart, in the company's order."""
    every = reference.staff().departments
    return [code for code in every if asked.departments is None or code in asked.departments]


def within(period: Period) -> sa.ColumnElement[bool]:
    stretches = rules.covering(period.since, period.until)
    return sa.or_(
        sa.false(), *(sa.and_(N.grain == s.grain, N.since.between(s.first, s.last)) for s in stretches)
    )


def counted(asked: Reach, department: str, kind: str) -> list[sa.ColumnElement[bool]]:
    wanted = asked.of(N, N.about != asked.viewer.id)
    if department:
        wanted.append(N.department == ("" if department == UNROUTED else department))
    if kind:
        wanted.append(N.kind == kind)
    return wanted
