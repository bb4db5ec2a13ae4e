"""The customer types in force (PG-07)."""

from __future__ import annotations

from portal.blueprints.phrases.customers.documents import NAME
from portal.blueprints.phrases.customers.rules import CODES
from portal.kernel import documents
from portal.kernel.documents import Current


def types() -> list[Current]:
    """Every type, in the order of the field on a case; asked again it costs no statement."""
    return sorted(documents.in_force(NAME), key=lambda found: CODES.index(found.code))


def type_of(code: str) -> Current | None:
    """The card of that type."""
    return documents.find(NAME, code) if code else None
