"""Registers cases until it is killed; prints each number once it is acknowledged. Started by test_kill."""

from __future__ import annotations

import sys
from pathlib import Path

from portal import create_app
from portal.config import Settings
from tests import factories
from tests.client import CarefulClient, number_in
from tests.conftest import client_of


def main(instance: str, url: str) -> None:
    """Write for ever: intake by the web path, then one verb on the same case."""
    if not sys.stdin.readline():
        return  # the test ended before this one's turn
    app = create_app(Settings(instance=Path(instance), database_url=url, demo="1"))
    app.test_client_class = CarefulClient
    browser = client_of(app, "desk1")
    while True:
        number = number_in(browser.register())
        print(number, flush=True)
        factories.do(app, "desk1", "note", number, note="已记录")


if __name__ == "__main__":
    main(*sys.argv[1:])
