"""What is under repair when a post changes hands (DR-09); an unfinished major repair is a ground to refuse (DR-11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.repairs.codes import OPEN
from portal.blueprints.duty.repairs.models import Repair
from portal.i18n import _l
from portal.kernel import handing
from portal.kernel.handing import line

handing.CAPTIONS.update({
    "repair": _l("Repair not finished"),
    "repair_major": _l("Major repair not finished (DR-11)"),
})  # fmt: skip


def what_is_open(department: str, _now: datetime) -> list[sa.Select[Any]]:
    """The department's repair orders that are not accepted yet, the major ones by themselves."""
    of_department = sa.and_(Repair.department == department, Repair.state.in_(OPEN))
    return [
        line(kind, "/duty/repairs/", Repair.number, Repair.what, Repair.due_at, "repair").where(
            of_department, Repair.major.is_(major)
        )
        for kind, major in (("repair_major", True), ("repair", False))
    ]


handing.PROVIDERS.append(what_is_open)
