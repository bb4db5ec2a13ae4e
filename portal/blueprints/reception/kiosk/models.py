"""What is stored of a visitor at the kiosk beyond the visit: what they agreed to, and whom they asked for."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.reception.kiosk.codes import Why
from portal.kernel import kiosks  # noqa: F401  # a row points to its kiosk
from portal.kernel.db import Model, UTCDateTime, short


class KioskVisit(Model):
    """RC-20: consent to the privacy notice in the version that was shown; RC-18: whom somebody asks for, and why."""

    __tablename__ = "kiosk_visits"

    visit_id: Mapped[int] = mapped_column(sa.ForeignKey("visits.id"), primary_key=True, autoincrement=False)
    kiosk_id: Mapped[int] = mapped_column(sa.ForeignKey("kiosks.id"))
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("policies.id"))  # the notice's text, its version
    consent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_for: Mapped[str] = mapped_column(sa.String(120), default="")
    why: Mapped[Why | None] = mapped_column(short(Why))
