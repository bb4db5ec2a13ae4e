"""The language of patterns: what the office writes, read into a tree. docs/phrase-rules.md explains it to people.

    急什么          these characters, whatever is put between them
    (急|催)什么     one of several
    [你]急          may be left out
    <你>急          a list of words by its name
    没有{3}办法     up to three other characters (or words of English) between
    !(别|着)急      not directly after one of these; at the end: not directly before one of these
    没法办~(我来)   not where one of these follows later in the sentence
    ^不清楚$        only where a clause begins, and where it ends

No part may repeat without a bound, and one text may be read in so many ways only, so that no pattern can be slow.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod

from portal.kernel.phrase_check import words
from portal.kernel.phrase_check.folding import BLANK, LINE, PAUSE, fold

WIDEST = 8  # characters a gap may have
MOST_GAPS = 3
DEEPEST = 4
LONGEST = 600  # characters a pattern may have
SIGNS = "()[]{}<>!^$|~"
MOST_EXACT = 60  # texts that a stretch of a pattern may be for all of them to be looked for
LATIN_WORD = 12  # characters of a word of English in a gap
MOST_TEXTS = 300  # that a choice is written out into, to count in how many ways one text is read
MOST_READINGS = 4_096  # each is tried before a text is found not to be meant: some milliseconds


class Unreadable(ValueError):
    """The pattern cannot be read: `code` says why, `at` where, counted from 0."""

    def __init__(self, code: str, at: int) -> None:
        super().__init__(f"{code} at {at}")
        self.code, self.at = code, at


@dataclass(frozen=True, slots=True)
class Letters:
    """Characters in normal form."""

    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to so many other characters."""

    most: int


@dataclass(frozen=True)
class OneOf:
    """One of several sequences, or none of them where it may be left out."""

    ways: tuple[Sequence, ...]
    optional: bool

    @cached_property
    def exact(self) -> frozenset[str] | None:
        """Everything it can be, when that is little."""
        found = {""} if self.optional else set()
        for way in self.ways:
            run = {""}
            for inner in way:
                pieces = exact(inner)
                if pieces is None or len(run) * len(pieces) > MOST_EXACT:
                    return None
                run = {left + right for left in run for right in pieces}
            found |= run
        return frozenset(found) if len(found) <= MOST_EXACT else None

    @cached_property
    def reach(self) -> int:
        """The most characters of the bare form that it can cover."""
        return max(map(reach, self.ways))

    @cached_property
    def readings(self) -> int:
        """In how many ways one and the same text can be read as this choice, at the most."""
        texts = self.texts
        if texts is None:
            return sum(map(readings, self.ways)) + self.optional
        times = Counter(texts)
        return max(sum(times[text[:end]] for end in range(len(text) + 1)) for text in times)

    @cached_property
    def texts(self) -> list[str] | None:
        """Everything it can be, each as often as it is written; None when that is too much to write out."""
        found = [""] if self.optional else []
        for way in self.ways:
            run = [""]
            for item in way:
                pieces = _texts(item)
                if pieces is None or len(run) * len(pieces) > MOST_TEXTS:
                    return None
                run = [left + right for left in run for right in pieces]
            found += run
        return found if len(found) <= MOST_TEXTS else None

    @cached_property
    def gaps(self) -> int:
        """How many gaps it holds."""
        return sum(gaps(way) for way in self.ways)

    @cached_property
    def latin(self) -> bool:
        """Whether it holds letters that make words with blanks between."""
        return any(map(latin, self.ways))


Item = Letters | Gap | OneOf
Sequence = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read."""

    core: Sequence
    not_before: OneOf | None = None
    not_after: OneOf | None = None
    begins: bool = False
    ends: bool = False
    eased: OneOf | None = None  # what takes the edge off when it follows later in the sentence


def read(text: str) -> Pattern:
    """The tree of a pattern. Raises Unreadable, which says what is wrong and where."""
    if len(text) > LONGEST:
        raise Unreadable("too-long", LONGEST)
    return _Reader(text).pattern()


@cache
def named(name: str) -> OneOf | None:
    """The list of words with this name."""
    for names, ways in words.LISTS.items():
        if name in names:
            return OneOf(_Reader(ways).ways(""), optional=False)
    return None


_NO_MARKS = {ord(mark): None for mark in (LINE, PAUSE, BLANK)}


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def pattern(self) -> Pattern:
        before, begins = self._guards_before()
        core = self._items("!$~")
        after, ends, eased = self._guards_after()
        if self.at < len(self.text):
            raise Unreadable("sign-out-of-place", self.at)
        if not core:
            raise Unreadable("empty", 0)
        if gaps(core) > MOST_GAPS:
            raise Unreadable("too-many-gaps", 0)
        if isinstance(core[0], Gap) or isinstance(core[-1], Gap):
            raise Unreadable("gap-at-the-edge", 0)
        guards = [(guard,) for guard in (before, after) if guard]
        if any(readings(part) > MOST_READINGS for part in (core, *guards)):
            raise Unreadable("too-many-readings", 0)
        return Pattern(core, before, after, begins, ends, eased)

    def ways(self, closing: str) -> tuple[Sequence, ...]:
        """Sequences parted by bars, up to the closing sign."""
        opened = self.at
        found = [self._items("|" + closing)]
        while self._next("|"):
            found.append(self._items("|" + closing))
        if closing and not self._next(closing):
            raise Unreadable("not-closed", max(0, opened - 1))
        if not all(found):
            raise Unreadable("empty-choice", opened)
        return tuple(found)

    def _guards_before(self) -> tuple[OneOf | None, bool]:
        guard, begins = None, False
        while True:
            if self._next("^"):
                begins = True
            elif guard is None and self._next("!"):
                guard = self._guard()
            else:
                return guard, begins

    def _guards_after(self) -> tuple[OneOf | None, bool, OneOf | None]:
        guard, ends, eased = None, False, None
        while self.at < len(self.text):
            if self._next("$"):
                ends = True
            elif guard is None and self._next("!"):
                guard = self._guard()
            elif eased is None and self._next("~"):
                eased = self._guard()
            else:
                break
        return guard, ends, eased

    def _guard(self) -> OneOf:
        if not self._next("("):
            raise Unreadable("guard-without-choice", self.at)
        return OneOf(self.ways(")"), optional=False)

    def _items(self, until: str) -> Sequence:
        found: list[Item] = []
        while self.at < len(self.text) and self.text[self.at] not in until:
            found.append(self._item())
        return _joined(found)

    def _item(self) -> Item:
        at, char = self.at, self.text[self.at]
        self.at += 1
        if char in "([":
            self.depth += 1
            if self.depth > DEEPEST:
                raise Unreadable("too-deep", at)
            group = OneOf(self.ways(")" if char == "(" else "]"), optional=char == "[")
            self.depth -= 1
            return group
        if char == "<":
            listed = named(self._up_to(">", at))
            if listed is None:
                raise Unreadable("no-such-list", at)
            return listed
        if char == "{":
            width = self._up_to("}", at)
            if not (width.isascii() and width.isdigit() and 1 <= int(width) <= WIDEST):
                raise Unreadable("gap-width", at)
            return Gap(int(width))
        if char in SIGNS:
            raise Unreadable("sign-out-of-place", at)
        while self.at < len(self.text) and self.text[self.at] not in SIGNS:
            self.at += 1
        return Letters("".join(map(fold, self.text[at : self.at])).translate(_NO_MARKS))

    def _up_to(self, closing: str, opened: int) -> str:
        end = self.text.find(closing, self.at)
        if end < 0:
            raise Unreadable("not-closed", opened)
        inside, self.at = self.text[self.at : end], end + 1
        return inside.strip()

    def _next(self, sign: str) -> bool:
        if self.text[self.at : self.at + 1] == sign:
            self.at += 1
            return True
        return False


def _joined(items: list[Item]) -> Sequence:
    """Letters that stand side by side as one piece; what was only a blank is gone."""
    found: list[Item] = []
    for item in items:
        if isinstance(item, Letters):
            if found and isinstance(found[-1], Letters):
                found[-1] = Letters(found[-1].text + item.text)
            elif item.text:
                found.append(item)
        else:
            found.append(item)
    return tuple(found)


def gaps(sequence: Sequence) -> int:
    """How many gaps a sequence holds."""
    return sum(item.gaps if isinstance(item, OneOf) else isinstance(item, Gap) for item in sequence)


def readings(sequence: Sequence) -> int:
    """In how many ways one and the same text can be read as this sequence, at the most."""
    return prod(item.readings if isinstance(item, OneOf) else _widths(item) for item in sequence)


def _texts(item: Item) -> list[str] | None:
    if isinstance(item, Letters):
        return [item.text]
    return None if isinstance(item, Gap) else item.texts


def _widths(item: Letters | Gap) -> int:
    return item.most + 1 if isinstance(item, Gap) else 1


def reach(sequence: Sequence) -> int:
    """The most characters of the bare form that a sequence can cover."""
    return sum(map(item_reach, sequence))


def item_reach(item: Item) -> int:
    """The most characters of the bare form that an item can cover."""
    if isinstance(item, Letters):
        return len(item.text)
    return item.most * LATIN_WORD if isinstance(item, Gap) else item.reach


def latin(sequence: Sequence) -> bool:
    """Whether it holds letters or digits that make words with blanks between."""
    return any(_latin(item) for item in sequence)


def _latin(item: Item) -> bool:
    if isinstance(item, Letters):
        return any(char.isascii() and char.isalnum() for char in item.text)
    return isinstance(item, OneOf) and item.latin


def exact(item: Item) -> frozenset[str] | None:
    """Everything the item can be, when that is little."""
    if isinstance(item, Letters):
        return frozenset({item.text})
    return None if isinstance(item, Gap) else item.exact
