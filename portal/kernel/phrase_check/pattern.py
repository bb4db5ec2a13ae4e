"""The language of patterns: what the office writes, read into a tree. docs/phrase-rules.md explains it to people.

    急什么          these characters, whatever is put between them
    (急|催)什么     one of several
    [你]急          may be left out
    <你>急          a list of words by its name
    没有{3}办法     up to three other characters (or words of English) between
    !(别|着)急      not directly after one of these; at the end: not directly before one of these
    ^不清楚$        only where a clause begins, and where it ends

No part may repeat without a bound, so that no pattern can be slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from portal.kernel.phrase_check import words
from portal.kernel.phrase_check.folding import BLANK, LAST_LOOSE, PAUSE, bare, fold

WIDEST = 8  # characters a gap may have
MOST_GAPS = 3
DEEPEST = 4
LONGEST = 600  # characters a pattern may have
SIGNS = "()[]{}<>!^$|"


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


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several sequences, or none of them where it may be left out."""

    ways: tuple[Sequence, ...]
    optional: bool


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


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def pattern(self) -> Pattern:
        before, begins = self._guards_before()
        core = self._items("!$")
        after, ends = self._guards_after()
        if self.at < len(self.text):
            raise Unreadable("sign-out-of-place", self.at)
        gaps = [item for item in _deep(core) if isinstance(item, Gap)]
        if len(gaps) > MOST_GAPS:
            raise Unreadable("too-many-gaps", 0)
        if not core:
            raise Unreadable("empty", 0)
        if isinstance(core[0], Gap) or isinstance(core[-1], Gap):
            raise Unreadable("gap-at-the-edge", 0)
        return Pattern(core, before, after, begins, ends)

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

    def _guards_after(self) -> tuple[OneOf | None, bool]:
        guard, ends = None, False
        while self.at < len(self.text):
            if self._next("$"):
                ends = True
            elif guard is None and self._next("!"):
                guard = self._guard()
            else:
                break
        return guard, ends

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
        return Letters("".join(c for c in fold(char) if c not in (BLANK, PAUSE)))

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


def _deep(sequence: Sequence) -> Iterator[Item]:
    for item in sequence:
        yield item
        if isinstance(item, OneOf):
            for way in item.ways:
                yield from _deep(way)


# ---------------------------------------------------------------- what must stand in a text that it hits

MOST_ANCHORS = 40
_LATIN_WORD = 14


def anchors(core: Sequence) -> frozenset[str]:
    """Pieces one of which stands in the bare form of every text that the core hits; empty when there are none."""
    return max(_candidates(core), key=_worth, default=frozenset())


def _worth(pieces: frozenset[str]) -> tuple[int, int]:
    return (min(map(len, pieces)), -len(pieces))


def _candidates(core: Sequence) -> Iterator[frozenset[str]]:
    run: frozenset[str] = frozenset({""})
    for item in (*core, Gap(1)):
        exact = _exact(item)
        if exact is not None and len(run) * len(exact) <= MOST_ANCHORS:
            run = frozenset(left + right for left in run for right in exact)
            continue
        if all(pieces := frozenset(map(bare, run))):
            yield pieces
        run = frozenset({""}) if exact is None else exact
        if isinstance(item, OneOf) and exact is None and not item.optional:
            inner = [anchors(way) for way in item.ways]
            if all(inner):
                yield frozenset().union(*inner)


@cache
def _exact(item: Item) -> frozenset[str] | None:
    """Everything the item can be, when that is little."""
    if isinstance(item, Letters):
        return frozenset({item.text})
    if isinstance(item, Gap):
        return None
    found = {""} if item.optional else set()
    for way in item.ways:
        run = {""}
        for inner in way:
            exact = _exact(inner)
            if exact is None:
                return None
            run = {left + right for left in run for right in exact}
            if len(run) > MOST_ANCHORS:
                return None
        found |= run
    return frozenset(found) if len(found) <= MOST_ANCHORS else None


def reach(core: Sequence) -> int:
    """The most characters of the bare form that the core can cover."""
    return sum(_reach(item) for item in core)


@cache
def _reach(item: Item) -> int:
    if isinstance(item, Letters):
        return len(item.text)
    if isinstance(item, Gap):
        return item.most * _LATIN_WORD
    return max(map(reach, item.ways))


def latin(core: Sequence) -> bool:
    """Whether it holds letters or digits that make words with blanks between."""
    return any(
        isinstance(i, Letters) and any(c.isascii() and c.isalnum() for c in i.text) for i in _deep(core)
    )


# ---------------------------------------------------------------- as an expression

_LOOSE = f"{PAUSE}-{LAST_LOOSE}"
_WITHIN = f"[{_LOOSE}]*"
_NEAR = f"[{BLANK}-{LAST_LOOSE}]*"
EDGE = "(?:(?<![a-z0-9])|(?![a-z0-9]))"


class Writer:
    """Writes a tree as an expression in which every repetition is bounded by the normal form of the text."""

    def __init__(self, joint: str) -> None:
        self.joint, self.gaps = joint, 0

    def sequence(self, items: Sequence, joint: str) -> str:
        """The expression of a sequence; `joint` is what may stand before its first character."""
        found = []
        for item in items:
            found.append(self._item(item, joint))
            joint = self.joint
        return "".join(found)

    def one_of(self, item: OneOf, joint: str) -> str:
        """The expression of a choice."""
        ways = "|".join(self.sequence(way, "") for way in item.ways)
        if item.optional:
            return f"(?:{joint}(?:{ways}))?"
        return f"{joint}(?:{ways})"

    def _item(self, item: Item, joint: str) -> str:
        if isinstance(item, Letters):
            return self._letters(item.text, joint)
        if isinstance(item, OneOf):
            return self.one_of(item, joint)
        self.gaps += 1
        name = f"g{self.gaps}"
        other = f"(?<![a-z0-9])[a-z0-9]++|(?P<{name}>[^a-z0-9{_LOOSE}])(?P={name})*"
        return f"(?:{self.joint}(?:{other})){{0,{item.most}}}?"

    def _letters(self, text: str, joint: str) -> str:
        found = []
        for number, char in enumerate(text):
            # A character that is written three times is never seen more often.
            found.append(f"{joint if number == 0 else self.joint}{_escaped(char)}+")
        return "".join(found)


def _escaped(char: str) -> str:
    return char if char.isalnum() else f"\\{char}"


def core_expression(pattern: Pattern) -> str:
    """What the pattern must find."""
    written = Writer(_WITHIN).sequence(pattern.core, "")
    return f"{EDGE}{written}{EDGE}" if latin(pattern.core) else written


def before_expression(guard: OneOf) -> str:
    """What must not stand directly before; within the same clause."""
    return f"{EDGE}{Writer(_NEAR).one_of(guard, '')}{_NEAR}\\Z"


def after_expression(guard: OneOf) -> str:
    """What must not follow directly; within the same clause."""
    return f"{_NEAR}{Writer(_NEAR).one_of(guard, '')}{EDGE}"
