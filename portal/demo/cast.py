"""What the demo's stories are made of: an act, a plot, and who plays which part."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from portal.kernel.calendars import Calendar
from portal.kernel.figures import FIGURES
from portal.kernel.people import Card, Staff
from portal.kernel.rights import Position, Rank, Role


@dataclass(frozen=True)
class Act:
    """One step of a story: `after` is in working minutes since the step before; a callable field gets the moment."""

    after: int
    who: str
    verb: str
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plot:
    """What is unusual about a case and how far it has come.

    `until` is the last verb that was done (its last time; with a question mark its first, so that a question of it
    waits for the second person), `age` how many working minutes ago that was. `twists` are
    words that the parts of a story look for; `slow` lets one verb come that many working minutes later; `taken_by` is
    whoever was reached first, when it was not the desk; `not_upheld` says which of the reasons closes the case.
    """

    until: str = "archive"
    twists: frozenset[str] = frozenset()
    slow: tuple[str, int] = ("", 0)
    age: int = 0
    taken_by: str = ""
    not_upheld: int | None = None

    def has(self, twist: str) -> bool:
        """True when the story takes that turn."""
        return twist in self.twists


@dataclass
class Cast:
    """Who plays which part: the staff, the calendar, and the dice."""

    staff: Staff
    calendar: Calendar
    rng: Random
    routed: dict[str, str]  # category -> department

    def card(self, username: str) -> Card:
        """The person of that user name, who is there by construction."""
        found = self.staff.by_username(username)
        if found is None:
            raise LookupError(f"the demo has nobody of the user name {username}")
        return found

    def desk(self, *but: str) -> str:
        """Somebody at the front desk, none of `but`."""
        return self.rng.choice([u for u in self._with_role(Role.DESK) if u not in but])

    def first_desk(self, *but: str) -> str:
        """To whom the first responder's duty passes (CP-09)."""
        return next(u for u in self._with_role(Role.DESK) if u not in but)

    def office(self, *but: str) -> str:
        """Somebody of the general office, none of `but`."""
        return next(u for u in self._with_role(Role.OFFICE) if u not in but)

    def _with_role(self, role: Role) -> list[str]:
        return [self.staff.cards[i].username for i in self.staff.with_role(role)]

    def lead(self, department: str, *but: str) -> str:
        """Who decides for a department, none of `but`: lead, deputy, general manager."""
        above = [*self.staff.leads_of(department), *self.staff.holding(Position.GENERAL_MANAGER)]
        return next(u for u in (self.staff.cards[i].username for i in above) if u not in but)

    def approver(self, department: str, concerned: str, handler: str) -> str:
        """Who decides about a proposal: the lead, but the general manager where it concerns the lead (CP-09)."""
        seat = self.staff.holding(Position.LEAD, department)
        if concerned and seat and self.staff.cards[seat[0]].username == concerned:
            manager = self.staff.holding(Position.GENERAL_MANAGER)
            return next(u for u in (self.staff.cards[i].username for i in manager) if u != handler)
        return self.lead(department, concerned, handler)

    def handler(self, department: str, level: str, *but: str) -> str:
        """Somebody of the department whose rank fits the level (CP-36), no higher than need be."""
        lowest = Rank(FIGURES[f"level.{level}"].default).height
        fit = [
            card
            for card in self.staff.cards.values()
            if card.department == department
            and card.rank.height >= lowest
            and card.username not in but
            and card.role is not Role.DESK
        ]
        humblest = min(card.rank.height for card in fit)
        able = [card.username for card in fit if card.rank.height == humblest]
        # The accounts that everybody tries first have more to show.
        return self.rng.choice([*able, *[u for u in able if u.startswith("emp.")] * 3])
