"""perform(): the one way in which anything changes its state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm.exc import StaleDataError

from portal.kernel import history, sent_forms, timers
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.workflow import Attempt, Refused, Step, Workflow


@dataclass
class Effect:
    """What an action did besides its own fields: what history keeps, and the words that may be forgotten one day."""

    details: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    stay: bool = False  # a question was asked or answered with no: the state waits


Action = Callable[..., Effect]
Found = TypeVar("Found")


def check(flow: Workflow, subject: Any, verb: str, by: Viewer) -> Step:
    """Right (Forbidden, 403), then state (Refused, 409); asked before the form is read."""
    return flow.step(subject, verb, by)


def perform(
    flow: Workflow, subject: Any, verb: str, action: Action, *, by: Viewer, now: datetime, **given: Any
) -> Effect:
    """Right, state, gates, effect, state, clocks, history; inside one write.

    `subject` was loaded inside the write; `given` are the form's fields. Raises Forbidden or Refused, and then nothing
    has changed. The action holds only the effect of the verb.
    """
    step = check(flow, subject, verb, by)
    if reasons := flow.against(step, Attempt(subject, by, now, given)):
        raise Refused(reasons)
    was = subject.state
    # Before the effect, which may start the next clock of the kind that is met.
    timers.meet(subject, step.meets, now)
    effect = action(subject, by=by, now=now, **given)
    if step.to is not None and not effect.stay:
        subject.state, subject.state_since = type(was)(step.to), now
    area = timers.WATCHED[subject.history_kind]
    for kind in () if effect.stay else step.starts:
        area.start(subject, kind, now)
    _write_down(subject, step, by, now, effect, was)
    area.clocks_moved(subject, now)
    return effect


def actor(flow: Workflow, find: Callable[..., Found], actions: Mapping[str, Action]) -> Callable[..., Found]:
    """`act` as `one_write` makes it, where the table and its actions are all there is to do."""

    def do(found: Found, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
        perform(flow, found, verb, actions[verb], by=by, now=now, **given)

    return one_write(find, do)


def one_write(find: Callable[..., Found], do: Callable[..., Any]) -> Callable[..., Found]:
    """`act(key, verb, by=, now=, **given)`: one verb, from looking the thing up to the commit; the thing as it is then.

    `find(viewer, key, lock=True)` is reach inside the write, `do(found, verb, by=, now=, **given)` performs the verb
    and what goes with it. A form that was taken before, `sent`, is not taken again. `act` raises NotFound, Forbidden,
    Refused, SaidOtherwise, and StaleDataError when `seen`, the version that a form was drawn with, is not the stored
    one any more.
    """

    def act(
        key: Any,
        verb: str,
        *,
        by: Viewer,
        now: datetime,
        seen: int | None = None,
        sent: Sent | None = None,
        **given: Any,
    ) -> Found:
        with db.write():
            found = find(by, key, lock=True)
            if not sent_forms.taken(found, by, sent, now):
                return found
            _insist(found, seen)
            do(found, verb, by=by, now=now, **given)
        return found

    return act


def _insist(found: Any, seen: int | None) -> None:
    if seen is not None and seen != found.version:
        raise StaleDataError


def _write_down(subject: Any, step: Step, by: Viewer, now: datetime, effect: Effect, was: Any) -> None:
    moved: Mapping[str, Any] = {} if was == subject.state else {"from": str(was), "to": str(subject.state)}
    history.record(
        subject,
        f"{subject.history_kind}:{step.verb}",
        by=by.id,
        now=now,
        clause=step.clause,
        words=effect.words,
        **moved,
        **effect.details,
    )
