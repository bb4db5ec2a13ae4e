"""Which periods and sheets a page shows, and for whom. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.assessment import rules
from portal.blueprints.phrases.assessment.codes import Grade, Rater, State
from portal.blueprints.phrases.assessment.models import Objection, Period, Rating, Result, Sheet
from portal.kernel import lists, policies, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Card, Viewer
from portal.kernel.rights import Position, Role

BANDS = {
    Grade.EXCELLENT: "assessment.grade.excellent",
    Grade.GOOD: "assessment.grade.good",
    Grade.FAIR: "assessment.grade.fair",
}


def sees_all(viewer: Viewer) -> bool:
    """The general office and the general manager know of every sheet."""
    return viewer.role is Role.OFFICE or viewer.is_manager


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a sheet: the own one, or as the superior."""
    if sees_all(viewer):
        return sa.true()
    return sa.or_(Sheet.person_id == viewer.id, Sheet.rated_by.in_(viewer.audiences))


def period_visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A draft is the office's; of the others one knows who knows of a sheet in it."""
    if viewer.role is Role.OFFICE:
        return sa.true()
    within = sa.exists().where(Sheet.period_id == Period.id, visible_to(viewer)).correlate(Period)
    return sa.and_(Period.state != State.DRAFT, within)


def find_period(viewer: Viewer, number: str, *, lock: bool = False) -> Period:
    """The period of that number, if the viewer may know of it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Period).where(Period.number == number, period_visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Period) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Sheet:
    """The sheet of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write.

    A write takes the period first: its state is the sheet's, and must not move meanwhile.
    """
    wanted = sa.select(Sheet).where(Sheet.number == number, visible_to(viewer))
    if lock:
        its = sa.select(Sheet.period_id).where(Sheet.number == number).scalar_subquery()
        db.session.execute(sa.select(Period.id).where(Period.id == its).with_for_update(of=Period))
        wanted = wanted.with_for_update(of=Sheet).execution_options(populate_existing=True)
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def load(sheet_id: int) -> Sheet | None:
    """The sheet for the portal's own hands, locked for this write."""
    wanted = sa.select(Sheet).where(Sheet.id == sheet_id).with_for_update(of=Sheet)
    return db.session.scalars(wanted).one_or_none()


def periods(viewer: Viewer) -> Sequence[Period]:
    """The periods that the viewer may know of, newest first."""
    wanted = sa.select(Period).where(period_visible_to(viewer)).order_by(Period.id.desc()).limit(lists.PAGE)
    return db.session.scalars(wanted).all()


def own(viewer: Viewer) -> dict[int, Sheet]:
    """The viewer's own sheets, by period."""
    wanted = sa.select(Sheet).where(Sheet.person_id == viewer.id).order_by(Sheet.id.desc()).limit(lists.PAGE)
    return {sheet.period_id: sheet for sheet in db.session.scalars(wanted)}


def of_period(period: Period) -> list[Sheet]:
    """Every sheet of a period with its figures, for what is done with all of them."""
    wanted = (
        sa.select(Sheet)
        .join(Sheet.period)
        .options(contains_eager(Sheet.period), selectinload(Sheet.figures))
        .where(Sheet.period_id == period.id)
    )
    return list(db.session.scalars(wanted.order_by(Sheet.id)))


def ratings(sheets: Sequence[Sheet]) -> dict[int, dict[Rater, Rating]]:
    """Sheet -> the rating that stands of each rater."""
    found: dict[int, dict[Rater, Rating]] = {sheet.id: {} for sheet in sheets}
    wanted = sa.select(Rating).where(Rating.sheet_id.in_(list(found))).order_by(Rating.round)
    for rating in db.session.scalars(wanted) if found else ():
        found[rating.sheet_id][rating.rater] = rating
    return found


def results(sheet: Sheet) -> Sequence[Result]:
    """Every version of the result, the newest first."""
    wanted = sa.select(Result).where(Result.sheet_id == sheet.id).order_by(Result.version.desc())
    return db.session.scalars(wanted).all()


def objections(sheet: Sheet) -> Sequence[Objection]:
    """Every objection to it, the newest first."""
    wanted = sa.select(Objection).where(Objection.sheet_id == sheet.id).order_by(Objection.about.desc())
    return db.session.scalars(wanted).all()


def uncorrected(period: Period) -> list[int]:
    """Whose objection was upheld without a new version since."""
    wanted = sa.select(Sheet.person_id, Objection.outcome, Objection.about, Sheet.result).join(
        Objection, Objection.sheet_id == Sheet.id
    )
    rows = db.session.execute(wanted.where(Sheet.period_id == period.id))
    return [row.person_id for row in rows if rules.uncorrected(row.outcome, row.about, row.result)]


def bands(now: datetime) -> dict[Grade, int]:
    """GO-03: the least score of each grade."""
    return {band: policies.number(key, now) for band, key in BANDS.items()}


def people(period: Period) -> list[tuple[Card, str]]:
    """GO-03: who takes part, each with the audience that rates them; whom nobody rates takes no part."""
    staff = reference.staff()
    departments, roles = period.departments.split(), period.roles.split()
    found = []
    for card in sorted(staff.cards.values(), key=lambda card: (card.department, card.id)):
        if not card.active or (departments and card.department not in departments):
            continue
        if roles and card.role not in roles:
            continue
        leads = staff.leads_of(card.department)
        audience = rules.audience_of(
            card.id in leads,
            bool(leads),
            card.id in staff.holding(Position.GENERAL_MANAGER)[:1],
            card.department,
        )
        if audience:
            found.append((card, audience))
    return found


@dataclass(frozen=True)
class SheetList(Listing):
    """The sheets of a period, and the filters of its list."""

    period: int = 0
    department: str = ""
    grade: str = ""
    waiting: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str], period: Period) -> SheetList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            period=period.id,
            department=lists.code(args.get("department"), reference.staff().departments),
            grade=lists.code(args.get("grade"), tuple(Grade)),
            waiting=args.get("waiting") == "1",
        )

    def here(self) -> str:
        """The query string, without the period, which stands in the path."""
        return "&".join(part for part in super().here().split("&") if not part.startswith("period="))

    def rows(self, most: int, *, figures: bool = False) -> Sequence[Sheet]:
        """At most that many sheets from where the address says, with their figures if asked for."""
        wanted = sa.select(Sheet).where(Sheet.period_id == self.period, visible_to(self.viewer))
        if self.department:
            wanted = wanted.where(Sheet.department == self.department)
        if self.grade:
            wanted = wanted.where(Sheet.grade == Grade(self.grade))
        if self.waiting:
            wanted = wanted.where(sa.or_(Sheet.rated_at.is_(None), Sheet.objecting))
        if figures:
            wanted = wanted.options(selectinload(Sheet.figures))
        return db.session.scalars(self.placed(wanted, Sheet.__table__.c.id).limit(most)).all()

    def page(self) -> tuple[list[Sheet], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))
