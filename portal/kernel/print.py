"""Printed forms as PDF: drawn by the worker from the page that browsers print, kept for a day."""

from __future__ import annotations

import hashlib
import os
import secrets
from ctypes.util import find_library
from datetime import datetime, timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Response, current_app, send_file

from portal.kernel import clock
from portal.security import SANDBOX

KEPT = timedelta(days=1)
# What WeasyPrint loads from the system; each goes by one of these names there.
LIBRARIES = ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")
NAMES = ("{}", "lib{}-0", "{}-0", "lib{}-1")
ROOT = "http://form.invalid/"  # where the drawn page believes itself to be; nothing is fetched from there


@cache
def available() -> bool:
    """True when PDFs can be made here; looked up once, nothing heavy is loaded for it."""
    if find_spec("weasyprint") is None:
        return False
    return all(any(find_library(form.format(name)) for form in NAMES) for name in LIBRARIES)


def key_of(*parts: object) -> str:
    """The name under which a print is kept: the same parts, the same print."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:40]


def path_of(key: str) -> Path:
    """Where the print of that key lies, or would lie."""
    instance: Path = current_app.config["SETTINGS"].instance
    return instance / "prints" / f"{key}.pdf"


def lay_down(key: str, html: str) -> None:
    """Leave the page of that print for the worker, beside the prints: a table would keep its words in backups."""
    _write(_page_of(key), html.encode())


def make(key: str) -> str:
    """Draw the page that was left as PDF and keep it; its file's name. Takes a second or more: only in the worker."""
    target, page = path_of(key), _page_of(key)
    if target.exists():  # a worker that died had come so far
        return target.name
    _write(target, _drawn(page.read_text()))
    page.unlink(missing_ok=True)
    return target.name


def _page_of(key: str) -> Path:
    return path_of(key).with_suffix(".page")


def _write(target: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        with fresh.open("wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())  # or an empty one would stand there after a loss of power
        # By the portal's own clock, which a demonstration may have moved.
        os.utime(fresh, (clock.now().timestamp(),) * 2)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def send(key: str, name: str) -> Response:
    """The print as a download that cannot act as a page."""
    response = send_file(path_of(key), mimetype="application/pdf", as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def forget_old(now: datetime) -> int:
    """Delete prints and pages older than a day, and what a killed worker left half written; how many."""
    before = (now - KEPT).timestamp()
    gone = 0
    for path in path_of("any").parent.glob("*.p*"):
        try:
            if path.stat().st_mtime < before:
                path.unlink()
                gone += 1
        except FileNotFoundError:  # another worker was faster
            continue
    return gone


def forget_all() -> None:
    """Delete every print: one of them may name somebody who was forgotten, and each is made again when asked for."""
    for path in path_of("any").parent.glob("*.p*"):
        path.unlink(missing_ok=True)


def _drawn(html: str) -> bytes:
    # Loaded by the first print: it takes more than a second, and the system may lack its libraries.
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    static = Path(str(current_app.static_folder)).resolve()

    class OwnFiles(URLFetcher):
        """Serves the portal's static files and asks nobody else, whatever the page names."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            found = _static_file(static, url)
            if found is None:
                raise ValueError(f"a print fetches nothing from elsewhere: {url}")
            if not found.is_file():
                raise FatalURLFetchingError(f"there is no such static file: {found}")
            return URLFetcherResponse(url, found.read_bytes(), {"Content-Type": _TYPES[found.suffix]})

    try:
        written: bytes = HTML(string=html, base_url=ROOT, url_fetcher=OwnFiles()).write_pdf()
    except FatalURLFetchingError as error:  # no Exception by descent, and nobody would count it as one
        raise FileNotFoundError(str(error)) from error
    return written


_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


def _static_file(static: Path, url: str) -> Path | None:
    """The file behind an address of the drawn page, inside the static folder; None for any other address."""
    # What stands before `static` is where the portal is mounted.
    _, found, name = urlsplit(url).path.partition("/static/")
    if not found or not url.startswith(ROOT):
        return None
    path = (static / unquote(name)).resolve()
    return path if path.is_relative_to(static) and path.suffix in _TYPES else None
