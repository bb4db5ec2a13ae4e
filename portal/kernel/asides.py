"""What another area lays beside a thing that is worked on: a few lines at the right moment. An area adds its own.

They are read on pages that ask many times a minute: what makes them asks the database for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.kernel.people import Viewer


@dataclass(frozen=True)
class About:
    """What is worked on, in codes: the kind of customer, the stage of the matter, how it came."""

    customer_type: str = ""
    stage: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Aside:
    """One card: its title, its clause and address, its groups of lines; those of a group may be said to a customer."""

    title: str
    clause: str
    address: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Group:
    """Lines under a caption; `spoken` ones are meant for the customer, and can be copied."""

    caption: str
    lines: tuple[str, ...]
    spoken: bool = False


PROVIDERS: list[Callable[[Viewer, About], Iterable[Aside]]] = []


def beside(viewer: Viewer, about: About) -> list[Aside]:
    """Every card that fits."""
    return [aside for provider in PROVIDERS for aside in provider(viewer, about)]
