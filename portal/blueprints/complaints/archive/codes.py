"""The codes of the archive."""

from __future__ import annotations

from enum import StrEnum


class RetentionClass(StrEnum):
    """How long a case is kept (CP-20)."""

    NORMAL = "normal"
    IMPORTANT = "important"


class Correctable(StrEnum):
    """The texts of a locked case that an erratum may put right; each is a column of the case."""

    CONTENT = "content"
    DEMAND = "demand"
    CUSTOMER_NAME = "customer_name"
    CUSTOMER_PHONE = "customer_phone"
    CUSTOMER_ADDRESS = "customer_address"
    RESULT = "result"
    ANSWER = "answer"
    EVALUATION = "evaluation"
