"""Attached files when one person is looked for: what they say, and those that somebody has to look at (RC-20).

A file that can be read and names the person is found as words are. One that cannot, a picture or a scan, is listed when
it lies with something that is about the person or names them: the office opens it there and says whether it goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.kernel import clock, file_words, files, forgetting, mentions
from portal.kernel.db import Base, db
from portal.kernel.files import Attachment
from portal.kernel.forgetting import NONE, Claimed, Mention
from portal.kernel.personal_data import Held, Sought, Subject

TABLE = Attachment.__tablename__
A_READ = 500  # rows read together


class Found(NamedTuple):
    """A file that names the person, or may: `sure` that it does, or that somebody said so; None: somebody looks at it."""

    id: int
    name: str
    address: str
    words: str
    sure: bool | None
    held: Held | None
    own: bool  # it belongs to a thing that is about the person, and goes with it


def found(
    whom: Sought,
    subjects: Collection[Subject],
    now: datetime,
    decided: dict[int, bool],
    claimed: Claimed = NONE,
) -> list[Found]:
    """Every file that names the person or lies unread with one of the subjects, oldest first; a worker's work.

    Files of the things `claimed` are theirs whatever they hold. `decided` says of others, by id, whether they go.
    """
    near = set(subjects)
    rows, last = [], 0
    while some := db.session.scalars(
        sa.select(Attachment).where(Attachment.id > last).order_by(Attachment.id).limit(A_READ)
    ).all():
        for row in some:
            own = (row.subject_kind, row.subject_id) in claimed
            if (judged := (True, "") if own else _judged(row, whom, near, decided)) is not None:
                rows.append((row, *judged, own))
        last = some[-1].id
    held = forgetting.held_in(TABLE, [(row.id,) for row, *_judged in rows], now)
    return [
        Found(
            row.id,
            *_where(row),
            words,
            sure,
            held.get((row.id,)) or (claimed[row.subject_kind, row.subject_id] if own else None),
            own,
        )
        for row, sure, words, own in rows
    ]


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
    number, address = forgetting.whereabouts((row.subject_kind, row.subject_id))
    return f"{row.name} · {number}" if number else row.name, address


def subjects_of(own: Iterable[Subject | None], mentioned: Iterable[Mention]) -> set[Subject]:
    """The things that are about the person or name them, those included whose parts do."""
    every = {subject for subject in own if subject}
    inside: defaultdict[tuple[str, str, str], set[Any]] = defaultdict(set)
    for mention in mentioned:
        place = mention.place
        if kind := forgetting.kind_of(place.table):
            every.add((kind, mention.key[0]))
        elif place.parent:
            inside[place.table, *place.parent].add(mention.key[0])
    for (table, column, parent), keys in inside.items():
        rows = Base.metadata.tables[table]
        key = next(iter(rows.primary_key.columns))
        if kind := forgetting.kind_of(parent):
            ids = db.session.scalars(sa.select(rows.c[column]).where(key.in_(keys)))
            every |= {(kind, its_id) for its_id in ids}
    return every


def theirs(claimed: Claimed) -> list[tuple[dict[str, str], Path]]:
    """The files of things that are about the person, to be handed over: what the archive says of each, where it lies.

    Not what only names them: it is about something else, too.
    """
    ours = sa.tuple_(Attachment.subject_kind, Attachment.subject_id).in_(list(claimed))
    rows = db.session.scalars(sa.select(Attachment).where(ours).order_by(Attachment.id)) if claimed else ()
    return [
        (
            {
                "file_name": row.name,
                "number": forgetting.whereabouts((row.subject_kind, row.subject_id))[0],
                "at": f"{clock.local(row.at):%Y-%m-%d %H:%M}",
                "file": f"files/{row.id}-{row.name}",
            },
            path,
        )
        for row in rows
        if (path := files.path_of(row.sha256)).exists()
    ]


def drop(ids: Collection[int]) -> int:
    """Take these files from their things; their content leaves the disk with the nightly tidying. Inside a write."""
    gone = sa.delete(Attachment).where(Attachment.id.in_(list(ids)))
    return db.session.connection().execute(gone).rowcount
