"""What a technique card must say before it is shown (PG-08, GO-01). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.blueprints.phrases.technique.codes import Stage
from portal.kernel.workflow import Reason

CLAUSE = "PG-08"


def check(_code: str, body: Mapping[str, Any]) -> list[Reason]:
    """Everything that stands against approving a card: its words in both languages, and the stage at which it is shown."""
    found = [
        Reason(CLAUSE, "card_part_missing", {"part": name})
        for name in ("title", "points")
        if not body.get(name) or not body.get(f"{name}_en")
    ]
    if body.get("stage") not in set(Stage):
        found.append(Reason(CLAUSE, "technique_stage", {"stages": ", ".join(Stage)}))
    return found
