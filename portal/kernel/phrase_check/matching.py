"""One pattern, looked for in a part of a text in normal form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from portal.kernel.phrase_check import expressions
from portal.kernel.phrase_check.anchors import Anchors, anchors
from portal.kernel.phrase_check.folding import BREAK, LAST_LOOSE, LINE, PAUSE
from portal.kernel.phrase_check.pattern import Pattern, Unreadable, read

_BEFORE = 40  # characters in which what must not stand before is looked for
_BEHIND = 60  # characters in which what takes the edge off is looked for

# What forbids a phrase does not say it: 'we never say …', 'it is not so that …'.
_NOT = (
    "不会|不得|不应该|不应|不该|不可以|不准|不许|不宜|禁止|严禁|杜绝|避免|切勿|请勿|切忌|不再|不允许|并非|并不是|绝不是|不等于|"
    "不代表|不意味|从不|绝不|决不|不能|就不是|这不是|你不是|never|not|avoid"
)
_SAY = "说出|说|讲|回答|答复|回复|使用|用|出现|say|saying|use|tell"
_SO = "随意|随便|轻易|一句|这种|这样|类似|任何"
_TO = "你|客户|对你|对客户|向客户|跟客户|跟你|你们|you|a customer|customers|anyone"


def _guard(pattern: str) -> re.Pattern[str]:
    guard = read(f"!({pattern})x").not_before
    return re.compile(expressions.before(guard) if guard else "x")


_NEGATED = _guard(f"({_NOT})[再|有|{_SAY}][{_TO}|以|让你|让客户|只|简单|觉得|认为|误会|以为|{_SO}]")
_FORBIDDEN = _guard(f"({_NOT}|不要|别)[再|{_TO}][{_SO}]({_SAY})[出|{_TO}][{_SO}]")


@lru_cache(20_000)
def matcher(written: str) -> Matcher:
    """The pattern that was written so; kept, for a new set of rules has mostly the old patterns. Raises Unreadable."""
    pattern = read(written)
    found = anchors(pattern.core)
    if found is None:
        raise Unreadable("nothing-of-its-own", 0)
    return Matcher(pattern, found)


class Matcher:
    """A pattern, ready to be looked for. Its expressions are made when they are first needed."""

    def __init__(self, read: Pattern, found: Anchors) -> None:
        self.read, self.anchors = read, found

    @cached_property
    def core(self) -> re.Pattern[str]:
        """What must be found."""
        return re.compile(expressions.core(self.read))

    @cached_property
    def before(self) -> re.Pattern[str] | None:
        """What must not stand before it."""
        guard = self.read.not_before
        return re.compile(expressions.before(guard)) if guard else None

    @cached_property
    def after(self) -> re.Pattern[str] | None:
        """What must not follow."""
        guard = self.read.not_after
        return re.compile(expressions.after(guard)) if guard else None

    @cached_property
    def eased(self) -> re.Pattern[str] | None:
        """What takes the edge off when it follows."""
        guard = self.read.eased
        return re.compile(expressions.later(guard)) if guard else None

    def spans(self, full: str, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Where the pattern stands in full[low:high]."""
        for match in self.core.finditer(full, low, high):
            start, end = match.span()
            while full[start] <= LAST_LOOSE and start + 1 < end:
                start += 1
            if self._holds(full, start, end):
                yield start, end

    def _holds(self, full: str, start: int, end: int) -> bool:
        if self.read.begins and not _begins(full, start):
            return False
        if self.read.ends and not _ends(full, end):
            return False
        earlier = full[max(0, start - _BEFORE) : start]
        if self.before is not None and self.before.search(earlier):
            return False
        if self.after is not None and self.after.match(full, end):
            return False
        if self.eased is not None and self.eased.search(full[end : end + _BEHIND].partition(BREAK)[0]):
            return False
        return not (_NEGATED.search(earlier) or _FORBIDDEN.search(earlier.rstrip(PAUSE + LINE)))


def _begins(full: str, start: int) -> bool:
    while start and full[start - 1] <= LAST_LOOSE:
        start -= 1
        if full[start] <= PAUSE:
            return True
    return start == 0 or full[start - 1] == BREAK


def _ends(full: str, end: int) -> bool:
    while end < len(full) and full[end] <= LAST_LOOSE:
        if full[end] <= PAUSE:
            return True
        end += 1
    return end == len(full) or full[end] == BREAK
