"""What people read of training: its codes, verbs, refusals, messages and history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import telling
from portal.blueprints.phrases.training.codes import (
    AttemptState,
    NeedState,
    PlanState,
    Presence,
    QuestionKind,
    QuizState,
    SessionState,
    Topic,
)
from portal.blueprints.phrases.training.workflow import (
    ASSIGN,
    CANCEL,
    CLOSE,
    DROP,
    EDIT,
    HELD,
    INVITE,
    MARK,
    MATERIAL,
    MOVE,
    OPEN,
    REFLECT,
    SIGN_IN,
)
from portal.i18n import _, _l, label, moment

LABELS: dict[Any, Any] = {
    Topic: {
        Topic.COMPANY: _l("The company"),
        Topic.SKILLS: _l("Skills"),
        Topic.STANDARDS: _l("Standards"),
        Topic.COMMUNICATION: _l("Communication"),
    },
    PlanState: {PlanState.PLANNED: _l("In the plan"), PlanState.DROPPED: _l("Dropped")},
    SessionState: {
        SessionState.PLANNED: _l("To be held"),
        SessionState.HELD: _l("Held"),
        SessionState.CANCELLED: _l("Called off"),
    },
    Presence: {
        Presence.INVITED: _l("Invited"),
        Presence.PRESENT: _l("Present"),
        Presence.LATE: _l("Came late"),
        Presence.ABSENT: _l("Absent"),
    },
    QuestionKind: {
        QuestionKind.LINE: _l("Choose the right line"),
        QuestionKind.TABOO: _l("Spot the taboo"),
        QuestionKind.ORDER: _l("Put the steps in order"),
        QuestionKind.FIGURE: _l("Figures of the clauses"),
    },
    QuizState: {QuizState.OPEN: _l("Open to take"), QuizState.CLOSED: _l("No longer open")},
    AttemptState: {AttemptState.OPEN: _l("Begun"), AttemptState.HANDED_IN: _l("Handed in")},
    NeedState: {
        NeedState.OPEN: _l("To be assigned"),
        NeedState.ASSIGNED: _l("Assigned"),
        NeedState.DONE: _l("Done"),
        NeedState.DROPPED: _l("Dropped"),
    },
}
QUESTIONS: dict[QuestionKind, Any] = {
    QuestionKind.LINE: _l("%(about)s: which line is right?"),
    QuestionKind.TABOO: _l("Which of these must not be said?"),
    QuestionKind.ORDER: _l("%(about)s: in which order do the steps come?"),
    QuestionKind.FIGURE: _l("%(about)s: what holds now?"),
}
# The handbook's chapters, by the letters before their clauses' numbers.
CHAPTERS: dict[str, Any] = {
    "RC": _l("Reception"),
    "CP": _l("Complaints"),
    "DR": _l("Duty"),
    "PG": _l("Phrases"),
    "CU": _l("Customers"),
    "GO": _l("General office"),
}
BUTTONS: dict[str, Any] = {
    SIGN_IN: _l("Sign in"),
    REFLECT: _l("Write a reflection"),
    MARK: _l("Record attendance"),
    HELD: _l("Close the list"),
    INVITE: _l("Invite more people"),
    MATERIAL: _l("Change the material"),
    MOVE: _l("Move"),
    CANCEL: _l("Call off"),
    EDIT: _l("Change"),
    DROP: _l("Drop"),
    CLOSE: _l("Close the quiz"),
    OPEN: _l("Open the quiz again"),
    ASSIGN: _l("Assign"),
}
SAID: dict[str, Any] = {
    SIGN_IN: _l("You are on the list."),
    REFLECT: _l("Your reflection is kept."),
    MARK: _l("Recorded."),
    HELD: _l("The list is closed."),
    INVITE: _l("Invited."),
    MATERIAL: _l("The material is kept."),
    MOVE: _l("Moved; everybody invited hears of it."),
    CANCEL: _l("Called off; everybody invited hears of it."),
    EDIT: _l("Changed."),
    DROP: _l("Dropped."),
    CLOSE: _l("The quiz is closed."),
    OPEN: _l("The quiz is open."),
    ASSIGN: _l("Assigned; the person hears of it."),
}
AWAITED: dict[str, Any] = {
    "training-attend": _l("Go to a training"),
    "training-reflect": _l("Write a reflection"),
    "training-quiz": _l("Take the quiz of a training"),
    "training-held": _l("Close a training's list"),
    "training-hand-in": _l("Hand in a quiz"),
    "training-retake": _l("Take a quiz again"),
    "training-assign": _l("Assign a training"),
    "training-need": _l("Be trained"),
}
REASONS: dict[str, Any] = {
    "signs_at_the_training": _l("The list is signed at the training, not before and not after it."),
    "signed_before": _l("Your name stands on the list already."),
    "not_begun": _l("Attendance is taken once the training has begun."),
    "not_all_marked": _l("Of %(count)s people it is not said yet whether they were there."),
    "marks_own": _l("Nobody records the own attendance for the list."),
    "not_invited": _l("This person is not invited."),
    "was_not_there": _l("A reflection is written by who was there."),
    "training_in_the_past": _l("A training begins at a time that is still to come."),
    "quiz_closed": _l("This quiz is closed."),
    "papers_of_the_day": _l("At most %(most)s papers of a quiz are drawn a day; try again tomorrow."),
    "wait_for_retake": _l("After a paper that did not pass there is a pause; use it to read."),
    "nothing_to_draw": _l("There is nothing in force that this quiz could be drawn from."),
    "handed_in_before": _l("This paper is handed in; it stays as it is."),
    "time_is_up": _l("The time is up; hand in what was kept."),
    "asked_for_before": _l("This training is asked for already, and not done yet."),
    "mark_of_hundred": _l("A pass mark is from 1 to 100 per cent."),
}
NOTICES: dict[str, Any] = {
    "training:invited": _l("You are invited to a training."),
    "training:moved": _l("A training has another time or place."),
    "training:cancelled": _l("A training is called off."),
    "training_need:asked": _l("Somebody's training is asked for; say how it is met."),
    "training_need:assigned": _l("A training is assigned to you."),
    "training_need:done": _l("A training that you asked for is done."),
    "quiz_attempt:stale": _l("What a quiz was drawn from has changed since you passed; take it again."),
}
HISTORY: dict[str, Any] = {
    "training_plan:add": _l("Line of the plan added"),
    f"training_plan:{EDIT}": _l("Changed"),
    f"training_plan:{DROP}": _l("Dropped"),
    "training:arrange": _l("Training arranged"),
    f"training:{SIGN_IN}": _l("Signed in"),
    f"training:{REFLECT}": _l("Reflection written"),
    f"training:{MARK}": _l("Attendance recorded"),
    f"training:{HELD}": _l("List closed"),
    f"training:{INVITE}": _l("People invited"),
    f"training:{MATERIAL}": _l("Material changed"),
    f"training:{MOVE}": _l("Moved"),
    f"training:{CANCEL}": _l("Called off"),
    "quiz:add": _l("Quiz made"),
    f"quiz:{EDIT}": _l("Changed"),
    f"quiz:{CLOSE}": _l("Quiz closed"),
    f"quiz:{OPEN}": _l("Quiz opened again"),
    "quiz_attempt:start": _l("Paper drawn"),
    "quiz_attempt:hand-in": _l("Paper handed in"),
    "quiz_attempt:stale": _l("The pass holds no more"),
    "training_need:ask": _l("Training asked for"),
    f"training_need:{ASSIGN}": _l("Assigned"),
    f"training_need:{DROP}": _l("Dropped"),
    "training_need:done": _l("Done"),
    "training_need:unassigned": _l("The session was called off"),
}
FIGURES: dict[str, Any] = {
    "training.sign_in_before": _l("Training: minutes before it begins from which the list is signed"),
    "training.late_after": _l("Training: minutes after its beginning from which somebody is late"),
    "limit.training_reflection": _l("Training: reflection written after it"),
    "limit.training_quiz": _l("Training: quiz taken after it, or after its documents were replaced"),
    "limit.training_need": _l("Training that was asked for: done within"),
    "quiz.pass_mark": _l("Quiz: pass mark in per cent"),
    "limit.quiz_retake": _l("Quiz: pause before another try"),
    "quiz.tries_a_day": _l("Quiz: papers a day at most"),
}


def _topic(code: str) -> str:
    return label(Topic(code))


def _at(written: str) -> Any:
    return moment(datetime.fromisoformat(written))


READERS: dict[str, telling.Readers] = {
    "training_plan": {"topic": (_l("Subject area"), _topic), "month": (_l("Month"), str)},
    "training": {
        "topic": (_l("Subject area"), _topic),
        "people": (_l("People"), telling.people),
        "starts": (_l("Begins"), _at),
        "was_starts": (_l("Was to begin"), _at),
        "presence": (_l("Presence"), lambda code: label(Presence(code))),
        "count": (_l("Present"), str),
    },
    "quiz": {"topic": (_l("Subject area"), _topic)},
    "quiz_attempt": {
        "quiz": (_l("Quiz"), str),
        "percent": (_l("Right, in per cent"), str),
        "passed": (_l("Quiz result"), lambda yes: _("Passed") if yes else _("Not passed")),
    },
    "training_need": {
        "topic": (_l("Subject area"), _topic),
        "people": (_l("Person"), telling.people),
        "training": (_l("Session"), str),
        "quiz": (_l("Quiz"), str),
        "due": (_l("To be done by"), _at),
    },
}
