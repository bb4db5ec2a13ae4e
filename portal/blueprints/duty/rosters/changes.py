"""Published rosters changed one shift at a time: what a change would break, who could take it, and the change itself.

Leave, swaps and takeovers all go this way (DR-04, DR-21). `Book.of(…, lock=True)` is where two changes of one roster
queue: what is asked of the book afterwards stays true until the commit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.rosters import page, picture, rules
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.blueprints.duty.rosters.picture import Away, Picture, Place
from portal.blueprints.duty.rosters.problem import LOOK_BACK, Cell, Problem
from portal.blueprints.duty.rosters.rules import CHANGES, Broken, Rule
from portal.kernel import history
from portal.kernel.db import db
from portal.kernel.workflow import Reason

Hands = Mapping[Any, int | None]  # shift -> who gets it; None: nobody
Cells = dict[Place, Cell | None]
LARGEST = 2**31 - 1  # no id is larger; what an address says may be
BACK = timedelta(days=LOOK_BACK)
TAKEN = frozenset({Rule.UNCOVERED, Rule.NO_MANAGER})  # what an open gap breaks


def shifts_between(person_id: int, since: datetime, until: datetime) -> Sequence[Shift]:
    """Somebody's shifts of published rosters that run into a span, as they are now."""
    rows = (
        sa.select(Shift)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(Roster.state != State.DRAFT, Shift.person_id == person_id)
        .where(Shift.starts_at < until, Shift.ends_at > since)
        .order_by(Shift.starts_at)
    )
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def fresh(ids: Collection[int]) -> dict[int, Shift]:
    """These shifts of published rosters as they are now, by id; a draft's are nobody's to change here."""
    rows = (
        sa.select(Shift)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(Shift.id.in_([its_id for its_id in ids if its_id <= LARGEST]), Roster.state != State.DRAFT)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in db.session.scalars(rows)}


@dataclass
class Book:
    """The published rosters of some days, and those that go on from them, as the rules see them."""

    now: datetime
    away: tuple[Away, ...]
    rosters: dict[int, Roster]
    seen: dict[int, Picture] = field(default_factory=dict)

    @classmethod
    def of(
        cls, days: Collection[date], now: datetime, *, away: Iterable[Away] = (), lock: bool = False
    ) -> Book:
        """The book of these days. `lock` inside a write; drafts, too, for they may be about to be published."""
        if not days:
            return cls(now, tuple(away), {})
        theirs = sa.and_(Roster.starts_on <= max(days) + BACK, Roster.ends_on >= min(days))
        rows = sa.select(Roster).where(theirs).order_by(Roster.id)
        if lock:
            rows = rows.with_for_update().execution_options(populate_existing=True)
        found = {row.id: row for row in db.session.scalars(rows) if row.state is not State.DRAFT}
        return cls(now, tuple(away), found)

    def picture(self, roster_id: int) -> Picture:
        """One roster, as it would be with the leave that is asked about."""
        if roster_id not in self.seen:
            roster = self.rosters[roster_id]
            self.seen[roster_id] = picture.of(roster, self.now, away=self.away, wishes=False)
        return self.seen[roster_id]

    # -- what a change breaks ------------------------------------------------------------------------------------

    def reasons(self, hands: Hands, *, leaves: int | None = None, gap: bool = False) -> list[Reason]:
        """DR-21: every rule that this would break, each with its clause.

        `leaves` goes on leave with it, `gap` says that a reason is given for leaving shifts to nobody.
        """
        changes = self._changes(hands)
        found: list[Reason] = []
        for shift, taker in hands.items():
            if taker is not None and self._busy(shift, taker, hands):
                seen = self.picture(shift.roster_id)
                busy = Broken(Rule.AWAY, taker, shift.day, shift.post_id, shift.kind_id)
                found.append(Reason(CHANGES, "has_shift_already", page.holes(seen, busy)))
        for roster_id, change in changes.items():
            seen = self.picture(roster_id)
            opened = self._opened(seen.problem, change)
            broken = rules.against(opened, seen.cells, change, leaves=leaves)
            if later := self._after(roster_id):
                broken += self._carried(later, change, changes.get(later, {}), leaves)
            found += [
                Reason(one.clause, f"breaks_{one.rule}", page.holes(seen, one))
                for one in broken
                if not (gap and one.rule in TAKEN)
            ]
        return found

    def _changes(self, hands: Hands) -> dict[int, Cells]:
        """The change of each roster: who gives is off, who takes has the shift."""
        found: dict[int, Cells] = {}
        for shift in hands:
            if shift.person_id is not None:
                found.setdefault(shift.roster_id, {})[shift.person_id, shift.day] = None
        for shift, taker in hands.items():
            if taker is not None:
                cell = (shift.post_id, shift.kind_id)
                found.setdefault(shift.roster_id, {})[taker, shift.day] = cell
        return found

    def _busy(self, shift: Shift, taker: int, hands: Hands) -> bool:
        """Whether the taker has another shift on that day, and does not give it away."""
        given = {(each.person_id, each.day) for each in hands}
        place = (taker, shift.day)
        return place in self.picture(shift.roster_id).cells and place not in given

    def _opened(self, problem: Problem, change: Iterable[Place]) -> Problem:
        """The problem with the days of the change open: a shift that runs since yesterday can be taken over, and
        pins, which only tell solving what to leave alone, hold nobody."""
        first = min(day for _, day in change)
        if problem.open_from is not None and first < problem.open_from:
            return replace(problem, pinned={}, open_from=first)
        return replace(problem, pinned={})

    def _after(self, roster_id: int) -> int | None:
        """The roster that goes on from this one."""
        ends = self.rosters[roster_id].ends_on
        return next((i for i, row in self.rosters.items() if ends < row.starts_on <= ends + BACK), None)

    def _carried(self, later: int, change: Cells, then: Cells, leaves: int | None) -> list[Broken]:
        """What a change in the last days of a roster breaks in the first days of the next."""
        seen = self.picture(later)
        problem, cells = seen.problem, rules.after(seen.cells, then)
        near = {place: cell for place, cell in change.items() if place[1] >= problem.days[0] - BACK}
        moved = replace(problem, worked=rules.after(problem.worked, near))
        people = [problem.person[who] for who in {who for who, _ in near} if who in problem.person]
        return [
            one
            for person in people
            for one in rules.worse(
                rules.of_person(problem, cells, person),
                rules.of_person(moved, cells, person),
                leaves=leaves,
            )
        ]

    # -- who could --------------------------------------------------------------------------------------------------

    def takers(self, shift: Shift, *, leaves: bool = False) -> list[int]:
        """DR-04, DR-21: who could take that shift over without breaking a rule, the least loaded first."""
        seen = self.picture(shift.roster_id)
        giver, place = shift.person_id, (shift.person_id, shift.day)
        problem, cell = self._opened(seen.problem, [place]), (shift.post_id, shift.kind_id)
        leaving: Cells = {place: None} if giver is not None else {}
        able = rules.free_for(problem, seen.cells, shift.day, cell, leaving, leaves=giver if leaves else None)
        every = map(int, able)
        if self._after(shift.roster_id) is None:
            return list(every)
        return [who for who in every if not self.reasons({shift: who}, leaves=giver if leaves else None)]

    def partners(self, shift: Shift) -> list[Any]:
        """DR-21: rows of the shifts that could be exchanged with that one, the same day's first."""
        seen = self.picture(shift.roster_id)
        rows = {
            (row.person_id, row.day): row
            for row in seen.shifts
            if row.person_id is not None and row.starts_at > self.now
        }
        problem = self._opened(seen.problem, [(shift.person_id, shift.day)])
        found = rules.partners(problem, seen.cells, shift.person_id or 0, shift.day)
        return [rows[place] for place in found if place in rows]


# -- the change -----------------------------------------------------------------------------------------------------


def hand_over(hands: Hands, *, by: int | None, now: datetime, clause: str, paper: str, gap: str = "") -> None:
    """The shifts get their new people; a gap keeps its reason. Inside the write that asked the book.

    `paper` is the number of the leave or swap it is done for.
    """
    told: dict[int, list[list[Any]]] = {}
    for shift, taker in hands.items():
        told.setdefault(shift.roster_id, []).append([shift.person_id, str(shift.day), taker])
        shift.person_id, shift.pinned = None, False
    db.session.flush()  # two people exchange their shifts of one day
    for shift, taker in hands.items():
        shift.person_id = taker
        shift.gap_reason = "" if taker is not None else gap
    db.session.flush()
    for roster_id, moves in sorted(told.items()):
        roster = db.session.get_one(Roster, roster_id)
        history.record(roster, "roster:hand-over", by=by, now=now, clause=clause, moves=moves, paper=paper)
