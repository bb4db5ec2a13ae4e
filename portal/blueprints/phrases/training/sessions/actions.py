"""What is done with a session: invited to, moved, called off, signed in at, held, thought about (GO-02)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.phrases.training import audience, watch
from portal.blueprints.phrases.training.codes import CAME, Presence, Topic
from portal.blueprints.phrases.training.models import Invited, Training
from portal.blueprints.phrases.training.needs import settling
from portal.blueprints.phrases.training.rules import attending
from portal.blueprints.phrases.training.sessions import queries
from portal.blueprints.phrases.training.workflow import (
    CANCEL,
    HELD,
    INVITE,
    MARK,
    MATERIAL,
    MOVE,
    REFLECT,
    SIGN_IN,
    TRAINING,
)
from portal.kernel import files, history, numbers, policies, reference, sent_forms, transitions
from portal.kernel.db import db
from portal.kernel.files import Checked
from portal.kernel.people import Card, Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Reason, Refused


def arrange(
    *, by: Viewer, now: datetime, topic: Topic, title: str, starts_at: datetime, ends_at: datetime, place: str,
    trainer: str = "", people: Iterable[Card] = (), departments: Collection[str] = (),
    roles: Collection[str] = (), posts: Collection[str] = (), material: str = "", note: str = "",
    quiz_id: int | None = None, plan_id: int | None = None, sent: Sent | None = None,
) -> Training:  # fmt: skip
    """GO-02: a training at a time and place; whoever it is for is invited. Inside a write; raises Refused."""
    number = numbers.take("PX", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    if starts_at <= now:
        raise Refused([Reason("GO-02", "training_in_the_past")])
    who = reference.staff().by_username(trainer)
    made = Training(
        number=number, plan_id=plan_id, topic=topic, title=title, starts_at=starts_at, ends_at=ends_at, place=place,
        trainer=trainer, trainer_id=who.id if who else None, material=material, note=note, quiz_id=quiz_id,
        state_since=now, by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    chosen = _meant(people, departments, roles, posts) - {made.trainer_id}
    _invite(made, chosen, now)
    history.record(
        made, "training:arrange", by=by.id, now=now, clause="GO-02", topic=topic, starts=starts_at,
        people=sorted(chosen), words={"topic": title},
    )  # fmt: skip
    watch.SESSIONS.clocks_moved(made, now)
    return made


def _meant(
    people: Iterable[Card], departments: Collection[str], roles: Collection[str], posts: Collection[str]
) -> set[int | None]:
    """Those who are named, and those of the groups that are ticked; without a tick nobody by group."""
    chosen: set[int | None] = {card.id for card in people}
    if departments or roles or posts:
        chosen |= set(audience.people_of(departments, roles, posts))
    return chosen


def _invite(session: Training, people: Iterable[int | None], now: datetime) -> list[int]:
    there = {row.person_id for row in session.people}
    fresh = sorted(person for person in people if person is not None and person not in there)
    db.session.add_all(Invited(session_id=session.id, person_id=person) for person in fresh)
    db.session.flush()
    db.session.refresh(session, ["people"])
    watch.tell(session, fresh, "training:invited", now)
    return fresh


def invite(
    session: Training, *, by: Viewer, now: datetime, people: Iterable[Card] = (), departments: Collection[str] = (),
    roles: Collection[str] = (), posts: Collection[str] = (),
) -> Effect:  # fmt: skip
    """GO-02: more people; who is invited already hears nothing a second time."""
    fresh = _invite(session, _meant(people, departments, roles, posts) - {session.trainer_id}, now)
    return Effect({"people": fresh})


def move(
    session: Training,
    *,
    by: Viewer,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    reason: str,
) -> Effect:
    """GO-02: another time or place, and why; everybody invited hears of it, calendars follow."""
    told = {"starts": starts_at, "was_starts": session.starts_at}
    session.starts_at, session.ends_at, session.place, session.reason = starts_at, ends_at, place, reason
    session.moves += 1
    watch.tell(session, {row.person_id for row in session.people}, "training:moved", now)
    return Effect(told, {"reason": reason})


def cancel(session: Training, *, by: Viewer, now: datetime, reason: str) -> Effect:
    """GO-02: it is called off, and why; needs that were to be met by it wait again."""
    session.reason = reason
    session.moves += 1
    watch.tell(session, {row.person_id for row in session.people}, "training:cancelled", now)
    settling.unassign(session, now)
    return Effect({}, {"reason": reason})


def material(
    session: Training, *, by: Viewer, now: datetime, material: str, note: str, files_: Iterable[Checked] = ()
) -> Effect:
    """GO-02: what the training works with: links into the handbook and the phrases, and files."""
    session.material, session.note = material, note
    names = [files.add(session, checked, by.id, now).name for checked in files_]
    return Effect({}, {"names": "\n".join(names)} if names else {})


def sign_in(session: Training, *, by: Viewer, now: datetime, late: timedelta, **_: Any) -> Effect:
    """GO-02: the person signs the list; late by the office's figure."""
    row = _row(session, by.id)
    row.presence, row.signed_at, row.signed_by_id = attending.came(now, session.starts_at, late), now, by.id
    return Effect({"presence": row.presence})


def mark(
    session: Training, *, by: Viewer, now: datetime, person: Card, presence: Presence, reason: str = ""
) -> Effect:
    """GO-02: whoever keeps the list says who was there, who came late, who was absent and why."""
    row = session.of(person.id)
    if row is None:
        raise Refused([Reason("GO-02", "not_invited")])
    row.presence, row.reason, row.signed_by_id = presence, reason, by.id
    row.signed_at = now if presence in CAME else None
    return Effect({"people": [person.id], "presence": presence}, {"reason": reason} if reason else {})


def held(session: Training, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """GO-02: the list is closed; needs that were assigned to a session without a quiz are met by it."""
    here = {row.person_id for row in session.people if row.came}
    settling.attended(session, here, by, now)
    return Effect({"count": len(here)})


def reflect(session: Training, *, by: Viewer, now: datetime, text: str, **_: Any) -> Effect:
    """GO-02: what a participant takes along; it may be added to."""
    row = _row(session, by.id)
    row.reflection, row.reflected_at = text, now
    return Effect({}, {"note": text})


def _row(session: Training, person_id: int) -> Invited:
    (row,) = (row for row in session.people if row.person_id == person_id)
    return row


ACTIONS: dict[str, Action] = {
    SIGN_IN: sign_in, REFLECT: reflect, MARK: mark, HELD: held, INVITE: invite, MATERIAL: material, MOVE: move,
    CANCEL: cancel,
}  # fmt: skip


def _do(session: Training, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb; signing in is handed the office's figures."""
    if verb == SIGN_IN:
        given["early"] = timedelta(minutes=policies.number("training.sign_in_before", now))
        given["late"] = timedelta(minutes=policies.number("training.late_after", now))
    transitions.perform(TRAINING, session, verb, ACTIONS[verb], by=by, now=now, **given)


act = transitions.one_write(queries.find, _do)
