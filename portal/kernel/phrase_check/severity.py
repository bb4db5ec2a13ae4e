"""How bad a phrase is."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """What follows: a hint, a question why, or a text that cannot be sent."""

    NONE = "none"
    ADVICE = "advice"
    WARN = "warn"
    BLOCK = "block"

    @property
    def height(self) -> int:
        """From 0 for nothing to 3 for what cannot be sent."""
        return _ORDER.index(self)


_ORDER = (Severity.NONE, Severity.ADVICE, Severity.WARN, Severity.BLOCK)
