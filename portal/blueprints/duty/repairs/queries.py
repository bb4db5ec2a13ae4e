"""Which repair orders a page lists, and for whom. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.equipment import queries as equipment
from portal.blueprints.duty.equipment.models import Equipment
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.log import queries as log
from portal.blueprints.duty.log.rules import REPAIRED, reads_every_post
from portal.blueprints.duty.repairs import rules
from portal.blueprints.duty.repairs.codes import OPEN, State
from portal.blueprints.duty.repairs.models import Repair
from portal.i18n import _, _l
from portal.kernel import clock, lists, reference, search
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

R = Repair.__table__.c
SEARCHED = (R.number, R.what, R.place, R.firm)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a repair order: desk, heads, the department, whoever has a part."""
    if reads_every_post(viewer):
        return sa.true()
    thing = sa.alias(Equipment.__table__)  # a list may have equipment of its own
    mine = sa.exists().where(thing.c.id == R.equipment_id, thing.c.responsible_id == viewer.id)
    return sa.or_(
        R.department.in_({viewer.department, *viewer.leads}),
        R.assignee_id == viewer.id,
        R.registered_by_id == viewer.id,
        mine,
    )


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Repair:
    """The order of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Repair).where(Repair.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Repair) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def may_register(viewer: Viewer) -> bool:
    """DR-13: whether somebody registers breakdowns now; asks who is on duty only of those who may not anyway."""
    if rules.may_register(viewer, on_duty=False):
        return True
    return rules.may_register(viewer, on_duty=bool(who.posts_of(viewer.id, clock.now())))


def of_entry(entry_id: int) -> str | None:
    """The number of the order that was made of an entry of the log."""
    return db.session.scalar(sa.select(R.number).where(R.log_entry_id == entry_id).limit(1))


@dataclass(frozen=True)
class RepairList(Listing):
    """The filters of the list."""

    words: str = ""
    state: str = ""  # empty: whatever is open
    department: str = ""
    major: bool = False
    mine: bool = False
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> RepairList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            words=lists.words(args.get("words")),
            state=lists.code(args.get("state"), {*State, "all"}),
            department=lists.code(args.get("department"), tuple(reference.staff().departments)),
            major=args.get("major") == "1",
            mine=args.get("mine") == "1",
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
        )

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted: list[sa.ColumnElement[bool]] = [visible_to(self.viewer)]
        if not self.state:
            wanted.append(R.state.in_(OPEN))
        elif self.state != "all":
            wanted.append(R.state == State(self.state))
        if self.department:
            wanted.append(R.department == self.department)
        if self.major:
            wanted.append(R.major)
        if self.mine:
            responsible = Equipment.responsible_id == self.viewer.id
            wanted.append(sa.or_(R.assignee_id == self.viewer.id, responsible))
        if self.since:
            wanted.append(R.registered_at >= lists.begins(self.since))
        if self.until:
            wanted.append(R.registered_at < lists.begins(self.until, days_later=1))
        if self.words:
            of_thing = (Equipment.code, Equipment.name, Equipment.name_en)
            wanted.append(search.scanned(self.words, *SEARCHED, *of_thing))
        return wanted

    def rows(self, most: int) -> Sequence[Repair]:
        """At most that many orders, each with its equipment, from where the address says."""
        wanted = (
            sa.select(Repair).outerjoin(Equipment, Equipment.id == R.equipment_id).where(*self._conditions())
        )
        return db.session.scalars(self.placed(wanted, R.id).limit(most)).all()

    def page(self) -> tuple[list[Repair], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


# -- what other parts tell of them -----------------------------------------------------------------------------------


def _past(viewer: Viewer, equipment_id: int) -> Any:
    told = equipment.past_line("repair", "/duty/repairs/", R.number, R.registered_at, R.state, R.what)
    return told.where(R.equipment_id == equipment_id, visible_to(viewer))


def _known(viewer: Viewer, entry: Any) -> list[log.Known]:
    if entry.category not in REPAIRED:
        return []
    numbers = sa.select(R.number).where(R.log_entry_id == entry.id, visible_to(viewer))
    return [
        log.Known(_("Repair order"), number, f"/duty/repairs/{number}")
        for number in db.session.scalars(numbers)
    ]


def _offer(viewer: Viewer, code: str) -> tuple[Any, str] | None:
    return (_l("Report a breakdown"), f"/duty/repairs/new?equipment={code}") if may_register(viewer) else None


equipment.PAST.append(_past)
equipment.OFFERS.append(_offer)
log.KNOWN.append(_known)
