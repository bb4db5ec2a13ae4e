"""Which cases a page lists, and for whom; what a case's page shows. Every look-up starts at `visible_to`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.closing import Loose
from portal.blueprints.complaints.codes import (
    CLOSED,
    TWO_PERSON,
    DealingKind,
    Escalation,
    Kind,
    State,
    Urgency,
)
from portal.blueprints.complaints.models import Case, CaseLink, Dealing, PublishedSuggestion
from portal.blueprints.complaints.reach import C, reach, sees_all, visible_to, ways_to
from portal.kernel import history, links, lists, reference, search
from portal.kernel.db import UTCDateTime, db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

MANY = 20_000  # cases in a period: fewer are all read, from an index
MOST_WAYS = 20  # in which a case may be one's own: a lead may have many people who left
GLANCE = 34  # characters of the content that a row shows: a line of it on an office screen
TODO = Todo.__table__.c

# Under what a case is found: number, customer (also in pinyin), phone, words.
SEARCHED = (
    C.number,
    C.notice_number,
    C.customer_name,
    C.customer_pinyin,
    C.customer_phone,
    C.customer_address,
    C.content,
    C.demand,
)


def searchable(case: Case) -> str:
    """The text that the index keeps of a case."""
    return "\n".join(str(getattr(case, column.key)) for column in SEARCHED)


# Statements made before, by reach and shape: making one takes as long as running it.
_MADE: dict[Hashable, sa.Select[Any]] = {}
MOST_MADE = 256


def _made(key: Hashable, make: Callable[[], sa.Select[Any]]) -> sa.Select[Any]:
    """The statement kept under that key; moments, numbers and places are its parameters."""
    found = _MADE.get(key)
    if found is None:
        if len(_MADE) >= MOST_MADE:
            _MADE.clear()
        found = _MADE[key] = make()
    return found


def find(viewer: Viewer, number: str, *, lock: bool = False) -> Case:
    """The case of that number, if the viewer may see it; NotFound otherwise. `lock` inside a write."""

    def make() -> sa.Select[Any]:
        statement = sa.select(Case).where(Case.number == sa.bindparam("number"), visible_to(viewer))
        return statement.with_for_update() if lock else statement

    statement = _made(("find", lock, reach(viewer)), make)
    case: Case | None = db.session.scalars(statement, {"number": number}).one_or_none()
    if case is None:
        raise NotFound
    return case


def find_other(viewer: Viewer, number: str) -> Case | None:
    """The case that another one is to be joined with; None where the viewer knows of none of that number."""
    try:
        return find(viewer, number, lock=True)
    except NotFound:
        return None


def linked(case: Case, viewer: Viewer) -> list[sa.Row[Any]]:
    """Number, kind, state, content of the cases that belong to this one, as far as the viewer may see them."""
    others = sa.select(C.number, C.kind, C.state, sa.func.substr(C.content, 1, 60)).join(
        CaseLink, CaseLink.other_id == C.id
    )
    mine = others.where(CaseLink.case_id == case.id, visible_to(viewer))
    return list(db.session.execute(mine.order_by(C.id.desc()).limit(lists.PAGE)))


def numbers_of(viewer: Viewer, ids: links.Ids) -> list[tuple[str, str]]:
    """Number and address of the cases that the viewer may see; a visit names them (RC-30), to nobody else (CP-09)."""
    numbers = sa.select(C.number).where(C.id.in_(ids), visible_to(viewer)).order_by(C.id)
    return [(number, f"/complaints/{number}") for number in db.session.scalars(numbers)]


def of_phone(viewer: Viewer, phone: str) -> list[sa.Row[Any]]:
    """Number, state, content of the open cases of a phone number that the viewer may see, newest first."""
    open_ = sa.select(C.number, C.state, sa.func.substr(C.content, 1, 60)).where(
        C.customer_phone == phone, C.customer_phone != "", C.state.not_in(CLOSED), visible_to(viewer)
    )
    return list(db.session.execute(open_.order_by(C.id.desc()).limit(5)))


def published(most: int = 100) -> list[sa.Row[Any]]:
    """What was suggested, what was done, and when it was published; newest first (CP-26)."""
    told = sa.select(PublishedSuggestion.what, PublishedSuggestion.measure, PublishedSuggestion.at)
    return list(db.session.execute(told.order_by(PublishedSuggestion.case_id.desc()).limit(most)))


def still_visible(case: Case, viewer: Viewer) -> bool:
    """True when the viewer may still see a case after what they did to it."""
    return db.session.scalar(sa.select(Case.id).where(Case.id == case.id, visible_to(viewer))) is not None


def dealings(case: Case) -> list[Dealing]:
    """Everything said and done around a case, oldest first."""
    return list(db.session.scalars(_DEALINGS, {"case": case.id}))


def dealings_shown(case: Case) -> Sequence[sa.Row[Any]]:
    """The same as plain rows, which take half the time, for a page that only shows them."""
    return db.session.connection().execute(_SHOWN, {"case": case.id}).all()


# What every case's page asks is made once.
_DEALINGS = sa.select(Dealing).where(Dealing.case_id == sa.bindparam("case")).order_by(Dealing.id)
_SHOWN = _DEALINGS.with_only_columns(*Dealing.__table__.c)
_EVENTS = (
    sa.select(
        history.Line.id,
        history.Line.at,
        history.Line.by_id,
        history.Line.event,
        history.Line.clause,
        history.Line.details,
        history.Text.words,
    )
    .outerjoin(history.Text, history.Text.line_id == history.Line.id)
    .where(history.Line.subject_kind == "case", history.Line.subject_id == sa.bindparam("case"))
    .order_by(history.Line.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_CLOCKS = (
    sa.select(Clock.kind, Clock.clause, Clock.due_at, Clock.started_at)
    .where(
        Clock.subject_kind == "case",
        Clock.subject_id == sa.bindparam("case"),
        Clock.met_at.is_(None),
        Clock.ended_at.is_(None),
    )
    .order_by(Clock.id)
)


def open_dealings(case: Case, kind: DealingKind) -> list[Dealing]:
    """What of a kind still waits to be kept, decided or answered."""
    ours = sa.select(Dealing).where(
        Dealing.case_id == case.id, Dealing.kind == kind, Dealing.done_at.is_(None)
    )
    return list(db.session.scalars(ours.order_by(Dealing.id)))


def open_question(case: Case, verb: str) -> Dealing | None:
    """The question of a two-person verb that waits for its decision."""
    if not case.asked(verb):
        return None
    return open_dealings(case, TWO_PERSON[verb])[-1]


def asked_to_help(case: Case) -> list[str]:
    """Departments whose help has not come yet (CP-11)."""
    if not case.assisting:
        return []
    rows = open_dealings(case, DealingKind.ASSISTANCE)
    return list(dict.fromkeys(row.department for row in rows if row.department))


def loose_ends(case: Case) -> Loose:
    """What is still open around a case, in one statement."""
    waits = sa.select(Dealing).where(
        Dealing.case_id == case.id, Dealing.done_at.is_(None), Dealing.kind.in_(LOOSE_KINDS)
    )
    return loose_among(list(db.session.scalars(waits)))


LOOSE_KINDS = (DealingKind.PROMISE, DealingKind.ASSISTANCE, DealingKind.ESCALATION)


def loose_among(waiting: Sequence[Any]) -> Loose:
    """What is still open, counted among dealings that were read already."""
    kinds = [(d.kind, d.outcome if d.kind is DealingKind.ESCALATION else "") for d in waiting]
    return Loose(
        promises=kinds.count((DealingKind.PROMISE, "")),
        decisions=kinds.count((DealingKind.ESCALATION, Escalation.MAJOR)),
        escalations=kinds.count((DealingKind.ESCALATION, Escalation.UNSOLVED)),
        cooperation=kinds.count((DealingKind.ESCALATION, Escalation.NO_COOPERATION)),
        assistance=kinds.count((DealingKind.ASSISTANCE, "")),
    )


def events(case: Case, limit: int = 200) -> list[history.Event]:
    """The history of a case, newest first."""
    rows = db.session.connection().execute(_EVENTS, {"case": case.id, "most": limit}).all()
    return [history.Event.of(row) for row in rows]


def running_clocks(case: Case) -> Sequence[sa.Row[str, str, datetime | None, datetime]]:
    """Kind, clause, end and start of every limit that somebody still has to meet, in the order they started."""
    return db.session.connection().execute(_CLOCKS, {"case": case.id}).all()


# -- the list ------------------------------------------------------------------------------------------------------------

# Codes come as plain text: fifty rows have two hundred of them, and an enum's member equals its text.
ROW = (
    C.id,
    C.number,
    *(sa.type_coerce(C[name], sa.String).label(name) for name in ("kind", "category", "urgency", "state")),
    C.department,
    C.handler_id,
    C.customer_name,
    sa.func.substr(C.content, 1, GLANCE + 1).label("what"),
    C.registered_at,
    C.due_at,
    C.due_from,
    C.due_kind,
    C.paused_at.is_not(None).label("paused"),
)
NOW = sa.bindparam("now", type_=UTCDateTime)
PLACE = sa.bindparam("place", type_=sa.BigInteger)
# As the index of them says it: SQLite takes an index of some rows only for the very same words, without parameters.
IS_OPEN = sa.and_(*(C.state != sa.literal_column(f"'{state}'") for state in sorted(CLOSED)))


def _among(*which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """True of the rows that an index of few lists: read first, not looked for among all from the newest on."""
    ids: sa.Select[int] = sa.select(C.id).where(*which)
    return C.id.in_(ids.correlate(None))


def in_period(since: date | None, until: date | None) -> list[sa.ColumnElement[bool]]:
    """The conditions under which a case was registered on these days."""
    bounds = []
    if since:
        bounds.append(C.registered_at >= lists.begins(since))
    if until:
        bounds.append(C.registered_at < lists.begins(until, days_later=1))
    return bounds


def ids_between(
    since: date | None, until: date | None, key: sa.ColumnElement[int]
) -> Iterator[sa.ColumnElement[bool]]:
    """The first and the last id of a period, or nobody comes to it but past everything newer.

    They are read from the index of the moments, for ids and moments need not go in the same order. `id + 0`, since
    for `min(id)` both databases walk the table in the order of ids.
    """
    period, number = in_period(since, until), C.id + sa.literal_column("0")
    if until:
        yield key <= sa.select(sa.func.max(number)).where(*period).correlate(None).scalar_subquery()
    if since:
        first = sa.select(sa.func.min(number)).where(*period).correlate(None).scalar_subquery()
        many = sa.select(C.id).where(*period).order_by(C.registered_at).limit(1).offset(MANY)
        # Of many, a page is full before their first one comes.
        yield key >= sa.case((sa.exists(many.correlate(None)), 0), else_=first)


@dataclass(frozen=True)
class CaseList(Listing):
    """The filters of the list page, made into one statement."""

    words: str = ""
    state: str = ""
    department: str = ""
    kind: str = ""
    urgency: str = ""
    overdue: bool = False
    disposal: bool = False  # archived, and their term is over (CP-20)
    mine: bool = False  # first responder or handler
    first_responder: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> CaseList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            words=lists.words(args.get("words") or args.get("q")),
            state=lists.code(args.get("state"), (*State, "open")),
            department=lists.code(args.get("department"), reference.staff().departments),
            kind=lists.code(args.get("kind"), tuple(Kind)),
            urgency=lists.code(args.get("urgency"), tuple(Urgency)),
            overdue=args.get("overdue") == "1",
            disposal=args.get("disposal") == "1" and viewer.role is Role.OFFICE,
            mine=args.get("mine") == "1",
            first_responder=lists.words(args.get("first_responder"), 64),
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
        )

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """What every row must fulfil, reach first."""
        hands = [] if not self.mine else [sa.or_(*self._mine())]
        return [visible_to(self.viewer), *self._filters(), *hands]

    def _filters(self) -> list[sa.ColumnElement[bool]]:
        """What was chosen, but for the reach and *mine*."""
        wanted: list[sa.ColumnElement[bool] | None] = [
            self._in_state(),
            C.department == self.department if self.department else None,
            C.kind == Kind(self.kind) if self.kind else None,
            C.urgency == Urgency(self.urgency) if self.urgency else None,
            _among(C.due_at < NOW, C.due_at.is_not(None)) if self.overdue else None,
            self._term_is_over(),
            self._taken_by(),
            *in_period(self.since, self.until),
        ]
        return [condition for condition in wanted if condition is not None]

    def _in_state(self) -> sa.ColumnElement[bool] | None:
        if self.state == "open":
            return IS_OPEN
        return C.state == State(self.state) if self.state else None

    def _term_is_over(self) -> sa.ColumnElement[bool] | None:
        return sa.and_(C.keep_until < NOW, C.disposed_at.is_(None)) if self.disposal else None

    def _mine(self) -> list[sa.ColumnElement[bool]]:
        return [C.first_responder_id == self.viewer.id, C.handler_id == self.viewer.id]

    def _taken_by(self) -> sa.ColumnElement[bool] | None:
        if self.mine or not self.first_responder:
            return None
        card = reference.staff().by_username(self.first_responder)
        return C.first_responder_id == (card.id if card else 0)

    def statement(self, most: int) -> sa.Select[Any]:
        """The one statement of the page: newest first, from where the address says; `page` gives its parameters."""
        if self.first_responder or self.since or self.until:  # typed, and seldom asked twice
            return self._make(most)
        filters = (
            self.state,
            self.department,
            self.kind,
            self.urgency,
            self.overdue,
            self.disposal,
            self.mine,
        )
        place = (self.before is None, self.after is None, most)
        typed = search.shape(self.words) if self.words else None
        return _made(("list", *filters, *place, typed, reach(self.viewer)), lambda: self._make(most))

    def _make(self, most: int) -> sa.Select[Any]:
        rows: sa.Select[Any] = sa.select(*ROW, self._next_act())
        if self.words:
            rows, found = search.join(rows.where(*self.conditions()), "case", self.words, C.id)
            rows = rows.where(search.recheck(self.words, *SEARCHED))
            return self._newest(rows, found, most)
        if ways := self._ways():
            # Each by its own index and no further than the page needs; then the newest of what they gave.
            given = [self._newest(ids, key, most).subquery() for ids, key in ways]
            rows = rows.where(C.id.in_(sa.union(*(sa.select(some.c[0]) for some in given))))
            return self._newest(rows, C.id, most)
        return self._newest(rows.where(*self.conditions()), C.id, most)

    def _ways(self) -> list[tuple[sa.Select[int], sa.ColumnElement[int]]]:
        """The ways in which a row may belong to a list, when no one index has them all; see `ways_to`."""
        if self.mine:
            ids: sa.Select[int] = sa.select(C.id).where(visible_to(self.viewer), *self._filters())
            return [(ids.where(hand), C.id) for hand in self._mine()]
        # What is open is little: there each row is asked sooner than one's own cases of all years are looked through.
        # So is what a department never had, and for a lead, whose cases are many, a period.
        beside = self.department not in self.viewer.leads if self.department else self.since or self.until
        narrow = (
            self.state not in {"", State.ARCHIVED}
            or self.overdue
            or self.first_responder
            or (self.viewer.leads and beside)
        )
        ways = [] if narrow or sees_all(self.viewer) else ways_to(self.viewer)
        return [(ids.where(*self._filters()), key) for ids, key in ways] if len(ways) <= MOST_WAYS else []

    def _newest(self, rows: sa.Select[Any], key: sa.ColumnElement[int], most: int) -> sa.Select[Any]:
        """The page of them, in the order of the ids as `key` has them."""
        rows = rows.where(*ids_between(self.since, self.until, key))
        # PostgreSQL may walk both tables side by side, the cases from the newest on unless told where to begin.
        both = [key] if key is C.id else [key, C.id]
        if self.after is not None:
            return rows.where(*(column > PLACE for column in both)).order_by(key).limit(most)
        if self.before is not None:
            rows = rows.where(*(column < PLACE for column in both))
        return rows.order_by(key.desc()).limit(most)

    def _next_act(self) -> sa.Label[str | None]:
        """The verb that waits for the viewer on the row's case; the first when there are several."""
        waits = sa.and_(TODO.subject_kind == "case", TODO.subject_id == C.id)
        ours = sa.select(TODO.kind).where(waits, TODO.audience.in_(self.viewer.audiences))
        return ours.order_by(TODO.id).limit(1).scalar_subquery().label("act")

    def first(self, most: int, now: datetime) -> list[Any]:
        """The newest rows of the whole list, whichever page the address is on."""
        whole = replace(self, before=None, after=None)
        given = {"now": now} | (search.parameters(self.words) if self.words else {})
        return list(db.session.connection().execute(whole.statement(most), given).all())

    def page(self, now: datetime) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the addresses of the newer and the older one."""
        place = self.before if self.after is None else self.after
        given = {"now": now, "place": place} | (search.parameters(self.words) if self.words else {})
        found = db.session.connection().execute(self.statement(lists.PAGE + 1), given)
        return self.paged(list(found.all()))  # at once: row by row takes a call each
