"""A case's history put into words: codes become sentences only here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from portal.blueprints.complaints.labels import CLOCKS, HISTORY, VERBS
from portal.blueprints.complaints.queries import Event
from portal.drawing import department_name, name_of
from portal.i18n import _, _l, label, moment


@dataclass(frozen=True)
class Told:
    """One line of the history as it is read."""

    what: str
    who: str
    at: datetime
    clause: str
    tone: str
    told: list[tuple[str, Any]]


def _moment(text: Any) -> Any:
    return moment(datetime.fromisoformat(text))


def _escalation(event: str) -> Callable[[Any], str]:
    kinds: Any = Escalation if event == "case:escalate" else Kind
    return lambda code: label(kinds(code))


# How a detail is put into words: caption and reader.
DETAILS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "channel": (_l("Way"), lambda code: label(Channel(code))),
    "category": (_l("Category"), lambda code: label(Category(code))),
    "urgency": (_l("Urgency"), lambda code: label(Urgency(code))),
    "read_back": (_l("Record"), lambda code: label(ReadBack(code))),
    "department": (_l("Department"), department_name),
    "proposed": (_l("Proposed was"), department_name),
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
    "step": (_l("Step"), str),
    "to": (
        _l("To"),
        lambda to: ", ".join(name_of(i) for i in to) if isinstance(to, list) else label(State(to)),
    ),
    "question": (_l("Question"), lambda verb: VERBS[verb]),
    "vacant": (_l("Empty seat"), str),
    "round": (_l("Round"), str),
    "try": (_l("Call"), str),
}
# Captions of free texts; a plain note needs none.
WORDS = {
    "reason": _l("Reason"),
    "findings": _l("What happened"),
    "content": _l("Content"),
    "demand": _l("Wanted"),
    "customer_name": _l("Customer"),
    "customer_phone": _l("Phone"),
    "customer_address": _l("Address"),
    "solution 1": _l("Solution"),
    "solution 2": _l("Alternative"),
    "solution 3": _l("Alternative"),
    "solution 4": _l("Alternative"),
    "names": _l("Files"),
}
BAD = frozenset({"clock:overdue", "case:return", "case:reopen", "case:escalate", "case:withdraw"})
# Already told by the head of the case's page.
UNTOLD = frozenset({"content", "demand", "customer_name", "customer_phone", "customer_address"})


def told(event: Event) -> Told:
    """One line of history in the language of the page."""
    readers = DETAILS | {"kind": (_l("Kind"), _escalation(event.event))}
    if event.event.startswith("policy"):
        readers.pop("limit")
    lines: list[tuple[str, Any]] = [
        (str(readers[name][0]), readers[name][1](value))
        for name, value in event.details.items()
        if name in readers
    ]
    for name, text in event.words.items():
        if name.startswith("was "):
            lines.append((_("Before"), text))
        elif name not in UNTOLD or event.event != "case:register":
            lines.append((str(WORDS.get(name, "")), text))
    return Told(
        what=str(HISTORY[event.event]),
        who=name_of(event.by_id) if event.by_id else _("The portal"),
        at=event.at,
        clause=event.clause,
        tone="bad" if event.event in BAD else "",
        told=lines,
    )
