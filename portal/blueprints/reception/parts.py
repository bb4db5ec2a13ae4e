"""The parts of reception that have pages of their own: the tabs above them, and the links from a visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.guards import me
from portal.kernel.people import Viewer
from portal.kernel.rights import May


@dataclass(frozen=True)
class Part:
    """A tab: what it is called, where it leads, who has it; `of_visit` makes the address of what it knows of a visit.

    `order` places it among the others, small ones first.
    """

    label: Any
    endpoint: str
    right: May
    order: int
    of_visit: Callable[[str], str] | None = None
    shown: Callable[[Viewer], bool] = lambda viewer: True

    @property
    def url(self) -> str:
        return url_for(self.endpoint)

    @property
    def active(self) -> bool:
        """True on the pages below this part's address."""
        here = request.script_root + request.path
        return here == self.url or (
            self.endpoint != "reception.index" and here.startswith(self.url.rstrip("/") + "/")
        )

    def open_to(self, viewer: Viewer) -> bool:
        """True when the tab is the viewer's."""
        return viewer.may(self.right) and self.shown(viewer)


# Each part adds its own as it is loaded.
PARTS: list[Part] = []


def tabs() -> list[Part]:
    """The parts that the viewer of this page may open."""
    viewer = me()
    return [part for part in sorted(PARTS, key=lambda part: part.order) if part.open_to(viewer)]


def of_visit(number: str, viewer: Viewer) -> list[tuple[Any, str]]:
    """Caption and address of what the other parts know about a visit; no statement is asked for it."""
    return [(part.label, part.of_visit(number)) for part in PARTS if part.of_visit and part.open_to(viewer)]
