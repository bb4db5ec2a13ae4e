"""A case knows what was handed up and waits for a decision"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("handed_up", sa.String(length=120), nullable=False, server_default=""))
    cases = sa.table("cases", sa.column("id"), sa.column("handed_up"))
    dealings = sa.table(
        "dealings",
        sa.column("id"),
        sa.column("case_id"),
        sa.column("kind"),
        sa.column("outcome"),
        sa.column("done_at"),
    )
    open_ = sa.and_(dealings.c.kind == "escalation", dealings.c.done_at.is_(None))
    waiting: dict[int, dict[str, None]] = defaultdict(dict)
    rows = sa.select(dealings.c.case_id, dealings.c.outcome).where(open_).order_by(dealings.c.id)
    for case_id, kind in op.get_bind().execute(rows):
        waiting[case_id][kind] = None
    for case_id, kinds in waiting.items():
        op.execute(sa.update(cases).where(cases.c.id == case_id).values(handed_up=" ".join(kinds)))


def downgrade() -> None:
    op.drop_column("cases", "handed_up")
