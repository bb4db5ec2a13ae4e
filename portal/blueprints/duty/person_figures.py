"""What duty counts of a person for an assessment (GO-03)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.attendance.models import AttendanceMonth, AttendanceSum
from portal.blueprints.duty.handover.codes import Side
from portal.blueprints.duty.handover.models import Handover, Signature
from portal.blueprints.duty.spot_checks.codes import State
from portal.blueprints.duty.spot_checks.models import DutyCheck, Met
from portal.i18n import _l
from portal.kernel import clock, person_figures
from portal.kernel.aspects import Aspect
from portal.kernel.person_figures import Kind, counted, times

LATE, ABSENT, REFUSED, CHECKED = "late", "absent", "handover_refused", "duty_check"
_ATTENDANCE = "/duty/attendance/"
person_figures.KINDS.update({
    LATE: Kind(_l("Late, in closed months"), Aspect.ATTITUDE, _ATTENDANCE, minus="assessment.minus.late"),
    ABSENT: Kind(_l("Absent, in closed months"), Aspect.ATTITUDE, _ATTENDANCE, minus="assessment.minus.absent"),
    REFUSED: Kind(
        _l("Own handovers that were refused"), Aspect.SKILL, "/duty/handover", minus="assessment.minus.handover"
    ),
    CHECKED: Kind(_l("Checks on duty: nothing found"), Aspect.ATTITUDE, "/duty/spot-checks/"),
})  # fmt: skip


def of_people(people: Collection[int], begins: datetime, ends: datetime) -> list[sa.Select[Any]]:
    """Sums of the closed months within the time, handovers of the outgoing side, checks that met somebody."""
    last = clock.local(ends - timedelta(seconds=1))
    months = sa.and_(
        AttendanceMonth.closed_at.is_not(None),
        AttendanceMonth.month.between(f"{clock.local(begins):%Y-%m}", f"{last:%Y-%m}"),
        AttendanceSum.person_id.in_(people),
    )
    own = sa.and_(Signature.handover_id == Handover.id, Signature.side == Side.OUTGOING)
    days = sa.func.sum(AttendanceSum.days)

    def of_months(kind: str, column: Any) -> Any:
        joined = counted(kind, AttendanceSum.person_id, sa.func.sum(column), days)
        return joined.join(AttendanceMonth, AttendanceMonth.id == AttendanceSum.month_id).where(months)

    return [
        of_months(LATE, AttendanceSum.late),
        of_months(ABSENT, AttendanceSum.absences),
        counted(REFUSED, Signature.person_id, times(Handover.ground.is_not(None)))
        .join(Handover, own)
        .where(
            Signature.person_id.in_(people), Signature.round == Handover.round, Handover.changes_at >= begins,
            Handover.changes_at < ends,
        ),
        counted(CHECKED, Met.person_id, times(DutyCheck.state == State.CLEAN))
        .join(DutyCheck, DutyCheck.id == Met.check_id)
        .where(Met.person_id.in_(people), DutyCheck.checked_at >= begins, DutyCheck.checked_at < ends),
    ]  # fmt: skip
