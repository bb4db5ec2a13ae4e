"""What is bad about the installation and who was told: written by the worker that looks."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.office.system.codes import Check
from portal.kernel.db import Model, UTCDateTime, short


class SystemState(Model):
    """One thing that is or was bad. The row stays for the messages that point to it; `ended_at` says all is well."""

    __tablename__ = "system_states"
    history_kind = "system_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[Check] = mapped_column(short(Check), unique=True)
    said: Mapped[str] = mapped_column(sa.String(24))  # which sentence
    given: Mapped[str] = mapped_column(sa.Text, default="{}")  # what it names
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def number(self) -> str:
        """What messages and open matters call it."""
        return f"SYS-{self.id:02}"

    @property
    def told(self) -> dict[str, Any]:
        """What its sentence names."""
        found: dict[str, Any] = json.loads(self.given)
        return found
