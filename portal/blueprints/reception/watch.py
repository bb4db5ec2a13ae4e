"""What the kernel asks about visits: the decision's limit, whom a step tells, what waits for whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception.codes import (
    ADMINISTRATION,
    OVER,
    PRESENT,
    Category,
    Late,
    Side,
    State,
)
from portal.blueprints.reception.matrix import rule_for
from portal.blueprints.reception.models import Visit, VisitTask
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.rules import arranged, checks_missing, form_missing, to_be_led
from portal.kernel import history, inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role
from portal.kernel.timers import Basis, Pauses, Told

CLOCKS = {"visit_decision": (Basis.STATE, "RC-11")}
# What else waits around a visit: kind and audience, asked after every change. Other parts add theirs.
WAITS: list[Callable[[Visit, datetime], Iterable[tuple[str, str]]]] = []


class VisitWatch:
    """The area's answers to the timers."""

    def load(self, subject_id: int) -> Visit | None:
        """The visit, locked for this write; the turn first, see `reach.find`."""
        history.wait_for_turn()
        return db.session.scalars(
            sa.select(Visit).where(Visit.id == subject_id).with_for_update()
        ).one_or_none()

    def address(self, subject: Visit) -> str:
        """Where the visit is dealt with; links in notices need no request."""
        return f"/reception/visits/{subject.number}"

    def start(self, subject: Visit, kind: str, now: datetime) -> None:
        """RC-11: somebody stands there, so the limit runs at any hour."""
        basis, clause = CLOCKS[kind]
        timers.start(subject, kind, now=now, clause=clause, basis=basis, figure=f"limit.{kind}", urgent=True)

    def pauses(self, subject: Visit) -> Pauses:
        """A visit is never paused."""
        return []

    def told(self, subject: Visit, audience: str) -> Told:
        """The persons behind an audience's name; an empty seat passes the message up, visibly."""
        staff, department = reference.staff(), subject.department or ""
        leads = staff.leads_of(department)
        manager, office = staff.holding(Position.GENERAL_MANAGER), staff.with_role(Role.OFFICE)
        host = [subject.host_id] if staff.active(subject.host_id) and subject.host_id else []
        rungs: dict[str, list[list[int]]] = {
            "handler": [host, leads, office],
            "lead": [leads[:1], leads, manager, office],
            "deputy": [leads[1:], manager, office],
            "desk": [staff.with_role(Role.DESK), office],
            "office": [office],
            "director": [staff.holding(Position.OFFICE_DIRECTOR), office],
            "manager": [manager, office],
        }
        return Told(*staff.climb(rungs.get(audience, [office]), None))

    def clocks_moved(self, subject: Visit, now: datetime) -> None:
        """Put up what waits for whom; after every change."""
        put_up(subject, now)


WATCH = VisitWatch()
timers.WATCHED[Visit.history_kind] = WATCH


def tasks_of(visit: Visit) -> list[VisitTask]:
    """The duties around a visit, in the order of the matrix."""
    return list(
        db.session.scalars(sa.select(VisitTask).where(VisitTask.visit_id == visit.id).order_by(VisitTask.id))
    )


def put_up(visit: Visit, now: datetime) -> None:
    """Make the open matters of a visit be what its state and its tasks ask for (RC-03, RC-11, RC-13, RC-19)."""
    db.session.flush()
    running = timers.running(visit, ["visit_decision"])
    due = (running[0].due_at, running[0].started_at) if running else (None, None)
    dues = {"visit-agree": due, "visit-ready": (visit.starts_at, None)}
    wanted = [
        todos.Wanted(kind, audience, *dues.get(kind, (None, None)))
        for kind, audience in dict.fromkeys(_waits(visit, now))
    ]
    todos.replace(
        visit,
        wanted,
        now=now,
        title=title(visit),
        address=WATCH.address(visit),
        urgent=visit.state in PRESENT,
        barred_id=visit.barred_id,
    )


def _waits(visit: Visit, now: datetime) -> Iterable[tuple[str, str]]:
    if visit.state in OVER:
        return
    host = audience_of(visit, Side.HOST)
    yield from _next(visit, host, now)
    if visit.late is Late.ASKED and arranged(visit):
        yield "approve-late", "office"
    if form_missing(visit, rule_for(visit.category, now)):
        yield "arrange", host
    if visit.state is not State.LEFT:
        yield from ((str(t.task), audience_of(visit, t.side)) for t in tasks_of(visit) if t.done_at is None)
    for more in WAITS:
        yield from more(visit, now)


def _next(visit: Visit, host: str, now: datetime) -> Iterable[tuple[str, str]]:
    """Which act the state waits for."""
    match visit.state:
        case State.ASKED:
            yield "visit-agree", _lead(visit)
        case State.EXPECTED if not visit.confirmed_at:
            yield "visit-confirm", host
        case State.ARRIVED if visit.undecided:
            yield "visit-categorise", "desk"
        case State.ARRIVED:
            yield ("visit-ask" if visit.category is Category.D else "visit-seat"), "desk"
        case State.WAITING if to_be_led(visit):
            yield "visit-seat", "desk"
        case State.LEFT:
            missing = checks_missing(visit, rule_for(visit.category, now).room_check)
            for side in missing or ([] if visit.used_place else [Side.DESK]):
                yield "visit-check", audience_of(visit, side)


def audience_of(visit: Visit, side: Side) -> str:
    """For whom a duty of that side waits, by the names of `todos` (RC-03)."""
    staff = reference.staff()
    if side is Side.DESK:
        return "desk"
    if side is Side.CLERK:
        return clerk()
    return f"person:{visit.host_id}" if staff.active(visit.host_id) else _lead(visit)


def clerk() -> str:
    """The administration's clerk, who looks after the places (RC-03); its lead where there is none."""
    clerks = reference.staff().holding(Position.CLERK, ADMINISTRATION)
    return f"person:{clerks[0]}" if clerks else f"lead:{ADMINISTRATION}"


def _lead(visit: Visit) -> str:
    leads = reference.staff().leads_of(visit.department or "")
    return f"lead:{visit.department}" if leads else "manager"


def title(visit: Visit) -> str:
    """Who comes, in a few words."""
    return f"{visit.visitor_name} · {visit.company}"[:60] if visit.company else visit.visitor_name[:60]


def about(viewer: Viewer, visit_ids: Collection[int]) -> dict[int, str]:
    """The titles of these visits, for an inbox; only of those that the viewer may see."""
    shown = sa.select(Visit.id, Visit.visitor_name, Visit.company).where(
        Visit.id.in_(visit_ids), visible_to(viewer)
    )
    return {
        visit_id: f"{name} · {company}"[:60] if company else name[:60]
        for visit_id, name, company in db.session.execute(shown)
    }


inbox.ABOUT[Visit.history_kind] = about


def tell(
    visit: Visit,
    audiences: Iterable[str],
    kind: str,
    now: datetime,
    *,
    but: int | None = None,
    **details: Any,
) -> None:
    """A message about a visit to these audiences, at once: somebody stands there."""
    people = [person for audience in audiences for person in WATCH.told(visit, audience).people]
    inbox.tell(
        [person for person in people if person not in {but, visit.barred_id}],
        kind,
        visit,
        now=now,
        address=WATCH.address(visit),
        urgent=visit.state in PRESENT,
        **details,
    )


def hosts_of(visit: Visit, now: datetime) -> list[str]:
    """Whom an arrival tells, by the matrix: general manager, head of department, who is named (RC-04 … RC-10)."""
    named = {"manager": "manager", "lead": "lead", "named": "handler", "desk": "desk"}
    hosts = [named[host] for host in rule_for(visit.category, now).hosts if host != "desk"]
    return hosts or ["handler"]


def tell_administration(visit: Visit, kind: str, now: datetime, *, but: int | None = None) -> None:
    """A message to the administration's lead, who answers for the desk (RC-10, RC-14)."""
    leads = reference.staff().leads_of(ADMINISTRATION)
    inbox.tell(
        [person for person in leads if person not in {but, visit.barred_id}],
        kind,
        visit,
        now=now,
        address=WATCH.address(visit),
        urgent=visit.state in PRESENT,
    )


def end_decision(visit: Visit, now: datetime) -> None:
    """RC-11: nobody need answer any more: the question was taken back, or the visitor left."""
    timers.end(visit, now, ["visit_decision"])
