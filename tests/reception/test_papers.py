"""Reception's printed forms as PDFs: made by the worker in one way, for those who may see the form (GO-01)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.kernel import print as prints
from portal.kernel.db import db
from portal.kernel.jobs import Job
from tests import factories
from tests.conftest import As, client_of
from tests.house.test_statements import MOST, counted
from tests.reception.keeping import ground
from tests.reception.supplies import made
from tests.reception.visits import a_visit, do

APPOINTMENT: dict[str, Any] = {
    "host": "emp.tech", "purpose": "年度会谈", "company": "华东机电", "place": "large", "late_reason": "临时",
    "starts_at": "2026-03-02T14:00", "ends_at": "2026-03-02T15:00", "topic": "合作意向",
}  # fmt: skip
# Form -> somebody who may not see it, and what they are told.
SHUT = {"arrangement": 404, "pass": 404, "register": 403, "goods": 404, "purchase": 404, "slip": 403}


def address_of(app: Flask, form: str) -> str:
    """A thing with that form; the address of its page."""
    if form in {"arrangement", "pass"}:
        return f"/reception/visits/{a_visit(client_of(app, 'desk1'), 'A', **APPOINTMENT)}/{form}"
    if form == "register":
        a_visit(client_of(app, "desk1"), "B", host="emp.tech")
        return "/reception/register/2026-03-02/print"
    if form == "goods":
        return f"/reception/goods/{ground.asked(app)}/sheet"
    if form == "slip":
        ground.stock(app)
        return f"/reception/deposits/{ground.stored(app)}/slip"
    return f"/reception/supplies/purchases/{made.asked(app)}/sheet"


def pdf_of(app: Flask, form_page: str) -> Any:
    """Press the button, let the worker work, fetch the PDF."""
    desk, address = client_of(app, "desk1"), f"{form_page}.pdf"
    answer = desk.send(address)
    assert (answer.status_code, answer.location) == (303, address)
    assert desk.get(address).status_code == 202
    factories.let_work(app)
    with desk.get(address) as pdf:
        return pdf


@pytest.mark.clause("GO-01")
@pytest.mark.parametrize("form", SHUT)
def test_every_form_becomes_a_pdf_with_its_number_and_version(
    app: Flask, form: str, drawn: list[str]
) -> None:
    address = address_of(app, form)
    assert "Make a PDF" in client_of(app, "desk1").get(address).text
    pdf = pdf_of(app, address)
    assert pdf.mimetype == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith("attachment; filename=")
    [page] = drawn
    assert " · V1" in page
    assert not re.search(r"(?<![0-9]-)\b[0-9]{2}-[0-9]{2} [0-9]{2}:", page), (
        "a form names the year of its moments"
    )
    assert "sheet-bar" not in page, "the bar belongs to the screen"
    assert "csrf_token" not in page, "a key of somebody's session is no part of a form"


@pytest.mark.parametrize("form", SHUT)
def test_only_who_may_see_a_form_gets_its_pdf(app: Flask, as_: As, form: str, drawn: list[str]) -> None:
    address = address_of(app, form)
    pdf_of(app, address)
    stranger = as_("emp.impl")
    assert stranger.get(f"{address}.pdf").status_code == SHUT[form]
    assert stranger.send(f"{address}.pdf").status_code == SHUT[form]


def test_a_changed_record_asks_for_a_new_print(app: Flask, as_: As, drawn: list[str]) -> None:
    address = address_of(app, "arrangement")
    assert pdf_of(app, address).mimetype == "application/pdf"
    host, number = as_("emp.tech"), address.split("/")[3]
    host.send(f"/reception/visits/{number}/services/ask", kind="meal", wanted_on="2026-03-02", persons="6",
              what="江南春", companion="gm")  # fmt: skip
    answer = as_("desk1").get(f"{address}.pdf")
    assert answer.mimetype == "text/html", "a meal stands in a table of its own, and on the form"
    assert pdf_of(app, address).mimetype == "application/pdf"
    assert "江南春" in drawn[-1]
    do(as_("office1"), number, "approve-late")
    assert as_("desk1").get(f"{address}.pdf").mimetype == "text/html"


def test_the_small_pass_is_a_print_of_its_own(app: Flask, as_: As, drawn: list[str]) -> None:
    address, desk = address_of(app, "pass"), as_("desk1")
    small = f"{address}.pdf?paper=a6"
    assert f'action="{small}"' in desk.get(f"{address}?paper=a6").text
    assert desk.send(small).location == small
    assert f'hx-get="{small}"' in desk.get(small).text
    assert f'href="{address}?paper=a6"' in desk.get(small).text, "back to the form of the same size"
    factories.let_work(app)
    with desk.get(small) as pdf:
        assert pdf.mimetype == "application/pdf"
    assert desk.get(f"{address}.pdf").mimetype == "text/html"
    assert 'class="sheet small"' in drawn[0]


@pytest.mark.parametrize("form", SHUT)
def test_a_page_that_waits_costs_few_statements(app: Flask, as_: As, form: str, drawn: list[str]) -> None:
    address, desk = f"{address_of(app, form)}.pdf", as_("desk1")
    desk.send(address)
    desk.get(address)
    with counted() as seen:
        assert desk.get(address, headers={"HX-Request": "true"}).status_code == 204
    assert len(seen) <= MOST, "\n".join(seen)


def test_the_words_of_a_form_lie_in_no_table_and_no_longer_than_needed(
    app: Flask, as_: As, drawn: list[str]
) -> None:
    as_("desk1").send(f"{address_of(app, 'goods')}.pdf")
    with app.app_context():
        job = db.session.query(Job).one()
        assert "待修工控机" not in job.given
        folder = prints.path_of("any").parent
        db.session.remove()
    assert [path.suffix for path in folder.iterdir()] == [".page"]
    factories.let_work(app)
    assert [path.suffix for path in folder.iterdir()] == [".pdf"]
