"""The web server: the portal is loaded once, then forked for every core, so that the processes share that memory."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import sys

from granian.cli import cli


def main() -> None:
    """Run granian by its own command line; on Linux its workers find `wsgi` loaded, elsewhere each loads it."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        _load()
    cli()


def _load() -> None:
    """Load the portal and do what the first request would do in each worker anew, writing over what they share."""
    gc.disable()  # nothing of what is loaded is garbage, so looking for it would only take time
    app = importlib.import_module("wsgi").app
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    app.url_map.update()
    gc.freeze()
    gc.enable()


if __name__ == "__main__":
    main()
