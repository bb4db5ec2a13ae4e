"""Forms of verbs that were taken: sent again under its key, a form is done already or says something else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.digests import fields_digest
from portal.kernel.people import Viewer


class SentForm(Model):
    """One form that was taken: whose, under which key, about what, and a digest of what it said."""

    __tablename__ = "sent_forms"
    __table_args__ = (sa.Index("ix_sent_forms_subject", "subject_kind", "subject_id"),)

    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    digest: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


@dataclass(frozen=True)
class Sent:
    """A form as it is sent: its key, and a digest of what it says to which subject."""

    key: str
    digest: str

    @classmethod
    def of(cls, key: str, number: str, verb: str, fields: Mapping[str, Sequence[str]]) -> Sent:
        """The form of that key, told by its fields from another that bears the same key."""
        return cls(key, fields_digest({"number": number, "verb": verb, "fields": fields}))


class SaidOtherwise(Exception):
    """Under this key another form was taken before (409)."""


class TakenBefore(Exception):
    """This very form was taken between looking and writing; nothing is done a second time."""


def done_before(by: Viewer, sent: Sent | None) -> bool:
    """True when this very form was taken before; asked first, for the state may have moved on with it."""
    return sent is not None and _digest_before(by, sent) == sent.digest


def taken(subject: Any, by: Viewer, sent: Sent | None, now: datetime) -> bool:
    """Note that a form is taken; False when it was before. Raises SaidOtherwise.

    Inside the write that does what the form says: the subject's lock is where two forms of one key queue.
    """
    if sent is None:
        return True
    if (before := _digest_before(by, sent)) is not None:
        if before != sent.digest:
            raise SaidOtherwise
        return False
    row = {"subject_kind": subject.history_kind, "subject_id": subject.id, "digest": sent.digest, "at": now}
    db.session.add(SentForm(by_id=by.id, key=sent.key, **row))
    return True


def insist_fresh(by: Viewer, sent: Sent | None) -> None:
    """Raise TakenBefore, or SaidOtherwise, for a form that makes something new and was taken before.

    Inside the write that makes it, behind the number or lock where two forms of one key queue.
    """
    if sent is None or (before := _digest_before(by, sent)) is None:
        return
    raise TakenBefore if before == sent.digest else SaidOtherwise


def forget(subject: Any) -> None:
    """The digests of a subject go with its words: whoever guesses these could prove them. Inside a write."""
    ours = sa.and_(SentForm.subject_kind == subject.history_kind, SentForm.subject_id == subject.id)
    db.session.execute(sa.delete(SentForm).where(ours))


def _digest_before(by: Viewer, sent: Sent) -> str | None:
    ours = sa.and_(SentForm.by_id == by.id, SentForm.key == sent.key)
    return db.session.scalar(sa.select(SentForm.digest).where(ours))
