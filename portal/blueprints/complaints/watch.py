"""What the kernel asks about cases: their clocks, whom a step tells, what waits for whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import closing, next_steps, queries, rules
from portal.blueprints.complaints.codes import CLOSED, Kind, State, Urgency
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.reach import visible_to
from portal.blueprints.complaints.workflow import CASE
from portal.kernel import history, inbox, policies, reference, timers, todos, what_if
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Clock, Pauses, Told

# Which policy figure, which kind of clock, which clause. A state clock begins anew with a hand-over.
CLOCKS: dict[str, tuple[Basis, str]] = {
    "first_contact": (Basis.STATE, "CP-12"),
    "on_site": (Basis.CASE, "CP-13"),
    "solution": (Basis.CASE, "CP-13"),
    "answer": (Basis.CASE, "CP-14"),
    "whole_case": (Basis.CASE, "CP-14"),
    "escalated": (Basis.STATE, "CP-08"),
    "decision": (Basis.STATE, "CP-16"),
    "opinion": (Basis.STATE, "CP-09"),
    "assistance": (Basis.STATE, "CP-11"),
    "result": (Basis.STATE, "CP-19"),
    "follow_up": (Basis.STATE, "CP-18"),
    "verification": (Basis.STATE, "CP-35"),
}
# CP-35: that a day passed without a finding is told to handler and lead, and makes no case overdue.
timers.WARN_ONLY.add("verification")
# The clocks that measure what a verb is waited for, the earliest first; any other verb shows the one that runs out next.
MEASURES: dict[str, tuple[str, ...]] = {
    "accept": ("first_contact",),
    "contact": ("first_contact", "promise"),
    "on-site": ("on_site",),
    "propose": ("solution",),
    "approve": ("solution",),
    "resolve": ("solution",),
    "report": ("result",),
    "follow-up": ("follow_up",),
    "opinion": ("opinion",),
    "decide": ("decision", "escalated"),
    "assisted": ("assistance",),
}


OF_KIND = ("answer", "solution", "whole_case", "on_site")


def at_registration(case: Case) -> list[str]:
    """The clocks that run from the moment a case is recorded (CP-13, CP-14)."""
    if case.kind is not Kind.COMPLAINT:
        return ["answer"] if case.kind is Kind.INQUIRY else ["answer", "whole_case"]
    return ["answer", "solution", "whole_case", *(["on_site"] if case.is_urgent else [])]


def figure_for(case: Case, kind: str) -> str:
    """The policy figure that a case's clock of that kind starts with."""
    match kind:
        case "first_contact":
            return "limit.first_contact.urgent" if case.is_urgent else "limit.first_contact.normal"
        case "whole_case":
            return f"limit.whole_case.{'special' if case.urgency is Urgency.SPECIAL else 'normal'}"
    return f"limit.{kind}"


def signers(case: Case, department: str) -> list[int]:
    """Who can sign for the department: its lead or deputy, else the general manager; never the person concerned."""
    staff = reference.staff()
    rungs = [
        staff.leads_of(department),
        staff.holding(Position.GENERAL_MANAGER),
        staff.with_role(Role.OFFICE),
    ]
    people, _ = staff.climb(rungs, case.person_concerned_id)
    return people


class CaseWatch:
    """The area's answers to the timers."""

    def load(self, subject_id: int) -> Case | None:
        """The case, locked for this write."""
        return db.session.scalars(
            sa.select(Case).where(Case.id == subject_id).with_for_update()
        ).one_or_none()

    def address(self, subject: Case) -> str:
        """Where the case is dealt with; links in notices need no request."""
        return f"/complaints/{subject.number}"

    def start(self, subject: Case, kind: str, now: datetime) -> None:
        """Start a clock of the table above, by the figure that fits the case."""
        self.started(subject, kind, now)

    def started(self, subject: Case, kind: str, now: datetime) -> Clock | None:
        """The clock that was started; None where nothing has to be met."""
        name = "follow_up" if kind == "follow_up_again" else kind
        if kind == "opinion" and not closing.owes_opinion(subject):
            return None
        if kind == "follow_up" and subject.kind is not Kind.COMPLAINT:
            return None
        basis, clause = CLOCKS[name]
        figure = "limit.follow_up_again" if kind == "follow_up_again" else figure_for(subject, kind)
        clock = timers.start(
            subject, name, now=now, clause=clause, basis=basis, figure=figure, urgent=subject.is_urgent
        )
        if (
            subject.paused_at is not None
        ):  # what begins while the customer is waited for rests with the others
            timers.reckon_again(subject, self.pauses(subject))
        return clock

    def pauses(self, subject: Case) -> Pauses:
        """The spans in which the case waited for its customer; read from history."""
        ours = sa.and_(
            history.Line.subject_kind == subject.history_kind, history.Line.subject_id == subject.id
        )
        events = sa.select(history.Line.event, history.Line.at).where(
            ours, history.Line.event.in_(["case:pause", "case:resume"])
        )
        return rules.pauses_from(db.session.execute(events.order_by(history.Line.id)))

    def told(self, subject: Case, audience: str) -> Told:
        """The persons behind an audience's name; an empty seat passes the message up, visibly."""
        staff, case, department = reference.staff(), subject, subject.department or ""
        manager = staff.holding(Position.GENERAL_MANAGER)
        office = staff.with_role(Role.OFFICE)
        leads = staff.leads_of(department) if department else []
        if case.confidential:
            return _told(staff.climb([office], case.person_concerned_id))
        single: dict[str, int | None] = {
            "handler": case.handler_id,
            "first_responder": case.first_responder_id,
            "reporter": case.reporter,
        }
        if audience in single:
            who = single[audience]
            below = [who] if who is not None and staff.active(who) else []
            # No handler yet: the department's lead answers for it, before routing the general office.
            return _told(staff.climb([below, leads, office], case.person_concerned_id))
        rungs: dict[str, list[list[int]]] = {
            "supervisor": [staff.holding(Position.SUPERVISOR, department), leads, manager, office],
            "lead": [leads, manager, office],
            "deputy": [leads[1:], leads, manager, office],
            "approver": [[i for i in leads if i != case.proposed_by_id], manager, office],
            "manager": [manager, office],
            "director": [staff.holding(Position.OFFICE_DIRECTOR), office],
            "personnel": [staff.holding(Position.PERSONNEL), office],
            "desk": [staff.with_role(Role.DESK), office],
            "office": [office],
            "assistants": [[i for code in case.assisting.split() for i in staff.leads_of(code)], office],
        }
        return _told(staff.climb(rungs[audience], case.person_concerned_id))

    def clocks_moved(self, subject: Case, now: datetime) -> None:
        """Copy the next limit onto the case and put up what waits for whom; after every change."""
        case = subject
        _let_lapse(case, now)
        running = timers.running(case)  # first, for it flushes what the look-ups below count
        _copy_nearest(case, running)
        self._put_up(case, running, queries.loose_ends(case), queries.asked_to_help(case), now)

    def begin(self, case: Case, now: datetime) -> list[Clock]:
        """The first clocks of a case that has not been written yet, and on the case itself the next limit.

        Hand them to `begun` once the case has its id.
        """
        started = [self.started(case, kind, now) for kind in at_registration(case)]
        clocks = [clock for clock in started if clock is not None]
        _copy_nearest(case, clocks)
        return clocks

    def kind_changed(self, case: Case, now: datetime) -> None:
        """CP-02: a case of another kind has that kind's limits, from its registration; what does not belong ends."""
        wanted, there = at_registration(case), {clock.kind for clock in timers.of(case)}
        if gone := [kind for kind in OF_KIND if kind not in wanted]:
            timers.end(case, now, gone)
        for kind in wanted:
            if kind not in there:
                self.start(case, kind, case.registered_at)

    def begun(self, case: Case, clocks: Sequence[Clock], now: datetime) -> None:
        """As `clocks_moved`, for a case that this very write records: there is nothing else to read."""
        timers.begun(case, clocks)
        self._put_up(case, clocks, closing.Loose(), [], now, fresh=True)

    def _put_up(
        self,
        case: Case,
        clocks: Sequence[Clock],
        loose: closing.Loose,
        helping: Sequence[str],
        now: datetime,
        *,
        fresh: bool = False,
    ) -> None:
        running = [c for c in clocks if c.due_at is not None]
        nearest = _nearest(running)
        waits = list(next_steps.waiting(case, loose, _audiences(case)))
        waits += [("assisted", f"lead:{code}") for code in helping]
        if case.confidential:
            waits = [(verb, "office") for verb, _ in waits]
        wanted = [
            todos.Wanted(verb, to, *_measured(verb, running, nearest)) for verb, to in dict.fromkeys(waits)
        ]
        todos.replace(
            case,
            wanted,
            now=now,
            title=title(case.content),
            address=self.address(case),
            urgent=case.is_urgent,
            barred_id=case.person_concerned_id,
            fresh=fresh,
        )


def _nearest(clocks: Sequence[Clock]) -> Clock | None:
    """The limit that runs out first; of two at once the one that started first."""
    counted = (c for c in clocks if c.kind not in timers.WARN_ONLY)
    running = [(c.due_at, place, c) for place, c in enumerate(counted) if c.due_at is not None]
    return min(running)[2] if running else None


def _copy_nearest(case: Case, clocks: Sequence[Clock]) -> None:
    nearest = _nearest(clocks)
    case.due_at = nearest.due_at if nearest else None
    case.due_from = nearest.started_at if nearest else None
    case.due_kind = nearest.kind if nearest else ""


def title(content: str) -> str:
    """What a case is about, in a few words."""
    return " ".join(content.split())[:60]


def about(viewer: Viewer, case_ids: Collection[int]) -> dict[int, str]:
    """The titles of these cases, for an inbox; only of those that the viewer may see now (CP-04, CP-09)."""
    shown = sa.select(Case.id, sa.func.substr(Case.content, 1, 200)).where(
        Case.id.in_(case_ids), visible_to(viewer)
    )
    return {case_id: title(content) for case_id, content in db.session.execute(shown)}


def _let_lapse(case: Case, now: datetime) -> None:
    """A question that the case's state no longer knows is nobody's to decide: it must not bar the archive for ever."""
    for verb in case.asks.split():
        rows = [step for step in CASE.steps if step.verb == verb]
        if any(step.covers(case.state, case.kind) for step in rows):
            continue
        if question := queries.open_question(case, verb):
            question.done_at = now
        case.asks = " ".join(other for other in case.asks.split() if other != verb)
        history.record(case, "case:lapsed", by=None, now=now, clause=rows[0].clause, question=verb)


def _told(climbed: tuple[list[int], bool]) -> Told:
    return Told(*climbed)


def _measured(
    verb: str, running: Sequence[Clock], nearest: Clock | None
) -> tuple[datetime | None, datetime | None]:
    own = [c for c in running if c.kind in MEASURES.get(verb, ())]
    clock = _nearest(own) or nearest
    return (clock.due_at, clock.started_at) if clock else (None, None)


def _audiences(case: Case) -> next_steps.Audiences:
    signs = _lead(case)
    supervises = reference.staff().holding(Position.SUPERVISOR, case.department or "")
    able = [i for i in supervises if i != case.person_concerned_id]
    handler = f"person:{case.handler_id}" if case.handler_id else signs
    return next_steps.Audiences(
        handler=handler,
        reporter=f"person:{case.reporter}" if case.reporter else handler,
        responder=_responder(case),
        signs=signs,
        approves="manager" if concerns_lead(case) else _lead(case, but=case.proposed_by_id),
        supervises=f"supervisor:{case.department}" if able else signs,
        decides={verb: _deciders(case, verb) for verb in case.asks.split()},
    )


def _lead(case: Case, but: int | None = None) -> str:
    """For whom a lead's matter waits: the department's leads, or the general manager where none may act."""
    leads = reference.staff().leads_of(case.department) if case.department else []
    able = [i for i in leads if i not in {but, case.person_concerned_id}]
    return f"lead:{case.department}" if able else "manager"


def decided_by(case: Case, verb: str, asker: Card) -> str:
    """Who decides what somebody asked for, never who asked: `office`, `desk`, `lead` or `manager`.

    CP-17: who answers the customer is agreed with the other side. CP-20: a disposal is the general office's.
    """
    if verb == "dispose" or not case.department:
        return "office"
    if verb == "reporter" and asker.role not in {Role.DESK, Role.OFFICE}:
        return "desk"
    return _lead(case, but=asker.id).partition(":")[0]


def _deciders(case: Case, verb: str) -> tuple[str, ...]:
    """For whom a question waits, by the names of `todos`."""
    staff, question = reference.staff(), queries.open_question(case, verb)
    if question is None:
        return ()
    audience = decided_by(case, verb, staff.cards[question.by_id])
    if audience == "lead":
        return (f"lead:{case.department}",)
    if audience != "office":
        return (audience,)
    others = [i for i in staff.with_role(Role.OFFICE) if i not in {question.by_id, case.person_concerned_id}]
    return tuple(f"person:{i}" for i in others) or ("office",)


def _responder(case: Case) -> str:
    """CP-03: the first responder; the lead of one who is no longer there."""
    absent_in = case.responder_absent_in
    return f"person:{case.first_responder_id}" if absent_in is None else f"lead:{absent_in}"


def concerns_lead(case: Case) -> bool:
    """CP-09: the person complained about leads the department that has the case."""
    return case.department is not None and case.person_concerned_id in reference.staff().leads_of(
        case.department
    )


def pauses_of(ids: Any) -> dict[int, Pauses]:
    """The spans in which each of these cases waited for its customer; one statement."""
    events = sa.select(history.Line.subject_id, history.Line.event, history.Line.at).where(
        history.Line.subject_kind == Case.history_kind,
        history.Line.subject_id.in_(ids),
        history.Line.event.in_(["case:pause", "case:resume"]),
    )
    told: dict[int, list[Any]] = {}
    for case_id, event, at in db.session.execute(events.order_by(history.Line.id)):
        told.setdefault(case_id, []).append((event, at))
    return {case_id: rules.pauses_from(lines) for case_id, lines in told.items()}


WATCH = CaseWatch()
timers.WATCHED["case"] = WATCH
what_if.PAUSES["case"] = pauses_of
inbox.ABOUT["case"] = about


def tell(
    case: Case,
    audiences: Iterable[str],
    kind: str,
    now: datetime,
    *,
    but: int | None = None,
    at_once: bool = False,
    address: str = "",
    **details: Any,
) -> None:
    """Put a message about the case into the inboxes behind these audiences; never the person concerned's.

    It leads to the case, or to `address` for those who need not see the case.
    """
    people: list[int] = []
    climbed = False
    for audience in audiences:
        told = WATCH.told(case, audience)
        people += told.people
        climbed = climbed or told.climbed
    chosen = [i for i in dict.fromkeys(people) if i not in {but, case.person_concerned_id}]
    urgent = case.is_urgent or at_once
    inbox.tell(
        chosen,
        kind,
        case,
        now=now,
        address=address or WATCH.address(case),
        urgent=urgent,
        climbed=climbed,
        **details,
    )


def tell_person(case: Case, person_id: int, kind: str, now: datetime, **details: Any) -> None:
    """Put a message about the case into one person's inbox."""
    inbox.tell(
        [person_id], kind, case, now=now, address=WATCH.address(case), urgent=case.is_urgent, **details
    )


def recompute(figure: str, by: int, now: datetime) -> int:
    """Put every open case under the figure now in force (GO-05); how many clocks moved. Inside a write.

    Only where the general office asked for it: otherwise open cases keep the limits they started with.
    """
    moved = 0
    started_with = sa.select(policies.Policy.id).where(policies.Policy.key == figure)
    open_clocks = sa.select(Clock).where(
        Clock.subject_kind == "case",
        Clock.policy_id.in_(started_with),
        Clock.met_at.is_(None),
        Clock.ended_at.is_(None),
        Clock.ends_at.is_(None),
    )
    for clock in list(db.session.scalars(open_clocks)):
        case = WATCH.load(clock.subject_id)
        if case is None or case.state in CLOSED:
            continue
        timers.set_limit(clock, figure, now, WATCH.pauses(case))
        history.record(
            case, "clock:recomputed", by=by, now=now, clause="GO-05", clock=clock.kind, limit=clock.limit
        )
        WATCH.clocks_moved(case, now)
        moved += 1
    return moved


def is_closed(state: State) -> bool:
    """True when nothing more is asked of anybody."""
    return state in CLOSED
