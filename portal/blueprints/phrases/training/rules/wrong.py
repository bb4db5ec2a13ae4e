"""Values that a figure could be taken for and is not; pure."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from random import Random

FACTORS = tuple(Decimal(factor) for factor in ("0.25", "0.5", "2", "3", "4", "1.5"))
SHARES = tuple(Decimal(share) for share in ("0.5", "0.6", "0.8", "0.9", "1.2", "1.5", "2"))
WHOLE = Decimal(100)  # a number up to here may be one of a hundred, and nobody would take 200 for that
STEPS = tuple(Decimal(step) for step in ("-2", "-1", "1", "2", "3", "5"))
SMALL = Decimal(10)  # below it a value is taken for its neighbours
WRONG = 3


def wrong_values(kind: str, value: str, chance: Random) -> list[str]:
    """Three values of the same unit that are not the right one; none for a kind that nobody can guess at."""
    number, _, unit = value.partition(" ")
    if kind not in ("limit", "number"):
        return []
    try:
        right = Decimal(number)
    except InvalidOperation:
        return []
    near = [right + step for step in STEPS] if right < SMALL and right == right.to_integral() else []
    share = kind == "number" and SMALL <= right <= WHOLE
    far = [right * factor for factor in (SHARES if share else FACTORS)]
    if share:
        far = [each for each in far if each <= WHOLE]
    other = [
        each for each in dict.fromkeys([*near, *far]) if each > 0 and each != right and _told(each, right)
    ]
    found = chance.sample(other, min(WRONG, len(other)))
    return [" ".join(filter(None, (_written(each), unit))) for each in found]


def _told(each: Decimal, right: Decimal) -> bool:
    """A whole figure is told among whole ones."""
    return each == each.to_integral() or right != right.to_integral()


def _written(number: Decimal) -> str:
    return f"{number.normalize():f}"
