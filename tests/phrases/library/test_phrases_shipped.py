"""The phrases that the portal ships with, and what a phrase has to be (PG-03, PG-05, PG-13)."""

from __future__ import annotations

import re
import time
from collections import Counter
from typing import Any

import pytest

from portal.blueprints.phrases.library import rules, searching
from portal.blueprints.phrases.library.codes import Moment
from portal.blueprints.phrases.library.searching import Asked, Entry
from portal.blueprints.phrases.library.shipped import shipped
from portal.forms import TextScope

GOOD: dict[str, Any] = {
    "moment": "wait", "zh": "请稍等，{until}前给您回话。", "en": "One moment; you hear by {until}.",
    "channels": ["phone"], "categories": [], "stages": [], "types": [],
}  # fmt: skip
ENTRIES = [Entry.of(place, code, body) for place, (code, body) in enumerate(shipped(), start=1)]


def test_there_are_phrases_enough_for_every_moment_and_none_twice() -> None:
    assert len(shipped()) >= 200
    assert all(times >= 12 for times in Counter(body["moment"] for _, body in shipped()).values())
    assert {body["moment"] for _, body in shipped()} == set(Moment)
    for language in ("zh", "en"):
        texts = Counter(body[language] for _, body in shipped())
        assert [text for text, times in texts.items() if times > 1] == []
    assert [
        (code, list(rules.against(code, body))) for code, body in shipped() if list(rules.against(code, body))
    ] == []


@pytest.mark.clause("PG-13")
def test_waiting_is_apologised_for_and_a_favour_is_asked_with_apology_and_thanks() -> None:
    """PG-13: after a wait an apology; asking a favour, the apology first and the thanks after."""
    waited = [
        body["zh"] for _, body in shipped() if "waiting" in body["stages"] and body["moment"] == "apology"
    ]
    assert len(waited) >= 3
    assert all("抱歉" in text for text in waited)
    favours = [body["zh"] for _, body in shipped() if re.search("麻烦您(?!了)|打扰", body["zh"])]
    assert len(favours) >= 6
    for text in favours:
        before, _, after = text.partition("谢")
        assert after or text.endswith("谢"), f"no thanks after the favour: {text}"
        assert re.search("抱歉|打扰|对不起|麻烦您", before), f"no apology first: {text}"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, ""),
        ({"moment": "lunch"}, "phrase_without_moment"),
        ({"en": " "}, "phrase_one_language"),
        ({"zh": "请" * 401, "en": "x"}, "phrase_too_long"),
        ({"zh": "请稍等，{name}。", "en": "{name}"}, "phrase_unknown_blank"),
        ({"zh": "One moment, {until}."}, "phrase_not_chinese"),
        ({"en": "One moment."}, "phrase_blanks_differ"),
        ({"channels": ["fax"]}, "phrase_unknown_code"),
    ],
)
def test_what_a_phrase_has_to_be(changed: dict[str, Any], code: str) -> None:
    assert [reason.code for reason in rules.against("wait-01", GOOD | changed)][:1] == (
        [code] if code else []
    )


def test_blanks_are_filled_with_what_is_known_and_the_others_stay() -> None:
    text = "{customer}，{until}前给您回话，编号{number}。"
    assert rules.blanks(text) == ("customer", "until", "number")
    assert (
        rules.filled(text, {"customer": "王女士", "number": "", "x": "y"})
        == "王女士，{until}前给您回话，编号{number}。"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bqr", "抱歉，让您久等了"),
        ("qsd", "请稍等，我查一下"),
        ("久等", "抱歉，让您久等了"),
        ("manzou", "再见，您慢走"),
        ("inconvenience", "非常抱歉，给您带来不便"),
        ("xxn", "谢谢您"),
        ("vvv", ""),
    ],
)
def test_a_line_is_found_by_words_pinyin_and_initials(typed: str, meant: str) -> None:
    found = [entry.body["zh"] for entry in searching.found(ENTRIES, Asked(typed))]
    assert any(meant in text for text in found[:5]) if meant else not found


def test_three_letters_bring_most_lines_to_the_top_of_the_list() -> None:
    """A receptionist with a queue: /, three letters, and the line is among the first ten."""
    places = [
        next(
            place
            for place, found in enumerate(searching.found(ENTRIES, Asked(entry.initials[:3])))
            if found is entry
        )
        for entry in ENTRIES
    ]
    assert sum(place < 10 for place in places) > 0.9 * len(places)


def test_what_fits_comes_first_and_nothing_is_out_of_reach() -> None:
    assert set(searching.OF_SCOPE) == set(TextScope)
    sides = {"channel": "letter", "category": "", "stage": "reported", "customer_type": ""}
    offered = searching.suggested(ENTRIES, "", sides, "answer")
    assert len(offered) == len(ENTRIES)
    assert {"letter"} <= {channel for entry in offered[:3] for channel in entry.body["channels"]}
    assert not any("phone" in entry.body["channels"] for entry in offered[:12])
    assert {
        entry.moment for entry in searching.suggested(ENTRIES, "", dict.fromkeys(sides, ""), "promise")[:5]
    } == {Moment.WAIT}
    strict = searching.found(ENTRIES, Asked("", "thanks", sides))
    assert strict
    assert all(entry.body["channels"] in ([], ["letter", "email"]) for entry in strict)


def test_a_thousand_phrases_are_searched_faster_than_a_key_comes_up() -> None:
    many = ENTRIES * 5
    begun = time.perf_counter()
    searching.found(many, Asked("bqr"))
    assert time.perf_counter() - begun < 0.1
