"""The worker's own look at the installation: what became bad is told to the director of the general office, once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app

from portal import worker
from portal.blueprints.office.system import labels, queries, rules
from portal.blueprints.office.system.codes import Tone
from portal.blueprints.office.system.models import SystemState
from portal.blueprints.office.system.rules import Found
from portal.i18n import speaking
from portal.kernel import clock, inbox, jobs, reference, runs, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Position, Role

ADDRESS, LOOK_AT = "/office/system/", "look-at-system"


def look(now: datetime) -> Iterator[str]:
    """Compare how the installation is with what is known to be bad; a line for each change."""
    found = list(rules.judged(queries.gathered(now).seen, queries.limits(now)))
    db.session.rollback()
    with db.write():
        known = {state.code: state for state in db.session.scalars(sa.select(SystemState).with_for_update())}
        changed = [each for each in found if _noted(each, known.get(each.check), now)]
    for each in changed:
        yield f"{each.check} is {each.tone}: {each.said}"


def _noted(found: Found, state: SystemState | None, now: datetime) -> bool:
    """True when it became bad or well with this look; who looks after it hears of the first only."""
    bad, was_bad = found.tone is Tone.BAD, state is not None and state.ended_at is None
    if state is not None and was_bad and not bad:
        state.ended_at = now
        todos.replace(state, (), now=now, title="", address=ADDRESS)
    if not bad:
        return was_bad
    state = state or SystemState(code=found.check)
    state.said, state.given, state.ended_at = found.said, json.dumps(found.given), None
    if not was_bad:
        state.since = now
        db.session.add(state)
        db.session.flush()
        _tell(state, now)
    return not was_bad


def _tell(state: SystemState, now: datetime) -> None:
    staff = reference.staff()
    people = (staff.holding(Position.OFFICE_DIRECTOR) or staff.with_role(Role.OFFICE))[:1]
    with speaking(current_app.config["SETTINGS"].default_locale):
        title = labels.check_name(state.code)
    inbox.tell(people, "system:bad", state, now=now, address=ADDRESS)
    wanted = [todos.Wanted(LOOK_AT, f"person:{person}") for person in people]
    todos.replace(state, wanted, now=now, title=title, address=ADDRESS)


def _about(viewer: Viewer, ids: object) -> dict[int, str]:
    """What a message is about: the thing that is bad."""
    if not viewer.may(May.MANAGE_OFFICE):
        return {}
    return {state.id: labels.check_name(state.code) for state in db.session.scalars(sa.select(SystemState))}


def ask_verify(by: int | None, now: datetime) -> None:
    """Have a worker look at the history and everything else that must fit together. Inside a write."""
    jobs.ask(queries.VERIFY, queries.VERIFY, by=by, now=now, again=True)
    db.afterwards(worker.wake)


def verify_when_due(now: datetime) -> Iterator[str]:
    """Each night: whether the history was looked at within the days that the general office wants."""
    last = db.session.get(runs.Run, queries.VERIFY)
    days = timedelta(days=queries.limits(now).verify_days)
    if last is not None and last.ended_at is not None and clock.real() - last.ended_at < days:
        return
    with db.write():
        ask_verify(None, now)
    yield "asked for"


inbox.ABOUT[SystemState.history_kind] = _about
jobs.STOPS.add(queries.VERIFY)
runs.REGULAR["watch"] = runs.Regular(look, timedelta(minutes=5))
runs.REGULAR["verify-due"] = runs.Regular(verify_when_due)
