"""How limits of a sort ended, opinions of a month, and the newest lines of history of a kind and of a person, from an index each"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

ENDED = ["subject_kind", "kind", "subject_id"]
MADE: tuple[tuple[str, str, list[str], str | None], ...] = (
    ("ix_clocks_met", "clocks", ENDED, "breached_at IS NULL AND met_at IS NOT NULL"),
    ("ix_clocks_late", "clocks", ENDED, "breached_at IS NOT NULL"),
    ("ix_dealings_opinion", "dealings", ["at"], "kind = 'opinion'"),
    ("ix_history_kind", "history", ["subject_kind", "id"], None),
    ("ix_history_person", "history", ["by_id", "id"], None),
)


def upgrade() -> None:
    for name, table, columns, which in MADE:
        some = sa.text(which) if which else None
        op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for name, table, *_ in MADE:
        op.drop_index(name, table)
