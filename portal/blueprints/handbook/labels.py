"""What people read when the words of a clause cannot be taken."""

from __future__ import annotations

from typing import Any

from portal.i18n import _l

REASONS: dict[str, Any] = {
    "no_such_clause": _l("The regulations have no clause %(ids)s."),
    "one_language": _l("The further text stands in one language only; write it in both."),
}
