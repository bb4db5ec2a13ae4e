"""What is stored: who looked at a place, when, and which of the four points held."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.rooms.codes import CheckKind, Point
from portal.kernel.db import Model, UTCDateTime, short


class PlaceCheck(Model):
    """One look at a place (RC-16): one name, one time, four points. A later one says how it is since."""

    __tablename__ = "place_checks"
    __table_args__ = (
        sa.Index("ix_place_checks_at", "at", "place_id"),
        sa.Index(
            "ix_place_checks_visit",
            "visit_id",
            sqlite_where=sa.text("visit_id IS NOT NULL"),
            postgresql_where=sa.text("visit_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("places.id"))
    kind: Mapped[CheckKind] = mapped_column(short(CheckKind))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))  # of a ready check
    tidy: Mapped[bool] = mapped_column()
    floor_air: Mapped[bool] = mapped_column()
    climate_light: Mapped[bool] = mapped_column()
    supplies: Mapped[bool] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(sa.String(200), default="")

    @property
    def missing(self) -> list[Point]:
        """The points that did not hold."""
        return [point for point in Point if not getattr(self, point)]
