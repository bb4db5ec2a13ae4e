"""Who is on duty, and the pages on which the general office keeps posts and kinds of shifts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.duty.posts.models import Post, ShiftKind
from portal.blueprints.duty.rosters.codes import State
from portal.kernel.db import db
from tests.conftest import As, At
from tests.duty.posts.making import a_kind, a_post, a_roster, a_shift

TODAY = date(2026, 3, 2)
POST: dict[str, Any] = {
    "code": "front-desk",
    "name": "前台",
    "name_en": "Front desk",
    "department": "admin",
    "active": "y",
}
KIND: dict[str, Any] = {
    "code": "night", "name": "夜班", "letter": "N", "starts": "22:00", "ends": "06:00", "active": "y"
}  # fmt: skip


@pytest.mark.clause("DR-01")
def test_everybody_reads_who_is_on_duty_and_who_comes_next(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    post, day = a_post(app), a_kind(app)
    late = a_kind(app, "late", letter="L", starts="17:30", ends="23:00", name_en="Late")
    roster = a_roster(app, TODAY, TODAY)
    a_shift(app, roster, post, day, TODAY, "desk1")
    a_shift(app, roster, post, late, TODAY, "desk2")
    page = as_("emp.tech").get("/duty/").text
    for told in ("Front desk", "8001", "周晓雯", "17:30"):
        assert told in page
    assert page.index("周晓雯") < page.index("17:30")


@pytest.mark.clause("DR-01")
def test_a_gap_and_an_empty_post_around_the_clock_are_shown(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    post, day = a_post(app), a_kind(app)
    a_post(app, "guard", name="门卫", name_en="Guard", around_the_clock=True)
    a_shift(app, a_roster(app, TODAY, TODAY), post, day, TODAY)
    assert as_("desk1").get("/duty/").text.count("nobody") == 2


def test_a_draft_puts_nobody_on_duty(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    post, day = a_post(app), a_kind(app)
    a_shift(app, a_roster(app, TODAY, TODAY, State.DRAFT), post, day, TODAY, "desk1")
    row = as_("emp.tech").get("/duty/").text
    assert "Front desk" in row
    assert "周晓雯" not in row


@pytest.mark.parametrize("page", ["/duty/posts/", "/duty/posts/new", "/duty/posts/kinds/new"])
def test_posts_are_the_general_offices(as_: As, page: str) -> None:
    assert as_("office1").get(page).status_code == 200
    for username in ("desk1", "lead.tech", "emp.tech", "gm"):
        assert as_(username).get(page).status_code == 403


def test_a_post_is_added_and_changed(app: Flask, as_: As) -> None:
    office = as_("office1")
    assert office.send("/duty/posts/new", **POST).status_code == 303
    with app.app_context():
        first = db.session.query(Post).one()
    changed = POST | {"phone": "8002", "around_the_clock": "y", "version": str(first.version)}
    assert office.send("/duty/posts/front-desk/edit", **changed).status_code == 303
    assert office.send("/duty/posts/front-desk/edit", **changed | {"phone": "8003"}).status_code == 409
    with app.app_context():
        kept = db.session.query(Post).one()
    assert (kept.phone, kept.around_the_clock) == ("8002", True)


@pytest.mark.parametrize(
    "wrong", [{"code": "F!"}, {"name": " "}, {"department": "nowhere"}, {"order": "-1"}, {"code": ""}]
)
def test_a_post_that_cannot_be_is_told_beside_the_field(as_: As, wrong: dict[str, str]) -> None:
    answer = as_("office1").send("/duty/posts/new", **POST | wrong)
    assert answer.status_code == 422
    assert "Front desk" in answer.text


def test_a_code_is_taken_once(as_: As) -> None:
    office = as_("office1")
    assert office.send("/duty/posts/kinds/new", **KIND).status_code == 303
    assert office.send("/duty/posts/kinds/new", **KIND).status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"starts": "24:00"}, {"ends": "5"}, {"break_minutes": "999"}, {"ends": "21:00"}]
)
def test_a_kind_of_shift_has_possible_times(app: Flask, as_: As, wrong: dict[str, str]) -> None:
    assert as_("office1").send("/duty/posts/kinds/new", **KIND | wrong).status_code == 422
    with app.app_context():
        assert db.session.query(ShiftKind).count() == 0
