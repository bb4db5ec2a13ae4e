"""The web server: the portal is loaded once, then forked for every core, so that the processes share that memory."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import sys

from flask import Flask
from granian.cli import cli

from portal import starting
from portal.config import BadSetting


def main() -> None:
    """Run granian by its own command line; on Linux its workers find `wsgi` loaded, elsewhere each loads it."""
    gc.disable()  # nothing of what is loaded is garbage, so looking for it would only take time
    app = importlib.import_module("wsgi").app
    try:
        starting.insist(app)
    except BadSetting as error:
        raise SystemExit(f"The web server cannot start: {error}") from error
    starting.say_where_to_begin(app)
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        _warm(app)
    gc.enable()
    cli()


def _warm(app: Flask) -> None:
    """Do what the first request would do in each worker anew, writing over what they share."""
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    app.url_map.update()
    gc.freeze()


if __name__ == "__main__":
    main()
