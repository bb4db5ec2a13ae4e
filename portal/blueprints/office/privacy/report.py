"""What is handed over to the person: a file for machines, a page for people, and their files, in one archive (RC-20)."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from flask import render_template

from portal.blueprints.office.privacy import captions
from portal.blueprints.office.privacy.models import PersonRequest
from portal.i18n import _, is_chinese, listed
from portal.kernel import clock

DATA, PAGE = "data.json", "report.html"
IN_MEMORY = 1024 * 1024  # bytes; a larger archive is made on the disk


def archive(
    request: PersonRequest,
    told: dict[str, Any],
    looks: Iterable[Any],
    files: Iterable[tuple[str, Path]],
    now: datetime,
) -> IO[bytes]:
    """The archive, at its beginning; what it tells was gathered before.

    `files`: what each is called in the archive, and where it lies.
    """
    lines = [
        {"at": f"{clock.local(at):%Y-%m-%d %H:%M}", "by": who, "what": str(what)} for at, who, what in looks
    ]
    page = render_template(
        "office/privacy/report.html",
        asked=request,
        told=told,
        looks=lines,
        shown=shown,
        section=captions.section,
    )
    packed = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    stamp = clock.local(now).timetuple()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        data = json.dumps(told | {"looks": lines}, ensure_ascii=False, indent=1, default=str)
        for name, text in ((DATA, data), (PAGE, page)):
            made.writestr(zipfile.ZipInfo(name, stamp), text)
        for name, path in files:
            with path.open("rb") as content, made.open(zipfile.ZipInfo(name, stamp), "w") as written:
                while some := content.read(IN_MEMORY):
                    written.write(some)
    packed.seek(0)
    return packed


def shown(entry: dict[str, Any]) -> list[tuple[str, str]]:
    """An entry as caption and text, a line a field that has words for it; nested ones are written out."""
    return [
        (caption, _plain(value))
        for name, value in entry.items()
        if value not in ("", None) and (caption := captions.caption(name))
    ]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        return listed(_plain(each) for each in value)
    if isinstance(value, dict):
        colon, between = ("：", "；") if is_chinese() else (": ", "; ")
        said = ((captions.caption(name) or name, each) for name, each in value.items())
        return between.join(f"{caption}{colon}{_plain(each)}" for caption, each in said if each)
    return str(value)
