"""Emergencies: playbooks in editions, steps, roll-calls; whom to call; screens of the wall"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SYSTEMS = (
    "lift",
    "doors",
    "cameras",
    "network",
    "phones",
    "power",
    "water",
    "air",
    "fire",
    "cleaning",
    "other",
)
KINDS = ("fire", "robbery", "typhoon", "earthquake", "illness")
LEVELS = ("1", "2")
STATES = ("declared", "ended", "false_alarm", "reported")
HANDS = ("everyone", "finder", "guard", "desk", "leader", "heads", "office")
ANSWERS = ("safe", "away", "missing")


def _codes(name: str, codes: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*codes, name=name, native_enum=False, length=24)


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", _codes("system", SYSTEMS), nullable=False),
        sa.Column("company", sa.String(length=120), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("night_phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=80), nullable=False),
        sa.Column("contract", sa.String(length=400), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_contacts_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_system", "contacts", ["system", "company"], unique=False)
    op.create_table(
        "playbooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _codes("kind", KINDS), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("level", _codes("level", LEVELS), nullable=False),
        sa.Column("departments", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_playbooks_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbooks")),
        sa.UniqueConstraint("kind", "edition", name=op.f("uq_playbooks_kind_edition")),
    )
    op.create_table(
        "wall_screens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_wall_screens_created_by_id")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["people.id"], name=op.f("fk_wall_screens_withdrawn_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_screens")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_wall_screens_token_digest")),
    )
    op.create_table(
        "emergencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("kind", _codes("kind", KINDS), nullable=False),
        sa.Column("level", _codes("level", LEVELS), nullable=False),
        sa.Column("state", _codes("state", STATES), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drill", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("departments", sa.String(length=200), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("log_entry_id", sa.BigInteger(), nullable=True),
        sa.Column("playbook_id", sa.Integer(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_by_id", sa.Integer(), nullable=True),
        sa.Column("police_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("police_by_id", sa.Integer(), nullable=True),
        sa.Column("services", sa.String(length=40), nullable=False),
        sa.Column("leader_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leader_by_id", sa.Integer(), nullable=True),
        sa.Column("leader_id", sa.Integer(), nullable=True),
        sa.Column("false_alarm", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=400), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("left_out", sa.String(length=400), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_by_id", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("fields_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["arrived_by_id"], ["people.id"], name=op.f("fk_emergencies_arrived_by_id")),
        sa.ForeignKeyConstraint(
            ["declared_by_id"], ["people.id"], name=op.f("fk_emergencies_declared_by_id")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_emergencies_ended_by_id")),
        sa.ForeignKeyConstraint(["leader_by_id"], ["people.id"], name=op.f("fk_emergencies_leader_by_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_emergencies_leader_id")),
        sa.ForeignKeyConstraint(["log_entry_id"], ["duty_log.id"], name=op.f("fk_emergencies_log_entry_id")),
        sa.ForeignKeyConstraint(["playbook_id"], ["playbooks.id"], name=op.f("fk_emergencies_playbook_id")),
        sa.ForeignKeyConstraint(["police_by_id"], ["people.id"], name=op.f("fk_emergencies_police_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_emergencies_post_id")),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["people.id"], name=op.f("fk_emergencies_reported_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergencies")),
        sa.UniqueConstraint(
            "declared_by_id", "idempotency_key", name=op.f("uq_emergencies_declared_by_id_idempotency_key")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_emergencies_number")),
    )
    op.create_index("ix_emergencies_state", "emergencies", ["state", "id"], unique=False)
    op.create_table(
        "playbook_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("playbook_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("hands", _codes("hands", HANDS), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("text_en", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["playbook_id"], ["playbooks.id"], name=op.f("fk_playbook_steps_playbook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playbook_steps")),
        sa.UniqueConstraint("playbook_id", "place", name=op.f("uq_playbook_steps_playbook_id_place")),
    )
    op.create_table(
        "emergency_roll",
        sa.Column("emergency_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", _codes("answer", ANSWERS), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_emergency_roll_by_id")),
        sa.ForeignKeyConstraint(
            ["emergency_id"], ["emergencies.id"], name=op.f("fk_emergency_roll_emergency_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_emergency_roll_person_id")),
        sa.PrimaryKeyConstraint("emergency_id", "person_id", name=op.f("pk_emergency_roll")),
    )
    op.create_table(
        "emergency_steps",
        sa.Column("emergency_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_emergency_steps_by_id")),
        sa.ForeignKeyConstraint(
            ["emergency_id"], ["emergencies.id"], name=op.f("fk_emergency_steps_emergency_id")
        ),
        sa.ForeignKeyConstraint(["step_id"], ["playbook_steps.id"], name=op.f("fk_emergency_steps_step_id")),
        sa.PrimaryKeyConstraint("emergency_id", "step_id", name=op.f("pk_emergency_steps")),
    )


def downgrade() -> None:
    op.drop_table("emergency_steps")
    op.drop_table("emergency_roll")
    op.drop_table("playbook_steps")
    op.drop_index("ix_emergencies_state", table_name="emergencies")
    op.drop_table("emergencies")
    op.drop_table("wall_screens")
    op.drop_table("playbooks")
    op.drop_index("ix_contacts_system", table_name="contacts")
    op.drop_table("contacts")
