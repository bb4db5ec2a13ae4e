"""The codes of a daily report; pure."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    READ = "read"
