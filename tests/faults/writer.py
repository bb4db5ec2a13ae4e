"""Registers cases until it is killed; tells each number once it is acknowledged. Started by test_kill."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from portal import create_app
from portal.config import Settings
from tests import factories
from tests.client import CarefulClient, number_in
from tests.conftest import client_of


def write(instance: Path, url: str, go: Connection, told: Connection) -> None:
    """Write for ever: intake by the web path, then one verb on the same case."""
    app = create_app(Settings(instance=instance, database_url=url, demo="1"))
    app.test_client_class = CarefulClient
    try:
        go.recv()
    except EOFError:
        return  # the test ended before this one's turn
    browser = client_of(app, "desk1")
    while True:
        number = number_in(browser.register())
        told.send(number)
        factories.do(app, "desk1", "note", number, note="已记录")
