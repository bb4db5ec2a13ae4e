"""Which visits a page shows: the board of a day, the list, who may be standing at the desk. Look-ups start in `reach`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.blueprints.reception.appointments.codes import When
from portal.blueprints.reception.codes import PRESENT, Category, State
from portal.blueprints.reception.kiosk.models import KioskVisit
from portal.blueprints.reception.models import Visit, VisitStep
from portal.blueprints.reception.reach import visible_to
from portal.blueprints.reception.rules import Sought, matching
from portal.kernel import clock, lists, reference, search
from portal.kernel.db import db
from portal.kernel.lists import PAGE, Listing
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import May

V = Visit.__table__.c
# By what a visit is found.
SEARCHED = (V.number, V.visitor_name, V.visitor_pinyin, V.company, V.phone, V.purpose)
MOST_ON_BOARD = 400
STILL_HERE = (*PRESENT, State.LEFT)
BOARD = (
    V.id, V.number, V.category, V.state, V.visitor_name, V.company, V.party_size, V.host_id, V.department, V.place_id,
    V.starts_at, V.arrived_at, V.greeted_at, V.measured, V.seated_at, V.met_at, V.left_at, V.state_since, V.purpose,
    V.confirmed_at, V.outstanding, V.party, V.desk_checked_at, V.clerk_checked_at, V.asked_at, V.decided_at, V.late,
    V.used_place, V.desk_checked_by_id, V.clerk_checked_by_id, V.decision_note, V.created_by_id,
    V.topic, V.errand, V.undecided,
)  # fmt: skip


def board(viewer: Viewer, now: datetime) -> Sequence[Any]:
    """Today's visits and everybody who is still here or whose room is unchecked, in order of arrival."""
    today = clock.local(now).date().isoformat()
    wanted = sa.or_(
        sa.and_(V.day == today, V.state.in_((State.EXPECTED, State.DECLINED, *STILL_HERE))),
        V.state.in_(STILL_HERE),
    )
    rows = sa.select(*BOARD, KioskVisit.why).where(wanted, visible_to(viewer))
    rows = rows.outerjoin_from(Visit, KioskVisit, KioskVisit.visit_id == V.id)
    ordered = rows.order_by(sa.func.coalesce(V.arrived_at, V.starts_at), V.id).limit(MOST_ON_BOARD)
    return db.session.execute(ordered).all()


def fresh_steps(since: datetime) -> dict[int, str]:
    """Visit -> the verb that may still be taken back: the newest touch of each since then."""
    rows = db.session.execute(
        sa.select(VisitStep.visit_id, VisitStep.verb)
        .join(Visit, Visit.id == VisitStep.visit_id)
        .where(VisitStep.at >= since, VisitStep.undone_at.is_(None), VisitStep.at >= Visit.state_since)
        .order_by(VisitStep.id)
    )
    return {row.visit_id: row.verb for row in rows}


@dataclass(frozen=True)
class VisitList(Listing):
    """The filters of the list page, made into one statement."""

    words: str = ""
    state: str = ""
    category: str = ""
    department: str = ""
    mine: bool = False
    appointments: bool = False
    when: str = ""  # of appointments: the tab
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str], *, appointments: bool = False) -> VisitList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            state=lists.code(args.get("state"), (*State, "here")),
            category=lists.code(args.get("category"), tuple(Category)),
            department=lists.code(args.get("department"), reference.staff().departments),
            mine=args.get("mine") == "1",
            appointments=appointments,
            when=(lists.code(args.get("when"), tuple(When)) or When.COMING) if appointments else "",
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def here(self) -> str:
        """The address says which list it is; the filters need not."""
        kept = super().here()
        return "&".join(part for part in kept.split("&") if part and not part.startswith("appointments="))

    def _conditions(self) -> Iterable[sa.ColumnElement[bool]]:
        yield visible_to(self.viewer)
        if self.appointments:
            yield V.booked
            yield from self._of_tab()
        if self.state == "here":
            yield V.state.in_(PRESENT)
        elif self.state:
            yield V.state == State(self.state)
        if self.category:
            yield V.category == Category(self.category)
        if self.department:
            yield V.department == self.department
        if self.mine:
            yield V.host_id == self.viewer.id
        if self.since:
            yield V.day >= self.since.isoformat()
        if self.until:
            yield V.day <= self.until.isoformat()
        if self.words:
            yield V.id.in_(search.matching("visit", self.words))
            yield search.recheck(self.words, *SEARCHED)

    def _of_tab(self) -> Iterable[sa.ColumnElement[bool]]:
        today = clock.local(clock.now()).date().isoformat()
        match self.when:
            case When.CONFIRM:
                yield V.state == State.EXPECTED
                yield V.confirmed_at.is_(None)
                if not (self.viewer.may(May.RECEIVE) or self.viewer.is_manager):
                    yield sa.or_(V.host_id == self.viewer.id, V.department.in_(self.viewer.leads))
            case When.TODAY:
                yield V.day == today
            case When.COMING:
                yield V.state == State.EXPECTED
                yield V.day >= today
            case When.PAST:
                yield V.day < today

    def placed(self, wanted: sa.Select[Any], key: sa.ColumnElement[int]) -> sa.Select[Any]:
        """Appointments in the order in which they begin, past ones and all of them the latest first."""
        if not self.appointments:
            return super().placed(wanted, key)
        down = self.when in {When.PAST, When.ALL}
        row = sa.tuple_(V.starts_at, key)
        if (at := self.after or self.before) is not None:
            other = sa.orm.aliased(Visit)
            edge = sa.select(other.starts_at, other.id).where(other.id == at).scalar_subquery()
            beyond = (self.after is None) != down
            wanted = wanted.where(row > edge if beyond else row < edge)
            down = not beyond
        return wanted.order_by(*((V.starts_at.desc(), key.desc()) if down else (V.starts_at, key)))

    def rows(self, most: int = PAGE + 1) -> list[Any]:
        """The visits of this page, one more than fit."""
        columns = (*BOARD, V.day, V.phone, V.ends_at, V.booked)
        wanted = self.placed(sa.select(*columns).where(*self._conditions()), V.id)
        return list(db.session.execute(wanted.limit(most)).all())

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """Rows, and the query strings of the newer and the older page."""
        return self.paged(self.rows())


def appointments_of(viewer: Viewer, sought: Sought, now: datetime) -> list[Visit]:
    """RC-18: the appointments of today that this surely is: one phone number, or one name and company."""
    today = clock.local(now).date().isoformat()
    rows = sa.select(Visit).where(Visit.day == today, Visit.state == State.EXPECTED, visible_to(viewer))
    return matching(sought, db.session.scalars(rows.order_by(Visit.starts_at, Visit.id)), surely=True)


def expected_like(viewer: Viewer, words: str, now: datetime, most: int = 8) -> list[Visit]:
    """RC-18: appointments of today, and late ones of yesterday, that somebody at the desk may be.

    Found by name, pinyin, initials, company, the end of the phone number, or pass code.
    """
    sought = words.strip()
    if not sought:
        return []
    today = clock.local(now).date()
    days = (today.isoformat(), (today - timedelta(days=1)).isoformat())
    low = sought.lower().replace(" ", "")
    like = (
        Visit.visitor_name.contains(sought, autoescape=True),
        Visit.company.contains(sought, autoescape=True),
        sa.func.lower(Visit.visitor_pinyin).contains(low, autoescape=True),
        sa.and_(Visit.phone != "", Visit.phone.endswith(sought, autoescape=True)),
        Visit.pass_code == sought.upper(),
    )
    open_ones = sa.and_(Visit.day.in_(days), Visit.state.in_((State.EXPECTED, State.NO_SHOW)))
    rows = sa.select(Visit).where(open_ones, sa.or_(*like), visible_to(viewer))
    return list(db.session.scalars(rows.order_by(Visit.starts_at, Visit.id).limit(most)))


def visited_last(viewer: Viewer, card_ids: Collection[int]) -> dict[int, tuple[Card | None, str]]:
    """RC-18: whom, if still here, and which department each of these customers visited last; to be proposed."""
    came = sa.and_(V.arrived_at.is_not(None), sa.or_(V.host_id.is_not(None), V.department.is_not(None)))
    newest = sa.select(sa.func.max(V.id)).where(V.customer_id.in_(card_ids), came, visible_to(viewer))
    wanted = sa.select(V.customer_id, V.host_id, V.department).where(V.id.in_(newest.group_by(V.customer_id)))
    cards = reference.staff().cards
    return {
        row.customer_id: (
            cards[row.host_id] if reference.staff().active(row.host_id) else None,
            row.department or "",
        )
        for row in db.session.execute(wanted)
    }


def searchable(visit: Visit) -> str:
    """The text by which a visit is found."""
    return _text(*(getattr(visit, column.key) for column in SEARCHED))


def texts() -> Iterable[tuple[int, str]]:
    """Id and searchable text of every visit, for the verification."""
    rows = sa.select(V.id, *SEARCHED).execution_options(yield_per=1_000)
    for visit_id, *found in db.session.execute(rows):
        yield visit_id, _text(*found)


def _text(*parts: str | None) -> str:
    return " ".join(filter(None, parts))


def still_visible(visit: Visit, viewer: Viewer) -> bool:
    """Asked again after a change that may have moved the visit out of sight."""
    seen = sa.select(Visit.id).where(Visit.id == visit.id, visible_to(viewer))
    return db.session.scalar(seen) is not None
