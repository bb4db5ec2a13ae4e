"""The check of texts is measured with as many rules and characters as are said."""

from __future__ import annotations

from bench import phrases
from portal.kernel.phrase_check import compile_rules, shipped


def test_rules_and_text_are_as_many_as_asked_for() -> None:
    made = phrases.rules(1_500)
    assert len(made) == 1_500
    assert len({rule.patterns for rule in made}) > 1_400
    assert len(phrases.text(2_000)) == 2_000
    assert not compile_rules(shipped()).check(phrases.text(2_000)[:-20]).findings
