"""How a line of the log is written: text for people, JSON for programs; on standard error, where the service keeps it.

The standard library's logging does it: the portal writes few lines, and they carry few fields.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

SELDOM = 60.0  # seconds
# What begins a new line, or moves the cursor of whoever reads the log in a terminal.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
TEXT = "%(asctime)s {process} %(levelname)s %(message)s"

if TYPE_CHECKING:
    Base = logging.StreamHandler[TextIO]
else:
    Base = logging.StreamHandler


class _Stderr(Base):
    """Standard error as it is now: tests and servers put another one in its place."""

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _stream: TextIO) -> None:
        pass  # there is only this one


class _Json(logging.Formatter):
    """One object a line. What a record has to tell beside its sentence lies in `told`, a dictionary."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        """The line; a trace is one text in it, so that a fault stays one line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self.process,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _Text(logging.Formatter):
    """A sentence, and behind it what the record has to tell; the time is UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's own name
        """As logging does, with `told` behind it; nothing that somebody sent can begin a line of its own."""
        told = "".join(f" {name}={value}" for name, value in getattr(record, "told", {}).items())
        return _UNSEEN.sub(lambda sign: ascii(sign[0])[1:-1], super().formatMessage(record) + told)


class _Seldom(logging.Filter):
    """Lets the same sentence of the same logger through once a minute: a queue that is down is told, not shouted."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """True when it was not said lately."""
        key = (record.name, str(record.msg))
        if record.created - self.last.get(key, 0.0) < SELDOM:
            return False
        self.last[key] = record.created
        return True


def speak(
    how: str,
    process: str = "web",
    logger: str = "portal",
    level: int = logging.WARNING,
    *,
    seldom: bool = False,
) -> None:
    """Have a logger and what lies below it write to standard error, as PORTAL_LOG says; again: in another way.

    `seldom` is for a library that says the same several times a second.
    """
    found = logging.getLogger(logger)
    for handler in [each for each in found.handlers if isinstance(each, _Stderr)]:
        found.removeHandler(handler)
    handler = _Stderr()
    handler.setFormatter(_Json(process) if how == "json" else _Text(TEXT.format(process=process)))
    if seldom:
        handler.addFilter(_Seldom())
    found.addHandler(handler)
    found.setLevel(level)
