"""What may be done with a line of the plan, a session, a quiz, a paper and a need, by whom: tables (GO-02)."""

from __future__ import annotations

from portal.blueprints.phrases.training.codes import (
    WAITING,
    AttemptState,
    NeedState,
    PlanState,
    QuizState,
    SessionState,
)
from portal.blueprints.phrases.training.rules import attending, marks
from portal.kernel.workflow import Gate, Step, Workflow

EDIT, DROP = "edit", "drop"
MOVE, INVITE, CANCEL, MATERIAL = "move", "invite", "cancel", "material"
SIGN_IN, MARK, HELD, REFLECT = "sign-in", "mark", "held", "reflect"
START, CLOSE, OPEN = "start", "close", "open"
HAND_IN = "hand-in"
ASSIGN = "assign"

PLANNED, TOOK_PLACE = frozenset({SessionState.PLANNED}), frozenset({SessionState.HELD})
KEEPERS, ONLY_INVITED, OFFICE = (
    frozenset({"office", "trainer"}),
    frozenset({"invited"}),
    frozenset({"office"}),
)


def _row(verb: str, sources: frozenset[str], to: str | None, who: frozenset[str], *gates: Gate) -> Step:
    return Step(verb, sources, to, who, "GO-02", gates)


PLAN = Workflow(
    "training_plan",
    (
        _row(EDIT, frozenset({PlanState.PLANNED}), None, OFFICE),
        _row(DROP, frozenset({PlanState.PLANNED}), PlanState.DROPPED, OFFICE),
    ),
    attending.office,
)
TRAINING = Workflow(
    "training",
    (
        _row(SIGN_IN, PLANNED, None, ONLY_INVITED, attending.signs_within, attending.signs_once),
        _row(REFLECT, PLANNED | TOOK_PLACE, None, ONLY_INVITED, attending.was_there),
        _row(MARK, PLANNED | TOOK_PLACE, None, KEEPERS, attending.has_begun, attending.marks_others),
        _row(HELD, PLANNED, SessionState.HELD, KEEPERS, attending.has_begun, attending.all_marked),
        _row(INVITE, PLANNED, None, KEEPERS),
        _row(MATERIAL, PLANNED | TOOK_PLACE, None, KEEPERS),
        _row(MOVE, PLANNED, None, KEEPERS, attending.in_future),
        _row(CANCEL, PLANNED, SessionState.CANCELLED, KEEPERS),
    ),
    attending.standing,
)
QUIZ = Workflow(
    "quiz",
    (
        _row(EDIT, frozenset({QuizState.OPEN}), None, OFFICE),
        _row(CLOSE, frozenset({QuizState.OPEN}), QuizState.CLOSED, OFFICE),
        _row(OPEN, frozenset({QuizState.CLOSED}), QuizState.OPEN, OFFICE),
    ),
    attending.office,
)
ATTEMPT = Workflow(
    "quiz_attempt",
    (_row(HAND_IN, frozenset({AttemptState.OPEN}), AttemptState.HANDED_IN, frozenset({"taker"})),),
    marks.own,
)
NEED = Workflow(
    "training_need",
    (
        _row(ASSIGN, WAITING, NeedState.ASSIGNED, frozenset({"office", "lead"})),
        _row(DROP, WAITING, NeedState.DROPPED, frozenset({"office", "lead"})),
    ),
    attending.need_standing,
)
