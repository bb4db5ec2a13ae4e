"""The category matrix: what a category of visitor decides, read from the general office's figures (RC-01 … RC-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.blueprints.reception.codes import Category, PlaceKind, Refreshment, Side, Task
from portal.kernel import policies

TELL, SEAT, REGISTER, ASK, SERVE = "tell", "seat", "register", "ask", "serve"


@dataclass(frozen=True)
class CategoryRule:
    """One column of the matrix."""

    category: Category
    places: tuple[PlaceKind, ...]  # where such a visitor is received, the usual one first (RC-02)
    hosts: tuple[str, ...]  # manager, lead, named, desk
    greeter: Side
    refreshments: tuple[Refreshment, ...]  # the usual one first
    order: tuple[str, ...]  # steps on arrival (RC-07 … RC-11)
    duties: tuple[tuple[Task, Side], ...]  # RC-03
    lead_days: int  # working days ahead for the arrangement form; 0: none is needed (RC-04)
    ready_check: tuple[Side, ...]  # RC-16
    room_check: tuple[Side, ...]  # whose hands the check after needs, each a different person (RC-13)
    fields: tuple[str, ...]  # known before such a visitor is seated (RC-10)

    @property
    def needs_form(self) -> bool:
        """True when a meeting arrangement form is asked for (RC-04)."""
        return self.lead_days > 0

    def asked_first(self) -> tuple[str, ...]:
        """What the desk asks such a visitor at once: the fields before the seat, whom to tell, what the order needs."""
        asked = ["visitor_name", *self.fields]
        if {"named", "lead"} & set(self.hosts):
            asked += ["host", "department"]
        if ASK in self.order:
            asked += ["purpose", "department"]
        return tuple(dict.fromkeys(asked))

    def tells_before_seating(self) -> bool:
        """True when hosts are told on arrival, not once the visitor is seated (RC-07)."""
        order = self.order
        return TELL in order and (SEAT not in order or order.index(TELL) < order.index(SEAT))


def rule_for(category: Category, now: datetime) -> CategoryRule:
    """The matrix's column for a category as it is in force at `now`."""

    def codes(row: str) -> list[str]:
        return policies.value(f"visit.{category}.{row}", now).split()

    greeter = codes("greeter")
    return CategoryRule(
        category=category,
        places=tuple(map(PlaceKind, codes("places"))),
        hosts=tuple(codes("hosts")),
        greeter=Side(greeter[0]) if greeter else Side.DESK,
        refreshments=tuple(map(Refreshment, codes("refreshments"))),
        order=tuple(codes("order")),
        duties=tuple(_duty(code) for code in codes("duties")),
        lead_days=policies.number(f"visit.{category}.lead_days", now),
        ready_check=tuple(map(Side, codes("ready_check"))),
        room_check=tuple(map(Side, codes("room_check"))),
        fields=tuple(codes("fields")),
    )


def tour_duties(now: datetime) -> tuple[tuple[Task, Side], ...]:
    """RC-28: what a guided tour asks for: route, introduction material, guide, words of safety."""
    return tuple(_duty(code) for code in policies.value("visit.tour.duties", now).split())


def every_rule(now: datetime) -> dict[Category, CategoryRule]:
    """The whole matrix, read once for a page of many visits."""
    return {category: rule_for(category, now) for category in Category}


def _duty(code: str) -> tuple[Task, Side]:
    task, _colon, side = code.partition(":")
    return Task(f"task:{task}"), Side(side)
