"""Who must do what next about a case, for *my day*; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.blueprints.complaints.closing import Loose, owes_opinion, special_unfounded, what_blocks_archive
from portal.blueprints.complaints.codes import CLOSED, Category, Kind, Outcome, State
from portal.blueprints.complaints.rules import adopted, unpublished


@dataclass(frozen=True)
class Audiences:
    """For whom a case's matters wait, by the names of `todos`."""

    handler: str
    reporter: str
    responder: str
    signs: str  # the department's lead, or the level above where the lead may not act
    approves: str
    supervises: str
    desk: str = "desk"
    office: str = "office"
    decides: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # what was asked -> never who asked it


Wait = tuple[str, str]


def waiting(case: Any, loose: Loose, to: Audiences) -> Iterator[Wait]:
    """(verb, audience) of everything somebody must do next."""
    yield from _beside(case, loose, to)
    if case.state is State.REPORTED:
        yield from _after_reporting(case, loose, to)
    elif step := _next_step(case, to):
        yield step
    if owes_opinion(case) and case.state in {State.RESOLVED, State.REPORTED}:
        yield "opinion", to.signs


def _next_step(case: Any, to: Audiences) -> Wait | None:
    """The verb that moves the case on."""
    other = case.category is Category.OTHER and case.person_concerned_id is None
    steps = {
        State.REGISTERED: ("route", to.office if other else to.desk),
        State.ROUTED: ("accept", to.signs),
        State.ACCEPTED: ("propose", to.handler),
        State.RETURNED: ("propose", to.handler),
        State.REOPENED: ("propose", to.handler),
        State.PROPOSED: ("approve", to.approves),
        State.APPROVED: ("resolve", to.handler),
        State.RESOLVED: ("report", to.reporter),
        State.NOT_UPHELD: ("archive", to.desk),
        State.WITHDRAWN: ("archive", to.desk),
    }
    if case.kind is Kind.INQUIRY:
        steps |= {State.REGISTERED: ("report", to.responder), State.ACCEPTED: ("report", to.handler)}
    if case.kind is Kind.SUGGESTION:
        steps |= {State.ACCEPTED: ("adopt", to.signs)}
    return steps.get(case.state)


def _beside(case: Any, loose: Loose, to: Audiences) -> Iterator[Wait]:
    """What waits beside the main path, in any state."""
    open_ = case.state not in CLOSED
    waits = [
        (case.state not in _PUT_AWAY and case.read_back is None, "read-back", to.responder),
        (open_ and case.paused_at is not None, "resume", to.handler),
        (open_ and loose.decisions > 0, "decide", "director"),
        (open_ and loose.escalations > 0, "decide", to.supervises),
        (open_ and loose.cooperation > 0, "decide", "manager"),
        (case.is_urgent and case.on_site_at is None and case.state in _AT_WORK, "on-site", _scene(case, to)),
        (open_ and _owes_contact(case, loose), "contact", to.handler if case.department else to.responder),
        (special_unfounded(case) and case.state in _WITH_DEPARTMENT, "special", to.signs),
        (_owes_publication(case), "publish", to.signs),
    ]
    yield from ((verb, audience) for applies, verb, audience in waits if applies)
    for verb in case.asks.split():
        usual = to.approves if case.department and verb != "dispose" else to.office
        yield from ((verb, audience) for audience in to.decides.get(verb, (usual,)))


def _owes_publication(case: Any) -> bool:
    """CP-26: an adopted suggestion that was carried out is published."""
    done = case.kind is Kind.SUGGESTION and case.state in {State.RESOLVED, State.REPORTED}
    return done and adopted(case) is None and unpublished(case) is None


def _scene(case: Any, to: Audiences) -> str:
    """CP-13: who goes to the scene: the handler, before one is named the department, before routing the desk."""
    if case.handler_id:
        return to.handler
    return to.signs if case.department else to.desk


def _owes_contact(case: Any, loose: Loose) -> bool:
    """CP-12, CP-15: the customer waits for a first contact or for a promised call."""
    first = case.contacted_at is None and case.state in {State.ACCEPTED, State.RETURNED}
    return loose.promises > 0 or (first and case.kind is Kind.COMPLAINT)


_PUT_AWAY = frozenset({State.ARCHIVED, State.WITHDRAWN})
_WITH_DEPARTMENT = frozenset(
    {
        State.ROUTED,
        State.ACCEPTED,
        State.PROPOSED,
        State.RETURNED,
        State.APPROVED,
        State.RESOLVED,
        State.REOPENED,
    }
)
_AT_WORK = _WITH_DEPARTMENT - {State.RESOLVED} | {State.REGISTERED}


def _after_reporting(case: Any, loose: Loose, to: Audiences) -> Iterator[Wait]:
    """CP-03, CP-17 … CP-20: what follows the answer."""
    if case.followed_up is Outcome.DISSATISFIED or case.satisfied is False:
        yield "reopen", to.desk
        return
    calls = (
        case.kind is Kind.COMPLAINT and case.followed_up in {None, Outcome.NO_ANSWER} and not case.not_reached
    )
    if calls:
        solved = case.first_responder_id in {case.handler_id, case.reported_by_id, case.resolved_by_id}
        yield "follow-up", to.desk if solved else to.responder
    if case.confirmed_at is None:
        yield "confirm", to.responder
    if case.filed_at is None and case.department is not None and case.kind is not Kind.INQUIRY:
        yield "file", to.signs
    if not what_blocks_archive(case, loose):
        yield "archive", to.desk
