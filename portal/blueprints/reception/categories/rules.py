"""What a cell of the category matrix must hold so that visits still work; pure (RC-01 … RC-13)."""

from __future__ import annotations

from collections.abc import Callable

from portal.kernel.workflow import Reason

MOST_LEAD_DAYS = 30
CATEGORIES = ("A", "B", "C", "D")
SIDES_OF_A_CHECK = frozenset({"desk", "clerk"})  # the two whose check a visit records (RC-13)


def cell_of(key: str) -> tuple[str, str] | None:
    """Category and row of a figure of the matrix, `visit.A.places`; None for another figure."""
    name, _dot, rest = key.partition(".")
    category, dot, row = rest.partition(".")
    return (category, row) if name == "visit" and dot and category in CATEGORIES else None


def objection(key: str, written: str) -> Reason | None:
    """Why a value of the matrix cannot stand; None when it can, or when the figure is none of the matrix."""
    cell = cell_of(key)
    if cell is None or cell[1] not in STANDS:
        return None
    clause, code, stands = STANDS[cell[1]]
    return None if stands(written.split()) else Reason(clause, code, {"most": MOST_LEAD_DAYS})


def _one_side_each(codes: list[str]) -> bool:
    duties = [code.partition(":")[0] for code in codes]
    return len(duties) == len(set(duties))


def _days(codes: list[str]) -> bool:
    return len(codes) == 1 and codes[0].isdigit() and int(codes[0]) <= MOST_LEAD_DAYS


# Row -> clause, reason, and what must be so of its codes.
STANDS: dict[str, tuple[str, str, Callable[[list[str]], bool]]] = {
    "places": ("RC-02", "cell_needs_place", bool),
    "hosts": ("RC-04", "cell_needs_host", bool),
    "greeter": ("RC-05", "cell_one_greeter", lambda codes: len(codes) == 1),
    "refreshments": ("RC-06", "cell_needs_refreshment", bool),
    "order": ("RC-08", "cell_needs_seat", lambda codes: bool({"seat", "ask"} & set(codes))),
    "duties": ("RC-03", "cell_one_side", _one_side_each),
    "lead_days": ("RC-04", "cell_days", _days),
    "ready_check": ("RC-16", "cell_check_sides", lambda codes: set(codes) <= SIDES_OF_A_CHECK),
    "room_check": ("RC-13", "cell_needs_check", lambda codes: bool(codes) and set(codes) <= SIDES_OF_A_CHECK),
    "fields": ("RC-10", "cell_needs_name", lambda codes: "visitor_name" in codes),
}


def ranked(places: dict[str, str]) -> list[str] | None:
    """The codes in the order of the places given to them, `1` first; None when two have the same place."""
    taken = [place for place in places.values() if place]
    if len(taken) != len(set(taken)):
        return None
    return sorted((code for code, place in places.items() if place), key=lambda code: int(places[code]))
