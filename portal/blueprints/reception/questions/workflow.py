"""What may be done with a question, by whom, under which clause: a table."""

from __future__ import annotations

from portal.blueprints.reception.questions import rules
from portal.blueprints.reception.questions.codes import State
from portal.kernel.workflow import Step, Workflow

ASK, REPLY, TELL, PHRASE = "ask-inside", "reply", "tell", "phrase"

_DESK, _BOTH = frozenset({"desk"}), frozenset({"desk", "asked"})

QUESTION = Workflow(
    "question",
    (
        Step(
            REPLY,
            frozenset({State.PENDING}),
            State.REPLIED,
            _BOTH,
            "RC-22",
            (rules.source_named,),
            meets=("question",),
        ),
        Step(TELL, frozenset({State.REPLIED}), State.TOLD, _DESK, "RC-22"),
        # Passed on: the wrong one was asked, or the answer does not answer it.
        Step(
            ASK,
            frozenset({State.PENDING, State.REPLIED}),
            State.PENDING,
            _BOTH,
            "RC-22",
            (rules.somebody_asked,),
            starts=("question",),
        ),
        Step(
            PHRASE,
            frozenset({State.ANSWERED, State.REPLIED, State.TOLD}),
            None,
            _BOTH,
            "RC-22",
            when=(rules.phrase_once,),
        ),
    ),
    rules.standing,
)
