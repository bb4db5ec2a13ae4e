"""What is done with quizzes: made, changed, taken; answers are kept as they are given (GO-02)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from portal.blueprints.phrases.training import sources, watch
from portal.blueprints.phrases.training.codes import AttemptState, Topic
from portal.blueprints.phrases.training.models import Attempt, Quiz
from portal.blueprints.phrases.training.needs import settling
from portal.blueprints.phrases.training.quizzes import joined, queries
from portal.blueprints.phrases.training.rules import draw, marks
from portal.blueprints.phrases.training.workflow import ATTEMPT, CLOSE, EDIT, HAND_IN, OPEN, QUIZ
from portal.kernel import history, inbox, numbers, policies, reference, sent_forms, timers, transitions
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect
from portal.kernel.workflow import Forbidden, Reason, Refused

CODES = ("kinds", "chapters")


def make(
    *, by: Viewer, now: datetime, name: str, topic: Topic, kinds: Collection[str], questions: int,
    name_en: str = "", chapters: Collection[str] = (), minutes: int | None = None, sent: Sent | None = None,
) -> Quiz:  # fmt: skip
    """GO-02: a quiz; each paper of it is drawn anew. Inside a write."""
    number = numbers.take("CY", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    made = Quiz(
        number=number, name=name, name_en=name_en, topic=topic, kinds=" ".join(kinds), chapters=" ".join(chapters),
        questions=questions, minutes=minutes, state_since=now, by_id=by.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    sent_forms.taken(made, by, sent, now)
    history.record(made, "quiz:add", by=by.id, now=now, clause="GO-02", topic=topic, words={"topic": name})
    return made


def edit(quiz: Quiz, *, by: Viewer, now: datetime, **given: Any) -> Effect:
    """GO-02: papers that were drawn before stay as they are."""
    for name, value in given.items():
        setattr(quiz, name, " ".join(value) if name in CODES else value)
    return Effect({"topic": quiz.topic}, {"topic": quiz.name})


def plain(_thing: Any, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """Only the state moves."""
    return Effect()


act = transitions.actor(QUIZ, queries.find, {EDIT: edit, CLOSE: plain, OPEN: plain})


# -- taking one ------------------------------------------------------------------------------------------------------


def standing(viewer: Viewer, quiz: Quiz, now: datetime) -> dict[str, Any]:
    """Where somebody stands with a quiz: their papers, the open one, what is against another try, when that ends."""
    papers = queries.own(viewer, quiz)
    handed = [each for each in papers if each.state is AttemptState.HANDED_IN]
    pool = sources.pool(now, quiz.chapters)
    offered = {
        kind: count for kind, count in draw.capacity(pool, quiz.questions).items() if kind in quiz.asks
    }
    opens = None
    if handed and not handed[0].passed and handed[0].handed_in_at is not None:
        opens = watch.runs_out("limit.quiz_retake", handed[0].handed_in_at, now)
    most = policies.number("quiz.tries_a_day", now)
    against = marks.against_start(
        quiz, queries.since_midnight(papers, now), sum(offered.values()), most, opens, now
    )
    return {
        "papers": papers,
        "open": next((each for each in papers if each.state is AttemptState.OPEN), None),
        "offered": offered,
        "opens": opens if opens and opens > now else None,
        "most": most,
        "against": against,
        "pool": pool,
    }


def is_stale(attempt: Attempt, in_force: Mapping[tuple[str, str], int]) -> bool:
    """GO-02: a document behind the paper is no longer in force as it was."""
    return attempt.stale_at is not None or marks.is_stale(queries.documents(attempt), in_force)


def start(number: str, *, by: Viewer, now: datetime, seed: int | None = None) -> Attempt:
    """GO-02: a paper is drawn and kept as it is; whoever has one on the table goes on with that. Raises Refused."""
    with db.write():
        quiz = queries.find(by, number, lock=True)
        where = standing(by, quiz, now)
        if where["open"] is not None:
            begun: Attempt = where["open"]
            return begun
        if where["against"]:
            raise Refused(where["against"])
        chosen = secrets.randbelow(2**31) if seed is None else seed
        questions = draw.draw(where["pool"], quiz.questions, chosen, quiz.asks)
        made = Attempt(
            number=numbers.take("DA", now), quiz_id=quiz.id, person_id=by.id, seed=chosen,
            paper=json.dumps(draw.kept(questions), ensure_ascii=False), state_since=now, started_at=now,
            ends_at=now + timedelta(minutes=quiz.minutes) if quiz.minutes else None, asked=len(questions),
            pass_mark=policies.number("quiz.pass_mark", now),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        history.record(
            made, "quiz_attempt:start", by=by.id, now=now, clause="GO-02", quiz=quiz.number, count=len(questions)
        )  # fmt: skip
        watch.ATTEMPTS.clocks_moved(made, now)
    return made


def keep(number: str, answers: Mapping[str, list[int]], *, by: Viewer, now: datetime) -> Attempt:
    """GO-02: answers as far as they are given, so that a lost connection loses none. Raises Refused."""
    with db.write():
        attempt = queries.paper(by, number, lock=True)
        if attempt.person_id != by.id:
            raise Forbidden("save", "GO-02")
        if attempt.state is not AttemptState.OPEN:
            raise Refused([Reason("GO-02", "handed_in_before")])
        if marks.is_over(attempt, now):
            raise Refused([Reason("GO-02", "time_is_up")])
        _keep(attempt, answers, now)
    return attempt


def _keep(attempt: Attempt, answers: Mapping[str, list[int]], now: datetime) -> None:
    questions = queries.questions(attempt)
    fit = {
        place: given
        for place, given in answers.items()
        if place.isdigit()
        and 1 <= int(place) <= len(questions)
        and marks.fits(questions[int(place) - 1], given)
    }
    attempt.answers, attempt.saved_at = json.dumps(attempt.given | fit), now


def hand_in(attempt: Attempt, *, by: Viewer, now: datetime, answers: Mapping[str, list[int]]) -> Effect:
    """GO-02: the paper is marked, once; when the time is up, what was kept by then counts."""
    if not marks.is_over(attempt, now):
        _keep(attempt, answers, now)
    questions = queries.questions(attempt)
    attempt.right = marks.right_of(questions, attempt.given)
    attempt.pass_mark = policies.number("quiz.pass_mark", now)
    attempt.passed = marks.has_passed(attempt.right, attempt.asked, attempt.pass_mark)
    attempt.handed_in_at = now
    if attempt.passed:
        settling.passed(attempt.quiz_id, by, now)
        joined.passed(attempt.quiz_id, by.id, now)
        for before in queries.stale_of(attempt.quiz_id, by.id):
            before.retaken_at = now
            watch.ATTEMPTS.clocks_moved(before, now)
    return Effect({"percent": attempt.percent, "passed": attempt.passed})


PAPER_ACTIONS: dict[str, Action] = {HAND_IN: hand_in}
act_on_paper = transitions.actor(ATTEMPT, queries.paper, PAPER_ACTIONS)


# -- the sweep ------------------------------------------------------------------------------------------------------


def ask_again(now: datetime) -> Iterator[str]:
    """GO-02: whoever passed by documents that were replaced since is asked to take the quiz again, once.

    The sweep passes every minute: a paper is read again only when something else is in force than when it last held.
    """
    in_force = sources.in_force(now)
    there = hash(frozenset(in_force.items()))
    held = reference.kept(f"passes that hold under {there}", set[int])
    found = queries.of_ids(queries.passes() - held)
    replaced = [each.id for each in found if marks.is_stale(queries.documents(each), in_force)]
    held.update({each.id for each in found} - set(replaced))
    for attempt_id in replaced:
        with db.write():
            attempt = watch.ATTEMPTS.load(attempt_id)
            if fresh := attempt.stale_at is None:
                attempt.stale_at = now
                watch.ATTEMPTS.clocks_moved(attempt, now)
                history.record(attempt, "quiz_attempt:stale", by=None, now=now, clause="GO-02")
                address = watch.QUIZZES.address(attempt.quiz)
                inbox.tell(
                    [attempt.person_id], "quiz_attempt:stale", attempt, now=now, address=address, clause="GO-02"
                )  # fmt: skip
        if fresh:
            yield f"{attempt.number}\tquiz\tto be taken again (GO-02)"


timers.BY_CALENDAR.append(ask_again)
