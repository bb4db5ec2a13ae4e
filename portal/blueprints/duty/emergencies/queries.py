"""Which emergencies a page lists, one with its steps and roll-call, the playbooks. Everybody of duty sees them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.duty.emergencies.codes import Hands, Kind, State
from portal.blueprints.duty.emergencies.models import Emergency, Playbook, PlaybookStep, RollCall, StepDone
from portal.blueprints.duty.emergencies.rules import Called
from portal.blueprints.duty.log.models import SETTLED, LogEntry
from portal.blueprints.duty.posts.models import Post
from portal.drawing import name_of
from portal.kernel import lists, reference
from portal.kernel.db import db
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer
from portal.kernel.rights import Position

E = Emergency.__table__.c


def find(_viewer: Viewer | None, number: str, *, lock: bool = False) -> Emergency:
    """The emergency of that number; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Emergency).where(Emergency.number == number)
    return _one(wanted.with_for_update(of=Emergency) if lock else wanted)


def load(emergency_id: int) -> Emergency:
    """The emergency, locked for this write."""
    return _one(sa.select(Emergency).where(Emergency.id == emergency_id).with_for_update(of=Emergency))


def _one(wanted: sa.Select[Any]) -> Emergency:
    found: Emergency | None = db.session.scalars(
        wanted.execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    found.duty_leaders = frozenset(reference.staff().holding(Position.DUTY_LEADER))
    return found


@dataclass(frozen=True)
class Line:
    """One step of an emergency, and when it was done by whom."""

    id: int
    place: int
    hands: Hands
    minutes: int
    text: str
    text_en: str
    done_at: datetime | None
    done_by_id: int | None


def steps(emergency: Emergency) -> list[Line]:
    """The steps of the edition that it was declared with; one statement."""
    ours = sa.and_(StepDone.step_id == PlaybookStep.id, StepDone.emergency_id == emergency.id)
    step = PlaybookStep
    columns = (
        step.id,
        step.place,
        step.hands,
        step.minutes,
        step.text,
        step.text_en,
        StepDone.at,
        StepDone.by_id,
    )
    rows = sa.select(*columns).outerjoin(StepDone, ours).where(step.playbook_id == emergency.playbook_id)
    return [Line(*row) for row in db.session.execute(rows.order_by(step.place))]


def roll(emergency: Emergency) -> Sequence[Any]:
    """Who was called, with what is known of them: those nobody knows of first; one statement."""
    row = RollCall.__table__.c
    wanted = sa.select(row.person_id, row.answer, row.at, row.by_id).where(row.emergency_id == emergency.id)
    return db.session.execute(wanted.order_by(row.answer.is_not(None), row.person_id)).all()


def called(rows: Sequence[Any]) -> list[Called]:
    """The roll-call as the rules read it."""
    return [Called(row.person_id, name_of(row.person_id), row.answer) for row in rows]


def is_settled(entry_id: int) -> bool:
    """True when somebody has settled that entry of the log already."""
    wanted = sa.select(LogEntry.id).where(LogEntry.about_id == entry_id, SETTLED)
    return db.session.scalar(wanted) is not None


def in_force() -> list[Emergency]:
    """What is declared and not over."""
    wanted = sa.select(Emergency).where(Emergency.state == State.DECLARED).order_by(Emergency.id.desc())
    return list(db.session.scalars(wanted))


def progress() -> Mapping[str, tuple[int, int]]:
    """Of what is in force, by number: how many steps are done, of how many; one statement."""
    done = sa.select(sa.func.count()).where(StepDone.emergency_id == Emergency.id).scalar_subquery()
    every = (
        sa.select(sa.func.count()).where(PlaybookStep.playbook_id == Emergency.playbook_id).scalar_subquery()
    )
    rows = sa.select(Emergency.number, done, every).where(Emergency.state == State.DECLARED)
    return {number: (some, most) for number, some, most in db.session.execute(rows)}


@dataclass(frozen=True)
class EmergencyList(Listing):
    """The filters of the list."""

    kind: str = ""
    drill: str = ""  # "yes", "no"; empty: both
    since: date | None = None
    until: date | None = None

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> EmergencyList:
        """The list an address asks for; what cannot be read is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            kind=lists.code(args.get("kind"), tuple(Kind)),
            drill=lists.code(args.get("drill"), ("yes", "no")),
            since=lists.day(args.get("since")),
            until=lists.day(args.get("until")),
        )

    def rows(self, most: int) -> Sequence[Any]:
        """At most that many rows from where the address says; nearest first of the direction."""
        wanted = sa.select(
            E.id, E.number, E.kind, E.level, E.state, E.drill, E.place, E.declared_at, E.declared_by_id, E.arrived_at,
            E.ended_at, E.reported_by_id,
        )  # fmt: skip
        if self.kind:
            wanted = wanted.where(E.kind == Kind(self.kind))
        if self.drill:
            wanted = wanted.where(E.drill.is_(self.drill == "yes"))
        if self.since:
            wanted = wanted.where(E.declared_at >= lists.begins(self.since))
        if self.until:
            wanted = wanted.where(E.declared_at < lists.begins(self.until, days_later=1))
        return db.session.execute(self.placed(wanted, E.id).limit(most)).all()

    def page(self) -> tuple[list[Any], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))


# -- playbooks ------------------------------------------------------------------------------------------------------


def playbooks() -> Mapping[Kind, Any]:
    """The edition in force of each plan, as rows; kept per process, for a page that must open at once."""
    return reference.kept("playbooks", _read_playbooks)


def _read_playbooks() -> Mapping[Kind, Any]:
    found = {}
    for row in db.session.execute(sa.select(Playbook.__table__).order_by(Playbook.edition)):
        found[Kind(row.kind)] = row  # the last edition stays
    return found


def steps_of(playbook_id: int) -> Sequence[Any]:
    """The steps of an edition."""
    step = PlaybookStep.__table__.c
    return db.session.execute(
        sa.select(step.place, step.hands, step.minutes, step.text, step.text_en)
        .where(step.playbook_id == playbook_id)
        .order_by(step.place)
    ).all()


def editions(kind: Kind) -> Sequence[Any]:
    """Every edition of a plan, the newest first."""
    rows = sa.select(Playbook.__table__).where(Playbook.kind == kind).order_by(Playbook.edition.desc())
    return db.session.execute(rows).all()


def post_at(posts: Sequence[Post], code: str) -> Post | None:
    """The post of that code among these."""
    return next((post for post in posts if post.code == code), None)
