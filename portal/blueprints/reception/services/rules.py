"""Who somebody is to a meal or to lodging, and what stands in the way; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason


@dataclass(frozen=True)
class Around:
    """What must be known of the visit: whose department, whose guest, who comes."""

    department: str | None = None
    host_id: int | None = None
    who: str = ""


def leads(department: str | None, by: Any) -> bool:
    """RC-12: true for who may ask without asking: the department's lead; the general manager stands above."""
    return department in by.leads or by.is_manager


def standing(service: Any, by: Any) -> frozenset[str]:
    """Who somebody is: lead of the department visited, host ("the salesperson"), desk, who asked."""
    around: Around = service.around
    found = {
        "lead": leads(around.department, by),
        "host": around.host_id == by.id,
        "desk": by.role in {Role.DESK, Role.OFFICE},
        "asker": service.asked_by_id == by.id,
    }
    return frozenset(name for name, is_so in found.items() if is_so)


def place_named(attempt: Attempt) -> Reason | None:
    """RC-12: what was arranged names the restaurant or the hotel."""
    known = attempt.given.get("what") or attempt.subject.what
    return None if known else Reason("RC-12", "service_unnamed")


def cost_known(attempt: Attempt) -> Reason | None:
    """RC-12: what is done says what it cost; 0 where nothing was to pay."""
    given = attempt.given.get("cost")
    known = given if given is not None else attempt.subject.cost
    return Reason("RC-12", "service_cost") if known is None else None
