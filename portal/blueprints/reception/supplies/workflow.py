"""Which state of a purchase request may follow which, by whose hand: a table (RC-15)."""

from __future__ import annotations

from typing import Any

from portal.blueprints.reception.supplies import rules
from portal.blueprints.reception.supplies.codes import PurchaseState
from portal.kernel.workflow import Gate, Step, Workflow

S = PurchaseState


def _row(verb: str, source: S, to: S | None, who: str, *gates: Gate, **more: Any) -> Step:
    return Step(verb, frozenset({source}), to, frozenset(who.split()), rules.CLAUSE, gates, **more)


# The order is the order in which a page offers them.
STEPS = (
    _row("approve", S.ASKED, S.APPROVED, "approver", rules.another_decides),
    _row("decline", S.ASKED, S.DECLINED, "approver", rules.another_decides),
    _row("buy", S.APPROVED, None, "buyer", when=(rules.not_bought,)),
    # Something may come without the purchaser's word, and not all at once: then the state waits.
    _row("receive", S.APPROVED, S.RECEIVED, "keeper"),
    _row("cancel", S.ASKED, S.CANCELLED, "asker approver"),
    _row("cancel", S.APPROVED, S.CANCELLED, "asker approver", when=(rules.nothing_came,)),
)

PURCHASE = Workflow("purchase", STEPS, rules.standing)
