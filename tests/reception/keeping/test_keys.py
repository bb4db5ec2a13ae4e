"""Keys: lent against a document of which only the kind is kept, one borrower at a time, tracked until back (RC-26)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.reception.keeping import actions, queries
from portal.blueprints.reception.keeping.codes import Document, Held
from portal.blueprints.reception.keeping.models import Key, KeyLoan
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At
from tests.house.test_statements import MOST, statements
from tests.kernel.moments import at as moment
from tests.reception.keeping.ground import LEND, a_visit, lent, stock, visit

URL = "/reception/keys/"
ID_NUMBER = "110101199003071234"


def loan(app: Flask, number: str) -> KeyLoan:
    with app.app_context():
        return queries.loan(factories.viewer("desk1"), number)


@pytest.mark.clause("RC-26")
def test_a_key_has_one_borrower_at_a_time(any_app: Flask) -> None:
    """RC-26: the second is refused by the database itself, and told; after the return it can be lent again."""
    stock(any_app)
    first = lent(any_app)
    with pytest.raises(Refused, match="RC-26 key_in_use"):
        lent(any_app, borrower="emp.impl")
    with any_app.app_context():
        now, who = clock.now(), factories.viewer("desk1")
        key = db.session.scalars(sa.select(Key).where(Key.number == "K-1")).one().id
        twice = KeyLoan(
            number="YS-1", key_id=key, borrower_id=who.id, name="乙", document=Document.PASSPORT, lent_at=now,
            lent_by_id=who.id, due_at=now,
        )  # fmt: skip
        with pytest.raises(IntegrityError), db.write():
            db.session.add(twice)
        actions.loan_act(first, "return", by=who, now=now)
    assert lent(any_app, borrower="emp.impl").endswith("0002")
    assert factories.history_faults(any_app) == []


def test_a_loan_is_a_visitors_or_a_colleagues(any_app: Flask) -> None:
    stock(any_app)
    with any_app.app_context():
        now, who = clock.now(), factories.viewer("desk1")
        key = db.session.scalars(sa.select(Key).where(Key.number == "K-1")).one().id
        nobodys = KeyLoan(
            number="YS-1", key_id=key, name="乙", document=Document.PASSPORT, lent_at=now, lent_by_id=who.id,
            due_at=now,
        )  # fmt: skip
        with pytest.raises(IntegrityError), db.write():
            db.session.add(nobodys)


@pytest.mark.clause("RC-26")
def test_the_loser_of_a_key_is_told_and_keeps_what_was_typed(app: Flask, as_: As) -> None:
    stock(app)
    lent(app)
    answer = as_("desk2").send(f"{URL}lend", **(LEND | {"borrower": "emp.impl", "purpose": "看样品"}))
    assert answer.status_code == 409
    assert "RC-26" in text_of(answer)
    assert "看样品" in answer.text


@pytest.mark.clause("RC-26")
@pytest.mark.parametrize(
    "typed", [ID_NUMBER, "护照 E12345678", "身份证 1101 0119 9003 0712 34", "１１０１０１９００３０７１２３"]
)
def test_a_documents_number_is_never_kept(app: Flask, as_: As, typed: str) -> None:
    """RC-26: refused in every free text of a loan, beside the field, and nowhere in the database."""
    stock(app)
    answer = as_("desk1").send(f"{URL}lend", **(LEND | {"purpose": typed}))
    assert answer.status_code == 422
    assert "RC-26" in text_of(answer)
    number = lent(app)
    lost = as_("desk1").send(f"{URL}{number}/lost", looked_again="y", reason=f"{typed} 的人拿走了")
    assert lost.status_code == 422
    assert "RC-26" in text_of(lost)
    assert loan(app, number).state is Held.OUT
    with app.app_context():
        for table in ("key_loans", "history", "history_texts"):
            assert typed not in repr(db.session.execute(sa.text(f"SELECT * FROM {table}")).all())


@pytest.mark.clause("RC-26")
def test_the_document_is_handed_back(app: Flask, as_: As) -> None:
    """RC-26: looked at and handed back, or no key; its kind is kept and has no place for more."""
    stock(app)
    answer = as_("desk1").send(f"{URL}lend", **(LEND | {"handed_back": None, "purpose": "开会"}))
    assert answer.status_code == 422
    assert "RC-26" in text_of(answer)
    assert "开会" in answer.text
    assert as_("desk1").send(f"{URL}lend", **(LEND | {"document": ""})).status_code == 422
    assert as_("desk1").send(f"{URL}lend", **LEND).status_code == 303
    with app.app_context():
        (row,) = db.session.scalars(sa.select(KeyLoan))
        assert row.document is Document.WORK_CARD
    assert [column.name for column in KeyLoan.__table__.columns if "document" in column.name] == ["document"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"key": " "}, "This must be filled in."),
        ({"borrower": ""}, "RC-26"),
        ({"borrower": "nobody"}, "Nobody who works here"),
        ({"visit": "LF-20260302-9999", "borrower": ""}, "There is no such visit."),
        ({"due_at": "2026-03-01T10:00"}, "over already"),
    ],
)
def test_a_wrong_form_says_so_and_keeps_the_text(
    app: Flask, as_: As, wrong: dict[str, Any], said: str
) -> None:
    stock(app)
    answer = as_("desk1").send(f"{URL}lend", **(LEND | {"purpose": "看<样品>"} | wrong))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "看&lt;样品&gt;" in answer.text


def test_one_borrower_not_two(app: Flask, as_: As) -> None:
    stock(app)
    came = a_visit(app)
    assert as_("desk1").send(f"{URL}lend", **(LEND | {"visit": came})).status_code == 422
    answer = as_("desk1").send(f"{URL}lend", **(LEND | {"visit": came, "borrower": "", "back": "visit"}))
    assert answer.headers["Location"] == f"/reception/visits/{came}/keeping"
    assert visit(app, came).outstanding == 1
    again = as_("desk1").send(f"{URL}lend", **(LEND | {"visit": came, "borrower": "", "back": "visit"}))
    assert again.status_code == 409
    assert "孙国平" in again.text


@pytest.mark.clause("RC-26")
def test_an_overdue_key_is_told_up_the_ladder(app: Flask, at: At) -> None:
    """RC-26: borrower and desk at three quarters and at the end, then the borrower's lead, then the office."""
    stock(app)
    number = lent(app, due_at=moment("Mon 2026-03-02 11:00"))
    assert factories.waiting(app, "emp.tech") == [(number, "bring-key-back")]
    assert factories.waiting(app, "desk1") == []
    told = []
    for when in (
        "Mon 2026-03-02 10:29",
        "Mon 2026-03-02 10:30",
        "Mon 2026-03-02 11:00",
        "Mon 2026-03-02 13:30",
    ):
        told.append([line.split("\t")[2] for line in factories.sweep(app, at(when))])
        assert factories.sweep(app) == []
    assert told == [
        [],
        ["75 % handler -> emp.tech", "75 % desk -> desk1, desk2"],
        ["overdue since 2026-03-02T03:00:00+00:00 (RC-26)", "100 % handler -> emp.tech",
         "100 % desk -> desk1, desk2", "100 % lead -> lead.tech"],
        ["200 % office -> office1, office2"],
    ]  # fmt: skip
    assert factories.waiting(app, "desk1") == [(number, "take-key-back")]
    with app.app_context():
        actions.loan_act(number, "return", by=factories.viewer("desk2"), now=clock.now())
    assert factories.waiting(app, "desk1") == factories.waiting(app, "emp.tech") == []


def test_everybody_sees_the_own_loan_only(app: Flask, as_: As) -> None:
    stock(app)
    number = lent(app)
    page = as_("emp.tech").get(f"{URL}{number}")
    assert page.status_code == 200
    assert "bring the key back" in page.text
    assert "/return" not in page.text
    assert as_("emp.impl").get(f"{URL}{number}").status_code == 404
    assert as_("lead.tech").get(f"{URL}{number}").status_code == 404
    for address in (URL, f"{URL}ring", f"{URL}export"):
        assert as_("emp.tech").get(address).status_code == 403
    for verb in ("lend", f"{number}/return", f"{number}/lost", "ring/add"):
        assert as_("emp.tech").send(f"{URL}{verb}").status_code == 403
    assert as_("desk1").send(f"{URL}YS-20260302-0099/return").status_code == 404
    assert "Bring the key back" in as_("emp.tech").get("/").text


def test_back_in_one_touch(app: Flask, as_: As) -> None:
    stock(app)
    number = lent(app)
    assert as_("desk1").send(f"{URL}{number}/return", back="list").headers["Location"] == URL
    found = loan(app, number)
    assert (found.state, found.returned_by_id) == (Held.BACK, factories.id_of(app, "desk1"))
    again = as_("desk1").send(f"{URL}{number}/return")
    assert again.status_code == 409
    assert "RC-26" in again.text


@pytest.mark.clause("RC-26")
def test_a_key_is_lost_only_after_a_second_look(app: Flask, as_: As) -> None:
    stock(app)
    number = lent(app)
    answer = as_("desk1").send(f"{URL}{number}/lost", reason="忘在车上，车已开走")
    assert answer.status_code == 422
    assert "RC-26" in answer.text
    assert "忘在车上" in answer.text
    assert as_("desk1").send(f"{URL}{number}/lost", reason="忘在车上", looked_again="y").status_code == 303
    assert loan(app, number).lost_reason == "忘在车上"


def test_the_list_filters_searches_and_exports(app: Flask, as_: As, at: At) -> None:
    stock(app)
    due = moment("Mon 2026-03-02 09:20")
    one, other = (
        lent(app, visit=a_visit(app), due_at=due),
        lent(app, key="K-2", borrower="emp.impl", due_at=due),
    )
    browser = as_("desk1")

    def shown(query: str) -> set[str]:
        text = browser.get(f"{URL}?{query}").text
        return {number for number in (one, other) if f'{URL}{number}"' in text}

    assert shown("") == shown("show=all") == {one, other}
    assert shown("words=k-1") == shown("words=孙国平") == {one}
    assert shown("words=罗建国") == shown("words=2 号会议室") == {other}
    assert shown("show=overdue") == set()
    assert "13900005678" not in browser.get(URL).text
    at("Mon 2026-03-02 09:21")
    assert shown("show=overdue") == {one, other}
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{URL}export").data)).active
    assert book is not None
    rows = {row[0]: row for row in book.iter_rows(values_only=True)}
    assert rows[one][1:7] == ("K-1", "Room 1", "孙国平", "139****5678", visit_of(app, one), "Work card")


def visit_of(app: Flask, number: str) -> str:
    found = loan(app, number).visit
    assert found is not None
    return found.number


def test_a_page_costs_few_statements(app: Flask, as_: As) -> None:
    stock(app)
    lent(app)
    pages = (URL, f"{URL}?words=k", f"{URL}ring")
    one = [len(statements(as_("desk1"), page)) for page in pages]
    assert max(one) <= MOST
    lent(app, key="K-2", visit=a_visit(app))
    lent(app, key="K-3", borrower="emp.impl")
    assert [len(statements(as_("desk1"), page)) for page in pages] == one


def test_keys_of_the_house_are_added_and_retired(app: Flask, as_: As) -> None:
    browser = as_("desk1")
    assert (
        browser.send(f"{URL}ring/add", number="K-9", opens="机房", opens_en="Server room").status_code == 303
    )
    twice = browser.send(f"{URL}ring/add", number="K-9", opens="机房乙")
    assert twice.status_code == 409
    assert "RC-26" in twice.text
    assert "机房乙" in twice.text
    assert browser.send(f"{URL}ring/add", number="K-8", opens=" ").status_code == 422
    number = lent(app, key="K-9")
    with app.app_context():
        key = db.session.scalars(sa.select(Key)).one().id
    out = browser.send(f"{URL}ring/{key}/retire")
    assert out.status_code == 409
    assert "RC-26" in out.text
    browser.send(f"{URL}{number}/return")
    assert browser.send(f"{URL}ring/{key}/retire").status_code == 303
    refused = browser.send(f"{URL}lend", **(LEND | {"key": "K-9"}))
    assert refused.status_code == 409
    assert "RC-26" in refused.text
    assert browser.send(f"{URL}ring/{key}/restore").status_code == 303
    assert "Server room" in browser.get(f"{URL}ring").text
