"""A fortnight at the front desk in a published roster: who has which shift is what a test is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.blueprints.duty.leave import actions as leave_actions
from portal.blueprints.duty.leave.models import Absence, Leave, Takeover
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.swaps import actions as swap_actions
from portal.blueprints.duty.swaps.models import Swap
from portal.kernel import clock, reference
from portal.kernel.db import db
from tests import factories
from tests.client import CarefulClient
from tests.duty.posts.making import a_roster, a_shift
from tests.duty.rosters.office import Office, an_office

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in range(2, 7))
LAST = date(2026, 3, 15)
# Tuesday's day shift, as a request says it.
TUESDAYS = {"starts_at": "2026-03-03T08:00", "ends_at": "2026-03-03T18:00"}


@dataclass(frozen=True)
class Desk:
    """The office, its published roster, and the shifts by the words they were made from."""

    office: Office
    roster: int
    shifts: dict[str, int]

    def whose(self, shift: str) -> str:
        """The user name of who has it now; empty: nobody."""
        with self.office.app.app_context():
            row = db.session.get_one(Shift, self.shifts[shift])
            return reference.staff().cards[row.person_id].username if row.person_id else ""


def a_desk(app: Flask, *shifts: str, **limits: Any) -> Desk:
    """`desk1 03 day` is desk1's day shift on the third of March."""
    office = an_office(app, **limits)
    roster = a_roster(app, MONDAY, LAST)
    made = {}
    for words in shifts:
        person, day, kind = words.split()
        its = office.day if kind == "day" else office.night
        who = "" if person == "nobody" else person
        made[words] = a_shift(app, roster, office.post, its, date(2026, 3, int(day)), who)
    return Desk(office, roster, made)


def ask(browser: CarefulClient, status: int = 303, **fields: Any) -> int:
    """A request for leave; the leave's id."""
    answer = browser.send("/duty/leave/new", **({"reason": "家里有事"} | TUESDAYS | fields))
    assert answer.status_code == status, answer.text
    return int(answer.headers["Location"].rstrip("/").rpartition("/")[2]) if status == 303 else 0


def offer(browser: CarefulClient, shift: int, status: int = 303, **fields: Any) -> int:
    """The offer of a shift; the swap's id."""
    answer = browser.send("/duty/swaps/new", shift=str(shift), **fields)
    assert answer.status_code == status, answer.text
    return int(answer.headers["Location"].rstrip("/").rpartition("/")[2]) if status == 303 else 0


def stored(app: Flask, model: type[Any], its_id: int) -> Any:
    """One row as it is stored; detached."""
    with app.app_context():
        return db.session.get_one(model, its_id)


def rows(app: Flask, model: type[Leave | Absence | Takeover | Swap]) -> list[Any]:
    """Every row; detached."""
    with app.app_context():
        return list(db.session.scalars(sa.select(model).order_by(model.id)))


def sweep(app: Flask) -> list[str]:
    """One pass over the leave and swaps that the calendar ends."""
    with app.app_context():
        return [*leave_actions.lapse_due(clock.now()), *swap_actions.lapse_due(clock.now())]


def told(app: Flask, kind: str) -> list[str]:
    """Who was told so far."""
    return factories.told(app, kind)
