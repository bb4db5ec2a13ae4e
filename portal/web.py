"""The web server: the portal is loaded once, then forked for every core, so that the processes share that memory."""

from __future__ import annotations

import importlib
import multiprocessing
import sys

from granian.cli import cli


def main() -> None:
    """Run granian by its own command line; on Linux its workers find `wsgi` loaded, elsewhere each loads it."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        importlib.import_module("wsgi")
    cli()


if __name__ == "__main__":
    main()
