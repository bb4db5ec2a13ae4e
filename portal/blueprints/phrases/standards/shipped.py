"""The chapters that the portal comes with, read from the file beside."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from portal.kernel.clauses import Words
from portal.kernel.documents import Body

FILE = Path(__file__).with_name("standards.toml")
NAMES = ("clause", "title", "title_en", "intro", "intro_en", "when", "when_en", "every_days", "items")

MAY = ("departments", "steps")  # empty where the file says nothing


@cache
def _read() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))["standard"]
    return found


def chapters() -> Iterable[tuple[str, Body]]:
    """Code and body of each."""
    for row in _read():
        yield row["code"], {name: row[name] for name in NAMES} | {name: row.get(name, "") for name in MAY}


def title(body: Body) -> Words:
    """What a list calls a chapter."""
    return Words(body["title"], body["title_en"])
