"""What is done with a need of training: asked for, assigned, dropped (GO-02)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from portal.blueprints.phrases.training import watch
from portal.blueprints.phrases.training.codes import Topic
from portal.blueprints.phrases.training.models import Invited, TrainingNeed
from portal.blueprints.phrases.training.needs import queries
from portal.blueprints.phrases.training.workflow import ASSIGN, DROP, NEED
from portal.kernel import history, inbox, numbers, reference, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.retraining import Asked
from portal.kernel.rights import Role
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Reason, Refused


class Retraining:
    """What the portal's other areas may ask of training; see `kernel/retraining`."""

    def ask(
        self, person_id: int, topic: str, what: str, subject: Any, address: str,
        *, by: Viewer, now: datetime, due_at: datetime | None,
    ) -> str:  # fmt: skip
        """GO-02: somebody is to be trained; their lead and the office say how. Refused when it waits already."""
        number = numbers.take("XQ", now)  # first: two of one wish queue here
        about = Topic(topic)
        ours = (TrainingNeed.source_kind == subject.history_kind, TrainingNeed.source_id == subject.id)
        if list(queries.waiting(*ours, TrainingNeed.person_id == person_id, TrainingNeed.topic == about)):
            raise Refused([Reason("GO-02", "asked_for_before")])
        made = TrainingNeed(
            number=number, person_id=person_id, topic=about, what=what, source_kind=subject.history_kind,
            source_id=subject.id, source_number=subject.number, source_address=address,
            due_at=due_at or watch.runs_out("limit.training_need", now, now), state_since=now, asked_at=now,
            by_id=by.id,
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        history.record(
            made, "training_need:ask", by=by.id, now=now, clause="GO-02", topic=about, people=[person_id],
            words={"topic": what},
        )  # fmt: skip
        watch.NEEDS.clocks_moved(made, now)
        staff = reference.staff()
        told = {*staff.leads_of(made.department), *staff.with_role(Role.OFFICE)} - {by.id, person_id}
        inbox.tell(
            sorted(told), "training_need:asked", made, now=now, address=watch.NEEDS.address(made), clause="GO-02"
        )  # fmt: skip
        return number

    def of(self, subject: Any) -> Sequence[Asked]:
        """What was asked for because of a thing, for those who may see that thing."""
        return [
            Asked(n.number, watch.NEEDS.address(n), n.person_id, n.what, n.state, n.due_at, n.done_at)
            for n in queries.of_source(subject)
        ]

    def topics(self) -> Iterable[Topic]:
        """The subject areas of the yearly plan."""
        return Topic


def assign(
    need: TrainingNeed, *, by: Viewer, now: datetime, session: Any, quiz: Any, due_at: datetime | None
) -> Effect:
    """GO-02: by which session or quiz the need is met, and until when; the person hears what waits for them."""
    if session is not None and session.of(need.person_id) is None:
        db.session.add(Invited(session_id=session.id, person_id=need.person_id))
        db.session.flush()
        db.session.refresh(session, ["people"])
        watch.tell(session, [need.person_id], "training:invited", now)
        watch.SESSIONS.clocks_moved(session, now)
    need.session_id, need.quiz_id = session.id if session else None, quiz.id if quiz else None
    need.due_at = due_at or need.due_at
    inbox.tell(
        [need.person_id], "training_need:assigned", need, now=now, address=watch.NEEDS.address(need), clause="GO-02"
    )  # fmt: skip
    return Effect({
        "training": session.number if session else None, "quiz": quiz.number if quiz else None, "due": need.due_at,
    })  # fmt: skip


def drop(need: TrainingNeed, *, by: Viewer, now: datetime, reason: str) -> Effect:
    """GO-02: it is not needed after all, and why."""
    need.reason = reason
    return Effect({}, {"reason": reason})


ACTIONS: dict[str, Action] = {ASSIGN: assign, DROP: drop}
act = transitions.actor(NEED, queries.find, ACTIONS)
