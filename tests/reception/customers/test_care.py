"""Care: only with consent, by the calendar and by hand, for the owner of the card (CU-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from portal.blueprints.reception.customers import actions, care, queries, rules
from portal.blueprints.reception.customers.codes import Consent, Festival
from portal.blueprints.reception.customers.models import CareNote
from portal.kernel import clock, holidays
from portal.kernel.customers import Customer
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.reception.customers.test_customers import FORM, URL, a_card, told

CARE = (Consent.CARE,)


def notes(app: Flask) -> list[tuple[str, str, date | None]]:
    """Kind, occasion and day of every note, in the order they were made."""
    with app.app_context():
        rows = db.session.scalars(sa.select(CareNote).order_by(CareNote.id))
        return [(str(note.kind), note.occasion, note.due_on) for note in rows]


# -- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-02")
@pytest.mark.parametrize(
    ("today", "found"),
    [
        ("2026-02-07", []),
        ("2026-02-08", [("spring", "2026-02-15")]),
        ("2026-02-16", []),
        ("2026-06-12", [("dragon_boat", "2026-06-19")]),
        ("2026-09-25", [("mid_autumn", "2026-09-25")]),
        ("2026-12-26", [("new_year", "2027-01-01")]),  # a year without a table yet
        ("2024-12-30", [("new_year", "2025-01-01")]),
        ("2022-12-28", [("new_year", "2023-01-01")]),  # the days off begin in the old year
    ],
)
def test_festivals_ahead(today: str, found: list[tuple[str, str]]) -> None:
    table = holidays.statutory(range(2020, 2027)).holidays
    ahead = rules.festivals(date.fromisoformat(today), 7, table)
    assert ahead == [(Festival(name), date.fromisoformat(day)) for name, day in found]


@given(st.dates(date(2004, 1, 1), date(2026, 12, 1)))
@example(date(2007, 12, 24))
def test_every_festival_comes_once_a_year(start: date) -> None:
    table = holidays.statutory(holidays.known_years()).holidays
    year = rules.festivals(start, 6, table)
    later = rules.festivals(start + timedelta(days=7), 6, table)
    assert not {festival for festival, _day in year} & {festival for festival, _day in later}


@given(st.dates(date(2000, 1, 1), date(2190, 1, 1)), st.integers(0, 60))
def test_birthdays_ahead(today: date, ahead: int) -> None:
    days = rules.birthdays(today, ahead)
    assert all(timedelta() <= day - today <= timedelta(days=ahead) for day in days.values())
    assert len(set(days.values())) == ahead + 1
    assert {place for place, day in days.items() if place != (day.month, day.day)} <= {(2, 29)}


def test_born_on_the_29th_of_february() -> None:
    assert rules.birthdays(date(2027, 2, 27), 3)[2, 29] == date(2027, 2, 28)
    assert rules.birthdays(date(2028, 2, 27), 3)[2, 29] == date(2028, 2, 29)


# -- by the calendar --------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-02")
def test_a_birthday_is_put_before_the_owner_once_a_year(any_app: Flask, as_: As, at: At) -> None:
    card = a_card(any_app, owner="emp.tech", consents=CARE, relation="regular", birthday=date(1980, 3, 12))
    a_card(any_app, name="王敏", owner="emp.tech", birthday=date(1980, 3, 12))  # has not agreed
    at("Wed 2026-03-04 09:00")
    assert factories.sweep(any_app) == []
    at("Thu 2026-03-05 09:00")
    lines = factories.sweep(any_app)
    assert [line.split("\t")[:2] for line in lines] == [[card.number, "care"]]
    assert "2026-03-12 (CU-02)" in lines[0]
    assert factories.sweep(any_app) == [], "a second pass right after does nothing"
    assert notes(any_app) == [("birthday", "2026", date(2026, 3, 12))]
    assert factories.waiting(any_app, "emp.tech") == [(card.number, "care-birthday")]
    assert as_("emp.tech").get("/").text.count("Birthday greetings") == 1
    assert as_("emp.tech").get(f"{URL}{card.id}?do=care-birthday").status_code == 200
    assert as_("emp.tech").send(f"{URL}{card.id}/care/1/done").status_code == 303
    assert factories.waiting(any_app, "emp.tech") == []
    again = as_("emp.tech").send(f"{URL}{card.id}/care/1/done")
    assert (again.status_code, "CU-02" in again.text) == (409, True)
    at("Fri 2027-03-12 09:00")
    assert len(factories.sweep(any_app)) == 1
    assert told(any_app, card)[:3] == ["customer:remind", "customer:done", "customer:remind"]
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("CU-02")
def test_festivals_and_regular_contact(any_app: Flask, at: At) -> None:
    key = a_card(any_app, owner="emp.tech", consents=CARE, relation="key")
    a_card(any_app, name="王敏", owner="emp.impl", consents=CARE, relation="regular")
    at("Sun 2026-03-08 10:00")
    assert factories.sweep(any_app) == []
    at("Mon 2026-03-09 10:00")
    factories.sweep(any_app)
    assert notes(any_app) == [("contact", "2026-03-09", date(2026, 3, 9))]
    at("Fri 2026-06-12 10:00")
    factories.sweep(any_app)
    assert notes(any_app)[1:] == [("festival", "2026:dragon_boat", date(2026, 6, 19))] * 2, (
        "contact is still open"
    )
    with any_app.app_context(), db.write():
        viewer = factories.viewer("emp.tech")
        actions.done(queries.find_there(viewer, key.id), 1, by=viewer, now=clock.now(), result="一切都好")
    at("Thu 2026-06-18 10:00")
    assert factories.sweep(any_app) == []
    at("Fri 2026-06-19 10:00")
    assert len(factories.sweep(any_app)) == 1
    assert {kind for _number, kind in factories.waiting(any_app, "emp.tech")} == {
        "care-contact",
        "care-festival",
    }


@pytest.mark.clause("CU-02")
def test_of_two_sweeps_one_makes_the_note(any_app: Flask) -> None:
    card = a_card(any_app, owner="emp.tech", consents=CARE, birthday=date(1980, 3, 2))
    with any_app.app_context():
        now = clock.now()
        (wanted,) = care.due(now)
        seen = []
        for _worker in range(2):
            with db.write():
                seen.append(care._make(wanted, now))
    assert seen == [True, False]
    assert factories.waiting(any_app, "emp.tech") == [(card.number, "care-birthday")]


@pytest.mark.clause("CU-02")
def test_withdrawing_the_consent_removes_what_is_open(any_app: Flask, as_: As) -> None:
    card = a_card(any_app, owner="emp.tech", birthday=date(1980, 3, 2))
    owner = as_("emp.tech")
    refused = owner.send(f"{URL}{card.id}/care", kind="wanted", note="扫码枪")
    assert (refused.status_code, "CU-02" in refused.text) == (409, True)
    assert factories.sweep(any_app) == []
    assert owner.send(f"{URL}{card.id}/consent", what="care", agreed="yes").status_code == 303
    assert len(factories.sweep(any_app)) == 1
    assert owner.send(f"{URL}{card.id}/care", kind="wanted", note="扫码枪").status_code == 303
    assert owner.send(f"{URL}{card.id}/consent", what="care", agreed="no").status_code == 303
    assert (notes(any_app), factories.waiting(any_app, "emp.tech")) == ([], [])
    assert factories.sweep(any_app) == []
    assert told(any_app, card)[0] == "customer:withdraw"
    wrong: tuple[dict[str, Any], ...] = ({"what": "x", "agreed": "yes"}, {"what": "care"})
    for fields in wrong:
        assert owner.send(f"{URL}{card.id}/consent", **fields).status_code == 422


# -- by hand ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-02")
def test_a_wanted_item_is_told_when_it_arrives(any_app: Flask, as_: As) -> None:
    card = a_card(any_app, owner="emp.tech", consents=CARE)
    desk, here = as_("desk1"), f"{URL}{card.id}"
    for _twice in range(2):
        fields: dict[str, Any] = {"kind": "wanted", "note": "双频扫码枪", "idempotency_key": "once"}
        assert desk.send(f"{here}/care", **fields).status_code == 303
    assert notes(any_app) == [("wanted", "once", None)]
    assert factories.waiting(any_app, "emp.tech") == []
    assert "双频扫码枪" in desk.get(here).text
    assert desk.send(f"{here}/care/1/arrived").status_code == 303
    assert factories.waiting(any_app, "emp.tech") == [(card.number, "care-wanted")]
    assert desk.send(f"{here}/care/1/arrived").status_code == 409
    answer = as_("emp.tech").send(f"{here}/care/1/done", htmx=True, result="明天来取")
    assert (answer.status_code, "明天来取" in answer.text, "<!doctype" in answer.text.lower()) == (
        200,
        True,
        False,
    )
    assert factories.waiting(any_app, "emp.tech") == []


@pytest.mark.clause("CU-02")
def test_sympathy_is_noted_for_a_day(app: Flask, as_: As) -> None:
    card = a_card(app, owner="emp.tech", consents=CARE)
    here = f"{URL}{card.id}"
    assert (
        as_("emp.tech").send(f"{here}/care", kind="sympathy", note="住院", due_on="2026-03-06").status_code
        == 303
    )
    due = factories.due(app, "emp.tech", card.number, "care-sympathy")
    assert due is not None
    assert clock_day(app, due) == "2026-03-07 00:00"
    wrong: tuple[dict[str, Any], ...] = (
        {"kind": "birthday", "note": "x"},
        {"kind": "sympathy", "note": ""},
        {"kind": "", "note": "鲜花"},
    )
    for fields in wrong:
        answer = as_("emp.tech").send(f"{here}/care", **fields)
        assert (answer.status_code, fields["note"] in answer.text) == (422, True)
    assert as_("emp.tech").send(f"{here}/care/1/done", result="x" * 401).status_code == 422


def clock_day(app: Flask, at: object) -> str:
    with app.app_context():
        return f"{clock.local(at):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]  # a moment


@pytest.mark.clause("CU-04")
def test_what_waits_follows_the_owner(app: Flask, as_: As) -> None:
    card = a_card(app, owner="emp.tech", consents=CARE)
    as_("desk1").send(f"{URL}{card.id}/care", kind="sympathy", note="住院")
    as_("desk1").send(f"{URL}{card.id}/edit", **FORM | {"owner": "emp.impl"})
    assert factories.waiting(app, "emp.tech") == []
    assert factories.waiting(app, "emp.impl") == [(card.number, "care-sympathy")]
    as_("desk1").send(f"{URL}{card.id}/edit", **FORM)
    assert factories.waiting(app, "desk2") == [(card.number, "care-sympathy")], (
        "the desk stands in for nobody"
    )
    factories.change_person(app, "emp.impl", status="disabled")
    as_("desk1").send(f"{URL}{card.id}/care", kind="contact", note="问近况")
    with app.app_context(), db.write():
        found = db.session.get_one(Customer, card.id)
        found.owner_id = factories.id_of(app, "emp.impl")
        db.session.flush()
        for note in queries.open_notes(found):
            care.put_up(note, found, clock.now())
    assert {kind for _number, kind in factories.waiting(app, "office1")} == {"care-sympathy", "care-contact"}
