"""What RC-15 says about supplies and their purchase; pure. A gate answers with its reason, or with nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.reception.codes import ADMINISTRATION, State
from portal.kernel.workflow import Attempt, Reason

CLAUSE = "RC-15"
UNDO = timedelta(minutes=10)  # a touch can be taken back so long
# Visits at which nobody is served any more.
UNSERVED = frozenset({State.CANCELLED, State.NO_SHOW, State.ARCHIVED})


def keeps_stock(viewer: Any) -> bool:
    """RC-15: true for whoever keeps the supplies: the front desk, the administration, the general office."""
    return (
        viewer.role in {"desk", "office"}
        or viewer.department == ADMINISTRATION
        or ADMINISTRATION in viewer.leads
    )


def sets_minimum(viewer: Any) -> bool:
    """RC-15: true for whoever says what is kept and how much of it: the head of administration, the office."""
    return viewer.role == "office" or ADMINISTRATION in viewer.leads


def serves(visit: Any, viewer: Any) -> bool:
    """RC-15: true for whoever may write down what a visit used: who keeps the stock, and the visit's host."""
    return keeps_stock(viewer) or viewer.id in {visit.host_id, visit.created_by_id}


def visit_takes_supplies(visit: Any) -> Reason | None:
    """RC-15: a visit that was cancelled, did not come or is archived uses nothing."""
    return Reason(CLAUSE, "visit_over") if visit.state in UNSERVED else None


def undone_in_time(movement: Any, now: datetime) -> Reason | None:
    """RC-15: only a use is taken back, and only for ten minutes; later the stock is counted."""
    if movement.kind != "used":
        return Reason(CLAUSE, "only_a_use")
    return Reason(CLAUSE, "too_late") if now - movement.at > UNDO else None


def proposed(on_hand: int, minimum: int, under_way: int = 0) -> int:
    """RC-15: how much of a low supply to ask for: up to twice the minimum, less what is under way already."""
    return max(0, 2 * minimum - on_hand - under_way) if on_hand < minimum else 0


def unexplained(on_hand: int, counted: int, note: str) -> bool:
    """RC-15, DR-08: a count that differs from the books needs an explanation."""
    return counted != on_hand and not note


# -- purchase requests -----------------------------------------------------------------------------------------------


def standing(purchase: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a purchase request."""
    roles = {
        "asker": purchase.asked_by_id == by.id,
        "keeper": keeps_stock(by),
        "approver": sets_minimum(by) or by.is_manager,
        "buyer": by.id in purchase.buyers or by.role == "office",
    }
    return frozenset(role for role, holds in roles.items() if holds)


def sees_purchase(purchase: Any, by: Any) -> bool:
    """RC-15: true for everybody who has a part in a purchase request."""
    return bool(standing(purchase, by))


def another_decides(attempt: Attempt) -> Reason | None:
    """RC-15: nobody decides about what they asked for."""
    return Reason(CLAUSE, "own_purchase") if attempt.subject.asked_by_id == attempt.by.id else None


def not_bought(purchase: Any) -> Reason | None:
    """RC-15: what was bought is not bought again."""
    return Reason(CLAUSE, "bought_already") if purchase.bought_at else None


def nothing_came(purchase: Any) -> Reason | None:
    """RC-15: a request of which something has come is ended by its receipt."""
    return Reason(CLAUSE, "something_came") if purchase.received_at else None


def waiting(purchase: Any) -> list[tuple[str, str]]:
    """What a purchase request waits for: verb and whose."""
    if purchase.state == "asked":
        return [("approve", "approver")]
    if purchase.state != "approved":
        return []
    if purchase.bought_at or purchase.received_at:
        return [("receive", "keeper")]
    return [("buy", "buyer")]
