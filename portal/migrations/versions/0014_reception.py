"""Reception: customers, places and their bookings, visits with their tasks and steps"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from portal.kernel import search

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("pinyin", sa.String(length=160), nullable=False),
        sa.Column("company", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_tail", sa.String(length=4), nullable=False),
        sa.Column("gender", sa.String(length=8), nullable=False),
        sa.Column("birthday", sa.Date(), nullable=True),
        sa.Column("interests", sa.String(length=400), nullable=False),
        sa.Column("preferences", sa.String(length=400), nullable=False),
        sa.Column("opinions", sa.Text(), nullable=False),
        sa.Column("relation", sa.String(length=24), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("care_consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_customers_created_by_id")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["customers.id"], name=op.f("fk_customers_merged_into_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_customers_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index("ix_customers_owner", "customers", ["owner_id", "id"], unique=False)
    op.create_index("ix_customers_tail", "customers", ["phone_tail"], unique=False)
    op.create_table(
        "places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("large", "small", "lounge", "office", name="placekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sort_order", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_places_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column(
            "category",
            sa.Enum("A", "B", "C", "D", name="category", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "errand",
            sa.Enum("usual", "tour", "complaint", name="errand", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "expected",
                "arrived",
                "waiting",
                "meeting",
                "left",
                "closed",
                "archived",
                "asked",
                "declined",
                "cancelled",
                "no_show",
                name="state",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visitor_name", sa.String(length=120), nullable=False),
        sa.Column("visitor_pinyin", sa.String(length=160), nullable=False),
        sa.Column("company", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_tail", sa.String(length=4), nullable=False),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("on_business", sa.Boolean(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("department", sa.String(length=24), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "refreshment",
            sa.Enum("coffee", "tea", "water", name="refreshment", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("meal", sa.Boolean(), nullable=False),
        sa.Column("lodging", sa.Boolean(), nullable=False),
        sa.Column("booked", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("series", sa.String(length=24), nullable=False),
        sa.Column("pass_code", sa.String(length=12), nullable=False),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arranged_by_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("arrangement", sa.Text(), nullable=False),
        sa.Column(
            "late",
            sa.Enum("no", "asked", "approved", "afterwards", name="late", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("late_reason", sa.String(length=400), nullable=False),
        sa.Column("late_approved_by_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column("greeted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("greeted_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_note", sa.String(length=400), nullable=False),
        sa.Column("seated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_place", sa.Boolean(), nullable=False),
        sa.Column("desk_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("desk_checked_by_id", sa.Integer(), nullable=True),
        sa.Column("clerk_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clerk_checked_by_id", sa.Integer(), nullable=True),
        sa.Column("material", sa.String(length=200), nullable=False),
        sa.Column(
            "satisfaction",
            sa.Enum("satisfied", "fair", "dissatisfied", name="satisfaction", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("outstanding", sa.Integer(), nullable=False),
        sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["arranged_by_id"], ["people.id"], name=op.f("fk_visits_arranged_by_id")),
        sa.ForeignKeyConstraint(
            ["clerk_checked_by_id"], ["people.id"], name=op.f("fk_visits_clerk_checked_by_id")
        ),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name=op.f("fk_visits_confirmed_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_visits_created_by_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_visits_customer_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_visits_decided_by_id")),
        sa.ForeignKeyConstraint(["department"], ["departments.code"], name=op.f("fk_visits_department")),
        sa.ForeignKeyConstraint(
            ["desk_checked_by_id"], ["people.id"], name=op.f("fk_visits_desk_checked_by_id")
        ),
        sa.ForeignKeyConstraint(["greeted_by_id"], ["people.id"], name=op.f("fk_visits_greeted_by_id")),
        sa.ForeignKeyConstraint(["host_id"], ["people.id"], name=op.f("fk_visits_host_id")),
        sa.ForeignKeyConstraint(
            ["late_approved_by_id"], ["people.id"], name=op.f("fk_visits_late_approved_by_id")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_visits_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint(
            "created_by_id", "idempotency_key", name=op.f("uq_visits_created_by_id_idempotency_key")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_visits_number")),
    )
    op.create_index("ix_visits_category", "visits", ["category", "id"], unique=False)
    op.create_index(
        "ix_visits_customer",
        "visits",
        ["customer_id", "id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index("ix_visits_day", "visits", ["day", "state"], unique=False)
    op.create_index("ix_visits_department", "visits", ["department", "id"], unique=False)
    op.create_index("ix_visits_host", "visits", ["host_id", "id"], unique=False)
    op.create_index(
        "ix_visits_pass",
        "visits",
        ["pass_code"],
        unique=False,
        sqlite_where=sa.text("pass_code != ''"),
        postgresql_where=sa.text("pass_code != ''"),
    )
    op.create_index(
        "ix_visits_phone",
        "visits",
        ["phone_tail"],
        unique=False,
        sqlite_where=sa.text("phone_tail != ''"),
        postgresql_where=sa.text("phone_tail != ''"),
    )
    op.create_index(
        "ix_visits_series",
        "visits",
        ["series"],
        unique=False,
        sqlite_where=sa.text("series != ''"),
        postgresql_where=sa.text("series != ''"),
    )
    op.create_index("ix_visits_state", "visits", ["state", "id"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "hold",
            sa.Enum("pending", "confirmed", "released", name="hold", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("blocked_until > blocked_from", name=op.f("ck_bookings_forward")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_bookings_by_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_bookings_place_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_bookings_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE bookings ADD CONSTRAINT ex_bookings_one_at_a_time EXCLUDE USING gist"
            " (place_id WITH =, tstzrange(blocked_from, blocked_until) WITH &&)"
            " WHERE (hold = 'confirmed' AND NOT shared)"
        )
    op.create_index("ix_bookings_place", "bookings", ["place_id", "blocked_from"], unique=False)
    op.create_index("ix_bookings_visit", "bookings", ["visit_id"], unique=False)
    op.create_table(
        "visit_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_visit_steps_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_steps_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_steps")),
    )
    op.create_index("ix_visit_steps_visit", "visit_steps", ["visit_id", "id"], unique=False)
    op.create_table(
        "visit_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "task",
            sa.Enum(
                "task:place",
                "task:supplies",
                "task:greeter",
                "task:warn_hosts",
                "task:refreshment",
                "task:accompany",
                "task:names",
                "task:meal",
                "task:lodging",
                "task:tour",
                "task:water",
                name="task",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("desk", "clerk", "host", name="side", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_visit_tasks_done_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_visit_tasks_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_tasks")),
        sa.UniqueConstraint("visit_id", "task", name=op.f("uq_visit_tasks_visit_id_task")),
    )

    search.create(op.get_bind(), "visit")


def downgrade() -> None:
    search.drop(op.get_bind(), "visit")
    op.drop_table("visit_tasks")
    op.drop_table("visit_steps")
    op.drop_table("bookings")
    op.drop_table("visits")
    op.drop_table("places")
    op.drop_table("customers")
