"""The documents that come with the portal, read once from their files."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

Shipped = tuple[tuple[str, dict[str, Any]], ...]


@cache
def files(folder: Path) -> Shipped:
    """Every file of a folder, one document each: its name is the code."""
    return tuple((path.stem, _read(path)) for path in sorted(folder.glob("*.toml")))


@cache
def cards(path: Path) -> Shipped:
    """The cards of one file, in its order; each bears its code."""
    return tuple((card.pop("code"), card) for card in _read(path)["cards"])


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
