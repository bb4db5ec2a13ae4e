"""What a department's day looked like in figures (DR-18): each area counts its own, one statement asks them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.db import db

# Department, begin and end of the day -> statements made by `counted`. An area adds its own.
Provider = Callable[[str, datetime, datetime], list[sa.Select[Any]]]
PROVIDERS: list[Provider] = []
CAPTIONS: dict[str, Any] = {}  # kind -> what people call it, in the order of the report


def counted(kind: str, key: Any) -> Any:
    """What a provider answers, up to its conditions: how many rows of a kind there are."""
    return sa.select(sa.literal(kind).label("kind"), sa.func.count(key).label("number"))


def lines(department: str, begins: datetime, ends: datetime) -> dict[str, int]:
    """Kind -> how many, in the order of the captions; one statement, nothing where nobody counts."""
    asked = [statement for provider in PROVIDERS for statement in provider(department, begins, ends)]
    if not asked:
        return {}
    found = {row.kind: row.number for row in db.session.execute(sa.union_all(*asked))}
    return {kind: found[kind] for kind in CAPTIONS if kind in found}
