"""now() is the only read of the clock, and PORTAL_NOW moves it."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.kernel import clock
from tests.conftest import At
from tests.kernel.moments import SHANGHAI
from tests.kernel.moments import at as moment

REAL = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("", REAL),
        ("+26h", REAL + timedelta(hours=26)),
        ("-3d", REAL - timedelta(days=3)),
        ("+90min", REAL + timedelta(minutes=90)),
        ("2026-09-30T17:50+08:00", moment("Wed 2026-09-30 17:50")),
        ("2026-09-30T17:50", moment("Wed 2026-09-30 17:50")),
    ],
)
def test_the_clock_is_moved(written: str, moved: datetime) -> None:
    assert clock.moved(REAL, written, SHANGHAI) == moved


@pytest.mark.parametrize("written", ["soon", "+3", "3h", "+1w", "2026-02-30T00:00"])
def test_what_is_no_time_is_told(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the standard library's
        clock.moved(REAL, written, ZoneInfo("UTC"))


def test_one_request_has_one_present_moment(app: Flask, at: At) -> None:
    with app.test_request_context():
        first = clock.now()
        at("Tue 2026-03-03 09:00")
        assert clock.now() == first
    with app.app_context():
        assert clock.now() == moment("Tue 2026-03-03 09:00")
        assert clock.local(clock.now()).hour == 9


def test_nothing_else_reads_the_clock() -> None:
    """The demo's and the supervisor's own clocks aside; what counts for people asks `clock`."""
    root = Path(clock.__file__).parents[1]
    allowed = {"kernel/clock.py", "supervisor.py"}
    reads = []
    for path in sorted(root.rglob("*.py")):
        name = str(path.relative_to(root))
        if name in allowed or name.startswith(("demo/", "migrations/")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                if owner in {"datetime", "date", "dt"}:
                    reads.append(f"{name}:{node.lineno}")
    assert reads == [], "ask portal.kernel.clock.now()"
