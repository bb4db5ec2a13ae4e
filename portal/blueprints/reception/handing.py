"""What reception has open when a post of its department changes hands (DR-09)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception.codes import ADMINISTRATION, PRESENT
from portal.blueprints.reception.keeping.models import Deposit, KeyLoan
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.parcels.codes import State as ParcelState
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.supplies.models import Supply
from portal.i18n import _l
from portal.kernel import handing
from portal.kernel.handing import line

handing.CAPTIONS.update({
    "visit": _l("Visitor on site"),
    "deposit": _l("Deposit not collected"),
    "key_loan": _l("Key out"),
    "parcel": _l("Letter or parcel not collected"),
    "supply": _l("Supply low"),
})  # fmt: skip


def what_is_open(department: str, _now: datetime) -> list[sa.Select[Any]]:
    """Visitors on site, deposits and keys that are out, what was not collected, supplies below their minimum."""
    if department != ADMINISTRATION:
        return []
    return [
        line("visit", "/reception/visits/", Visit.number, Visit.visitor_name).where(Visit.state.in_(PRESENT)),
        line(
            "deposit", "/reception/deposits/", Deposit.number, Deposit.name, Deposit.due_at, "deposit"
        ).where(Deposit.returned_at.is_(None), Deposit.lost_at.is_(None)),
        line(
            "key_loan", "/reception/keys/", KeyLoan.number, KeyLoan.name, KeyLoan.due_at, "key_return"
        ).where(KeyLoan.returned_at.is_(None), KeyLoan.lost_at.is_(None)),
        line("parcel", "/reception/parcels/", Parcel.number, Parcel.sender, Parcel.due_at, "parcel").where(
            Parcel.state == ParcelState.WAITING
        ),
        line("supply", "/reception/supplies/", Supply.code, Supply.name).where(
            Supply.active, Supply.on_hand < Supply.minimum
        ),
    ]


handing.PROVIDERS.append(what_is_open)
