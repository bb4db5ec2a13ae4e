"""What *my day* offers in one touch beside what waits there: an area says what, for whom, at which moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.kernel.people import Viewer


@dataclass(frozen=True)
class Touch:
    """One button: its words, where it is sent to, its symbol; one that only `opens` a page is a link there."""

    caption: Any
    endpoint: str
    symbol: str
    opens: bool = False


PROVIDERS: list[Callable[[Viewer, datetime], Touch | None]] = []


def offered(viewer: Viewer, now: datetime) -> list[Touch]:
    """What this person may do now by one touch."""
    found = (provider(viewer, now) for provider in PROVIDERS)
    return [touch for touch in found if touch is not None]
