"""The states of a roster."""

from __future__ import annotations

import enum


class State(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
