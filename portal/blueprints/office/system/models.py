"""What is wrong with the installation, as far as somebody was told: written by the worker that looks."""

from __future__ import annotations

import enum
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime, short


class Tone(enum.StrEnum):
    GOOD = "good"
    LOOK = "look"  # somebody should look at it these days
    BAD = "bad"  # something does not work, or will not before long


class SystemState(Model):
    """One thing that is looked at and was found wanting; gone when all is well with it."""

    __tablename__ = "system_states"
    history_kind = "system_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    tone: Mapped[Tone] = mapped_column(short(Tone))
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    given: Mapped[str] = mapped_column(sa.Text, default="{}")  # what its sentence names

    @property
    def number(self) -> str:
        """What a message about it is called by."""
        return self.code

    @property
    def told(self) -> dict[str, Any]:
        """What its sentence names."""
        found: dict[str, Any] = json.loads(self.given)
        return found
