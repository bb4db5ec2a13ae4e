"""Every table with a text is in the register of what is kept of people, or says why it describes nobody (RC-20)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import guards_in_database, personal_data
from portal.kernel.clauses import known
from portal.kernel.db import Base
from portal.kernel.figures import FIGURES
from portal.kernel.personal_data import CODES, NOBODYS, REGISTER

CODE = 24  # characters of a code or a number; what is shorter names nobody by itself


def texts(table: sa.Table) -> set[str]:
    """The columns of a table in which words can stand; codes of an enum and the names of subjects cannot hold any."""
    return {
        column.name
        for column in table.columns
        if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
        if (column.type.length or 1000) > CODE
        if column.name not in CODES and not column.name.endswith(("_kind", "_number", "_code", "_department"))
    }


@pytest.mark.clause("RC-20")
def test_every_text_is_in_a_class_or_describes_nobody(app: Flask) -> None:
    told: dict[str, set[str]] = {}
    for _kept, place in personal_data.every_place():
        assert place.table not in told, f"{place.table} is in two classes"
        told[place.table] = {*place.texts, *place.beside}
    codes = {
        "cases": {"asks", "assisting", "handed_up", "due_kind", "ticks"}, "visits": {"series"},
        "dealings": {"outcome"}, "people": {"locale", "theme"}, "todos": {"address", "audience"},
        "deliveries": {"channel", "batch"}, "taboo_hits": {"rule", "severity", "scope"}, "document_versions": {"source"},
        "spot_checks": {"worked_on", "rater"}, "emergencies": {"services"}, "equipment": {"name", "name_en"},
        "inspection_lines": {"what", "what_en"}, "checklist_answers": {"text", "text_en"},
        "checklist_papers": {"address"}, "standard_answers": {"text", "text_en"}, "shifts": set(),
        "standard_runs": {"title", "title_en"}, "rosters": {"pinned_off"}, "policies": {"key"},
        "duty_checks": {"findings"}, "training_needs": {"source_address"}, "assessment_ratings": {"marks", "rated_by"},
        "assessment_results": {"workings"}, "assessment_objections": set(), "attachments": {"mime", "sha256"},
        "history_texts": {"salt"}, "sessions": set(), "case_reports": {"period"}, "special_days": {"spans"},
        "daily_registers": set(), "call_drafts": {"key"}, "identities": {"realm", "subject"}, "jobs": {"worker"},
        "second_factors": {"secret"}, "departure_lines": {"address"}, "message_choices": {"topics"},
    }  # fmt: skip
    missing = {
        table.name: left
        for table in Base.metadata.tables.values()
        if table.name not in NOBODYS
        if (left := texts(table) - told.get(table.name, set()) - codes.get(table.name, set()))
    }
    assert missing == {}, (
        "declare a class (personal_data.declare) or that it is nobody's (personal_data.nobodys)"
    )


def test_the_register_names_only_what_is_there(app: Flask) -> None:
    for kept, place in personal_data.every_place():
        table = Base.metadata.tables[place.table]
        parent: Any = Base.metadata.tables[place.parent[1]].c if place.parent else {}
        named = (*place.texts, *place.beside, *place.json, *((place.own,) if place.own else ()))
        assert [name for name in named if name not in table.c] == [], place.table
        assert all(not n or n in table.c or n in parent for n in (place.at, place.number)), place.table
        assert known(kept.clause)
        assert kept.figure in FIGURES if kept.figure else kept.how_long, kept.key
        erasable = set(guards_in_database.ERASABLE.get(place.table, ()))
        assert place.table not in guards_in_database.KEPT or set(place.words) <= erasable or place.by_hand, (
            f"the database refuses to empty words of {place.table}: see ERASABLE"
        )
    assert set(NOBODYS) <= set(Base.metadata.tables)
    assert not set(NOBODYS) & {place.table for _kept, place in personal_data.every_place()}
    assert len(REGISTER) > 12
