"""A case's history put into words: codes become sentences only here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from portal import telling, timeline
from portal.blueprints.complaints import guide
from portal.blueprints.complaints.codes import (
    Category,
    Channel,
    CustomerType,
    Decision,
    Escalation,
    Finding,
    Kind,
    Outcome,
    ReadBack,
    SpecialLimit,
    State,
    Urgency,
)
from portal.blueprints.complaints.labels import CLOCKS, VERBS
from portal.drawing import department_name, name_of
from portal.i18n import _l, label, moment
from portal.kernel.history import Event


def _moment(text: Any) -> Any:
    return moment(datetime.fromisoformat(text))


def _one_of(*codes: Any) -> Callable[[Any], str]:
    """A reader of a code that may be of several enums, of the first that has it."""
    known = {str(code): code for kind in reversed(codes) for code in kind}
    return lambda code: label(known[code])


def _to(to: Any) -> str:
    return telling.people(to) if isinstance(to, list) else label(State(to))


def _visit(number: str) -> Markup:
    """RC-30: the way to the visit; who may not see it finds nothing there."""
    return Markup('<a href="{}">{}</a>').format(url_for("reception.show", number=number), number)


# How a detail is put into words: caption and reader.
DETAILS: telling.Readers = {
    "visit": (_l("Visit"), _visit),
    "kind": (_l("Kind"), _one_of(Kind, Escalation)),
    "channel": (_l("Channel"), lambda code: label(Channel(code))),
    "category": (_l("Category"), lambda code: label(Category(code))),
    "urgency": (_l("Urgency"), lambda code: label(Urgency(code))),
    "read_back": (_l("Record"), lambda code: label(ReadBack(code))),
    "proposed": (_l("Proposed"), department_name),
    "notice": (_l("Notice"), str),
    "handler": (_l("Handler"), name_of),
    "was": (_l("Before"), name_of),
    "responsible": (_l("Found responsible"), name_of),
    "reporter": (_l("Answers the customer"), name_of),
    "person": (_l("Person"), name_of),
    "instead_of": (_l("Instead of"), name_of),
    "finding": (_l("Finding"), lambda code: label(Finding(code))),
    "outcome": (_l("Outcome"), lambda code: label(Outcome(code))),
    "decision": (_l("Decision"), lambda code: label(Decision(code))),
    "customer_type": (_l("Customer type"), lambda code: label(CustomerType(code))),
    "agreed": (_l("Agreed"), _moment),
    "due": (_l("Due"), _moment),
    "until": (_l("Until"), _moment),
    "keep_until": (_l("Kept until"), _moment),
    "clock": (_l("Limit"), lambda kind: CLOCKS[kind]),
    "limit": (_l("Limit"), lambda text: label(SpecialLimit(text)) if text in set(SpecialLimit) else text),
    "to": (_l("To"), _to),
    "question": (_l("Request"), lambda verb: VERBS[verb]),
    "round": (_l("Round"), str),
    "try": (_l("Call"), str),
    "visits": (_l("Visit"), str),
    "other": (_l("Other case"), str),
    "guide": (_l("Step"), guide.said),
    "line": (_l("Row"), str),
}
BAD = frozenset({"clock:overdue", "case:return", "case:reopen", "case:escalate", "case:withdraw"})
# Already told by the head of the case's page.
UNTOLD = frozenset({"content", "demand", "customer_name", "customer_phone", "customer_address"})


def told(event: Event, *, whole: bool = False) -> dict[str, Any]:
    """One line of history in the language of the page; phone numbers in part unless the page shows the `whole` one."""
    words = event.words
    if event.event == "case:register":
        words = {name: text for name, text in words.items() if name not in UNTOLD}
    return timeline.line(event, "case", BAD, words=words, whole=whole)
