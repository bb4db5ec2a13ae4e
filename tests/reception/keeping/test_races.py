"""Fifty at one tag, fifty at one key, at the same moment: one wins, the others are told; on both databases."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception.keeping.models import OUT, Deposit, KeyLoan
from portal.kernel.db import db
from tests import factories
from tests.conftest import client_of
from tests.faults.test_races import together
from tests.reception.keeping.ground import LEND, STORE, a_visit, stock, visit

PEOPLE = ("desk1", "desk2", "office1")
DESKS, ROUNDS = 50, 2


@pytest.mark.clause("RC-27")
def test_of_fifty_at_one_tag_one_wins(any_app: Flask) -> None:
    """RC-27: never two open deposits of one tag; the losers get 409, and the visit counts what it has."""
    stock(any_app)
    came = a_visit(any_app)
    browsers = [client_of(any_app, PEOPLE[place % len(PEOPLE)]) for place in range(DESKS)]
    for browser in browsers:
        browser.csrf()
    for tag in range(1, ROUNDS + 1):

        def store(place: int, tag: int = tag) -> tuple[int, bool]:
            fields = STORE | {"tag": str(tag), "visit": came, "name": ""}
            answer = browsers[place].send("/reception/deposits/store", **fields)
            return answer.status_code, "RC-27" in answer.text

        answers = together(DESKS, store)
        assert Counter(code for code, _ in answers) == {303: 1, 409: DESKS - 1}
        assert all(named for code, named in answers if code == 409)
        assert visit(any_app, came).outstanding == tag
    with any_app.app_context():
        out = sa.select(Deposit.tag_id, sa.func.count()).where(sa.text(OUT)).group_by(Deposit.tag_id)
        assert {count for _, count in db.session.execute(out)} == {1}
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("RC-26")
def test_of_fifty_at_one_key_one_wins(any_app: Flask) -> None:
    """RC-26: never two open loans of one key."""
    stock(any_app)
    browsers = [client_of(any_app, PEOPLE[place % len(PEOPLE)]) for place in range(DESKS)]
    for browser in browsers:
        browser.csrf()
    for _ in range(ROUNDS):

        def lend(place: int) -> tuple[int, bool]:
            answer = browsers[place].send("/reception/keys/lend", **LEND)
            return answer.status_code, "RC-26" in answer.text

        answers = together(DESKS, lend)
        assert Counter(code for code, _ in answers) == {303: 1, 409: DESKS - 1}
        assert all(named for code, named in answers if code == 409)
        with any_app.app_context():
            (number,) = db.session.scalars(sa.select(KeyLoan.number).where(sa.text(OUT)))

        def give_back(place: int, number: str = number) -> int:
            return browsers[place].send(f"/reception/keys/{number}/return").status_code

        assert sorted(together(2, give_back)) == [303, 409]
    assert factories.history_faults(any_app) == []
