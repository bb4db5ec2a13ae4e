"""The way of a request about one person's data: a table."""

from __future__ import annotations

from portal.blueprints.office.privacy import rules
from portal.blueprints.office.privacy.codes import State
from portal.kernel.workflow import Step, Workflow

OFFICE = frozenset({"office"})
ASK, CONFIRM, AGAIN, CLOSE, DECIDE = "ask", "confirm", "search-again", "close", "decide-file"

PERSON_REQUEST = Workflow(
    "person_request",
    (
        Step(DECIDE, frozenset({State.FOUND, State.WAITING}), None, OFFICE, "RC-20"),
        Step(AGAIN, frozenset({State.FOUND}), State.SEARCHING, OFFICE, "RC-20"),
        Step(
            ASK,
            frozenset({State.FOUND}),
            State.ASKED,
            OFFICE,
            "RC-20",
            when=(rules.something_goes,),
        ),
        Step(
            CONFIRM,
            frozenset({State.ASKED}),
            State.ERASING,
            OFFICE,
            "RC-20",
            (rules.another_confirms,),
        ),
        Step(CLOSE, frozenset({State.FOUND, State.ASKED, State.WAITING}), State.CLOSED, OFFICE, "RC-20"),
    ),
    rules.standing,
)
