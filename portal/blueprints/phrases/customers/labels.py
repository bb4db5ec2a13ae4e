"""What people read of customer types."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

PART_WORDS: dict[str, Any] = {
    "signs": _l("How to tell"),
    "why": _l("Why"),
    "answer": _l("How to answer"),
    "do": _l("Do"),
    "avoid": _l("Do not"),
    "phrases": _l("To say"),
}
REASONS: dict[str, Any] = {
    "customer_type_code": _l("There is no customer type %(code)s."),
    "card_part_missing": _l("The part %(part)s is missing, or stands in one language only."),
}
