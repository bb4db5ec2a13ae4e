"""The limits that run on a thing: started, paused and met with its changes; their steps fired by the sweep.

A *state* clock is restarted by a hand-over, a *case* clock by nothing. Due times are computed once, stored and indexed;
the sweep reads only what is due.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import company_calendar, history, inbox, policies, reference
from portal.kernel.calendars import Calendar
from portal.kernel.db import Model, UTCDateTime, db, short
from portal.kernel.ladders import Ladder, Rung
from portal.kernel.limits import Limit, due

Pauses = list[tuple[datetime, datetime | None]]


class Basis(enum.StrEnum):
    STATE = "state"
    CASE = "case"


class Clock(Model):
    """One limit running on one subject."""

    __tablename__ = "clocks"
    __table_args__ = (
        sa.Index("ix_clocks_subject", "subject_kind", "subject_id"),
        sa.Index(
            "ix_clocks_next",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
        # What still runs, among years of limits that were met: the calls to make ask for it by kind.
        sa.Index(
            "ix_clocks_running",
            "subject_kind",
            "kind",
            "due_at",
            sqlite_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
            postgresql_where=sa.text("met_at IS NULL AND ended_at IS NULL"),
        ),
        sa.Index("ix_clocks_kind", "kind", "started_at"),  # how the limits of a clause were kept
        # How limits of one sort ended, the newest subject's first; not of those that run, which have their own above.
        *(
            sa.Index(
                name,
                "subject_kind",
                "kind",
                "subject_id",
                sqlite_where=sa.text(which),
                postgresql_where=sa.text(which),
            )
            for name, which in (
                ("ix_clocks_met", "breached_at IS NULL AND met_at IS NOT NULL"),
                ("ix_clocks_late", "breached_at IS NOT NULL"),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str] = mapped_column(sa.String(24))
    basis: Mapped[Basis] = mapped_column(short(Basis))
    clause: Mapped[str] = mapped_column(sa.String(8))
    limit: Mapped[str] = mapped_column(
        "limit_text", sa.String(24), default=""
    )  # empty: the end was named outright
    policy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("policies.id"))  # the version it started with
    ladder: Mapped[str] = mapped_column(sa.String(400))
    urgent: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # named outright: a promise, an extension
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # None while paused
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when the sweep must look again
    met_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # no longer asked for: withdrawn, handed over
    breached_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def running(self) -> bool:
        """True while somebody still has to meet it."""
        return self.met_at is None and self.ended_at is None


class Fired(Model):
    """A step that fired; its key makes each fire once, however many workers sweep."""

    __tablename__ = "clock_steps"

    clock_id: Mapped[int] = mapped_column(sa.ForeignKey("clocks.id"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    late: Mapped[bool] = mapped_column(default=False)  # missed while the worker was down


@dataclass(frozen=True)
class Told:
    """Whom a step reaches: persons, and whether a seat below them was empty."""

    people: list[int]
    climbed: bool = False


class Watched(Protocol):
    """What an area answers for its kind of subject."""

    def load(self, subject_id: int) -> Any: ...
    def told(self, subject: Any, audience: str) -> Told: ...
    def address(self, subject: Any) -> str: ...
    def start(self, subject: Any, kind: str, now: datetime) -> None: ...
    def clocks_moved(self, subject: Any, now: datetime) -> None: ...
    def pauses(self, subject: Any) -> Pauses: ...


WATCHED: dict[str, Watched] = {}
WARN_ONLY: set[str] = set()  # kinds of clock whose end is told, and is nobody's breach
# What else is due by the calendar alone: does it in writes of its own and yields a line an act, as the sweep does.
BY_CALENDAR: list[Callable[[datetime], Iterator[str]]] = []


def start(
    subject: Any,
    kind: str,
    *,
    now: datetime,
    clause: str,
    basis: Basis,
    figure: str = "",
    ends_at: datetime | None = None,
    ladder: str = "",
    urgent: bool = False,
) -> Clock:
    """Start a clock by a policy figure (`limit.…`) or with a named end. Inside a write.

    It is written with the next flush, together with the others that start now. Of a subject that has no id yet it is
    kept for `begun`.
    """
    row = policies.in_force(figure, now) if figure else None
    clock = Clock(
        subject_kind=subject.history_kind,
        subject_id=subject.id,
        kind=kind,
        basis=basis,
        clause=clause,
        limit=row.value if row else "",
        policy_id=row.id if row else None,
        ladder=policies.value(f"ladder.{ladder or kind}", now),
        urgent=urgent,
        started_at=now,
        ends_at=ends_at,
    )
    if subject.id is not None:
        db.session.add(clock)
    _reckon(clock, company_calendar.current(), [])
    return clock


def begun(subject: Any, clocks: Iterable[Clock]) -> None:
    """Write the clocks that were started before their subject was; they are only told of, not kept in the session."""
    # By the names of the table, for an attribute may be called otherwise than its column.
    kept = [(a.columns[0].name, a.key) for a in Clock.__mapper__.column_attrs if a.key != "id"]
    rows = [
        {name: getattr(clock, key) for name, key in kept} | {"subject_id": subject.id} for clock in clocks
    ]
    if rows:
        db.session.connection().execute(_NEW, rows)


_NEW = sa.insert(Clock.__table__)  # type: ignore[arg-type]  # it is a table


def of(subject: Any) -> list[Clock]:
    """Every clock of a subject, in the order they started."""
    db.session.flush()
    ours = sa.and_(Clock.subject_kind == subject.history_kind, Clock.subject_id == subject.id)
    return list(db.session.scalars(sa.select(Clock).where(ours).order_by(Clock.id)))


def running(subject: Any, kinds: Iterable[str] = ()) -> list[Clock]:
    """The clocks somebody still has to meet, of these kinds (none given: all)."""
    wanted = frozenset(kinds)
    return [c for c in of(subject) if c.running and (not wanted or c.kind in wanted)]


def clauses_of(subjects: Iterable[tuple[str, int]]) -> dict[tuple[str, int, datetime], str]:
    """The clause of each running clock of these subjects, by their kind and id and the clock's end; one statement."""
    ids: dict[str, list[int]] = {}
    for kind, subject_id in subjects:
        ids.setdefault(kind, []).append(subject_id)
    ours = [sa.and_(Clock.subject_kind == kind, Clock.subject_id.in_(some)) for kind, some in ids.items()]
    ends = sa.select(Clock.subject_kind, Clock.subject_id, Clock.due_at, Clock.clause).where(
        Clock.met_at.is_(None), Clock.ended_at.is_(None), Clock.due_at.is_not(None), sa.or_(sa.false(), *ours)
    )
    rows = (
        db.session.execute(ends.order_by(Clock.id.desc())) if ours else ()
    )  # of two at once the first remains
    return {(kind, subject_id, due_at): clause for kind, subject_id, due_at, clause in rows if due_at}


def meet(subject: Any, kinds: Iterable[str], now: datetime) -> None:
    """What these clocks ask for was done."""
    for clock in running(subject, kinds) if kinds else []:
        clock.met_at, clock.next_at = now, None
        if (ended := _to_breach(clock)) is not None and ended < now:
            clock.breached_at = ended


def end(subject: Any, now: datetime, kinds: Iterable[str] = ()) -> None:
    """What these clocks (none given: all) ask for is no longer asked."""
    for clock in running(subject, kinds):
        clock.ended_at, clock.next_at = now, None


def reopen(subject: Any, kinds: Iterable[str], now: datetime) -> None:
    """A case clock once met or ended runs on from where it started: nothing restarts it."""
    for clock in of(subject):
        if clock.kind in kinds and not clock.running:
            clock.met_at = clock.ended_at = None
            clock.next_at = now if clock.due_at is not None else None


def extend(clock: Clock, until: datetime, pauses: Pauses) -> None:
    """Give a clock a named end in place of its limit."""
    clock.ends_at, clock.breached_at = until, None
    _reckon(clock, company_calendar.current(), pauses)


def set_limit(clock: Clock, figure: str, now: datetime, pauses: Pauses) -> None:
    """Put a clock under another figure, from its own start."""
    row = policies.in_force(figure, now)
    clock.limit, clock.policy_id, clock.ends_at = row.value, row.id, None
    _reckon(clock, company_calendar.current(), pauses)
    if clock.due_at is not None and clock.due_at > now:
        clock.breached_at = None


def reckon_again(subject: Any, pauses: Pauses) -> None:
    """After a pause began or ended: move every running clock by the paused time."""
    calendar = company_calendar.current()
    for clock in running(subject):
        _reckon(clock, calendar, pauses)


def _reckon(clock: Clock, calendar: Calendar, pauses: Pauses) -> None:
    since = [(max(a, clock.started_at), b) for a, b in pauses if b is None or b > clock.started_at]
    if clock.ends_at is not None:
        clock.due_at = clock.ends_at  # somebody named this end; a pause does not move it
    else:
        clock.due_at = due(clock.started_at, Limit.parse(clock.limit), calendar, since)
    if clock.due_at is None:
        clock.next_at = None
        return
    moments = [at for _, at in _rungs(clock, calendar, since)]
    clock.next_at = min([m for m in (*moments, clock.due_at) if m is not None], default=None)


def _rungs(clock: Clock, calendar: Calendar, pauses: Pauses) -> list[tuple[Rung, datetime | None]]:
    if clock.due_at is None:
        return []
    limit = Limit.parse(clock.limit) if clock.limit and clock.ends_at is None else None
    return [
        (rung, rung.at(clock.started_at, limit, clock.due_at, calendar, pauses))
        for rung in Ladder.parse(clock.ladder).rungs
    ]


# -- the sweep ----------------------------------------------------------------------------------------------------


def sweep(now: datetime, most: int = 100_000) -> Iterator[str]:
    """Record what ran out and fire the steps that are due; yields a line an act, beginning with the number.

    Each clock is one short write of its own, so a killed worker loses nothing and other writers get their turn.
    """
    for clock_id in _due(now, most):
        with db.write():
            lines = list(_look_at(clock_id, now))
        yield from lines
    for errand in BY_CALENDAR:
        yield from errand(now)


def sweep_within(now: datetime, most: int = 100_000) -> None:
    """The same pass as part of a write that is under way, whose books are closed so far: pauses are read from them."""
    for clock_id in _due(now, most):
        for _ in _look_at(clock_id, now):
            pass


def _due(now: datetime, most: int) -> list[int]:
    due_now = sa.select(Clock.id).where(Clock.next_at <= now).order_by(Clock.next_at, Clock.id).limit(most)
    return list(db.session.scalars(due_now))


def _look_at(clock_id: int, now: datetime) -> Iterator[str]:
    kind_and_id = db.session.execute(
        sa.select(Clock.subject_kind, Clock.subject_id).where(Clock.id == clock_id)
    ).one_or_none()
    if kind_and_id is None:
        return
    area = WATCHED[kind_and_id.subject_kind]
    subject = area.load(
        kind_and_id.subject_id
    )  # the subject's lock comes before the clock's, as in every verb
    locked = sa.select(Clock).where(Clock.id == clock_id, Clock.next_at <= now).with_for_update()
    clock = db.session.scalars(locked).one_or_none()
    if clock is None or subject is None:  # another worker was here, or it was met meanwhile
        return
    calendar, pauses = company_calendar.current(), area.pauses(subject)
    if (ended := _to_breach(clock)) is not None and ended <= now:
        clock.breached_at = ended
        history.record(
            subject,
            "clock:overdue",
            by=None,
            now=now,
            clause=clock.clause,
            clock=clock.kind,
            due=ended,
        )
        yield f"{subject.number}\t{clock.kind}\toverdue since {ended.isoformat()} ({clock.clause})"
    yield from _fire(clock, subject, area, now, calendar, pauses)
    area.clocks_moved(subject, now)


def _to_breach(clock: Clock) -> datetime | None:
    """The end whose passing will be recorded as a breach; None when it was, or when the clock only warns."""
    return clock.due_at if clock.breached_at is None and clock.kind not in WARN_ONLY else None


def _fire(
    clock: Clock, subject: Any, area: Watched, now: datetime, calendar: Calendar, pauses: Pauses
) -> Iterator[str]:
    """Fire the due steps that have not fired; outside working hours only those of urgent subjects."""
    fired = set(db.session.scalars(sa.select(Fired.step).where(Fired.clock_id == clock.id)))
    rungs = list(enumerate(_rungs(clock, calendar, pauses)))
    open_ = [(step, rung, at) for step, (rung, at) in rungs if at is not None and step not in fired]
    ripe = [(step, rung, at) for step, rung, at in open_ if at <= now]
    may_notify = clock.urgent or calendar.is_open(now)
    later = [at for _, _, at in open_ if at > now]
    if (ended := _to_breach(clock)) is not None:
        later.append(ended)
    if ripe and not may_notify:
        later.append(calendar.next_open(now))
        ripe = []
    clock.next_at = min(later, default=None)
    highest = max((at for _, _, at in ripe), default=None)
    for step, rung, at in ripe:
        late = at != highest
        db.session.add(Fired(clock_id=clock.id, step=step, at=now, late=late))
        # A warning that came too late says nothing that the step above it does not say.
        if late and clock.due_at is not None and at < clock.due_at:
            continue
        told = area.told(subject, rung.to)
        history.record(
            subject,
            "clock:step",
            by=None,
            now=now,
            clause=clock.clause,
            clock=clock.kind,
            step=str(rung),
            to=told.people,
            vacant=rung.to if told.climbed else None,
            late=late or None,
        )
        inbox.tell(
            told.people,
            "clock:overdue" if clock.breached_at else "clock:warning",
            subject,
            now=now,
            address=area.address(subject),
            urgent=clock.urgent,
            clock=clock.kind,
            clause=clock.clause,
            due=clock.due_at.isoformat() if clock.due_at else "",
            climbed=told.climbed,
        )
        cards = reference.staff().cards
        names = ", ".join(cards[i].username for i in told.people) or "nobody"
        yield f"{subject.number}\t{clock.kind}\t{rung} -> {names}{' (seat below is empty)' if told.climbed else ''}"
