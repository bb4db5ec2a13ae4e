"""The customer types in force (PG-07)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portal.blueprints.phrases import shipped

SHIPPED = Path(__file__).parent / "shipped.toml"


def types() -> list[tuple[str, Mapping[str, Any]]]:
    """Code and body of every type, in the order of the field on a case."""
    return list(shipped.cards(SHIPPED))


def type_of(code: str) -> Mapping[str, Any] | None:
    """The type of that code."""
    return dict(types()).get(code)
