"""The rules of the check that are in force: the shipped ones, under what the office approved (PG-04, GO-01).

Reads the documents and one policy. Compiled once a set of rules and process; an approval moves
the generation of the reference data, so the next request of every process takes the rules anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from portal.kernel import clock, documents, policies, reference
from portal.kernel.phrase_check.checker import Checker, compile_rules
from portal.kernel.phrase_check.rule import Rule

KIND = "phrase_rule"
APOLOGY = "phrases.apology_style"  # PG-09: one house style
ADMITS_NOTHING = "no_admission"


def checker_in_force(now: datetime) -> Checker:
    """The check as it is today, in the house style of apology (PG-09)."""
    today, style = clock.local(now).date(), policies.value(APOLOGY, now)
    return reference.kept("phrase check", lambda: _compiled(tuple(_of_style(today, style))), (today, style))


@lru_cache(maxsize=2)
def _compiled(rules: tuple[Rule, ...]) -> Checker:
    """Compiled once: most of what moves the generation of the reference data changes no rule."""
    return compile_rules(rules)


def rules_in_force(now: datetime) -> list[Rule]:
    """Every rule that counts today."""
    return _of_style(clock.local(now).date(), policies.value(APOLOGY, now))


def _of_style(today: date, style: str) -> list[Rule]:
    rules = [Rule.from_body(found.code, found.body) for found in documents.in_force(KIND, today)]
    return [rule for rule in rules if counts(rule, style)]


def counts(rule: Rule, style: str) -> bool:
    """PG-09: where the house explains gently, an admission of fault is nothing to be marked."""
    return rule.clause != "PG-09" or style == ADMITS_NOTHING


def caught(texts: Iterable[str], now: datetime) -> list[str]:
    """PG-04: the words in recommended texts that a rule would mark: one in force, or approved for a later day."""
    style = policies.value(APOLOGY, now)
    coming = [Rule.from_body(code, version.body) for code, version in documents.coming(KIND).items()]
    checkers = [checker_in_force(now), compile_rules(rule for rule in coming if counts(rule, style))]
    found = (each.check(text).findings for text in texts for each in checkers)
    return list(dict.fromkeys(finding.phrase for findings in found for finding in findings))
