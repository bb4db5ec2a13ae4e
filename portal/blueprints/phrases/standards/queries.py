"""Which records a page shows, and for whom; what a chapter's records add up to. Look-ups start at `visible_to`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.standards import rules
from portal.blueprints.phrases.standards.codes import Verdict
from portal.blueprints.phrases.standards.models import Answer, Due, Run
from portal.kernel import documents, lists, policies, reference
from portal.kernel.db import db
from portal.kernel.documents import Body, Current
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

KIND = "standard"


def sees_all(viewer: Viewer) -> bool:
    """The general office and the general manager read every record."""
    return viewer.role is Role.OFFICE or viewer.is_manager


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a record: as its signer, as whom it is about, as the head."""
    if sees_all(viewer):
        return sa.true()
    return sa.or_(Run.signed_by_id == viewer.id, Run.person_id == viewer.id, Run.department.in_(viewer.leads))


def chapter(code: str) -> Current:
    """The chapter in force of that code; NotFound otherwise."""
    found = documents.find(KIND, code)
    if found is None:
        raise NotFound
    return found


def figures(now: datetime) -> dict[str, str]:
    """GO-05: what the holes of the items stand for at a moment."""
    return {hole: policies.value(f"standard.{hole}", now) for hole in rules.HOLES}


def items(body: Body, now: datetime) -> list[tuple[str, str]]:
    """The things to look at, with the figures in force in their words."""
    told = figures(now)
    return [(rules.filled(zh, told), rules.filled(en, told)) for zh, en in body["items"]]


def find(viewer: Viewer, number: str) -> Run:
    """The record of that number, if the viewer may see it; NotFound otherwise."""
    found = db.session.scalars(sa.select(Run).where(Run.number == number, visible_to(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


def answers(run: Run) -> Sequence[Answer]:
    """What was found, in the order of the chapter."""
    return db.session.scalars(sa.select(Answer).where(Answer.run_id == run.id).order_by(Answer.place)).all()


def others(run: Run) -> dict[str, str]:
    """The numbers of the record that it corrects (`before`) and of the one that corrects it (`later`)."""
    later, before = Run.corrects_id == run.id, Run.id == run.corrects_id
    rows = db.session.execute(sa.select(Run.number, later.label("later")).where(sa.or_(later, before)))
    return {"later" if row.later else "before": row.number for row in rows}


def corrected(runs: Sequence[Run]) -> set[int]:
    """The ids of those of them that another record corrects; one statement."""
    wanted = sa.select(Run.corrects_id).where(Run.corrects_id.in_([run.id for run in runs]))
    return {run_id for run_id in db.session.scalars(wanted) if run_id is not None} if runs else set()


def stands() -> sa.ColumnElement[bool]:
    """The condition that nobody corrected a record: only such ones are counted."""
    other = aliased(Run)
    return sa.not_(sa.exists().where(other.corrects_id == Run.id))


@dataclass(frozen=True)
class Sums:
    """What the records of a chapter add up to."""

    runs: int = 0
    done: int = 0
    lacking: int = 0
    last: date | None = None

    @property
    def share(self) -> int | None:
        """How much is in order, in per cent."""
        return rules.share(self.done, self.lacking)


def sums(viewer: Viewer, since: date, until: date) -> dict[str, Sums]:
    """Code -> the sums of the records that the viewer may see; one statement."""
    wanted = sa.select(
        Run.code, sa.func.count(), sa.func.sum(Run.done), sa.func.sum(Run.lacking), sa.func.max(Run.day)
    ).where(visible_to(viewer), stands(), Run.day.between(since, until))
    return {row[0]: Sums(*row[1:]) for row in db.session.execute(wanted.group_by(Run.code))}


def failing(viewer: Viewer, code: str, since: date, until: date) -> dict[str, int]:
    """Words of an item -> how often it was not in order, the most frequent first."""
    number = sa.func.count().label("number")
    wanted = (
        sa.select(Answer.text, number)
        .join(Run, Run.id == Answer.run_id)
        .where(
            visible_to(viewer), stands(), Run.code == code, Run.day.between(since, until),
            Answer.verdict == Verdict.NOT_DONE,
        )
        .group_by(Answer.text)
        .order_by(number.desc(), Answer.text)
    )  # fmt: skip
    return {row.text: row.number for row in db.session.execute(wanted)}


def last_looks() -> dict[tuple[str, str], date]:
    """Chapter and department -> the last day on which it was looked at; one statement."""
    wanted = sa.select(Run.code, Run.department, sa.func.max(Run.day)).group_by(Run.code, Run.department)
    return {(row[0], row[1]): row[2] for row in db.session.execute(wanted)}


def dues() -> dict[tuple[str, str], Due]:
    """Chapter and department -> the row by which it waits for somebody; one statement."""
    return {(due.code, due.department): due for due in db.session.scalars(sa.select(Due))}


def overdue(
    chapters: Sequence[Current], looks: Mapping[tuple[str, str], date], today: date
) -> set[tuple[str, str]]:
    """PG-14: which chapter is overdue in which department; whoever never took one up is not reminded of it."""
    every = list(reference.staff().departments)
    keys = [
        (current, (current.code, department))
        for current in chapters
        for department in rules.departments_of(current.body, every)
    ]
    return {
        key for current, key in keys if key in looks and rules.is_overdue(current.body, looks[key], today)
    }


def departments_for(viewer: Viewer) -> list[str]:
    """For which departments a person may record: the own one, those they lead; the office for all."""
    every = reference.staff().departments
    return [code for code in every if sees_all(viewer) or code == viewer.department or code in viewer.leads]


@dataclass(frozen=True)
class RunList(Listing):
    """The filters of the list of records."""

    code: str = ""
    department: str = ""
    lacking: bool = False
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> RunList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            code=lists.words(args.get("code"), 64),
            department=lists.code(args.get("department"), reference.staff().departments),
            lacking=args.get("lacking") == "1",
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
        )

    def rows(self, most: int) -> Sequence[Run]:
        """At most that many records from where the address says."""
        wanted = sa.select(Run).where(visible_to(self.viewer))
        if self.code:
            wanted = wanted.where(Run.code == self.code)
        if self.department:
            wanted = wanted.where(Run.department == self.department)
        if self.lacking:
            wanted = wanted.where(Run.lacking > 0)
        if self.since:
            wanted = wanted.where(Run.day >= self.since)
        if self.until:
            wanted = wanted.where(Run.day <= self.until)
        return db.session.scalars(self.placed(wanted, Run.__table__.c.id).limit(most)).all()

    def page(self) -> tuple[list[Run], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


def lines_of(runs: Sequence[Run]) -> dict[int, list[Answer]]:
    """What was found, of many records; one statement."""
    found: dict[int, list[Answer]] = {run.id: [] for run in runs}
    wanted = sa.select(Answer).where(Answer.run_id.in_(list(found))).order_by(Answer.run_id, Answer.place)
    for answer in db.session.scalars(wanted):
        found[answer.run_id].append(answer)
    return found
