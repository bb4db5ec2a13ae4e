"""What the kernel asks about purchase requests, what waits for whom, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.blueprints.reception.supplies import queries, rules
from portal.blueprints.reception.supplies.models import Purchase, Supply
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Pauses, Told

PREFIX = "purchase-"  # verbs of other things wait under the same names


class PurchaseWatch:
    """The area's answers to the timers; no limit runs on a purchase request."""

    def load(self, subject_id: int) -> Purchase | None:
        """The request, locked for this write."""
        rows = sa.select(Purchase).where(Purchase.id == subject_id).with_for_update()
        return db.session.scalars(rows).one_or_none()

    def told(self, subject: Purchase, audience: str) -> Told:
        """The persons behind an audience's name."""
        staff = reference.staff()
        rungs = {
            "approver": [_others(staff.leads_of(ADMINISTRATION), subject), _others(_office(), subject)],
            "buyer": [subject.buyers],
            "keeper": [staff.with_role(Role.DESK)],
        }
        return Told(*staff.climb([*rungs[audience], _office()]))

    def address(self, subject: Purchase) -> str:
        """Where the request is dealt with; links in notices need no request."""
        return f"/reception/supplies/purchases/{subject.number}"

    def start(self, subject: Purchase, kind: str, now: datetime) -> None:
        """No limit runs on a purchase request."""
        raise LookupError(f"a purchase request has no limit {kind}")

    def pauses(self, subject: Purchase) -> Pauses:
        """A request waits for nobody's clock."""
        return []

    def clocks_moved(self, subject: Purchase, now: datetime) -> None:
        """Put up what waits for whom; after every change."""
        put_up(subject, now)


WATCH = PurchaseWatch()
timers.WATCHED["purchase"] = WATCH


def _office() -> list[int]:
    return reference.staff().with_role(Role.OFFICE)


def _others(people: list[int], purchase: Purchase) -> list[int]:
    return [i for i in people if i != purchase.asked_by_id]


def put_up(purchase: Purchase, now: datetime, *, fresh: bool = False) -> None:
    """Make *my day* say what the request waits for; who asked does not see that it waits for approval."""
    audiences = {
        "approver": [f"lead:{ADMINISTRATION}", "office"],
        "buyer": [f"person:{i}" for i in purchase.buyers],
        "keeper": ["desk"],
    }
    waits = rules.waiting(purchase)
    todos.replace(
        purchase,
        [todos.Wanted(f"{PREFIX}{verb}", who) for verb, whose in waits for who in audiences[whose]],
        now=now,
        title=purchase.reason[:60],
        address=WATCH.address(purchase),
        barred_id=purchase.asked_by_id if purchase.state == "asked" else None,
        fresh=fresh,
    )


def tell(purchase: Purchase, people: Iterable[int], kind: str, now: datetime, *, but: int) -> None:
    """Put a message about the request into these inboxes."""
    chosen = [i for i in people if i != but]
    inbox.tell(chosen, kind, purchase, now=now, address=WATCH.address(purchase), clause=rules.CLAUSE)


# -- stock that runs low ---------------------------------------------------------------------------------------------


def stocks_up() -> list[int]:
    """Whom low stock is told: the administration's clerk, else its head, else the general office."""
    staff = reference.staff()
    clerks = staff.holding(Position.CLERK, ADMINISTRATION)
    return clerks or staff.leads_of(ADMINISTRATION) or _office()


def ran_low(supply: Supply, now: datetime) -> None:
    """A use brought the stock below its minimum: say so once."""
    people = stocks_up()
    address = f"/reception/supplies/{supply.code}"
    wanted = [todos.Wanted("supply-low", f"person:{i}") for i in people]
    todos.replace(supply, wanted, now=now, title=supply.name, address=address)
    inbox.tell(people, "supply:low", supply, now=now, address=address, clause=rules.CLAUSE)


def stocked_up(supply: Supply, now: datetime) -> None:
    """There is enough again: nothing waits any more."""
    todos.replace(supply, [], now=now, title=supply.name, address=f"/reception/supplies/{supply.code}")


inbox.ABOUT["supply"] = queries.names
