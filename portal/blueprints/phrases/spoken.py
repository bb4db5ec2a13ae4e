"""What is recommended for a customer's ears passes the check of texts for customers, or is not approved (PG-04)."""

from __future__ import annotations

from collections.abc import Iterable

from portal.kernel import clock, phrase_rules
from portal.kernel.workflow import Reason

MOST_TOLD = 5


def caught(lines: Iterable[str]) -> list[Reason]:
    """PG-04: no line that is recommended may be a hit of the check as it stands; what was caught is told."""
    found = phrase_rules.caught(lines, clock.now())
    return [Reason("PG-04", "spoken_line_caught", {"phrases": tuple(found[:MOST_TOLD])})] if found else []
