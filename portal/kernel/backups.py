"""Where backups go and which was the last: a folder of dated files, and a small note in the instance folder."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app

from portal.kernel import clock

NOTE = "last-backup.json"
_OURS = re.compile(r"portal-\d{8}-\d{6}\.tar")


@dataclass(frozen=True)
class Backup:
    """One backup as it was taken."""

    at: datetime
    file: Path
    size: int  # bytes

    @property
    def is_there(self) -> bool:
        """True while the file lies where it was written; it may have been taken to another machine since."""
        return self.file.exists()


def last() -> Backup | None:
    """The newest backup that this portal took; None when there was none, or the note cannot be read."""
    try:
        told = json.loads(_note().read_text(encoding="utf-8"))
        at = datetime.fromisoformat(told["at"])
        return Backup(at, Path(told["file"]), int(told["size"])) if at.tzinfo else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note(file: Path, at: datetime) -> None:
    """Write down that this backup was taken."""
    told = asdict(Backup(at, file, file.stat().st_size)) | {"at": at.isoformat(), "file": str(file)}
    fresh = _note().with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(told), encoding="utf-8")
    fresh.replace(_note())


def place(given: Path) -> Path:
    """The file to write: the one that was named, or a dated one in the folder that was named."""
    return given / f"portal-{clock.local(clock.now()):%Y%m%d-%H%M%S}.tar" if given.is_dir() else given


def keep_newest(folder: Path, most: int) -> list[Path]:
    """Delete the oldest backups of a folder so that `most` stay; those that went. Other files are left alone."""
    dated = sorted((path for path in folder.iterdir() if _OURS.fullmatch(path.name)), reverse=True)
    for path in dated[most:]:
        path.unlink()
    return dated[most:]


def _note() -> Path:
    instance: Path = current_app.config["SETTINGS"].instance
    return instance / NOTE
