"""What RC-22 says about a question, and how alike two are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.reception.questions import queries, rules
from portal.blueprints.reception.questions.codes import Outcome


@pytest.mark.clause("RC-22")
@pytest.mark.parametrize(
    ("outcome", "answer", "department", "person", "wrong"),
    [
        (Outcome.ANSWER, "可以", "", "", []),
        (Outcome.ANSWER, "", "tech", "", [("answer", "answer_missing")]),
        (Outcome.ASK, "", "tech", "", []),
        (Outcome.ASK, "", "", "emp.tech", []),
        (Outcome.ASK, "", "", "", [("department", "nobody_asked")]),
        (Outcome.ASK, "大概可以", "tech", "", [("answer", "guessed")]),
        (Outcome.ASK, "大概可以", "", "", [("answer", "guessed"), ("department", "nobody_asked")]),
        (None, "", "", "", []),
    ],
)
def test_a_question_is_answered_or_asked_and_never_guessed(
    outcome: Outcome | None, answer: str, department: str, person: str, wrong: list[tuple[str, str]]
) -> None:
    found = rules.against_entry(outcome, answer=answer, department=department, person=person)
    assert list(found) == wrong


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("请问访客的车停在哪里？", "访客的车停哪里", True),
        ("停车", "访客停车怎么收费", True),
        ("发票什么时候能寄到？", "发票什么时候可以寄到", True),
        ("发票什么时候能寄到？", "周六上班吗", False),
        ("Where can I park?", "where can i PARK my car", True),
        ("", "周六上班吗", False),
        ("请问？", "请问", False),
    ],
)
def test_questions_are_alike_whatever_stands_around_them(one: str, other: str, alike: bool) -> None:
    assert (rules.alike(queries.pieces(one), queries.pieces(other)) >= rules.ALIKE) is alike


@given(st.lists(st.frozensets(st.sampled_from("abcdefgh"), max_size=4), max_size=20))
def test_every_question_is_in_one_group(questions: list[frozenset[str]]) -> None:
    groups = rules.groups(questions)
    assert sorted(place for group in groups for place in group) == list(range(len(questions)))
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)


def test_the_most_repeated_come_first() -> None:
    parking, invoice, alone = (
        queries.pieces(text) for text in ("访客停车怎么收费", "发票寄到没有", "地铁站怎么走")
    )
    assert rules.groups([alone, invoice, parking, parking, invoice, parking]) == [[2, 3, 5], [1, 4], [0]]


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_a_day_lies_in_its_quarter(day: date) -> None:
    begins, ends = rules.bounds(rules.quarter_of(day))
    assert begins <= day < ends
    assert rules.quarter_of(begins - timedelta(days=1)) != rules.quarter_of(begins)
    assert rules.last_quarters(day, 2) == [
        rules.quarter_of(day),
        rules.quarter_of(begins - timedelta(days=1)),
    ]


@pytest.mark.parametrize("text", ["2026Q5", "2026", "", "1999Q1", "２026Q1"])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        rules.bounds(text)


def test_a_mean_of_nothing_is_none() -> None:
    assert rules.mean([]) is None
    assert rules.mean([60, 120]) == 90
