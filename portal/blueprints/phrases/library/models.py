"""What is stored beside the phrases themselves, which are documents: who used which on which day, whose favourites.

Nothing of a customer is in it: what filled the blanks is kept nowhere.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime


class PhraseUse(Model):
    """How often a person used a phrase on a day, copied or put into a reply."""

    __tablename__ = "phrase_uses"
    __table_args__ = (sa.Index("ix_phrase_uses_day", "day"),)

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("documents.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Favourite(Model):
    """A phrase that a person keeps at hand."""

    __tablename__ = "phrase_favourites"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("documents.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
