"""How rules are written, kept and found wanting."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from portal.kernel.clauses import Words
from portal.kernel.phrase_check import Fault, Rule, Severity, compile_rules, faults, shipped

SOUND = Rule(
    code="no-umbrella",
    family="test",
    patterns=("!(不|别)(借|租)[给]<你>{2}雨伞!(架)",),
    severity=Severity.WARN,
    reason=Words("雨伞不外借。", "Umbrellas are not lent."),
    alternatives=("门口有雨衣，请自取。",),
    bad=("借给您一把雨伞", "借你雨伞", "租您把雨伞吧"),
    good=("不借给您雨伞", "借给您雨伞架", "雨伞在门口"),
)


def bad(rule: Rule) -> list[tuple[str, str]]:
    return [(each.code, each.why) for each in faults(rule)]


def test_a_sound_rule_has_no_fault() -> None:
    assert faults(SOUND) == []


@pytest.mark.parametrize("rule", [SOUND, shipped()[0], replace(SOUND, scope=frozenset({"reply", "mail"}))])
def test_a_rule_is_kept_and_read_again(rule: Rule) -> None:
    body = json.loads(json.dumps(rule.body()))
    assert Rule.from_body(rule.code, body) == rule


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": {}, "severity": "cruel"},
        {"reason": {}, "severity": "warn", "patterns": "急"},
        {"reason": "x", "severity": "warn"},
    ],
)
def test_what_is_no_rule_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no-umbrella"):
        Rule.from_body("no-umbrella", body)


@pytest.mark.parametrize(
    ("pattern", "why", "at"),
    [
        ("(借|租", "not-closed", 0),
        ("借|租", "sign-out-of-place", 1),
        ("借)", "sign-out-of-place", 1),
        ("借(|租)伞", "empty-choice", 2),
        ("借{9}伞", "gap-width", 1),
        ("借{}伞", "gap-width", 1),
        ("借{2", "not-closed", 1),
        ("{2}借伞", "gap-at-the-edge", 0),
        ("借<雨具>", "no-such-list", 1),
        ("!借伞", "guard-without-choice", 1),
        ("借伞~我来", "guard-without-choice", 3),
        ("借伞!(架)!(柜)", "sign-out-of-place", 6),
        ("借^伞", "sign-out-of-place", 1),
        ("", "empty", 0),
        ("，。", "empty", 0),
        ("借{1}伞{1}和{1}衣{1}帽", "too-many-gaps", 0),
        ("((((((借伞))))))", "too-deep", 4),
        ("[你|我]" * 20 + "急什么{1}的确", "too-many-readings", 0),
        ("(你|你我|你我你|你我你我)" * 8 + "借伞", "too-many-readings", 0),
        ("(你|你|你|你|你|你)" * 6 + "借伞", "too-many-readings", 0),
        ("借伞!(" + "[你|我]" * 20 + "急)", "too-many-readings", 0),
        ("[借]", "nothing-of-its-own", 0),
        ("的了", "nothing-of-its-own", 0),
        ("借" * 601, "too-long", 600),
    ],
)
@pytest.mark.clause("PG-04")
def test_an_unreadable_pattern_says_where(pattern: str, why: str, at: int) -> None:
    rule = replace(SOUND, patterns=(*SOUND.patterns, pattern))
    assert faults(rule) == [Fault("unreadable", pattern, at, why)]
    assert compile_rules([rule]).check("借你雨伞").findings, "the others still count"


@pytest.mark.clause("PG-04")
def test_a_rule_whose_examples_fail_has_faults() -> None:
    assert [(f.code, f.given) for f in faults(replace(SOUND, bad=(*SOUND.bad, "雨伞")))] == [
        ("bad-not-hit", "雨伞")
    ]
    assert [(f.code, f.given, f.at) for f in faults(replace(SOUND, good=(*SOUND.good, "可借您雨伞")))] == [
        ("good-hit", "可借您雨伞", 1)
    ]
    assert [f.code for f in faults(replace(SOUND, alternatives=("我借您雨伞",)))] == ["alternative-hit"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"patterns": ()}, "no-pattern"),
        ({"patterns": (*SOUND.patterns, "借")}, "too-common"),
        ({"severity": Severity.NONE}, "no-severity"),
        ({"clause": "PG-99"}, "no-such-clause"),
        ({"reason": Words("", "x")}, "no-reason"),
        ({"alternatives": ()}, "no-alternative"),
        ({"bad": SOUND.bad[:2]}, "too-few-bad"),
        ({"good": SOUND.good[:2]}, "too-few-good"),
    ],
)
def test_a_rule_must_be_complete(change: dict[str, object], code: str) -> None:
    assert code in [each.code for each in faults(replace(SOUND, **change))]  # type: ignore[arg-type]  # one field each


@pytest.mark.parametrize(
    ("pattern", "hit", "missed"),
    [
        ("借[给]<你>伞", ["借伞你", "借你们伞", "借给您啊伞"][1:], ["借伞", "借他伞"]),
        ("借{2}伞", ["借伞", "借一把伞", "借了一一一把，伞"], ["借一二三伞"]),
        ("^借伞", ["借伞", "您好，借伞", "啊借伞"], ["我借伞"]),
        ("借伞$", ["借伞", "借伞吧，好", "借伞。"], ["借伞架"]),
        ("!(别)借伞", ["借伞", "别。借伞"], ["别借伞", "别啊借伞"]),
        ("借伞!(架)", ["借伞", "借伞，架子"], ["借伞架", "借伞的架"]),
        (
            "借伞~(我来|再看{2}你)",
            ["借伞", "我来借伞", "借伞。\n我来"],
            ["借伞，我来", "借伞。请稍等，我来取", "借伞，再看看你"],
        ),
        ("行了行了", ["行了行了", "行 了行了了"], ["行行", "行了"]),
        (
            "good luck",
            ["Good luck", "g o o d luck", "goood-luck", "good  LUCK!"],
            ["goodlucky", "god luck", "agood luck"],
        ),
        ("no {2} luck", ["no luck", "no such great luck"], ["no a b c luck", "nothing luck"]),
    ],
)
def test_what_the_signs_of_a_pattern_mean(pattern: str, hit: list[str], missed: list[str]) -> None:
    checker = compile_rules([replace(SOUND, patterns=(pattern,))])
    assert [text for text in hit if not checker.check(text).findings] == []
    assert [text for text in missed if checker.check(text).findings] == []


def test_a_rule_counts_only_for_its_kinds_of_text() -> None:
    checker = compile_rules([replace(SOUND, scope=frozenset({"mail"}))])
    assert [bool(checker.check("借你雨伞", scope).findings) for scope in ("mail", "reply", "")] == [
        True,
        False,
        True,
    ]


def test_of_findings_over_one_another_the_worst_is_told() -> None:
    light = replace(SOUND, code="light", severity=Severity.ADVICE, patterns=("您好借你雨伞",))
    report = compile_rules([light, SOUND]).check("您好借你雨伞")
    assert [(each.rule.code, each.severity) for each in report.findings] == [("no-umbrella", Severity.WARN)]
    assert report.severity is Severity.WARN


def test_words_of_one_sentence_are_told_before_those_of_two() -> None:
    across = replace(SOUND, code="across", patterns=("伞不外借您",))
    found = compile_rules([across, SOUND]).check("借你雨伞，不外借，您看")
    assert [each.rule.code for each in found.findings] == ["no-umbrella"]


def test_severities_have_an_order() -> None:
    assert sorted(Severity, key=lambda each: each.height) == [
        Severity.NONE,
        Severity.ADVICE,
        Severity.WARN,
        Severity.BLOCK,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "\ud800",
        "急" * 20_000,
        "急什么" * 3_000,
        "啊" * 20_000,
        "ab " * 7_000,
        "“" * 9_000,
        "客户说" * 3_000,
        "的急" * 9_000,
    ],
)
def test_no_text_is_slow(text: str) -> None:
    checker = compile_rules(shipped())
    checker.check(text[:100])
    began = time.thread_time()
    checker.check(text)
    assert time.thread_time() - began < 2
