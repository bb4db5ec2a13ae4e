"""A training is planned, arranged, moved, signed for, held, thought about (GO-02)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from portal.blueprints.duty.posts.models import Qualification
from portal.kernel import reference
from portal.kernel.db import db
from tests import factories
from tests.conftest import As, At
from tests.duty.posts.making import a_post
from tests.phrases.training.making import a_session

PLAN: dict[str, Any] = {
    "year": "2026",
    "month": "3",
    "topic": "skills",
    "title": "电话礼仪",
    "departments": "tech",
}


@pytest.mark.clause("GO-02")
def test_the_office_plans_a_year_and_arranges_a_session_from_it(app: Flask, as_: As) -> None:
    office, staff = as_("office1"), as_("emp.tech")
    assert staff.send("/phrases/training/plan/new", **PLAN).status_code == 403
    assert office.send("/phrases/training/plan/new", **PLAN | {"month": "13"}).status_code == 422
    for _ in range(2):  # the same form twice makes one line
        assert office.send("/phrases/training/plan/new", **PLAN, idempotency_key="k").status_code == 303
    assert staff.get("/phrases/training/plan").text.count("电话礼仪") == 1
    assert "电话礼仪" in staff.get("/phrases/training/").text
    assert staff.send("/phrases/training/plan/1/drop", reason="x").status_code == 403
    form = office.get("/phrases/training/sessions/new?plan=1").text
    assert 'value="电话礼仪"' in form
    session: dict[str, Any] = {"topic": "skills", "title": "电话礼仪", "starts_at": "2026-03-04T14:00",
               "ends_at": "2026-03-04T16:00", "place": "大会议室", "trainer": "外聘讲师", "plan": "1"}  # fmt: skip
    new = "/phrases/training/sessions/new"
    assert office.send(new, **session).status_code == 422, "nobody is invited"
    assert office.send(new, **session, departments="tech", material="CP-99").status_code == 422
    past = office.send(new, **session | {"starts_at": "2026-03-02T08:00"}, departments="tech")
    assert (past.status_code, "GO-02" in past.text) == (409, True)
    assert office.send(new, **session, departments="tech", material="cp-04 greet-1").status_code == 303
    here = "/phrases/training/sessions/PX-20260302-0001"
    assert "/handbook/CP-04" in staff.get(here).text
    assert "You are invited to a training." in staff.get("/notifications/").text
    assert "Go to a training" in staff.get("/").text
    assert "PX-20260302-0001" in office.get("/phrases/training/plan").text
    assert office.send("/phrases/training/plan/1/drop", reason="并入四月").status_code == 303
    assert office.send("/phrases/training/plan/1/edit", **PLAN).status_code == 409
    assert factories.history_faults(app) == []


@pytest.mark.clause("GO-02")
def test_an_audience_is_who_fits_all_that_is_ticked(app: Flask, as_: As, at: At) -> None:
    at("Mon 2026-03-02 09:30")
    post = a_post(app)
    with app.app_context(), db.write():
        for username in ("desk1", "emp.tech"):
            db.session.add(Qualification(post_id=post, person_id=factories.viewer(username).id))
        reference.changed()
    number = a_session(app, posts=["front-desk"], roles=["desk"], departments=["admin"])
    page = as_("office1").get(f"/phrases/training/sessions/{number}").text
    assert (
        "周晓雯" in page.partition("attendance-title")[2],
        "李工" in page.partition("attendance-title")[2],
    ) == (
        True,
        False,
    )


@pytest.mark.clause("GO-02")
def test_moved_and_called_off_with_a_reason_everybody_hears(app: Flask, as_: As) -> None:
    here = f"/phrases/training/sessions/{a_session(app, 'emp.tech')}"
    office, staff = as_("office1"), as_("emp.tech")
    moved: dict[str, Any] = {
        "starts_at": "2026-03-05T09:00",
        "ends_at": "2026-03-05T10:00",
        "place": "小会议室",
    }
    assert staff.send(f"{here}/move", **moved, reason="x").status_code == 403
    assert office.send(f"{here}/move", **moved).status_code == 422
    assert "SEQUENCE:0" in staff.get(f"{here}/invite.ics").text
    assert as_("emp.admin").get(f"{here}/invite.ics").status_code == 404
    late = office.send(f"{here}/move", **moved | {"starts_at": "2026-03-01T09:00"}, reason="x")
    assert (late.status_code, "GO-02" in late.text) == (409, True)
    assert as_("lead.tech").send(f"{here}/move", **moved, reason="会场被占").status_code == 303
    entry = staff.get(f"{here}/invite.ics").text
    assert ("SEQUENCE:1" in entry, "20260305T090000" in entry) == (True, True)
    assert "会场被占" in staff.get(here).text
    assert office.send(f"{here}/cancel", reason="讲师生病").status_code == 303
    assert "STATUS:CANCELLED" in staff.get(f"{here}/invite.ics").text
    told = staff.get("/notifications/").text
    assert ("another time or place" in told, "called off" in told) == (True, True)
    assert "Go to a training" not in staff.get("/").text


@pytest.mark.clause("GO-02")
@pytest.mark.parametrize(
    ("when", "code", "presence"),
    [("Mon 2026-03-02 09:29", 409, ""), ("Mon 2026-03-02 09:31", 303, "Present"),
     ("Mon 2026-03-02 10:10", 303, "Present"), ("Mon 2026-03-02 10:11", 303, "Came late"),
     ("Mon 2026-03-02 12:01", 409, "")],
)  # fmt: skip
def test_the_list_is_signed_at_the_training(
    app: Flask, as_: As, at: At, when: str, code: int, presence: str
) -> None:
    here = f"/phrases/training/sessions/{a_session(app, 'emp.tech')}"
    at(when)
    signed = as_("emp.tech").send(f"{here}/sign-in")
    assert (signed.status_code, "GO-02" in signed.text or code == 303) == (code, True)
    assert as_("emp.admin").send(f"{here}/sign-in").status_code == 403
    if presence:
        assert f'">{presence}<' in as_("emp.tech").get(here).text
        assert as_("emp.tech").send(f"{here}/sign-in").status_code == 409


@pytest.mark.clause("GO-02")
def test_the_trainer_keeps_the_list_and_closes_it_when_all_is_said(app: Flask, as_: As, at: At) -> None:
    here = f"/phrases/training/sessions/{a_session(app, 'emp.tech', 'sup.tech', 'emp.admin', 'office1')}"
    trainer, office = as_("lead.tech"), as_("office1")
    early = trainer.send(f"{here}/mark", person="emp.tech", presence="present")
    assert (early.status_code, "GO-02" in early.text) == (409, True)
    at("Mon 2026-03-02 10:30")
    assert as_("emp.tech").send(f"{here}/mark", person="sup.tech", presence="present").status_code == 403
    assert trainer.send(f"{here}/mark", person="sup.tech", presence="absent").status_code == 422
    assert trainer.send(f"{here}/mark", person="desk1", presence="present").status_code == 409
    assert office.send(f"{here}/mark", person="office1", presence="present").status_code == 409
    assert (
        trainer.send(f"{here}/mark", person="sup.tech", presence="absent", reason="出差").status_code == 303
    )
    refused = trainer.send(f"{here}/held")
    assert (refused.status_code, "GO-02" in refused.text) == (409, True)
    none = as_("sup.tech").send(f"{here}/reflect", text="没去")
    assert (none.status_code, "GO-02" in none.text) == (409, True)
    for person, presence in (("emp.tech", "present"), ("emp.admin", "late"), ("office1", "present")):
        assert trainer.send(f"{here}/mark", person=person, presence=presence).status_code == 303
    assert trainer.send(f"{here}/held").status_code == 303
    assert "Write a reflection" in as_("emp.tech").get("/").text
    assert as_("emp.tech").send(f"{here}/reflect", text="先听完再答").status_code == 303
    assert "Write a reflection" not in as_("emp.tech").get("/").text
    assert trainer.get(f"{here}/sheet").status_code == 200
    # Results are the person's, the lead's, the office's and, for this session, the trainer's.
    assert "先听完再答" in trainer.get(here).text
    for username in ("emp.admin", "lead.admin", "desk1"):
        page = as_(username).get(here).text
        assert ("先听完再答" in page, "出差" in page) == (False, False), username
    assert as_("desk1").get(f"{here}/sheet").status_code == 404


@pytest.mark.clause("GO-02")
def test_records_are_the_persons_their_leads_and_the_offices(app: Flask, as_: As, at: At) -> None:
    here = f"/phrases/training/sessions/{a_session(app, 'emp.tech')}"
    at("Mon 2026-03-02 10:05")
    assert as_("emp.tech").send(f"{here}/sign-in").status_code == 303
    person = factories.id_of(app, "emp.tech")
    for username, code in (("emp.tech", 200), ("lead.tech", 200), ("office1", 200), ("lead.impl", 404), ("sup.tech", 404),
                           ("gm", 404), ("desk1", 404)):  # fmt: skip
        page = as_(username).get(f"/phrases/training/records/{person}")
        assert page.status_code == code, username
        assert ("李工" in as_(username).get("/phrases/training/records/").text) is (code == 200), username
    assert as_("emp.tech").get("/phrases/training/records/export").status_code == 403
    book = load_workbook(io.BytesIO(as_("lead.tech").get("/phrases/training/records/export").data))
    assert len(book.sheetnames) == 4
    names = {row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert "李工" in names
    assert "罗建国" not in names
