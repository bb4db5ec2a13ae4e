"""What a technique card must say before it is shown (PG-08, GO-01). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.blueprints.phrases.rules import missing_parts
from portal.blueprints.phrases.technique.codes import Stage
from portal.kernel.workflow import Reason

CLAUSE = "PG-08"


def check(_code: str, body: Mapping[str, Any]) -> list[Reason]:
    """PG-08: what stands against approving a card: its words in both languages, the stage at which it is shown."""
    found = missing_parts(CLAUSE, body, ("title", "points"))
    if body.get("stage") not in set(Stage):
        found.append(Reason(CLAUSE, "technique_stage", {"stages": ", ".join(Stage)}))
    return found
