"""What is stored: the office's lists with every version of them, and the signed checklists."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.duty.checklists.codes import Moment, State
from portal.kernel.db import Model, UTCDateTime, short

FIRST = sa.text("corrects_id IS NULL")


class ListVersion(Model):
    """What is looked at, at one post at one moment, from one edit on; never changed, only followed (GO-01)."""

    __tablename__ = "checklist_versions"
    __table_args__ = (sa.UniqueConstraint("post_id", "moment", "version"),)
    history_kind = "checklist_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    moment: Mapped[Moment] = mapped_column(short(Moment))
    version: Mapped[int] = mapped_column()  # the list that the portal ships with is 1
    items: Mapped[str] = mapped_column(sa.Text)  # JSON: [Chinese, English] each
    reason: Mapped[str] = mapped_column(sa.String(400))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Checklist(Model):
    """A signed checklist of a shift. The database refuses every change of it; a correction is a new one."""

    __tablename__ = "checklists"
    __table_args__ = (
        # Of two seats of a shift, one signs a checklist; of two corrections of one record, one stands.
        sa.Index(
            "ix_checklists_once", "shift_id", "moment", unique=True, sqlite_where=FIRST, postgresql_where=FIRST
        ),
        sa.UniqueConstraint("corrects_id"),
        sa.Index("ix_checklists_post", "post_id", "id"),
    )  # fmt: skip
    history_kind = "checklist"
    state = State.DONE  # what the table of states asks; there is no other once it is stored

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("posts.id"))
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("shifts.id"))
    moment: Mapped[Moment] = mapped_column(short(Moment))
    list_version: Mapped[int] = mapped_column()
    corrects_id: Mapped[int | None] = mapped_column(sa.BigInteger, sa.ForeignKey("checklists.id"))
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    signed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def kind(self) -> str:
        """What the table of states tells checklists apart by."""
        return str(self.moment)


class Answer(Model):
    """One thing that was looked at, in the words of that day."""

    __tablename__ = "checklist_answers"

    checklist_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("checklists.id"), primary_key=True, autoincrement=False
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.String(200))
    text_en: Mapped[str] = mapped_column(sa.String(200), default="")
    done: Mapped[bool] = mapped_column()
    why: Mapped[str] = mapped_column(sa.String(200), default="")  # not done


class Paper(Model):
    """Papers of a customer that stayed unfiled, and why (DR-14); never a name, which may have to be forgotten."""

    __tablename__ = "checklist_papers"

    checklist_id: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("checklists.id"), primary_key=True, autoincrement=False
    )
    number: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(200))
    why: Mapped[str] = mapped_column(sa.String(200))
