"""A pattern as a regular expression over the normal form of a text.

Nothing in it repeats without a bound: the normal form has no character more than three times running and few marks and
particles between two characters.
"""

from __future__ import annotations

from portal.kernel.phrase_check.folding import BLANK, BREAK, LAST_LOOSE, LINE, PAUSE
from portal.kernel.phrase_check.pattern import Item, Letters, OneOf, Pattern, Sequence, latin

_LOOSE = f"{LINE}-{LAST_LOOSE}"
_WITHIN = f"[{_LOOSE}]*"
_NEAR = f"[{BLANK}-{LAST_LOOSE}]*"
# Without it the first of several ways would be taken and found not to end where it must.
_END = f"(?=[{BLANK}-{LAST_LOOSE}]*(?:[{LINE}{PAUSE}{BREAK}]|\\Z))"
_EDGE = "(?:(?<![a-z0-9])|(?![a-z0-9]))"


class _Writer:
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
        other = f"(?<![a-z0-9])[a-z0-9]++|(?P<{name}>[^a-z0-9{_LOOSE}{BREAK}])(?P={name})*"
        return f"(?:{self.joint}(?:{other})){{0,{item.most}}}?"

    def _letters(self, text: str, joint: str) -> str:
        found = []
        for number, char in enumerate(text):
            sign = char if char.isalnum() else f"\\{char}"
            # Written so and not with a plus, a way that begins otherwise is passed over at once.
            found.append(f"{self.joint if number else joint}{sign}{sign}*")
        return "".join(found)


def core(pattern: Pattern) -> str:
    """What the pattern must find."""
    written = _Writer(_WITHIN).sequence(pattern.core, "") + (_END if pattern.ends else "")
    return f"{_EDGE}{written}{_EDGE}" if latin(pattern.core) else written


def before(guard: OneOf) -> str:
    """What must not stand directly before; within the same clause."""
    return f"{_EDGE}{_Writer(_NEAR).one_of(guard, '')}{_NEAR}\\Z"


def after(guard: OneOf) -> str:
    """What must not follow directly; within the same clause."""
    return f"{_NEAR}{_Writer(_NEAR).one_of(guard, '')}{_EDGE}"


def later(guard: OneOf) -> str:
    """What must not follow somewhere behind it."""
    return f"{_EDGE}{_Writer(_NEAR).one_of(guard, '')}{_EDGE}"
