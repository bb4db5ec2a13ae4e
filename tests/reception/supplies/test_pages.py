"""The pages of supplies: who gets them, what a form says, what they cost, print and export."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from flask import Flask

from portal.blueprints.reception.supplies import forms, labels
from portal.blueprints.reception.supplies.codes import PurchaseState
from portal.blueprints.reception.supplies.workflow import PURCHASE
from portal.kernel.rights import Position
from tests import factories
from tests.client import text_of
from tests.conftest import As
from tests.house.test_statements import MOST, statements
from tests.reception.supplies.made import (
    VISIT,
    a_visit,
    act,
    asked,
    lines,
    movements,
    purchase,
    stocked,
    supply,
    used,
)

STOCK, BUY = "/reception/supplies/", "/reception/supplies/purchases/"
OF_VISIT = f"/reception/visits/{VISIT}/supplies"


def test_every_verb_is_whole(app: Flask) -> None:
    for verb in forms.STOCK:
        assert f"reception.supply_{verb.replace('-', '_')}" in app.view_functions
        assert f"supply:{verb}" in labels.HISTORY
    assert set(forms.STOCK) == set(labels.STOCK_VERBS) == set(labels.STOCK_SAID)
    assert set(forms.ACTS) == set(labels.PURCHASE_VERBS) == set(labels.PURCHASE_SAID) == set(PURCHASE.verbs)


@pytest.mark.clause("RC-15")
def test_what_is_low_stands_on_top_and_says_so_in_words(app: Flask, as_: As) -> None:
    stocked(app, 500)
    stocked(app, 1, "pencils")
    for code in ("ashtray", "water", "notepaper", "coffee", "green-tea", "black-tea", "tea-set"):
        stocked(app, 60, code)
    page = as_("desk1").get(STOCK)
    text = text_of(page)
    assert text.count("Below minimum") == 2  # the tab, and the one that is low
    assert page.text.index("Pencils") < page.text.index("Ashtrays")
    low = text_of(as_("desk1").get(f"{STOCK}?low=1"))
    assert "Pencils" in low
    assert "Paper cups" not in low


@pytest.mark.clause("RC-15")
def test_one_touch_uses_one(app: Flask, as_: As) -> None:
    stocked(app, 2)
    touch, browser = f"{STOCK}cups/use?list=1&kind=general", as_("desk1")
    plain = browser.send(touch, idempotency_key="a")
    assert (plain.status_code, plain.headers["Location"]) == (303, f"{STOCK}?kind=general")
    assert browser.send(touch, idempotency_key="a").status_code == 303  # a double touch
    assert supply(app).on_hand == 1
    part = browser.send(touch, htmx=True)
    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div id="supply-list"')
    refused = browser.send(touch, htmx=True)
    assert (refused.status_code, refused.headers["HX-Reswap"]) == (409, "none")
    assert "RC-15" in refused.text
    assert "Only 0 left" in refused.text
    whole = browser.send(touch)
    assert whole.status_code == 409
    assert "RC-15" in whole.text


@pytest.mark.clause("RC-15")
def test_the_last_touch_can_be_taken_back_from_the_list(app: Flask, as_: As) -> None:
    stocked(app, 2)
    browser = as_("desk1")
    assert "Take back" not in browser.get(STOCK).text
    browser.send(f"{STOCK}cups/use?list=1")
    page = browser.get(STOCK).text
    assert "You have just used 1: Paper cups" in page
    assert "Take back" not in as_("desk2").get(STOCK).text
    (_received, taken) = movements(app)
    back = f"{STOCK}cups/take-back?list=1"
    fields: dict[str, Any] = {"movement": taken.id}
    assert as_("emp.tech").send(back, **fields).status_code == 403
    assert as_("gm").send(back, **fields).status_code == 403
    assert browser.send(back).status_code == 400
    assert browser.send(back, movement=10**9).status_code == 404
    assert browser.send(back, **fields).headers["Location"] == STOCK
    again = browser.send(back, **fields)
    assert again.status_code == 409
    assert "RC-15" in again.text
    assert supply(app).on_hand == 2
    assert "Take back" not in browser.get(STOCK).text


@pytest.mark.clause("RC-15")
def test_a_refused_use_keeps_what_was_typed(app: Flask, as_: As) -> None:
    stocked(app, 5)
    answer = as_("desk1").send(f"{STOCK}cups/use", amount="6", note="给六位客人")
    assert answer.status_code == 409
    assert "Only 5 left in stock; 6 cannot be taken. (RC-15)" in text_of(answer)
    assert 'value="给六位客人"' in answer.text
    assert supply(app).on_hand == 5


@pytest.mark.parametrize(
    ("verb", "fields", "said"),
    [
        ("use", {"amount": "0", "note": "一二三"}, "From 1 to"),
        ("use", {"amount": "x", "note": "一二三"}, "whole number"),
        ("use", {"amount": "1", "visit": "x", "note": "一二三"}, "whole number of the visit"),
        ("use", {"amount": "1", "visit": "LF-20260302-0009", "note": "一二三"}, "no such visit"),
        ("receive", {"note": "一二三"}, "must be filled in"),
        ("write-off", {"amount": "1", "note": ""}, "must be filled in"),
        ("count", {"counted": "", "note": "一二三"}, "must be filled in"),
        ("count", {"counted": "7"}, "The books say 10, you counted 7: write down why. (RC-15)"),
    ],
)
def test_a_movement_that_is_wrong_says_so_beside_its_field(
    app: Flask, as_: As, verb: str, fields: dict[str, Any], said: str
) -> None:
    stocked(app, 10)
    for htmx in (False, True):
        answer = as_("desk1").send(f"{STOCK}cups/{verb}", htmx=htmx, **fields)
        assert answer.status_code == 422
        assert said in answer.text
        for text in fields.values():
            assert f'value="{text}"' in answer.text
    assert len(movements(app)) == 1


def test_the_stock_is_received_counted_and_written_off(app: Flask, as_: As) -> None:
    browser = as_("emp.admin")
    acts: tuple[tuple[str, dict[str, Any]], ...] = (
        ("receive", {"amount": "10"}),
        ("write-off", {"amount": "2", "note": "受潮"}),
        ("count", {"counted": "7", "note": "少一个"}),
        ("count", {"counted": "7"}),
    )
    for verb, fields in acts:
        answer = browser.send(f"{STOCK}cups/{verb}", **fields)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{STOCK}cups")
    shown = text_of(browser.get(f"{STOCK}cups"))
    for text in ("+10", "-2", "-1", "受潮", "少一个", "7 pcs"):
        assert text in shown
    assert "受潮" not in text_of(browser.get(f"{STOCK}cups?kind=received"))
    part = browser.send(f"{STOCK}cups/receive", htmx=True, amount="1")
    assert part.text.lstrip().startswith("<article")


def test_who_may_look_and_who_may_touch(app: Flask, as_: As) -> None:
    stocked(app, 10)
    number = asked(app)
    for username in ("emp.tech", "lead.tech"):
        browser = as_(username)
        for address in (STOCK, f"{STOCK}cups", f"{STOCK}export", BUY, f"{BUY}new", f"{STOCK}new"):
            assert browser.get(address).status_code == 403, address
        assert "RC-15" in browser.get(STOCK).text
        assert browser.get(f"{BUY}{number}").status_code == 404
        assert browser.send(f"{STOCK}cups/use").status_code == 403
        assert browser.send(f"{BUY}{number}/approve").status_code == 404
        assert "/reception/supplies/" not in browser.get("/").text
    looks = as_("gm")
    assert looks.get(f"{STOCK}cups").status_code == 200
    assert looks.send(f"{STOCK}cups/use").status_code == 403
    for address in (f"{STOCK}nothing", f"{BUY}CG-20260302-0099"):
        assert as_("desk1").get(address).status_code == 404
    assert as_("desk1").send(f"{STOCK}nothing/use").status_code == 404
    for address in (f"{STOCK}new", f"{STOCK}cups/edit"):
        assert as_("desk1").get(address).status_code == 403
    for verb in ("approve", "buy"):
        assert as_("desk1").send(f"{BUY}{number}/{verb}").status_code == 403
    factories.a_seat(app, Position.PURCHASER, "", "emp.impl")
    assert as_("emp.impl").get(STOCK).status_code == 200
    assert as_("emp.impl").get(f"{BUY}{number}").status_code == 200


@pytest.mark.clause("RC-15")
def test_a_visit_says_what_it_used(app: Flask, as_: As) -> None:
    a_visit(app)
    stocked(app, 10)
    assert as_("emp.impl").get(OF_VISIT).status_code == 404
    host = as_("emp.tech")
    assert "Nothing was used" in host.get(OF_VISIT).text
    assert host.send(f"{OF_VISIT}/use", supply="cups", amount="4", note="四位客人").status_code == 303
    assert as_("desk2").send(f"{STOCK}cups/use", amount="1", visit=VISIT).status_code == 303
    shown = text_of(as_("emp.admin").get(OF_VISIT))
    assert "Paper cups 5 pcs" in shown
    assert "四位客人" in shown
    for _ in range(2):
        back = host.send(f"{OF_VISIT}/back", supply="cups", idempotency_key="b")
        assert (back.status_code, back.headers["Location"]) == (303, OF_VISIT)
    assert supply(app).on_hand == 6
    part = host.send(f"{OF_VISIT}/back", htmx=True, supply="cups")
    assert part.text.lstrip().startswith("<article")
    more = host.send(f"{OF_VISIT}/back", supply="cups", amount="4")
    assert more.status_code == 409
    assert "RC-15" in more.text
    assert VISIT in as_("desk1").get(f"{STOCK}cups").text
    # The lead may know of the visit, but serves nobody there.
    assert as_("lead.tech").get(OF_VISIT).status_code == 200
    assert "Add what was used" not in as_("lead.tech").get(OF_VISIT).text
    assert as_("lead.tech").send(f"{OF_VISIT}/use", supply="cups").status_code == 403


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ({"supply": "", "amount": "1"}, 422, "must be filled in"),
        ({"supply": "moon", "amount": "1"}, 422, "one from the list"),
        ({"supply": "cups", "amount": "-1"}, 422, "From 1 to"),
        ({"supply": "cups", "amount": "11"}, 409, "RC-15"),
    ],
)
def test_a_use_of_a_visit_that_is_wrong(
    app: Flask, as_: As, fields: dict[str, Any], code: int, said: str
) -> None:
    a_visit(app)
    stocked(app, 10)
    answer = as_("desk1").send(f"{OF_VISIT}/use", **fields, note="靠窗一桌")
    assert answer.status_code == code
    assert said in answer.text
    assert 'value="靠窗一桌"' in answer.text
    assert supply(app).on_hand == 10


def test_a_supply_is_added_and_changed_by_its_head(app: Flask, as_: As) -> None:
    head = as_("lead.admin")
    fields: dict[str, Any] = {
        "name": "湿巾", "name_en": "Wipes", "kind": "general", "unit": "包", "unit_en": "packs", "minimum": "5",
        "active": "y",
    }  # fmt: skip
    assert head.send(f"{STOCK}new", code="new", **fields).status_code == 422
    assert head.send(f"{STOCK}new", code="cups", **fields).status_code == 422
    assert head.send(f"{STOCK}new", code="wipes", **fields).status_code == 303
    page = head.get(f"{STOCK}wipes/edit").text
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found is not None
    version = found[1]
    changed = fields | {"minimum": "9", "version": version}
    assert head.send(f"{STOCK}wipes/edit", **changed).status_code == 303
    assert supply(app, "wipes").minimum == 9
    stale = as_("office1").send(f"{STOCK}wipes/edit", **(fields | {"minimum": "3", "version": version}))
    assert stale.status_code == 409
    assert "Stored version" in stale.text
    assert 'value="3"' in stale.text
    assert head.send(f"{STOCK}wipes/edit", **(fields | {"name": ""})).status_code == 422
    assert head.send(f"{STOCK}wipes/edit", **(fields | {"active": None})).status_code == 303
    assert "Wipes" not in head.get(STOCK).text
    assert "Wipes" in head.get(f"{STOCK}?unused=1").text


# -- purchase requests -----------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-15")
def test_low_supplies_are_proposed_up_to_twice_their_minimum(app: Flask, as_: As) -> None:
    stocked(app, 99)
    stocked(app, 30, "water")
    page = as_("desk1").get(f"{BUY}new?low=1").text
    cups, water = supply(app).id, supply(app, "water").id
    assert re.search(rf'name="amount_{cups}"[^>]*value="101"', page)
    assert re.search(rf'name="amount_{water}"[^>]*value=""', page)
    asked(app, cups=100)
    assert re.search(rf'name="amount_{cups}"[^>]*value="1"', as_("desk1").get(f"{BUY}new?low=1").text)
    only = as_("desk1").get(f"{BUY}new?supply=pencils").text
    assert re.search(rf'name="amount_{supply(app, "pencils").id}"[^>]*value="40"', only)
    assert re.search(rf'name="amount_{cups}"[^>]*value=""', only)


def test_a_request_by_its_pages(app: Flask, as_: As) -> None:
    cups: dict[str, Any] = {f"amount_{supply(app).id}": "200"}
    desk, head = as_("desk1"), as_("lead.admin")
    key: dict[str, Any] = {"idempotency_key": "k"}
    nothing = desk.send(f"{BUY}new", reason="周五有客户来", **key)
    assert nothing.status_code == 422
    assert "at least one supply" in nothing.text
    assert "周五有客户来" in nothing.text
    wrong = desk.send(f"{BUY}new", reason="周五有客户来", **(cups | dict.fromkeys(cups, "x")), **key)
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.text
    for _ in range(2):
        made = desk.send(f"{BUY}new", reason="周五有客户来", **cups, **key)
        assert (made.status_code, made.headers["Location"]) == (303, f"{BUY}CG-20260302-0001")
    assert desk.send(f"{BUY}new", reason="别的", **cups, **key).status_code == 409
    here = f"{BUY}CG-20260302-0001"
    assert "Approve the purchase" not in desk.get(here).text
    assert head.get(f"{here}?do=purchase-approve").status_code == 200
    reason = head.send(f"{here}/decline", note="")
    assert reason.status_code == 422
    assert "must be filled in" in reason.text
    assert head.send(f"{here}/approve", note="同意").status_code == 303
    assert head.send(f"{here}/approve").status_code == 409
    assert as_("office1").send(f"{here}/buy", supplier="晨光文具", htmx=True).status_code == 200
    line = lines(app, "CG-20260302-0001")["cups"]
    receipts: tuple[tuple[dict[str, Any], int], ...] = (
        ({f"came_{line.id}": "0"}, 422),
        ({f"came_{line.id}": "-1"}, 422),
        ({f"came_{line.id}": "150"}, 303),
        ({f"came_{line.id}": "0", "complete": "y"}, 303),
    )
    for fields, code in receipts:
        assert desk.send(f"{here}/receive", **fields).status_code == code, fields
    assert purchase(app, "CG-20260302-0001").state is PurchaseState.RECEIVED
    shown = text_of(desk.get(here))
    for text in ("Purchase received", "晨光文具", "200 pcs", "周五有客户来", "同意"):
        assert text in shown
    for query in ("", "?state=open", "?state=received", "?mine=1", "?before=1", "?state=x"):
        assert desk.get(f"{BUY}{query}").status_code == 200


@pytest.mark.clause("RC-15")
def test_who_asked_is_refused_with_the_clause(app: Flask, as_: As) -> None:
    number = asked(app, by="office1")
    answer = as_("office1").send(f"{BUY}{number}/approve")
    assert answer.status_code == 409
    assert "RC-15" in answer.text


@pytest.mark.clause("GO-01")
@pytest.mark.clause("RC-15")
def test_the_printed_request_names_its_number_and_version(app: Flask, as_: As) -> None:
    number = asked(app, cups=200, green_tea=10)
    act(app, "lead.admin", "approve", number, note="同意")
    sheet = as_("desk1").get(f"{BUY}{number}/sheet")
    shown = text_of(sheet)
    for text in (number, "QR-RC-15 · V1", "Paper cups", "200", "Green tea", "江静宜", "同意", "Signature:"):
        assert text in shown
    assert as_("emp.tech").get(f"{BUY}{number}/sheet").status_code == 404


def test_the_exports_say_what_the_lists_show(app: Flask, as_: As) -> None:
    stocked(app, 7)
    used(app, 2, note="=HYPERLINK(1)")

    def rows(address: str) -> list[tuple[Any, ...]]:
        answer = as_("desk1").get(address)
        assert answer.status_code == 200
        sheet: Any = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        return list(sheet.iter_rows(values_only=True))

    stock = rows(f"{STOCK}export?words=cups")
    assert stock[3:] == [
        (None, "cups", "纸杯", "Paper cups", "General supplies", "个", "pcs", "100", "yes", "5", None)
    ]
    moved = rows(f"{STOCK}cups/export")
    assert [row[2:4] for row in moved[1:]] == [(-2, 5), (7, 7)]
    assert moved[1][6] == "'=HYPERLINK(1)"
    assert len(rows(f"{STOCK}cups/export?kind=used")) == 2


def test_what_the_pages_cost(app: Flask, as_: As) -> None:
    a_visit(app)
    stocked(app, 500)
    used(app, 1)
    number = asked(app)
    addresses = (
        STOCK,
        f"{STOCK}?low=1&words=cup",
        f"{STOCK}cups",
        f"{STOCK}cups/edit",
        BUY,
        f"{BUY}new?low=1",
        f"{BUY}{number}",
        f"{BUY}{number}/sheet",
        OF_VISIT,
    )
    browser = as_("office1")
    one = {address: len(statements(browser, address)) for address in addresses}
    for _ in range(55):
        used(app, 1)
    for _ in range(52):
        asked(app)
    for address in addresses:
        many = statements(browser, address)
        assert len(many) <= MOST, "\n".join(many)
        assert len(many) == one[address], "\n".join([address, *many])
    page = browser.get(f"{STOCK}cups").text
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older is not None
    assert text_of(browser.get(older[1])).count("Used") >= 6
    assert re.search(r'rel="next"', browser.get(BUY).text)


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_pages_in_both_languages(app: Flask, as_: As, lang: str) -> None:
    a_visit(app)
    stocked(app, 50)
    number = asked(app)
    browser = as_("desk1")
    browser.lang = lang
    for address in (
        STOCK,
        f"{STOCK}cups",
        BUY,
        f"{BUY}new",
        f"{BUY}{number}",
        f"{BUY}{number}/sheet",
        OF_VISIT,
    ):
        page = browser.get(address)
        assert page.status_code == 200
        assert ("纸杯" in page.text) == (lang == "zh-CN") or address == BUY
