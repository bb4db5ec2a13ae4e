"""The category matrix is data: read by everybody, changed by the office, in force at once (RC-01, GO-05)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.blueprints.reception.categories import labels, rules
from portal.blueprints.reception.categories.forms import form_of, known
from portal.kernel import clock, figures, policies
from portal.kernel.figures import FIGURES, MATRIX_ROWS
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import statements
from tests.reception.test_onsite import tasks
from tests.reception.visits import a_visit, do, load

WHY: dict[str, Any] = {"reason": "总经办决定"}


@pytest.mark.clause("RC-01")
@pytest.mark.parametrize("key", [f"visit.{c}.{row}" for c in "ABCD" for row in MATRIX_ROWS])
def test_every_cell_has_words_a_form_and_a_default_that_stands(app: Flask, key: str) -> None:
    figure = FIGURES[key]
    row = key.rpartition(".")[2]
    assert rules.objection(key, figure.default) is None
    with app.test_request_context():
        form = form_of(figure).blank(figure=figure, now=clock.now(), **known(figure, figure.default))
        assert form.written() == figure.default, "what the form shows is what is in force"
        assert len(labels.words(row, figure.default)) == len(figure.default.split()) or row == "lead_days"
        for code in figure.codes:
            assert labels.word(row, code)
        assert str(labels.FIGURES[key])


@pytest.mark.clause("RC-01")
@pytest.mark.parametrize(
    ("key", "written", "code"),
    [
        ("visit.A.places", "", "cell_needs_place"),
        ("visit.A.hosts", "", "cell_needs_host"),
        ("visit.A.greeter", "", "cell_one_greeter"),
        ("visit.A.greeter", "desk clerk", "cell_one_greeter"),
        ("visit.D.refreshments", "", "cell_needs_refreshment"),
        ("visit.B.order", "tell serve", "cell_needs_seat"),
        ("visit.A.duties", "place:desk place:clerk", "cell_one_side"),
        ("visit.A.room_check", "", "cell_needs_check"),
        ("visit.A.room_check", "host", "cell_needs_check"),
        ("visit.A.ready_check", "host", "cell_check_sides"),
        ("visit.C.fields", "phone", "cell_needs_name"),
        ("visit.A.lead_days", "1.5", "cell_days"),
        ("visit.A.lead_days", "31", "cell_days"),
        ("visit.A.ready_check", "", None),
        ("visit.A.lead_days", "0", None),
        ("visit.minutes", "", None),
        ("limit.solution", "", None),
    ],
)
def test_what_a_cell_must_hold(key: str, written: str, code: str | None) -> None:
    reason = rules.objection(key, written)
    assert (reason.code if reason else None) == code


def test_places_in_an_order() -> None:
    assert rules.ranked({"a": "2", "b": "", "c": "1"}) == ["c", "a"]
    assert rules.ranked({"a": "1", "b": "1"}) is None
    assert rules.ranked({}) == []


@pytest.mark.clause("RC-01")
@pytest.mark.parametrize("who", ["emp.tech", "desk1", "lead.tech", "gm"])
def test_everybody_reads_it_and_only_the_office_changes_it(as_: As, who: str) -> None:
    page = text_of(as_(who).get("/reception/matrix"))
    for words in (
        "Large meeting room",
        "Head of department",
        "RC-13",
        "as shipped",
        "Lead to the place → Serve drinks",
    ):
        assert words in page, words
    cell = as_(who).get("/reception/matrix/A/places")
    assert cell.status_code == 200
    assert "Put in force" not in cell.text
    assert as_(who).send("/reception/matrix/A/places/change", large="1", **WHY).status_code == 403
    assert len(statements(as_(who), "/reception/matrix")) <= 8


@pytest.mark.clause("RC-01")
@pytest.mark.clause("GO-05")
def test_a_change_counts_for_new_visits_at_once_and_its_versions_are_kept(any_app: Flask, as_: As) -> None:
    office, desk = as_("office1"), as_("desk1")
    address = "/reception/matrix/D/places"
    answer = office.send(f"{address}/change", small="1", lounge="2", **WHY)
    assert answer.status_code == 303
    with any_app.app_context():
        assert policies.value("visit.D.places", clock.now()) == "small lounge"
    page = text_of(office.get(address))
    for words in ("Small meeting room, Lounge", "总经办决定", "方雅琴", "as shipped"):
        assert words in page, words
    assert "since 2026-03-02" in text_of(desk.get("/reception/matrix"))
    refused = desk.send("/reception/visits/new", category="D", visitor_name="王", place="large")
    assert refused.status_code == 422
    a_visit(desk, "D", place="small")


@pytest.mark.clause("RC-01")
def test_tasks_of_open_visits_follow_with_the_next_act(app: Flask, as_: As) -> None:
    office, desk = as_("office1"), as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    before = tasks(app, load(app, number))
    assert "task:supplies" not in before
    duties: dict[str, Any] = {"refreshment": "clerk", "supplies": "clerk"}
    assert office.send("/reception/matrix/B/duties/change", **duties, **WHY).status_code == 303
    assert tasks(app, load(app, number)) == before, "not before somebody acts"
    do(desk, number, "greet")
    assert sorted(tasks(app, load(app, number))) == ["task:refreshment", "task:supplies"]
    waits = [verb for found, verb in factories.waiting(app, "lead.admin") if found == number]
    assert {"task:refreshment", "task:supplies"} <= set(waits), "the side has changed too"


@pytest.mark.clause("RC-01")
@pytest.mark.parametrize(
    ("cell", "fields", "clause"),
    [
        ("A/places", {}, "RC-02"),
        ("A/room_check", {}, "RC-13"),
        ("A/room_check", {"host": "1"}, "RC-13"),
        ("C/fields", {"phone": "1"}, "RC-10"),
        ("B/order", {"tell": "1"}, "RC-08"),
        ("B/refreshments", {"tea": "1", "water": "1"}, "same place"),
        ("A/places", {"large": "9"}, "choose one from the list"),
        ("A/greeter", {}, "filled in"),
        ("A/lead_days", {"days": "99"}, "From 0 to 30"),
    ],
)
def test_what_would_break_visits_is_refused_beside_the_field(
    app: Flask, as_: As, cell: str, fields: dict[str, Any], clause: str
) -> None:
    category, row = cell.split("/")
    answer = as_("office1").send(f"/reception/matrix/{cell}/change", **fields, **WHY)
    assert answer.status_code == 422
    assert clause in text_of(answer)
    assert "总经办决定" in answer.text, "what was typed stays"
    with app.app_context():
        key = f"visit.{category}.{row}"
        assert policies.value(key, clock.now()) == figures.FIGURES[key].default


@pytest.mark.clause("GO-05")
def test_a_change_has_a_reason_and_never_reaches_into_the_past(app: Flask, as_: As, at: At) -> None:
    office = as_("office1")
    change = "/reception/matrix/A/lead_days/change"
    assert office.send(change, days="2").status_code == 422
    assert office.send(change, days="2", in_force_from="2026-03-01T09:00", **WHY).status_code == 422
    assert office.send(change, days="2", in_force_from="2026-03-09T09:00", **WHY).status_code == 303
    assert "a change is to come" in text_of(office.get("/reception/matrix"))
    assert "1 working days ahead" in text_of(office.get("/reception/matrix"))
    at("Mon 2026-03-09 09:00")
    assert "2 working days ahead" in text_of(client_of(app, "office1").get("/reception/matrix"))


@pytest.mark.clause("RC-01")
def test_the_limits_page_knows_the_names_and_keeps_the_same_rule(app: Flask, as_: As) -> None:
    office = as_("office1")
    page = text_of(office.get("/office/limits/"))
    assert "A · special · Received in" in page
    assert "Days the names of visitors are kept" in page
    answer = office.send("/office/limits/visit.A.places/change", value="", **WHY)
    assert answer.status_code == 422
    assert "RC-02" in answer.text
    with app.app_context():
        now = clock.now()
        with pytest.raises(Refused):
            policies.set_value("visit.A.places", "", from_=now, reason="x", by=1, now=now)


@pytest.mark.parametrize("address", ["E/places", "A/nothing", "A/minutes"])
def test_there_is_no_other_cell(as_: As, address: str) -> None:
    assert as_("office1").get(f"/reception/matrix/{address}").status_code == 404
    assert as_("office1").send(f"/reception/matrix/{address}/change", **WHY).status_code == 404
