"""What may be done with a version of a document, by whom: a table (GO-01, GO-05)."""

from __future__ import annotations

from portal.kernel.documents import rules
from portal.kernel.documents.codes import State
from portal.kernel.workflow import Step, Workflow

EDIT, SUBMIT, APPROVE, GIVE_BACK, DISCARD, CONFIRM = (
    "edit",
    "submit",
    "approve",
    "give-back",
    "discard",
    "confirm",
)

S = State
OFFICE = frozenset({"office"})
WRITES = frozenset({"author", "office"})

DOCUMENT = Workflow(
    "document",
    (
        Step(SUBMIT, frozenset({S.DRAFT}), S.SUBMITTED, WRITES, "GO-01", (rules.sound, rules.says_something_new),
             starts=("document_decide",)),
        Step(APPROVE, frozenset({S.SUBMITTED}), S.APPROVED, OFFICE, "GO-01",
             (rules.another_approves, rules.sound, rules.nothing_came_between, rules.from_today_on),
             meets=("document_decide",), starts=("document_review",), also=("GO-05",)),
        Step(GIVE_BACK, frozenset({S.SUBMITTED}), S.DRAFT, OFFICE, "GO-01", meets=("document_decide",)),
        Step(EDIT, frozenset({S.DRAFT}), None, WRITES, "GO-01"),
        Step(EDIT, frozenset({S.SUBMITTED}), None, OFFICE, "GO-01"),
        Step(DISCARD, frozenset({S.DRAFT, S.SUBMITTED}), S.DISCARDED, WRITES, "GO-01", meets=("document_decide",)),
        Step(CONFIRM, frozenset({S.APPROVED}), None, frozenset({"reader"}), "GO-01", when=(rules.asks_to_confirm,)),
    ),
    rules.standing,
)  # fmt: skip
