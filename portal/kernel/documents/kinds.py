"""Kinds of documents: each area plugs in what its own are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.kernel.clauses import Words
from portal.kernel.rights import May
from portal.kernel.workflow import Reason

Body = Mapping[str, Any]


def _sound(_code: str, _body: Body) -> Iterable[Reason]:
    return ()


def _nothing() -> Iterable[tuple[str, Body]]:
    return ()


@dataclass(frozen=True)
class Kind:
    """One kind of document.

    `title(body)` is what a list calls it. `shipped()` gives the code and body of each that the portal comes with.
    `check(code, body)` is asked before a version is submitted and again before it is approved: everything that is wrong
    with it. `proposer` is the right that a proposal asks for; who approves is always the general office. `clause` is the
    one that its history names.
    """

    name: str  # at most 24 characters
    title: Callable[[Body], Words]
    shipped: Callable[[], Iterable[tuple[str, Body]]] = _nothing
    check: Callable[[str, Body], Iterable[Reason]] = _sound
    proposer: May = May.USE_PORTAL
    clause: str = "GO-01"


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Take in a kind; again without harm."""
    KINDS[kind.name] = kind
