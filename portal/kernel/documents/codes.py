"""The codes of a version of a document."""

from __future__ import annotations

import enum


class State(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REPLACED = "replaced"
    DISCARDED = "discarded"


# Somebody has still to write or to decide.
IN_WORK = frozenset({State.DRAFT, State.SUBMITTED})
# What readers may look at: what holds, will hold, has held.
PUBLIC = frozenset({State.APPROVED, State.REPLACED})
