"""What the database itself refuses: changing or deleting history. One registry, applied again after each upgrade.

Rebuilding a table on SQLite drops its triggers, so they are not part of a migration but follow every one.
"""

from __future__ import annotations

import sqlalchemy as sa

REFUSED = "history is append-only"

SQLITE = {
    "history_no_update": f"""
        CREATE TRIGGER history_no_update BEFORE UPDATE ON history
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "history_no_delete": f"""
        CREATE TRIGGER history_no_delete BEFORE DELETE ON history
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "history_texts_only_erase": f"""
        CREATE TRIGGER history_texts_only_erase BEFORE UPDATE ON history_texts
        WHEN NEW.words IS NOT NULL OR NEW.line_id != OLD.line_id OR NEW.salt != OLD.salt
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "history_texts_no_delete": f"""
        CREATE TRIGGER history_texts_no_delete BEFORE DELETE ON history_texts
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
}

FUNCTION = f"""
    CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSED}'; END $$"""
POSTGRESQL = {
    "history_no_change": ("history", "BEFORE UPDATE OR DELETE ON history FOR EACH ROW"),
    "history_no_truncate": ("history", "BEFORE TRUNCATE ON history FOR EACH STATEMENT"),
    "history_texts_only_erase": (
        "history_texts",
        "BEFORE UPDATE ON history_texts FOR EACH ROW"
        " WHEN (NEW.words IS NOT NULL OR NEW.line_id <> OLD.line_id OR NEW.salt <> OLD.salt)",
    ),
    "history_texts_no_delete": ("history_texts", "BEFORE DELETE ON history_texts FOR EACH ROW"),
    "history_texts_no_truncate": ("history_texts", "BEFORE TRUNCATE ON history_texts FOR EACH STATEMENT"),
}


def apply(connection: sa.Connection) -> None:
    """Create every guard."""
    if not sa.inspect(connection).has_table("history"):
        return
    if connection.dialect.name == "sqlite":
        for statement in SQLITE.values():
            connection.exec_driver_sql(statement)
        return
    connection.exec_driver_sql(FUNCTION)
    for name, (_, when) in POSTGRESQL.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION history_refuse()")


def remove(connection: sa.Connection) -> None:
    """Drop every guard, so that a table may be rebuilt; `apply` follows in the same transaction."""
    if connection.dialect.name == "sqlite":
        for name in SQLITE:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    if not sa.inspect(connection).has_table("history"):
        return
    for name, (table, _) in POSTGRESQL.items():
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(connection: sa.Connection) -> list[str]:
    """The guards that should be there and are not; asked by `verify`."""
    if connection.dialect.name == "sqlite":
        there = set(
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        )
        return [name for name in SQLITE if name not in there]
    there = set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars())
    return [name for name in POSTGRESQL if name not in there]
