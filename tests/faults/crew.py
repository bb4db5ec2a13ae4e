"""Web server and worker as processes of their own, forked from one that knows the portal.

Started by test_growing and test_clock_jumps.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal import create_app, worker
from portal.config import Settings
from portal.kernel import clock, jobs
from portal.supervisor import tied_to

HOLD = "hold"  # the key of the job that waits until it is let go


def serve(environment: Mapping[str, str], processes: int, port: int) -> None:
    """The web server as `make run` starts it, with so many processes."""
    _begin(environment)
    sys.argv = [
        *("portal.web", "--interface", "wsgi", "wsgi:app", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(processes), "--respawn-failed-workers", "--respawn-interval", "0.5"),
        *("--blocking-threads", "1", "--http", "1", "--no-ws", "--no-access-log", "--log-level", "error"),
    ]
    multiprocessing.set_start_method(None, force=True)  # it chooses its own, as it does outside of a test
    from portal import web

    web.main()


def work(environment: Mapping[str, str], folder: Path) -> None:
    """A worker that also knows the work of the test: a line a job, written when it is done."""
    _begin(environment)

    def noted(given: dict[str, Any]) -> str:
        key = str(given["name"])
        if key == HOLD:
            (folder / "held").write_text(str(os.getpid()))
            while not (folder / "go").exists():
                time.sleep(0.02)
        with (folder / "done").open("a") as done:
            done.write(f"{key}\n")
        return key

    jobs.WORK["noted"] = noted
    worker.run(create_app(Settings.from_env(os.environ)))


def _begin(environment: Mapping[str, str]) -> None:
    tied_to(os.getppid())()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.update(environment)
    if shift := environment.get("TESTS_CLOCK"):
        _follow(Path(shift))


def _follow(shift: Path) -> None:
    """Let this process and its children believe in a clock that is so many seconds off as stand in the file."""
    true = time.time
    time.time = lambda: true() + float(shift.read_text())
    clock.real = lambda: datetime.fromtimestamp(time.time(), UTC)
    worker.MINUTE = 0.5  # a jump makes everything due, or not, at the worker's next look
