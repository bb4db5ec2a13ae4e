"""What waits for whom around a sample, and who is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.spot_checks.codes import CUSTOMER_SERVICE, State
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.blueprints.complaints.spot_checks.workflow import CALL, RATE, SETTLE
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Pauses, Told


def leads(department: str) -> tuple[list[int], bool]:
    """Who answers for a department; an empty seat passes the matter to the general manager, then the office."""
    staff = reference.staff()
    rungs = [
        staff.leads_of(department),
        staff.holding(Position.GENERAL_MANAGER),
        staff.with_role(Role.OFFICE),
    ]
    return staff.climb(rungs)


def _waits_for(department: str) -> str:
    return f"lead:{department}" if reference.staff().leads_of(department) else "office"


class SpotWatch:
    """The part's answers to the timers: a check has no clocks, only tasks."""

    def load(self, subject_id: int) -> SpotCheck | None:
        """The check, locked for this write."""
        return db.session.scalars(
            sa.select(SpotCheck).where(SpotCheck.id == subject_id).with_for_update()
        ).one_or_none()

    def told(self, subject: SpotCheck, audience: str) -> Told:
        """No ladder names anybody here."""
        return Told([])

    def address(self, subject: SpotCheck) -> str:
        """Where the check is dealt with."""
        return f"/complaints/spot-checks/{subject.id}"

    def start(self, subject: SpotCheck, kind: str, now: datetime) -> None:
        """No row of the workflow starts a clock."""
        raise LookupError(kind)

    def pauses(self, subject: SpotCheck) -> Pauses:
        """Nothing stands still."""
        return []

    def clocks_moved(self, subject: SpotCheck, now: datetime) -> None:
        """Put up what waits after a change: the finding, and what is left of the sample."""
        open_ = subject.state is State.CALLED and subject.task_department
        wanted = [todos.Wanted(SETTLE, _waits_for(subject.task_department))] if open_ else []  # type: ignore[arg-type]  # open_ says so
        todos.replace(
            subject,
            wanted,
            now=now,
            title=subject.number,
            address=self.address(subject),
            barred_id=subject.barred_id,
        )
        put_up(db.session.get_one(SpotSample, subject.sample_id), now)


WATCH = SpotWatch()
timers.WATCHED["spot_check"] = WATCH


def put_up(sample: SpotSample, now: datetime) -> None:
    """One matter a sample, not one a row: a head's day would be nothing but calls."""
    db.session.flush()
    ours = SpotCheck.sample_id == sample.id
    left = sa.select(
        sa.func.count().filter(SpotCheck.state == State.DRAWN),
        sa.func.count().filter(SpotCheck.rating.is_(None)),
    )
    to_call, to_rate = db.session.execute(left.where(ours)).one()
    wanted = [todos.Wanted(CALL, _waits_for(CUSTOMER_SERVICE))] if to_call else []
    wanted += [todos.Wanted(RATE, _waits_for(sample.rater))] if to_rate else []
    todos.replace(
        sample,
        wanted,
        now=now,
        title=f"{sample.quarter} · {max(to_call, to_rate)}",
        address=f"/complaints/spot-checks/{sample.quarter}",
    )


def tell(department: str, kind: str, subject: Any, address: str, now: datetime, *, but: int | None) -> None:
    """Put a message into the inbox of whoever answers for the department."""
    people, climbed = leads(department)
    barred = getattr(subject, "barred_id", None)
    chosen = [i for i in people if i not in {but, barred}]
    inbox.tell(chosen, kind, subject, now=now, address=address, climbed=climbed, clause="CP-23")
