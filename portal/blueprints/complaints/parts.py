"""The parts of complaint handling that have pages of their own: the tabs above them, and the links from a case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for

from portal.blueprints.complaints.models import Case
from portal.guards import me
from portal.i18n import _l
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Role
from portal.pages import address


@dataclass(frozen=True)
class Part:
    """A tab: what it is called, where it leads, who has it; with `of_case` a case's page links to it as well.

    `of_case` makes the address of what the part knows about one case, from the case's number.
    """

    label: Any
    endpoint: str
    right: May
    of_case: Callable[[str], str] | None = None
    shown: Callable[[Viewer], bool] = lambda viewer: True

    @property
    def url(self) -> str:
        return address(self.endpoint)

    @property
    def active(self) -> bool:
        """True on the pages below this part's address."""
        here = request.script_root + request.path
        return here == self.url or (
            self.endpoint != "complaints.index" and here.startswith(self.url.rstrip("/") + "/")
        )

    def open_to(self, viewer: Viewer) -> bool:
        """True when the tab is the viewer's."""
        return viewer.may(self.right) and self.shown(viewer)


PARTS: list[Part] = [
    Part(_l("Cases"), "complaints.index", May.SEE_CASES),
    Part(_l("Calls"), "complaints.calls", May.SEE_CASES),
    Part(_l("Return visits"), "complaints.return_visits", May.SEE_CASES),
    Part(
        _l("Spot checks"),
        "complaints.spot_checks",
        May.SEE_CASES,
        shown=lambda viewer: viewer.role is Role.OFFICE or viewer.is_manager or bool(viewer.leads),
    ),
    Part(_l("Adopted suggestions"), "complaints.suggestions", May.USE_PORTAL),
    Part(
        _l("Improvement cases"),
        "complaints.improvements",
        May.SEE_CASES,
        of_case=lambda number: url_for("complaints.improvements", case=number),
        shown=lambda viewer: viewer.may(May.MANAGE_OFFICE) or viewer.is_manager or bool(viewer.leads),
    ),
    Part(
        _l("Archive"),
        "complaints.archive_list",
        May.SEE_CASES,
        of_case=lambda number: url_for("complaints.archive_entry", number=number),
    ),
]


# What a part offers to do next about a case (CP-34): words and address, or None where it is not this viewer's to do.
Offer = Callable[[Case, Viewer], tuple[Any, str] | None]
OFFERS: list[Offer] = []


def tabs() -> list[Part]:
    """The parts that the viewer of this page may open."""
    return [part for part in PARTS if part.open_to(me())]


def offers(case: Case, viewer: Viewer) -> list[tuple[Any, str]]:
    """What follows from the case's finding in other parts; no statement is asked for it (CP-34)."""
    return [offered for offer in OFFERS if (offered := offer(case, viewer))]


def to_calls() -> str | None:
    """The calls to make, filtered as they were, for whoever works through them; None for a form from elsewhere."""
    if request.form.get("back") != "calls":
        return None
    asked = dict(parse_qsl(request.form.get("calls", "")[:200]))
    kept: dict[str, Any] = {name: asked[name] for name in ("kind", "mine", "overdue") if name in asked}
    return url_for("complaints.calls", **kept)


def of_case(number: str, viewer: Viewer) -> list[tuple[Any, str]]:
    """Caption and address of what the other parts know about a case; no statement is asked for it."""
    return [(part.label, part.of_case(number)) for part in PARTS if part.of_case and part.open_to(viewer)]
