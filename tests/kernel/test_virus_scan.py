"""A virus scanner is asked where there is one, and nothing is taken while it does not answer."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from portal.config import BadSetting, Settings
from portal.kernel import files

HARM = b"X5O!-a-harmless-sign-that-stands-for-harm"


class Scanner(socketserver.StreamRequestHandler):
    """Speaks as clamd does: pieces with their length before them, and a word at the end."""

    def handle(self) -> None:
        """Read all pieces, find HARM in them."""
        assert self.rfile.read(10) == b"zINSTREAM\0"
        whole = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            whole += self.rfile.read(length)
        if b"too long" in whole:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(b"stream: Test.Sign FOUND\0" if HARM in whole else b"stream: OK\0")


@pytest.fixture(params=["socket", "port"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A scanner on this machine; its address."""
    path = str(tmp_path / "s")
    kinds: dict[str, Any] = {"socket": socketserver.UnixStreamServer, "port": socketserver.TCPServer}
    with kinds[request.param]({"socket": path, "port": ("127.0.0.1", 0)}[request.param], Scanner) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield path if request.param == "socket" else f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def judged(content: bytes) -> str:
    """What becomes of a text: `taken`, or why not."""
    try:
        checked = files.check(FileStorage(io.BytesIO(content), "words.txt"))
    except files.Rejected as error:
        return error.code
    assert checked.stream.read() == content
    return "taken"


def test_what_the_scanner_finds_is_not_taken(app: Flask, scanner: str) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], virus_scanner=scanner)
    with app.app_context():
        assert judged(b"nine dry towels " * 10_000) == "taken"
        assert judged(b"words " * 20_000 + HARM) == "virus"
        assert judged(b"too long") == "unscanned"


def test_while_no_scanner_answers_nothing_is_taken(app: Flask, tmp_path: Path) -> None:
    for address in (str(tmp_path / "none"), "127.0.0.1:1"):
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], virus_scanner=address)
        with app.app_context():
            assert judged(b"words") == "unscanned"
    with pytest.raises(BadSetting, match="PORTAL_VIRUS_SCANNER"):
        Settings.from_env({"PORTAL_VIRUS_SCANNER": "clamd"})
