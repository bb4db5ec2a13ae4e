"""What belongs to a case beside its main path: visits, other cases, authorities, the guide, what others may learn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.blueprints.complaints import watch
from portal.blueprints.complaints.actions.closing import withdraw
from portal.blueprints.complaints.actions.solving import promise
from portal.blueprints.complaints.models import Case, CaseLink, PublishedSuggestion
from portal.kernel import history, policies
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.transitions import Effect


def visit(case: Case, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """CP-33: the customer came again for the same matter; the first visit too many alerts the lead, once."""
    case.visits += 1
    if case.visits == policies.number("visits.most", now) + 1:
        watch.tell(case, ["lead"], "case:third_visit", now, at_once=True, clause="CP-33")
    return Effect({"visits": case.visits}, {"note": note})


def external(
    case: Case,
    *,
    by: Viewer,
    now: datetime,
    party: str,
    contact: str = "",
    due_at: datetime | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """CP-25: the cause lies outside the company; the authority is dealt with on the customer's behalf."""
    case.external_party, case.external_contact = party, contact
    if due_at is not None:
        promise(case, by=by, now=now, due_at=due_at, note=note)
    return Effect({"due": due_at}, {"party": party, "contact": contact, "note": note})


def link(case: Case, *, by: Viewer, now: datetime, other_case: Case, **_: Any) -> Effect:
    """CP-22: two cases belong together; each leads to the other."""
    _join(case, other_case, by, now)
    return Effect({"other": other_case.number})


def merge(case: Case, *, by: Viewer, now: datetime, other_case: Case, reason: str = "", **_: Any) -> Effect:
    """CP-02: a double is closed in favour of the case that goes on."""
    withdraw(case, by=by, now=now, reason=reason)
    _join(case, other_case, by, now)
    return Effect({"other": other_case.number}, {"reason": reason})


def _join(case: Case, other: Case, by: Viewer, now: datetime) -> None:
    for one, to in ((case, other), (other, case)):
        if db.session.get(CaseLink, (one.id, to.id)) is None:
            db.session.add(CaseLink(case_id=one.id, other_id=to.id, at=now, by_id=by.id))
            one.links += 1
    history.record(other, "case:joined", by=by.id, now=now, clause="CP-22", other=case.number)


def phrase(case: Case, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """CP-02: an answer that others will need again is proposed as a phrase."""
    case.phrase_at = now
    watch.tell(case, ["office"], "case:phrase", now, but=by.id, clause="CP-02")
    return Effect()


def publish(case: Case, *, by: Viewer, now: datetime, what: str, measure: str, **_: Any) -> Effect:
    """CP-26: an adopted suggestion and its measure are published, its author thanked."""
    db.session.add(PublishedSuggestion(case_id=case.id, what=what, measure=measure, at=now, by_id=by.id))
    case.published_at = now
    return Effect({}, {"what": what, "measure": measure})


def tick(case: Case, *, by: Viewer, now: datetime, step: str, **_: Any) -> Effect:
    """CP-28: a step of the guide was taken."""
    case.ticks = " ".join(dict.fromkeys([*case.ticks.split(), step]))
    return Effect({"guide": step})
