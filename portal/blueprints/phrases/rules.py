"""What holds for every card of the phrases, whatever it is about; pure (GO-01)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.kernel.workflow import Reason


def missing_parts(clause: str, body: Mapping[str, Any], names: Iterable[str]) -> list[Reason]:
    """GO-01: every part of a card stands in both languages, or it is told which does not."""
    return [
        Reason(clause, "card_part_missing", {"part": name})
        for name in names
        if not (body.get(name) and body.get(f"{name}_en"))
    ]
