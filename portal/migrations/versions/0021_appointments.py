"""Appointments: when the hosts were warned; more of the arrangement form; meals and lodging"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BOOKED = sa.text("booked")


def upgrade() -> None:
    op.add_column("visits", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("visits", sa.Column("layout", sa.String(length=24), nullable=True))
    op.add_column("visits", sa.Column("screen", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        "visits",
        sa.Column("supplies_wanted", sa.String(length=400), nullable=False, server_default=""),
    )
    # Written with the column, for rebuilding the table would cost a long time where there are years of visits.
    op.add_column(
        "visits",
        sa.Column(
            "companion_id",
            sa.Integer(),
            sa.ForeignKey("people.id", name="fk_visits_companion_id"),
            nullable=True,
        ),
        inline_references=True,
    )
    op.create_index(
        "ix_visits_starts", "visits", ["starts_at", "id"], sqlite_where=BOOKED, postgresql_where=BOOKED
    )
    op.create_table(
        "visit_services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("visit_number", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("companion_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arranged_by_id", sa.Integer(), nullable=True),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons > 0", name=op.f("ck_visit_services_persons")),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name=op.f("ck_visit_services_cost")),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_visit_services_{column}"))
            for column in (
                "agreed_by_id", "arranged_by_id", "asked_by_id", "companion_id", "done_by_id",
            )
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_services_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_services")),
    )  # fmt: skip
    op.create_index("ix_visit_services_visit", "visit_services", ["visit_id"])
    op.create_index("ix_visit_services_day", "visit_services", ["wanted_on", "id"])


def downgrade() -> None:
    op.drop_table("visit_services")
    op.drop_index("ix_visits_starts", table_name="visits")
    with op.batch_alter_table("visits") as table:
        for column in ("supplies_wanted", "companion_id", "screen", "layout", "warned_at"):
            table.drop_column(column)
