"""Digests of what a form says, and codes that nobody guesses."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

# Without the signs that are mistaken for each other when a code is read out: 0 O, 1 I L, 5 S, 8 B, 2 Z.
_SIGNS = "34679ACDEFGHJKMNPQRTUVWXY"


def fields_digest(fields: dict[str, Any]) -> str:
    """A digest of a form's fields, to tell a resent form from a changed one."""
    written = json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def pass_code() -> str:
    """Eight signs for a visitor's pass, easily read out; one in 10^11."""
    return "".join(secrets.choice(_SIGNS) for _ in range(8))
