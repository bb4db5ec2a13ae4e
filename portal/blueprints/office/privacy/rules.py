"""What is asked before a person is forgotten; pure (RC-20)."""

from __future__ import annotations

from typing import Any

from portal.kernel.workflow import Attempt, Reason


def standing(_request: Any, by: Any) -> frozenset[str]:
    """RC-20: people's data are the general office's to answer for."""
    return frozenset({"office"} if by.role == "office" else ())


def something_goes(request: Any) -> Reason | None:
    """RC-20: there is something to forget, now or when its term is over."""
    held = any(entry["sure"] and entry.get("waits") for entry in request.entries)
    return None if request.goes or held else Reason("RC-20", "nothing_goes")


def another_confirms(attempt: Attempt) -> Reason | None:
    """RC-20, CP-20: what cannot be undone is confirmed by a second person."""
    return Reason("RC-20", "confirms_own_wish") if attempt.by.id == attempt.subject.wanted_by_id else None
