"""Shifts in Excel: written out and read in unchanged, tried out first, every wrong cell named, the past left alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal import importing
from portal.blueprints.duty.rosters import actions, excel
from portal.blueprints.duty.rosters.models import Roster
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.duty.posts.making import a_roster
from tests.duty.rosters.office import Office, an_office

FIRST, LAST = date(2026, 10, 12), date(2026, 10, 14)
NAMES = ("post", "kind", "starts_at", "ends_at", "person")
Lines = list[list[Any]]


def _book(*lines: list[Any]) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    for line in (list(NAMES), *lines):
        book.worksheets[0].append(line)
    book.save(made)
    return made.getvalue()


def _edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    book, made = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
    change(book.worksheets[0])
    book.save(made)
    return made.getvalue()


def _tried(office: CarefulClient, draft: int, content: bytes) -> TestResponse:
    return office.send(f"/duty/rosters/{draft}/import", file=(io.BytesIO(content), "班次.xlsx"))


def _confirmed(office: CarefulClient, draft: int, tried: TestResponse) -> TestResponse:
    mark = re.search(r'name="file" value="([^"]+)"', tried.text)
    assert mark, text_of(tried)
    return office.send(f"/duty/rosters/{draft}/import/confirm", file=mark[1])


def _day(number: int, person: str = "", kind: str = "day", at: str = "08:30", ends: str = "") -> list[Any]:
    return ["front-desk", kind, f"2026-10-{number} {at}", ends, person]


@pytest.fixture
def made(app: Flask) -> Office:
    """An office."""
    return an_office(app)


@pytest.mark.clause("DR-01")
def test_what_is_written_out_is_read_in_again_unchanged(app: Flask, as_: As, made: Office) -> None:
    draft, office = made.draft(FIRST, LAST), as_("office1")
    one, other = (factories.id_of(app, name) for name in ("desk1", "gm"))
    made.set(draft, "desk1", FIRST)
    made.set(draft, "gm", FIRST, "night")
    pinned: dict[str, Any] = {"person": "gm", "day": str(LAST), "shift": "front-desk/day", "pinned": "y"}
    assert office.send(f"/duty/rosters/{draft}/cell", **pinned).status_code == 303
    before = made.seen(draft)
    content = office.get(f"/duty/rosters/{draft}/export").data
    same = _tried(office, draft, content)
    assert "The draft says the same already" in same.text
    assert 'name="file" value' not in same.text

    def change(sheet: Any) -> None:
        rows = {(row[2].value, str(row[3].value)[:10]): row for row in sheet.iter_rows(min_row=4)}
        rows["Day", str(FIRST)][5].value = "desk2"  # instead of desk1, who becomes free
        rows["Night", str(FIRST)][5].value = None
        rows["Day", "2026-10-13"][5].value = "周晓雯"

    tried = _tried(office, draft, _edited(content, change))
    moved: dict[str, Any] = {"person": "desk1", "day": "2026-10-13", "shift": "front-desk/night"}
    assert as_("office2").send(f"/duty/rosters/{draft}/cell", **moved).status_code == 303
    again = _confirmed(office, draft, tried)
    assert (again.status_code, "changed the draft in the meantime" in again.text) == (409, True)
    assert made.seen(draft).cells.keys() == {*before.cells, (one, date(2026, 10, 13))}
    assert _confirmed(office, draft, again).status_code == 303
    after = made.seen(draft)
    day = (made.post, made.day)
    assert after.cells == {
        (factories.id_of(app, "desk2"), FIRST): day,
        (one, date(2026, 10, 13)): day,
        (other, LAST): day,
    }
    assert after.pinned((other, LAST))
    assert (one, FIRST) in before.cells
    assert "Shifts taken over from a workbook" in office.get(f"/duty/rosters/{draft}/").text
    assert office.get(f"/duty/rosters/{draft}/import/template.xlsx").data.startswith(b"PK")


WRONG: list[tuple[str, Lines, str]] = [
    ("post", [["nowhere", "day", "2026-10-12 08:30", "", "desk1"]], "Please choose one from the list."),
    ("begin", [_day(12, "desk1", at="08:00")], "This kind of shift begins at 08:30."),
    ("end", [_day(12, "desk1", ends="2026-10-12 17:00")], "This kind of shift ends at 17:30."),
    ("nobody", [_day(12, "nobody")], "Nobody who works here has this user name."),
    ("no begin", [["front-desk", "day", "", "", "desk1"]], "This must be filled in."),
    ("day", [_day(20, "desk1")], "The roster does not have this day."),
    (
        "twice",
        [_day(12, "desk1"), _day(12, "desk1", "night", "22:00")],
        "Row 2 has the same person on that day.",
    ),
    ("past", [_day(12, "desk1")], "The past is not changed any more."),
    ("pinned", [_day(14, "gm", "night", "22:00")], "pinned to something else"),
]


@pytest.mark.clause("DR-01")
def test_every_wrong_cell_is_named_and_nothing_changes(app: Flask, as_: As, made: Office, at: At) -> None:
    draft, office = made.draft(FIRST, LAST), as_("office1")
    pinned: dict[str, Any] = {"person": "gm", "day": str(LAST), "shift": "front-desk/day", "pinned": "y"}
    assert office.send(f"/duty/rosters/{draft}/cell", **pinned).status_code == 303
    before = made.seen(draft).cells
    for name, lines, said in WRONG:
        if name == "past":
            at("Tue 2026-10-13 09:00")
            office = client_of(app, "office1")
        answer = _tried(office, draft, _book(*lines))
        assert (answer.status_code, said in answer.text) == (422, True), (name, text_of(answer))
    assert made.seen(draft).cells == before
    gone = office.send(f"/duty/rosters/{draft}/import/confirm", file="x")
    assert gone.status_code == 422


def test_only_a_draft_that_is_not_being_solved_takes_lines(app: Flask, as_: As, made: Office) -> None:
    draft, office = made.draft(FIRST, LAST), as_("office1")
    published = a_roster(app, date(2026, 11, 1), date(2026, 11, 30))
    content = _book(_day(12, "desk1"))
    assert _tried(office, published, content).status_code == 409
    assert _tried(as_("desk1"), draft, content).status_code == 403
    tried = _tried(office, draft, content)
    mark = re.search(r'name="file" value="([^"]+)"', tried.text)
    assert mark
    assert office.send(f"/duty/rosters/{draft}/solve").status_code == 303
    assert office.send(f"/duty/rosters/{draft}/import/confirm", file=mark[1]).status_code == 422
    assert made.seen(draft).cells == {}


def test_commands_read_and_write_the_shifts(app: Flask, made: Office, tmp_path: Path) -> None:
    a_roster(app, date(2026, 10, 1), date(2026, 10, 11))
    run, file = app.test_cli_runner(), tmp_path / "shifts.xlsx"
    lines = [_day(12, "desk1"), _day(13, "desk2"), ["front-desk", "day", "2026-11-02 08:30", "", "gm"]]
    file.write_bytes(_book(*lines, _day(10, "gm")))
    refused = run.invoke(args=["import", "shifts", str(file)])
    assert refused.exit_code == 1
    assert "第 5 行 (C5), 开始: 含这一天的排班表已发布。" in refused.output
    file.write_bytes(_book(*lines))
    tried = run.invoke(args=["import", "shifts", str(file), "--dry-run"])
    assert "3 would be recorded" in tried.output
    assert run.invoke(args=["import", "shifts", str(file)]).exit_code == 0
    with app.app_context():  # a draft for each month
        spans = db.session.execute(sa.select(Roster.starts_on, Roster.ends_on).order_by(Roster.id)).all()
    assert [tuple(span) for span in spans[1:]] == [
        (FIRST, date(2026, 10, 13)),
        (date(2026, 11, 2), date(2026, 11, 2)),
    ]
    written = tmp_path / "out.xlsx"
    assert run.invoke(args=["export", "shifts", str(written)]).exit_code == 0
    again = run.invoke(args=["import", "shifts", str(written)])
    assert "0 recorded on behalf of" in again.output
    assert "3 were recorded before" in again.output
    made.draft(FIRST, LAST)
    twice = run.invoke(args=["import", "shifts", str(file), "--dry-run"])
    assert "两份草稿都含这一天" in twice.output


@pytest.mark.clause("DR-01")
def test_what_became_past_or_pinned_after_the_dry_run_is_refused(app: Flask, made: Office) -> None:
    draft = made.draft(FIRST, LAST)
    with app.app_context():
        kind, by, place = excel.into(draft), factories.viewer("office1"), (factories.viewer("gm").id, LAST)
        run = importing.dry_run(kind, io.BytesIO(_book(_day(14, "gm"))), "0" * 64, by)
        with pytest.raises(Refused, match="day_is_past"):
            importing.record(kind, run, by=by, now=clock.now() + timedelta(days=300))
        actions.change(draft, {place: None}, by=by, now=clock.now(), pinned=True)
        with pytest.raises(Refused, match="pinned_stays"):
            importing.record(kind, run, by=by, now=clock.now())
    assert made.seen(draft).cells == {}
