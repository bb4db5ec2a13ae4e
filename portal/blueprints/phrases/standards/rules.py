"""The rules of service standards: what a chapter may say, when it is due, who records and corrects; pure (PG-14)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from portal.blueprints.phrases.standards.codes import CLAUSES
from portal.kernel.rights import Role
from portal.kernel.workflow import Attempt, Reason

MOST_ITEMS, LONGEST = 20, 200
STEPS = range(3, 9)  # how many of them may follow one another
# What {…} in an item stands for: figures of the regulations, named without their prefix.
HOLES = ("call_minutes", "pick_days", "video_minutes", "repair_least", "repair_most")
_HOLE = re.compile(r"\{([^{}]*)\}")


def filled(text: str, figures: Mapping[str, str]) -> str:
    """GO-05: a sentence with the figures of the regulations in it; a hole that nothing fills stays as it is."""
    return _HOLE.sub(lambda hole: figures.get(hole[1], hole[0]), text)


def against(_code: str, body: Mapping[str, Any]) -> Iterable[Reason]:
    """GO-01: everything that is wrong with a chapter, whoever wrote it."""
    items = body["items"]
    if body["clause"] not in CLAUSES:
        yield Reason("GO-01", "standard_clause", {"clause": body["clause"]})
    if not 1 <= len(items) <= MOST_ITEMS:
        yield Reason("GO-01", "standard_items", {"most": MOST_ITEMS})
    half = tuple(number for number, (zh, en) in enumerate(items, start=1) if not zh or not en)
    if half:
        yield Reason("GO-01", "standard_half", {"numbers": half})
    texts = [text for item in items for text in item]
    if any(len(text) > LONGEST for text in texts):
        yield Reason("GO-01", "standard_long", {"most": LONGEST})
    unknown = tuple(
        dict.fromkeys(hole for text in texts for hole in _HOLE.findall(text) if hole not in HOLES)
    )
    if unknown:
        yield Reason("GO-01", "standard_holes", {"holes": unknown, "known": HOLES})

    if not follows(body.get("steps", ""), len(items)):
        yield Reason("GO-01", "standard_steps", {"least": STEPS.start, "most": STEPS.stop - 1})


def follows(steps: str, items: int) -> bool:
    """GO-02: none, or the numbers of some of the things, each once, in the order in which they are done."""
    numbers = steps.split()
    return not numbers or (
        len(numbers) in STEPS
        and len(set(numbers)) == len(numbers)
        and all(each.isascii() and each.isdigit() and 1 <= int(each[:3]) <= items for each in numbers)
    )


def departments_of(body: Mapping[str, Any], every: Sequence[str]) -> list[str]:
    """Whose the chapter is: those it names, else every department."""
    named = body["departments"].split()
    return [code for code in every if not named or code in named]


def due_on(body: Mapping[str, Any], last: date) -> date | None:
    """PG-14: the day by which it is looked at again after a day; None for one that has no rhythm."""
    days: int = body["every_days"]
    return last + timedelta(days=days) if days else None


def is_overdue(body: Mapping[str, Any], last: date, today: date) -> bool:
    """PG-14: overdue is what was not looked at by its day."""
    due = due_on(body, last)
    return due is not None and due < today


def share(done: int, lacking: int) -> int | None:
    """How much of what was looked at is in order, in whole per cent, half up; None of nothing."""
    looked = done + lacking
    return (200 * done + looked) // (2 * looked) if looked else None


def standing(run: Any, by: Any) -> frozenset[str]:
    """PG-14: who signed a record, and the head of its department, may correct it by another."""
    head = by.role is Role.OFFICE or run.department in by.leads
    roles = {"signer": by.id == run.signed_by_id, "head": head}
    return frozenset(name for name, holds in roles.items() if holds)


def corrected_once(attempt: Attempt) -> Reason | None:
    """GO-01: a record is followed by one correction; a further one corrects that."""
    return Reason("GO-01", "run_corrected") if attempt.given["later"] else None


def not_the_own(attempt: Attempt) -> Reason | None:
    """PG-14: nobody corrects what another recorded of them."""
    run, by = attempt.subject, attempt.by
    own = by.id == run.person_id and by.id != run.signed_by_id
    return Reason("PG-14", "corrects_own_run") if own else None
