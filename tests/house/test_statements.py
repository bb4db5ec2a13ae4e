"""A page costs a few statements, and fifty rows cost as many as one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from portal.blueprints.complaints.codes import State
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
MOST, FIFTY = 8, 50
FEWER = {
    "/complaints/": 4,
    "/complaints/?words=打印": 4,
    "/search?q=打印": 5,
    "/search": 5,
    "/complaints/<case>": 6,
}
PAGES = ("/", "/search", "/search?q=打印", "/complaints/", "/complaints/?words=打印", "/complaints/<case>",
         "/complaints/new", "/notifications/",
         "/handbook/", "/handbook/CP-11", "/account", "/complaints/<case>/notice", "/complaints/<case>/edit",
         "/complaints/<case>/slip", "/complaints/orders/", "/complaints/orders/new?case=<case>")  # fmt: skip
OFFICE = ("/office/", "/office/people/", "/office/departments/", "/office/limits/", "/office/limits/limit.solution",
          "/office/calendar/", "/office/positions/", "/office/routing/", "/office/intake/", "/office/audit/",
          "/office/privacy/", "/office/privacy/classes/duty_records", "/office/privacy/looks", "/office/system/",
          "/office/privacy/requests/", "/office/channels/", "/office/outbox/",
          "/account/messages", "/complaints/import")  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach a database meanwhile, without those that open and close a transaction."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def statements(browser: CarefulClient, address: str) -> list[str]:
    """What a page costs once the reference data is on the shelf."""
    assert browser.get(address).status_code == 200, address
    with counted() as seen:
        assert browser.get(address).status_code == 200, address
    return seen


def test_a_page_costs_few_statements_and_fifty_rows_as_many_as_one(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.PROPOSED)
    browser = as_("lead.tech")
    pages = {address: address.replace("<case>", number) for address in PAGES}
    one = {address: statements(browser, at) for address, at in pages.items()}
    for _ in range(FIFTY - 1):
        factories.a_case(app, State.ROUTED)
    for _ in range(FIFTY // 2):
        factories.do(app, "desk1", "note", number, note="客户来电")
        factories.do(app, "lead.tech", "contact", number, note="已联系")
    for address, at in pages.items():
        many = statements(browser, at)
        most = FEWER.get(address, MOST)
        assert len(many) <= most, "\n".join([f"{address}: more than {most}", *many])
        assert len(many) == len(one[address]), "\n".join([f"{address}: grows with its rows", *many])
    assert len(set(re.findall(r"TS-\d{8}-\d{4}", browser.get("/complaints/").text))) == FIFTY


RECEPTION = ("/reception/", "/reception/visits/", "/reception/visits/?words=王建国", "/reception/appointments/",
             "/reception/visits/new", "/reception/visits/<visit>", "/reception/visits/<visit>/edit")  # fmt: skip


@pytest.mark.parametrize("address", RECEPTION)
def test_a_page_of_reception_costs_few_statements(app: Flask, as_: As, address: str) -> None:
    at = address.replace("<visit>", factories.a_visit(app))
    one = statements(as_("desk1"), at)
    assert len(one) <= MOST, "\n".join(one)
    for _ in range(FIFTY - 1):
        factories.a_visit(app)
    assert len(many := statements(as_("desk1"), at)) == len(one), "\n".join(many)


def test_an_unchanged_board_asks_only_who_is_there(app: Flask, as_: As) -> None:
    factories.a_visit(app)
    asked = {"HX-Request": "true"}
    tag = as_("desk1").get("/reception/board", headers=asked).headers["ETag"]
    with counted() as seen:
        again = as_("desk1").get("/reception/board", headers=asked | {"If-None-Match": tag})
    assert (again.status_code, len(seen)) == (304, 1), seen


@pytest.mark.parametrize("address", OFFICE)
def test_a_page_of_the_office_costs_few_statements(app: Flask, as_: As, address: str) -> None:
    one = statements(as_("office1"), address)
    assert len(one) <= MOST, "\n".join(one)
    for name in ("a", "b", "c", "d"):
        factories.a_person(app, f"new.{name}")
    assert len(statements(as_("office1"), address)) == len(one)


def test_an_unchanged_list_asks_only_who_is_there(app: Flask, as_: As) -> None:
    factories.a_case(app)
    tag = as_("desk1").get("/complaints/").headers["ETag"]
    with counted() as seen:
        assert as_("desk1").get("/complaints/", headers={"If-None-Match": tag}).status_code == 304
    assert len(seen) == 1, seen
