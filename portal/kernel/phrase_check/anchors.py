"""Which pieces a pattern cannot do without: where none of them stands, it need not be looked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from portal.kernel.phrase_check.folding import bare
from portal.kernel.phrase_check.pattern import (
    MOST_EXACT,
    Gap,
    Letters,
    OneOf,
    Sequence,
    exact,
    item_reach,
    reach,
)

_COMMON = frozenset(
    "的一是不了在有我你他这个们来到时大地为子中说上就那和要也得里后自以会可下而过天去能对小多都好看没"
    "只事还用想从但现前同又行意方回给法间知次什问理点定本做真打再等先别让把很太怎么人办"
)


@dataclass(frozen=True, slots=True)
class Anchors:
    """Pieces one of which stands in the bare form of every text that a pattern hits.

    The hit begins at most `before` characters before the piece and ends at most `after` characters behind its first.
    """

    pieces: frozenset[str]
    before: int
    after: int
    needs: tuple[frozenset[str], ...] = ()

    def plausible(self, near: str) -> bool:
        """Whether a stretch of the bare form has a character of each of the other parts, too."""
        return not any(need.isdisjoint(near) for need in self.needs)


def anchors(core: Sequence) -> Anchors | None:
    """The rarest pieces that the sequence cannot do without; None when there are none."""
    for _, written, before, after in sorted(_candidates(core), key=itemgetter(0)):
        pieces = frozenset(map(bare, written))
        if all(pieces):
            return Anchors(pieces, before, after, tuple(_needs(core)))
    return None


_Candidate = tuple[float, Collection[str], int, int]  # how often met, the pieces, before, after


def _candidates(core: Sequence) -> Iterator[_Candidate]:
    """Stretches of the sequence that are one of a few texts, and choices whose every way has such a stretch."""
    whole, passed = reach(core), 0
    for place, item in enumerate(core):
        texts = exact(item)
        if texts is None:
            if isinstance(item, OneOf) and not item.optional:
                yield from _inside(item, passed, whole)
        elif "" not in texts:
            yield from _stretches(texts, core[place + 1 :], passed, whole - passed)
        passed += item_reach(item)


def _stretches(pieces: Collection[str], rest: Sequence, before: int, after: int) -> Iterator[_Candidate]:
    yield sum(map(_frequency, pieces)), pieces, before, after
    for item in rest:
        texts = exact(item)
        if texts is None or len(pieces) * len(texts) > MOST_EXACT:
            return
        pieces = [left + right for left in pieces for right in texts]
        if "" not in texts:  # a longer piece that need not be there helps nobody
            yield sum(map(_frequency, pieces)), pieces, before, after


def _inside(item: OneOf, passed: int, whole: int) -> Iterator[_Candidate]:
    found = [anchors(way) for way in item.ways]
    pieces = [each.pieces for each in found if each is not None]
    if len(pieces) == len(found):
        together = frozenset().union(*pieces)
        yield sum(map(_frequency, together)), together, passed + item.reach, whole - passed


def _needs(core: Sequence) -> Iterator[frozenset[str]]:
    """For each part that may not be left out, characters one of which is in every text of it."""
    for item in core:
        if isinstance(item, Gap) or (isinstance(item, OneOf) and item.optional):
            continue
        ways = item.ways if isinstance(item, OneOf) else ((item,),)
        signs = [_rarest(way) for way in ways]
        if all(signs):
            yield frozenset(signs)


def _rarest(way: Sequence) -> str:
    """A character that no text of the way is without; empty when none is known."""
    seen = "".join(bare(item.text) for item in way if isinstance(item, Letters))
    return min(seen, key=lambda sign: sign in _COMMON, default="")


@lru_cache(20_000)
def _frequency(piece: str) -> float:
    """How often a piece is met, roughly: what a look at the place costs."""
    seen = bare(piece)
    common = sum(char in _COMMON for char in seen)
    if len(seen) < 2:
        return 50.0 if common else 6.0
    return (4.0 if common == len(seen) else 1.0) * 0.2 ** (len(seen) - 2)
