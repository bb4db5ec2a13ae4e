"""What pages of every area put into words: lengths of time, time left, names of people and departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.i18n import _, is_chinese
from portal.kernel import clauses, reference


@dataclass(frozen=True)
class TimeLeft:
    """A limit as it is drawn: words, share used (0-100), tone (ok, warn, over)."""

    text: str
    used: int
    tone: str
    due_at: datetime


def span(amount: timedelta) -> str:
    """A length of time in two units: `1 h 20 min`, `2 d 3 h`."""
    minutes = int(abs(amount).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(d)s d %(h)s h", d=days, h=hours)
    if hours:
        return _("%(h)s h %(m)s min", h=hours, m=rest)
    return _("%(m)s min", m=rest)


def time_left(due_at: datetime | None, since: datetime | None, now: datetime) -> TimeLeft | None:
    """How much of a limit is left at `now`; None when nothing runs."""
    if due_at is None:
        return None
    if now > due_at:
        return TimeLeft(_("Overdue by %(span)s", span=span(now - due_at)), 100, "over", due_at)
    total = (due_at - since).total_seconds() if since else 0
    used = int(100 * (1 - (due_at - now).total_seconds() / total)) if total > 0 else 0
    used = min(max(used, 0), 100)
    return TimeLeft(_("%(span)s left", span=span(due_at - now)), used, "warn" if used >= 75 else "ok", due_at)


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
    """The title of a clause in the language of the page."""
    found = clauses.clause(clause_id)
    return found.title.zh if is_chinese() else found.title.en
