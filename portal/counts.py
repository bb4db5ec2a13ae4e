"""How long requests took, by route and outcome, counted across the processes of a machine.

Each process counts in a file of its own that it maps into its memory, which costs a microsecond a request and no
statement; whoever asks for the figures adds the files up. A process that starts takes over the file of one that has
ended and counts on from there, so there are as many files as ever were processes at once, and no count is lost.
"""

from __future__ import annotations

import hashlib
import logging
import mmap
import os
import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows: a file a process number there
    fcntl = None  # type: ignore[assignment]  # the module's own absence is the sign

log = logging.getLogger(__name__)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; longer ones come last
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
CELLS = len(BUCKETS) + 2  # the longer ones, and the sum in microseconds
HEAD = 8  # cells that say what the others mean
WIDTH = 8  # bytes a cell
MOST = 256  # processes on one machine


@dataclass(frozen=True)
class Measured:
    """What was counted of one route and class: so many within each bucket, and the sum of seconds."""

    route: str
    outcome: str
    buckets: tuple[int, ...]
    seconds: float


class Counts:
    """The counters of one application. `routes` are the same in every process of a version."""

    def __init__(self, folder: Path, routes: Iterable[str]) -> None:
        self.folder = folder
        self.routes = ("none", *sorted(routes))
        self._places = {route: HEAD + n * len(CLASSES) * CELLS for n, route in enumerate(self.routes)}
        self._size = HEAD + len(self.routes) * len(CLASSES) * CELLS
        told = "\n".join((*self.routes, *map(str, BUCKETS)))
        self._head = array("Q", hashlib.sha512(told.encode()).digest())
        self._turn = threading.Lock()
        self._cells: memoryview | None = None
        self._opened_by = 0
        self._file = -1

    def add(self, route: str | None, status: int, seconds: float) -> None:
        """One request of a route took so long and ended with that status."""
        if self._opened_by != os.getpid():
            self._open()
        if (cells := self._cells) is None:
            return
        place = self._places.get(route or "none", HEAD) + (min(max(status // 100, 1), 5) - 1) * CELLS
        with self._turn:
            cells[place + bisect_left(BUCKETS, seconds)] += 1
            cells[place + CELLS - 1] += int(seconds * 1e6)

    def read(self) -> Iterator[Measured]:
        """What every process of this machine has counted so far."""
        total = array("Q", bytes(self._size * WIDTH))
        for path in sorted(self.folder.glob("*.counts")):
            found = array("Q")
            content = path.read_bytes()
            found.frombytes(content[: len(content) // WIDTH * WIDTH])
            if len(found) == self._size and found[:HEAD] == self._head:
                total[HEAD:] = array("Q", map(sum, zip(total[HEAD:], found[HEAD:], strict=True)))
        for route, place in self._places.items():
            for n, outcome in enumerate(CLASSES):
                cells = total[place + n * CELLS : place + (n + 1) * CELLS]
                if any(cells):
                    yield Measured(route, outcome, tuple(cells[:-1]), cells[-1] / 1e6)

    def _open(self) -> None:
        """Take a file that no living process has; after a fork the child takes its own."""
        with self._turn:
            self._opened_by, self._cells = os.getpid(), None
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._cells = self._mapped(self._own())
            except OSError as error:  # a disk that is full, a folder that is only read: nothing is counted
                log.warning("requests are not counted: %s", error)

    def _own(self) -> int:
        if fcntl is None:
            return os.open(self.folder / f"{os.getpid()}.counts", os.O_RDWR | os.O_CREAT, 0o600)
        for n in range(MOST):
            file = os.open(self.folder / f"{n}.counts", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(file)
            else:
                return file
        raise OSError("there are too many processes")

    def _mapped(self, file: int) -> memoryview:
        """The file's cells in memory; one of another version, with other routes, begins anew."""
        length = self._size * WIDTH
        head = array(
            "Q", os.pread(file, HEAD * WIDTH, 0)[: HEAD * WIDTH] if os.fstat(file).st_size == length else b""
        )
        if head != self._head:
            os.ftruncate(file, 0)
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(
                    file, 0, length
                )  # writing to a page that has no place on a full disk is deadly
            os.pwrite(file, self._head.tobytes() + bytes(length - HEAD * WIDTH), 0)
        self._file = file  # kept open: the lock goes with it
        return memoryview(mmap.mmap(file, length)).cast("Q")
