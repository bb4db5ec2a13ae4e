"""What is handed over to the person: a file for machines and a page for people, in one archive (RC-20)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from flask import render_template

from portal.blueprints.office.privacy.models import PersonRequest
from portal.kernel import clock

DATA, PAGE = "data.json", "report.html"


def archive(request: PersonRequest, told: dict[str, Any], looks: list[Any], now: datetime) -> bytes:
    """The archive, as bytes; what it tells was gathered before."""
    lines = [
        {"at": f"{clock.local(at):%Y-%m-%d %H:%M}", "by": who, "what": str(what)} for at, who, what in looks
    ]
    page = render_template("office/privacy/report.html", asked=request, told=told, looks=lines, shown=shown)
    packed = io.BytesIO()
    stamp = clock.local(now).timetuple()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        data = json.dumps(told | {"looks": lines}, ensure_ascii=False, indent=1, default=str)
        for name, text in ((DATA, data), (PAGE, page)):
            made.writestr(zipfile.ZipInfo(name, stamp), text)
    return packed.getvalue()


def shown(value: Any) -> list[tuple[str, str]]:
    """An entry as caption and text, one line a field; nested ones are written out."""
    if isinstance(value, dict):
        return [(str(name), _plain(text)) for name, text in value.items() if text not in ("", None)]
    return [("", _plain(value))]


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "; ".join(_plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_plain(each)}" for name, each in value.items() if each not in ("", None))
    return str(value)
