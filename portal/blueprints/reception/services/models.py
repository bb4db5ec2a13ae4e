"""What is stored of a meal or of lodging."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.services.codes import ServiceKind, State
from portal.blueprints.reception.services.rules import Around
from portal.kernel.db import Model, UTCDateTime, short


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


class Service(Model):
    """A meal or lodging for the visitors: asked for, agreed by the lead, arranged, done (RC-12)."""

    __tablename__ = "visit_services"
    __table_args__ = (
        sa.Index("ix_visit_services_visit", "visit_id"),
        sa.Index("ix_visit_services_day", "wanted_on", "id"),
        sa.CheckConstraint("persons > 0", name="persons"),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),
    )
    history_kind = "service"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"))
    visit_number: Mapped[str] = mapped_column(sa.String(24))  # spares each notice a look at the visit
    kind: Mapped[ServiceKind] = mapped_column(short(ServiceKind))
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    wanted_on: Mapped[date] = mapped_column(sa.Date)
    what: Mapped[str] = mapped_column(sa.String(200), default="")  # the restaurant, the hotel
    persons: Mapped[int] = mapped_column(default=1)
    companion_id: Mapped[int | None] = mapped_column(_person())  # who accompanies (RC-04)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    asked_by_id: Mapped[int] = mapped_column(_person())
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    agreed_by_id: Mapped[int | None] = mapped_column(_person())
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    arranged_by_id: Mapped[int | None] = mapped_column(_person())
    arranged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cost: Mapped[int | None] = mapped_column()  # in fen
    done_by_id: Mapped[int | None] = mapped_column(_person())
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    around = Around()  # of the visit; whoever looks a service up fills it in

    @property
    def number(self) -> str:
        """What history and notices call it: the visit's number."""
        return self.visit_number
