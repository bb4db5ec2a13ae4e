"""How much is open in the house: each area counts its own, one statement asks them all (DR-01).

Numbers only: whoever reads them learns of no case and of no visitor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db


@dataclass(frozen=True)
class Sort:
    """A sort of open matters: what people call it, where its list is, and how it is counted at a moment."""

    name: str
    caption: Any
    endpoint: str
    order: int
    counted: Callable[[datetime], sa.Select[Any]]


SORTS: list[Sort] = []


def counts(now: datetime) -> list[tuple[Sort, int]]:
    """Every sort and how many there are of it, in its order; one statement."""
    asked = sorted(SORTS, key=lambda sort: sort.order)
    if not asked:
        return []
    columns = [sort.counted(now).scalar_subquery().label(sort.name) for sort in asked]
    row = db.session.execute(sa.select(*columns)).one()
    return [(sort, row._mapping[sort.name]) for sort in asked]
