"""What the tests' private servers share: a program that is found or installed, a start that is waited for, an end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from portal.supervisor import tied_to
from tests import system_packages

Server = TypeVar("Server")
END_PATIENCE = 10.0  # seconds from being asked to end to being killed


class Absent(RuntimeError):
    """No such server that starts; the message says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of server: the module that starts it, Debian's package, how it is found, what is said without it."""

    module: str
    package: str
    is_there: Callable[[], bool]
    absence: Callable[[], str]

    def for_tests(self, running: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
        """The body of a session fixture; without the server it skips, or fails where that is required."""
        with ExitStack() as stack:
            try:
                server = stack.enter_context(running())
            except Absent as error:
                if required():
                    pytest.fail(str(error))
                pytest.skip(str(error))
            yield server

    def ensure(self, arguments: Sequence[str]) -> int:
        """`--ensure`: 0 with the server, or without where that is allowed; 1 where it is required; 2 for bad use."""
        if list(arguments) != ["--ensure"]:
            print(f"usage: python -m {self.module} --ensure", file=sys.stderr)
            return 2
        if not self.is_there() and system_packages.is_debian():
            system_packages.install([self.package])
        if self.is_there():
            return 0
        line = "*" * 78
        print(f"{line}\n{self.absence()}\n{line}", file=sys.stderr, flush=True)
        return 1 if required() else 0


def required() -> bool:
    """True where its absence is a failure: when CI is true or PORTAL_REQUIRE_POSTGRES is 1."""
    asked = (os.environ.get("CI", ""), os.environ.get("PORTAL_REQUIRE_POSTGRES", ""))
    return any(value.lower() in {"1", "true", "yes"} for value in asked)


@contextmanager
def started(
    command: Sequence[str | Path],
    folder: Path,
    answers: Callable[[], bool],
    *,
    patience: float = 20.0,
    ending: signal.Signals = signal.SIGKILL,
    **how: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """The process that `command` starts, from its first answer to the end of the block. Absent when it does not start.

    What it says goes to `folder/log`; its data are thrown away, so `ending` may be as rough as the server can bear.
    """
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            # Its own group, so that Ctrl-C ends the tests first; tied, so that a killed run leaves no server.
            process_group=0,
            preexec_fn=tied_to(os.getpid(), ending),  # noqa: PLW1509 -- only libc is called in it
            **how,
        )
    try:
        last = time.monotonic() + patience
        while not answers():
            if process.poll() is not None or time.monotonic() > last:
                raise Absent(f"{command[0]} did not start: {log.read_text(errors='replace').strip()}")
            time.sleep(0.02)
        yield process
    finally:
        process.send_signal(ending)
        try:
            process.wait(END_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def listens(port: int) -> bool:
    """True when somebody takes connections there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody uses, all different."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
