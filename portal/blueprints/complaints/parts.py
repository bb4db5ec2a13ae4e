"""The parts of complaint handling that have pages of their own: the tabs above them, and the links from a case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from flask import request, url_for

from portal.blueprints.complaints.models import Case
from portal.i18n import _l
from portal.kernel.people import Viewer
from portal.kernel.rights import May, Role
from portal.parts import Part, Parts

PARTS = Parts(
    [
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
            of=lambda number: url_for("complaints.improvements", case=number),
            shown=lambda viewer: viewer.may(May.MANAGE_OFFICE) or viewer.is_manager or bool(viewer.leads),
        ),
        Part(
            _l("Archive"),
            "complaints.archive_list",
            May.SEE_CASES,
            of=lambda number: url_for("complaints.archive_entry", number=number),
        ),
    ]
)


# What a part offers to do next about a case (CP-34): words and address, or None where it is not this viewer's to do.
Offer = Callable[[Case, Viewer], tuple[Any, str] | None]
OFFERS: list[Offer] = []


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
