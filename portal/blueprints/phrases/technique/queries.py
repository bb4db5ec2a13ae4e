"""The technique cards in force: by the stage of a talk, by the state of a case (PG-08)."""

from __future__ import annotations

from portal.blueprints.phrases.technique.documents import NAME
from portal.kernel import documents
from portal.kernel.documents import Current


def cards() -> list[Current]:
    """Every card, in the order of a talk; asked again it costs no statement."""
    return documents.in_force(NAME)


def of_stage(stage: str) -> list[Current]:
    """What helps at this stage of a talk."""
    return [card for card in cards() if card.body["stage"] == stage]


def of_state(state: str) -> list[Current]:
    """What helps while a case is in this state."""
    return [card for card in cards() if state in card.body.get("states", ())]
