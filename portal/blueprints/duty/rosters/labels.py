"""What people read of rosters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.rules import Rule
from portal.i18n import _, _l

LABELS: dict[Any, Any] = {
    State: {
        State.DRAFT: _l("Draft"),
        State.PUBLISHED: _l("Published"),
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


def in_words(person: str, rules: Iterable[Rule]) -> str:
    """DR-21: why no roster exists for somebody: the smallest set of rules that cannot all be kept."""
    demands = "; ".join(str(DEMANDS[rule]) for rule in rules)
    return _(
        "No roster exists for %(person)s; these cannot all be kept: %(rules)s.", person=person, rules=demands
    )
