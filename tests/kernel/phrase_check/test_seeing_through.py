"""Whatever is put between the characters of a phrase, it is found; ordinary words around a text change nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.phrase_check.folding import PARTICLES
from tests.kernel.phrase_check.corpus import BAD, CHECKER, ORDINARY, hits

pytestmark = pytest.mark.clause("PG-04")

MARKS = [
    *" \u3000\t,.，。、；：！？!?-—~*·…_/|（）【】《》\u200b\u200d\ufeff\u2060",
    "😀",
    "👍🏽",
    "❤️",
    "^_^",
]
HARMLESS = [*MARKS, *PARTICLES]
CHINESE = [text for text in BAD if not any("a" <= c.lower() <= "z" for c in text)]
AROUND_BEFORE = ["您好，", "各位，", "王女士：", "关于您的来信，", "今天上午", "说明如下。"]
AROUND_AFTER = ["，谢谢。", "。祝您愉快", "，请您知悉。", "。联系电话在下方。", "\n前台 小王"]


def spelled(text: str) -> bool:
    """True when it is written in Latin letters, wide ones included."""
    return any("a" <= c <= "z" for c in unicodedata.normalize("NFKD", text).lower())


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_harmless_character_never_hides_a_hit(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(CHINESE))
    repeat = data.draw(st.integers(0, len(text) - 1))
    times = data.draw(st.integers(1, 3))
    text = text[:repeat] + text[repeat] * times + text[repeat + 1 :]
    # A particle between a character and its repetition makes two words of them: 行了行 is not 行了. Between letters,
    # of whatever width, a mark does so too: a bus stop is no busstop. Repetition alone is tried below.
    harmless = HARMLESS if times == 1 else MARKS
    most = 0 if times > 1 and spelled(text) else 3
    for _ in range(data.draw(st.integers(0, most))):
        at = data.draw(st.integers(1, len(text)))
        text = text[:at] + data.draw(st.sampled_from(harmless)) + text[at:]
    assert hits(text), text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BAD), st.sampled_from([" ", "*", ".", "\u200b", "  "]))
def test_a_character_between_all_others_hides_nothing(text: str, between: str) -> None:
    assert hits(between.join(text)), text


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BAD), st.integers(2, 5))
def test_repeating_and_widening_hide_nothing(text: str, times: int) -> None:
    assert hits("".join(c * times if c.isalpha() else c for c in text)), text
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert hits(wide), wide
    assert hits(text.upper()), text


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(ORDINARY), st.sampled_from(AROUND_BEFORE), st.sampled_from(AROUND_AFTER))
def test_ordinary_words_around_a_text_make_no_hit(text: str, before: str, after: str) -> None:
    assert hits(before + text + after) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ORDINARY), st.sampled_from(ORDINARY))
def test_two_ordinary_texts_make_no_hit_together(one: str, other: str) -> None:
    assert hits(f"{one}\n{other}") == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*BAD, *ORDINARY, *HARMLESS, "e\u0301", "“", "”", "> "]), max_size=12),
    st.text(max_size=30),
)
def test_a_finding_says_where_its_words_stand(parts: list[str], more: str) -> None:
    text = "".join(parts) + more
    report = CHECKER.check(text)
    last = 0
    for found in report.findings:
        assert last <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.phrase
        last = found.end
    assert bool(report.findings) == (report.severity.height > 0)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("您好，你 急\u200b什么？", "急\u200b什么"),
        ("這事兒不歸我們管", "不歸我們管"),
        ("I really don't know.", "I really don't know"),
        ("ＳＨＵＴ　ＵＰ", "ＳＨＵＴ　ＵＰ"),
    ],
)
def test_the_words_are_marked_as_they_were_written(text: str, phrase: str) -> None:
    assert [each.phrase for each in CHECKER.check(text).findings] == [phrase]


def test_a_mark_does_not_part_a_letter_from_its_accent() -> None:
    text = unicodedata.normalize("NFD", "He is stupíd")
    (found,) = CHECKER.check(unicodedata.normalize("NFD", "stupíd ídiót")).findings[:1]
    assert found.phrase == unicodedata.normalize("NFD", "stupíd")
    assert CHECKER.check(text).findings
