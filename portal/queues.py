"""The queue that wakes workers: a file beside SQLite, the PostgreSQL database itself, or Redis.

Nothing is lost with a message: what must be done stands in the database, and each worker looks there every minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from portal.config import Settings

if TYPE_CHECKING:
    from huey import Huey

NAME = "portal"
TABLES = 6  # tables and indexes of the queue in PostgreSQL
PATIENCE = 3.0  # seconds until Redis must have taken the connection; who registers a case waits for it
READING = (
    10.0  # seconds for one answer of Redis; a worker asks for the next message and waits a second for one
)


def kind(settings: Settings) -> str:
    """Which engine it is: `sqlite`, `postgresql` or `redis`."""
    if settings.queue_url:
        return "redis"
    return "sqlite" if settings.url.startswith("sqlite") else "postgresql"


def opened(settings: Settings) -> Huey:
    """The queue of this installation. Connects with the first message; results stand in rows, not in the queue."""
    from huey import RedisHuey, SqliteHuey

    match kind(settings):
        case "sqlite":
            return SqliteHuey(NAME, filename=str(settings.instance / "queue.sqlite"), results=False)
        case "postgresql":
            return _in_postgres(settings)
    from redis import ConnectionPool  # only where PORTAL_QUEUE_URL is set

    pool = ConnectionPool.from_url(
        settings.queue_url, socket_connect_timeout=PATIENCE, socket_timeout=READING
    )
    return RedisHuey(NAME, connection_pool=pool, results=False)


def _in_postgres(settings: Settings) -> Huey:
    """The queue's tables in the database. Processes that start together make them together, and all but one stumble."""
    from huey import PostgresHuey
    from psycopg import errors

    dsn = dsn_of(settings.url)
    for _ in range(TABLES):
        try:
            return PostgresHuey(NAME, dsn=dsn, results=False)
        except (errors.UniqueViolation, errors.DuplicateTable, errors.DuplicateObject):
            continue  # the other one's table is there now
    return PostgresHuey(NAME, dsn=dsn, results=False)


def waiting(settings: Settings) -> int | None:
    """How many messages nobody has read yet; None when the queue does not answer."""
    try:
        huey = opened(settings)
        count: int = huey.pending_count()
        huey.storage.close()
    except Exception:  # noqa: BLE001 -- each engine has errors of its own, and none of them matters to a page
        return None
    return count


def dsn_of(url: str) -> str:
    """The database as PostgreSQL's own programs name it.

    Not as an address: SQLAlchemy and PostgreSQL do not agree on how a blank in a password is written there.
    """
    from psycopg.conninfo import make_conninfo

    address = make_url(url)
    _, given = address.get_dialect()().create_connect_args(address)
    return make_conninfo(**given)
