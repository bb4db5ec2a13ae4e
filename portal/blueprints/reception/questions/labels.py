"""What people read of a question: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.reception.questions.codes import Outcome, State
from portal.blueprints.reception.questions.workflow import ASK, PHRASE, REPLY, TELL
from portal.drawing import name_of
from portal.i18n import _l, label, moment

LABELS: dict[Any, Any] = {
    State: {
        State.ANSWERED: _l("Answered at once"),
        State.PENDING: _l("Asked inside"),
        State.REPLIED: _l("To be passed on"),
        State.TOLD: _l("Asker told"),
    },
    Outcome: {Outcome.ANSWER: _l("Answered"), Outcome.ASK: _l("Unknown: ask inside")},
}
BUTTONS: dict[str, Any] = {
    REPLY: _l("Give the answer"),
    TELL: _l("The asker was told"),
    ASK: _l("Ask somebody else"),
    PHRASE: _l("Let the general office make it a phrase"),
}
# What my day calls the awaited acts.
AWAITED: dict[str, Any] = {
    "reply-question": _l("Answer the desk's question"),
    "tell-asker": _l("Tell the asker"),
}
SAID: dict[str, Any] = {
    REPLY: _l("The answer is kept; the desk tells the asker."),
    TELL: _l("Kept: the asker was told."),
    ASK: _l("Asked; the desk is told as soon as there is an answer."),
    PHRASE: _l("Proposed. The general office has been told."),
}
REASONS: dict[str, Any] = {
    "answer_missing": _l("Write down the answer, or ask inside."),
    "guessed": _l("What is asked inside is not answered yet; take the answer out, or record it as answered."),
    "nobody_asked": _l("Name the department or the person that is asked."),
    "asked_oneself": _l("A question is asked of somebody else."),
    "source_missing": _l("Name who inside gave this answer; nothing is guessed."),
    "question_proposed": _l("This answer has been proposed as a phrase already."),
    "answer_gone": _l("There is no answer to propose."),
}
NOTICES: dict[str, Any] = {
    "question:asked": _l("The desk asks you what a visitor or caller wants to know."),
    "question:replied": _l("A question was answered inside: please tell the asker."),
    "question:phrase": _l("The answer to a question was proposed as a phrase."),
}
HISTORY: dict[str, Any] = {
    "question:record": _l("Question written down"),
    f"question:{REPLY}": _l("Answered inside"),
    f"question:{TELL}": _l("The asker was told"),
    f"question:{ASK}": _l("Somebody else asked"),
    f"question:{PHRASE}": _l("Proposed as a phrase"),
}
CLOCKS: dict[str, Any] = {"question": _l("Answer from inside")}
CLOCK_CLAUSES: dict[str, Any] = {"question": "RC-22"}


def _moment(text: Any) -> Any:
    return moment(datetime.fromisoformat(text))


DETAILS: telling.Readers = {
    "person": (_l("Person asked"), name_of),
    "source": (_l("Said by"), name_of),
    "clock": (_l("Limit"), lambda kind: str(CLOCKS[kind])),
    "due": (_l("Due"), _moment),
    "to": (_l("To"), lambda to: telling.people(to) if isinstance(to, list) else label(State(to))),
}
READERS: dict[str, telling.Readers] = {"question": DETAILS}
