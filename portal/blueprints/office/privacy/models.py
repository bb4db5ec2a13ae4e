"""What is stored of a request about one person's data."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.office.privacy.codes import State
from portal.kernel.db import Model, UTCDateTime, short


class PersonRequest(Model):
    """Somebody wants to know what is kept of them, or to be forgotten. Once done it names nobody any more."""

    __tablename__ = "person_requests"
    __table_args__ = (
        sa.Index(
            "ix_person_requests_waiting",
            "look_again_at",
            sqlite_where=sa.text("look_again_at IS NOT NULL"),
            postgresql_where=sa.text("look_again_at IS NOT NULL"),
        ),
    )
    history_kind = "person_request"
    kind = ""  # there is one kind only

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # who works here, or did
    loose: Mapped[bool] = mapped_column(default=False)  # also where only the name stands
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    state: Mapped[State] = mapped_column(short(State), default=State.SEARCHING)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    found: Mapped[str] = mapped_column(sa.Text, default="[]")  # JSON, see `entries`
    wanted_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("people.id")
    )  # asked that they be forgotten
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_note: Mapped[str] = mapped_column(sa.String(400), default="")
    look_again_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def entries(self) -> list[dict[str, Any]]:
        """What was found when it was last looked for: class, number, address, words, sure, held, until.

        Of a file also `file`, its id, `look`, nobody can tell but who opens it, and `decided`, whether it goes.
        """
        entries: list[dict[str, Any]] = json.loads(self.found or "[]")
        return entries

    @property
    def goes(self) -> int:
        """How many of them go when the person is forgotten."""
        return sum(1 for entry in self.entries if entry["sure"] and not entry["held"])
