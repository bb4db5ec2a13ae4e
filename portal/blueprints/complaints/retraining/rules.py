"""When a case or an improvement case may ask for somebody's training; pure (GO-02, CP-34)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.complaints.codes import Finding, State
from portal.blueprints.complaints.improvements.codes import State as ImprovementState
from portal.kernel.workflow import Reason

TAUGHT_BY = frozenset({Finding.BREACH, Finding.MISTAKE})


def may_ask(by: Any, department: str | None) -> bool:
    """The general office and the manager for all, a lead for the own department."""
    above = by.role == "office" or by.is_manager or by.is_director
    return above or department in by.leads


def against_case(case: Any) -> Iterable[Reason]:
    """CP-34: a closed case in which a breach or a mistake was found teaches somebody something."""
    if case.state is not State.ARCHIVED:
        yield Reason("GO-02", "case_not_closed")
    if case.finding not in TAUGHT_BY:
        yield Reason("CP-34", "nothing_to_learn")


def against_improvement(improvement: Any) -> Iterable[Reason]:
    """CP-21: an improvement case asks for training once its root cause is known, and as long as it was not cancelled."""
    if improvement.cause is None:
        yield Reason("CP-21", "cause_unknown")
    if improvement.state is ImprovementState.CANCELLED:
        yield Reason("GO-02", "improvement_cancelled")


def against_person(by: Any, person: Any) -> Iterable[Reason]:
    """GO-02: a lead has the own people trained; the general office and the manager everybody."""
    if not may_ask(by, person.department):
        yield Reason("GO-02", "trains_own_people")
