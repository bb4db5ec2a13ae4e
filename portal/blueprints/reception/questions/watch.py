"""What waits for whom around a question, and whom its limit tells."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from portal.blueprints.reception.questions import queries
from portal.blueprints.reception.questions.codes import State
from portal.blueprints.reception.questions.models import Question
from portal.kernel import inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

# What my day calls the awaited acts; verbs of other things have some of the same names.
TO_REPLY, TO_TELL = "reply-question", "tell-asker"


class QuestionWatch:
    """The part's answers to the timers."""

    def load(self, subject_id: int) -> Question | None:
        """The question, locked for this write."""
        wanted = sa.select(Question).where(Question.id == subject_id).with_for_update()
        return db.session.scalars(wanted).one_or_none()

    def address(self, subject: Question) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/reception/questions/{subject.number}"

    def start(self, subject: Question, kind: str, now: datetime) -> None:
        """RC-22: somebody inside was asked, and the asker waits."""
        timers.start(
            subject,
            kind,
            now=now,
            clause="RC-22",
            basis=Basis.STATE,
            figure="limit.question",
            ladder="question",
        )

    def pauses(self, subject: Question) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Question, audience: str) -> Told:
        """The persons behind an audience's name; an empty seat passes the message up, visibly."""
        staff = reference.staff()
        asked = [subject.person_id] if subject.person_id and staff.active(subject.person_id) else []
        leads = staff.leads_of(subject.department or "")
        manager, office = staff.holding(Position.GENERAL_MANAGER), staff.with_role(Role.OFFICE)
        rungs = {
            "handler": [asked, leads, office] if subject.person_id else [leads, office],
            "desk": [staff.with_role(Role.DESK), office],
            "first_responder": [[subject.created_by_id], staff.with_role(Role.DESK), office],
            "office": [office],
            "director": [staff.holding(Position.OFFICE_DIRECTOR), office],
            "manager": [manager, office],
        }
        return Told(*staff.climb(rungs.get(audience, [leads, manager, office])))

    def clocks_moved(self, subject: Question, now: datetime) -> None:
        """Copy the limit onto the question and put up what waits for whom; after every change."""
        running = [clock for clock in timers.running(subject) if clock.due_at is not None]
        subject.due_at = running[0].due_at if running else None
        subject.due_from = running[0].started_at if running else None
        wanted = []
        if subject.state is State.PENDING:
            wanted = [todos.Wanted(TO_REPLY, _waits_for(subject), subject.due_at, subject.due_from)]
        elif subject.state is State.REPLIED:
            wanted = [todos.Wanted(TO_TELL, "desk")]
        todos.replace(subject, wanted, now=now, title=subject.question[:60], address=self.address(subject))


def _waits_for(question: Question) -> str:
    """The person asked; else the lead of the department; the office where there is nobody."""
    staff = reference.staff()
    if staff.active(question.person_id):
        return f"person:{question.person_id}"
    return f"lead:{question.department}" if staff.leads_of(question.department or "") else "office"


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """The beginnings of these questions, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Question.id, sa.func.substr(Question.question, 1, 60)).where(
        Question.id.in_(ids), queries.visible_to(viewer)
    )
    return {row[0]: row[1] for row in db.session.execute(shown)}


WATCH = QuestionWatch()
timers.WATCHED["question"] = WATCH
inbox.ABOUT["question"] = about


def tell(question: Question, audience: str, kind: str, now: datetime, *, but: int | None = None) -> None:
    """Put a message about the question into the inboxes behind an audience."""
    told = WATCH.told(question, audience)
    people = [i for i in told.people if i != but]
    inbox.tell(
        people, kind, question, now=now, address=WATCH.address(question), climbed=told.climbed, clause="RC-22"
    )
