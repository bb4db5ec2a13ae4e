"""A draft and its grid: seats from the needs, hand edits checked at once, proposals, the past, wishes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.blueprints.duty.rosters import picture
from portal.blueprints.duty.rosters.models import Roster, Wish
from portal.blueprints.duty.rosters.problem import Burden
from portal.blueprints.duty.rosters.rules import Rule, mends
from portal.kernel import clock, jobs
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.posts.making import a_roster, a_shift
from tests.duty.rosters.office import an_office
from tests.house.test_statements import MOST, statements

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 14)  # National Day 2026 and the days after


def _cell(person: str = "desk1", day: str = "2026-10-01", **more: Any) -> dict[str, Any]:
    return {"person": person, "day": day, **more}


@pytest.mark.clause("DR-01")
def test_a_draft_has_the_seats_that_the_posts_need(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    office = as_("office1")
    answer = office.send("/duty/rosters/new", starts_on="2026-10-01", ends_on="2026-10-14")
    assert answer.status_code == 303
    page = office.get(answer.headers["Location"]).text
    assert "0/1" in page
    assert "2026-10-01, Day: 0 of 1 people." in page
    seats = made.seats(1)
    assert [seat.day for seat in seats] == [FIRST + timedelta(days=n) for n in range(14)]
    assert {seat.person_id for seat in seats} == {None}
    again = office.send("/duty/rosters/new", starts_on="2026-10-01", ends_on="2026-10-14")
    assert again.status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"ends_on": "2026-09-30"}, {"ends_on": "2026-12-31"}, {"starts_on": ""}, {"starts_on": "x"}]
)
def test_a_span_that_cannot_be_is_told(app: Flask, as_: As, wrong: dict[str, Any]) -> None:
    span: dict[str, Any] = {"starts_on": "2026-10-01", "ends_on": "2026-10-14"}
    assert as_("office1").send("/duty/rosters/new", **span | wrong).status_code == 422


def test_drafts_are_the_general_offices(app: Flask, as_: As) -> None:
    draft = an_office(app).draft(FIRST, LAST)
    for username in ("desk1", "lead.admin", "gm"):
        assert as_(username).get("/duty/rosters/").status_code == 200
        assert as_(username).get(f"/duty/rosters/{draft}/").status_code == 404
        assert as_(username).get("/duty/rosters/new").status_code == 403
        assert as_(username).send(f"/duty/rosters/{draft}/cell", **_cell()).status_code == 403
        assert as_(username).send(f"/duty/rosters/{draft}/publish").status_code == 404


def test_a_cell_is_set_cleared_and_pinned(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    who, at = factories.id_of(any_app, "desk1"), f"/duty/rosters/{draft}/cell"
    assert "Day" in office.get(f"{at}?person=desk1&day=2026-10-01").text
    assert office.send(at, **_cell(shift="front-desk/day", pinned="y")).status_code == 303
    seen = made.seen(draft)
    assert seen.cells == {(who, FIRST): (made.post, made.day)}
    assert seen.pinned((who, FIRST))
    assert len(made.seats(draft)) == 14
    assert office.send(at, **_cell(shift="front-desk/day")).status_code == 303
    assert not made.seen(draft).pinned((who, FIRST))
    assert office.send(at, **_cell(letter="n")).status_code == 303  # a night nobody needs: one seat more
    assert made.seen(draft).cells == {(who, FIRST): (made.post, made.night)}
    assert len(made.seats(draft)) == 15
    assert office.send(at, **_cell(shift="off")).status_code == 303
    assert made.seen(draft).cells == {}
    assert len(made.seats(draft)) == 14


@pytest.mark.clause("DR-21")
def test_a_shift_is_moved_or_changes_places(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    one, other = (factories.id_of(any_app, name) for name in ("desk1", "desk2"))
    made.set(draft, "desk1", FIRST)
    made.set(draft, "desk2", FIRST, "night")
    at = f"/duty/rosters/{draft}/move"

    def moves(*to: str, **more: Any) -> int:
        return office.send(at, **_cell(to_person=to[0], to_day=to[1], **more)).status_code

    assert moves("desk2", "2026-10-01", was="front-desk/day", to_was="off") == 409  # it is not free any more
    assert moves("desk2", "2026-10-01", was="front-desk/day", to_was="front-desk/night") == 303
    day, night = (made.post, made.day), (made.post, made.night)
    assert made.seen(draft).cells == {(one, FIRST): night, (other, FIRST): day}
    assert moves("gm", "2026-10-02") == 303
    assert (one, FIRST) not in made.seen(draft).cells
    assert moves("gm", "2026-10-02") == 409  # nothing to move
    for wrong in ({"to_person": "x"}, {"to_day": "2026-11-01"}, {"to_day": ""}, {"was": "x/y"}):
        given: dict[str, Any] = _cell("desk2", to_person="gm", to_day="2026-10-03") | wrong
        assert office.send(at, **given).status_code == 404


@pytest.mark.clause("DR-01")
def test_a_pinned_shift_is_neither_moved_nor_overwritten(app: Flask, as_: As) -> None:
    made = an_office(app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    made.set(draft, "desk2", FIRST, "night")
    at = f"/duty/rosters/{draft}"
    assert office.send(f"{at}/cell", **_cell(shift="front-desk/day", pinned="y")).status_code == 303
    to_it = _cell("desk2", to_person="desk1", to_day="2026-10-01")
    for verb, given in (
        ("move", _cell(to_person="gm", to_day="2026-10-01")),
        ("move", to_it),
        ("cell", _cell(letter="n")),
        ("mend", {"change": "desk1|2026-10-01|off"}),
    ):
        answer = office.send(f"{at}/{verb}", **given)
        assert (answer.status_code, "DR-01" in answer.text) == (409, True), verb
    assert office.send(f"{at}/cell", **_cell(shift="off")).status_code == 303
    assert office.send(f"{at}/move", **to_it).status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"shift": "nowhere/day"}, {"letter": "Q"}, {"person": "x"}, {"day": "2026-11-01"}, {"day": "x"}]
)
def test_a_cell_that_is_none_is_not_found(app: Flask, as_: As, wrong: dict[str, Any]) -> None:
    draft = an_office(app).draft(FIRST, LAST)
    given = _cell(shift="front-desk/day") | wrong
    assert as_("office1").send(f"/duty/rosters/{draft}/cell", **given).status_code == 404


@pytest.mark.clause("DR-21")
def test_a_hand_edit_says_at_once_what_it_breaks(app: Flask, as_: As) -> None:
    made = an_office(app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    made.set(draft, "desk1", FIRST, "night")
    at = f"/duty/rosters/{draft}/cell"
    answer = office.send(at, htmx=True, **_cell(day="2026-10-02", letter="D"))
    assert answer.status_code == 200
    assert 'id="roster"' in answer.text
    assert "too little rest before Day." in answer.text
    assert "DR-21" in answer.headers["HX-Trigger"]
    fine = office.send(at, htmx=True, **_cell("desk2", "2026-10-02", letter="D"))
    assert "HX-Trigger" not in fine.headers


def test_a_stale_cell_is_refused(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    at = f"/duty/rosters/{draft}/cell"
    assert office.send(at, **_cell(letter="D", was="off")).status_code == 303
    assert office.send(at, **_cell(shift="off", was="off")).status_code == 409
    assert office.send(at, **_cell(shift="off", was="front-desk/day")).status_code == 303


@pytest.mark.clause("DR-06")
def test_holidays_and_marked_days_ask_for_a_manager(app: Flask, as_: As) -> None:
    made = an_office(app)
    as_("office1").send("/duty/posts/days/", day="2026-10-13", reason="台风")
    as_("office1").send("/duty/posts/days/", day="2026-10-12", reason="大型来访")
    draft = made.draft(FIRST, LAST)
    asks = {managed.day.day for managed in made.seen(draft).problem.managed}
    assert asks == {1, 2, 3, 4, 5, 6, 7, 12, 13}
    page = as_("office1").get(f"/duty/rosters/{draft}/").text
    assert "2026-10-01: nobody of middle rank or higher is on duty." in page
    made.set(draft, "lead.admin", FIRST)
    assert "2026-10-01: nobody" not in as_("office1").get(f"/duty/rosters/{draft}/").text


@pytest.mark.clause("DR-01")
def test_a_proposal_mends_a_gap_in_one_touch(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    draft, office = made.draft(date(2026, 10, 12), date(2026, 10, 12)), as_("office1")
    assert "takes Day" in office.get(f"/duty/rosters/{draft}/").text
    change = "desk1|2026-10-12|front-desk/day"
    assert office.send(f"/duty/rosters/{draft}/mend", change=change).status_code == 303
    assert made.seen(draft).findings.broken == ()
    assert "Nothing stands against publishing" in office.get(f"/duty/rosters/{draft}/").text
    outdated = office.send(f"/duty/rosters/{draft}/mend", change="desk1|2026-10-12|off")
    assert outdated.status_code == 409
    for wrong in ("", "x|2026-10-12|off", "desk1|2026-10-13|off", "desk1|2026-10-12|x/y"):
        assert office.send(f"/duty/rosters/{draft}/mend", change=wrong).status_code == 404


@pytest.mark.clause("DR-01")
def test_hours_that_nobody_is_planned_for_are_told(app: Flask, as_: As, at: At) -> None:
    made = an_office(app)
    at("Thu 2026-10-01 00:00")
    office = as_("office1")
    around: dict[str, Any] = {
        "name": "前台", "name_en": "Front desk", "department": "admin", "around_the_clock": "y", "active": "y"
    }  # fmt: skip
    assert office.send("/duty/posts/front-desk/edit", **around).status_code == 303
    draft = made.draft(date(2026, 10, 12), date(2026, 10, 12))
    page = office.get(f"/duty/rosters/{draft}/").text
    assert "nobody is planned from 2026-10-12 00:00 to 2026-10-12 08:30" in page
    assert "nobody is planned from 2026-10-12 17:30 to 2026-10-13 00:00" in page


def test_the_past_is_never_changed(app: Flask, as_: As, at: At) -> None:
    made = an_office(app)
    draft = made.draft(FIRST, LAST)
    at("Mon 2026-10-05 09:00")
    office = as_("office1")
    answer = office.send(f"/duty/rosters/{draft}/cell", **_cell(letter="D"))
    assert answer.status_code == 409
    assert made.seen(draft).problem.open_from == date(2026, 10, 5)
    assert (
        f'id="c-{factories.id_of(app, "desk1")}-2026-10-04"' not in office.get(f"/duty/rosters/{draft}/").text
    )


@pytest.mark.clause("DR-21")
def test_a_roster_continues_from_the_one_before(app: Flask) -> None:
    made = an_office(app)
    before = a_roster(app, date(2026, 9, 24), date(2026, 9, 30))
    a_shift(app, before, made.post, made.night, date(2026, 9, 30), "desk1")
    draft = made.draft(FIRST, LAST)
    made.set(draft, "desk1", FIRST)
    assert Rule.REST in {one.rule for one in made.seen(draft).findings.broken}


def test_what_each_had_in_twelve_months_is_weighed(app: Flask) -> None:
    made = an_office(app, ("desk1", "desk2"))
    before = a_roster(app, date(2026, 5, 1), date(2026, 5, 31))
    a_shift(app, before, made.post, made.night, date(2026, 5, 1), "desk1")  # a holiday, and a night
    a_shift(app, before, made.post, made.day, date(2026, 5, 16), "desk2")  # a Saturday
    draft = made.draft(FIRST, LAST)
    with app.app_context():
        problem = picture.of(db.session.get_one(Roster, draft), clock.now(), fair=True).problem
    one = problem.person[factories.id_of(app, "desk1")].balance
    other = problem.person[factories.id_of(app, "desk2")].balance
    assert one == {Burden.NIGHTS: 0.5, Burden.WEEKENDS: -0.5, Burden.HOLIDAYS: 0.5}
    assert other == {Burden.NIGHTS: -0.5, Burden.WEEKENDS: 0.5, Burden.HOLIDAYS: -0.5}


def test_everybody_wishes_for_the_own_days(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    desk = as_("desk1")
    for wish in ("off", "any", "night"):
        assert desk.send("/duty/rosters/wishes", day="2026-10-03", wish=wish).status_code == 303
    assert desk.send("/duty/rosters/wishes", day="2026-10-04", wish="x").status_code == 422
    assert desk.send("/duty/rosters/wishes", day="2026-03-01", wish="off").status_code == 422
    with any_app.app_context():
        (row,) = db.session.query(Wish).all()
        assert (row.kind_id, row.wanted) == (made.night, True)
    assert "Night" in desk.get("/duty/rosters/wishes").text
    assert [wish.kind for wish in made.seen(made.draft(FIRST, LAST)).problem.wishes] == [made.night]
    assert desk.send("/duty/rosters/wishes/2026-10-03/drop").status_code == 303
    assert "No wishes" in desk.get("/duty/rosters/wishes").text


def test_the_grid_is_printed_and_exported(app: Flask, as_: As) -> None:
    made = an_office(app)
    draft = made.draft(FIRST, LAST)
    made.set(draft, "desk1", FIRST)
    page = as_("office1").get(f"/duty/rosters/{draft}/print").text
    assert "sheet wide wall" in page
    assert "周晓雯" in page
    assert "吴思琪" not in page  # nothing to read on the wall
    assert "08:30–17:30" in page
    assert "public holiday" in page
    book = as_("office1").get(f"/duty/rosters/{draft}/export")
    assert book.data.startswith(b"PK")
    assert as_("desk1").get(f"/duty/rosters/{draft}/export").status_code == 404


@pytest.mark.parametrize(
    "page", ["/duty/rosters/", "/duty/rosters/1/", "/duty/rosters/wishes", "/duty/posts/limits/"]
)
def test_a_page_costs_few_statements_and_a_full_grid_as_many_as_an_empty_one(
    app: Flask, as_: As, page: str
) -> None:
    made = an_office(app)
    draft, office = made.draft(FIRST, LAST), as_("office1")
    one = statements(office, page)
    assert len(one) <= MOST, "\n".join(one)
    for number in range(14):
        made.set(draft, ("desk1", "desk2")[number % 2], FIRST + timedelta(days=number))
    assert len(statements(office, page)) == len(one)


@pytest.mark.clause("DR-01")
def test_a_mistaken_draft_is_discarded_and_its_history_stays(any_app: Flask, as_: As) -> None:
    made = an_office(any_app)
    draft, office = made.draft(FIRST, FIRST), as_("office1")
    at = f"/duty/rosters/{draft}"
    assert office.send(f"{at}/explain", reason="人手不足").status_code == 303
    assert factories.waiting(any_app, "office2")
    assert office.send(f"{at}/solve").status_code == 303
    refused = office.send(f"{at}/discard")
    assert (refused.status_code, "DR-01" in refused.text) == (409, True)
    with any_app.app_context():
        jobs.work_off()
    done = office.send(f"{at}/discard", reason="日期选错")
    assert (done.status_code, done.headers["Location"]) == (303, "/duty/rosters/")
    assert factories.waiting(any_app, "office2") == []
    number = made.stored(draft).number
    assert number not in office.get("/duty/rosters/").text
    assert office.get(f"{at}/").status_code == 404
    assert office.send(f"{at}/publish").status_code == 404
    assert "Draft discarded" in office.get("/office/audit/").text
    again = office.send("/duty/rosters/new", starts_on=str(FIRST), ends_on=str(FIRST))
    assert again.status_code == 303  # the days are free
    published = a_roster(any_app, date(2026, 11, 1), date(2026, 11, 3))
    assert office.send(f"/duty/rosters/{published}/discard").status_code == 409


@pytest.mark.clause("DR-21")
def test_a_day_off_is_pinned_and_stays(any_app: Flask, as_: As) -> None:
    made = an_office(any_app, ("desk1", "lead.admin"))
    day = date(2026, 10, 12)
    draft, office = made.draft(day, day), as_("office1")
    who, at = factories.id_of(any_app, "desk1"), f"/duty/rosters/{draft}"
    off = _cell(day=str(day), shift="off", pinned="y")
    assert office.send(f"{at}/cell", **off).status_code == 303
    seen = made.seen(draft)
    assert seen.problem.pinned == {(who, day): None}
    page = office.get(f"{at}/").text
    assert "off · pinned" in page
    (gap,) = seen.findings.broken
    proposed = [next(iter(change)) for change in mends(seen.problem, seen.cells, gap)]
    assert proposed == [(factories.id_of(any_app, "lead.admin"), day)]
    assert office.send(f"{at}/cell", **_cell(day=str(day), letter="D")).status_code == 409
    assert office.send(f"{at}/solve", seconds="5").status_code == 303
    with any_app.app_context():
        jobs.work_off()
    assert (who, day) not in made.seen(draft).cells
    assert made.seen(draft).pinned((who, day))
    assert office.send(f"{at}/cell", **_cell(day=str(day), shift="front-desk/day")).status_code == 303
    assert made.seen(draft).problem.pinned == {}
