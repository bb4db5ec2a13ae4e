"""What is done in an emergency: it is declared, helped in, ended, reported (DR-16)."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.emergencies import queries, rules, watch
from portal.blueprints.duty.emergencies.codes import Answer, Kind, Level, Service, State
from portal.blueprints.duty.emergencies.models import Emergency, RollCall, StepDone
from portal.blueprints.duty.emergencies.workflow import (
    ANSWER,
    ARRIVE,
    EMERGENCY,
    END,
    FALSE_ALARM,
    LEADER,
    NOTE,
    POLICE,
    REPORT,
    STEP,
)
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.log import actions as log
from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.posts.models import Post
from portal.kernel import history, numbers, reference, timers, transitions
from portal.kernel.db import db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Card, Viewer
from portal.kernel.sent_forms import SaidOtherwise
from portal.kernel.transitions import Action, Effect


class SentBefore(Exception):
    """This very form was taken before; nothing is declared a second time."""

    def __init__(self, made: Emergency) -> None:
        self.made = made
        super().__init__(made.number)


def declare(
    kind: Kind,
    *,
    by: Viewer,
    now: datetime,
    level: Level,
    drill: bool = False,
    place: str = "",
    note: str = "",
    departments: list[str] | None = None,
    post: Post | None = None,
    idempotency_key: str | None = None,
) -> Emergency:
    """DR-16: level one calls everyone on duty, level two the departments concerned; the arrival clock starts.

    Inside a write. Raises SentBefore for a form that was sent before, SaidOtherwise for a used key.
    """
    said = fields_digest({
        "kind": kind, "level": level, "drill": drill, "place": place, "note": note, "departments": departments or [],
        "post": post.code if post else "",
    })  # fmt: skip
    number = numbers.take("TF", now)  # first: two forms of one key queue here
    if (before := _sent_before(by, idempotency_key)) is not None:
        if before.fields_digest != said:
            raise SaidOtherwise
        raise SentBefore(before)
    made = Emergency(
        number=number, kind=kind, level=level, state=State.DECLARED, state_since=now, drill=drill, place=place, note=note,
        departments=" ".join(departments or []), post_id=post.id if post else None,
        playbook_id=queries.playbooks()[kind].id, declared_at=now, declared_by_id=by.id,
        idempotency_key=idempotency_key, fields_digest=said,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    made = queries.load(made.id)
    _call(made, now)
    history.record(
        made, "emergency:declare", by=by.id, now=now, clause="DR-16", kind=kind, level=level, drill=drill or None,
        edition=made.playbook.edition, words={"place": place, "note": note},
    )  # fmt: skip
    if post is not None:
        _into_the_log(made, post, by, now)
    watch.WATCH.start(made, "arrival_drill" if drill else "arrival", now)
    watch.WATCH.clocks_moved(made, now)
    reference.changed()  # every page shows it from now on
    return made


def _sent_before(by: Viewer, key: str | None) -> Emergency | None:
    if not key:
        return None
    ours = sa.and_(Emergency.declared_by_id == by.id, Emergency.idempotency_key == key)
    return db.session.scalars(sa.select(Emergency).where(ours)).one_or_none()


def _call(emergency: Emergency, now: datetime) -> None:
    """Write the roll and tell whom the level calls, the leads of a level two, and the duty leader."""
    rows = db.session.execute(sa.select(Post.id, Post.department))
    departments = {row.id: row.department for row in rows}
    seated: dict[str, set[int]] = defaultdict(set)
    for post_id, shifts in who.on_duty(now).items():
        for seats in shifts:
            seated[departments[post_id]].update(seats.people)
    roll = rules.on_the_roll(emergency.level, seated, emergency.concerned, emergency.declared_by_id)
    db.session.add_all(RollCall(emergency_id=emergency.id, person_id=person) for person in roll)
    db.session.flush()
    leads = watch.leads_of(emergency.concerned) if emergency.level is Level.TWO else []
    kind = "emergency:everyone" if emergency.level is Level.ONE else "emergency:departments"
    watch.tell(emergency, kind, [*roll, *leads, *watch.heads()], now, but=emergency.declared_by_id)


def _into_the_log(emergency: Emergency, post: Post, by: Viewer, now: datetime) -> None:
    """DR-11: an event in progress, which holds the handover of the post until it is over or taken over by word."""
    text = "\n".join(filter(None, (f"{emergency.number} {watch.told_of(emergency)}", emergency.note)))
    entry = log.enter(
        post, by=by, now=now, category=Category.INCIDENT, text=text, standing=Standing.RUNNING,
        major=not emergency.drill,
    )  # fmt: skip
    emergency.entry = entry  # not its id alone: it may be over within the same session
    db.session.flush()


def perform(emergency: Emergency, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    """One verb inside a write, with what its gates must know."""
    facts = {"roll": queries.called(queries.roll(emergency)), "steps": queries.steps(emergency)}
    transitions.perform(EMERGENCY, emergency, verb, ACTIONS[verb], by=by, now=now, **given, **facts)


act = transitions.one_write(queries.find, perform)


def arrive(emergency: Emergency, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """DR-16: somebody is on the scene; the minute is measured from the declaration."""
    emergency.arrived_at, emergency.arrived_by_id = now, by.id
    return Effect({"seconds": rules.seconds_to_arrive(emergency.declared_at, now)})


def step(emergency: Emergency, *, by: Viewer, now: datetime, step: int, steps: list[Any], **_: Any) -> Effect:
    """DR-16: a step of the playbook was done."""
    db.session.add(StepDone(emergency_id=emergency.id, step_id=step, at=now, by_id=by.id))
    db.session.flush()
    (done,) = (line for line in steps if line.id == step)
    return Effect({"place": done.place}, {"step": done.text})


def answer(
    emergency: Emergency, *, by: Viewer, now: datetime, answer: Answer, person: Card | None = None, **_: Any
) -> Effect:
    """DR-16: the roll-call: for oneself, or for somebody whom the leader saw or missed, called or not."""
    key = (emergency.id, person.id if person else by.id)
    row = db.session.get(RollCall, key) or RollCall(emergency_id=key[0], person_id=key[1])
    row.answer, row.at, row.by_id = answer, now, by.id
    db.session.add(row)
    db.session.flush()
    return Effect({"answer": answer, "person": row.person_id})


def police(
    emergency: Emergency, *, by: Viewer, now: datetime, service: Service, note: str = "", **_: Any
) -> Effect:
    """DR-16: help from outside was called, or why it was not; the first time counts."""
    if emergency.police_at is None:
        emergency.police_at, emergency.police_by_id = now, by.id
    called = dict.fromkeys([*emergency.services.split(), str(service)])
    emergency.services = " ".join(called)
    return Effect({"service": service}, {"note": note})


def leader(
    emergency: Emergency, *, by: Viewer, now: datetime, told: Card, note: str = "", **_: Any
) -> Effect:
    """DR-16: the duty leader was told."""
    emergency.leader_at, emergency.leader_by_id, emergency.leader_id = now, by.id, told.id
    return Effect({"told": told.id}, {"note": note})


def note(emergency: Emergency, *, text: str, **_: Any) -> Effect:
    """DR-16: a line of the timeline."""
    return Effect({}, {"note": text})


def false_alarm(emergency: Emergency, *, by: Viewer, now: datetime, reason: str, **_: Any) -> Effect:
    """DR-16: a false alarm ends it."""
    emergency.false_alarm = True
    return _over(emergency, "emergency:false-alarm", reason, by=by, now=now, words={"reason": reason})


def end(emergency: Emergency, *, by: Viewer, now: datetime, outcome: str, **_: Any) -> Effect:
    """DR-16: it is over; a closing report is owed."""
    return _over(emergency, "emergency:end", outcome, by=by, now=now, words={"note": outcome})


def _over(
    emergency: Emergency, kind: str, outcome: str, *, by: Viewer, now: datetime, words: dict[str, str]
) -> Effect:
    """Everybody who was called hears of it, and the log's event in progress is settled."""
    emergency.ended_at, emergency.ended_by_id, emergency.outcome = now, by.id, outcome
    timers.end(emergency, now)
    called = [row.person_id for row in queries.roll(emergency)]
    leads = watch.leads_of(emergency.concerned) if emergency.level is Level.TWO else []
    watch.tell(emergency, kind, [*called, *leads, *watch.heads()], now, but=by.id)
    entry, post = emergency.entry, emergency.post
    if entry is not None and post is not None and not queries.is_settled(entry.id):
        text = f"{emergency.number} {outcome}"
        log.enter(post, by=by, now=now, category=entry.category, text=text, act=Act.SETTLE, about_id=entry.id)
    reference.changed()  # no page shows it any more
    return Effect({}, words)


def report(
    emergency: Emergency,
    *,
    by: Viewer,
    now: datetime,
    course: str,
    measures: str = "",
    left_out: str = "",
    **_: Any,
) -> Effect:
    """DR-16: the closing report, written and signed by one."""
    emergency.course, emergency.measures, emergency.left_out = course, measures, left_out
    emergency.reported_at, emergency.reported_by_id = now, by.id
    return Effect({}, {"note": course})


ACTIONS: dict[str, Action] = {
    ARRIVE: arrive,
    ANSWER: answer,
    STEP: step,
    POLICE: police,
    LEADER: leader,
    NOTE: note,
    FALSE_ALARM: false_alarm,
    END: end,
    REPORT: report,
}
