"""A private Redis server for the tests: made in a temporary folder, keeps nothing, gone afterwards.

`python -m tests.throwaway_redis --ensure` installs it where it may, and says loudly when there is none.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import private_server
from tests.private_server import Absent

PASSWORD = "wakes workers only"


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
    """A fresh server for the length of the block; Absent when it cannot be had."""
    program = find_program()
    if program is None:
        raise Absent(absence())
    (port,) = private_server.free_ports(1)
    given = {"port": port, "bind": "127.0.0.1", "requirepass": PASSWORD, "save": "", "appendonly": "no"}
    command = [program, *(word for name, value in given.items() for word in (f"--{name}", str(value)))]
    with (
        tempfile.TemporaryDirectory(prefix="portal-redis-") as folder,
        private_server.started(command, Path(folder), lambda: private_server.listens(port)) as process,
    ):
        yield Redis(port, process)


def for_tests() -> Iterator[Redis]:
    """The body of a fixture; without redis-server it skips, or fails where that is required."""
    yield from KIND.for_tests(running)


def find_program() -> str | None:
    """The server's program, or None."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def absence() -> str:
    """The sentence for a machine without Redis."""
    return "No Redis server was found: install it (Debian: apt-get install redis-server) to test the queue on Redis."


KIND = private_server.Kind(
    "tests.throwaway_redis", "redis-server", lambda: find_program() is not None, absence
)

if __name__ == "__main__":
    sys.exit(KIND.ensure(sys.argv[1:]))
