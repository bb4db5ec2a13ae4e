"""Which entries of the log a page lists, and for whom. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.log import rules
from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel import lists, search
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

E = LogEntry.__table__.c
About = sa.orm.aliased(LogEntry, name="about")


def _told(act: Act) -> sa.ColumnElement[bool]:
    """True when a later entry of that sort speaks of this one."""
    later = sa.alias(LogEntry.__table__)
    return sa.exists().where(later.c.about_id == E.id, later.c.act == act)


ROW = (
    E.id, E.number, E.post_id, E.act, E.category, E.standing, E.text, E.major, E.case_number, E.visit_number,
    E.equipment_code, E.at, E.by_id, About.number.label("about"), _told(Act.SETTLE).label("settled"),
    _told(Act.CONSENT).label("consented"), _told(Act.TAKE_OVER).label("taken_over"),
)  # fmt: skip
# By what an entry is found; nothing of it ever changes (DR-02).
SEARCHED = (E.number, E.text, E.case_number, E.visit_number, E.equipment_code)
UNSETTLED = sa.and_(E.act == Act.NOTE, E.standing != Standing.DONE, sa.not_(_told(Act.SETTLE)))


def _rows() -> sa.Select[Any]:
    return sa.select(*ROW).outerjoin_from(LogEntry, About, About.id == E.about_id)


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The condition under which a person may read the log of a post."""
    if rules.reads_every_post(viewer):
        return sa.true()
    departments = {viewer.department, *viewer.leads}
    mine = sa.exists().where(
        Shift.post_id == E.post_id,
        Shift.person_id == viewer.id,
        Shift.roster_id == Roster.id,
        Roster.state != State.DRAFT,
    )
    theirs = sa.exists().where(Post.id == E.post_id, Post.department.in_(departments))
    return sa.or_(mine, theirs)


def searchable(entry: LogEntry) -> str:
    """The text that the index keeps of an entry."""
    return "\n".join(str(getattr(entry, column.key)) for column in SEARCHED)


def texts() -> Iterator[tuple[int, str]]:
    """Id and searchable text of every entry, for the verification."""
    for number, *found in db.session.execute(sa.select(E.id, *SEARCHED).execution_options(yield_per=1_000)):
        yield number, "\n".join(found)


@dataclass(frozen=True)
class Known:
    """What another part knows of an entry: what it is, its number, its address."""

    caption: str
    number: str
    address: str


# A part that makes something of entries tells here what became of one; at most one statement each.
KNOWN: list[Callable[[Viewer, Any], list[Known]]] = []


def known_of(viewer: Viewer, entry: Any) -> list[Known]:
    """All that other parts know of an entry, as far as the viewer may know of it."""
    return [known for ask in KNOWN for known in ask(viewer, entry)]


def find(viewer: Viewer, number: str) -> Any:
    """The entry of that number as a row, if the viewer may read it; NotFound otherwise."""
    found = db.session.execute(_rows().where(E.number == number, visible_to(viewer))).one_or_none()
    if found is None:
        raise NotFound
    return found


def about(entry_id: int) -> Sequence[Any]:
    """What later entries say of one, oldest first."""
    return db.session.execute(_rows().where(E.about_id == entry_id).order_by(E.id)).all()


def of_shift(post_id: int, since: datetime, until: datetime) -> list[Any]:
    """What a post hands over: the entries since its shift began and the older ones that are not settled."""
    wanted = sa.and_(E.post_id == post_id, E.at <= until, sa.or_(E.at >= since, UNSETTLED))
    return list(db.session.execute(_rows().where(wanted).order_by(E.id)))


@dataclass(frozen=True)
class LogList(Listing):
    """The filters of the log."""

    words: str = ""
    post: str = ""
    day: date | None = None
    category: str = ""
    open: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, query: MultiDict[str, str]) -> LogList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer=viewer,
            before=lists.number(query.get("before")),
            after=lists.number(query.get("after")),
            words=lists.words(query.get("words")),
            post=lists.words(query.get("post"), 24),
            day=lists.day(query.get("day")),
            category=lists.code(query.get("category"), set(Category)),
            open=query.get("open") == "1",
        )

    def rows(self, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = _rows().where(visible_to(self.viewer))
        place: sa.ColumnElement[int] = E.id
        if self.words:
            wanted, place = search.join(wanted, "log", self.words, E.id)
            wanted = wanted.where(search.recheck(self.words, *SEARCHED))
        if self.post:
            wanted = wanted.where(
                E.post_id == sa.select(Post.id).where(Post.code == self.post).scalar_subquery()
            )
        if self.day:
            wanted = wanted.where(E.at >= lists.begins(self.day), E.at < lists.begins(self.day, days_later=1))
        if self.category:
            wanted = wanted.where(E.category == Category(self.category))
        if self.open:
            wanted = wanted.where(UNSETTLED)
        return db.session.execute(self.placed(wanted, place).limit(most)).all()

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))
