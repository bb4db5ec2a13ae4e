"""Figures of the general office in words, alike on its own pages and in the handbook."""

from __future__ import annotations

from portal import notices, telling
from portal.i18n import _, is_chinese, label, listed, ngettext
from portal.kernel.figures import Figure
from portal.kernel.ladders import Ladder
from portal.kernel.limits import Limit
from portal.kernel.rights import Rank


def written(figure: Figure, value: str) -> str:
    """A value as people read it: limits and the steps of a ladder in words."""
    if in_codes := notices.VALUES.get(figure.key):
        return listed(in_codes(value)) or "—"
    match figure.kind:
        case "rank":
            return label(Rank(value))
        case "limit":
            return in_words(Limit.parse(value))
        case "ladder":
            return listed(telling.step(str(rung)) for rung in Ladder.parse(value).rungs)
    return value or "—"


def in_words(limit: Limit) -> str:
    """A limit as people say it; how it is written stands in brackets behind it."""
    if not limit.amount and limit.unit in ("wd", "d"):
        words = _("by the end of the working day") if limit.unit == "wd" else _("by midnight")
    else:
        amount = int(limit.amount) if limit.amount % 1 == 0 else float(limit.amount)
        words = {
            "min": ngettext("%(num)s minute", "%(num)s minutes", amount),
            "h": ngettext("%(num)s hour", "%(num)s hours", amount),
            "wh": ngettext("%(num)s working hour", "%(num)s working hours", amount),
            "wd": ngettext("%(num)s working day", "%(num)s working days", amount),
            "d": ngettext("%(num)s day", "%(num)s days", amount),
        }[limit.unit]
    return f"{words}（{limit}）" if is_chinese() else f"{words} ({limit})"
