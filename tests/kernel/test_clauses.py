"""The clauses are complete in both languages, in order, and can be looked up by id."""

import json
import re
import tomllib
from collections import Counter
from dataclasses import fields
from importlib.resources import files

import pytest

from portal.kernel.clauses import Clause, Words, all_clauses, as_json, clause, known

AREAS = {
    "RC": "reception",
    "CP": "complaints",
    "DR": "duty",
    "PG": "phrases",
    "CU": "customers",
    "GO": "office",
}


def test_every_clause_of_the_file_is_read_once() -> None:
    text = files("portal.kernel").joinpath("clauses.toml").read_text(encoding="utf-8")
    written = [row["id"] for row in tomllib.loads(text)["clause"]]
    assert [each.id for each in all_clauses()] == written, "an id occurs twice, or the order is lost"


def test_ids_run_without_a_gap_and_name_their_area() -> None:
    counts = Counter(each.id[:2] for each in all_clauses())
    assert counts == {"RC": 30, "CP": 36, "DR": 21, "PG": 15, "CU": 4, "GO": 6}
    expected = [f"{prefix}-{number:02}" for prefix in AREAS for number in range(1, counts[prefix] + 1)]
    assert [each.id for each in all_clauses()] == expected
    assert all(each.area == AREAS[each.id[:2]] for each in all_clauses())


def test_every_mode_is_one_of_three() -> None:
    assert {each.mode for each in all_clauses()} == {"enforce", "record", "guide"}


@pytest.mark.parametrize("each", all_clauses(), ids=[each.id for each in all_clauses()])
def test_a_clause_speaks_both_languages(each: Clause) -> None:
    for field in fields(each):
        words = getattr(each, field.name)
        if isinstance(words, Words) and (words.zh or field.name != "more"):
            assert re.search(r"[\u4e00-\u9fff]", words.zh), f"{field.name} has no Chinese"
            assert not re.search(r"[\u4e00-\u9fff]", words.en), f"{field.name} mixes Chinese into English"
            assert words.zh == words.zh.strip()
            assert words.en == words.en.strip()
            assert not re.search(r"[\u4e00-\u9fff][,;:?!]", words.zh), (
                f"{field.name} has half-width punctuation"
            )
            if field.name != "title":
                assert words.zh.endswith("。")
                assert words.en.endswith(".")


def test_a_clause_that_names_another_names_one_that_exists() -> None:
    text = files("portal.kernel").joinpath("clauses.toml").read_text(encoding="utf-8")
    named = set(re.findall(r"[A-Z]{2}-\d{2}", text))
    assert [clause_id for clause_id in sorted(named) if not known(clause_id)] == []


@pytest.mark.parametrize(
    ("clause_id", "mode", "figures"),
    [
        ("RC-11", "enforce", ["5", "10"]),
        ("CP-12", "enforce", ["30", "0.5", "4"]),
        ("CP-13", "enforce", ["10", "2"]),
        ("CP-14", "enforce", ["24", "3", "7"]),
        ("CP-24", "enforce", ["40", "20", "5", "15", "10"]),
        ("CP-35", "record", ["0"]),
        ("DR-07", "enforce", ["15"]),
        ("DR-17", "record", ["08:30", "17:30", "1", "5"]),
    ],
)
def test_figures_stand_in_both_languages(clause_id: str, mode: str, figures: list[str]) -> None:
    found = clause(clause_id)
    assert found.mode == mode
    for text in (found.rule.zh + found.how.zh, found.rule.en + found.how.en):
        numbers = re.findall(r"\d+(?:[.:]\d+)?", text)
        assert [figure for figure in figures if figure not in numbers] == []


def test_an_unknown_id_is_said_plainly() -> None:
    assert known("CP-04")
    assert not known("CP-99")
    with pytest.raises(KeyError, match="no such clause: CP-99"):
        clause("CP-99")


def test_words_follow_the_locale() -> None:
    title = clause("CP-03").title
    assert title.for_locale("zh_Hans_CN") == title.zh == "首问责任制"
    assert title.for_locale("en") == title.en == "First-responder responsibility"


def test_json_lists_every_clause_with_where_it_is_enforced() -> None:
    rows = json.loads(as_json({"CP-11": ["complaints: approve", "complaints: return"]}))
    assert [row["id"] for row in rows] == [each.id for each in all_clauses()]
    (row,) = [row for row in rows if row["id"] == "CP-11"]
    assert row == {
        "id": "CP-11",
        "title": "调查与处理方案",
        "title_en": "Investigation and solution",
        "area": "complaints",
        "mode": "enforce",
        "enforced": ["complaints: approve", "complaints: return"],
    }
    assert all(row["enforced"] == [] for row in rows if row["id"] != "CP-11")


def test_json_refuses_an_id_that_is_no_clause() -> None:
    with pytest.raises(KeyError, match="CP-99"):
        as_json({"CP-99": ["complaints: approve"]})
