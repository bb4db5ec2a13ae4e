"""What a phrase is said about: areas put in the names, numbers and dates that its blanks are filled with (PG-03).

The phrases know no case and no visit; whoever has a thing with a number answers for it, to those who may see it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.kernel.people import Viewer


@dataclass(frozen=True)
class About:
    """A case, a visit, a question: what fills a phrase's blanks, and by which of its sides a phrase fits.

    `text` is what was answered in it, for whoever proposes that as a phrase.
    """

    number: str
    address: str
    customer: str = ""
    until: datetime | None = None
    channel: str = ""
    category: str = ""
    stage: str = ""
    customer_type: str = ""
    text: str = ""


# The letters that a number begins with -> the thing of that number; None where the viewer may know of none.
ABOUT: dict[str, Callable[[Viewer, str], About | None]] = {}


def about(viewer: Viewer, number: str) -> About | None:
    """The thing of that number as far as phrases need it; None when the viewer may know of none."""
    asked = ABOUT.get(number.partition("-")[0])
    return asked(viewer, number) if asked else None
