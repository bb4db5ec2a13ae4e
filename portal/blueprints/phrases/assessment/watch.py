"""What waits for whom around an assessment, and whom its limits tell."""

from __future__ import annotations

from datetime import datetime

from portal.blueprints.phrases.assessment import queries
from portal.blueprints.phrases.assessment.codes import State
from portal.blueprints.phrases.assessment.models import Period, Sheet
from portal.blueprints.phrases.assessment.workflow import ANSWER_CLOCK, RATE_CLOCK, SELF_CLOCK
from portal.kernel import reference, timers, todos
from portal.kernel.db import db
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

TO_SELF, TO_RATE, TO_ANSWER = "assessment-self", "assessment-rate", "assessment-answer"
LIMITS = {
    SELF_CLOCK: "limit.assessment_self",
    RATE_CLOCK: "limit.assessment_rate",
    ANSWER_CLOCK: "limit.assessment_answer",
}


class SheetWatch:
    """A sheet's answers to the timers."""

    def load(self, subject_id: int) -> Sheet | None:
        """The sheet, locked for this write."""
        return queries.load(subject_id)

    def address(self, subject: Sheet) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/phrases/assessments/sheets/{subject.number}"

    def start(self, subject: Sheet, kind: str, now: datetime) -> None:
        """GO-03: whoever has to rate or to answer does it within a limit."""
        timers.start(subject, kind, now=now, clause="GO-03", basis=Basis.STATE, figure=LIMITS[kind])

    def pauses(self, subject: Sheet) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Sheet, audience: str) -> Told:
        """Whose turn it is; the superior; the general office. An empty seat passes it up."""
        staff = reference.staff()
        office = staff.with_role(Role.OFFICE)
        superiors = superiors_of(subject)
        mine = [subject.person_id] if staff.active(subject.person_id) else []
        turn = {State.OPEN: [mine], State.RATED: [superiors]}.get(subject.state, [])
        rungs = {"handler": turn, "lead": [superiors]}
        # Nobody hears as the office that an answer to the own objection is due.
        return Told(
            *staff.climb([*rungs.get(audience, []), office], barred=subject.person_id if not turn else None)
        )

    def clocks_moved(self, subject: Sheet, now: datetime) -> None:
        """Put it up for whoever has to act."""
        put_up(subject, now)


WATCH = SheetWatch()
timers.WATCHED["assessment_sheet"] = WATCH


def superiors_of(sheet: Sheet) -> list[int]:
    """Who rates a sheet now, never the person it is about."""
    staff = reference.staff()
    if sheet.rated_by == "manager":
        found = staff.holding(Position.GENERAL_MANAGER)
    else:
        found = staff.leads_of(sheet.rated_by.partition(":")[2])
    return [person for person in found if person != sheet.person_id]


def put_up(sheet: Sheet, now: datetime, *, fresh: bool = False) -> None:
    """Make what waits around a sheet be exactly what its state asks for. Inside a write."""
    due = next((clock.due_at for clock in timers.running(sheet)), None)
    wanted, barred = [], None
    if sheet.state is State.OPEN and sheet.self_rated_at is None:
        wanted.append(todos.Wanted(TO_SELF, f"person:{sheet.person_id}", due))
    elif sheet.state is State.RATED and sheet.rated_at is None:
        wanted.append(todos.Wanted(TO_RATE, sheet.rated_by, due))
        barred = sheet.person_id
    elif sheet.objecting:
        wanted.append(todos.Wanted(TO_ANSWER, "office", due))
        barred = sheet.person_id
    card = reference.staff().cards[sheet.person_id]
    todos.replace(
        sheet, wanted, now=now, title=f"{card.name} · {sheet.period.name}"[:120], address=WATCH.address(sheet),
        barred_id=barred, fresh=fresh,
    )  # fmt: skip


class PeriodWatch:
    """A period's answers to the timers; no limit runs on it."""

    def load(self, subject_id: int) -> Period | None:
        """The period, locked for this write."""
        return db.session.get(Period, subject_id, with_for_update=True)

    def address(self, subject: Period) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/phrases/assessments/{subject.number}"

    def start(self, subject: Period, kind: str, now: datetime) -> None:
        """Nothing runs."""

    def pauses(self, subject: Period) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Period, audience: str) -> Told:
        """The general office."""
        return Told(reference.staff().with_role(Role.OFFICE))

    def clocks_moved(self, subject: Period, now: datetime) -> None:
        """What comes next waits for the office until the people's turn is over."""
        kind = NEXT.get(subject.state)
        wanted = [todos.Wanted(kind, "office", subject.due_at)] if kind else []
        todos.replace(subject, wanted, now=now, title=subject.name, address=self.address(subject))


NEXT = {
    State.DRAFT: "assessment-open",
    State.OPEN: "assessment-collect",
    State.RATED: "assessment-publish",
    State.PUBLISHED: "assessment-close",
}
PERIODS = PeriodWatch()
timers.WATCHED["assessment_period"] = PERIODS
