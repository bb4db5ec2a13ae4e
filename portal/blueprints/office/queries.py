"""What the overview tells: figures, and what the office should look after; nearly all of it from the reference data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from portal.blueprints.office.system import labels
from portal.blueprints.office.system import queries as system
from portal.blueprints.office.system.codes import Check
from portal.drawing import department_name
from portal.i18n import _, colon, label
from portal.kernel import company_calendar, outbox, reference, second_factor
from portal.kernel.rights import COMPANY_WIDE, Position, Role


@dataclass(frozen=True)
class Seat:
    """One position as it is drawn; an empty department stands for the company."""

    position: Position
    department: str
    person_id: int | None = None
    deputy_id: int | None = None
    vacant: bool = False

    @property
    def where(self) -> str:
        """The department in the address: `-` for the company."""
        return self.department or "-"


def seats() -> list[Seat]:
    """Every position there is to hold, filled or not: the company's first, then each department's."""
    staff = reference.staff()
    wanted = [(position, "") for position in Position if position in COMPANY_WIDE]
    wanted += [
        (position, code)
        for code in staff.departments
        for position in Position
        if position not in COMPANY_WIDE
    ]
    drawn = []
    for position, code in wanted:
        seat = staff.seats.get((position, code))
        there = bool(staff.holding(position, code))
        drawn.append(
            Seat(position, code, seat.person_id, seat.deputy_id, not there)
            if seat
            else Seat(position, code, vacant=True)
        )
    return drawn


def warnings(now: datetime) -> list[str]:
    """What will go wrong if nobody looks after it, in whole sentences."""
    staff = reference.staff()
    told = [
        _(
            "The public holidays of %(year)s are not in the calendar yet; its limits know weekends only.",
            year=year,
        )
        for year in company_calendar.years_missing(now)
    ]
    told += [
        _(
            "Nobody leads %(department)s: its notices go to the general office.",
            department=department_name(code),
        )
        for code in staff.departments
        if not staff.leads_of(code) and any(c.department == code and c.active for c in staff.cards.values())
    ]
    told += [
        _("The position is empty: %(position)s.", position=label(seat.position))
        for seat in seats()
        if seat.vacant and seat.position in COMPANY_WIDE
    ]
    if Role.OFFICE not in second_factor.needed_of(now) and not current_app.config["SETTINGS"].is_demo:
        told.append(
            _(
                "The general office gets in by a password alone; a figure under Limits requires a second factor."
            )
        )
    return told


def system_warnings() -> list[str]:
    """What is bad about the portal itself, in whole sentences; two statements."""
    told = [
        f"{labels.check_name(each.code)}{colon()}{labels.sentence(each.code, each.said, each.told)}"
        for each in system.bad_ones()
    ]
    if not system.somebody_works():
        told.insert(
            0, f"{labels.check_name(Check.WORKERS)}{colon()}{labels.sentence(Check.WORKERS, 'none', {})}"
        )
    return told


def figures() -> dict[str, int]:
    """How many there are of what; one statement, for the messages that failed."""
    staff = reference.staff()
    active = [card for card in staff.cards.values() if card.active]
    return {
        "people": len(active),
        "locked": len(staff.cards) - len(active),
        "office": sum(1 for card in active if card.role is Role.OFFICE),
        "departments": len(staff.departments),
        "vacant": sum(1 for seat in seats() if seat.vacant),
        "unsent": outbox.dead(),
    }
