"""Where backups go: a folder of dated files, of which the newest stay."""

from __future__ import annotations

import re
from pathlib import Path

from portal.kernel import clock

_OURS = re.compile(r"portal-\d{8}-\d{6}\.tar")


def place(given: Path) -> Path:
    """The file to write: the one that was named, or a dated one in the folder that was named."""
    return given / f"portal-{clock.local(clock.now()):%Y%m%d-%H%M%S}.tar" if given.is_dir() else given


def keep_newest(folder: Path, most: int) -> list[Path]:
    """Delete the oldest backups of a folder so that `most` stay; those that went. Other files are left alone."""
    dated = sorted((path for path in folder.iterdir() if _OURS.fullmatch(path.name)), reverse=True)
    for path in dated[most:]:
        path.unlink()
    return dated[most:]
