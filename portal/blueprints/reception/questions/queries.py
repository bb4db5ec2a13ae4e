"""Which questions a page lists, and for whom; what is alike; a quarter's figures. Look-ups start at `visible_to`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.reception.books import reads_books
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.questions import rules
from portal.blueprints.reception.questions.codes import State
from portal.blueprints.reception.questions.models import Question
from portal.kernel import cutting, lists, reference, search
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.wording import About

MOST_COMPARED = 200  # earlier questions that are looked at for likeness
MOST_SIMILAR = 5
MOST_OF_A_QUARTER = 3_000
MOST_REPEATED = 10

Q = Question.__table__.c
# What a question is found by.
SEARCHED = (Q.number, Q.question, Q.answer, Q.asker_name, Q.asker_pinyin, Q.phone_tail)


def text_of(question: Question) -> str:
    """The text that the search keeps of a question."""
    return "\n".join(str(getattr(question, column.key)) for column in SEARCHED)


def texts() -> Iterable[tuple[int, str]]:
    """Id and searchable text of every question, for the verification."""
    for number, *found in db.session.execute(sa.select(Q.id, *SEARCHED).execution_options(yield_per=1_000)):
        yield number, "\n".join(found)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may know of a question: all, those asked of them, the led departments'."""
    if reads_books(viewer):
        return sa.true()
    own = [Q.person_id == viewer.id, Q.replied_by_id == viewer.id]
    if viewer.leads:
        own.append(sa.and_(Q.department.in_(viewer.leads), Q.asked_at.is_not(None)))
    return sa.or_(*own)


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Question:
    """The question of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Question).where(Question.number == number, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def worded(viewer: Viewer, number: str) -> About | None:
    """A question as phrases need it; None when the viewer may not know of it (RC-22)."""
    columns = (Q.asker_name, Q.due_at, Q.answer)
    row = db.session.execute(sa.select(*columns).where(Q.number == number, visible_to(viewer))).one_or_none()
    address = f"/reception/questions/{number}"
    return row and About(number, address, customer=row.asker_name, until=row.due_at, text=row.answer)


def still_visible(question: Question, viewer: Viewer) -> bool:
    """True when the viewer may still see it after what they did to it."""
    wanted = sa.select(Q.id).where(Q.id == question.id, visible_to(viewer))
    return db.session.scalar(wanted) is not None


def visit_number(question: Question) -> str | None:
    """The number of the visit during which it was asked."""
    if question.visit_id is None:
        return None
    return db.session.scalar(sa.select(Visit.number).where(Visit.id == question.visit_id))


def visit_id(number: str) -> int | None:
    """The id of the visit of that number; None when there is none."""
    return db.session.scalar(sa.select(Visit.id).where(Visit.number == number))


# -- alike ------------------------------------------------------------------------------------------------------


def pieces(text: str) -> frozenset[str]:
    """What of a question is compared with others."""
    return frozenset(cutting.terms(rules.bare(text)).split())


def similar(viewer: Viewer, text: str, but: int | None = None) -> list[Any]:
    """Answered questions much like a text, the most alike first; one statement, none for a text that says nothing."""
    typed = pieces(text)
    if not typed:
        return []
    columns = (Q.id, Q.number, Q.question, Q.answer, Q.created_at, Q.department)
    near = sa.select(*columns).where(
        Q.id.in_(search.sharing("question", typed)), visible_to(viewer), Q.answer != "", Q.id != (but or 0)
    )
    found = db.session.execute(near.order_by(Q.id.desc()).limit(MOST_COMPARED)).all()
    weighed = [(rules.alike(typed, pieces(row.question)), row) for row in found]
    fitting = sorted(
        ((weight, row.id, row) for weight, row in weighed if weight >= rules.ALIKE),
        key=lambda w: w[:2],
        reverse=True,
    )
    seen: dict[tuple[str, str], Any] = {}
    for _weight, _id, row in fitting:
        seen.setdefault((row.question, row.answer), row)
    return list(seen.values())[:MOST_SIMILAR]


# -- the list ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionList(Listing):
    """The filters of the list page."""

    words: str = ""
    state: str = ""
    department: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False
    visit: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> QuestionList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words")),
            state=lists.code(args.get("state"), (*State, "open")),
            department=lists.code(args.get("department"), tuple(reference.staff().departments)),
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            mine=args.get("mine") == "1",
            visit=lists.words(args.get("visit"), 24),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        wanted: list[sa.ColumnElement[bool]] = [visible_to(self.viewer)]
        if self.state == "open":
            wanted.append(Q.state.not_in(rules.ENDED))
        elif self.state:
            wanted.append(Q.state == State(self.state))
        if self.department:
            wanted.append(Q.department == self.department)
        if self.since:
            wanted.append(Q.created_at >= lists.begins(self.since))
        if self.until:
            wanted.append(Q.created_at < lists.begins(self.until, days_later=1))
        if self.mine:
            wanted.append(sa.or_(Q.person_id == self.viewer.id, Q.created_by_id == self.viewer.id))
        if self.visit:
            wanted.append(
                Q.visit_id == sa.select(Visit.id).where(Visit.number == self.visit).scalar_subquery()
            )
        if self.words:
            wanted += [
                Q.id.in_(search.matching("question", self.words)),
                search.recheck(self.words, *SEARCHED),
            ]
        return wanted

    def rows(self, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says; nearest first of the direction."""
        return db.session.execute(
            self.placed(sa.select(*ROW).where(*self._conditions()), Q.id).limit(most)
        ).all()

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


ROW = (
    Q.id, Q.number, Q.question, Q.answer, Q.state, Q.department, Q.person_id, Q.asker_name, Q.phone, Q.asked_at,
    Q.replied_at, Q.replied_by_id, Q.told_at, Q.created_at, Q.created_by_id, Q.due_at, Q.due_from, Q.phrase_at,
)  # fmt: skip


# -- the quarter ------------------------------------------------------------------------------------------------


@dataclass
class Tally:
    """The figures of one department, or of all."""

    asked: int = 0
    at_once: int = 0
    inside: int = 0
    open: int = 0
    mean: float | None = None  # seconds from asking inside to the answer


@dataclass(frozen=True)
class Repeated:
    """A question that was asked again and again: how often, the newest wording with an answer."""

    times: int
    number: str
    question: str
    answer: str


@dataclass(frozen=True)
class Quarter:
    """What a quarter's summary tells."""

    departments: dict[str, Tally]
    all: Tally
    repeated: list[Repeated]
    more: bool  # there were more questions than are compared


def quarter(viewer: Viewer, begins: datetime, ends: datetime) -> Quarter:
    """RC-22: the figures of a quarter and its most repeated questions, in two statements."""
    span = (visible_to(viewer), Q.created_at >= begins, Q.created_at < ends)
    figures = db.session.execute(
        sa.select(Q.department, Q.asked_at, Q.replied_at, Q.state).where(*span)
    ).all()
    by_department: dict[str, list[Any]] = {}
    for row in figures:
        by_department.setdefault(row.department or "", []).append(row)
    wanted = sa.select(Q.number, Q.question, Q.answer).where(*span, Q.question != "")
    newest = db.session.execute(wanted.order_by(Q.id.desc()).limit(MOST_OF_A_QUARTER + 1)).all()
    rows = newest[:MOST_OF_A_QUARTER]
    repeated: list[Repeated] = []
    for group in rules.groups([pieces(row.question) for row in rows]):
        if len(group) < 2 or len(repeated) == MOST_REPEATED:
            break
        told = next((rows[place] for place in group if rows[place].answer), rows[group[0]])
        repeated.append(Repeated(len(group), told.number, told.question, told.answer))
    order = sorted(by_department, key=lambda code: (-len(by_department[code]), code))
    return Quarter(
        {code: _tally(by_department[code]) for code in order},
        _tally(figures),
        repeated,
        len(newest) > len(rows),
    )


def _tally(rows: Sequence[Any]) -> Tally:
    inside = [row for row in rows if row.asked_at is not None]
    return Tally(
        asked=len(rows),
        at_once=len(rows) - len(inside),
        inside=len(inside),
        open=sum(row.state not in rules.ENDED for row in rows),
        mean=rules.mean((row.replied_at - row.asked_at).total_seconds() for row in inside if row.replied_at),
    )
