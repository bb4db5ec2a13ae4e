"""Leave as pages show it, who is away, who was absent. Every look-up of a leave starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.leave.codes import PENDING, Answer, State
from portal.blueprints.duty.leave.models import Absence, Cover, Leave, Takeover
from portal.blueprints.duty.rosters import picture
from portal.blueprints.duty.rosters.models import Shift
from portal.kernel import lists, reference
from portal.kernel.db import UTCDateTime, db
from portal.kernel.lists import Listing
from portal.kernel.people import Person, Viewer
from portal.kernel.rights import Role

L, A = Leave.__table__.c, Absence.__table__.c


def sees_all(viewer: Viewer) -> bool:
    """Who knows of every leave, swap and absence."""
    return viewer.role is Role.OFFICE or viewer.is_manager or viewer.is_director


def led(viewer: Viewer, column: Any) -> sa.ColumnElement[bool]:
    """Whether the viewer heads the department of the person in a column."""
    found: sa.ColumnElement[bool] = column.in_(
        sa.select(Person.id).where(Person.department.in_(viewer.leads))
    )
    return found


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a leave: the two sides, their substitutes, the head, the office."""
    if sees_all(viewer):
        return sa.true()
    substitutes = sa.exists().where(Cover.leave_id == Leave.id, Cover.substitute_id == viewer.id)
    return sa.or_(
        Leave.person_id == viewer.id,
        Leave.asked_by_id == viewer.id,
        substitutes,
        led(viewer, Leave.person_id),
    )


def find(viewer: Viewer, leave_id: int, *, lock: bool = False) -> Leave:
    """The leave with its covers, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Leave).where(Leave.id == leave_id, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Leave) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def load(leave_id: int) -> Leave | None:
    """The leave for the portal's own hands, locked for this write."""
    wanted = sa.select(Leave).where(Leave.id == leave_id).with_for_update(of=Leave)
    return db.session.scalars(wanted).one_or_none()


def overlapping(person_id: int, since: datetime, until: datetime) -> Leave | None:
    """A leave of theirs that is asked for or approved and runs into this span."""
    theirs = sa.and_(Leave.person_id == person_id, Leave.starts_at < until, Leave.ends_at > since)
    wanted = sa.select(Leave).where(theirs, Leave.state.in_((*PENDING, State.APPROVED)))
    return db.session.scalars(wanted.limit(1)).one_or_none()


def due_to_lapse(now: datetime) -> Sequence[int]:
    """DR-04: the ids of those that began before anybody approved them."""
    rows = sa.select(L.id).where(L.state.in_(tuple(PENDING)), L.lapses_at <= now).order_by(L.id)
    return db.session.scalars(rows).all()


def on_leave(since: datetime, until: datetime) -> Sequence[picture.Away]:
    """Who is on approved leave between two moments."""
    rows = sa.select(L.person_id, L.starts_at, L.ends_at).where(
        L.state == State.APPROVED, L.ends_at > since, L.starts_at < until
    )
    return [(who, begins, ends) for who, begins, ends in db.session.execute(rows)]


picture.ON_LEAVE.append(on_leave)


# -- the list -------------------------------------------------------------------------------------------------------

SHOWS = ("waiting", "department")


@dataclass(frozen=True)
class LeaveList(Listing):
    """The filters of the list: the own ones, what waits for the viewer, all that the viewer may see."""

    show: str = ""  # empty: mine

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> LeaveList:
        """The filters of an address."""
        before, after = lists.number(query.get("before")), lists.number(query.get("after"))
        return cls(viewer, before=before, after=after, show=lists.code(query.get("show"), SHOWS))

    def page(self) -> tuple[list[Leave], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        wanted = sa.select(Leave).where(visible_to(self.viewer), self._chosen())
        placed = self.placed(wanted, Leave.__table__.c.id).limit(lists.PAGE + 1)
        return self.paged(list(db.session.scalars(placed).all()))

    def _chosen(self) -> sa.ColumnElement[bool]:
        viewer = self.viewer
        own = sa.or_(Leave.person_id == viewer.id, Leave.asked_by_id == viewer.id)
        if self.show == "department":
            return sa.true()
        if self.show != "waiting":
            return own
        asked = sa.exists().where(
            Cover.leave_id == Leave.id, Cover.substitute_id == viewer.id, Cover.answer == Answer.WAITING
        )
        heads = sa.true() if sees_all(viewer) else led(viewer, Leave.person_id)
        for_head = sa.and_(heads, sa.not_(own), Leave.state.in_((State.SEEKING, State.ACCEPTED)))
        mine = sa.and_(own, Leave.state == State.SEEKING)
        return sa.or_(sa.and_(Leave.state == State.ASKED, asked), for_head, mine)


def may_ask_for(viewer: Viewer) -> list[Any]:
    """DR-04: for whom somebody may ask beside themselves: those they are the head of."""
    cards = reference.staff().cards.values()
    return [
        card
        for card in cards
        if card.active and card.id != viewer.id and (sees_all(viewer) or card.department in viewer.leads)
    ]


# -- absences and takeovers -----------------------------------------------------------------------------------------


def absences_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The own ones; those of the department for its head; all for the general office."""
    if sees_all(viewer):
        return sa.true()
    return sa.or_(Absence.person_id == viewer.id, led(viewer, Absence.person_id))


@dataclass(frozen=True)
class AbsenceList(Listing):
    """The absences that the viewer may see, of one person where the address names one."""

    person: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> AbsenceList:
        """The filters of an address."""
        before, after = lists.number(query.get("before")), lists.number(query.get("after"))
        person = lists.code(query.get("person"), {c.username for c in reference.staff().cards.values()})
        return cls(viewer, before=before, after=after, person=person)

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        columns = (*Absence.__table__.c, Shift.post_id, Shift.kind_id, Shift.starts_at)
        wanted = sa.select(*columns).join(Shift, Shift.id == Absence.shift_id)
        wanted = wanted.where(absences_visible_to(self.viewer))
        if card := reference.staff().by_username(self.person):
            wanted = wanted.where(Absence.person_id == card.id)
        return self.paged(list(db.session.execute(self.placed(wanted, A.id).limit(lists.PAGE + 1)).all()))


# -- what the attendance must know -----------------------------------------------------------------------------------


class Turn(NamedTuple):
    """What made somebody's time on duty another than the roster says; of a shift by its post, kind and begin."""

    what: str  # leave, absence, gave, took
    person_id: int
    since: datetime
    until: datetime
    post_id: int | None
    kind_id: int | None
    starts_at: datetime | None


def turns_of(first: date, last: date) -> list[Turn]:
    """DR-04, DR-21: approved leave, absences, and running shifts that changed hands, in these days; one statement."""
    since, until = lists.begins(first), lists.begins(last, days_later=1)
    shift, over = Shift.__table__.c, Takeover.__table__.c

    def rows(what: str, person: Any, begins: Any, ends: Any, *of_shift: Any) -> sa.Select[Any]:
        nothing = (*(sa.cast(sa.null(), sa.Integer),) * 2, sa.cast(sa.null(), UTCDateTime))
        return sa.select(sa.literal(what), person, begins, ends, *(of_shift or nothing)).where(
            begins < until, ends >= since
        )

    seat = shift.post_id, shift.kind_id, shift.starts_at
    every = sa.union_all(
        rows("leave", L.person_id, L.starts_at, L.ends_at).where(L.state == State.APPROVED),
        rows("absence", A.person_id, A.since, A.until, *seat).where(shift.id == A.shift_id),
        rows("gave", over.from_id, over["at"], over["at"], *seat).where(shift.id == over.shift_id),
        rows("took", over.to_id, over["at"], over["at"], *seat).where(
            shift.id == over.shift_id, over.to_id.is_not(None)
        ),
    )
    return [Turn(*row) for row in db.session.execute(every)]
