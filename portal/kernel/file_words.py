"""What an attached file says, of those kinds that can be read without a program of their own (RC-20)."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

from portal.kernel.files import TYPES

PLAIN = frozenset({TYPES["txt"], TYPES["csv"]})
OFFICE = frozenset({TYPES["docx"], TYPES["xlsx"], TYPES["pptx"]})
_TAG = re.compile(r"<[^>]*>")


def words_of(path: Path, mime: str) -> str | None:
    """The words of a stored file; None where only somebody who opens it can tell: a picture, a scan, a recording."""
    if mime in PLAIN:
        return _decoded(path.read_bytes())
    if mime in OFFICE:
        return _office(path)
    return None


def _decoded(content: bytes) -> str:
    """As it was written: with a mark, in UTF-8, or as Chinese Windows writes it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _office(path: Path) -> str | None:
    """The parts of an office document, one after the other; its size unpacked was judged when it came in."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = [packed.read(name) for name in packed.namelist() if name.endswith(".xml")]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return None
    # A name may be cut into pieces by marks of a spelling check: without the marks it is whole again.
    return "\n".join(html.unescape(_TAG.sub("", part.decode("utf-8", errors="replace"))) for part in parts)
