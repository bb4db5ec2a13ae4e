"""From draft to closed: gaps are confirmed by a second person, people are told, no day has two rosters."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.duty.rosters.codes import State
from portal.blueprints.duty.rosters.models import Roster, Shift
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At, client_of
from tests.duty.posts.making import a_roster
from tests.duty.rosters.office import Office, an_office

DAY, HOLIDAY = date(2026, 10, 12), date(2026, 10, 1)
REASON: dict[str, Any] = {"reason": "人手不足，由保安代班"}


def _full(app: Flask, day: date = DAY) -> tuple[Office, int]:
    """A roster of one day that nothing stands against."""
    made = an_office(app)
    draft = made.draft(day, day)
    made.set(draft, "lead.admin", day)
    return made, draft


@pytest.mark.clause("DR-01")
def test_a_whole_roster_is_published_and_people_are_told(any_app: Flask, as_: As, at: At) -> None:
    made, draft = _full(any_app)
    office = as_("office1")
    assert office.send(f"/duty/rosters/{draft}/publish").status_code == 303
    assert made.stored(draft).state is State.PUBLISHED
    assert factories.told(any_app, "roster:published") == ["lead.admin"]
    assert as_("emp.tech").get(f"/duty/rosters/{draft}/").status_code == 200
    assert office.send(f"/duty/rosters/{draft}/publish").status_code == 409
    at("Mon 2026-10-12 10:00")
    assert "江静宜" in client_of(any_app, "emp.tech").get("/duty/").text
    office = client_of(any_app, "office1")
    assert office.send(f"/duty/rosters/{draft}/close").status_code == 409
    at("Tue 2026-10-13 08:00")
    office = client_of(any_app, "office1")
    assert office.send(f"/duty/rosters/{draft}/close").status_code == 303
    assert made.stored(draft).state is State.CLOSED


@pytest.mark.clause("DR-01")
def test_only_the_office_closes_a_roster(app: Flask, as_: As, at: At) -> None:
    over = a_roster(app, DAY, DAY)
    at("Tue 2026-10-13 08:00")
    for username in ("desk1", "lead.admin", "gm"):
        assert client_of(app, username).send(f"/duty/rosters/{over}/close").status_code == 403


@pytest.mark.parametrize(
    ("clause", "day", "person"),
    [
        pytest.param("DR-01", DAY, "", marks=pytest.mark.clause("DR-01")),
        pytest.param("DR-06", HOLIDAY, "desk1", marks=pytest.mark.clause("DR-06")),
    ],
)
def test_a_gap_is_published_only_when_a_second_person_confirms_the_reason(
    any_app: Flask, as_: As, clause: str, day: date, person: str
) -> None:
    made = an_office(any_app)
    draft = made.draft(day, day)
    if person:
        made.set(draft, person, day)
    one, other, at = as_("office1"), as_("office2"), f"/duty/rosters/{draft}"
    refused = one.send(f"{at}/publish")
    assert (refused.status_code, clause in refused.text) == (409, True)
    assert other.send(f"{at}/confirm").status_code == 409  # nobody gave a reason yet
    assert one.send(f"{at}/explain", reason=" ").status_code == 422
    assert one.send(f"{at}/explain", **REASON).status_code == 303
    assert factories.waiting(any_app, "office2") == [(made.stored(draft).number, "confirm-roster")]
    assert factories.waiting(any_app, "office1") == []
    own = one.send(f"{at}/confirm")
    assert (own.status_code, clause in own.text) == (409, True)
    assert one.send(f"{at}/publish").status_code == 409
    assert other.send(f"{at}/confirm").status_code == 303
    assert factories.waiting(any_app, "office2") == []
    assert one.send(f"{at}/publish").status_code == 303
    assert made.stored(draft).state is State.PUBLISHED


@pytest.mark.clause("DR-06")
def test_a_change_after_the_confirmation_asks_for_a_new_one(app: Flask, as_: As) -> None:
    made = an_office(app)
    draft = made.draft(HOLIDAY, date(2026, 10, 2))
    for day in (HOLIDAY, date(2026, 10, 2)):
        made.set(draft, "lead.admin", day)
    one, other, at = as_("office1"), as_("office2"), f"/duty/rosters/{draft}"
    assert one.send(f"{at}/explain", **REASON).status_code == 409  # nothing is missing
    assert one.send(f"{at}/cell", person="lead.admin", day="2026-10-01", shift="off").status_code == 303
    assert one.send(f"{at}/explain", **REASON).status_code == 303
    assert one.send(f"{at}/cell", person="lead.admin", day="2026-10-02", shift="off").status_code == 303
    assert other.send(f"{at}/confirm").status_code == 409
    assert one.send(f"{at}/explain", **REASON).status_code == 303
    assert other.send(f"{at}/confirm").status_code == 303
    assert one.send(f"{at}/cell", person="desk1", day="2026-10-02", shift="front-desk/day").status_code == 303
    refused = one.send(f"{at}/publish")
    assert refused.status_code == 409
    assert "DR-01" in refused.text
    assert "DR-06" in refused.text


@pytest.mark.clause("DR-21")
def test_what_nobody_can_confirm_is_mended_first(app: Flask, as_: As) -> None:
    made = an_office(app)
    draft = made.draft(DAY, date(2026, 10, 13))
    made.set(draft, "desk1", DAY, "night")
    made.set(draft, "desk1", date(2026, 10, 13))
    made.set(draft, "desk2", DAY)
    office, at = as_("office1"), f"/duty/rosters/{draft}"
    refused = office.send(f"{at}/publish")
    assert (refused.status_code, "DR-21" in refused.text) == (409, True)
    assert office.send(f"{at}/cell", person="desk1", day="2026-10-12", shift="off").status_code == 303
    assert office.send(f"{at}/publish").status_code == 303


@pytest.mark.clause("DR-01")
def test_a_published_roster_is_not_changed_by_hand(app: Flask, as_: As) -> None:
    _made, draft = _full(app)
    office, at = as_("office1"), f"/duty/rosters/{draft}"
    assert office.send(f"{at}/publish").status_code == 303
    assert office.send(f"{at}/cell", person="desk1", day=str(DAY), shift="off").status_code == 409
    assert office.send(f"{at}/solve").status_code == 409


@pytest.mark.clause("DR-01")
def test_no_day_belongs_to_two_published_rosters(any_app: Flask, as_: As) -> None:
    made, draft = _full(any_app)
    other = a_roster(any_app, DAY, date(2026, 10, 20), State.DRAFT)
    assert as_("office1").send(f"/duty/rosters/{draft}/publish").status_code == 303
    with any_app.app_context(), pytest.raises(IntegrityError):
        _store(sa.update(Roster).where(Roster.id == other).values(state=State.PUBLISHED))
    assert made.stored(other).state is State.DRAFT
    again = made.draft(DAY, date(2026, 10, 13))
    for day in (DAY, date(2026, 10, 13)):
        made.set(again, "desk1", day)
    refused = as_("office1").send(f"/duty/rosters/{again}/publish")
    assert refused.status_code == 409
    assert "Another published roster" in refused.text


@pytest.mark.clause("DR-21")
def test_the_database_refuses_two_shifts_of_one_person_on_a_day(any_app: Flask) -> None:
    made, draft = _full(any_app)
    (seat,) = made.seats(draft)
    second = {"roster_id": draft, "post_id": made.post, "kind_id": made.night, "day": DAY, "pinned": False}
    second |= {
        "starts_at": seat.starts_at,
        "ends_at": seat.ends_at,
        "person_id": seat.person_id,
        "version": 1,
    }
    with any_app.app_context(), pytest.raises(IntegrityError):
        _store(sa.insert(Shift).values(**second))


def test_a_calendar_reads_the_own_shifts_under_a_secret(any_app: Flask, as_: As) -> None:
    _made, draft = _full(any_app)
    lead, nobody = as_("lead.admin"), any_app.test_client()
    found = re.search(
        r"http://localhost(/duty/rosters/feed/[\w-]+\.ics)", lead.send("/duty/rosters/feed").text
    )
    assert found
    assert "BEGIN:VEVENT" not in nobody.get(found[1]).text  # a draft counts for nobody
    assert as_("office1").send(f"/duty/rosters/{draft}/publish").status_code == 303
    told = nobody.get(found[1])
    assert told.mimetype == "text/calendar"
    assert "DTSTART:20261012T003000Z\r\nDTEND:20261012T093000Z" in told.text
    lead.send("/duty/rosters/feed")
    assert nobody.get(found[1]).status_code == 404


def _store(statement: Any) -> None:
    with db.write():
        db.session.execute(statement)
