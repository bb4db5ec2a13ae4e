"""Attachments: judged by their content, kept under their hash beside the database, served so that they cannot
act.

The file is written before the transaction (`keep`), its row inside it (`add`): a refused change leaves a file
nobody points to, never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from flask import Response, abort, current_app, send_file
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from portal.kernel import virus_scan
from portal.kernel.db import Model, UTCDateTime, db
from portal.kernel.workflow import Reason, Refused
from portal.security import SANDBOX

LARGEST = 20 * 1024 * 1024  # bytes of one file
MOST = 20  # files of one subject
MOST_PIXELS = 60_000_000  # of a picture, as large as any camera's
MOST_UNPACKED = 300 * 1024 * 1024  # bytes of an office document's parts together
MOST_PARTS = 5_000
LONGEST_NAME = 120
ORPHANS_REST = timedelta(days=1)  # a write may still be under way that points to the file

# What is taken: the ending of the name -> what the content must be.
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain",
    "csv": "text/csv",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "amr": "audio/amr",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}
ACCEPT = ",".join(f".{ending}" for ending in TYPES)  # for the file field of a form
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_ENDINGS = {mime: ending for ending, mime in reversed(TYPES.items())}
_DOCUMENTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
# Other names that the library has for the same thing.
_SAME = {"audio/x-wav": "audio/wav", "audio/m4a": "audio/mp4", "audio/x-m4a": "audio/mp4"}
_MARKUP = re.compile(rb"<(?:!doctype|html|svg|script|body|iframe|\?xml)", re.IGNORECASE)
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Rejected(Exception):
    """A file that is not taken: a code that the labels put into words, and what its sentence names."""

    def __init__(self, code: str, **given: Any) -> None:
        self.code, self.given = code, given
        super().__init__(f"{code} {given}")


class Attachment(Model):
    """One file of one subject."""

    __tablename__ = "attachments"
    __table_args__ = (sa.Index("ix_attachments_subject", "subject_kind", "subject_id"),)
    history_kind = "file"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(sa.String(24))
    subject_id: Mapped[int] = mapped_column(sa.BigInteger)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    mime: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int] = mapped_column()  # bytes
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    @property
    def is_picture(self) -> bool:
        """True when it may be shown inside a page."""
        return self.mime in PICTURES


@dataclass(frozen=True)
class Checked:
    """A file that may be taken: its clean name, what it is, its content."""

    name: str
    mime: str
    size: int
    sha256: str
    stream: IO[bytes] = field(repr=False)


# -- judging -------------------------------------------------------------------------------------------------


def check(storage: FileStorage) -> Checked:
    """Judge an upload by its content; Rejected with the reason. Reads the file, writes nothing."""
    stream: IO[bytes] = storage.stream
    name = clean_name(storage.filename or "")
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if size == 0:
        raise Rejected("empty", name=name)
    if size > LARGEST:
        raise Rejected("too_large", name=name, most=LARGEST // 1024 // 1024)
    mime = _judged(stream, name)
    if against := virus_scan.against(stream):
        raise Rejected(against, name=name)
    ending = "" if "." in name else f".{_ENDINGS[mime]}"
    return Checked(name + ending, mime, size, digest(stream), stream)


def digest(stream: IO[bytes]) -> str:
    """The hash under which a content is kept; the stream stands at its beginning again."""
    stream.seek(0)
    found = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]  # any readable stream does
    stream.seek(0)
    return found


def clean_name(written: str) -> str:
    """The name without folders, control and direction marks; at most 120 characters, its ending kept."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", written)[-1])
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem.strip()[: LONGEST_NAME - len(ending) - 6] or 'file'}.{ending}"
    return name[: LONGEST_NAME - 6] or "file"


def _judged(stream: IO[bytes], name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending and ending not in TYPES:
        raise Rejected("unknown_type", name=name)
    found = _content(stream, name, ending)
    if found not in _ENDINGS:
        raise Rejected("unknown_type", name=name)
    said = TYPES.get(ending, found)
    # A sound recording of a telephone is an MP4 file without a picture.
    if said != found and {said, found} != {"audio/mp4", "video/mp4"}:
        raise Rejected("lies", name=name, found=_ENDINGS[found].upper())
    return said


def _content(stream: IO[bytes], name: str, ending: str) -> str:
    """What the content is, whatever the name says."""
    # Loaded when a file comes: most requests bring none.
    import filetype

    head = stream.read(8192)
    if head.startswith(b"PK\x03\x04"):
        return _document(stream, name)
    kind = filetype.guess(head)
    if kind is None:
        return _text(stream, name, ending)
    found = _SAME.get(kind.mime, kind.mime)
    if found in PICTURES:
        _picture(stream, name, PICTURES[found])
    return str(found)


def _document(stream: IO[bytes], name: str) -> str:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Rejected("damaged", name=name) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Rejected("bomb", name=name)
    names = {part.filename for part in parts}
    if any(part.lower().endswith(("vbaproject.bin", ".exe", ".js", ".html")) for part in names):
        raise Rejected("active", name=name)
    for part, ending in _DOCUMENTS.items():
        if part in names and "[Content_Types].xml" in names:
            return TYPES[ending]
    raise Rejected("unknown_type", name=name)


def _picture(stream: IO[bytes], name: str, kind: str) -> None:
    from PIL import Image, UnidentifiedImageError

    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Rejected("bomb", name=name)
                picture.verify()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Rejected("bomb", name=name) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise Rejected("damaged", name=name) from None


def _text(stream: IO[bytes], name: str, ending: str) -> str:
    """Text in one of the two usual ways of writing Chinese; never a page, a drawing or a program."""
    stream.seek(0)
    raw = stream.read()
    if _MARKUP.search(raw) or raw.startswith((b"#!", b"MZ", b"\x7fELF")):
        raise Rejected("active", name=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _UNWANTED.search(text):
            return "text/csv" if ending == "csv" else "text/plain"
    raise Rejected("unknown_type", name=name)


# -- keeping -------------------------------------------------------------------------------------------------


def _folder() -> Path:
    instance: Path = current_app.config["SETTINGS"].instance
    return instance / "files"


def path_of(sha256: str) -> Path:
    """Where the content of that hash lies."""
    return _folder() / sha256[:2] / sha256


def keep(checked: Checked) -> None:
    """Write the content so that it survives a loss of power; before the write transaction, never inside it.

    OSError when that is not so; what was half written is gone, and the next attempt begins anew.
    """
    target = path_of(checked.sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not _lies_there(target, checked):
        _write(target, checked)
    for folder in (target.parent, target.parent.parent):  # also after an attempt whose names were not sure
        sync(folder)
    checked.stream.seek(0)


def _lies_there(target: Path, checked: Checked) -> bool:
    """Whether the whole content is kept already; it is then young again, and no cleaning takes it before its row."""
    try:
        os.utime(target)  # unlike touch() it makes nothing where a cleaning was quicker
        return target.stat().st_size == checked.size and _digest(target) == checked.sha256
    except OSError:
        return False  # it is not there, or can no longer be read: it is written anew


def _write(target: Path, checked: Checked) -> None:
    fresh = target.with_name(f"{checked.sha256}.{secrets.token_hex(4)}.part")
    checked.stream.seek(0)
    try:
        with fresh.open("wb") as written:
            while some := checked.stream.read(1024 * 1024):
                written.write(some)
            written.flush()
            os.fsync(written.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def sync(folder: Path) -> None:
    """Make sure of the names in a folder."""
    if os.name != "posix":
        return  # other systems open no folders
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def add(subject: Any, checked: Checked, by: int, now: datetime) -> Attachment:
    """Attach a kept file to a subject (`.history_kind`, `.id`); Refused when it has enough. Inside a write."""
    ours = sa.and_(Attachment.subject_kind == subject.history_kind, Attachment.subject_id == subject.id)
    if (db.session.scalar(sa.select(sa.func.count()).select_from(Attachment).where(ours)) or 0) >= MOST:
        raise Refused([Reason("CP-01", "too_many_files", {"most": MOST})])
    row = Attachment(
        subject_kind=subject.history_kind,
        subject_id=subject.id,
        name=checked.name,
        mime=checked.mime,
        size=checked.size,
        sha256=checked.sha256,
        by_id=by,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def of(subject: Any) -> list[Attachment]:
    """The files of a subject, oldest first."""
    given = {"kind": subject.history_kind, "id": subject.id}
    return list(db.session.scalars(_OF, given))


def send_one_of(kind: str, subject_id: int, file_id: int) -> Response:
    """The file of that id as an answer, if it belongs to that subject; NotFound otherwise."""
    ours = (Attachment.subject_kind == kind, Attachment.subject_id == subject_id, Attachment.id == file_id)
    found = db.session.scalars(sa.select(Attachment).where(*ours)).one_or_none()
    if found is None:
        abort(404)
    return send(found)


def listed(subject: Any) -> Sequence[sa.Row[int, str, int]]:
    """Id, name and size of the files of a subject, oldest first: what a page says of them."""
    given = {"kind": subject.history_kind, "id": subject.id}
    return db.session.connection().execute(_LISTED, given).all()


# Made once: every page about one thing asks it.
_OF = (
    sa.select(Attachment)
    .where(Attachment.subject_kind == sa.bindparam("kind"), Attachment.subject_id == sa.bindparam("id"))
    .order_by(Attachment.id)
)
_LISTED = _OF.with_only_columns(Attachment.id, Attachment.name, Attachment.size)


def send(attachment: Attachment) -> Response:
    """The file as an answer: a picture inside the page, all else as a download, neither able to act as a page."""
    path = path_of(attachment.sha256)
    if not path.exists():
        current_app.logger.error("attachment %s: its file %s is missing", attachment.id, attachment.sha256)
        abort(404)
    response = send_file(
        path,
        mimetype=attachment.mime,
        as_attachment=not attachment.is_picture,
        download_name=attachment.name,
        etag=attachment.sha256,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


# -- care ----------------------------------------------------------------------------------------------------


def faults(now: datetime) -> Iterator[str]:
    """Files that are missing or changed, and old ones that nothing points to."""
    known: dict[str, int] = {}
    rows = db.session.execute(
        sa.select(Attachment.id, Attachment.sha256, Attachment.size).order_by(Attachment.id)
    )
    for number, sha256, size in rows:
        if sha256 in known:
            continue
        known[sha256] = size
        path = path_of(sha256)
        if not path.exists():
            yield f"file {number}: its content {sha256} is missing"
        elif path.stat().st_size != size or _digest(path) != sha256:
            yield f"file {number}: its content {sha256} was changed"
    yield from (f"file {path.name}: nothing points to it" for path in _orphans(known, now))


def remove_all_of(subject: Any) -> None:
    """Take every file from a subject; content that nothing points to goes with the next `clean`. Inside a write."""
    ours = sa.and_(Attachment.subject_kind == subject.history_kind, Attachment.subject_id == subject.id)
    db.session.execute(sa.delete(Attachment).where(ours))


def clean(now: datetime) -> int:
    """Delete old content that nothing points to; how many files. Part of the worker's retention pass."""
    known = dict.fromkeys(db.session.scalars(sa.select(Attachment.sha256).distinct()), 0)
    return sum(_take_away(path, now) for path in _orphans(known, now))


def _take_away(path: Path, now: datetime) -> bool:
    """Delete it, unless it was wanted again a moment ago: whoever keeps it from now on finds it or writes it anew."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    path.rename(aside)
    if _is_old(aside, now):
        aside.unlink()
        return True
    aside.rename(path)
    return False


def _orphans(known: Mapping[str, int], now: datetime) -> Iterator[Path]:
    """Sorted before the first goes, for folders change meanwhile."""
    yield from (
        path for path in sorted(_folder().glob("??/*")) if path.name not in known and _is_old(path, now)
    )


def _is_old(path: Path, now: datetime) -> bool:
    try:
        return path.stat().st_mtime < (now - ORPHANS_REST).timestamp()
    except FileNotFoundError:  # an upload that is done has its own name by now
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
