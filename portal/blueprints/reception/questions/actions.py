"""What is done with a question: write it down, ask inside, answer, tell the asker, propose it as a phrase."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from portal.blueprints.reception import books
from portal.blueprints.reception.questions import queries, watch
from portal.blueprints.reception.questions.codes import Outcome, State
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.questions.workflow import ASK, PHRASE, REPLY, TELL
from portal.blueprints.reception.traces import Person
from portal.kernel import customers, history, numbers, pinyin, search, timers
from portal.kernel.db import db
from portal.kernel.people import Card, Viewer
from portal.kernel.todos import Todo
from portal.kernel.transitions import Action, Effect


def record(
    *,
    by: Viewer,
    now: datetime,
    question: str,
    outcome: Outcome,
    answer: str = "",
    department: str = "",
    person: Card | None = None,
    asker_name: str = "",
    phone: str = "",
    visit_id: int | None = None,
    idempotency_key: str | None = None,
) -> Question:
    """RC-22: write a question down, with its answer or with whom it is asked of. Inside a write.

    Raises SentBefore for a form that was sent before.
    """
    said = books.digest({
        "question": question, "outcome": outcome, "answer": answer, "department": department,
        "person": person.id if person else None, "asker_name": asker_name, "phone": phone, "visit": visit_id,
    })  # fmt: skip
    number = numbers.take("ZX", now)  # first: two forms of one key queue here
    books.once(Question, by.id, idempotency_key, said)
    asked = outcome is Outcome.ASK
    made = Question(
        number=number,
        state=State.PENDING if asked else State.ANSWERED,
        state_since=now,
        question=question,
        answer="" if asked else answer,
        department=(person.department if person else department) or None,
        person_id=person.id if person and asked else None,
        asked_at=now if asked else None,
        asker_name=asker_name,
        asker_pinyin=pinyin.readings(asker_name) if asker_name else "",
        phone=phone,
        phone_tail=customers.tail(phone),
        visit_id=visit_id,
        created_at=now,
        created_by_id=by.id,
        idempotency_key=idempotency_key,
        fields_digest=said,
    )
    db.session.add(made)
    db.session.flush()
    search.put("question", made.id, None, queries.text_of(made))
    history.record(
        made,
        "question:record",
        by=by.id,
        now=now,
        clause="RC-22",
        words={"question": question, "answer": made.answer},
        department=made.department,
        person=made.person_id,
    )
    if asked:
        watch.WATCH.start(made, "question", now)
        watch.tell(made, "handler", "question:asked", now, but=by.id)
    watch.WATCH.clocks_moved(made, now)
    return made


def _answered(question: Question, answer: str) -> None:
    old = queries.text_of(question)
    question.answer = answer
    search.put("question", question.id, old, queries.text_of(question))


def reply(
    question: Question, *, by: Viewer, now: datetime, answer: str, source: Card | None = None, **_: Any
) -> Effect:
    """RC-22: who was asked answers, or the desk writes down the answer of somebody it names."""
    _answered(question, answer)
    question.replied_at, question.replied_by_id = now, source.id if source else by.id
    watch.tell(question, "first_responder", "question:replied", now, but=by.id)
    return Effect({"source": source.id if source else None}, {"answer": answer})


def tell(question: Question, *, by: Viewer, now: datetime, note: str = "", **_: Any) -> Effect:
    """RC-22: who asked has the answer."""
    question.told_at, question.told_by_id = now, by.id
    return Effect({}, {"note": note})


def ask(
    question: Question,
    *,
    by: Viewer,
    now: datetime,
    department: str = "",
    person: Card | None = None,
    note: str = "",
    **_: Any,
) -> Effect:
    """RC-22: somebody else is asked; an answer that does not answer it is taken back."""
    timers.end(question, now, ["question"])
    question.department = person.department if person else department
    question.person_id = person.id if person else None
    question.asked_at = now
    question.replied_at = question.replied_by_id = None
    _answered(question, "")
    watch.tell(question, "handler", "question:asked", now, but=by.id)
    return Effect({"department": question.department, "person": question.person_id}, {"note": note})


def phrase(question: Question, *, by: Viewer, now: datetime, **_: Any) -> Effect:
    """RC-22: an answer that others will need again is proposed as a phrase."""
    question.phrase_at = now
    watch.tell(question, "office", "question:phrase", now, but=by.id)
    return Effect()


ACTIONS: dict[str, Action] = {REPLY: reply, TELL: tell, ASK: ask, PHRASE: phrase}


def reveal(question: Question, *, by: Viewer, now: datetime) -> None:
    """RC-20: a look at the whole number, written down. Inside a write."""
    history.record(question, "question:reveal", by=by.id, now=now, clause="RC-20")


# -- forgetting ------------------------------------------------------------------------------------------------


def _forget(question: Question, *, texts: bool) -> None:
    old = queries.text_of(question)
    question.asker_name = question.asker_pinyin = question.phone = question.phone_tail = ""
    question.fields_digest = ""
    if texts:
        question.question = question.answer = ""
        ours = sa.update(Todo).where(
            Todo.subject_kind == question.history_kind, Todo.subject_id == question.id
        )
        db.session.execute(ours.values(title=""))
        history.erase(question)
    db.session.flush()
    search.put("question", question.id, old, queries.text_of(question))


def erase(visit_id: int) -> None:
    """RC-20: what a visitor asked goes with the visit; that somebody asked, of whom and when, stays. Inside a write."""
    asked = sa.select(Question).where(Question.visit_id == visit_id)
    for question in db.session.scalars(asked.with_for_update()):
        _forget(question, texts=True)


def forget_asker(question: Question, person: Person, _now: datetime) -> None:
    """RC-20: who asked is forgotten; question and answer stay for the next who asks, unless they name the person."""
    _forget(question, texts=person.mentioned(f"{question.question}\n{question.answer}"))
    history.erase(question, person.mentioned)
