"""The straight path of each kind of case, and how far a case has come on it (`Way`); made once for all cases."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from itertools import pairwise

from portal.blueprints.complaints.codes import Kind, State
from portal.blueprints.complaints.workflow import CASE


@dataclass(frozen=True, eq=False)
class Stage:
    """A verb of the straight path: how long after the registration, the state it leads to, who does it."""

    verb: str
    minutes: int
    state: State
    who: str

    @cached_property
    def after(self) -> timedelta:
        """The same as a span of time."""
        return timedelta(minutes=self.minutes)


PATHS: dict[Kind, tuple[Stage, ...]] = {
    Kind.COMPLAINT: (
        Stage("register", 0, State.REGISTERED, "desk"),
        Stage("route", 9, State.ROUTED, "desk"),
        Stage("accept", 21, State.ACCEPTED, "lead"),
        Stage("contact", 27, State.ACCEPTED, "handler"),
        Stage("propose", 130, State.PROPOSED, "handler"),
        Stage("approve", 170, State.APPROVED, "lead"),
        Stage("resolve", 420, State.RESOLVED, "handler"),
        Stage("report", 432, State.REPORTED, "handler"),
        Stage("follow-up", 455, State.REPORTED, "desk"),
        Stage("confirm", 460, State.REPORTED, "desk"),
        Stage("file", 480, State.REPORTED, "lead"),
        Stage("archive", 510, State.ARCHIVED, "desk"),
    ),
    Kind.INQUIRY: (
        Stage("register", 0, State.REGISTERED, "desk"),
        Stage("report", 18, State.REPORTED, "desk"),
        Stage("archive", 60, State.ARCHIVED, "desk"),
    ),
    Kind.SUGGESTION: (
        Stage("register", 0, State.REGISTERED, "desk"),
        Stage("route", 12, State.ROUTED, "desk"),
        Stage("accept", 25, State.ACCEPTED, "lead"),
        Stage("adopt", 150, State.APPROVED, "lead"),
        Stage("resolve", 420, State.RESOLVED, "handler"),
        Stage("report", 440, State.REPORTED, "handler"),
        Stage("confirm", 450, State.REPORTED, "desk"),
        Stage("file", 470, State.REPORTED, "lead"),
        Stage("archive", 500, State.ARCHIVED, "desk"),
    ),
}
# Where open cases stand, and what then waits for whom. Inquiries and suggestions use what their path has.
OPEN_STATES = (
    State.REGISTERED,
    State.ROUTED,
    State.ACCEPTED,
    State.PROPOSED,
    State.APPROVED,
    State.RESOLVED,
    State.REPORTED,
)
WAITING = {
    State.REGISTERED: ("route", "desk"),
    State.ROUTED: ("accept", "lead:{department}"),
    State.ACCEPTED: ("propose", "person:{handler}"),
    State.PROPOSED: ("approve", "lead:{department}"),
    State.APPROVED: ("resolve", "person:{handler}"),
    State.RESOLVED: ("report", "person:{handler}"),
    State.REPORTED: ("follow-up", "desk"),
}
# Which verb ends a clock, and how long it runs here, in minutes.
CLOCKS = {
    "answer": ("register", "contact", 24 * 60),
    "solution": ("register", "resolve", 2 * 24 * 60),
    "whole_case": ("register", "report", 3 * 24 * 60),
    "first_contact": ("route", "contact", 30),
    "result": ("resolve", "report", 120),
    "follow_up": ("report", "follow-up", 120),
}
CLAUSES = {"register": "CP-01"} | {step.verb: step.clause for step in CASE.steps}
# Which columns a verb fills: with its moment ("at") or with a person.
FIELDS: dict[str, dict[str, str]] = {
    "register": {
        "read_back_at": "at",
        "read_back_by_id": "desk",
        "registered_at": "at",
        "registered_by_id": "desk",
        "first_responder_id": "desk",
    },
    "route": {"routed_at": "at"},
    "accept": {"accepted_at": "at", "accepted_by_id": "lead", "handler_id": "handler"},
    "contact": {"contacted_at": "at"},
    "propose": {"proposed_by_id": "handler"},
    "approve": {"approved_by_id": "lead"},
    "adopt": {"approved_by_id": "lead"},
    "resolve": {"resolved_at": "at", "resolved_by_id": "handler"},
    "report": {"reported_at": "at", "reported_by_id": "handler"},
    "confirm": {"confirmed_at": "at"},
    "file": {"filed_at": "at"},
    "archive": {"archived_at": "at"},
}
# As the history's.
as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, eq=False)
class Way:
    """How far cases of a kind have come on their path."""

    kind: Kind
    stages: tuple[Stage, ...]

    @cached_property
    def verbs(self) -> frozenset[str]:
        """What was done."""
        return frozenset(stage.verb for stage in self.stages)

    @cached_property
    def fields(self) -> list[tuple[str, str, str]]:
        """The columns that the verbs filled: name, verb, and with whom or when."""
        return [(name, verb, who) for verb in self.verbs for name, who in FIELDS.get(verb, {}).items()]

    @cached_property
    def moments(self) -> dict[str, str]:
        """The columns that keep a moment, and the verb it belongs to."""
        return {"state_since": self.stages[-1].verb} | {
            n: verb for n, verb, who in self.fields if who == "at"
        }

    @cached_property
    def people(self) -> dict[str, str]:
        """The columns that keep a person, and in which part."""
        return {name: who for name, _, who in self.fields if who != "at"}

    @cached_property
    def lines(self) -> list[tuple[Stage, str]]:
        """The lines of history, with the details of those that moved the case."""
        states = ("", *(stage.state.value for stage in self.stages))
        moves = [{"from": old, "to": new} if old != new else {} for old, new in pairwise(states)]
        return list(zip(self.stages, map(as_json, moves), strict=True))

    @cached_property
    def clocks(self) -> list[tuple[str, str, str, timedelta]]:
        """The clocks that began: kind, the verbs that began and (or empty) met it, its end after the registration."""
        after = {stage.verb: stage.after for stage in self.stages}
        return [
            (kind, begins, ends if ends in after else "", after[begins] + timedelta(minutes=minutes))
            for kind, (begins, ends, minutes) in CLOCKS.items()
            if self.kind is Kind.COMPLAINT and begins in after
        ]


@cache
def way_to(kind: Kind, state: State) -> Way:
    """How cases of a kind came to a state."""
    path = PATHS[kind]
    last = max((i for i, stage in enumerate(path) if stage.state is state), default=0)
    if state is State.REPORTED:  # the calls are still to come
        last = next(i for i, stage in enumerate(path) if stage.state is state)
    return Way(kind, path[: last + 1])
