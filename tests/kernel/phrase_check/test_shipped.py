"""The shipped rules keep what they promise: their examples, everyday language and bad language in many forms."""

from __future__ import annotations

from collections import Counter

import pytest

from portal.kernel.phrase_check import Rule, Severity, faults, shipped
from tests.kernel.phrase_check.corpus import BAD, CHECKER, ORDINARY, hits

RULES = shipped()


def test_there_are_rules_for_every_family() -> None:
    assert len(RULES) >= 100
    assert max(Counter(rule.code for rule in RULES).values()) == 1
    assert {rule.family for rule in RULES} == {
        "contempt", "brush-off", "impatience", "refusal", "challenge", "dont-know", "not-my-job", "no-way",
        "not-concerned", "colleagues", "blame", "our-reasons", "vague", "authority", "promise", "exaggeration", "apology",
    }  # fmt: skip
    assert {rule.clause for rule in RULES} == {"PG-04", "PG-09", "PG-11"}


@pytest.mark.clause("PG-04")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_shipped_rule_has_no_fault(rule: Rule) -> None:
    assert faults(rule) == []
    assert len(rule.bad) + len(rule.good) >= 6


@pytest.mark.clause("PG-04")
def test_what_is_recommended_instead_is_no_hit_of_any_rule() -> None:
    assert [text for rule in RULES for text in rule.alternatives if hits(text)] == []


@pytest.mark.clause("PG-04")
def test_ordinary_sentences_are_left_alone() -> None:
    assert len(ORDINARY) >= 150
    assert {text: found for text in ORDINARY if (found := hits(text))} == {}


@pytest.mark.clause("PG-04")
def test_bad_sentences_are_found_in_many_forms() -> None:
    assert len(BAD) >= 150
    assert [text for text in BAD if not hits(text)] == []


@pytest.mark.clause("PG-11")
@pytest.mark.parametrize(
    "text",
    ["我保证明天修好", "肯定能解决", "我们是全国最好的", "We guarantee it", "It will never happen again"],
)
def test_words_of_promise_ask_for_a_reason(text: str) -> None:
    report = CHECKER.check(text)
    assert report.severity is Severity.WARN
    assert {each.rule.clause for each in report.findings} == {"PG-11"}


@pytest.mark.clause("PG-09")
@pytest.mark.parametrize(
    "text",
    ["这是我们的错", "由于我们的过失，给您造成损失", "It was our fault", "We accept full responsibility"],
)
def test_an_admission_of_fault_is_marked(text: str) -> None:
    report = CHECKER.check(text)
    assert report.severity is Severity.WARN
    assert {each.rule.clause for each in report.findings} == {"PG-09"}


@pytest.mark.clause("PG-09")
@pytest.mark.parametrize(
    "text",
    [
        "对不起，让您久等了。", "不好意思，打扰您了。", "给您添麻烦了，实在抱歉。", "铃声响了很久才接听，非常抱歉。",
        "给您带来不便，我们深表歉意。", "抱歉耽误了您的时间。", "麻烦您帮我们签个字，不好意思。",
        "很抱歉，工程师迟到了半小时。",
        "我们真诚地向您道歉。", "对于您的遭遇，我们非常遗憾。", "We are sorry for the wait.",
        "I apologise for the trouble.",
        "Sorry to disturb you.", "Please accept our apologies for the inconvenience.",
    ],
)  # fmt: skip
def test_an_apology_for_trouble_or_waiting_is_never_a_hit(text: str) -> None:
    assert hits(text) == []
