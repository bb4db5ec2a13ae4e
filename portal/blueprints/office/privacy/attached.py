"""Attached files when one person is looked for: what they say, and those that somebody has to look at (RC-20).

A file that can be read and names the person is found as words are. One that cannot, a picture or a scan, is listed when
it lies with something that is about the person or names them: the office opens it there and says whether it goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.kernel import file_words, files, forgetting, mentions, timers
from portal.kernel.db import Base, db
from portal.kernel.files import Attachment
from portal.kernel.forgetting import Mention
from portal.kernel.personal_data import Held, Sought

TABLE = Attachment.__tablename__
A_READ = 500  # rows read together
Subject = tuple[str, int]  # as history calls a thing


class Found(NamedTuple):
    """A file that names the person, or may: `sure` that it does, or that somebody said so; None: somebody looks at it."""

    id: int
    name: str
    address: str
    words: str
    sure: bool | None
    held: Held | None


def found(
    whom: Sought, subjects: Collection[Subject], now: datetime, decided: dict[int, bool]
) -> list[Found]:
    """Every file that names the person or lies unread with one of the subjects, oldest first; a worker's work.

    `decided` says of files, by id, whether they go.
    """
    near = set(subjects)
    rows, last = [], 0
    while some := db.session.scalars(
        sa.select(Attachment).where(Attachment.id > last).order_by(Attachment.id).limit(A_READ)
    ).all():
        rows += [(row, *judged) for row in some if (judged := _judged(row, whom, near, decided)) is not None]
        last = some[-1].id
    held = forgetting.held_in(TABLE, [(row.id,) for row, _sure, _words in rows], now)
    return [Found(row.id, *_where(row), words, sure, held.get((row.id,))) for row, sure, words in rows]


def _judged(
    row: Attachment, whom: Sought, near: set[Subject], decided: dict[int, bool]
) -> tuple[bool | None, str] | None:
    """Whether a file surely names the person, and the words that do; None for one that has nothing to do with them."""
    read = file_words.words_of(path, row.mime) if (path := files.path_of(row.sha256)).exists() else None
    text = f"{row.name}\n{read or ''}"
    named, numbered = mentions.is_in(text, whom.name, whom.phone)
    words = mentions.around(text, whom.name, whom.phone)
    if row.id in decided:
        return decided[row.id], words
    if named or numbered:
        return numbered or whom.loose, words
    return (None, "") if read is None and (row.subject_kind, row.subject_id) in near else None


def _where(row: Attachment) -> tuple[str, str]:
    """What the file and its thing are called, and the page where whoever may see the thing opens the file."""
    watch, model = timers.WATCHED.get(row.subject_kind), forgetting.models_of_kinds().get(row.subject_kind)
    thing = db.session.get(model, row.subject_id) if model else None
    number = getattr(thing, "number", "")
    return f"{row.name} · {number}" if number else row.name, watch.address(thing) if watch and thing else ""


def subjects_of(own: Iterable[Subject | None], mentioned: Iterable[Mention]) -> set[Subject]:
    """The things that are about the person or name them, those included whose parts do."""
    every = {subject for subject in own if subject}
    inside: defaultdict[tuple[str, str, str], set[Any]] = defaultdict(set)
    for mention in mentioned:
        place = mention.place
        if kind := _kind(place.table):
            every.add((kind, mention.key[0]))
        elif place.parent:
            inside[place.table, *place.parent].add(mention.key[0])
    for (table, column, parent), keys in inside.items():
        rows = Base.metadata.tables[table]
        key = next(iter(rows.primary_key.columns))
        if kind := _kind(parent):
            ids = db.session.scalars(sa.select(rows.c[column]).where(key.in_(keys)))
            every |= {(kind, its_id) for its_id in ids}
    return every


def _kind(table: str) -> str:
    """What history calls the rows of a table; empty where it calls them nothing."""
    return _kinds().get(table, "")


@cache
def _kinds() -> dict[str, str]:
    return {model.__tablename__: kind for kind, model in forgetting.models_of_kinds().items()}


def drop(ids: Collection[int]) -> int:
    """Take these files from their things; their content leaves the disk with the nightly tidying. Inside a write."""
    gone = sa.delete(Attachment).where(Attachment.id.in_(list(ids)))
    return db.session.connection().execute(gone).rowcount
