"""What is recommended for a customer's ears passes the check of texts for customers, or is not approved (PG-04)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from portal.kernel.phrase_check import Checker, compile_rules, shipped
from portal.kernel.workflow import Reason

MOST_TOLD = 5


def caught(lines: Iterable[str]) -> list[Reason]:
    """PG-04: no line that is recommended may be a hit of the check; what was caught is told."""
    found = [finding.phrase for line in lines for finding in _checker().check(line).findings]
    return [Reason("PG-04", "spoken_line_caught", {"phrases": tuple(found[:MOST_TOLD])})] if found else []


@cache
def _checker() -> Checker:
    return compile_rules(shipped())
