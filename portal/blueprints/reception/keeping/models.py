"""What is stored: tags and keys, what is held under a tag, who has a key, what goods go through the door."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.reception.keeping.codes import Direction, Document, Held, PassState, Thing
from portal.blueprints.reception.models import Visit
from portal.kernel.db import Model, UTCDateTime, short

OUT = "returned_at IS NULL AND lost_at IS NULL"
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


def _one_at_a_time(name: str, column: str) -> sa.Index:
    """RC-26, RC-27: one tag, one open deposit; one key, one open loan. The database refuses the second."""
    where = sa.text(OUT)
    return sa.Index(name, column, unique=True, sqlite_where=where, postgresql_where=where)


class Tag(Model):
    """A numbered tag, or the key of a numbered locker (RC-23)."""

    __tablename__ = "tags"
    history_kind = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    missing_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime
    )  # RC-27: its deposit went back without it


class Key(Model):
    """A key of the house and what it opens."""

    __tablename__ = "keys"
    history_kind = "key"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    opens: Mapped[str] = mapped_column(sa.String(80))
    opens_en: Mapped[str] = mapped_column(sa.String(80), default="")
    active: Mapped[bool] = mapped_column(default=True)


class Lapse:
    """What deposits and key loans have in common: they are out, back, or lost."""

    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lost_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def state(self) -> Held:
        """Out, back, or lost."""
        if self.lost_at is not None:
            return Held.LOST
        return Held.OUT if self.returned_at is None else Held.BACK

    @property
    def kind(self) -> str:
        """A table of states asks for it; there is one kind only."""
        return ""


class Deposit(Lapse, Model):
    """Something a visitor handed over, until it is given back against its tag (RC-27)."""

    __tablename__ = "deposits"
    __table_args__ = (
        sa.UniqueConstraint("taken_by_id", "idempotency_key"),
        _one_at_a_time("ix_deposits_tag_out", "tag_id"),
        sa.Index("ix_deposits_visit", "visit_id"),
    )
    history_kind = "deposit"

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("tags.id"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))
    name: Mapped[str] = mapped_column(sa.String(120))  # whose it is
    thing: Mapped[Thing] = mapped_column(short(Thing))
    pieces: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int] = mapped_column(_person())
    returned_by_id: Mapped[int | None] = mapped_column(_person())
    lost_by_id: Mapped[int | None] = mapped_column(_person())
    lost_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    untagged_reason: Mapped[str] = mapped_column(sa.String(400), default="")  # given back without its tag
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))

    tag: Mapped[Tag] = relationship(lazy="joined", innerjoin=True)
    visit: Mapped[Visit | None] = relationship(lazy="joined")

    @property
    def since(self) -> datetime:
        """Since when it is out."""
        return self.taken_at


class KeyLoan(Lapse, Model):
    """A key in somebody's hands: a visitor's or a colleague's (RC-26). There is no column for a document's number."""

    __tablename__ = "key_loans"
    __table_args__ = (
        sa.UniqueConstraint("lent_by_id", "idempotency_key"),
        sa.CheckConstraint("(visit_id IS NULL) <> (borrower_id IS NULL)", name="one_borrower"),
        _one_at_a_time("ix_key_loans_key_out", "key_id"),
        sa.Index("ix_key_loans_visit", "visit_id"),
        sa.Index("ix_key_loans_borrower", "borrower_id", "id"),
    )
    history_kind = "key_loan"

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    key_id: Mapped[int] = mapped_column(sa.ForeignKey("keys.id"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))
    borrower_id: Mapped[int | None] = mapped_column(_person())
    name: Mapped[str] = mapped_column(sa.String(120))  # who has it
    document: Mapped[Document] = mapped_column(short(Document))  # looked at and handed back
    purpose: Mapped[str] = mapped_column(sa.String(200), default="")
    lent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lent_by_id: Mapped[int] = mapped_column(_person())
    returned_by_id: Mapped[int | None] = mapped_column(_person())
    lost_by_id: Mapped[int | None] = mapped_column(_person())
    lost_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))

    key: Mapped[Key] = relationship(lazy="joined", innerjoin=True)
    visit: Mapped[Visit | None] = relationship(lazy="joined")

    @property
    def since(self) -> datetime:
        """Since when it is out."""
        return self.lent_at


class GoodsPass(Model):
    """Goods that go in or out, who carries them, who answers for them (RC-26)."""

    __tablename__ = "goods_passes"
    __table_args__ = (
        sa.UniqueConstraint("asked_by_id", "idempotency_key"),
        sa.Index("ix_goods_passes_state", "state", "id"),
        sa.Index("ix_goods_passes_department", "department", "id"),
        sa.Index("ix_goods_passes_visit", "visit_id"),
    )
    history_kind = "goods_pass"

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    direction: Mapped[Direction] = mapped_column(short(Direction))
    state: Mapped[PassState] = mapped_column(short(PassState))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    what: Mapped[str] = mapped_column(sa.String(300))
    amount: Mapped[str] = mapped_column(sa.String(60))
    carrier: Mapped[str] = mapped_column(sa.String(120))
    company: Mapped[str] = mapped_column(sa.String(120), default="")
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    visit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("visits.id"))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int] = mapped_column(_person())
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(_person())
    decision_note: Mapped[str] = mapped_column(sa.String(400), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(_person())
    check_note: Mapped[str] = mapped_column(sa.String(400), default="")
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    visit: Mapped[Visit | None] = relationship(lazy="joined")

    @property
    def kind(self) -> str:
        """What the table of states tells passes apart by."""
        return str(self.direction)
