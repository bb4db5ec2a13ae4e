"""The words of the category matrix."""

from __future__ import annotations

from functools import partial
from typing import Any

from portal.blueprints.reception.codes import Category, PlaceKind, Refreshment, Side, Task
from portal.i18n import _, _l, label
from portal.kernel.figures import MATRIX_ROWS

ROWS: dict[str, Any] = {
    "places": _l("Received in"),
    "hosts": _l("Hosts"),
    "greeter": _l("Greets"),
    "refreshments": _l("Drinks"),
    "order": _l("Order on arrival"),
    "duties": _l("Duties"),
    "lead_days": _l("Arrangement form"),
    "ready_check": _l("Ready check before"),
    "room_check": _l("Room check after"),
    "fields": _l("Asked first"),
}
HOSTS: dict[str, Any] = {
    "manager": _l("General manager"),
    "lead": _l("Head of department"),
    "named": _l("Person visited"),
    "desk": _l("Front desk"),
}
ORDER: dict[str, Any] = {
    "register": _l("Record"),
    "ask": _l("Ask the department"),
    "tell": _l("Tell the hosts"),
    "seat": _l("Lead to the place"),
    "serve": _l("Serve drinks"),
}
FIELDS: dict[str, Any] = {
    "visitor_name": _l("Visitor's name"),
    "phone": _l("Phone"),
    "company": _l("Company"),
    "purpose": _l("Matter"),
    "party_size": _l("Number of people"),
    "host": _l("Person visited"),
    "department": _l("Department"),
}
REASONS: dict[str, Any] = {
    "cell_needs_place": _l("A category is received in at least one place."),
    "cell_needs_host": _l("Somebody hosts every category."),
    "cell_one_greeter": _l("Exactly one side greets."),
    "cell_needs_refreshment": _l("Every visitor is offered at least one drink."),
    "cell_needs_seat": _l("A visitor is led to a place, or the department is asked."),
    "cell_one_side": _l("Each duty is one side's."),
    "cell_needs_check": _l("At least one side checks the room: front desk or administration."),
    "cell_check_sides": _l("Front desk or administration does the check."),
    "cell_needs_name": _l("Every visitor's name is recorded."),
    "cell_days": _l("Whole working days, from 0 to %(most)s."),
}


class CellTitle:
    """What a cell's figure is called, in the language of the page that asks."""

    def __init__(self, category: Category, row: str) -> None:
        self.category, self.row = category, row

    def __str__(self) -> str:
        return f"{label(self.category)} · {ROWS[self.row]}"


FIGURES: dict[str, Any] = {
    f"visit.{category}.{row}": CellTitle(category, row) for category in Category for row in MATRIX_ROWS
}


def word(row: str, code: str) -> str:
    """One code of a row as people read it."""
    match row:
        case "places":
            return label(PlaceKind(code))
        case "hosts":
            return str(HOSTS[code])
        case "greeter" | "ready_check" | "room_check":
            return label(Side(code))
        case "refreshments":
            return label(Refreshment(code))
        case "order":
            return str(ORDER[code])
        case "fields":
            return str(FIELDS[code])
    duty, _colon, side = code.partition(":")
    return f"{label(Task(f'task:{duty}'))} · {label(Side(side))}"


def words(row: str, written: str) -> list[str]:
    """A cell's value, a word or sentence for each code."""
    if row == "lead_days":
        days = int(float(written))
        return [_("%(days)s working days ahead", days=days)] if days else []
    return [word(row, code) for code in written.split()]


VALUES = {f"visit.{category}.{row}": partial(words, row) for category in Category for row in MATRIX_ROWS}
VALUES["visit.tour.duties"] = partial(words, "duties")
