"""What reception counts for a department's daily report (DR-18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception.codes import ADMINISTRATION
from portal.blueprints.reception.keeping.models import Deposit, KeyLoan
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.parcels.models import Parcel
from portal.i18n import _l
from portal.kernel import daily

daily.CAPTIONS.update({
    "visits": _l("Visitors received"),
    "deposits": _l("Deposits taken"),
    "key_loans": _l("Keys lent"),
    "parcels": _l("Letters and parcels taken in"),
})  # fmt: skip


def of_day(department: str, begins: datetime, ends: datetime) -> list[sa.Select[Any]]:
    """The front desk's department counts every visit and what the desk keeps; others the visits to them."""
    came = daily.counted("visits", Visit.id).where(Visit.arrived_at.between(begins, ends))
    if department != ADMINISTRATION:
        return [came.where(Visit.department == department)]
    return [
        came,
        daily.counted("deposits", Deposit.id).where(Deposit.taken_at.between(begins, ends)),
        daily.counted("key_loans", KeyLoan.id).where(KeyLoan.lent_at.between(begins, ends)),
        daily.counted("parcels", Parcel.id).where(Parcel.created_at.between(begins, ends)),
    ]


daily.PROVIDERS.append(of_day)
