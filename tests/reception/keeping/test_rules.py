"""What RC-26 and RC-27 say, as tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.blueprints.reception.keeping import rules
from tests.kernel.moments import at as moment


@pytest.mark.clause("RC-26")
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("换交换机电源", True),
        ("三楼 301 室，分机 8021", True),
        ("2026-11-25 17:30 前归还", True),
        ("2026年11月25日至2026年11月26日", True),
        ("", True),
        ("身份证 110101199003071234", False),  # 18 digits
        ("11010119900307123X", False),
        ("110101900307123", False),  # 15 digits
        ("1101 0119 9003 0712 34", False),
        ("110101-19900307-1234", False),
        ("护照 E12345678", False),
        ("１１０１０１１９９００３０７１２３４", False),  # full width
        ("110101 1990-03-07 1234", False),  # a date inside saves nothing
    ],
)
def test_a_number_of_a_document_is_recognised(text: str, kept: bool) -> None:
    """RC-26: never its number."""
    assert rules.looks_like_a_document_number(text) is not kept


@given(st.text("0123456789", min_size=8, max_size=20), st.sampled_from(["", " ", "  ", "·"]))
def test_digits_are_found_however_they_are_broken_up(digits: str, between: str) -> None:
    assert rules.looks_like_a_document_number(f"号 {between.join(digits)}。")


@given(st.text("换电源 abc。，", max_size=40), st.integers(0, 9_999_999))
def test_seven_digits_are_no_document(words: str, number: int) -> None:
    assert not rules.looks_like_a_document_number(f"{words}号{number}号{words}")


@pytest.mark.parametrize(
    ("now", "waits"), [("Mon 2026-03-02 09:00", False), ("Mon 2026-03-02 11:59", False),
                       ("Mon 2026-03-02 12:00", True), ("Mon 2026-03-02 18:00", True)],
)  # fmt: skip
def test_what_is_nearly_due_waits_on_the_desks_day(now: str, waits: bool) -> None:
    since, due = moment("Mon 2026-03-02 09:00"), moment("Mon 2026-03-02 13:00")
    assert rules.soon(since, due, moment(now)) is waits
