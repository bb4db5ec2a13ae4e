"""What is stored: a swap."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.swaps.codes import State, SwapKind
from portal.kernel import reference
from portal.kernel.db import Model, UTCDateTime, short

IS_OPEN = sa.text("state IN ('offered', 'taken')")


class Swap(Model):
    """A shift of a published roster that is offered to others, given away or for one of theirs (DR-21).

    The database keeps one open swap of a shift, one taker of a swap, one decision: see `guards_in_database`.
    """

    __tablename__ = "swaps"
    __table_args__ = (
        sa.Index(
            "uq_swaps_open_shift", "shift_id", unique=True, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
        ),
        sa.Index("ix_swaps_state", "state", "lapses_at"),
        sa.Index("ix_swaps_giver", "giver_id"),
        sa.Index("ix_swaps_taker", "taker_id"),
    )
    history_kind = "swap"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[SwapKind] = mapped_column(short(SwapKind))
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"))
    other_id: Mapped[int | None] = mapped_column(sa.ForeignKey("shifts.id"))  # exchanged for it
    giver_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: nobody has it, a gap
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))  # another for who is absent
    to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: to anybody who may
    taker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    taken_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    at_once: Mapped[bool] = mapped_column(
        default=False
    )  # the shift was running, and changed hands when it was taken
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lapses_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=1)
    shift: Mapped[Shift] = relationship(lazy="joined", innerjoin=True, foreign_keys=[shift_id])
    other: Mapped[Shift | None] = relationship(lazy="joined", foreign_keys=[other_id])
    __mapper_args__ = {"version_id_col": version}

    @property
    def department(self) -> str:
        """Whose head decides: of who gives, or of who offers what nobody has."""
        return reference.staff().cards[self.giver_id or self.asked_by_id].department

    @property
    def shifts(self) -> list[Shift]:
        """The shifts that change hands."""
        return [self.shift, self.other] if self.other is not None else [self.shift]
