"""What a customer type must say before anybody goes by it (PG-07, GO-01). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.blueprints.phrases.rules import missing_parts
from portal.kernel.workflow import Reason

CLAUSE = "PG-07"
CODES = ("controlled", "venting", "talker", "demanding", "professional")  # those of the field on a case
PARTS = ("signs", "why", "answer", "do", "avoid", "phrases")


def check(code: str, body: Mapping[str, Any]) -> list[Reason]:
    """PG-07: what stands against approving a card: it is one of the five, and every part is there in both languages."""
    found = [] if code in CODES else [Reason(CLAUSE, "customer_type_code", {"code": code})]
    return found + missing_parts(CLAUSE, body, ("title", *PARTS))
