"""The line of a text that shows the words, and the words in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import excerpts


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("打印机漏墨", "漏墨", "打印机[漏墨]"),
        ("The printer Leaks", "leaks PRINTER", "The [printer] [Leaks]"),
        ("ＴＳ－２０２６", "ts-2026", "[ＴＳ－２０２６]"),
        ("<b>漏墨</b>", "漏墨", "<b>[漏墨]</b>"),
        ("漏墨漏墨", "漏墨", "[漏墨漏墨]"),
        ("没有", "漏墨", "没有"),
        ("", "漏墨", ""),
    ],
)
def test_the_words_are_told_apart_from_the_rest(text: str, words: str, told: str) -> None:
    pieces = excerpts.pieces(text, words)
    assert "".join(f"[{piece}]" if hit else piece for piece, hit in pieces) == told


def test_a_long_text_is_shown_where_the_words_stand() -> None:
    text = "开头" + "甲" * 300 + "漏墨" + "乙" * 300
    shown = excerpts.excerpt(text, "漏墨")
    assert shown.startswith("…甲")
    assert "漏墨" in shown
    assert shown.endswith("乙…")
    assert len(shown) == excerpts.MOST + 2
    assert excerpts.excerpt("一\n二  三", "没有") == "一 二 三"
    assert excerpts.excerpt(text, "没有").startswith("开头甲")
    assert excerpts.excerpt("甲" * 300 + "漏墨", "漏墨").endswith("甲漏墨")


@given(st.text(max_size=60), st.text(max_size=6))
@settings(max_examples=60, deadline=None)
def test_no_sign_is_lost(text: str, words: str) -> None:
    assert "".join(piece for piece, _hit in excerpts.pieces(text, words)) == text
