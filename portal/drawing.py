"""What pages of every area put into words: lengths of time, time left, names of people and departments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from flask import Flask

from portal.i18n import _, is_chinese
from portal.kernel import clauses, documents, reference


class TimeLeft(NamedTuple):
    """A limit as it is drawn: words, share used (0-100), tone (ok, warn, over)."""

    text: str
    used: int
    tone: str
    due_at: datetime


class Sentences(NamedTuple):
    """The sentences about time in one language, with their holes."""

    days: str
    hours: str
    minutes: str
    over: str
    left: str


@cache
def _sentences(chinese: bool) -> Sentences:
    """Read once a language, for a list tells fifty times; `chinese` is the language of the page that asks."""
    return Sentences(
        days=_("%(d)s d %(h)s h"),
        hours=_("%(h)s h %(m)s min"),
        minutes=_("%(m)s min"),
        over=_("Overdue by %(span)s"),
        left=_("%(span)s left"),
    )


def init_app(app: Flask) -> None:
    """Give templates `name_of`."""
    app.jinja_env.globals["name_of"] = name_of


def span(amount: timedelta) -> str:
    """A length of time in two units: `1 h 20 min`, `2 d 3 h`."""
    return _span(amount.total_seconds(), _sentences(is_chinese()))


def _span(seconds: float, sentences: Sentences) -> str:
    hours, minutes = divmod(int(abs(seconds) // 60), 60)
    days, hours = divmod(hours, 24)
    if days:
        return sentences.days % {"d": days, "h": hours}
    if hours:
        return sentences.hours % {"h": hours, "m": minutes}
    return sentences.minutes % {"m": minutes}


def time_left(due_at: datetime | None, since: datetime | None, now: datetime) -> TimeLeft | None:
    """How much of a limit is left at `now`; None when nothing runs."""
    return None if due_at is None else clock_face(now)(due_at, since)


def clock_face(now: datetime) -> Callable[[datetime, datetime | None], TimeLeft]:
    """What tells how much of a limit is left at `now`, in the language of the page: handed its end and its start.

    Made once for a list, which tells fifty times.
    """
    sentences = _sentences(is_chinese())

    def tell(due_at: datetime, since: datetime | None) -> TimeLeft:
        rest = (due_at - now).total_seconds()
        if rest < 0:
            return TimeLeft(sentences.over % {"span": _span(rest, sentences)}, 100, "over", due_at)
        total = (due_at - since).total_seconds() if since else 0
        used = min(max(int(100 * (1 - rest / total)), 0), 100) if total > 0 else 0
        words = sentences.left % {"span": _span(rest, sentences)}
        return TimeLeft(words, used, "warn" if used >= 75 else "ok", due_at)

    return tell


def name_of(person_id: int | None) -> str:
    """A person's name in the language of the page."""
    if person_id is None:
        return "—"
    card = reference.staff().cards[person_id]
    return card.name if is_chinese() else (card.name_en or card.name)


def department_name(code: str | None) -> str:
    """A department's name in the language of the page."""
    if not code:
        return "—"
    zh, en = reference.staff().departments.get(code, (code, code))
    return zh if is_chinese() else en


def clause_title(clause_id: str) -> str:
    """The title of a clause as it stands, in the language of the page."""
    found = documents.find("clause", clause_id)
    if found is None:
        return clauses.clause(clause_id).title.for_locale("zh" if is_chinese() else "en")
    return str(found.body["title_zh" if is_chinese() else "title_en"])
