"""Rules made ready for checking, and the check itself.

One pass of an automaton over the bare form of the text finds pieces that a pattern cannot do without; only where one
stands is that pattern looked at, and only there. An expression is therefore made when its piece is first seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import ahocorasick

from portal.kernel.phrase_check import quoting
from portal.kernel.phrase_check.folding import PAUSES, Folded, folded
from portal.kernel.phrase_check.matching import Matcher, matcher
from portal.kernel.phrase_check.pattern import Unreadable
from portal.kernel.phrase_check.rule import Rule
from portal.kernel.phrase_check.severity import Severity


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


class Checker:
    """A set of rules made ready; pure and safe to share between threads."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._ready: list[tuple[Matcher, Rule]] = []
        by_piece: dict[str, list[int]] = defaultdict(list)
        for rule in rules:
            for written in rule.patterns:
                try:
                    found = matcher(written)
                except Unreadable:
                    continue
                for piece in found.anchors.pieces:
                    by_piece[piece].append(len(self._ready))
                self._ready.append((found, rule))
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
        findings = tuple(_finding(text, *each) for each in _apart(text, outside))
        return (
            Report(max((each.severity for each in findings), key=lambda s: s.height), findings)
            if findings
            else _CLEAN
        )

    def _spans(self, seen: Folded, scope: str) -> list[tuple[int, int, Rule]]:
        found: list[tuple[int, int, Rule]] = []
        for number, windows in self._windows(seen.bare).items():
            looked_for, rule = self._ready[number]
            if scope and rule.scope and scope not in rule.scope:
                continue
            for low, high in windows:
                if not looked_for.anchors.plausible(seen.bare[low:high]):
                    continue
                first = seen.of_bare[low] if low else 0
                last = seen.of_bare[high] if high < len(seen.of_bare) else len(seen.full)
                found += [(start, end, rule) for start, end in looked_for.spans(seen.full, first, last)]
        return found

    def _windows(self, bare: str) -> dict[int, list[list[int]]]:
        """For each pattern whose piece stands in the text: where to look, overlapping places as one."""
        found: dict[int, list[list[int]]] = {}
        if not len(self._pieces):
            return found
        for last, (length, numbers) in self._pieces.iter(bare):
            for number in numbers:
                anchors = self._ready[number][0].anchors
                first = last - length + 1
                low, high = max(0, first - anchors.before), first + anchors.after + 1
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


def _apart(text: str, found: list[tuple[int, int, Rule]]) -> list[tuple[int, int, Rule]]:
    """Of findings over one another the worst, of equal ones one without a pause, then the longest; as they stand."""
    taken: list[tuple[int, int, Rule]] = []
    covered: set[int] = set()

    def order(one: tuple[int, int, Rule]) -> tuple[int, bool, int, int, str]:
        start, end, rule = one
        pauses = not PAUSES.isdisjoint(text[start:end])  # words of two sentences are seldom one phrase
        return -rule.severity.height, pauses, start - end, start, rule.code

    for start, end, rule in sorted(found, key=order):
        places = range(start, end)
        if covered.isdisjoint(places):
            covered.update(places)
            taken.append((start, end, rule))
    return sorted(taken, key=lambda f: f[0])


def _finding(text: str, start: int, end: int, rule: Rule) -> Finding:
    first = rule.alternatives[0] if rule.alternatives else ""
    return Finding(start, end, text[start:end], rule.severity, first, rule.alternatives, rule)
