"""The measured data: made once for each number of cases and schema and then left alone; a run works on a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal import create_app, migrate, setup
from portal.config import Settings
from portal.demo import bulk, make
from portal.kernel.db import db


def instance(count: int, *, fresh: bool = False) -> Path:
    """The folder of an instance with that many bulk cases; `fresh` makes it anew."""
    folder = _root() / f"{count}-{migrate.head()}"
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        click.echo(f"Making {count} cases in {folder}")
        making = folder.with_name(f"{folder.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        fill(Settings(instance=making, demo="1"), count)
        making.rename(folder)
    return folder


def fill(settings: Settings, count: int) -> None:
    """Make demo data and that many bulk cases in an empty instance."""
    app = create_app(settings)
    with app.app_context():
        setup.init_db()
        make.load()
        click.echo(bulk.load(count))
        db.session.remove()
        db.engine.dispose()


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy of an instance, gone afterwards: what a run registers would be on top of the next run's list."""
    with tempfile.TemporaryDirectory(dir=_root()) as place:
        copy = Path(place) / "instance"
        subprocess.run(["cp", "-a", "--reflink=auto", folder, copy], check=True)
        yield copy


def _root() -> Path:
    root = Path(tempfile.gettempdir()) / f"portal-bench-{os.getuid()}"
    root.mkdir(mode=0o700, exist_ok=True)
    return root
