"""What is stored: the penalty, what each person owes of it, the instalments, and the bonuses they are taken from."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.penalties.codes import Ground, Measure, Ruling, State
from portal.kernel import reference
from portal.kernel.db import Model, UTCDateTime, short
from portal.kernel.hundredths import Hundredths
from portal.kernel.rights import Role


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Penalty(Model):
    """A penalty on a person, else on a department, that a case led to (CP-24)."""

    __tablename__ = "penalties"
    __table_args__ = (
        sa.UniqueConstraint("proposed_by_id", "idempotency_key"),
        sa.Index("ix_penalties_case", "case_id"),
        sa.Index("ix_penalties_person", "person_id", "id"),
        sa.Index("ix_penalties_department", "department", "id"),
    )
    history_kind = "penalty"

    id: Mapped[int] = mapped_column(_id(), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    person_id: Mapped[int | None] = mapped_column(_person())
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"))
    ground: Mapped[Ground] = mapped_column(short(Ground))
    facts: Mapped[str] = mapped_column(sa.Text)  # the proposer's; not for the person penalised
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    proposed_by_id: Mapped[int] = mapped_column(_person())

    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    summary: Mapped[str] = mapped_column(sa.Text, default="")  # what the person penalised reads
    statement_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    stated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    statement: Mapped[str] = mapped_column(sa.Text, default="")

    kind: Mapped[Measure | None] = mapped_column(short(Measure))
    month: Mapped[str] = mapped_column(sa.String(7), default="")  # the first that money or points belong to
    amount: Mapped[Decimal | None] = mapped_column(Hundredths)
    percent: Mapped[int | None] = mapped_column()  # of each member's bonus
    points: Mapped[int | None] = mapped_column()
    demerit: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(_person())
    reason: Mapped[str] = mapped_column(sa.Text, default="")

    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    appeal_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    appealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    appeal: Mapped[str] = mapped_column(sa.Text, default="")
    ruling_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ruled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ruled_by_id: Mapped[int | None] = mapped_column(_person())
    ruling: Mapped[Ruling | None] = mapped_column(short(Ruling))
    ruling_reason: Mapped[str] = mapped_column(sa.Text, default="")

    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def of_office(self) -> bool:
        """True when a member of the general office is penalised: the general manager stands beside the office."""
        return self.person_id is not None and reference.staff().cards[self.person_id].role is Role.OFFICE


class Share(Model):
    """What one person owes of a penalty."""

    __tablename__ = "penalty_shares"
    __table_args__ = (
        sa.UniqueConstraint("penalty_id", "person_id"),
        sa.Index("ix_penalty_shares_person", "person_id"),
    )

    id: Mapped[int] = mapped_column(_id(), primary_key=True)
    penalty_id: Mapped[int] = mapped_column(sa.ForeignKey("penalties.id"))
    person_id: Mapped[int] = mapped_column(_person())
    amount: Mapped[Decimal] = mapped_column(Hundredths)


class Instalment(Model):
    """What is taken of a share in one month; planned anew until it is taken."""

    __tablename__ = "penalty_instalments"
    __table_args__ = (sa.Index("ix_penalty_instalments_month", "month"),)

    share_id: Mapped[int] = mapped_column(sa.ForeignKey("penalty_shares.id"), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Hundredths)
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Bonus(Model):
    """A person's performance bonus of one month, as personnel entered it."""

    __tablename__ = "penalty_bonuses"

    person_id: Mapped[int] = mapped_column(_person(), primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Hundredths)


class Sheet(Model):
    """A month whose sheet went to the pay office: its instalments are taken, and it takes nothing more."""

    __tablename__ = "penalty_sheets"
    history_kind = "penalty_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(sa.String(7), unique=True)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int] = mapped_column(_person())
