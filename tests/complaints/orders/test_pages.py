"""The pages of service orders: who gets them, what a form says, what they cost, what they print and export."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal import worker
from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.orders import forms, labels
from portal.blueprints.complaints.orders.codes import OrderKind, OrderState
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.kernel import print as prints
from tests import factories
from tests.client import CarefulClient, text_of
from tests.complaints.orders.made import an_order, do, entries, load
from tests.conftest import As, At
from tests.house.test_statements import MOST, statements

S = OrderState
NEW: dict[str, Any] = {
    "kind": "repair",
    "department": "tech",
    "customer_name": "陈桂芳",
    "customer_phone": "13900001234",
    "model": "LJ-2210",
    "purchased_on": "2024-05-01",
    "warranty_until": "2025-05-01",
    "fault": "卡纸，面板报 E05",
    "planned_at": "2026-03-03T10:00",
}


def act(browser: CarefulClient, number: str, verb: str, **fields: Any) -> TestResponse:
    return browser.send(f"/complaints/orders/{number}/{verb}", **fields)


def test_every_verb_is_whole(app: Flask) -> None:
    for verb in ORDER.verbs:
        assert f"complaints.order_{verb.replace('-', '_')}" in app.view_functions
    assert set(labels.VERBS) == set(labels.SAID) == set(ORDER.verbs)
    assert set(forms.FORMS) == set(ORDER.verbs) - {"edit"}
    assert {f"order:{verb}" for verb in ORDER.verbs} < set(labels.HISTORY)


@pytest.mark.clause("CP-30")
def test_the_form_takes_the_customer_from_the_case(app: Flask, as_: As) -> None:
    case = factories.a_case(app, State.ACCEPTED, customer_address="人民路 8 号")
    assert f"/complaints/orders/?case={case}" in as_("desk1").get(f"/complaints/{case}").text
    page = as_("desk1").get(f"/complaints/orders/new?case={case}").text
    for text in (case, "陈桂芳", "13900001234", "人民路 8 号", "打印机漏墨，文件打不出来"):
        assert text in page
    assert as_("emp.impl").get(f"/complaints/orders/new?case={case}").status_code == 404


def test_an_order_is_asked_for_and_shown(app: Flask, as_: As) -> None:
    case = factories.a_case(app, State.ACCEPTED)
    key: dict[str, Any] = {"idempotency_key": "k1"}
    first = as_("desk1").send("/complaints/orders/new", case=case, **NEW, **key)
    assert (first.status_code, first.headers["Location"]) == (303, "/complaints/orders/WX-20260302-0001")
    again = as_("desk1").send("/complaints/orders/new", case=case, **NEW, **key)
    assert (again.status_code, again.headers["Location"]) == (303, "/complaints/orders/WX-20260302-0001")
    other = as_("desk1").send("/complaints/orders/new", case=case, **(NEW | {"model": "X"}), **key)
    assert other.status_code == 409
    assert 'value="X"' in other.text
    shown = text_of(as_("lead.tech").get("/complaints/orders/WX-20260302-0001"))
    for text in ("WX-20260302-0001", case, "陈桂芳", "2025-05-01", "none, or over", "Approve the order"):
        assert text in shown
    assert as_("lead.tech").get("/complaints/orders/?words=LJ-22").text.count("WX-20260302-0001") >= 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"case": "TS-20260302-9999"}, "no such case"),
        ({"case": "x"}, "whole number of the case"),
        ({"customer_name": " "}, "must be filled in"),
        ({"fault": ""}, "must be filled in"),
        ({"customer_phone": "<b>"}, "not a phone number"),
        ({"warranty_until": "2024-04-30"}, "before the purchase"),
        ({"warranty_until": "2025-02-30"}, "no such day"),
        ({"department": "moon"}, "one from the list"),
    ],
)
def test_a_request_that_is_wrong_keeps_what_was_typed(
    app: Flask, as_: As, changed: dict[str, str], said: str
) -> None:
    case = factories.a_case(app, State.ACCEPTED)
    answer = as_("desk1").send("/complaints/orders/new", **({"case": case} | NEW | changed))
    assert answer.status_code == 422
    assert said in answer.text
    assert "LJ-2210" in answer.text


def test_a_closed_case_takes_no_order(app: Flask, as_: As) -> None:
    case = factories.a_case(app, State.ARCHIVED)
    answer = as_("desk1").send("/complaints/orders/new", case=case, **NEW)
    assert answer.status_code == 409
    assert "CP-30" in answer.text
    assert "LJ-2210" in answer.text


def test_the_way_of_an_order_by_its_pages(app: Flask, as_: As) -> None:
    number = an_order(app)
    lead, technician, desk = as_("lead.tech"), as_("emp.tech"), as_("desk1")
    assert as_("emp.impl").get(f"/complaints/orders/{number}").status_code == 404
    assert act(lead, number, "approve").status_code == 303
    assert (
        act(lead, number, "assign", technician="emp.tech", planned_at="2026-03-03T10:00").status_code == 303
    )
    assert technician.get(f"/complaints/orders/{number}?do=order-done").status_code == 200
    assert act(technician, number, "take", things="主机 SN-1", note="外壳有划痕").status_code == 303
    part = {"part": "搓纸轮", "quantity": "2", "price": "45.50", "hours": "1.5", "idempotency_key": "k"}
    for _ in range(2):
        assert act(technician, number, "work", **part).status_code == 303
    assert act(technician, number, "work", **(part | {"quantity": "3"})).status_code == 409
    (thing, _) = entries(app, number)
    swapped = act(technician, number, "swap", old_number="A-1", new_number="B-2", thing=thing.id)
    assert swapped.status_code == 303
    assert act(technician, number, "done", result="已修好", paid="91.00").status_code == 303
    refused = act(desk, number, "accept", customer="陈桂芳", note="满意")
    assert refused.status_code == 409
    assert "CP-30" in refused.text
    assert "满意" in refused.text
    assert act(desk, number, "accept", customer="陈桂芳", htmx=True).headers["HX-Reswap"] == "none"
    assert act(technician, number, "invoice", invoice_number="0815", amount="91").status_code == 303
    assert act(technician, number, "hand-in", handed_to="出纳小王").status_code == 303
    nobody = act(desk, number, "accept", customer=" ")
    assert nobody.status_code == 422
    assert "CP-30" in nobody.text
    part_of_it = act(desk, number, "accept", customer="陈桂芳", htmx=True)
    assert part_of_it.status_code == 200
    assert part_of_it.text.lstrip().startswith("<article")
    shown = text_of(desk.get(f"/complaints/orders/{number}"))
    for text in ("91.00 yuan", "0815", "A-1 → B-2", "Kept, device swapped", "The order is closed."):
        assert text in shown
    assert act(desk, number, "note", note="x").status_code == 409
    for username in ("desk1", "lead.tech", "emp.tech", "office1"):
        assert as_(username).get("/").status_code == 200


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("assign", {"technician": "nobody.here"}),
        ("take", {"things": ""}),
        ("work", {}),
        ("work", {"part": "搓纸轮"}),
        ("work", {"price": "1", "hours": "1"}),
        ("work", {"hours": "1.005"}),
        ("work", {"hours": "-1"}),
        ("swap", {"old_number": "A", "new_number": "A"}),
        ("swap", {"old_number": "A", "new_number": "B", "thing": "99"}),
        ("done", {"result": "", "paid": "1e3"}),
        ("cancel", {"reason": ""}),
        ("note", {"note": ""}),
    ],
)
def test_a_form_that_is_wrong(app: Flask, as_: As, verb: str, fields: dict[str, str]) -> None:
    number = an_order(app, S.ASSIGNED)
    was = load(app, number).version
    answer = act(as_("lead.tech"), number, verb, **fields)
    assert answer.status_code == 422
    assert load(app, number).version == was


EDITED: dict[str, Any] = {"customer_name": "陈桂芳", "fault": "卡纸", "warranty_until": "2027-01-01"}


@pytest.mark.clause("CP-30")
def test_the_sheet_can_be_mended_and_the_charge_follows(app: Flask, as_: As) -> None:
    number = an_order(app, S.ASSIGNED)
    do(app, "emp.tech", "work", number, part="主板", quantity=1, price=Decimal(320))
    here, browser = f"/complaints/orders/{number}/edit", as_("desk1")
    assert "LJ-2210" in browser.get(here).text
    version = load(app, number).version
    assert browser.send(here, **EDITED, version=str(version)).status_code == 303
    order = load(app, number)
    assert (str(order.charge), order.fault, order.model) == ("0.00", "卡纸", "")
    stale = browser.send(here, **(EDITED | {"fault": "不进纸"}), version=str(version))
    assert stale.status_code == 409
    assert "不进纸" in stale.text
    assert browser.send(here, **(EDITED | {"fault": ""})).status_code == 422
    assert browser.send(here, **EDITED | {"warranty_until": ""}).status_code == 303
    assert load(app, number).charge == 320
    assert as_("emp.admin").get(here).status_code == 404
    done = an_order(app, S.DONE)
    assert browser.get(f"/complaints/orders/{done}/edit").status_code == 409


def test_rights_state_and_reach(app: Flask, as_: As) -> None:
    number = an_order(app)
    assert act(as_("desk1"), number, "approve").status_code == 403
    assert act(as_("lead.tech"), number, "accept", customer="x").status_code == 409
    assert act(as_("emp.admin"), number, "note", note="x").status_code == 404
    assert act(as_("lead.tech"), "WX-20260302-9999", "approve").status_code == 404
    for page in ("", "/sheet", "/receipt"):
        assert as_("emp.admin").get(f"/complaints/orders/{number}{page}").status_code == 404
    assert as_("desk1").get(f"/complaints/orders/{number}/receipt").status_code == 404, "nothing was taken in"
    assert as_("desk1").get("/complaints/orders/TS-20260302-0001").status_code == 404


@pytest.mark.clause("CP-30")
def test_outside_help_by_its_pages(app: Flask, as_: As) -> None:
    number = an_order(app, S.APPROVED, urgent=True)
    help_ = {"company": "快修电脑行", "reason": "医院叫号停了"}
    assert act(as_("desk1"), number, "outside", **help_).status_code == 422
    assert act(as_("desk1"), number, "outside", nobody_free="y", **help_).status_code == 303
    assert "快修电脑行" in as_("lead.tech").get(f"/complaints/orders/{number}?do=order-outside").text
    assert act(as_("lead.tech"), number, "outside", decision="yes").status_code == 303
    assert load(app, number).outside_company == "快修电脑行"


@pytest.mark.clause("GO-01")
def test_the_sheet_and_the_receipt_bear_number_version_and_room_to_sign(app: Flask, as_: As) -> None:
    number = an_order(app, S.ASSIGNED)
    assert "QR-CP-30 · V1" in as_("desk1").get(f"/complaints/orders/{number}/sheet").text
    do(app, "emp.tech", "take", number, things="主机 SN-1")
    do(app, "emp.tech", "work", number, part="搓纸轮", quantity=2, price=Decimal("45.50"))
    for page, texts in (("sheet", ("45.50", "91.00", "陈桂芳")), ("receipt", ("主机 SN-1", f"{number}-1"))):
        sheet = as_("desk1").get(f"/complaints/orders/{number}/{page}")
        assert sheet.status_code == 200
        for text in ("QR-CP-30 · V1", number, "Signature:", *texts):
            assert text in sheet.text


@pytest.mark.clause("CP-30")
@pytest.mark.parametrize("form", ["sheet", "receipt"])
def test_the_sheet_and_the_receipt_are_made_as_pdfs(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    drawn: list[str] = []

    def made(html: str) -> bytes:
        drawn.append(html)
        return b"%PDF-1.7 small"

    monkeypatch.setattr(prints, "_drawn", made)
    monkeypatch.setattr(prints, "available", lambda: True)
    number = an_order(app, S.ASSIGNED)
    do(app, "emp.tech", "take", number, things="主机 SN-1")
    desk, here = as_("desk1"), f"/complaints/orders/{number}/{form}"
    assert f'action="{here}.pdf"' in desk.get(here).text
    asked = desk.send(f"{here}.pdf")
    assert (asked.status_code, asked.location) == (303, f"{here}.pdf")
    waits = desk.get(f"{here}.pdf")
    assert waits.status_code == 202
    assert f'hx-get="{here}.pdf"' in waits.text
    assert f'href="{here}"' in waits.text
    with app.app_context():
        worker.errands()
    pdf = desk.get(f"{here}.pdf")
    assert pdf.mimetype == "application/pdf"
    assert number in pdf.headers["Content-Disposition"]
    assert "主机 SN-1" in drawn[0]
    assert "Make a PDF" not in drawn[0]
    for username in ("emp.admin", "lead.market"):
        assert as_(username).get(f"{here}.pdf").status_code == 404
        assert as_(username).send(f"{here}.pdf").status_code == 404
    do(app, "emp.tech", "take", number, things="电源")
    assert desk.get(f"{here}.pdf").mimetype == "text/html", "the old print lacks what was taken in since"
    monkeypatch.setattr(prints, "available", lambda: False)
    assert "Make a PDF" not in desk.get(here).text
    assert desk.send(f"{here}.pdf").status_code == 404


def test_an_order_without_things_has_no_pdf_of_a_receipt(app: Flask, as_: As) -> None:
    number = an_order(app, S.ASSIGNED)
    for answer in (as_("desk1").get, as_("desk1").send):
        assert answer(f"/complaints/orders/{number}/receipt.pdf").status_code == 404


def test_the_filters_of_the_list(app: Flask, as_: As, at: At) -> None:
    repair = an_order(app, planned_at=at("Mon 2026-03-02 10:00"))
    other = an_order(
        app, S.ASSIGNED, kind=OrderKind.INSTALLATION, customer_name="吴 100% 店", department="tech"
    )
    at("Mon 2026-03-02 11:00")
    case = load(app, repair).case_id

    def found(query: str, username: str = "desk1") -> set[str]:
        text = as_(username).get(f"/complaints/orders/?{query}").text
        return {number for number in (repair, other) if f'href="{number}"' in text}

    assert case
    assert found("") == {repair, other}
    assert found("state=open") == {repair, other}
    assert found("state=assigned") == {other}
    assert found("kind=repair") == {repair}
    assert found("department=impl") == set()
    assert found("technician=emp.tech") == {other}
    assert found("overdue=1") == {repair}
    assert found("mine=1", "emp.tech") == {other}
    assert found(f"words={repair[-8:]}") == {repair}
    assert found("words=100%25") == {other}
    assert found("words=%25%25") == set()
    assert found("words=13900001234") == {repair, other}
    assert found("since=2026-03-03") == set()
    assert found("until=2026-03-02") == {repair, other}
    assert found("since=x&until=0001-01-01&before=x&after=1e9&words=%00") == {repair, other}
    assert found("", "lead.market") == set()


def test_the_export_writes_what_the_list_shows(app: Flask, as_: As) -> None:
    number = an_order(app, S.ACCEPTED, customer_name="=1+1", warranty_until=date(2025, 5, 1))
    an_order(app)
    answer = as_("desk1").get("/complaints/orders/export?state=accepted")
    assert str(answer.mimetype).endswith("spreadsheetml.sheet")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    captions, row = (list(line) for line in sheet.iter_rows(values_only=True))
    told = dict(zip(captions, row, strict=True))
    assert (told["Number"], told["Customer"], told["To be charged, in yuan"]) == (number, "'=1+1", 91)
    assert as_("emp.tech").get("/complaints/orders/export").status_code == 403


def test_the_pages_cost_few_statements_and_fifty_rows_as_many_as_one(app: Flask, as_: As) -> None:
    case = factories.a_case(app, State.ACCEPTED)
    number = an_order(app, S.ASSIGNED, case=case)
    do(app, "emp.tech", "take", number, things="主机")
    here = f"/complaints/orders/{number}"
    pages = ("/complaints/orders/", "/complaints/orders/?words=13900", here, f"{here}?do=swap", f"{here}/sheet",
             f"/complaints/orders/new?case={case}", "/complaints/orders/export")  # fmt: skip
    browser = as_("lead.tech")
    one = {address: len(statements(browser, address)) for address in pages}
    assert max(one.values()) <= MOST, one
    for _ in range(54):
        an_order(app, case=case)
    for _ in range(20):
        do(app, "emp.tech", "work", number, hours=Decimal(1))
    assert {address: len(statements(browser, address)) for address in pages} == one
    first = browser.get("/complaints/orders/").text
    assert f'href="{number}"' not in first
    older = browser.get("/complaints/orders/?before=6").text
    assert f'href="{number}"' in older
    assert 'rel="prev"' in older
    assert 'rel="next"' in browser.get("/complaints/orders/?after=5").text


def test_the_list_without_orders_says_what_to_do(as_: As) -> None:
    assert "There are no service orders yet" in as_("desk1").get("/complaints/orders/").text
    assert "No order fits this" in as_("desk1").get("/complaints/orders/?state=done").text


def test_both_languages(app: Flask, as_: As) -> None:
    number = an_order(app, S.DONE)
    browser = as_("desk1")
    browser.lang = "zh-CN"
    for page in ("", f"new?case={factories.a_case(app, State.ACCEPTED)}", number, f"{number}/sheet"):
        assert "工单" in browser.get(f"/complaints/orders/{page}").text


def test_the_audit_shows_orders_to_whom_it_shows_their_cases(app: Flask, as_: As) -> None:
    an_order(app)
    assert "Order asked for" in as_("office1").get("/office/audit/?kind=order").text
    assert as_("office1").get("/handbook/CP-30").status_code == 200
