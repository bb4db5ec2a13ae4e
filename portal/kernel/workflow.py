"""A change of state as a row of a table: verb, from, to, who, gates, clause; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Reason:
    """Why a rule is in the way: its clause and a code that an area's labels put into words."""

    clause: str
    code: str
    given: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """A verb that the object's state or a rule forbids; carries every reason at once (409)."""

    def __init__(self, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(", ".join(f"{r.clause} {r.code}" for r in self.reasons))


class Forbidden(Exception):
    """A verb that is not this person's to do (403)."""

    def __init__(self, verb: str, clause: str) -> None:
        self.verb, self.clause = verb, clause
        super().__init__(f"{verb} ({clause})")


@dataclass(frozen=True)
class Attempt:
    """What a gate may look at: the object, who acts, when, and the form's fields."""

    subject: Any
    by: Any
    now: datetime
    given: Mapping[str, Any]


Gate = Callable[[Attempt], Reason | Iterable[Reason] | None]
# A gate that asks nothing but the object itself.
Fact = Callable[[Any], Reason | None]


@dataclass(frozen=True)
class Step:
    """One row. `to` None keeps the state; `kinds` empty means every kind of subject."""

    verb: str
    sources: frozenset[str]
    to: str | None
    who: frozenset[str]
    clause: str
    gates: tuple[Gate, ...] = ()
    when: tuple[Fact, ...] = ()  # asked first; a page does not offer what they would refuse
    meets: tuple[str, ...] = ()  # clocks this verb satisfies
    starts: tuple[str, ...] = ()  # clocks that run from here on
    kinds: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()  # further clauses, kept by the verb's form or effect

    @property
    def rules(self) -> tuple[Callable[[Any], object], ...]:
        """All that is asked before anything is touched, in order."""
        return (*self.when, *self.gates)

    def covers(self, state: str, kind: str) -> bool:
        """True when the row speaks of that state and kind of subject."""
        return state in self.sources and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Workflow:
    """A table of steps and the question who somebody is to a subject."""

    name: str
    steps: tuple[Step, ...]
    standing: Callable[[Any, Any], frozenset[str]]

    @property
    def verbs(self) -> tuple[str, ...]:
        """Every verb once, in the order of the table."""
        return tuple(dict.fromkeys(step.verb for step in self.steps))

    def step(self, subject: Any, verb: str, by: Any) -> Step:
        """The row for `verb` now. Forbidden when it is never this person's, Refused when the state forbids it."""
        rows = [s for s in self.steps if s.verb == verb and (not s.kinds or subject.kind in s.kinds)]
        if not rows:
            some = next(s for s in self.steps if s.verb == verb)
            raise Refused([Reason(some.clause, "wrong_kind", {"kind": subject.kind})])
        mine = self.standing(subject, by)
        if not any(row.who & mine for row in rows):
            raise Forbidden(verb, rows[0].clause)
        for row in rows:
            if row.covers(subject.state, subject.kind):
                if not row.who & mine:
                    raise Forbidden(verb, row.clause)
                return row
        raise Refused([Reason(rows[0].clause, "wrong_state", {"state": subject.state})])

    def against(self, step: Step, attempt: Attempt) -> list[Reason]:
        """Every reason that the facts and the gates of a row have against it."""
        reasons = self._missing(step, attempt.subject)
        for gate in step.gates:
            answer = gate(attempt)
            if isinstance(answer, Reason):
                reasons.append(answer)
            elif answer:
                reasons.extend(answer)
        return reasons

    def open_to(self, subject: Any, by: Any) -> list[Step]:
        """The rows this person may use now, one a verb, in the order of the table."""
        mine, state, kind = self.standing(subject, by), subject.state, subject.kind
        rows: dict[str, Step] = {}
        for row in self.steps:
            if row.verb not in rows and row.who & mine and row.covers(state, kind):
                rows[row.verb] = row
        return [row for row in rows.values() if not self._missing(row, subject)]

    def _missing(self, step: Step, subject: Any) -> list[Reason]:
        return [reason for fact in step.when if (reason := fact(subject))]
