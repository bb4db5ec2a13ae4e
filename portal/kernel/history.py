"""What happened: append-only, chained by hash, guarded by the database; put into words only when shown.

A line holds ids, codes and a digest of its free text. The text itself, which may name people, lies in `history_texts`
with its own salt and can be erased without breaking the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.config import keyed
from portal.kernel import sent_forms, todos
from portal.kernel.db import Model, UTCDateTime, db

log = logging.getLogger(__name__)
START = "0" * 64
SECTOR = 512


# A look at what is masked, and data that were handed over, of any kind of thing; an index of those alone answers it.
_TOLD_BY = ("reveal", "export", "handed_over")  # how such events end
# Written so that both databases see in a query what the index holds; neither `%` nor `:` means itself there.
LOOKS_WRITTEN = " OR ".join(f"replace(event, '{word}', '') <> event" for word in _TOLD_BY)
LOOKS: sa.ColumnElement[bool] = sa.text(f"({LOOKS_WRITTEN})")  # type: ignore[assignment]  # a text is a condition, too


class Line(Model):
    """One line of the chain."""

    __tablename__ = "history"
    __table_args__ = (
        sa.Index("ix_history_subject", "subject_kind", "subject_id", "id"),
        sa.Index("ix_history_kind", "subject_kind", "id"),  # the newest of a kind, and of a person
        sa.Index("ix_history_person", "by_id", "id"),
        sa.Index(
            "ix_history_looks",
            "id",
            sqlite_where=sa.text(LOOKS_WRITTEN),
            postgresql_where=sa.text(LOOKS_WRITTEN),
        ),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column()  # None: the portal itself
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    event: Mapped[str] = mapped_column(sa.String(48))
    clause: Mapped[str] = mapped_column(sa.String(8), default="")
    details: Mapped[str] = mapped_column(sa.Text)  # JSON with sorted keys: ids, codes, moments
    text_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    before: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class Text(Model):
    """The words of a line, which may have to be forgotten one day."""

    __tablename__ = "history_texts"

    line_id: Mapped[int] = mapped_column(sa.ForeignKey("history.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(32))
    words: Mapped[str | None] = mapped_column(sa.Text)  # JSON; None once erased


@dataclass(frozen=True)
class Event:
    """One line of a thing's history, as data and words."""

    id: int
    at: datetime
    by_id: int | None
    event: str
    clause: str
    details: dict[str, Any]
    words: dict[str, str]

    @classmethod
    def of(cls, row: Any) -> Event:
        """The line of a row: id, at, by_id, event, clause, details, words."""
        its_id, at, by_id, event, clause, details, words = row
        return cls(its_id, at, by_id, event, clause, json.loads(details), json.loads(words) if words else {})


def events(subject: Any, most: int = 200) -> list[Event]:
    """The history of a thing, newest first; one statement."""
    columns = (Line.id, Line.at, Line.by_id, Line.event, Line.clause, Line.details, Text.words)
    ours = sa.and_(Line.subject_kind == subject.history_kind, Line.subject_id == subject.id)
    rows = sa.select(*columns).outerjoin(Text, Text.line_id == Line.id).where(ours)
    return [Event.of(row) for row in db.session.execute(rows.order_by(Line.id.desc()).limit(most))]


def hands(subject: Any, event: str) -> set[int]:
    """Who ever did that to a thing; the lines of the present write are not among them."""
    ours = sa.and_(Line.subject_kind == subject.history_kind, Line.subject_id == subject.id)
    by = sa.select(Line.by_id).where(ours, Line.event == event, Line.by_id.is_not(None)).distinct()
    return set(db.session.scalars(by))


def words_of(kind: str, ids: Collection[int]) -> list[tuple[int, datetime, str, dict[str, str]]]:
    """The texts that the lines of these subjects still have, oldest first: subject, moment, event, words."""
    ours = sa.and_(Line.subject_kind == kind, Line.subject_id.in_(ids), Text.words.is_not(None))
    rows = sa.select(Line.subject_id, Line.at, Line.event, Text.words).join(Text, Text.line_id == Line.id)
    return [
        (subject, at, event, json.loads(words or "{}"))
        for subject, at, event, words in db.session.execute(rows.where(ours).order_by(Line.id))
    ]


class Head(Model):
    """One row: the last line of the chain."""

    __tablename__ = "chain_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    seal: Mapped[str] = mapped_column(sa.String(64), default=START)


@dataclass
class Draft:
    """A line waiting for the end of its transaction."""

    at: datetime
    by_id: int | None
    subject_kind: str
    subject_id: int
    event: str
    clause: str
    details: dict[str, Any]
    words: dict[str, str] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """Have every write close its books before, and copy the seal after, the commit."""
    if close_books not in db.before_commit:
        db.before_commit.append(close_books)
        db.after_commit.append(_copy_seal)


def record(
    subject: Any,
    event: str,
    *,
    by: int | None,
    now: datetime,
    clause: str = "",
    words: Mapping[str, str] | None = None,
    **details: Any,
) -> None:
    """Write down that `event` happened to `subject` (`.history_kind`, `.id`), inside the present write.

    `details` are ids, codes and moments and stay for ever; `words` are free or personal text and can be erased.
    """
    db.session.flush()
    told = {name: text for name, text in (words or {}).items() if text}
    plain = {name: _plain(value) for name, value in details.items() if value is not None}
    draft = Draft(now, by, subject.history_kind, subject.id, event, clause, plain, told)
    db.session().info.setdefault("history", []).append(draft)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (bool, int, str)) else str(value)


def erase(subject: Any, naming: Callable[[str], bool] | None = None) -> None:
    """Forget the words of every line of a subject, what its open matters are called, and the digests of its forms.

    The chain stays whole. Inside a write. With `naming` only those words of which it says that they name somebody.
    """
    sent_forms.forget(subject)
    todos.forget_words(subject, naming)
    ours = sa.select(Line.id).where(Line.subject_kind == subject.history_kind, Line.subject_id == subject.id)
    its_texts = sa.and_(Text.line_id.in_(ours), Text.words.is_not(None))
    if naming is not None:
        rows = db.session.execute(sa.select(Text.line_id, Text.words).where(its_texts))
        named = [line for line, words in rows if any(map(naming, json.loads(words or "{}").values()))]
        its_texts = Text.line_id.in_(named)
    db.session.execute(sa.update(Text).where(its_texts).values(words=None))


def close_books(session: Session) -> None:
    """Chain the drafts of this transaction to the head; the last thing a transaction does."""
    session.flush()
    drafts: list[Draft] = session.info.pop("history", [])
    if not drafts:
        return
    connection = session.connection()  # plain columns: a third of the time that mapped rows take
    last_id, seal = connection.execute(_HEAD).one()
    lines, texts = [], []
    for draft in drafts:
        last_id += 1
        salt, words = secrets.token_hex(16), _json(draft.words)
        row = {
            "id": last_id,
            "at": draft.at,
            "by_id": draft.by_id,
            "subject_kind": draft.subject_kind,
            "subject_id": draft.subject_id,
            "event": draft.event,
            "clause": draft.clause,
            "details": _json(draft.details),
            "text_digest": digest(salt, words) if draft.words else "",
            "before": seal,
        }
        seal = line_hash(row)
        lines.append({**row, "hash": seal})
        if draft.words:
            texts.append({"line_id": last_id, "salt": salt, "words": words})
    connection.execute(_NEW_LINES, lines)
    if texts:
        connection.execute(_NEW_TEXTS, texts)
    connection.execute(_MOVE_HEAD, {"to": last_id, "now": seal})
    session.info["sealed"] = (last_id, seal)


# Made once, for every write asks them.
def wait_for_turn() -> None:
    """Take the head of the chain at once: of two writes that look before they act, the second sees the first's."""
    db.session.connection().execute(_HEAD)


_HEAD = sa.select(Head.last_id, Head.seal).with_for_update()
_NEW_LINES, _NEW_TEXTS = sa.insert(Line.__table__), sa.insert(Text.__table__)  # type: ignore[arg-type]  # they are tables
_MOVE_HEAD = sa.update(Head.__table__).values(last_id=sa.bindparam("to"), seal=sa.bindparam("now"))  # type: ignore[arg-type]  # it is a table

# Made once: json.dumps makes an encoder for every call that asks for anything unusual.
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def digest(salt: str, words: str) -> str:
    """What stands in the chain for a text that can be erased."""
    return hashlib.sha256(f"{salt}\n{words}".encode()).hexdigest()


def line_hash(row: Mapping[Any, Any]) -> str:
    """The hash over every other column of a line, the hash before it included."""
    at = row["at"]
    moment = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(at, datetime) else str(at)
    columns = (
        "id",
        "by_id",
        "subject_kind",
        "subject_id",
        "event",
        "clause",
        "details",
        "text_digest",
        "before",
    )
    kept: dict[str, Any] = {"at": moment, **{c: row[c] for c in columns}}
    return hashlib.sha256(_json(kept).encode()).hexdigest()


# -- the copy of the head outside the database: a cut tail leaves a chain that is whole but shorter ------------------


def _seal_file() -> Path:
    folder: Path = current_app.config["SETTINGS"].instance
    return folder / "history.seal"


def _mac(last_id: int, seal: str) -> str:
    key = keyed(current_app._get_current_object()).encode()  # type: ignore[attr-defined]  # the app behind the proxy
    return hmac.new(key, f"history {last_id} {seal}".encode(), hashlib.sha256).hexdigest()


def _copy_seal(session: Session) -> None:
    if sealed := session.info.pop("sealed", None):
        try:
            write_seal(*sealed)
        except OSError:
            # The change is committed and must be acknowledged; a copy that is behind is no fault of the chain.
            log.exception("the signed copy of the history's head could not be written")


def write_seal(last_id: int, seal: str) -> None:
    """Keep the signed copy of the head; after the commit, or after a restore that checked the chain.

    In place, padded to one sector, which a disk writes whole or not at all: to put a new file in the place of the old
    one waits for the disk as long as the commit did.
    """
    record = json.dumps({"last_id": last_id, "seal": seal, "mac": _mac(last_id, seal)})
    copy = os.open(_seal_file(), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(copy, f"{record:{SECTOR - 1}}\n".encode())
    finally:
        os.close(copy)


def faults() -> Iterator[str]:
    """Everything wrong with the chain: changed, removed, added or reordered lines, a cut tail, texts that differ."""
    at = sa.type_coerce(Line.at, sa.String) if db.engine.dialect.name == "sqlite" else Line.at
    columns = (
        Line.id,
        at.label("at"),
        Line.by_id,
        Line.subject_kind,
        Line.subject_id,
        Line.event,
        Line.clause,
        Line.details,
        Line.text_digest,
        Line.before,
        Line.hash,
        Text.salt,
        Text.words,
    )
    statement = sa.select(*columns).outerjoin(Text, Text.line_id == Line.id).order_by(Line.id)
    copied = yield from _read_seal()
    last_id, seal = 0, START
    for row in db.session.execute(statement.execution_options(yield_per=1000)).mappings():
        last_id += 1
        if row["id"] != last_id:
            yield f"history: line {last_id} is missing"
            last_id = row["id"]
        if row["before"] != seal:
            yield f"history: line {row['id']} does not follow the line before it"
        if line_hash(row) != row["hash"]:
            yield f"history: line {row['id']} was changed"
        if row["words"] is not None and digest(row["salt"], row["words"]) != row["text_digest"]:
            yield f"history: the text of line {row['id']} was changed"
        if row["text_digest"] and row["salt"] is None:
            yield f"history: the text of line {row['id']} was removed"
        seal = row["hash"]
        if copied and row["id"] == copied[0] and seal != copied[1]:
            yield f"history: line {row['id']} differs from the signed copy"
    head = db.session.execute(sa.select(Head.last_id, Head.seal)).one_or_none()
    if head is None or (head.last_id, head.seal) != (last_id, seal):
        yield f"history: the chain ends at line {last_id}, its head says {head.last_id if head else 'nothing'}"
    if copied and copied[0] > last_id:
        yield f"history: the chain ends at line {last_id}, the signed copy knows line {copied[0]}"


def _read_seal() -> Generator[str, None, tuple[int, str] | None]:
    path = _seal_file()
    if not path.exists():
        return None
    try:
        kept = json.loads(path.read_text())
        last_id, seal, mac = int(kept["last_id"]), str(kept["seal"]), str(kept["mac"])
    except (ValueError, KeyError, TypeError):
        yield "history: the signed copy of the head cannot be read"
        return None
    if not hmac.compare_digest(mac, _mac(last_id, seal)):
        yield "history: the signed copy of the head has a false signature"
        return None
    return last_id, seal
