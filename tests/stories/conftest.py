"""What a story needs: the portal behind a port, a browser, and people in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.conftest import At, Ground
from tests.pages.company import Company
from tests.pages.live import Come, LiveServer, Seats, colleagues, launch_args


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The browser that is on the machine; the run fails without one."""
    return launch_args()


@pytest.fixture(scope="session")
def live(sqlite_ground: Ground) -> Iterator[LiveServer]:
    """The application of the `app` fixture behind a port."""
    with LiveServer(sqlite_ground.app).running() as server:
        yield server


@pytest.fixture(scope="session")
def seats(browser: Browser, live: LiveServer) -> Iterator[Seats]:
    """The browsers that the stories use one after the other."""
    with closing(Seats(browser, live)) as there:
        yield there


@pytest.fixture
def come(app: Flask, seats: Seats) -> Iterator[Come]:
    """come("desk1"): that person at a browser; complaints of any of the browsers fail the test."""
    with colleagues(seats) as arrive:
        yield arrive


@pytest.fixture
def company(app: Flask, come: Come, at: At) -> Company:
    """company("desk1"): that person, logged in, on the day that company.on("Mon 2026-03-02 09:00") sets."""
    return Company(app, come, at)
