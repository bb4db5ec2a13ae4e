"""Does a text say by when? A promise to a customer must (PG-11, CP-15); pure."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.kernel.phrase_check.checker import Finding

_NUMBER = "[0-9一二两三四五六七八九十半]{1,4}"
_WEEKDAY = "[一二三四五六日天]"
_NAMES = (
    "today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|noon|january|february|march|april|may|june|july"
    "|august|september|october|november|december"
)
_DATED = re.compile(
    "|".join(
        (
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
            rf"{_NUMBER}月{_NUMBER}[日号]",
            rf"(?<![0-9一二三四五六七八九十]){_NUMBER}[日号](?:前|内|之前|下午|上午|晚|早|[，,。.]|$)",
            "今[天日晚早]|明[天日晚早]|后天|当天|本日|次日|当日|隔天",
            rf"(?<!每)(?:周|星期|礼拜){_WEEKDAY}(?!次)",
            rf"{_NUMBER}个?(?:工作日|小时|钟头|天|周|星期|礼拜|月|分钟|分)(?:以内|之内|内|后|之后|左右)",
            rf"(?:上午|下午|中午|晚上|早上|傍晚){_NUMBER}[点时:]",
            r"[0-9]{1,2}[:点][0-9]{0,2}(?:分|半)?(?:前|之前|以前)",
            "(?:下班|月底|月末|周末|年底|中午|下午|上午|今晚)(?:前|之前|以前)",
            rf"\b(?:by|before|until|on|at|this|next|due|no later than)\s+(?:the\s+)?(?:end of\s+(?:the\s+|this\s+)?)?"
            rf"(?:{_NAMES}|[0-9]{{1,2}}(?:[:.][0-9]{{2}}|\s?[ap]m|st\b|nd\b|rd\b|th\b|\s+(?:{_NAMES}))|day\b|week\b|month\b)",
            r"\b(?:within|in)\s+(?:an?|one|two|three|four|five|[0-9]{1,3})\s+(?:working\s+)?"
            r"(?:minutes?|hours?|days?|weeks?|months?)\b",
            r"\b(?:today|tonight|tomorrow)\b",
        )
    ),
    re.IGNORECASE,
)


def says_when(text: str) -> bool:
    """True when the text names a day, a time or a span in which something will be done."""
    return _DATED.search(unicodedata.normalize("NFKC", text)) is not None


def is_undated_promise(finding: Finding) -> bool:
    """True for a promise, which is fine with a date; what exaggerates never is (PG-11)."""
    return finding.rule.family == "promise"
