"""What RC-22 says about a question: answered or asked, never guessed; how alike two are; pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from portal.blueprints.reception.questions.codes import Outcome, State
from portal.kernel.workflow import Attempt, Reason

QUARTER = re.compile(r"(20[0-9]{2})Q([1-4])", re.ASCII)
ALIKE = 0.5  # of the pieces of the shorter one
# What people say around every question and what tells none from another.
COURTESY = re.compile(
    r"请问|你好|您好|麻烦|一下|谢谢|我想问|想问|怎么|什么|哪里|哪儿|可以|能不能|吗|呢|[?？]"
)


def against_entry(
    outcome: Outcome | None, *, answer: str, department: str, person: str
) -> Iterator[tuple[str, str]]:
    """RC-22: what is known is answered, what is not is asked of somebody; a guess beside it is not kept.

    Yields the field that is wrong and the code of the sentence.
    """
    if outcome is Outcome.ANSWER and not answer:
        yield "answer", "answer_missing"
    if outcome is Outcome.ASK:
        if answer:
            yield "answer", "guessed"
        if not department and not person:
            yield "department", "nobody_asked"


def standing(question: Any, by: Any) -> frozenset[str]:
    """Who somebody is to a question: the desk, whoever was asked, or the lead of the department that was."""
    leads = question.department is not None and question.department in by.leads
    roles = {
        "desk": by.role in {"desk", "office"},
        "asked": question.asked_at is not None and (question.person_id == by.id or leads),
    }
    return frozenset(name for name, holds in roles.items() if holds)


def calls(question: Any, by: Any) -> bool:
    """RC-20: the desk may look at the asker's number while there is an answer to be told."""
    return "desk" in standing(question, by) and question.state not in ENDED


def source_named(attempt: Attempt) -> Reason | None:
    """RC-22: an answer that the desk writes down for somebody inside names who gave it; the desk does not guess."""
    if "asked" in standing(attempt.subject, attempt.by):
        return None
    source = attempt.given.get("source")
    return None if source is not None and source.id != attempt.by.id else Reason("RC-22", "source_missing")


def somebody_asked(attempt: Attempt) -> Reason | None:
    """RC-22: a question is passed on to a department or a person, not to oneself."""
    person = attempt.given.get("person")
    if person is None and not attempt.given.get("department"):
        return Reason("RC-22", "nobody_asked")
    return Reason("RC-22", "asked_oneself") if person is not None and person.id == attempt.by.id else None


def phrase_once(question: Any) -> Reason | None:
    """RC-22: an answer is proposed as a phrase once, and only one that is still there."""
    if question.phrase_at is not None:
        return Reason("RC-22", "question_proposed")
    return None if question.answer else Reason("RC-22", "answer_gone")


# -- how alike two questions are -------------------------------------------------------------------------------


def bare(text: str) -> str:
    """A question without the words around it."""
    return COURTESY.sub(" ", text)


def alike(one: Collection[str], other: Collection[str]) -> float:
    """How much of the shorter question's pieces the other one has: 0 nothing, 1 all of it."""
    least = min(len(one), len(other))
    return len(set(one) & set(other)) / least if least else 0.0


def groups(questions: Sequence[Collection[str]]) -> list[list[int]]:
    """Places of the questions that are much the same, the largest group first; each question in one group only.

    A question joins the first group whose first question it is like; only groups that share a piece are compared.
    """
    found: list[list[int]] = []
    having: defaultdict[str, list[int]] = defaultdict(list)
    for place, pieces in enumerate(questions):
        shared = Counter(group for piece in set(pieces) for group in having[piece])
        best = max(
            (g for g in shared if alike(pieces, questions[found[g][0]]) > ALIKE),
            key=lambda g: (shared[g], -g),
            default=None,
        )
        if best is not None:
            found[best].append(place)
            continue
        for piece in set(pieces):
            having[piece].append(len(found))
        found.append([place])
    return sorted(found, key=lambda group: (-len(group), group[0]))


# -- quarters ---------------------------------------------------------------------------------------------------


def quarter_of(day: date) -> str:
    """The quarter of a day, `2026Q1`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def bounds(quarter: str) -> tuple[date, date]:
    """The first day of a quarter and of the next; ValueError when it is none."""
    found = QUARTER.fullmatch(quarter)
    if not found:
        raise ValueError(f"no quarter: {quarter}")
    year, month = int(found[1]), int(found[2]) * 3 - 2
    return date(year, month, 1), date(year + month // 10, (month + 2) % 12 + 1, 1)


def last_quarters(today: date, count: int) -> list[str]:
    """The running quarter and those before it, the newest first."""
    running = today.year * 4 + (today.month - 1) // 3
    return [f"{n // 4}Q{n % 4 + 1}" for n in range(running, running - count, -1)]


def mean(seconds: Iterable[float]) -> float | None:
    """The mean of some lengths of time; None of none."""
    known = list(seconds)
    return sum(known) / len(known) if known else None


ENDED = frozenset({State.ANSWERED, State.TOLD})
