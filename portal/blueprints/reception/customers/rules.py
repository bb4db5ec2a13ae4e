"""When care is due, and what stands against an act on a card: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.blueprints.reception.customers.codes import Festival
from portal.kernel.workflow import Reason

# What the published tables call the festivals whose date moves.
CALLED = {
    "Spring Festival": Festival.SPRING,
    "Dragon Boat Festival": Festival.DRAGON_BOAT,
    "Mid-autumn Festival": Festival.MID_AUTUMN,
}


def festivals(today: date, ahead: int, holidays: Mapping[date, str]) -> list[tuple[Festival, date]]:
    """CU-02: the festivals whose first day off is today or within the days ahead.

    New Year's Day is the first of January whatever days off a year's table gives for it, and without a table.
    """
    until = today + timedelta(days=ahead)
    first = {(Festival.NEW_YEAR, year): date(year, 1, 1) for year in (today.year, until.year)}
    for day, name in sorted(holidays.items()):
        if festival := CALLED.get(name):
            first.setdefault((festival, day.year), day)
    return sorted(
        ((f, day) for (f, _year), day in first.items() if today <= day <= until), key=lambda r: r[1]
    )


def birthdays(today: date, ahead: int) -> dict[tuple[int, int], date]:
    """CU-02: month and day of the birthdays to greet, and the day on which; 29 February is the 28th in other years."""
    days = [today + timedelta(days=n) for n in range(ahead + 1)]
    found = {(day.month, day.day): day for day in days}
    for day in days:
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).day == 1:
            found[2, 29] = day
    return found


def care_agreed(card: Any) -> Reason | None:
    """CU-02: nobody is looked after who did not agree to it."""
    return None if card.care_consent_at else Reason("CU-02", "care_not_agreed")


def merges(stays: Any, goes: Any) -> list[Reason]:
    """Two cards become one only when they are two, and both are there."""
    if stays.id == goes.id:
        return [Reason("CU-01", "same_card")]
    return [] if stays.there and goes.there else [Reason("CU-01", "card_gone")]


def forgettable(open_visits: int) -> Reason | None:
    """RC-20: somebody who is still expected or in the house cannot be forgotten yet."""
    return Reason("RC-20", "visit_open", {"count": open_visits}) if open_visits else None
