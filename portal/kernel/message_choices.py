"""What each person chose to hear outside the inbox: a row for those who chose anything, kept with the reference data."""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import reference
from portal.kernel.db import Model, db, insert, short
from portal.kernel.quiet import Choices, Quiet, Where


class MessageChoice(Model):
    """One person's choices."""

    __tablename__ = "message_choices"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    quiet: Mapped[Quiet] = mapped_column(short(Quiet))
    quiet_from: Mapped[int] = mapped_column()  # minutes of the day
    quiet_until: Mapped[int] = mapped_column()
    every: Mapped[int] = mapped_column("every_minutes")
    handle: Mapped[str] = mapped_column(sa.String(64), default="")
    topics: Mapped[str] = mapped_column(sa.Text, default="{}")  # JSON: topic -> [ways, collected]


def of(person_id: int) -> Choices:
    """What a person chose, or what holds for everybody."""
    return _every().get(person_id, Choices())


def keep(person_id: int, choices: Choices) -> None:
    """Put a person's choices in the place of the earlier ones. Inside a write."""
    topics = {
        topic: [choices.where.get(topic, Where.ALL).value, topic in choices.collected]
        for topic in {*choices.where, *choices.collected}
    }
    row = {
        "quiet": choices.quiet,
        "quiet_from": choices.quiet_from,
        "quiet_until": choices.quiet_until,
        "every": choices.every,
        "handle": choices.handle,
        "topics": json.dumps(topics, sort_keys=True),
    }
    kept = insert(MessageChoice).values(person_id=person_id, **row)
    kept = kept.on_conflict_do_update(
        index_elements=["person_id"],
        set_={MessageChoice.__table__.c[_column(name)]: value for name, value in row.items()},
    )
    db.session.execute(kept)
    reference.changed()


def _column(name: str) -> str:
    return "every_minutes" if name == "every" else name


def _every() -> Mapping[int, Choices]:
    return reference.kept("message_choices", _read)


def _read() -> dict[int, Choices]:
    found = {}
    for row in db.session.scalars(sa.select(MessageChoice)):
        topics = json.loads(row.topics)
        found[row.person_id] = Choices(
            quiet=row.quiet,
            quiet_from=row.quiet_from,
            quiet_until=row.quiet_until,
            every=row.every,
            handle=row.handle,
            where={topic: Where(ways) for topic, (ways, _) in topics.items() if ways != Where.ALL},
            collected=frozenset(topic for topic, (_, collected) in topics.items() if collected),
        )
    return found
