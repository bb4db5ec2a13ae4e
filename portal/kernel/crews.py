"""Who works where besides a department: the seam between what asks for such people and the area that knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Crew:
    """Some people under one name, such as those who may take a post."""

    code: str
    name: str
    name_en: str
    people: frozenset[int]


# Each answers with its crews as they are today; an area adds its own.
PROVIDERS: list[Callable[[], Iterable[Crew]]] = []


def current() -> dict[str, Crew]:
    """Every crew by its code."""
    return {crew.code: crew for provide in PROVIDERS for crew in provide()}
