"""What the phrases lay beside a case: the card of its customer's type, and what helps in its state (PG-07, PG-08).

Documents are kept in memory: no statement is asked for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app

from portal.blueprints.phrases import wording
from portal.blueprints.phrases.customers import queries as customers
from portal.blueprints.phrases.customers.labels import PART_WORDS
from portal.blueprints.phrases.technique import queries as technique
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel.asides import About, Aside, Group
from portal.kernel.documents import Current
from portal.kernel.people import Viewer

BRIEF = ("answer", "avoid", "phrases")  # of a type, beside a case; its page has the rest


def of_case(viewer: Viewer, about: About) -> Iterator[Aside]:
    """PG-07, PG-08: the type's card first, then the technique of the stage."""
    if found := customers.type_of(about.customer_type):
        yield of_type(found, viewer, BRIEF)
    for card in technique.of_state(about.stage):
        yield of_technique(card)


def of_type(found: Current, viewer: Viewer, parts: tuple[str, ...]) -> Aside:
    """PG-07: a customer type as a card of those parts."""
    known = {"company": current_app.config["SETTINGS"].company, "me": name_of(viewer.id)}
    groups = tuple(
        Group(
            str(PART_WORDS[part]),
            tuple(wording.filled(line, known) for line in wording.lines(found.body, part)),
            spoken=part == "phrases",
        )
        for part in parts
    )
    return Aside(wording.said(found.body, "title"), "PG-07", f"/phrases/customers/#{found.code}", groups)


def of_technique(card: Current) -> Aside:
    """PG-08: a technique card."""
    points = Group(_("Keep in mind"), wording.lines(card.body, "points"))
    return Aside(wording.said(card.body, "title"), "PG-08", f"/phrases/scripts/#{card.code}", (points,))
