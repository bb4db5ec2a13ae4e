"""What a list of the cases behind a number is called."""

from __future__ import annotations

from enum import StrEnum

from portal.blueprints.complaints.codes import Category, Channel, Finding, Kind, Outcome, State
from portal.blueprints.complaints.figures import rules
from portal.blueprints.complaints.figures.behind import Behind
from portal.blueprints.complaints.figures.rules import Facet, Judged, Kept
from portal.blueprints.complaints.figures.shapes import (
    where,
)
from portal.blueprints.complaints.labels import CLOCKS
from portal.i18n import _, label


def title(behind: Behind) -> str:
    """What the list of cases is about, in words."""
    parts = [_live_words(behind.live)] if behind.live else []
    if behind.facet:
        parts.append(_code_words(Facet(behind.facet), behind.code))
    if behind.department:
        parts.append(where(behind.department))
    if behind.kind:
        parts.append(label(Kind(behind.kind)))
    if behind.customer:
        parts.append(_("One customer"))
    if behind.since or behind.until:
        parts.append(
            _("registered %(since)s to %(until)s", since=behind.since or "…", until=behind.until or "…")
        )
    return " · ".join(part for part in parts if part) or _("All cases")


def _live_words(live: str) -> str:
    return {
        "open": _("Open"),
        "overdue": _("Overdue"),
        "risk": _("At risk"),
        "paused": _("Waiting for the customer"),
        "handled": _("With an outcome"),
        "unhandled": _("Without an outcome yet"),
        "answered": _("With an answer"),
        "unanswered": _("Without an answer yet"),
    }[live]


_CODED: dict[Facet, type[StrEnum]] = {
    Facet.CATEGORY: Category,
    Facet.CHANNEL: Channel,
    Facet.STATE: State,
    Facet.FINDING: Finding,
    Facet.VERDICT: Outcome,
    Facet.JUDGED: Judged,
    Facet.AGAIN: rules.Again,
}


def _code_words(facet: Facet, code: str) -> str:
    if facet is Facet.CLOCK:
        kind, _dot, how = code.partition(".")
        name = str(CLOCKS.get(kind, kind))
        if how == Kept.LATE:
            return _("%(limit)s: overrun", limit=name)
        return _("%(limit)s: kept", limit=name)
    if facet is Facet.ROUND:
        return _("Round %(round)s", round=code)
    codes = _CODED.get(facet)
    return label(codes(code)) if codes and code in set(codes) else ""
