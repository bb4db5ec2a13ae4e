"""What people read of rosters: states, verbs, refusals, broken rules, messages and history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal import telling
from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.rules import Rule
from portal.blueprints.duty.rosters.workflow import CLOSE, CONFIRM, DISCARD, EXPLAIN, PUBLISH, SOLVE, STOP
from portal.drawing import name_of
from portal.i18n import _, _l, label, listed

LABELS: dict[Any, Any] = {
    State: {
        State.DRAFT: _l("Draft"),
        State.PUBLISHED: _l("Roster published"),
        State.CLOSED: _l("Closed"),
    },
    Rule: {
        Rule.UNCOVERED: _l("Too few people on the post"),
        Rule.NO_MANAGER: _l("No manager on duty"),
        Rule.UNKNOWN: _l("Not a person, day or kind of shift of this roster"),
        Rule.AWAY: _l("On leave or not employed that day"),
        Rule.UNQUALIFIED: _l("Not qualified for the post"),
        Rule.REST: _l("Too little rest between two shifts"),
        Rule.MOST_IN_A_ROW: _l("Too many days of work in a row"),
        Rule.LEAST_IN_A_ROW: _l("Too few days of work in a row"),
        Rule.LEAST_DAYS_OFF: _l("Too few days off in a row"),
        Rule.MOST_WEEKENDS: _l("Too many weekends"),
        Rule.MOST_OF_KIND: _l("Too many shifts of this kind"),
        Rule.MOST_MINUTES: _l("Too many hours"),
        Rule.LEAST_MINUTES: _l("Too few hours"),
        Rule.PINNED: _l("A pinned shift was moved"),
        Rule.PAST: _l("A past day was changed"),
    },
}

# What each rule demands, where no roster fulfils all of them.
DEMANDS: dict[Rule, Any] = {
    Rule.AWAY: _l("days of leave and days before joining or after leaving are off"),
    Rule.UNQUALIFIED: _l("only posts that the person is qualified for"),
    Rule.REST: _l("enough rest between two shifts"),
    Rule.MOST_IN_A_ROW: _l("the most days of work in a row"),
    Rule.LEAST_IN_A_ROW: _l("the fewest days of work in a row"),
    Rule.LEAST_DAYS_OFF: _l("the fewest days off in a row"),
    Rule.MOST_WEEKENDS: _l("the most weekends"),
    Rule.MOST_OF_KIND: _l("the most shifts of a kind"),
    Rule.MOST_MINUTES: _l("the most hours"),
    Rule.LEAST_MINUTES: _l("the fewest hours"),
    Rule.PINNED: _l("pinned shifts and days off stay"),
}
# One broken rule as a sentence; every hole is filled by `page.told`.
BROKEN: dict[Rule, Any] = {
    Rule.UNCOVERED: _l("%(day)s, %(cell)s: %(amount)s of %(limit)s people."),
    Rule.NO_MANAGER: _l("%(day)s: nobody of middle rank or higher is on duty."),
    Rule.UNKNOWN: _l("%(day)s: %(name)s has a shift, but no working limits."),
    Rule.AWAY: _l("%(day)s: %(name)s is not there."),
    Rule.UNQUALIFIED: _l("%(day)s: %(name)s may not take %(cell)s."),
    Rule.REST: _l("%(day)s: %(name)s has too little rest before %(cell)s."),
    Rule.MOST_IN_A_ROW: _l("%(day)s: %(name)s works %(amount)s days in a row; at most %(limit)s."),
    Rule.LEAST_IN_A_ROW: _l("%(day)s: %(name)s works %(amount)s days in a row; at least %(limit)s."),
    Rule.LEAST_DAYS_OFF: _l("%(day)s: %(name)s is off for %(amount)s days in a row; at least %(limit)s."),
    Rule.MOST_WEEKENDS: _l("%(name)s works on %(amount)s weekends; at most %(limit)s."),
    Rule.MOST_OF_KIND: _l("%(name)s has %(amount)s shifts of a kind; at most %(limit)s."),
    Rule.MOST_MINUTES: _l("%(name)s works %(amount)s hours; at most %(limit)s."),
    Rule.LEAST_MINUTES: _l("%(name)s works %(amount)s hours; at least %(limit)s."),
    Rule.PINNED: _l("%(day)s: the pinned shift of %(name)s was moved."),
    Rule.PAST: _l("%(day)s: the past of %(name)s was changed."),
}
BUTTONS: dict[str, Any] = {
    SOLVE: _l("Solve"),
    STOP: _l("Stop and keep the best"),
    EXPLAIN: _l("Give the reason for the gap"),
    CONFIRM: _l("Confirm the reason"),
    PUBLISH: _l("Publish"),
    CLOSE: _l("Close"),
    DISCARD: _l("Discard the draft"),
}
SAID: dict[str, Any] = {
    SOLVE: _l("%(number)s is being solved."),
    STOP: _l("The best roster found so far is kept."),
    EXPLAIN: _l("The reason waits for a second person of the general office."),
    CONFIRM: _l("The reason is confirmed; the roster can be published."),
    PUBLISH: _l("%(number)s is published, and everybody on it was told."),
    CLOSE: _l("%(number)s is closed."),
    DISCARD: _l("The draft is discarded."),
}
AWAITED: dict[str, Any] = {"confirm-roster": _l("Confirm the reason")}
REASONS: dict[str, Any] = {
    "no_reason_given": _l("Nobody has given a reason yet."),
    "nothing_missing": _l("Nothing is missing, so there is nothing to give a reason for."),
    "own_reason": _l("You gave the reason yourself; somebody else of the general office confirms it."),
    "gaps_changed": _l("The gaps have changed since the reason was given; please give it again."),
    "gap_unconfirmed": _l(
        "Hours are not covered. Give the reason and have a second person of the general office confirm it."
    ),
    "manager_unconfirmed": _l(
        "No manager is on duty on a holiday or special day. Give the reason and have a second person of the general"
        " office confirm it."
    ),
    "rules_broken": _l("The roster breaks rules for %(count)s people or days that nobody can confirm away."),
    "being_solved": _l("The roster is being solved; stop that first."),
    "not_solving": _l("Nothing is being solved."),
    "not_over": _l("The roster can be closed when its last day is over."),
    "day_is_past": _l("The past is not changed any more."),
    "pinned_stays": _l("A pinned shift stays where it is; open its cell to take the pin off."),
    "nothing_to_move": _l("There is no shift to move."),
    "proposal_outdated": _l("This proposal would break a rule by now; please load the page again."),
    "days_taken": _l("Another published roster has some of these days already."),
}
# What a leave or a swap would break, in the same sentences.
REASONS |= {f"breaks_{rule}": sentence for rule, sentence in BROKEN.items()}
REASONS["has_shift_already"] = _l("%(day)s: %(name)s has another shift on that day.")
NOTICES: dict[str, Any] = {
    "roster:published": _l("A roster with shifts of yours is published."),
    "roster:explain": _l("A roster has gaps whose reason waits to be confirmed."),
}
HISTORY: dict[str, Any] = {
    "roster:begin": _l("Draft begun"),
    "roster:change": _l("Shifts changed by hand"),
    "roster:hand-over": _l("Shifts changed hands"),
    "roster:import": _l("Shifts taken over from a workbook"),
    "roster:solved": _l("The best roster found was taken over"),
    f"roster:{SOLVE}": _l("Solving started"),
    f"roster:{STOP}": _l("Solving stopped"),
    f"roster:{EXPLAIN}": _l("Reason for the gap given"),
    f"roster:{CONFIRM}": _l("Reason confirmed"),
    f"roster:{PUBLISH}": _l("Roster published"),
    f"roster:{CLOSE}": _l("Closed"),
    f"roster:{DISCARD}": _l("Draft discarded"),
}
READERS: dict[str, telling.Readers] = {
    "roster": {
        "starts": (_l("First day"), str),
        "ends": (_l("Last day"), str),
        "lines": (_l("Number of rows"), str),
        "seconds": (_l("Seconds"), str),
        "objective": (_l("Cost of the best"), str),
        "cells": (_l("Cells"), lambda cells: listed(f"{name_of(cell[0])} {cell[1]}" for cell in cells)),
        "clauses": (_l("Clauses"), listed),
        "moves": (_l("Shifts"), lambda moves: listed(map(_move, moves))),
        "paper": (_l("For"), str),
        "to": (_l("To"), lambda to: label(State(to)) if isinstance(to, str) else telling.people(to)),
    }
}


def _move(move: list[Any]) -> str:
    """One shift that changed hands."""
    gives, day, takes = move
    return f"{day} {name_of(gives)} → {name_of(takes) if takes else _('nobody')}"


def in_words(person: str, rules: Iterable[Rule]) -> str:
    """DR-21: why no roster exists for somebody: the smallest set of rules that cannot all be kept."""
    demands = "; ".join(str(DEMANDS[rule]) for rule in rules)
    return _(
        "No roster exists for %(person)s; these cannot all be kept: %(rules)s.", person=person, rules=demands
    )
