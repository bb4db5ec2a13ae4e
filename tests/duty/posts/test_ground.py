"""What rosters stand on: needs of a post, who may take it, how long people work, special days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.duty.posts import queries
from tests import factories
from tests.conftest import As
from tests.duty.posts.making import a_kind, a_post

LIMITS: dict[str, Any] = {
    "least_week_hours": "20",
    "most_week_hours": "40",
    "least_in_a_row": "2",
    "most_in_a_row": "5",
    "least_days_off": "2",
    "most_weekends": "2",
}


def _needs(**people: str) -> dict[str, Any]:
    """The grid's fields of the day shift."""
    return {f"day.{day_kind}": number for day_kind, number in people.items()}


def _ground(app: Flask) -> queries.Ground:
    with app.app_context():
        return queries.ground()


@pytest.mark.clause("DR-01")
def test_the_needs_of_a_post_are_one_form(any_app: Flask, as_: As) -> None:
    post, kind = a_post(any_app), a_kind(any_app)
    office, page = as_("office1"), "/duty/posts/front-desk/needs"
    assert 'name="day.holiday"' in office.get(page).text
    assert office.send(page, **_needs(workday="2", holiday="1")).status_code == 303
    assert office.send(page, **_needs(workday="3", holiday="0")).status_code == 303
    found = _ground(any_app).needs
    assert [(row.post_id, row.kind_id, row.day_kind, row.people) for row in found] == [
        (post, kind, "workday", 3)
    ]


def test_a_need_that_cannot_be_and_a_stale_form_change_nothing(app: Flask, as_: As) -> None:
    a_post(app)
    a_kind(app)
    office, page = as_("office1"), "/duty/posts/front-desk/needs"
    assert office.send(page, **_needs(workday="-1")).status_code == 422
    assert office.send(page, **_needs(workday="1"), version="1").status_code == 303
    assert office.send(page, **_needs(workday="5"), version="1").status_code == 409
    assert [row.people for row in _ground(app).needs] == [1]


@pytest.mark.clause("DR-21")
def test_who_may_take_a_post_has_a_first_and_a_last_day(any_app: Flask, as_: As) -> None:
    a_post(any_app)
    office, page = as_("office1"), "/duty/posts/front-desk/people"
    assert office.send(page, person="desk1").status_code == 303
    assert office.send(page, person="desk1", since="2026-03-01", until="2026-03-31").status_code == 303
    assert office.send(page, person="desk1", since="2026-03-31", until="2026-03-01").status_code == 422
    assert office.send(page, person="nobody").status_code == 422
    (row,) = _ground(any_app).qualifications
    assert (row.since, row.until) == (date(2026, 3, 1), date(2026, 3, 31))
    assert "周晓雯" in office.get(f"{page}?person=desk1").text


def test_with_limits_somebody_is_rostered(any_app: Flask, as_: As) -> None:
    who, office = factories.id_of(any_app, "desk1"), as_("office1")
    page = f"/duty/posts/limits/{who}"
    assert office.send(page, **LIMITS).status_code == 303
    assert office.send(page, **LIMITS | {"version": "1", "most_week_hours": "36"}).status_code == 303
    assert office.send(page, **LIMITS | {"version": "1"}).status_code == 409
    row = _ground(any_app).limits[who]
    assert (row.least_week_minutes, row.most_week_minutes, row.most_weekends) == (1200, 2160, 2)
    assert office.get("/duty/posts/limits/99999").status_code == 404
    assert "20–36" in office.get("/duty/posts/limits/").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"least_week_hours": "41"},
        {"least_in_a_row": "6"},
        {"most_in_a_row": "x"},
        {"joins_on": "2026-03-02", "leaves_on": "2026-03-01"},
    ],
)
def test_limits_that_contradict_each_other_are_told(app: Flask, as_: As, wrong: dict[str, Any]) -> None:
    who = factories.id_of(app, "desk1")
    assert as_("office1").send(f"/duty/posts/limits/{who}", **LIMITS | wrong).status_code == 422
    assert _ground(app).limits == {}


@pytest.mark.clause("DR-06")
def test_any_day_is_marked_as_special_with_a_reason(any_app: Flask, as_: As) -> None:
    office, page = as_("office1"), "/duty/posts/days/"
    assert office.send(page, day="2026-07-20", reason="").status_code == 422
    assert office.send(page, day="2026-07-20", reason="台风").status_code == 303
    assert office.send(page, day="2026-07-20", reason="台风“海神”").status_code == 303
    assert _ground(any_app).special == {date(2026, 7, 20): "台风“海神”"}
    assert "台风“海神”" in office.get(page).text
    assert office.send("/duty/posts/days/2026-07-20/unmark").status_code == 303
    assert office.send("/duty/posts/days/2026-07-20/unmark").status_code == 404
    assert _ground(any_app).special == {}


@pytest.mark.parametrize("page", ["days/", "limits/", "front-desk/needs", "front-desk/people"])
def test_they_are_the_general_offices(app: Flask, as_: As, page: str) -> None:
    a_post(app)
    assert as_("office1").get(f"/duty/posts/{page}").status_code == 200
    assert as_("desk1").get(f"/duty/posts/{page}").status_code == 403
    assert as_("desk1").send(f"/duty/posts/{page}").status_code in {403, 405}
