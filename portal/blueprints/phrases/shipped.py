"""The documents that come with the portal, read once from their files; lists as they are typed."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

Shipped = tuple[tuple[str, dict[str, Any]], ...]


@cache
def read(path: Path) -> dict[str, Any]:
    """What stands in one file; shared by all who read it, never changed."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def cards(path: Path) -> Shipped:
    """The cards of one file, in its order; each bears its code."""
    every = (dict(card) for card in read(path)["cards"])
    return tuple((card.pop("code"), card) for card in every)


def lines_of(text: str) -> list[str]:
    """The lines that somebody typed, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
