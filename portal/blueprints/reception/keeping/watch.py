"""What the kernel asks about deposits, key loans and goods passes: their ends, whom a step tells, what waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.blueprints.reception.keeping import rules
from portal.blueprints.reception.keeping.codes import Direction, Held, PassState
from portal.blueprints.reception.keeping.models import Deposit, GoodsPass, KeyLoan
from portal.kernel import company_calendar, inbox, policies, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.limits import Limit, due
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told
from portal.kernel.todos import Wanted

Kept = TypeVar("Kept", Deposit, KeyLoan, GoodsPass)


def usual_end(figure: str, now: datetime) -> datetime:
    """When something that is handed over now is expected back, by the general office's figure."""
    return due(now, Limit.parse(policies.value(figure, now)), company_calendar.current())


def told(own: int | None, department: str, audience: str) -> Told:
    """The persons behind an audience's name; an empty seat passes the message up."""
    staff = reference.staff()
    desk, office = staff.with_role(Role.DESK), staff.with_role(Role.OFFICE)
    manager = staff.holding(Position.GENERAL_MANAGER)
    lead = [staff.leads_of(department), manager, office]
    rungs = {
        "lead": lead,
        "supervisor": lead,
        "office": [office],
        "director": [staff.holding(Position.OFFICE_DIRECTOR), office],
        "manager": [manager, office],
    }.get(audience, [desk, office])
    if audience == "handler" and own is not None and staff.active(own):
        rungs = [[own], *rungs]
    return Told(*staff.climb(rungs))


class DepositWatch:
    """The answers about deposits; one that is nearly due waits on the desk's day."""

    def load(self, subject_id: int) -> Deposit | None:
        """The deposit, locked for this write."""
        return _load(Deposit, subject_id)

    def address(self, subject: Deposit) -> str:
        """Where it is given back."""
        return f"/reception/deposits/{subject.number}"

    def start(self, subject: Deposit, kind: str, now: datetime) -> None:
        """Until when it is expected to be fetched (RC-27)."""
        timers.start(subject, kind, now=now, clause="RC-27", basis=Basis.CASE, ends_at=subject.due_at)

    def pauses(self, subject: Deposit) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Deposit, audience: str) -> Told:
        """Whom a step of the ladder reaches."""
        return told(None, ADMINISTRATION, audience)

    def clocks_moved(self, subject: Deposit, now: datetime) -> None:
        """Put up what waits for the desk."""
        wanted = (
            [Wanted("release-deposit", "desk", subject.due_at, subject.since)] if _late(subject, now) else []
        )
        _wait(subject, wanted, now, f"{subject.tag.number} {subject.name}", self.address(subject))


class KeyWatch:
    """The answers about key loans: a colleague sees the own one from the first day, the desk when it is nearly due."""

    def load(self, subject_id: int) -> KeyLoan | None:
        """The loan, locked for this write."""
        return _load(KeyLoan, subject_id)

    def address(self, subject: KeyLoan) -> str:
        """Where it is given back."""
        return f"/reception/keys/{subject.number}"

    def start(self, subject: KeyLoan, kind: str, now: datetime) -> None:
        """Until when it is lent (RC-26)."""
        timers.start(subject, kind, now=now, clause="RC-26", basis=Basis.CASE, ends_at=subject.due_at)

    def pauses(self, subject: KeyLoan) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: KeyLoan, audience: str) -> Told:
        """Whom a step of the ladder reaches; a colleague's lead answers for a colleague."""
        card = reference.staff().cards.get(subject.borrower_id or 0)
        return told(subject.borrower_id, card.department if card else ADMINISTRATION, audience)

    def clocks_moved(self, subject: KeyLoan, now: datetime) -> None:
        """Put up what waits for whom."""
        wanted = []
        if subject.state is Held.OUT and subject.borrower_id is not None:
            to = f"person:{subject.borrower_id}"
            wanted.append(Wanted("bring-key-back", to, subject.due_at, subject.since))
        if _late(subject, now):
            wanted.append(Wanted("take-key-back", "desk", subject.due_at, subject.since))
        _wait(subject, wanted, now, f"{subject.key.number} {subject.name}", self.address(subject))


class GoodsWatch:
    """The answers about goods passes: no limit runs on them, but they wait for somebody."""

    def load(self, subject_id: int) -> GoodsPass | None:
        """The pass, locked for this write."""
        return _load(GoodsPass, subject_id)

    def address(self, subject: GoodsPass) -> str:
        """Where it is dealt with."""
        return f"/reception/goods/{subject.number}"

    def start(self, subject: GoodsPass, kind: str, now: datetime) -> None:
        """A pass has no clock."""
        raise LookupError(kind)

    def pauses(self, subject: GoodsPass) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: GoodsPass, audience: str) -> Told:
        """The asker as the handler, else as for the things of the desk."""
        return told(subject.asked_by_id, subject.department, audience)

    def clocks_moved(self, subject: GoodsPass, now: datetime) -> None:
        """Put up what waits for whom: the lead's approval of what goes out, then the desk's look (RC-26)."""
        wanted: list[Wanted] = []
        asks = subject.state is PassState.ASKED and subject.direction is Direction.OUT
        if asks:
            able = set(reference.staff().leads_of(subject.department)) - {subject.asked_by_id}
            wanted = [Wanted("approve-goods", f"lead:{subject.department}" if able else "office")]
        elif subject.state in {PassState.ASKED, PassState.APPROVED}:
            wanted = [Wanted("check-goods", "desk")]
        _wait(
            subject, wanted, now, subject.what, self.address(subject), subject.asked_by_id if asks else None
        )


def _load(model: type[Kept], subject_id: int) -> Kept | None:
    wanted = sa.select(model).where(model.id == subject_id).with_for_update(of=model)
    return db.session.scalars(wanted).one_or_none()


def _late(subject: Deposit | KeyLoan, now: datetime) -> bool:
    return subject.state is Held.OUT and rules.soon(subject.since, subject.due_at, now)


def _wait(
    subject: Any, wanted: Iterable[Wanted], now: datetime, title: str, address: str, barred: int | None = None
) -> None:
    todos.replace(subject, wanted, now=now, title=title[:60], address=address, barred_id=barred)


DEPOSITS, KEYS, GOODS = DepositWatch(), KeyWatch(), GoodsWatch()
timers.WATCHED["deposit"] = DEPOSITS
timers.WATCHED["key_loan"] = KEYS
timers.WATCHED["goods_pass"] = GOODS


def tell_asker(goods: GoodsPass, kind: str, now: datetime, *, by: int) -> None:
    """Tell whoever asked for a pass what became of it."""
    if goods.asked_by_id != by:
        inbox.tell([goods.asked_by_id], kind, goods, now=now, address=GOODS.address(goods), clause="RC-26")
