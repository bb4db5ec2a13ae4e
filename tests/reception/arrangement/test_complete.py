"""When a meeting arrangement form counts as filled in (RC-04)."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.blueprints.reception.codes import Late
from tests import factories
from tests.conftest import As, At, client_of
from tests.reception.visits import a_visit, do, load

NOT_COMPLETE = "arrangement form not complete"
FORM: dict[str, Any] = {
    "host": "emp.tech", "purpose": "年度会谈", "company": "重点客户", "party_size": "4", "place": "large",
    "starts_at": "2026-03-04T14:00", "ends_at": "2026-03-04T15:00",
}  # fmt: skip


@pytest.mark.clause("RC-04")
def test_a_form_without_a_topic_is_not_complete_wherever_it_is_shown(any_app: Flask, as_: As, at: At) -> None:
    app = any_app
    at("Mon 2026-03-02 09:00")
    desk, host = as_("desk1"), as_("emp.tech")
    number = a_visit(desk, "A", **FORM)
    visit = load(app, number)
    assert (visit.arranged_at, visit.late) == (None, Late.NO)
    assert (number, "arrange") in factories.waiting(app, "emp.tech")
    page = host.get(f"/reception/visits/{number}").text
    assert NOT_COMPLETE in page
    assert "the topic is missing" in page
    at("Tue 2026-03-03 09:00")
    host = client_of(app, "emp.tech")
    do(host, number, "arrange", topic="年度合作")
    visit = load(app, number)
    assert visit.arranged_at is not None
    assert visit.late is Late.NO, "it came a working day ahead"
    assert (number, "arrange") not in factories.waiting(app, "emp.tech")
    assert NOT_COMPLETE not in host.get(f"/reception/visits/{number}").text


@pytest.mark.clause("RC-04")
def test_a_form_that_is_completed_too_late_says_why_and_waits_for_the_office(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    number = a_visit(as_("desk1"), "A", **FORM)
    at("Wed 2026-03-04 09:00")
    desk, host = client_of(app, "desk1"), client_of(app, "emp.tech")
    assert NOT_COMPLETE in desk.get("/reception/").text
    assert "RC-04" in do(host, number, "arrange", 409, topic="年度合作").text
    do(host, number, "arrange", topic="年度合作", late_reason="客户临时确认议题")
    assert load(app, number).late is Late.ASKED
    assert (number, "approve-late") in factories.waiting(app, "office1")
    assert NOT_COMPLETE not in desk.get("/reception/").text


@pytest.mark.clause("RC-04")
def test_who_arrives_before_the_form_is_complete_is_received_and_it_follows(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 09:00")
    number = a_visit(as_("desk1"), "A", **FORM)
    at("Wed 2026-03-04 13:55")
    desk = client_of(app, "desk1")
    do(desk, number, "arrive")
    assert load(app, number).late is Late.AFTERWARDS
    assert NOT_COMPLETE in desk.get("/reception/").text
    with_topic = a_visit(
        desk, "A", **(FORM | {"starts_at": "2026-03-06T14:00", "ends_at": "", "topic": "验收"})
    )
    assert load(app, with_topic).arranged_at is not None


@pytest.mark.clause("RC-04")
def test_a_late_form_is_approved_only_once_it_has_its_topic(any_app: Flask, as_: As, at: At) -> None:
    app = any_app
    at("Wed 2026-03-04 09:00")
    desk, office = as_("desk1"), as_("office1")
    number = a_visit(desk, "A", **FORM, late_reason="客户临时到访")
    assert load(app, number).late is Late.ASKED
    assert (number, "approve-late") not in factories.waiting(app, "office1"), (
        "nothing is there to approve yet"
    )
    assert f"{number}/approve-late" not in office.get(f"/reception/visits/{number}").text
    refused = do(office, number, "approve-late", 409).text
    assert "RC-04" in refused
    assert "no topic yet" in refused
    do(as_("emp.tech"), number, "arrange", topic="年度合作")
    assert (number, "approve-late") in factories.waiting(app, "office1")
    do(office, number, "approve-late")
    assert load(app, number).late is Late.APPROVED
