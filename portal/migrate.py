"""The schema's versions: Alembic by its API, triggers applied again after each upgrade.

Alembic is loaded when first asked for: with its templates it takes a sixth of the start, and a web process that
serves pages never needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import current_app

from portal.kernel import guards_in_database
from portal.kernel.db import db

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def upgrade(to: str = "head") -> None:
    """Bring the schema up, the data in place; one process at a time."""
    from alembic import command

    _run(lambda config: command.upgrade(config, to))


def downgrade(to: str) -> None:
    """Bring the schema back to an older version."""
    from alembic import command

    _run(lambda config: command.downgrade(config, to))


def _run(work: Callable[[Config], None]) -> None:
    current_app.config["SETTINGS"].own_folder()
    with unguarded() as connection:
        config = _config()
        config.attributes["connection"] = connection
        work(config)


@contextmanager
def unguarded() -> Iterator[sa.Connection]:
    """One transaction without guards and, on SQLite, foreign keys; at its end they stand and fit, or it is taken back."""
    db.session.remove()
    sqlite = db.engine.dialect.name == "sqlite"
    with db.engine.connect() as connection:
        if sqlite:
            # Batch mode drops and rebuilds tables: with foreign keys on, that deletes the rows of their children.
            connection.exec_driver_sql("COMMIT") if connection.in_transaction() else None
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                guards_in_database.remove(connection)
                yield connection
                guards_in_database.apply(connection)
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                    raise RuntimeError(f"foreign keys broke and all of it was taken back: {broken[:5]}")
        finally:
            if sqlite:
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
    db.engine.dispose()


def head() -> str:
    """This version's schema, from the names of the revisions: web processes ask, and need nothing else of Alembic."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def is_current() -> bool:
    """True when the database has this version's schema."""
    return revision() == head()


def revision() -> str | None:
    """The schema's version in the database; None when there is none yet."""
    with db.engine.connect() as connection:
        return _revision(connection)


def known_revisions() -> set[str]:
    """Every schema version that this program can bring up to its own."""
    return {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(FOLDER))


def _revision(connection: sa.Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()
