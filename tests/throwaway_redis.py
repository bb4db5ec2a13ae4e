"""A private Redis server for the tests: made in a temporary folder, keeps nothing, gone afterwards.

`python -m tests.throwaway_redis --ensure` installs it where it may, and says loudly when there is none.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.supervisor import tied_to
from tests import system_packages
from tests.throwaway_postgres import required

START_PATIENCE = 20.0
PASSWORD = "wakes workers only"


class NoRedis(RuntimeError):
    """No redis-server that starts; the message says why and what to do."""


@dataclass(frozen=True)
class Redis:
    """A running server whose contents belong to the tests."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """As PORTAL_QUEUE_URL names it."""
        return f"redis://:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.port}/0"

    def die(self) -> None:
        """As a machine that loses its power."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running() -> Iterator[Redis]:
    """A fresh server for the length of the block; NoRedis when it cannot be had."""
    program = find_program()
    if program is None:
        raise NoRedis(absence())
    folder = Path(tempfile.mkdtemp(prefix="portal-redis-"))
    try:
        server = _start(program, folder)
        try:
            yield server
        finally:
            server.die()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def for_tests() -> Iterator[Redis]:
    """The body of a fixture; without redis-server it skips, or fails where that is required."""
    try:
        with running() as server:
            yield server
    except NoRedis as error:
        if required():
            pytest.fail(str(error))
        pytest.skip(str(error))


def find_program() -> str | None:
    """The server's program, or None."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def absence() -> str:
    """The sentence for a machine without Redis."""
    return "No Redis server was found: install it (Debian: apt-get install redis-server) to test the queue on Redis."


def _start(program: str, folder: Path) -> Redis:
    port, log = _free_port(), folder / "log"
    given = {"port": port, "bind": "127.0.0.1", "requirepass": PASSWORD, "save": "", "appendonly": "no"}
    command = [program, *(word for name, value in given.items() for word in (f"--{name}", str(value)))]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            process_group=0,
            preexec_fn=tied_to(os.getpid(), signal.SIGKILL),  # noqa: PLW1509 -- only libc is called in it
        )
    server, last = Redis(port, process), time.monotonic() + START_PATIENCE
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > last:
            server.die()
            raise NoRedis(f"redis-server did not start: {log.read_text(errors='replace').strip()}")
        time.sleep(0.02)
    return server


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def main(arguments: Sequence[str]) -> int:
    """0 with a server, or without where that is allowed; 1 where it is required; 2 for a bad argument."""
    if list(arguments) != ["--ensure"]:
        print("usage: python -m tests.throwaway_redis --ensure", file=sys.stderr)
        return 2
    if find_program() is None and system_packages.is_debian():
        system_packages.install(["redis-server"])
    if find_program() is not None:
        return 0
    line = "*" * 78
    print(f"{line}\n{absence()}\n{line}", file=sys.stderr, flush=True)
    return 1 if required() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
