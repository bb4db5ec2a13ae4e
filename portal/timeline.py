"""The history of one thing, as its page shows it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from portal import telling
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import history


def of(
    subject: Any,
    bad: Collection[str] = (),
    *,
    most: int = 200,
    whole: bool = False,
    but: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Its lines as `shared/_timeline.html` draws them, newest first; events in `bad` are marked, in `but` left out."""
    return [
        {
            "what": str(telling.EVENTS[event.event]),
            "who": name_of(event.by_id) if event.by_id else _("The portal"),
            "at": event.at,
            "clause": event.clause,
            "tone": "bad" if event.event in bad else "",
            "told": telling.pairs(subject.history_kind, event.details, event.words, whole=whole),
        }
        for event in history.events(subject, most)
        if event.event not in but
    ]
