"""The technique cards in force: by the stage of a talk, by the state of a case (PG-08)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from portal.blueprints.phrases import shipped

SHIPPED = Path(__file__).parent / "shipped.toml"


def cards() -> list[tuple[str, Mapping[str, Any]]]:
    """Code and body of every card, in the order of a talk."""
    return list(shipped.cards(SHIPPED))


def of_stage(stage: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What helps at this stage of a talk."""
    return (found for found in cards() if stage and stage in found[1].get("stages", ()))


def of_state(state: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What helps while a case is in this state."""
    return (found for found in cards() if state and state in found[1].get("states", ()))
