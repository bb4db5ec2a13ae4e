"""What the database itself refuses: changing history, two bookings of one place. Applied again after each upgrade.

Rebuilding a table on SQLite drops its triggers, so they are not part of a migration but follow every one.
"""

from __future__ import annotations

import sqlalchemy as sa

REFUSED = "history is append-only"
TAKEN = "the place is taken"
ROSTERED = "another published roster has that day"
MOVED = "movements of the stock are append-only"

# RC-02: the rows that the exclusion constraint of PostgreSQL refuses.
_OVERLAP = f"""
    WHEN NEW.hold = 'confirmed' AND NOT NEW.shared
    BEGIN SELECT RAISE(ABORT, '{TAKEN}') WHERE EXISTS (
        SELECT 1 FROM bookings AS other WHERE other.place_id = NEW.place_id AND other.id IS NOT NEW.id
        AND other.hold = 'confirmed' AND NOT other.shared
        AND other.blocked_from < NEW.blocked_until AND other.blocked_until > NEW.blocked_from); END"""  # noqa: S608  # the constant above, nothing typed

# DR-01: the rows that the exclusion constraint of PostgreSQL refuses.
_TWO_ROSTERS = f"""
    WHEN NEW.state != 'draft'
    BEGIN SELECT RAISE(ABORT, '{ROSTERED}') WHERE EXISTS (
        SELECT 1 FROM rosters AS other WHERE other.id IS NOT NEW.id AND other.state != 'draft'
        AND other.starts_on <= NEW.ends_on AND other.ends_on >= NEW.starts_on); END"""  # noqa: S608  # the constant above, nothing typed

_SIGNED = (
    "NEW.stood NOT IN (OLD.stood, '') OR NEW.should_be NOT IN (OLD.should_be, '') OR NEW.reason NOT IN (OLD.reason, '')"
    " OR NEW.visit_id != OLD.visit_id"
    " OR NEW.register_id != OLD.register_id OR NEW.by_id != OLD.by_id OR NEW.at != OLD.at OR NEW.field != OLD.field"
)

# DR-04, DR-21: a leave or swap is decided once, a swap has one taker until it is given back.
_DECIDED = "OLD.decided_by_id IS NOT NULL AND COALESCE(NEW.decided_by_id, 0) != OLD.decided_by_id"
_TAKEN_BEFORE = "OLD.taker_id IS NOT NULL AND NEW.taker_id IS NOT NULL AND NEW.taker_id != OLD.taker_id"
_REPORTED = (
    "OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.done NOT IN (OLD.done, '')"
    " OR NEW.problems NOT IN (OLD.problems, '') OR NEW.plan NOT IN (OLD.plan, '')"
    " OR NEW.improvements NOT IN (OLD.improvements, '') OR NEW.figures <> OLD.figures OR NEW.day <> OLD.day"
    " OR NEW.department <> OLD.department OR COALESCE(NEW.signed_by_id, 0) <> OLD.signed_by_id)"
)
# GO-02: a paper that was handed in stays as it was marked.
_MARKED = (
    "OLD.handed_in_at IS NOT NULL AND (NEW.handed_in_at IS NULL OR NEW.handed_in_at <> OLD.handed_in_at"
    " OR NEW.paper <> OLD.paper OR NEW.answers <> OLD.answers OR NEW.right_answers <> OLD.right_answers"
    " OR NEW.asked <> OLD.asked OR NEW.pass_mark <> OLD.pass_mark OR NEW.passed <> OLD.passed"
    " OR NEW.person_id <> OLD.person_id OR NEW.quiz_id <> OLD.quiz_id)"
)
# GO-01: what was approved says for ever what it said; only that it was replaced may follow.
_APPROVED = (
    "OLD.edition IS NOT NULL AND (NEW.edition IS NULL OR NEW.in_force_from IS NULL"
    " OR NEW.edition <> OLD.edition OR NEW.body <> OLD.body OR NEW.withdraws <> OLD.withdraws"
    " OR NEW.in_force_from <> OLD.in_force_from OR NEW.document_id <> OLD.document_id"
    " OR NEW.state NOT IN ('approved', 'replaced'))"
)
_REOPENED = "OLD.closed_at IS NOT NULL AND (NEW.closed_at IS NULL OR NEW.closed_by_id <> OLD.closed_by_id)"

# RC-20: of these records the words, which may name somebody, can be emptied; all else of them stays, and no words are
# put in their place. A corrected day of attendance is such a record from its first correction on, a report once signed.
ERASABLE = {
    "duty_log": ("text", "fields_digest"),
    "checklists": ("note",),
    "checklist_answers": ("why",),
    "checklist_papers": ("why",),
    "daily_supplements": ("text",),
    "assessment_ratings": ("note", "reasons"),
    "assessment_results": ("reason",),
    "standard_runs": ("note", "place"),
    "standard_answers": ("why",),
    "attendance": ("reason",),
}
EMPTY = ("", "{}", "[]")  # as text, or as JSON
_BUT = {"attendance": "OLD.round > 0"}  # when the guard holds

# Records of which nothing is ever changed, but for the words of those above:
# entries of the shift log (DR-02), signatures (DR-10), signed checklists
# (DR-03), editions of the office's lists and playbooks (GO-01), supplements of signed reports (DR-18), the sums of
# closed months (DR-17), ratings, figures and results of assessments (GO-01, GO-03),
# records of service standards (PG-14).
KEPT = (
    "duty_log", "handover_signatures", "checklists", "checklist_answers", "checklist_papers", "checklist_versions",
    "playbooks", "playbook_steps", "daily_supplements",
    "attendance_sums", "assessment_ratings", "assessment_figures", "assessment_results", "standard_runs",
    "standard_answers",
)  # fmt: skip

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
    # RC-15: a movement of the stock stands; only its note may be forgotten (RC-20).
    "supply_movements_only_erase": f"""
        CREATE TRIGGER supply_movements_only_erase BEFORE UPDATE ON supply_movements
        WHEN NEW.note != '' OR NEW.amount != OLD.amount OR NEW.supply_id != OLD.supply_id
        OR NEW.kind != OLD.kind OR NEW.on_hand != OLD.on_hand OR NEW.by_id != OLD.by_id
        OR COALESCE(NEW.visit_id, 0) != COALESCE(OLD.visit_id, 0)
        BEGIN SELECT RAISE(ABORT, '{MOVED}'); END""",
    "supply_movements_no_delete": f"""
        CREATE TRIGGER supply_movements_no_delete BEFORE DELETE ON supply_movements
        BEGIN SELECT RAISE(ABORT, '{MOVED}'); END""",
    # RC-17: a signed correction stays as it was signed; its words may be forgotten (RC-20).
    "register_corrections_only_erase": f"""
        CREATE TRIGGER register_corrections_only_erase BEFORE UPDATE ON register_corrections
        WHEN {_SIGNED}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "register_corrections_no_delete": f"""
        CREATE TRIGGER register_corrections_no_delete BEFORE DELETE ON register_corrections
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "leaves_decided_once": f"""
        CREATE TRIGGER leaves_decided_once BEFORE UPDATE ON leaves WHEN {_DECIDED}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "swaps_decided_and_taken_once": f"""
        CREATE TRIGGER swaps_decided_and_taken_once BEFORE UPDATE ON swaps WHEN ({_DECIDED}) OR ({_TAKEN_BEFORE})
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # DR-18: what was signed is followed by a supplement. DR-17: a corrected day by a further correction.
    "daily_reports_fixed": f"""
        CREATE TRIGGER daily_reports_fixed BEFORE UPDATE ON daily_reports WHEN {_REPORTED}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "quiz_attempts_handed_in_once": f"""
        CREATE TRIGGER quiz_attempts_handed_in_once BEFORE UPDATE ON quiz_attempts WHEN {_MARKED}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "attendance_months_closed_once": f"""
        CREATE TRIGGER attendance_months_closed_once BEFORE UPDATE ON attendance_months WHEN {_REOPENED}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "document_versions_fixed": f"""
        CREATE TRIGGER document_versions_fixed BEFORE UPDATE ON document_versions WHEN {_APPROVED}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "bookings_one_at_a_time": f"CREATE TRIGGER bookings_one_at_a_time BEFORE INSERT ON bookings {_OVERLAP}",
    "bookings_stay_apart": f"CREATE TRIGGER bookings_stay_apart BEFORE UPDATE ON bookings {_OVERLAP}",
    "rosters_one_at_a_time": f"CREATE TRIGGER rosters_one_at_a_time BEFORE INSERT ON rosters {_TWO_ROSTERS}",
    "rosters_stay_apart": f"CREATE TRIGGER rosters_stay_apart BEFORE UPDATE ON rosters {_TWO_ROSTERS}",
}
SQLITE |= {
    f"{table}_no_{change}": f"""
        CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table}
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"""
    for table in KEPT
    for change in ("update", "delete")
    if change == "delete" or table not in ERASABLE
}
TABLES = {
    **{f"{table}_no_{change}": table for table in KEPT for change in ("update", "delete")},
    "daily_reports_fixed": "daily_reports",
    "document_versions_fixed": "document_versions",
    "quiz_attempts_handed_in_once": "quiz_attempts",
    "attendance_months_closed_once": "attendance_months",
    "bookings_one_at_a_time": "bookings",
    "bookings_stay_apart": "bookings",
    "rosters_one_at_a_time": "rosters",
    "rosters_stay_apart": "rosters",
    "leaves_decided_once": "leaves",
    "swaps_decided_and_taken_once": "swaps",
    "supply_movements_only_erase": "supply_movements",
    "supply_movements_no_delete": "supply_movements",
    "register_corrections_only_erase": "register_corrections",
    "register_corrections_no_delete": "register_corrections",
}  # on the others: history

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
    "supply_movements_only_erase": (
        "supply_movements",
        "BEFORE UPDATE ON supply_movements FOR EACH ROW"
        " WHEN (NEW.note <> '' OR NEW.amount <> OLD.amount OR NEW.supply_id <> OLD.supply_id"
        " OR NEW.kind <> OLD.kind OR NEW.on_hand <> OLD.on_hand OR NEW.by_id <> OLD.by_id"
        " OR COALESCE(NEW.visit_id, 0) <> COALESCE(OLD.visit_id, 0))",
    ),
    "supply_movements_no_delete": ("supply_movements", "BEFORE DELETE ON supply_movements FOR EACH ROW"),
    "history_texts_no_truncate": ("history_texts", "BEFORE TRUNCATE ON history_texts FOR EACH STATEMENT"),
    "register_corrections_only_erase": (
        "register_corrections",
        f"BEFORE UPDATE ON register_corrections FOR EACH ROW WHEN ({_SIGNED})",
    ),
    "register_corrections_no_delete": (
        "register_corrections",
        "BEFORE DELETE ON register_corrections FOR EACH ROW",
    ),
    "leaves_decided_once": ("leaves", f"BEFORE UPDATE ON leaves FOR EACH ROW WHEN ({_DECIDED})"),
    "swaps_decided_and_taken_once": (
        "swaps",
        f"BEFORE UPDATE ON swaps FOR EACH ROW WHEN (({_DECIDED}) OR ({_TAKEN_BEFORE}))",
    ),
    "daily_reports_fixed": (
        "daily_reports",
        f"BEFORE UPDATE ON daily_reports FOR EACH ROW WHEN ({_REPORTED})",
    ),
    "document_versions_fixed": (
        "document_versions",
        f"BEFORE UPDATE ON document_versions FOR EACH ROW WHEN ({_APPROVED})",
    ),
    "quiz_attempts_handed_in_once": (
        "quiz_attempts",
        f"BEFORE UPDATE ON quiz_attempts FOR EACH ROW WHEN ({_MARKED})",
    ),
    "attendance_months_closed_once": (
        "attendance_months",
        f"BEFORE UPDATE ON attendance_months FOR EACH ROW WHEN ({_REOPENED})",
    ),
}
POSTGRESQL |= {
    f"{table}_no_change": (
        table,
        f"BEFORE {'DELETE' if table in ERASABLE else 'UPDATE OR DELETE'} ON {table} FOR EACH ROW",
    )
    for table in KEPT
}
ONLY_ERASE = {
    f"{table}_only_erase": table for table in ERASABLE
}  # made when the columns of the day are known


# What stood in their place before words could be emptied; taken down wherever it is found.
BEFORE_0046 = {f"{table}_no_update": table for table in ERASABLE} | {"attendance_corrected": "attendance"}


def _only_erased(connection: sa.Connection, table: str) -> str:
    """The condition under which a change of a record is more than the emptying of its words."""
    columns = [column["name"] for column in sa.inspect(connection).get_columns(table)]
    differs = "IS NOT" if connection.dialect.name == "sqlite" else "IS DISTINCT FROM"
    empty = ", ".join(f"'{text}'" for text in EMPTY)
    changed = [
        f"(NEW.{name} {differs} OLD.{name} AND NEW.{name} NOT IN ({empty}))"
        if name in ERASABLE[table]
        else f"NEW.{name} {differs} OLD.{name}"
        for name in columns
    ]
    more = " OR ".join(changed)
    return f"{_BUT[table]} AND ({more})" if table in _BUT else more


def apply(connection: sa.Connection) -> None:
    """Create every guard."""
    if not sa.inspect(connection).has_table("history"):
        return
    if connection.dialect.name == "sqlite":
        for name, statement in SQLITE.items():
            # An older revision may have no such table yet.
            if sa.inspect(connection).has_table(TABLES.get(name, "history")):
                connection.exec_driver_sql(statement)
        _apply_only_erase(connection)
        return
    connection.exec_driver_sql(FUNCTION)
    for name, (table, when) in POSTGRESQL.items():
        if sa.inspect(connection).has_table(table):
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION history_refuse()")
    _apply_only_erase(connection)


def _apply_only_erase(connection: sa.Connection) -> None:
    """RC-20: words of signed records can be emptied, and nothing else of them changes."""
    sqlite = connection.dialect.name == "sqlite"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END" if sqlite else "EXECUTE FUNCTION history_refuse()"
    for name, table in ONLY_ERASE.items():
        if sa.inspect(connection).has_table(table):
            when = f"FOR EACH ROW WHEN ({_only_erased(connection, table)})"
            connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} {when} {refuse}")


def remove(connection: sa.Connection) -> None:
    """Drop every guard, so that a table may be rebuilt; `apply` follows in the same transaction."""
    if connection.dialect.name == "sqlite":
        for name in (*SQLITE, *ONLY_ERASE, *BEFORE_0046):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    if not sa.inspect(connection).has_table("history"):
        return
    there = {name: table for name, (table, _) in POSTGRESQL.items()} | ONLY_ERASE | BEFORE_0046
    for name, table in there.items():
        if not sa.inspect(connection).has_table(table):
            continue
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")


def missing(connection: sa.Connection) -> list[str]:
    """The guards that should be there and are not; asked by `verify`."""
    if connection.dialect.name == "sqlite":
        there = set(
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        )
        return [name for name in (*SQLITE, *ONLY_ERASE) if name not in there]
    there = set(connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars())
    return [name for name in (*POSTGRESQL, *ONLY_ERASE) if name not in there]
