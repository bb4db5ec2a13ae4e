"""The rules as they stand, as the pages show them; read from what this process has kept, without a statement."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from portal.blueprints.phrases.taboo import kind
from portal.i18n import is_chinese
from portal.kernel import clock, documents, policies
from portal.kernel.documents import Current
from portal.kernel.phrase_check import Rule, compile_rules
from portal.kernel.phrase_rules import APOLOGY, KIND, counts


class Line(NamedTuple):
    """A rule in the list."""

    code: str
    title: str
    rule: Rule
    ruled_out: bool


class Example(NamedTuple):
    """One of a rule's own examples, run now."""

    text: str
    should_hit: bool
    hits: bool


def rule(found: Current) -> Rule:
    """The rule of a document."""
    return Rule.from_body(found.code, found.body)


def title(code: str) -> str:
    """What a rule catches, by example; its code where it is no longer in force."""
    found = documents.find(KIND, code)
    return _title(found.body) if found else code


def holds(code: str) -> bool:
    """True while the rule is in force and has a page."""
    return documents.find(KIND, code) is not None


def _title(body: Any) -> str:
    words = kind.title(body)
    return words.zh if is_chinese() else words.en


def ruled_out(its_rule: Rule) -> bool:
    """True when the house style of apology has no use for it (PG-09)."""
    return not counts(its_rule, policies.value(APOLOGY, clock.now()))


def groups(words: str = "", family: str = "") -> list[tuple[str, list[Line]]]:
    """The rules in force by family, in the order of their first ones; narrowed by words."""
    wanted = words.casefold()
    lines = [Line(found.code, _title(found.body), its_rule, ruled_out(its_rule)) for found in documents.in_force(KIND)
             if _fits(its_rule := rule(found), wanted, family)]  # fmt: skip
    order = {each: number for number, each in enumerate(dict.fromkeys(line.rule.family for line in lines))}
    lines.sort(key=lambda line: (order[line.rule.family], -line.rule.severity.height))
    return [(each, list(found)) for each, found in groupby(lines, key=lambda line: line.rule.family)]


def _fits(its_rule: Rule, words: str, family: str) -> bool:
    if family and its_rule.family != family:
        return False
    if not words:
        return True
    texts = (its_rule.code, *its_rule.patterns, *its_rule.reason, *its_rule.alternatives, *its_rule.bad)
    return any(words in text.casefold() for text in texts)


def examples(its_rule: Rule) -> list[Example]:
    """Its own examples, run now: what must be caught, what must not."""
    checker = compile_rules([its_rule])
    given = [(text, True) for text in its_rule.bad] + [(text, False) for text in its_rule.good]
    return [Example(text, should, bool(checker.check(text).findings)) for text, should in given]
