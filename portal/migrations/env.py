"""What Alembic runs: on the connection it is handed, with every model known."""

from __future__ import annotations

from alembic import context

from portal import blueprints  # noqa: F401  # imports every model
from portal.kernel.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    # Search tables and their shadow tables are made by hand in their revision.
    include_object=lambda obj, name, kind, *_: not (kind == "table" and str(name).startswith("search_")),
)
context.run_migrations()
