"""The shift log: append-only, corrections as new entries, a major one at once to the head (DR-02)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.duty.log.codes import Act, Category, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.handover.making import a_desk, a_note
from tests.duty.posts.making import a_post

ENTRY: dict[str, Any] = {
    "post": "front-desk",
    "category": "routine",
    "standing": "done",
    "text": "前台电话线路正常",
}


def entries(app: Flask) -> list[LogEntry]:
    with app.app_context():
        return list(db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)))


@pytest.fixture
def morning(app: Flask, at: At) -> int:
    """The front desk at ten, desk1 on duty; the post's id."""
    at("Mon 2026-03-02 10:00")
    return a_desk(app, early="emp.admin", late="desk1").post


@pytest.mark.clause("DR-02")
def test_whoever_is_on_duty_the_desk_and_the_office_write(app: Flask, as_: As, morning: int) -> None:
    for username in ("emp.admin", "desk1", "office1"):
        assert as_(username).send("/duty/log", **ENTRY).status_code == 303, username
    for username in ("emp.tech", "lead.tech", "gm"):
        assert as_(username).send("/duty/log", **ENTRY).status_code == 403, username
    assert [entry.text for entry in entries(app)] == [ENTRY["text"]] * 3


@pytest.mark.clause("DR-02")
def test_who_writes_follows_the_signatures_not_the_plan(app: Flask, as_: As, at: At, morning: int) -> None:
    at("Mon 2026-03-02 14:30")
    assert as_("emp.admin").get("/duty/handover").status_code == 200  # opens what is due
    assert as_("emp.admin").send("/duty/log", **ENTRY).status_code == 303  # not handed over yet


@pytest.mark.clause("DR-02")
def test_a_major_entry_reaches_the_head_at_once(app: Flask, as_: As, morning: int) -> None:
    assert as_("desk1").send("/duty/log", **ENTRY | {"major": "y", "category": "incident"}).status_code == 303
    for username in ("lead.admin", "office1", "office2"):
        assert "A major problem was written into the shift log." in as_(username).get("/notifications/").text
    assert "major problem" not in as_("lead.tech").get("/notifications/").text


@pytest.mark.clause("DR-02")
@pytest.mark.parametrize("change", ["UPDATE duty_log SET text = 'x'", "DELETE FROM duty_log"])
def test_the_database_refuses_every_change(any_app: Flask, change: str) -> None:
    post = a_post(any_app)
    a_note(any_app, post)
    with any_app.app_context(), pytest.raises(DBAPIError, match="append-only"), db.write():
        db.session.execute(sa.text(change))
    assert [entry.text for entry in entries(any_app)] == ["巡查无异常"]


@pytest.mark.clause("DR-02")
def test_a_correction_is_a_new_entry_that_points_to_the_old_one(app: Flask, as_: As, morning: int) -> None:
    number = a_note(app, morning, text="三号柜钥匙已还")
    desk = as_("desk1")
    assert desk.send(f"/duty/log/{number}/correct", text="是四号柜的钥匙").status_code == 303
    first, second = entries(app)
    assert (first.text, second.text, second.about_id) == ("三号柜钥匙已还", "是四号柜的钥匙", first.id)
    page = desk.get(f"/duty/log/{number}").text
    assert "三号柜钥匙已还" in page
    assert "是四号柜的钥匙" in page


def test_what_is_open_is_settled_once(app: Flask, as_: As, morning: int) -> None:
    number = a_note(app, morning, standing=Standing.OPEN, category=Category.EQUIPMENT)
    desk = as_("desk1")
    assert number in desk.get("/duty/log?open=1").text
    assert desk.send(f"/duty/log/{number}/settle", text="已修好").status_code == 303
    assert desk.send(f"/duty/log/{number}/settle", text="又修一次").status_code == 409
    assert len(entries(app)) == 2
    assert number not in desk.get("/duty/log?open=1").text


def test_two_who_settle_at_once_settle_it_once(any_app: Flask) -> None:
    post = a_post(any_app)
    number = a_note(any_app, post, standing=Standing.OPEN)
    about = next(entry.id for entry in entries(any_app) if entry.number == number)
    settle: dict[str, Any] = {"act": Act.SETTLE, "about_id": about}
    a_note(any_app, post, **settle)
    with pytest.raises(DBAPIError):
        a_note(any_app, post, **settle)


def test_a_form_sent_twice_is_one_entry(app: Flask, as_: As, morning: int) -> None:
    desk = as_("desk1")
    for _ in range(2):
        assert desk.send("/duty/log", **ENTRY, idempotency_key="k1").status_code == 303
    assert desk.send("/duty/log", **ENTRY | {"text": "别的事"}, idempotency_key="k1").status_code == 409
    assert len(entries(app)) == 1


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"post": "nowhere"}, {"category": "x"}, {"case_number": "17"}, {"visit_number": "TS-1"}]
)  # fmt: skip
def test_what_cannot_be_is_told_beside_the_field(
    app: Flask, as_: As, morning: int, wrong: dict[str, str]
) -> None:
    answer = as_("desk1").send("/duty/log", **ENTRY | wrong)
    assert answer.status_code == 422
    assert entries(app) == []


def test_others_do_not_read_the_log_of_a_department(app: Flask, as_: As, morning: int) -> None:
    number = a_note(app, morning)
    assert as_("emp.tech").get(f"/duty/log/{number}").status_code == 404
    assert number not in as_("emp.tech").get("/duty/log").text
    for username in ("emp.admin", "lead.admin", "gm"):
        assert number in as_(username).get("/duty/log").text, username


def test_the_list_is_filtered_and_leaves_as_a_workbook(app: Flask, as_: As, at: At, morning: int) -> None:
    old = a_note(app, morning, category=Category.FAULT)
    at("Tue 2026-03-03 10:00")
    new = a_note(app, morning)
    desk = as_("desk1")
    for query, there, gone in (
        ("day=2026-03-02", old, new),
        ("category=fault", old, new),
        ("day=2026-03-03&post=front-desk", new, old),
        (f"words={old}", old, new),
        ("category=fault&words=巡查", old, new),
    ):
        page = desk.get(f"/duty/log?{query}").text
        assert there in page, query
        assert gone not in page, query
    assert desk.get("/duty/log/export?day=2026-03-02").status_code == 200
    assert as_("emp.admin").get("/duty/log/export").status_code == 403


def test_history_is_whole(app: Flask, as_: As, morning: int) -> None:
    as_("desk1").send("/duty/log", **ENTRY | {"major": "y"})
    assert factories.history_faults(app) == []
