"""What a virus scanner says of a file, where the operator has one: clamd, or what speaks as it does."""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import closing
from typing import IO

from flask import current_app

log = logging.getLogger(__name__)
PATIENCE = 30.0  # seconds for each step: a form waits
PIECE = 64 * 1024  # bytes
MOST_SAID = 4096  # bytes of an answer


class Unscanned(Exception):
    """Nobody can say what is in the file; the message says why, for the log."""


def against(stream: IO[bytes]) -> str:
    """Why a file is not taken: `virus`, or `unscanned` while the scanner does not answer; empty when it is clean."""
    scanner = current_app.config["SETTINGS"].virus_scanner
    if not scanner:
        return ""
    try:
        harm = _harm_in(stream, scanner)
    except Unscanned as error:
        log.error("the virus scanner: %s", error)
        return "unscanned"
    if harm:
        log.error("a file was refused: the virus scanner found %s", harm)
    return "virus" if harm else ""


def _harm_in(stream: IO[bytes], scanner: str) -> str:
    """The name of what is in the file, empty when nothing is found; the stream stands at its beginning again.

    `scanner` is the path of a socket, or host:port. Raises Unscanned.
    """
    stream.seek(0)
    try:
        with closing(_connected(scanner)) as line:
            line.sendall(b"zINSTREAM\0")
            while piece := stream.read(PIECE):
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            said = _answer(line)
    except OSError as error:
        raise Unscanned(f"{scanner}: {error}") from error
    finally:
        stream.seek(0)
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")
    raise Unscanned(f"{scanner} said {said!r}")


def _connected(scanner: str) -> socket.socket:
    if not scanner.startswith("/"):
        host, _, port = scanner.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(PATIENCE)
        line.connect(scanner)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < MOST_SAID:
        piece = line.recv(MOST_SAID)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("ascii", "replace")
