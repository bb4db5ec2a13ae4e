"""The money of penalties: exact yuan and fen, and the plan that takes them from monthly bonuses; pure.

Amounts are Decimals of whole fen, months are texts such as `2026-03`, which sort as they follow each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

FEN = Decimal("0.01")
NOTHING = Decimal("0.00")
HORIZON = 1200  # months: whoever could not pay off in a working life is not planned for


@dataclass(frozen=True)
class Debt:
    """What one person owes of one penalty; `id` is the order in which penalties were decided."""

    id: int
    amount: Decimal
    month: str  # the first that it may be taken from


@dataclass(frozen=True)
class Instalment:
    """What is taken of one debt in one month."""

    debt: int
    month: str
    amount: Decimal


@dataclass(frozen=True)
class Plan:
    """The instalments to come, and by debt what no known or expected bonus can bear."""

    instalments: tuple[Instalment, ...]
    unplanned: Mapping[int, Decimal]


def share(bonus: Decimal, percent: Decimal) -> Decimal:
    """That part of a bonus in whole fen, never more than the part: what is over a fen is left to the person."""
    return (bonus * percent / 100).quantize(FEN, ROUND_DOWN)


def following(month: str) -> str:
    """The month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def expected(bonuses: Mapping[str, Decimal], month: str) -> Decimal:
    """The bonus of a month: what was entered, else the newest one before it that was more than nothing."""
    if month in bonuses:
        return bonuses[month]
    before = [known for known, amount in bonuses.items() if known < month and amount > 0]
    return bonuses[max(before)] if before else NOTHING


def plan(
    debts: Iterable[Debt],
    bonuses: Mapping[str, Decimal],
    taken: Iterable[Instalment] = (),
    *,
    cap: Decimal,
    closed: Collection[str] = (),
) -> Plan:
    """CP-24: no month takes more than `cap` percent of its bonus, however many penalties overlap; the rest is spread
    over later months.

    The earlier month's debt goes first, of two the earlier penalty's; the order in which they are handed over makes no
    difference. What was `taken` stays and counts inside the cap of its month; a `closed` month takes nothing more.
    """
    waiting = sorted(debts, key=lambda debt: (debt.month, debt.id))
    used: dict[str, Decimal] = defaultdict(Decimal)
    left = {debt.id: debt.amount for debt in waiting}
    for past in taken:
        used[past.month] += past.amount
        if past.debt in left:
            left[past.debt] = max(NOTHING, left[past.debt] - past.amount)
    found: list[Instalment] = []
    month = min((debt.month for debt in waiting), default="")
    last = max([month, *bonuses, *closed, *used, *(debt.month for debt in waiting)])
    for _ in range(HORIZON):
        if not any(left.values()):
            break
        room = NOTHING if month in closed else share(expected(bonuses, month), cap) - used[month]
        if month > last and room <= 0:
            break  # nothing can be taken of the expected bonus, and no later month is different
        for debt in waiting:
            part = min(room, left[debt.id])
            if debt.month <= month and part > 0:
                found.append(Instalment(debt.id, month, part))
                left[debt.id] -= part
                room -= part
        month = following(month)
    return Plan(tuple(found), {debt: rest for debt, rest in left.items() if rest > 0})


def overpaid(amount: Decimal, taken: Decimal) -> Decimal:
    """What was taken beyond what is owed now, after a reduction or a reversal: it is paid back."""
    return max(NOTHING, taken - amount)
