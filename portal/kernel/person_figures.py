"""What the portal's own records say of a person over a time (GO-03): each area counts its own, one statement asks all.

An area adds its kinds to `KINDS` and what counts them to `PROVIDERS`; whoever assesses reads them and knows no area.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.kernel.aspects import Aspect
from portal.kernel.db import db


@dataclass(frozen=True)
class Kind:
    """A figure that an area keeps of a person: its words, what it says something of, how a number becomes points.

    A share is better the nearer it comes to the whole. Of what should not happen, `minus` names the figure of the
    regulations with the points that each time costs. `by_customers` marks what customers said themselves. `address`
    is where the matters are listed.
    """

    caption: Any
    aspect: Aspect
    address: str
    minus: str = ""
    by_customers: bool = False


@dataclass(frozen=True)
class Figure:
    """So many of so many, of one kind, of one person; none of none says nothing."""

    kind: str
    person_id: int
    value: int
    of: int


KINDS: dict[str, Kind] = {}
# Persons, begin and end of the time -> statements made by `counted`.
Provider = Callable[[Collection[int], datetime, datetime], list[sa.Select[Any]]]
PROVIDERS: list[Provider] = []


def times(condition: Any) -> Any:
    """How many of the rows fulfil it."""
    return sa.func.sum(sa.case((condition, 1), else_=0))


def counted(kind: str, person: Any, value: Any, whole: Any = None) -> Any:
    """What a provider answers, up to its conditions: a person's number, and of how many; of the rows unless said."""
    return sa.select(
        sa.literal(kind).label("kind"),
        person.label("person_id"),
        value.label("value"),
        (sa.func.count() if whole is None else whole).label("whole"),
    ).group_by(person)


def of(people: Collection[int], begins: datetime, ends: datetime) -> list[Figure]:
    """Every figure of these persons, in the order of the kinds; one statement, none where nobody counts."""
    asked = [statement for provider in PROVIDERS for statement in provider(people, begins, ends)]
    if not asked or not people:
        return []
    places = {kind: place for place, kind in enumerate(KINDS)}
    found = [
        Figure(row.kind, row.person_id, int(row.value), int(row.whole))
        for row in db.session.execute(sa.union_all(*asked))
        if row.whole
    ]
    return sorted(found, key=lambda figure: (figure.person_id, places[figure.kind]))
