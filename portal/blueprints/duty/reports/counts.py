"""What duty counts for a department's daily report (DR-18): log, handovers, checklists, checks, rounds, repairs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.checklists.models import Checklist
from portal.blueprints.duty.handover.models import Handover
from portal.blueprints.duty.inspections.codes import State as RoundState
from portal.blueprints.duty.inspections.models import Round
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.repairs.models import Repair
from portal.blueprints.duty.spot_checks.models import DutyCheck
from portal.i18n import _l
from portal.kernel import daily

daily.CAPTIONS.update({
    "log_entries": _l("Entries of the shift log"),
    "major_entries": _l("Major problems in the log"),
    "handovers": _l("Handovers signed"),
    "refusals": _l("Handovers refused and not signed yet"),
    "checklists": _l("Checklists signed"),
    "checks": _l("Checks on duty"),
    "rounds_done": _l("Inspections done"),
    "rounds_missed": _l("Inspections missed"),
    "repairs_registered": _l("Repair orders registered"),
    "repairs_accepted": _l("Repair orders accepted"),
})  # fmt: skip


def of_day(department: str, begins: datetime, ends: datetime) -> list[sa.Select[Any]]:
    """What happened at the department's posts and with its equipment; for one without them a line of noughts."""

    def counted(kind: str, model: Any, at: Any) -> sa.Select[Any]:
        ours = sa.exists().where(Post.id == model.post_id, Post.department == department)
        found: sa.Select[Any] = daily.counted(kind, model.id).where(ours, at.between(begins, ends))
        return found

    def of_its_own(kind: str, model: Any, at: Any) -> sa.Select[Any]:
        found: sa.Select[Any] = daily.counted(kind, model.id)
        return found.where(model.department == department, at.between(begins, ends))

    return [
        counted("log_entries", LogEntry, LogEntry.at),
        counted("major_entries", LogEntry, LogEntry.at).where(LogEntry.major),
        counted("handovers", Handover, Handover.signed_at),
        counted("refusals", Handover, Handover.changes_at).where(Handover.ground.is_not(None)),
        counted("checklists", Checklist, Checklist.signed_at),
        counted("checks", DutyCheck, DutyCheck.checked_at),
        of_its_own("rounds_done", Round, Round.done_at),
        of_its_own("rounds_missed", Round, Round.state_since).where(Round.state == RoundState.MISSED),
        of_its_own("repairs_registered", Repair, Repair.registered_at),
        of_its_own("repairs_accepted", Repair, Repair.accepted_at),
    ]


daily.PROVIDERS.append(of_day)
