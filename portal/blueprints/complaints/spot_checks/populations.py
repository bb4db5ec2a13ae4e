"""What samples are drawn from. A part of complaint handling adds its own numbers to POPULATIONS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import DealingKind, Kind, Outcome, State
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.complaints.reach import visible_to
from portal.i18n import _, _l, label
from portal.kernel.db import db
from portal.kernel.people import Viewer


@dataclass(frozen=True)
class Member:
    """One solved matter of a quarter, and whom a check of it concerns."""

    number: str
    department: str | None = None  # that solved it
    responder_id: int | None = None  # who owed the first responder's duty
    barred_id: int | None = None  # who must not see it
    hands: frozenset[int] = frozenset()  # who solved, answered or followed up: they do not check it


@dataclass(frozen=True)
class Try:
    """A follow-up call that was made."""

    at: datetime
    by_id: int
    outcome: str
    note: str


@dataclass(frozen=True)
class Matter:
    """What a check's page tells of the matter itself."""

    customer: str
    phone: str
    facts: list[tuple[str, str]]
    tries: list[Try]


@dataclass(frozen=True)
class Population:
    """A kind of solved matter: its code and words, what was solved from one moment to another, what a page tells."""

    code: str
    words: Any
    members: Callable[[datetime, datetime], list[Member]]
    matter: Callable[[str], Matter | None]
    address: Callable[[Viewer, str], str]  # where the matter is; empty for whom it is not


def _cases(since: datetime, until: datetime) -> list[Member]:
    """Complaints that were answered in that time and are not open again; confidential ones are the office's alone."""
    called: dict[int, set[int]] = defaultdict(set)
    solved = (
        Case.kind == Kind.COMPLAINT,
        Case.state.in_([State.REPORTED, State.ARCHIVED]),
        Case.reported_at >= since,
        Case.reported_at < until,
        Case.disposed_at.is_(None),
        sa.not_(Case.confidential),
    )
    calls = sa.select(Dealing.case_id, Dealing.by_id).join(Case, Case.id == Dealing.case_id)
    for case_id, by_id in db.session.execute(calls.where(*solved, Dealing.kind == DealingKind.FOLLOW_UP)):
        called[case_id].add(by_id)
    return [
        Member(
            number=case.number,
            department=case.department,
            responder_id=case.first_responder_id,
            barred_id=case.person_concerned_id,
            hands=frozenset(
                called[case.id]
                | {i for i in (case.handler_id, case.resolved_by_id, case.reported_by_id) if i is not None}
            ),
        )
        for case in db.session.scalars(sa.select(Case).where(*solved))
    ]


def _case(number: str) -> Matter | None:
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one_or_none()
    if case is None:
        return None
    calls = sa.select(Dealing).where(Dealing.case_id == case.id, Dealing.kind == DealingKind.FOLLOW_UP)
    return Matter(
        customer=case.customer_name,
        phone=case.customer_phone,
        facts=[(_("Content"), case.content), (_("Result"), case.result), (_("Answer"), case.answer)],
        tries=[
            Try(row.at, row.by_id, label(Outcome(row.outcome)), row.note)
            for row in db.session.scalars(calls.order_by(Dealing.id))
        ],
    )


def _case_address(viewer: Viewer, number: str) -> str:
    seen = sa.select(Case.id).where(Case.number == number, visible_to(viewer))
    return f"/complaints/{number}" if db.session.scalar(seen) is not None else ""


POPULATIONS: list[Population] = [Population("case", _l("Solved complaints"), _cases, _case, _case_address)]


def find(code: str) -> Population | None:
    """The population of that code; None when its part is no longer there."""
    return next((population for population in POPULATIONS if population.code == code), None)
