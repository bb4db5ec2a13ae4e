"""The parts of an area that have pages of their own: the tabs above them, and the links from one of the area's things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import request

from portal.guards import me
from portal.kernel.people import Viewer
from portal.kernel.rights import May
from portal.pages import address


@dataclass(frozen=True)
class Part:
    """A tab: what it is called, where it leads, who has it.

    `order` places it among the others, small ones first. `of` makes, from the number of a thing of the area, the address
    of what the part knows about it; the thing's page then links there.
    """

    label: Any
    endpoint: str
    right: May
    order: int = 0
    of: Callable[[str], str] | None = None
    shown: Callable[[Viewer], bool] = lambda viewer: True

    @property
    def url(self) -> str:
        """The address of the part's first page."""
        return address(self.endpoint)

    @property
    def active(self) -> bool:
        """True on the pages below this part's address."""
        here = request.script_root + request.path
        below = not self.endpoint.endswith(".index") and here.startswith(self.url.rstrip("/") + "/")
        return here == self.url or below

    def open_to(self, viewer: Viewer) -> bool:
        """True when the tab is the viewer's."""
        return viewer.may(self.right) and self.shown(viewer)


class Tab(NamedTuple):
    """A part as the pages draw it."""

    label: Any
    url: str
    active: bool


class Parts(list[Part]):
    """The parts of one area; each adds its own as it is loaded."""

    def tabs(self) -> list[Tab]:
        """Those that the viewer of this page may open; active is the one whose address is the nearest above the page."""
        viewer = me()
        parts = [part for part in sorted(self, key=lambda part: part.order) if part.open_to(viewer)]
        here = max((part.url for part in parts if part.active), key=len, default=None)
        return [Tab(part.label, part.url, part.url == here) for part in parts]

    def about(self, number: str, viewer: Viewer) -> list[tuple[Any, str]]:
        """Caption and address of what they know about a thing; no statement is asked for it."""
        return [(part.label, part.of(number)) for part in self if part.of and part.open_to(viewer)]
