"""The servers under measurement, as processes of their own: started, timed, weighed, stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.supervisor import answers, planned, tied_to

TICKS = os.sysconf("SC_CLK_TCK")
START_PATIENCE = 60.0
ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Server:
    """A running server; `started_in` are the seconds to its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float

    def pids(self) -> list[int]:
        """The process and all its descendants."""
        found, new = [self.process.pid], [self.process.pid]
        while new:
            new = [child for pid in new for child in _children(pid)]
            found += new
        return found

    def cpu(self) -> float:
        """Seconds of processor time used so far by all of them, in user and system mode."""
        ticks = 0
        for pid in self.pids():
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, stat[11:15]))
        return ticks / TICKS

    def memory(self, pids: Iterable[int] | None = None) -> float:
        """Megabytes that they (or these of them) take together, what they share counted once.

        Pages of the database that SQLite maps are left out: they are the system's cache and given back when needed.
        """
        kilobytes, mapped = 0, False
        for pid in self.pids() if pids is None else pids:
            for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
                first, *more = line.split()
                if "-" in first:
                    mapped = more[-1].endswith("portal.db")
                elif first == "Pss:" and not mapped:
                    kilobytes += int(more[0])
        return kilobytes / 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def bare(workers: int = 2, threads: int = 4) -> tuple[tuple[str, ...], Mapping[str, str], int]:
    """H: a bare Flask page on gunicorn's gthread."""
    port = free_port()
    command = (
        *(sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--log-level", "error"),
        *("--workers", str(workers), "--threads", str(threads), "--keep-alive", "60"),
        *("--bind", f"127.0.0.1:{port}", "bench.hello:app"),
    )
    return command, dict(os.environ), port


def portal(instance: Path, database_url: str = "") -> tuple[tuple[str, ...], Mapping[str, str], int]:
    """The portal's web server exactly as `make run` starts it, without the worker."""
    port = free_port()
    others = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environment = others | {"PORTAL_INSTANCE": str(instance), "PORTAL_DEMO": "1", "PORT": str(port)}
    if database_url:
        environment["PORTAL_DATABASE_URL"] = database_url
    plan = planned(environment)
    return plan.web, plan.environment, port


@contextmanager
def running(
    started: tuple[tuple[str, ...], Mapping[str, str], int], patience: float = START_PATIENCE
) -> Iterator[Server]:
    """The server while it answers; ended with its children afterwards. RuntimeError without an answer in `patience` s."""
    command, environment, port = started
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        preexec_fn=tied_to(os.getpid()),  # noqa: PLW1509 -- nothing here has threads
    )
    try:
        while not answers("127.0.0.1", port):
            if process.poll() is not None:
                raise RuntimeError(f"{command[2]} ended with {process.returncode} before it answered")
            if time.perf_counter() - began > patience:
                raise RuntimeError(f"{command[2]} did not answer within {patience:.0f} s")
            time.sleep(0.02)
        yield Server(process, port, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
