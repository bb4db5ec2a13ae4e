"""What a customer type must say before anybody goes by it (PG-07, GO-01). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.kernel.workflow import Reason

CLAUSE = "PG-07"
CODES = ("controlled", "venting", "talker", "demanding", "professional")  # those of the field on a case
PARTS = ("signs", "why", "answer", "do", "avoid", "phrases")


def check(code: str, body: Mapping[str, Any]) -> list[Reason]:
    """Everything that stands against approving a card: it is one of the five, and every part is there in both languages."""
    found = [] if code in CODES else [Reason(CLAUSE, "customer_type_code", {"code": code})]
    for name in ("title", *PARTS):
        if not body.get(name) or not body.get(f"{name}_en"):
            found.append(Reason(CLAUSE, "card_part_missing", {"part": name}))
    return found
