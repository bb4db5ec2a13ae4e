"""What people read of customer types."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

PART_WORDS: dict[str, Any] = {
    "signs": _l("How to tell"),
    "why": _l("Why they are so"),
    "answer": _l("How to answer"),
    "do": _l("Do"),
    "avoid": _l("Do not"),
    "phrases": _l("To say"),
}
FIELDS: dict[str, Any] = {
    "title": _l("Title in Chinese"),
    "title_en": _l("Title in English"),
    "signs": _l("How to tell, in Chinese"),
    "signs_en": _l("How to tell, in English"),
    "why": _l("Why, in Chinese"),
    "why_en": _l("Why, in English"),
    "answer": _l("How to answer, in Chinese"),
    "answer_en": _l("How to answer, in English"),
    "do": _l("Do, in Chinese"),
    "do_en": _l("Do, in English"),
    "avoid": _l("Do not, in Chinese"),
    "avoid_en": _l("Do not, in English"),
    "phrases": _l("To say, in Chinese"),
    "phrases_en": _l("To say, in English"),
}
REASONS: dict[str, Any] = {
    "customer_type_code": _l("There is no customer type %(code)s."),
    "spoken_line_caught": _l("A line that is recommended would be caught by the check: %(phrases)s."),
    "card_part_missing": _l("The part %(part)s is missing, or stands in one language only."),
}
