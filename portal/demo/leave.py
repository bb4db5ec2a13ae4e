"""The demo's leave and swaps: approved, waiting, without a substitute; a shift given, one exchanged, an absence.

Which shifts they are about is looked up in the published roster, whatever it holds: those that somebody may take.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from portal.blueprints.duty.leave import absences
from portal.blueprints.duty.leave import actions as leave
from portal.blueprints.duty.leave import workflow as leave_verbs
from portal.blueprints.duty.leave.codes import LeaveKind
from portal.blueprints.duty.posts import actions as posts
from portal.blueprints.duty.posts.models import Post, Qualification, WorkLimits
from portal.blueprints.duty.rosters.changes import Book
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.blueprints.duty.swaps import actions as swaps
from portal.blueprints.duty.swaps import workflow as swap_verbs
from portal.kernel import accounts, clock, lists, reference, sessions
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer

RESERVE = "emp.admin"  # takes every post of the administration when somebody is away
LIMITS = {
    "least_week_minutes": 0,
    "most_week_minutes": 48 * 60,
    "least_in_a_row": 1,
    "most_in_a_row": 7,
    "least_days_off": 1,
    "most_weekends": 4,
}
SOON = timedelta(hours=30)  # what is told here is about shifts after that


def load(now: datetime) -> None:
    """Some of everything, each step by whom it is for, at a moment before now."""
    with db.write():
        _limits(now)
    shifts = _coming(now)
    for story in (_approved, _to_decide, _sick, _given, _exchanged):
        story(shifts, now)
    _planned(now)
    with db.write():
        _absent(now)


def _viewer(person: int | str) -> Viewer:
    who = accounts.find(person).id if isinstance(person, str) else person
    return sessions.person_as_viewer(who)


def _card(person_id: int) -> Card:
    return reference.staff().cards[person_id]


def _limits(now: datetime) -> None:
    """DR-21: whoever is on the roster may take the own posts, the reserve every one, within the usual hours."""
    office = accounts.find("office1").id
    seats = sa.select(Shift.post_id, Shift.person_id).where(Shift.person_id.is_not(None)).distinct()
    pairs: set[tuple[int, int]] = {(post, who) for post, who in db.session.execute(seats) if who}
    pairs |= {(post, accounts.find(RESERVE).id) for post, _who in pairs}
    known = {(row.post_id, row.person_id) for row in db.session.scalars(sa.select(Qualification))}
    for post, who in sorted(pairs - known):
        posts.qualify(db.session.get_one(Post, post), who, None, None, by=office, now=now)
    limited = set(db.session.scalars(sa.select(WorkLimits.id)))
    for who in sorted({who for _post, who in pairs} - limited):
        posts.limit(who, None, by=office, now=now, **LIMITS)


def _coming(now: datetime) -> Iterator[tuple[Shift, Book]]:
    """Coming shifts of published rosters, each once, with the book they stand in."""
    rows = (
        sa.select(Shift.id)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(Roster.state != State.DRAFT, Shift.person_id.is_not(None), Shift.starts_at > now + SOON)
        .order_by(Shift.starts_at, Shift.id)
    )
    for shift_id in db.session.scalars(rows).all():
        shift = db.session.get_one(Shift, shift_id)
        if shift.person_id != accounts.find(RESERVE).id:
            yield shift, Book.of({shift.day}, now)


def _with_taker(shifts: Iterator[tuple[Shift, Book]]) -> tuple[Shift, int] | None:
    """The next shift that somebody may take, and who."""
    for shift, book in shifts:
        if takers := book.takers(shift, leaves=True):
            return shift, takers[0]
    return None


def _ask(shift: Shift, by: Viewer, at: datetime, **given: Any) -> int:
    span: dict[str, Any] = {"starts_at": shift.starts_at, "ends_at": shift.ends_at}
    return leave.ask(_card(by.id), by=by, now=at, **span, **given).id


def _approved(shifts: Iterator[tuple[Shift, Book]], now: datetime) -> None:
    if found := _with_taker(shifts):
        shift, taker = found
        at = now - timedelta(hours=7)
        person = _viewer(shift.person_id or 0)
        made = _ask(
            shift, person, at, kind=LeaveKind.PERSONAL, reason="参加孩子家长会", substitute=_card(taker)
        )
        leave.act(made, leave_verbs.ACCEPT, by=_viewer(taker), now=at + timedelta(minutes=40))
        head = _viewer("lead.admin")
        leave.act(made, leave_verbs.APPROVE, by=head, now=at + timedelta(hours=2), note="同意，请做好交接")


def _to_decide(shifts: Iterator[tuple[Shift, Book]], now: datetime) -> None:
    if found := _with_taker(shifts):
        shift, taker = found
        at, person = now - timedelta(hours=3), _viewer(shift.person_id or 0)
        made = _ask(
            shift, person, at, kind=LeaveKind.PERSONAL, reason="陪老人到医院复查", substitute=_card(taker)
        )
        leave.act(made, leave_verbs.ACCEPT, by=_viewer(taker), now=at + timedelta(minutes=25))


def _sick(shifts: Iterator[tuple[Shift, Book]], now: datetime) -> None:
    """Somebody fell ill, and nobody is found yet."""
    shift, _book = next(shifts, (None, None))
    if shift is not None:
        _ask(
            shift, _viewer(shift.person_id or 0), now - timedelta(minutes=50), kind=LeaveKind.SICK,
            reason="发热，医嘱休息",
        )  # fmt: skip


def _given(shifts: Iterator[tuple[Shift, Book]], now: datetime) -> None:
    """One waits for the head, one for whoever may take it."""
    at = now - timedelta(hours=5)
    for taken in (True, False):
        if found := _with_taker(shifts):
            shift, taker = found
            made = swaps.offer(shift, by=_viewer(shift.person_id or 0), now=at, note="当天有事，请帮忙顶班")
            if taken:
                swaps.act(made.id, swap_verbs.ACCEPT, by=_viewer(taker), now=at + timedelta(hours=1))


def _exchanged(shifts: Iterator[tuple[Shift, Book]], now: datetime) -> None:
    at = now - timedelta(hours=6)
    for shift, book in shifts:
        if partners := book.partners(shift):
            other = db.session.get_one(Shift, partners[0].id)
            theirs = _viewer(other.person_id or 0)
            mine = _viewer(shift.person_id or 0)
            made = swaps.offer(shift, by=mine, now=at, other=other, note="想换一下班次")
            swaps.act(made.id, swap_verbs.ACCEPT, by=theirs, now=at + timedelta(hours=1))
            swaps.act(made.id, swap_verbs.APPROVE, by=_viewer("lead.admin"), now=at + timedelta(hours=2))
            return


def _planned(now: datetime) -> None:
    """DR-04: leave long before a roster is made needs no substitute, and waits for its head."""
    first = clock.local(now).date() + timedelta(days=45)
    span: dict[str, Any] = {"starts_at": lists.begins(first), "ends_at": lists.begins(first, days_later=5)}
    person = _viewer("emp.tech")
    leave.ask(
        _card(person.id), by=person, now=now - timedelta(hours=4), kind=LeaveKind.ANNUAL, reason="年休假，回老家",
        **span,
    )  # fmt: skip


def _absent(now: datetime) -> None:
    """DR-04: the head recorded that somebody was away for a while from a shift that is over."""
    over = (
        sa.select(Shift)
        .join(Roster, Roster.id == Shift.roster_id)
        .where(
            Roster.state != State.DRAFT,
            Shift.person_id.is_not(None),
            Shift.ends_at < now - timedelta(hours=9),
        )
        .order_by(Shift.ends_at.desc(), Shift.id)
    )
    shift = db.session.scalars(over.limit(1)).one_or_none()
    if shift is not None and shift.person_id is not None:
        since = shift.starts_at + timedelta(hours=3)
        absences.by_head(
            shift, shift.person_id, since=since, until=since + timedelta(minutes=35), by=accounts.find("lead.admin").id,
            now=now - timedelta(hours=8), note="擅自离岗外出，未请假",
        )  # fmt: skip
