"""Rules made ready for checking, and the check itself.

One pass of an automaton over the bare form of the text finds pieces that a pattern cannot do without; only where one
stands is that pattern looked at, and only there. An expression is therefore made when its piece is first seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ahocorasick

from portal.kernel.phrase_check import pattern as patterns
from portal.kernel.phrase_check import quoting
from portal.kernel.phrase_check.folding import LAST_LOOSE, PAUSE, Folded, folded
from portal.kernel.phrase_check.rule import Rule
from portal.kernel.phrase_check.severity import Severity

_BEFORE = 40  # characters in which what must not stand before is looked for

# What forbids a phrase does not say it: 'we never say …', 'it is not so that …'.
_NEGATED = patterns.before_expression(
    patterns.read(
        "x!((不会|不得|不应该|不应|不该|不可以|不准|不许|不宜|禁止|严禁|杜绝|避免|切勿|请勿|切忌|不再|不允许|并非|并不是|绝不是|"
        "不等于|不代表|不意味|从不|绝不|决不|请不要|请别|不能|就不是|这不是|你不是|never|notsay|notto|avoid)"
        "[再|有|出现|使用|用|说出|说|讲|回答|答复|回复][你|客户|对你|对客户|向客户|跟客户|跟你|以|让你|让客户|随意|随便|轻易|只|"
        "简单|一句|这种|这样|类似|任何|觉得|认为|误会|以为|say|saying|tellyou|tellacustomer|use])"
    ).not_after  # type: ignore[arg-type]  # the pattern has one
)
_negated = re.compile(_NEGATED)


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a text that a rule is about: text[start:end] is `phrase`."""

    start: int
    end: int
    phrase: str
    severity: Severity
    alternative: str
    alternatives: tuple[str, ...]
    rule: Rule

    def as_json(self) -> dict[str, Any]:
        """What `phrases check` prints of it."""
        reason = self.rule.reason
        return {
            "start": self.start,
            "end": self.end,
            "phrase": self.phrase,
            "severity": self.severity.value,
            "alternative": self.alternative,
            "alternatives": list(self.alternatives),
            "rule": self.rule.code,
            "clause": self.rule.clause,
            "reason": {"zh": reason.zh, "en": reason.en},
        }


@dataclass(frozen=True, slots=True)
class Report:
    """What a check says: the findings in the order of the text, none over another, and the worst severity."""

    severity: Severity
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What `phrases check` prints of a text."""
        return {"severity": self.severity.value, "findings": [each.as_json() for each in self.findings]}


class _Ready:
    """A pattern of a rule, ready to be looked for."""

    def __init__(self, rule: Rule, read: patterns.Pattern) -> None:
        self.rule, self.read = rule, read
        self.reach = patterns.reach(read.core)

    @cached_property
    def core(self) -> re.Pattern[str]:
        """What must be found."""
        return re.compile(patterns.core_expression(self.read))

    @cached_property
    def before(self) -> re.Pattern[str] | None:
        """What must not stand before it."""
        guard = self.read.not_before
        return re.compile(patterns.before_expression(guard)) if guard else None

    @cached_property
    def after(self) -> re.Pattern[str] | None:
        """What must not follow."""
        guard = self.read.not_after
        return re.compile(patterns.after_expression(guard)) if guard else None

    def spans(self, text: Folded, low: int, high: int) -> Iterator[tuple[int, int]]:
        """Where the pattern stands in full[low:high]."""
        full = text.full
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
        return not _negated.search(earlier)


def _begins(full: str, start: int) -> bool:
    while start and full[start - 1] <= LAST_LOOSE:
        start -= 1
        if full[start] == PAUSE:
            return True
    return start == 0


def _ends(full: str, end: int) -> bool:
    while end < len(full) and full[end] <= LAST_LOOSE:
        if full[end] == PAUSE:
            return True
        end += 1
    return end == len(full)


class Checker:
    """A set of rules made ready; pure and safe to share between threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._ready: list[_Ready] = []
        by_piece: dict[str, list[int]] = defaultdict(list)
        for rule in rules:
            for written in rule.patterns:
                try:
                    read = patterns.read(written)
                except patterns.Unreadable:
                    continue
                for piece in patterns.anchors(read.core):
                    by_piece[piece].append(len(self._ready))
                self._ready.append(_Ready(rule, read))
        self._pieces = ahocorasick.Automaton()
        for piece, numbers in by_piece.items():
            self._pieces.add_word(piece, (len(piece), tuple(numbers)))
        if by_piece:
            self._pieces.make_automaton()

    def check(self, text: str, scope: str = "") -> Report:
        """What the rules say about a text of this kind; without a kind every rule counts."""
        seen = folded(text)
        found = self._spans(seen, scope)
        if not found:
            return _CLEAN
        quoted = quoting.exempt(text)
        placed = ((*seen.span(start, end), rule) for start, end, rule in found)
        outside = [
            (start, end, rule)
            for start, end, rule in placed
            if not any(first <= start and end <= last for first, last in quoted)
        ]
        findings = tuple(_finding(text, *each) for each in _apart(outside))
        return (
            Report(max((each.severity for each in findings), key=lambda s: s.height), findings)
            if findings
            else _CLEAN
        )

    def _spans(self, seen: Folded, scope: str) -> list[tuple[int, int, Rule]]:
        found: list[tuple[int, int, Rule]] = []
        for number, windows in self._windows(seen.bare).items():
            ready = self._ready[number]
            if scope and ready.rule.scope and scope not in ready.rule.scope:
                continue
            for low, high in windows:
                first = seen.of_bare[low] if low else 0
                last = seen.of_bare[high] if high < len(seen.of_bare) else len(seen.full)
                found += [(start, end, ready.rule) for start, end in ready.spans(seen, first, last)]
        return found

    def _windows(self, bare: str) -> dict[int, list[list[int]]]:
        """For each pattern whose piece stands in the text: where to look, overlapping places as one."""
        found: dict[int, list[list[int]]] = {}
        if not len(self._pieces):
            return found
        for last, (length, numbers) in self._pieces.iter(bare):
            for number in numbers:
                reach = self._ready[number].reach
                low, high = max(0, last - length - reach), last + reach + 2
                windows = found.setdefault(number, [])
                if windows and low <= windows[-1][1]:
                    windows[-1][0], windows[-1][1] = min(low, windows[-1][0]), max(high, windows[-1][1])
                else:
                    windows.append([low, high])
        return found


_CLEAN = Report(Severity.NONE)


def compile_rules(rules: Iterable[Rule]) -> Checker:
    """The rules, ready for checking. A pattern that cannot be read is left out; `faults` tells of it."""
    return Checker(rules)


def _apart(found: list[tuple[int, int, Rule]]) -> list[tuple[int, int, Rule]]:
    """Of findings over one another the worst, of equal ones the longest; in the order of the text."""
    taken: list[tuple[int, int, Rule]] = []
    covered: set[int] = set()
    for start, end, rule in sorted(
        found, key=lambda f: (-f[2].severity.height, f[0] - f[1], f[0], f[2].code)
    ):
        places = range(start, end)
        if covered.isdisjoint(places):
            covered.update(places)
            taken.append((start, end, rule))
    return sorted(taken, key=lambda f: f[0])


def _finding(text: str, start: int, end: int, rule: Rule) -> Finding:
    first = rule.alternatives[0] if rule.alternatives else ""
    return Finding(start, end, text[start:end], rule.severity, first, rule.alternatives, rule)
