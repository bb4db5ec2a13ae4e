"""A workbook changes what is there by its keys: shown before it is done, all or nothing, by whoever may on the pages."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies.models import Movement, Supply
from portal.importing import KINDS
from portal.kernel import clock, documents, sessions
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.history import Line
from portal.kernel.people import Person, Status
from tests import factories
from tests.client import text_of
from tests.conftest import As
from tests.sheets.making import confirmed, filled, rows, tried

PEOPLE = "/office/people/import"
RIGHTS = {
    PEOPLE: {"office1"},
    "/office/departments/import": {"office1"},
    "/office/positions/import": {"office1"},
    "/phrases/import": {"office1"},
    "/duty/equipment/import": {"office1"},
    "/duty/contacts/import": {"office1", "desk1"},
    "/reception/customers/import": {"office1", "desk1"},
    "/reception/appointments/import": {"office1", "desk1"},
    "/reception/register/import": {"office1"},
    "/reception/supplies/import": {"office1", "lead.admin"},
}


def person(app: Flask, username: str) -> Person:
    """Somebody as stored; detached."""
    with app.app_context():
        return db.session.scalars(sa.select(Person).where(Person.username == username)).one()


def test_who_may_on_the_pages_may_by_a_file(app: Flask, as_: As) -> None:
    for username in ("office1", "desk1", "lead.admin", "lead.tech", "emp.tech"):
        browser = as_(username)
        page = browser.get("/office/sheets/")
        for address, who in RIGHTS.items():
            wanted = 200 if username in who else 403
            assert browser.get(address).status_code == wanted, (username, address)
            assert browser.get(f"{address}/template.xlsx").status_code == wanted, (username, address)
            if wanted == 403:
                assert browser.send(address).status_code == 403
                assert browser.send(f"{address}/confirm", file="x").status_code == 403
            assert (f'href="{address}"' in page.text) is (username == "office1"), (username, address)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_offers_its_lists(app: Flask, kind: str) -> None:
    with app.test_request_context():
        columns = {column.name: column for column in KINDS[kind].columns()}
    assert all(column.caption for column in columns.values())
    closed = {"department", "role", "kind", "system", "category", "position", "moment"} - (
        {"kind"} if kind == "shifts" else set()
    )
    assert all(columns[name].choices for name in closed & columns.keys())


def test_a_line_changes_only_the_columns_of_its_sheet(app: Flask, as_: As) -> None:
    office, before = as_("office1"), person(app, "emp.tech")
    as_("emp.tech").get("/")
    lines = (
        {"username": "EMP.TECH", "phone": "０１３９", "rank": "主管", "email": None},
        {"username": "new.one", "phone": "2", "rank": None, "email": None},
    )
    wrong = tried(office, PEOPLE, *lines)
    assert wrong.status_code == 422
    assert "Nothing was recorded" in text_of(wrong)
    answer = tried(office, PEOPLE, lines[0])
    told = text_of(answer)
    assert "emp.tech Phone" in told
    assert person(app, "emp.tech").phone == before.phone
    assert confirmed(office, PEOPLE, answer).status_code == 303
    after = person(app, "emp.tech")
    assert (after.phone, after.rank, after.name, after.role) == (
        "０１３９",
        "supervisor",
        before.name,
        before.role,
    )
    assert as_("office1").get("/office/audit/?kind=sheet").text.count("Imported") >= 1
    assert "nothing changes" in text_of(tried(office, PEOPLE, lines[0]))
    assert factories.history_faults(app) == []


def test_somebody_new_has_no_password(app: Flask, as_: As) -> None:
    line = {"username": "New.One", "name": "新来", "role": "desk", "department": "admin"}
    office = as_("office1")
    assert confirmed(office, PEOPLE, tried(office, PEOPLE, line)).status_code == 303
    made = person(app, "new.one")
    assert (made.password, made.status, made.rank) == ("", Status.ACTIVE, "staff")
    assert not sessions.verify_password(made.password, "")


def test_what_a_colleague_changed_meanwhile_is_shown_again(app: Flask, as_: As) -> None:
    office = as_("office1")
    answer = tried(office, PEOPLE, {"username": "emp.tech", "phone": "1"})
    factories.change_person(app, "emp.tech", phone="2")
    again = confirmed(office, PEOPLE, answer)
    assert again.status_code == 409
    assert person(app, "emp.tech").phone == "2"
    assert "Phone 2 1" in text_of(again)
    assert confirmed(office, PEOPLE, again).status_code == 303
    assert person(app, "emp.tech").phone == "1"


@pytest.mark.clause("GO-05")
def test_a_rule_against_one_line_stops_the_file(any_app: Flask, as_: As) -> None:
    app, office = any_app, as_("office1")
    lines = [{"username": "emp.tech", "status": "disabled"}]
    lines += [{"username": name, "status": "disabled"} for name in ("office1", "office2")]
    answer = confirmed(office, PEOPLE, tried(office, PEOPLE, *lines))
    assert answer.status_code == 409
    assert "Row 4" in text_of(answer)
    assert "GO-05" in answer.text
    assert person(app, "emp.tech").status is Status.ACTIVE
    departed = tried(office, PEOPLE, {"username": "emp.tech", "status": "departed"})
    assert "Whoever leaves or comes back" in text_of(departed)


@pytest.mark.parametrize(
    ("address", "line", "said"),
    [
        (
            PEOPLE,
            [{"username": "emp.tech"}, {"username": "ＥＭＰ.tech", "phone": "1"}],
            "Row 2 says the same",
        ),
        (PEOPLE, [{"username": "emp.tech", "name": "=1+1"}], "This is a formula"),
        (PEOPLE, [{"username": "emp.tech", "phone": 1234567890123456}], "15 digits"),
        (PEOPLE, [{"phone": "1"}], "no column named username"),
        ("/office/positions/import", [{"position": "lead", "department": ""}], "say which"),
        (
            "/office/positions/import",
            [{"position": "personnel", "department": "tech"}],
            "leave the department empty",
        ),
        ("/office/departments/import", [{"code": "import", "name": "x"}], "This code is taken"),
        ("/reception/customers/import", [{"number": "KH-99", "name": "x"}], "no card of this number"),
        ("/phrases/import", [{"code": "", "moment": "wait", "zh": "请稍等", "en": "Wait {until}"}], "PG-03"),
    ],
)
def test_what_will_not_do_is_told_by_its_cell(
    app: Flask, as_: As, address: str, line: list[dict[str, Any]], said: str
) -> None:
    answer = tried(as_("office1"), address, *line)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_two_of_one_name_are_told_apart(app: Flask, as_: As) -> None:
    office, address = as_("office1"), "/office/positions/import"
    factories.change_person(app, "emp.admin", name="张伟")
    factories.change_person(app, "desk1", name="张伟")
    seat = {"position": "clerk", "department": "admin", "holder": "张伟 · 行政部"}
    assert "choose one from the list" in text_of(tried(office, address, seat))
    told = confirmed(office, address, tried(office, address, seat | {"holder": "张伟 · 行政部 (emp.admin)"}))
    assert told.status_code == 303
    assert "张伟 · Administration (desk1)" in office.get("/office/positions/clerk/admin").text
    out = rows(office.get("/office/positions/export").data)
    assert any(str(row[3]).endswith(" (emp.admin)") for row in out)
    lines = [dict(zip(out[0][1:], row[1:], strict=True)) for row in out[1:]]
    assert "nothing changes" in text_of(tried(office, address, *lines))


@pytest.mark.clause("RC-15")
def test_a_count_that_differs_is_explained(app: Flask, as_: As) -> None:
    lead, address = as_("lead.admin"), "/reception/supplies/import"
    assert "say why" in text_of(tried(lead, address, {"code": "cups", "counted": 5}))
    answer = tried(
        lead,
        address,
        {"code": "cups", "counted": 5, "note": "盘点"},
        {"code": "tea-set", "counted": 0, "note": "x"},
    )
    assert confirmed(lead, address, answer).status_code == 303
    with app.app_context():
        moved = db.session.execute(
            sa.select(Supply.code, Movement.kind, Movement.amount, Movement.note).join(Movement)
        ).all()
    assert [tuple(row) for row in moved] == [("cups", "counted", 5, "盘点")]
    assert "1 row" not in text_of(tried(lead, address, {"code": "cups", "counted": None, "note": None}))


@pytest.mark.clause("RC-20")
def test_a_phone_number_goes_out_masked_and_stays_when_it_comes_back(app: Flask, as_: As) -> None:
    desk, address = as_("desk1"), "/reception/customers/import"
    line = {"name": "王建国", "phone": "013900001234", "company": "恒通", "care_consent": "yes"}
    assert confirmed(desk, address, tried(desk, address, line)).status_code == 303
    out = rows(desk.get("/reception/customers/cards/export").data)
    assert "013900001234" not in str(out)
    back = dict(zip(out[0], out[1], strict=True)) | {"company": "恒通贸易", "care_consent": "no"}
    answer = tried(desk, address, {name: value for name, value in back.items() if name != "#"})
    assert "013900001234" not in answer.text
    assert confirmed(desk, address, answer).status_code == 303
    with app.app_context():
        card = db.session.scalars(sa.select(Customer)).one()
        assert (card.phone, card.company, card.care_consent_at) == ("013900001234", "恒通贸易", None)
    same = tried(desk, address, line | {"company": "恒通贸易", "care_consent": "no"})
    assert "nothing changes" in text_of(same)
    assert "013900001234" not in same.text
    with app.test_request_context():
        assert "013900001234" in str(rows(KINDS["customers"].export(factories.viewer("office1"))))
        lines = db.session.scalars(sa.select(Line.event).where(Line.subject_kind == "sheet")).all()
    assert lines[-1] == "sheet:export"


@pytest.mark.clause("GO-01")
def test_phrases_from_a_file_wait_for_another_person(app: Flask, as_: As) -> None:
    office, address = as_("office1"), "/phrases/import"
    out = rows(office.get("/phrases/export").data)
    first = dict(zip(out[0], out[1], strict=True))
    lines = [
        {name: first[name] for name in ("code", "moment", "en")} | {"zh": f"{first['zh']}好的。"},
        {"code": None, "moment": "等候", "zh": "请您稍等片刻，马上就好。", "en": "One moment, please."},
    ]  # fmt: skip
    assert confirmed(office, address, tried(office, address, *lines)).status_code == 303
    assert rows(office.get("/phrases/export").data) == out
    assert "nothing changes" in text_of(tried(office, address, *lines))
    held = {name: first[name] for name in ("code", "moment", "zh", "en")}
    assert "nothing changes" in text_of(tried(office, address, held))
    other = lines[0] | {"zh": f"{first['zh']}可以。"}
    assert "proposed for it already" in text_of(tried(office, address, other))
    with app.app_context():
        waiting = db.session.scalars(
            sa.select(documents.Version).where(documents.Version.state == "submitted")
        ).all()
        assert len(waiting) == len(lines)
        given: dict[str, Any] = {"by": factories.viewer("office2"), "now": clock.now()}
        for version in [version.id for version in waiting]:
            db.session.rollback()
            documents.act(version, "approve", **given, in_force_from=given["now"].date())
    assert any(row[3] == lines[0]["zh"] for row in rows(office.get("/phrases/export").data))


@pytest.mark.clause("RC-19")
def test_appointments_are_recorded_once_or_none_of_them(app: Flask, as_: As) -> None:
    desk, address = as_("desk1"), "/reception/appointments/import"
    line = {
        "category": "B", "visitor_name": "王建国", "purpose": "验收", "host": "desk1", "phone": "013900001234",
        "place": "large", "starts_at": "2026-03-12 14:00", "ends_at": "2026-03-12 15:00", "reference": "1",
    }  # fmt: skip
    both = confirmed(
        desk, address, tried(desk, address, line, line | {"reference": "2", "visitor_name": "李明"})
    )
    assert both.status_code == 409
    assert "Row 3" in text_of(both)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 0
    assert confirmed(desk, address, tried(desk, address, line)).status_code == 303
    assert "nothing was recorded twice" in text_of(tried(desk, address, line))
    with app.app_context():
        assert db.session.scalars(sa.select(Visit.phone)).all() == ["013900001234"]


def test_the_command_says_what_changes(app: Flask, tmp_path: Any) -> None:
    file = tmp_path / "people.xlsx"
    file.write_bytes(filled({"username": "emp.tech", "phone": "7"}))
    run = app.test_cli_runner().invoke
    dry = run(args=["import", "people", str(file), "--dry-run"])
    assert "-> 7" in dry.output
    assert "1 would be changed" in dry.output
    assert "emp.tech" in run(args=["import", "people", str(file)]).output
    assert person(app, "emp.tech").phone == "7"
    out = tmp_path / "out.xlsx"
    assert run(args=["export", "people", str(out)]).exit_code == 0
    assert ("emp.tech", "7") in [(row[1], row[9]) for row in rows(out.read_bytes())]
    assert run(args=["import", "supplies", str(file), "--as", "desk1"]).exit_code == 1
