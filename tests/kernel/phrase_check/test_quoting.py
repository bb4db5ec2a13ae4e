"""The customer's own words are not checked where they are marked as a quote; nothing else is exempt."""

from __future__ import annotations

import pytest

from tests.kernel.phrase_check.corpus import hits

pytestmark = pytest.mark.clause("PG-04")


@pytest.mark.parametrize(
    "text",
    [
        "> 你们急什么急\n您好，来信收到。",
        "＞ 不归我管\n我们已核实。",
        "客户说：“这事不归我管，你们都这么说。”",
        "客户原话：“你急什么”",
        "您提到的「不归我管」，我们已向当事人核实。",
        "您说“没人管”“不归我管”是常态。",
        "您反映窗口人员对您说“急什么”，我们深表歉意。",
        "投诉人称：『他让我滚出去』。",
        'The customer said: "that is not my job".',
        "You wrote “I don't know is all I heard”.",
    ],
)
def test_a_quote_of_the_customer_is_exempt(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "“不归我管”",
        "我跟您说：“不归我管”。",
        "我说：“急什么”",
        "客户说：“您好”，你急什么",
        "客户说：“不归我管",
        "您好 > 不归我管",
        'I told you: "not my job".',
        "> 您好\n不归我管",
    ],
)
def test_other_words_are_checked_in_quotation_marks_too(text: str) -> None:
    assert hits(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "我们绝不会说“没办法”。",
        "请勿对客户说“不知道”。",
        "禁止使用“不归我管”。",
        "不得回答不归我管。",
        "这并非与我无关。",
        "We never say: not my job.",
    ],
)
def test_what_forbids_a_phrase_does_not_say_it(text: str) -> None:
    assert hits(text) == []
