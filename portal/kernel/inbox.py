"""What the portal tells a person: a row in the inbox, written with the change; other channels get a copy."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import outbox, reference
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.people import Viewer

# Kind of subject -> what these subjects are about, by id, in a few words, where the viewer may know of them today.
# An area adds its own. Nothing of it is kept with a message: what was erased, or closed to its reader, is gone here too.
ABOUT: dict[str, Callable[[Viewer, Collection[int]], Mapping[int, str]]] = {}


# Kinds of subject of which a group's chat may hear, where colleagues read along: work that is to be done, and nothing
# about anybody's conduct. What says that it is `in_confidence` stays in inboxes and mails all the same.
IN_GROUPS: set[str] = set()


class Notice(Model):
    """One message in somebody's inbox: a kind and codes, put into words when shown."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.Index("ix_notices_person", "person_id", "id"),
        sa.Index(
            "ix_notices_unread",
            "person_id",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(sa.String(48))
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    number: Mapped[str] = mapped_column(sa.String(24))
    details: Mapped[str] = mapped_column(sa.Text, default="{}")
    address: Mapped[str] = mapped_column(sa.String(200))
    urgent: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def told(self) -> dict[str, Any]:
        """The codes of the message."""
        found: dict[str, Any] = json.loads(self.details)
        return found


def topic_of(kind: str) -> str:
    """What a kind of message is about; by topics people choose what they hear outside the inbox."""
    return kind.partition(":")[0]


def tell(
    people: Iterable[int],
    kind: str,
    subject: Any,
    *,
    now: datetime,
    address: str,
    urgent: bool = False,
    **details: Any,
) -> None:
    """Put a message into these inboxes and, for those who have one, into an outside channel. Inside a write."""
    staff, topic = reference.staff(), topic_of(kind)
    in_group = subject.history_kind in IN_GROUPS and not getattr(subject, "in_confidence", False)
    for person_id in dict.fromkeys(people):
        if not staff.active(person_id):
            continue
        row = Notice(
            person_id=person_id,
            at=now,
            kind=kind,
            subject_kind=subject.history_kind,
            subject_id=subject.id,
            number=subject.number,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True),
            address=address,
            urgent=urgent,
        )
        db.session.add(row)
        db.session.flush()
        outbox.queue(row.id, staff.cards[person_id], topic=topic, urgent=urgent, in_group=in_group, now=now)


def about(viewer: Viewer, notices: Iterable[Notice]) -> dict[int, str]:
    """What each of these messages is about, by the message's id; one statement for each kind of subject."""
    subjects: dict[str, dict[int, int]] = defaultdict(dict)
    for notice in notices:
        subjects[notice.subject_kind][notice.id] = notice.subject_id
    found: dict[int, str] = {}
    for kind in subjects.keys() & ABOUT.keys():
        ids = subjects[kind]
        titles = ABOUT[kind](viewer, set(ids.values()))
        found |= {
            notice_id: titles[subject_id] for notice_id, subject_id in ids.items() if subject_id in titles
        }
    return found
