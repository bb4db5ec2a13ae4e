"""What DR-13 says of repair orders: who does what, and that nobody checks or accepts the own work; pure."""

from __future__ import annotations

from typing import Any

from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

Found = Reason | None


def may_register(viewer: Any, on_duty: bool) -> bool:
    """DR-13: whoever is on duty, the desk, the general office and the leads register a breakdown."""
    return on_duty or viewer.role in {Role.DESK, Role.OFFICE} or bool(viewer.leads)


def standing(repair: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a repair order. An outside firm's work is told by the lead or by whoever is responsible."""
    lead = repair.department in by.leads or by.role is Role.OFFICE
    responsible = repair.equipment is not None and repair.equipment.responsible_id == by.id
    outside = repair.assignee_id is None and bool(repair.firm)
    roles = {
        "lead": lead,
        "responsible": responsible,
        "assignee": repair.assignee_id == by.id or (outside and (lead or responsible)),
        "witness": by.role is Role.DESK
        or by.id == repair.registered_by_id
        or by.department == repair.department,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def somebody_repairs(attempt: Attempt) -> Found:
    """DR-13: it is given to a colleague or to an outside firm, and to one of them only."""
    person, firm = attempt.given.get("assignee"), attempt.given.get("firm")
    return None if bool(person) != bool(firm) else Reason("DR-13", "repair_for_one")


def another_checks(attempt: Attempt) -> Found:
    """DR-13: another person than the one who did it checks it again."""
    return Reason("DR-13", "doer_rechecks") if _did(attempt) else None


def another_accepts(attempt: Attempt) -> Found:
    """DR-13: nobody accepts the own work."""
    return Reason("DR-13", "doer_accepts") if _did(attempt) else None


def _did(attempt: Attempt) -> bool:
    repair = attempt.subject
    return attempt.by.id in {repair.done_by_id, repair.assignee_id}
