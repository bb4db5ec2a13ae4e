"""Which state of a service order may follow which, by whose hand: a table (CP-30)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.complaints.orders import rules
from portal.blueprints.complaints.orders.codes import OPEN, UNDONE, OrderState
from portal.kernel.workflow import Gate, Step, Workflow

S = OrderState


def _row(
    verb: str, sources: Iterable[OrderState], to: OrderState | None, who: str, *gates: Gate, **more: Any
) -> Step:
    return Step(verb, frozenset(sources), to, frozenset(who.split()), "CP-30", gates, **more)


# The order is the order in which a page offers them: what moves the order first.
STEPS = (
    _row("approve", {S.ASKED}, S.APPROVED, "lead", rules.another_approves),
    _row(
        "assign",
        {S.APPROVED, S.ASSIGNED, S.DONE},
        S.ASSIGNED,
        "lead",
        rules.technician_fits,
        rules.outside_answered,
        also=("CP-09",),
    ),
    _row("done", {S.ASSIGNED}, S.DONE, "technician lead", rules.work_was_done, rules.no_more_than_the_charge),
    _row(
        "invoice",
        {S.DONE},
        None,
        "technician desk lead",
        rules.invoice_fits,
        when=(rules.something_charged,),
    ),
    _row(
        "hand-in",
        {S.DONE},
        None,
        "technician desk lead",
        rules.invoiced_first,
        when=(rules.money_to_hand_in,),
    ),
    _row("accept", {S.DONE}, S.ACCEPTED, "desk technician lead", rules.nothing_left_open),
    _row("work", {S.ASSIGNED}, None, "technician lead"),
    _row("swap", {S.ASSIGNED}, None, "technician lead"),
    _row("take", {S.ASKED, S.APPROVED, S.ASSIGNED}, None, "technician desk lead"),
    _row("give-back", OPEN, None, "technician desk lead", when=(rules.something_out,)),
    _row(
        "outside",
        {S.APPROVED, S.ASSIGNED},
        S.ASSIGNED,
        "technician desk lead asker",
        rules.manager_consents,
        when=(rules.only_urgent,),
    ),
    _row("cancel", {S.ASKED, S.APPROVED, S.ASSIGNED}, S.CANCELLED, "asker desk lead", rules.nothing_kept),
    _row("edit", UNDONE, None, "asker technician desk lead"),
    _row("note", OPEN, None, "technician asker desk lead"),
)

ORDER = Workflow("order", STEPS, rules.standing)
