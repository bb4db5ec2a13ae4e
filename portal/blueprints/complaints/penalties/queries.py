"""Which penalties a page lists, and for whom. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.codes import DealingKind
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.penalties.codes import ENDED, Measure, State
from portal.blueprints.complaints.penalties.models import Bonus, Instalment, Penalty, Share, Sheet
from portal.blueprints.complaints.penalties.money import following
from portal.blueprints.complaints.reach import visible_to as sees_case
from portal.kernel import clock, lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Position, Role

MOST = 5000  # rows of a workbook


def is_personnel(viewer: Viewer) -> bool:
    """True for the holder of the position personnel, or the deputy."""
    return reference.staff().holds(viewer.id, Position.PERSONNEL)


def sees_sheets(viewer: Viewer) -> bool:
    """True for those who hand the sheet of a month to the pay office."""
    return viewer.role is Role.OFFICE or is_personnel(viewer)


def may_propose(viewer: Viewer) -> bool:
    """True for the general office and for whoever leads a department."""
    return viewer.role is Role.OFFICE or bool(viewer.leads)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a penalty at all (CP-24).

    General office, personnel, the lead of that person's department and the proposer; whoever is penalised from the
    release of the summary on; the members of a department once it is published; nobody else.
    """
    of = Penalty
    about_me = sa.or_(
        of.person_id == viewer.id, sa.and_(of.person_id.is_(None), of.department.in_(viewer.leads))
    )
    about_others = sa.and_(
        sa.or_(of.person_id.is_(None), of.person_id != viewer.id),
        sa.not_(sa.and_(of.person_id.is_(None), of.department.in_(viewer.leads))),
    )
    ways = [
        sa.and_(about_me, of.released_at.is_not(None)),
        sa.and_(of.person_id.is_(None), of.department == viewer.department, of.published_at.is_not(None)),
    ]
    if sees_sheets(viewer):
        ways.append(about_others)
    else:
        ways.append(sa.and_(about_others, of.department.in_(viewer.leads)))
        ways.append(sa.and_(about_others, of.proposed_by_id == viewer.id))
    if viewer.is_manager:
        ways.append(sa.and_(about_others, of.person_id.in_(reference.staff().with_role(Role.OFFICE))))
    return sa.or_(*ways)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Penalty:
    """The penalty of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    ours = sa.select(Penalty).where(Penalty.number == number, visible_to(viewer))
    found = db.session.scalars(ours.with_for_update() if lock else ours).one_or_none()
    if found is None:
        raise NotFound
    return found


def case_number(viewer: Viewer, penalty: Penalty) -> str | None:
    """The number of the case a penalty comes from, for those who may know of the case (CP-09)."""
    ours = sa.select(Case.number).where(Case.id == penalty.case_id, sees_case(viewer))
    return db.session.scalar(ours)


def opinions(month: str, viewer: Viewer) -> list[sa.Row[Any]]:
    """CP-09: personnel's copies of a month: number, person, department, moment, author, words.

    None about the reader, and of a confidential case (CP-04) only for the general office.
    """
    zone = clock.zone()
    since, until = (
        datetime.combine(date.fromisoformat(f"{first}-01"), time(), zone)
        for first in (month, following(month))
    )
    given = sa.select(
        Case.number, Dealing.person_id, Case.department, Dealing.at, Dealing.by_id, Dealing.note
    ).join(Case, Case.id == Dealing.case_id)
    ours = given.where(
        # As the index of opinions says it.
        sa.type_coerce(Dealing.kind, sa.String) == sa.literal_column(f"'{DealingKind.OPINION}'"),
        Dealing.at >= since,
        Dealing.at < until,
        Dealing.person_id != viewer.id,
    )
    if viewer.role is not Role.OFFICE:
        ours = ours.where(sa.not_(Case.confidential))
    return list(db.session.execute(ours.order_by(Dealing.id)))


def find_case(viewer: Viewer, number: str) -> Case | None:
    """The case of that number, if the viewer may see it."""
    ours = sa.select(Case).where(Case.number == number, sees_case(viewer))
    return db.session.scalars(ours).one_or_none()


@dataclass(frozen=True)
class PenaltyList(Listing):
    """The filters of the list."""

    state: str = ""
    case: str = ""
    department: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> PenaltyList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            state=lists.code(args.get("state"), (*State, "open")),
            case=lists.words(args.get("case"), 24),
            department=lists.code(args.get("department"), reference.staff().departments),
            before=lists.number(args.get("before")),
        )

    def statement(self, most: int) -> sa.Select[Any]:
        """The one statement of the page: newest first, from where the address says."""
        known = sa.case((sees_case(self.viewer), Case.number), else_="").label("case_number")
        rows = sa.select(Penalty, known).join(Case, Case.id == Penalty.case_id).where(visible_to(self.viewer))
        if self.state == "open":
            rows = rows.where(Penalty.state.not_in({*ENDED, State.PUBLISHED}))
        elif self.state:
            rows = rows.where(Penalty.state == State(self.state))
        if self.case:
            rows = rows.where(Case.number == self.case, sees_case(self.viewer))
        if self.department:
            rows = rows.where(Penalty.department == self.department)
        if self.before is not None:
            rows = rows.where(Penalty.id < self.before)
        return rows.order_by(Penalty.id.desc()).limit(most)

    def page(self) -> tuple[Sequence[Any], str | None]:
        """Penalty and number of its case (empty where it is hidden), and the address of the older ones."""
        rows = db.session.execute(self.statement(lists.PAGE + 1)).all()
        older = self.address(before=rows[lists.PAGE - 1][0].id) if len(rows) > lists.PAGE else None
        return rows[: lists.PAGE], older


@dataclass(frozen=True)
class Owed:
    """What one person owes of a penalty, and how it is taken."""

    person_id: int
    amount: Decimal
    instalments: list[Any]  # month, amount, taken_at

    @property
    def taken(self) -> Decimal:
        return sum((row.amount for row in self.instalments if row.taken_at), Decimal(0))


def owed(penalty: Penalty, only: int | None = None) -> list[Owed]:
    """What everybody (or only one person) owes of a penalty, in one statement."""
    rows = (
        sa.select(
            Share.person_id,
            Share.amount.label("whole"),
            Instalment.month,
            Instalment.amount,
            Instalment.taken_at,
        )
        .outerjoin(Instalment, Instalment.share_id == Share.id)
        .where(Share.penalty_id == penalty.id)
        .order_by(Share.person_id, Instalment.month)
    )
    if only is not None:
        rows = rows.where(Share.person_id == only)
    found: dict[int, Owed] = {}
    for row in db.session.execute(rows):
        person = found.setdefault(row.person_id, Owed(row.person_id, row.whole, []))
        if row.month:
            person.instalments.append(row)
    return list(found.values())


# -- the sheet of a month ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of personnel's sheet: who, how much, how many points, by which penalty."""

    person_id: int
    number: str
    amount: Decimal | None = None
    points: int | None = None
    demerit: bool = False
    taken_at: datetime | None = None


def sheet(month: str) -> list[Entry]:
    """What a month's pay and appraisal must know: instalments of money, and points of penalties in force."""
    money_rows = (
        sa.select(Share.person_id, Penalty.number, Instalment.amount, Instalment.taken_at)
        .join(Share, Share.id == Instalment.share_id)
        .join(Penalty, Penalty.id == Share.penalty_id)
        .where(Instalment.month == month)
    )
    point_rows = sa.select(Penalty.person_id, Penalty.number, Penalty.points, Penalty.demerit).where(
        Penalty.month == month, Penalty.kind == Measure.POINTS, Penalty.state == State.PUBLISHED
    )
    found = [
        Entry(person, number, amount=amount, taken_at=at)
        for person, number, amount, at in db.session.execute(money_rows)
    ]
    found += [
        Entry(person, number, points=points, demerit=demerit)
        for person, number, points, demerit in db.session.execute(point_rows)
        if person is not None
    ]
    cards = reference.staff().cards
    return sorted(found, key=lambda entry: (cards[entry.person_id].department, entry.person_id, entry.number))


def bonuses(month: str) -> dict[int, Decimal]:
    """Every bonus that was entered for a month."""
    rows = sa.select(Bonus.person_id, Bonus.amount).where(Bonus.month == month)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def usernames() -> dict[str, int]:
    """Everybody who is there, by user name."""
    return {card.username: card.id for card in reference.staff().cards.values() if card.active}


def closed(month: str) -> Sheet | None:
    """The row of a month whose sheet went to the pay office."""
    return db.session.scalars(sa.select(Sheet).where(Sheet.month == month)).one_or_none()
