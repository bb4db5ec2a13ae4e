"""What the clauses say about improvement cases; pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.blueprints.complaints.improvements.codes import OPEN, State
from portal.kernel.workflow import Attempt, Reason

MOST_CASES = 30  # that one improvement case names


def standing(improvement: Any, by: Any) -> frozenset[str]:
    """Who somebody is to an improvement case; the general office and the manager may whatever a lead may."""
    office = by.role == "office"
    above = office or by.is_manager or by.is_director
    roles = {
        "office": office,
        "above": above,
        "lead": above or improvement.department in by.leads,
        "owner": improvement.owner_id == by.id,
    }
    return frozenset(name for name, holds in roles.items() if holds)


def may_raise(by: Any, department: str = "") -> bool:
    """CP-21: the general office raises them for all, a lead for the own department."""
    above = by.role == "office" or by.is_manager or by.is_director
    return above or (department in by.leads if department else bool(by.leads))


# -- CP-21: carried out by one, confirmed by another ----------------------------------------------------------


def due_ahead(attempt: Attempt) -> Reason | None:
    """CP-21: an improvement is due on a day to come."""
    due = attempt.given.get("target_at")
    return Reason("CP-21", "improvement_due_past") if due is not None and due <= attempt.now else None


def owner_unconcerned(attempt: Attempt) -> Reason | None:
    """CP-09: nobody deals with what came from a complaint about themselves."""
    owner = attempt.given["owner"]
    return Reason("CP-09", "owner_concerned") if owner.id in attempt.given.get("concerned", ()) else None


def another_confirms(attempt: Attempt) -> Reason | None:
    """CP-21: the effect is confirmed by somebody else than whoever owned or carried out the improvement."""
    done = attempt.subject
    own = attempt.by.id in {done.owner_id, done.carried_out_by_id}
    return Reason("CP-21", "own_improvement") if own else None


def effect_shows(attempt: Attempt) -> Reason | None:
    """CP-21: an effect needs time to show before it is confirmed."""
    since = attempt.subject.effect_from
    if since is None or attempt.now < since:
        return Reason("CP-21", "effect_too_early")
    return None


def evaluated(attempt: Attempt) -> Reason | None:
    """CP-21: an improvement case is closed with an evaluation."""
    return None if attempt.given.get("evaluation") else Reason("CP-21", "evaluation_missing")


def cause_told(attempt: Attempt) -> Reason | None:
    """CP-21: a plan names the cause that it takes away."""
    known = attempt.given.get("cause") or attempt.subject.cause
    return None if known else Reason("CP-21", "cause_missing")


def open_for(number: str) -> Reason:
    """CP-20: nothing is disposed of while an improvement case is open."""
    return Reason("CP-20", "improvement_open", {"number": number})


# -- what waits for whom --------------------------------------------------------------------------------------


def waiting(improvement: Any, signs: str) -> tuple[str, str] | None:
    """(what, audience) of the next act; `signs` is who answers for the department."""
    owner = f"person:{improvement.owner_id}"
    steps = {
        State.RAISED: ("name-owner", signs),
        State.ASSIGNED: ("plan", owner),
        State.PLANNED: ("carry-out", owner),
        State.CARRIED_OUT: ("confirm-effect", "office"),
    }
    return steps.get(improvement.state)


def is_open(improvement: Any) -> bool:
    """True until the effect was confirmed or the case was cancelled."""
    return improvement.state in OPEN


# -- what it changes ------------------------------------------------------------------------------------------

CLAUSE = re.compile(r"[A-Z]{2}-\d{2,3}")
FIGURE = re.compile(r"[a-z_]+(?:\.[a-z_]+)+")


def points_at(text: str) -> str:
    """What a text points at by its look: `clause`, `figure` or plain `words`."""
    if CLAUSE.fullmatch(text):
        return "clause"
    return "figure" if FIGURE.fullmatch(text) else "words"


# -- CP-22: what recurs ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Incident:
    """One case as the counting sees it."""

    number: str
    key: str
    day: date


@dataclass(frozen=True)
class Recurrence:
    """A key with its cases, in the order they came, that lie within the span."""

    key: str
    numbers: tuple[str, ...]
    last: date


def recurrences(rows: Iterable[Incident], *, times: int, days: int) -> list[Recurrence]:
    """CP-22: the keys that came at least `times` times within `days` days, each with its latest such run.

    `days` days are those from the first to the last case, both counted. Newest first; the order of the rows is
    of no matter, and a number counts once for a key.
    """
    times = max(times, 1)
    by_key: defaultdict[str, set[tuple[date, str]]] = defaultdict(set)
    for row in rows:
        by_key[row.key].add((row.day, row.number))
    found = [run for key, came in by_key.items() if (run := _latest(key, sorted(came), times, days))]
    return sorted(found, key=lambda run: (-run.last.toordinal(), -len(run.numbers), run.key))


def _latest(key: str, came: list[tuple[date, str]], times: int, days: int) -> Recurrence | None:
    for last in range(len(came) - 1, times - 2, -1):
        until = came[last][0]
        within = [number for day, number in came[: last + 1] if until - day < timedelta(days=days)]
        if len(within) >= times:
            return Recurrence(key, tuple(within), until)
    return None


def matter_key(department: str, category: str, finding: str) -> str:
    """Under what the same matter is counted; cases know no product."""
    return f"{department} {category} {finding}"


def of_matter(key: str) -> tuple[str, str, str]:
    """Department, category and finding of such a key."""
    department, category, finding = key.split(" ")
    return department, category, finding


def customer_key(phone: str) -> str:
    """Under what the same customer is counted: the figures of the phone, however they were typed; empty for none."""
    return "".join(sign for sign in phone if sign.isascii() and sign.isdigit())
