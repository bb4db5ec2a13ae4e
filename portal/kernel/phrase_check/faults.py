"""Why a rule cannot be used as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.kernel import clauses
from portal.kernel.phrase_check.checker import compile_rules
from portal.kernel.phrase_check.matching import matcher
from portal.kernel.phrase_check.pattern import Unreadable, reach
from portal.kernel.phrase_check.rule import Rule
from portal.kernel.phrase_check.severity import Severity


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `code` says what, `given` the text it is about, `at` where in it, `why` in more detail.

    Codes: unreadable (a pattern; `why` is a code of its own: empty, too-long, too-deep, too-many-gaps,
    too-many-readings, gap-width, gap-at-the-edge, not-closed, empty-choice, no-such-list, guard-without-choice,
    sign-out-of-place, nothing-of-its-own), too-common (a pattern of one character), no-pattern, no-severity,
    no-such-clause, no-reason, no-alternative, too-few-bad, too-few-good, bad-not-hit, good-hit, alternative-hit
    (`why` holds the words).
    """

    code: str
    given: str = ""
    at: int | None = None
    why: str = ""


FEWEST = 3  # examples of each kind


def faults(rule: Rule) -> list[Fault]:
    """Everything that keeps the rule from being approved; empty for a rule that may be."""
    return [*_of_patterns(rule), *_of_fields(rule), *_of_examples(rule)]


def _of_patterns(rule: Rule) -> Iterator[Fault]:
    if not rule.patterns:
        yield Fault("no-pattern")
    for written in rule.patterns:
        try:
            read = matcher(written).read
        except Unreadable as error:
            yield Fault("unreadable", written, error.at, error.code)
            continue
        # One character would stop at half of all texts, unless it is the whole of a sentence.
        if reach(read.core) < 2 and not (read.begins and read.ends):
            yield Fault("too-common", written)


def _of_fields(rule: Rule) -> Iterator[Fault]:
    if rule.severity is Severity.NONE:
        yield Fault("no-severity")
    if not clauses.known(rule.clause):
        yield Fault("no-such-clause", rule.clause)
    if not (rule.reason.zh.strip() and rule.reason.en.strip()):
        yield Fault("no-reason")
    if not rule.alternatives:
        yield Fault("no-alternative")
    if len(rule.bad) < FEWEST:
        yield Fault("too-few-bad")
    if len(rule.good) < FEWEST:
        yield Fault("too-few-good")


def _of_examples(rule: Rule) -> Iterator[Fault]:
    checker = compile_rules([rule])
    for text in rule.bad:
        if not checker.check(text).findings:
            yield Fault("bad-not-hit", text)
    for code, texts in (("good-hit", rule.good), ("alternative-hit", rule.alternatives)):
        for text in texts:
            for finding in checker.check(text).findings[:1]:
                yield Fault(code, text, finding.start, finding.phrase)
