"""What an area of many parts shows the portal: the words of every part, put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def words_of(parts: Iterable[Any], name: str) -> dict[Any, Any]:
    """The table of that name in the labels of every part, put together; tables in a table are joined as well."""
    found: dict[Any, Any] = {}
    for part in parts:
        for key, words in getattr(part.labels, name, {}).items():
            both = isinstance(words, dict) and isinstance(found.get(key), dict)
            found[key] = found[key] | words if both else words
    return found
