"""One tar file with a signed manifest of what it holds: how backups and exports are packed, and unpacked with distrust.

The manifest comes last and names every other part with its digest and size. Whoever unpacks compares all of it before
anything is used.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app

from portal.config import keyed

WHICH = "a backup is put back by restore, an export is taken in by import-all"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024 * 1024
CHUNK = 1024 * 1024
CONTENT = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")  # an attachment, under the hash of its content


@dataclass(frozen=True)
class Part:
    """One file of the archive as the manifest knows it."""

    sha256: str
    size: int


@contextmanager
def beside(place: Path, prefix: str) -> Iterator[Path]:
    """A folder of that prefix to work in, gone afterwards.

    Those that a killed command left there go first, for each holds a whole database; one that lives holds its own.
    """
    for left in place.glob(f"{prefix}*"):
        if (handle := _hold(left)) is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(handle)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place) as made:
        folder = Path(made)
        handle = _hold(folder)
        try:
            yield folder
        finally:
            if handle is not None:
                os.close(handle)


def _hold(folder: Path) -> int | None:
    """Hold a folder until the handle is closed, or this process dies; None where another process does."""
    if os.name != "posix":
        return None  # nothing is held there, and nothing taken for left behind
    import fcntl

    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def pack(
    target: Path, parts: Iterable[tuple[str, Path]], about: Mapping[str, Any], now: datetime
) -> dict[str, Part]:
    """Write the archive (mode 600), its manifest with `about` last; what it holds. OSError leaves a half-written file.

    An attachment that was cleaned away meanwhile is left out: nothing pointed to it any more.
    """
    told: dict[str, Part] = {}
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w") as archive:
            for name, path in parts:
                try:
                    content = path.open("rb")
                except FileNotFoundError:
                    if CONTENT.fullmatch(name):
                        continue
                    raise
                with content:
                    digest = hashlib.file_digest(content, "sha256").hexdigest()
                    told[name] = Part(digest, content.tell())
                    content.seek(0)
                    archive.addfile(_entry(name, told[name].size, now), content)
            parts_told = {name: {"sha256": part.sha256, "size": part.size} for name, part in told.items()}
            manifest = {**about, "made_at": now.isoformat(), "parts": parts_told}
            written = json.dumps(manifest | {"mac": mac(manifest)}, sort_keys=True).encode()
            archive.addfile(_entry(MANIFEST, len(written), now), BytesIO(written))
        raw.flush()
        os.fsync(raw.fileno())
    return told


def _entry(name: str, size: int, now: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(now.timestamp())
    return entry


def mac(manifest: Mapping[str, Any]) -> str:
    """The signature of a manifest under this portal's key."""
    key = keyed(current_app._get_current_object()).encode()  # type: ignore[attr-defined]  # the app behind the proxy
    return hmac.new(
        key, b"backup " + json.dumps(manifest, sort_keys=True).encode(), hashlib.sha256
    ).hexdigest()


def is_ours(manifest: dict[str, Any]) -> bool:
    """True when this portal's key signed it; the signature is taken out."""
    return hmac.compare_digest(str(manifest.pop("mac", "")), mac(manifest))


def unpack(file: Path, folder: Path, expected: Callable[[str], bool]) -> dict[str, Any]:
    """Unpack what may be in such an archive and nothing else; the manifest, to which every part was compared.

    ValueError says what is wrong with the file. Names are compared, never followed; nothing is unpacked that the disk
    has no room for, whatever a header says.
    """
    found: dict[str, Part] = {}
    try:
        with tarfile.open(file, mode="r:") as archive:
            room = shutil.disk_usage(folder).free
            for entry in archive:
                if (
                    entry.name in found
                    or not entry.isreg()
                    or not (entry.name == MANIFEST or expected(entry.name))
                ):
                    raise ValueError(f"{file} holds {entry.name!r}, which does not belong into it; {WHICH}")
                room -= entry.size
                too_large = entry.name == MANIFEST and entry.size > LARGEST_MANIFEST
                if room < 0 or entry.size < 0 or too_large:
                    raise ValueError(f"{file}: there is no room to unpack {entry.name}")
                found[entry.name] = _take_out(archive, entry, folder)
    except (tarfile.TarError, EOFError) as error:
        raise ValueError(f"{file} is no backup and no export, or is damaged: {error}") from error
    found.pop(MANIFEST, None)
    return _manifest(file, folder, found)


def _take_out(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> Part:
    """Write one part under its own, expected name; never more than its header says."""
    target, digest, size = folder / entry.name, hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(entry)
    if content is None:
        raise ValueError(f"{entry.name} cannot be read")
    with content, target.open("xb") as written:
        while some := content.read(CHUNK):
            digest.update(some)
            size += len(some)
            written.write(some)
        written.flush()
        os.fsync(written.fileno())
    return Part(digest.hexdigest(), size)


def _manifest(file: Path, folder: Path, found: Mapping[str, Part]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        told = {name: Part(part["sha256"], part["size"]) for name, part in manifest["parts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{file} has no manifest that can be read") from error
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            raise ValueError(f"{file} was changed: {name} is not what the manifest says")
    return manifest
