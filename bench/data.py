"""The measured instance: made once for each number of cases and schema, kept in the temporary folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import click

from portal import create_app, migrate, setup
from portal.config import Settings
from portal.demo import bulk, make
from portal.kernel.db import db


def instance(count: int, *, fresh: bool) -> Path:
    """The folder of an instance with that many bulk cases; `fresh` makes it anew.

    Every run registers some more cases in it, a few thousand at most.
    """
    root = Path(tempfile.gettempdir()) / f"portal-bench-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    folder = root / f"{count}-{migrate.head()}"
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        click.echo(f"Making {count} cases in {folder}")
        making = folder.with_name(f"{folder.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        app = create_app(Settings(instance=making, demo="1"))
        with app.app_context():
            setup.init_db()
            make.load()
            click.echo(bulk.load(count))
            db.session.remove()
            db.engine.dispose()
        making.rename(folder)
    return folder
