"""What is done with checks on duty: one is written down, who was met answers, the head settles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from portal.blueprints.duty.spot_checks import queries, watch
from portal.blueprints.duty.spot_checks.codes import Finding, State
from portal.blueprints.duty.spot_checks.models import DutyCheck, Met
from portal.blueprints.duty.spot_checks.workflow import ANSWER, DUTY_CHECK, SETTLE
from portal.kernel import clock, history, numbers, sent_forms, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Reason, Refused


def record(
    post: Any, *, by: Viewer, now: datetime, findings: Collection[Finding], people: Sequence[int],
    checked_at: datetime, dealt: str = "", note: str = "", sent: Sent | None = None,
) -> DutyCheck:  # fmt: skip
    """DR-05: what a head saw; something that was found stays open until it is settled. Inside a write; raises Refused."""
    if by.id in people:
        raise Refused([Reason("DR-05", "checks_own")])
    number = numbers.take("CC", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    clean = list(findings) == [Finding.NONE]
    made = DutyCheck(
        number=number, post_id=post.id, checked_at=checked_at, dealt=dealt, note=note,
        findings=" ".join(code for code in Finding if code in findings), by_id=by.id, made_at=now,
        state=State.CLEAN if clean else State.OPEN, state_since=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    db.session.add_all(Met(check_id=made.id, person_id=person) for person in dict.fromkeys(people))
    sent_forms.taken(made, by, sent, now)
    db.session.flush()
    db.session.refresh(made, ["met", "post"])
    history.record(
        made, "duty_check:record", by=by.id, now=now, clause="DR-05", post=post.code, findings=list(made.found),
        people=sorted(made.people), words={"dealt": dealt, "note": note},
    )  # fmt: skip
    watch.WATCH.clocks_moved(made, now)
    if made.people:
        watch.tell_met(made, now)
    _done_for_the_week(made, by, now)
    return made


def _done_for_the_week(made: DutyCheck, by: Viewer, now: datetime) -> None:
    """The week's proposal is done with the first check of its post by the head to whom it was made."""
    row = queries.proposal(by, clock.local(made.checked_at).date())
    if row is not None and row.done_id is None and row.post_id == made.post_id:
        row.done_id = made.id
        watch.put_up(row, now)


def answer(check: DutyCheck, *, by: Viewer, now: datetime, text: str, **_: Any) -> Effect:
    """DR-05: who was found says something to it, once."""
    (row,) = (row for row in check.met if row.person_id == by.id)
    row.answer, row.answered_at = text, now
    return Effect({}, {"note": text})


def settle(check: DutyCheck, *, by: Viewer, now: datetime, note: str, **_: Any) -> Effect:
    """DR-05: what was found is dealt with; the head says how."""
    check.settled_at, check.settled_by_id, check.settled_note = now, by.id, note
    return Effect({}, {"note": note})


ACTIONS: dict[str, Action] = {ANSWER: answer, SETTLE: settle}
act = transitions.actor(DUTY_CHECK, queries.find, ACTIONS)
