"""The history of one thing, as its page shows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from portal import telling
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import history


def line(
    event: history.Event,
    kind: str,
    bad: Collection[str] = (),
    *,
    words: Mapping[str, str] | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """One line about a thing of that kind, as `shared/_timeline.html` draws it.

    An event in `bad` is marked. `words` stand in place of those that were written; phone numbers are told in part unless
    the page shows the `whole` one.
    """
    return {
        "what": str(telling.EVENTS[event.event]),
        "who": name_of(event.by_id) if event.by_id else _("The portal"),
        "at": event.at,
        "clause": event.clause,
        "tone": "bad" if event.event in bad else "",
        "told": telling.pairs(kind, event.details, event.words if words is None else words, whole=whole),
    }


def of(
    subject: Any,
    bad: Collection[str] = (),
    *,
    most: int = 200,
    whole: bool = False,
    but: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Its lines, newest first; events in `bad` are marked, in `but` left out."""
    return [
        line(event, subject.history_kind, bad, whole=whole)
        for event in history.events(subject, most)
        if event.event not in but
    ]
