"""How a paper is marked, and when another try is open; pure (GO-02)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.phrases.training.codes import QuestionKind, QuizState
from portal.blueprints.phrases.training.rules.draw import Question, Ref
from portal.kernel.workflow import Reason

GRACE = timedelta(minutes=1)  # a page on its way when the time is up


def is_right(question: Question, given: Sequence[int]) -> bool:
    """True when the answer is the right one, whole."""
    return tuple(given) == question.right


def right_of(questions: Iterable[Question], given: Mapping[str, Sequence[int]]) -> int:
    """How many of the answers are right."""
    return sum(is_right(each, given.get(str(place), ())) for place, each in enumerate(questions, start=1))


def has_passed(right: int, asked: int, mark: int) -> bool:
    """GO-02: the pass mark in per cent is reached, not rounded up to."""
    return asked > 0 and right * 100 >= mark * asked


def fits(question: Question, given: Sequence[int]) -> bool:
    """True for an answer that could be one: a place among the options, or places for steps, some perhaps missing."""
    if question.kind is QuestionKind.ORDER:
        return len(given) == len(question.options) and all(0 <= place <= len(given) for place in given)
    return len(given) == 1 and 0 <= given[0] < len(question.options)


def is_whole(question: Question, given: Sequence[int]) -> bool:
    """True when nothing of the answer is missing."""
    return fits(question, given) and (
        question.kind is not QuestionKind.ORDER or len(set(given)) == len(given)
    )


def gaps(questions: Iterable[Question], given: Mapping[str, Sequence[int]]) -> list[int]:
    """The places of the questions that have no whole answer yet."""
    numbered = enumerate(questions, start=1)
    return [place for place, each in numbered if not is_whole(each, given.get(str(place), ()))]


def documents(questions: Iterable[Question]) -> set[Ref]:
    """What a paper was drawn from."""
    return {ref for question in questions for ref in question.refs}


def is_stale(drawn_from: Iterable[Ref], in_force: Mapping[tuple[str, str], int]) -> bool:
    """GO-02: a document behind the paper was replaced or is no longer in force, so a pass says nothing any more."""
    return any(in_force.get((ref.kind, ref.code)) != ref.version for ref in drawn_from)


def against_start(
    quiz: Any, tries: Sequence[Any], offered: int, most: int, opens: datetime | None, now: datetime
) -> list[Reason]:
    """Everything that stands against another try: `tries` are those of today, `opens` the end of the wait."""
    found = []
    if quiz.state is QuizState.CLOSED:
        found.append(Reason("GO-02", "quiz_closed"))
    if len(tries) >= most:
        found.append(Reason("GO-02", "papers_of_the_day", {"most": most}))
    if opens is not None and now < opens:
        found.append(Reason("GO-02", "wait_for_retake"))
    if not offered:
        found.append(Reason("GO-02", "nothing_to_draw"))
    return found


def own(attempt: Any, by: Any) -> frozenset[str]:
    """Whose paper it is."""
    return frozenset({"taker"} if attempt.person_id == by.id else ())


def is_over(attempt: Any, now: datetime) -> bool:
    """True when the time of a paper is up."""
    return attempt.ends_at is not None and now > attempt.ends_at + GRACE


def objects_to_mark(key: str, value: str) -> Reason | None:
    """GO-02: nobody is asked for more than everything, or for nothing."""
    if key == "quiz.pass_mark" and not 1 <= float(value) <= 100:
        return Reason("GO-02", "mark_of_hundred")
    return None
