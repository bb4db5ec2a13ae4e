"""What the short signs of a roster mean: kinds of shifts, posts, sorts of days; on the page and on the wall."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from portal.blueprints.duty.posts.codes import DayKind
from portal.blueprints.duty.posts.queries import Ground
from portal.blueprints.duty.posts.rules import day_kind
from portal.blueprints.duty.rosters.picture import Picture
from portal.i18n import _, called, is_chinese
from portal.i18n import label as words_of

WEEKDAYS = (("一", "Mo"), ("二", "Tu"), ("三", "We"), ("四", "Th"), ("五", "Fr"), ("六", "Sa"), ("日", "Su"))
TINTS = {DayKind.HOLIDAY: "holiday", DayKind.REST_DAY: "rest", DayKind.MAKE_UP: "", DayKind.WORKDAY: ""}
SPECIAL = ("特", "!")
MARKS = {DayKind.HOLIDAY: ("假", "H"), DayKind.MAKE_UP: ("班", "W")}  # paper has no colours


class Head(NamedTuple):
    """One day of the head."""

    day: date
    number: str  # of the day, with its month where a new one begins
    weekday: str
    tint: str
    mark: str  # of a holiday, a special day, a make-up workday
    told: str


def _said(pair: tuple[str, str]) -> str:
    return pair[0 if is_chinese() else 1]


def head(seen: Picture, day: date) -> Head:
    """A day with what sort it is: by tint, by a sign, in words."""
    sort, special = day_kind(day, seen.calendar), seen.ground.special.get(day)
    weekday, days = _said(WEEKDAYS[day.weekday()]), seen.problem.days
    turns = days[0].month != days[-1].month and (day.day == 1 or day == days[0])
    number = f"{day.month}/{day.day}" if turns else str(day.day)
    if special:
        return Head(
            day, number, weekday, "special", _said(SPECIAL), _("Special day: %(reason)s", reason=special)
        )
    mark = _said(MARKS[sort]) if sort in MARKS else ""
    return Head(day, number, weekday, TINTS[sort], mark, str(words_of(sort)))


def signs(ground: Ground) -> dict[int, str]:
    """A short sign for each post, no two alike; none where there is but one post."""
    rows = [row for row in ground.posts.values() if row.active]
    if len(rows) < 2:  # nothing to tell apart
        return {}
    found: dict[int, str] = {}
    for row in rows:
        name = called(row)
        others = [called(other) for other in rows if other is not row]
        long = next((n for n in (1, 2) if not any(other[:n] == name[:n] for other in others)), 0)
        found[row.id] = name[:long] if long else str(len(found) + 1)
    return found


def kinds(ground: Ground) -> list[tuple[str, str, str]]:
    """The letters with the names and times of their kinds of shifts."""
    rows = [row for row in ground.kinds.values() if row.active]
    return [(row.letter, called(row), f"{row.starts}–{row.ends}") for row in rows]


def posts(ground: Ground) -> list[tuple[str, str]]:
    """The signs with the names of their posts."""
    return [(sign, called(ground.posts[post])) for post, sign in signs(ground).items()]


def marks(heads: list[Head]) -> list[tuple[str, str]]:
    """The signs of the days that are marked on this roster."""
    words = {
        _said(MARKS[DayKind.HOLIDAY]): _("public holiday"),
        _said(SPECIAL): _("special day"),
        _said(MARKS[DayKind.MAKE_UP]): _("make-up workday"),
    }
    there = {each.mark for each in heads}
    return [(mark, said) for mark, said in words.items() if mark in there]
