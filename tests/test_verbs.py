"""A verb of whatever thing is done once however often its form is sent; every form that is drawn carries a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.kernel import history
from portal.kernel.db import db
from tests import factories
from tests.complaints.orders.made import an_order
from tests.conftest import client_of
from tests.faults.test_races import together
from tests.reception.keeping import ground
from tests.reception.makers import a_parcel, a_question

KEY = re.compile(r'name="idempotency_key"[^>]*value="([^"]+)"')


def _deposit(app: Flask) -> str:
    ground.stock(app)
    return f"/reception/deposits/{ground.stored(app)}"


def _key(app: Flask) -> str:
    ground.stock(app)
    return f"/reception/keys/{ground.lent(app)}"


def _day(_app: Flask) -> str:
    return "/reception/register/2026-03-02"


# The thing, whose verb, which, what is said, what is said otherwise, and the line of history that it leaves.
THINGS: dict[str, tuple[Callable[[Flask], str], str, str, dict[str, Any], dict[str, Any], str]] = {
    "deposit": (_deposit, "desk1", "lost", {"reason": "找不到", "looked_again": "y"}, {"reason": "丢"}, "deposit:lost"),
    "key": (_key, "desk1", "lost", {"reason": "找不到", "looked_again": "y"}, {"reason": "丢"}, "key_loan:lost"),
    "goods": (
        lambda app: f"/reception/goods/{ground.asked(app)}",
        "lead.tech", "approve", {"note": "同意"}, {"note": "可以"}, "goods_pass:approve",
    ),
    "parcel": (
        lambda app: f"/reception/parcels/{a_parcel(app).number}",
        "desk1", "return", {"reason": "地址不清"}, {"reason": "拒收"}, "parcel:return",
    ),
    "question": (
        lambda app: f"/reception/questions/{a_question(app).number}",
        "lead.tech", "reply", {"answer": "可以"}, {"answer": "不可以"}, "question:reply",
    ),
    "register": (_day, "desk1", "compile", {}, {"note": "x"}, "daily_register:compile"),
    "order": (
        lambda app: f"/complaints/orders/{an_order(app)}",
        "lead.tech", "note", {"note": "备件在途"}, {"note": "备件已到"}, "order:note",
    ),
}  # fmt: skip


def lines(app: Flask, event: str) -> int:
    """How often a line of that kind stands in the history."""
    with app.app_context():
        counted = sa.select(sa.func.count()).select_from(history.Line).where(history.Line.event == event)
        return db.session.scalar(counted) or 0


@pytest.mark.parametrize("thing", THINGS)
def test_a_form_that_is_sent_twice_is_taken_once_and_answered_alike(any_app: Flask, thing: str) -> None:
    made, who, verb, said, otherwise, event = THINGS[thing]
    address, browser = made(any_app), client_of(any_app, who)
    shown = browser.get(f"{address}?do={verb}").text
    form = next(f for f in re.findall(r"<form.*?</form>", shown, re.DOTALL) if f'{address}/{verb}"' in f)
    (key,) = KEY.findall(form)
    answers = [browser.send(f"{address}/{verb}", **said, idempotency_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert lines(any_app, event) == 1
    other = browser.send(f"{address}/{verb}", **(said | otherwise), idempotency_key=key)
    assert other.status_code == 409
    assert lines(any_app, event) == 1
    assert factories.history_faults(any_app) == []


def test_what_is_said_otherwise_under_the_same_key_stays_with_a_new_one(any_app: Flask) -> None:
    address, browser = f"/complaints/orders/{an_order(any_app)}/note", client_of(any_app, "lead.tech")
    sent: dict[str, Any] = {"note": "备件在途", "idempotency_key": "k"}
    assert browser.send(address, **sent).status_code == 303
    key = ""
    for htmx in (False, True):
        told = browser.send(address, htmx=htmx, **(sent | {"note": "备件已到"}))
        assert told.status_code == 409
        assert "备件已到" in told.text, "nothing typed is lost"
        (key,) = KEY.findall(told.text.partition('id="note"')[2].partition("</form>")[0])
        assert key != "k"
    assert browser.send(address, note="备件已到", idempotency_key=key).status_code == 303
    assert lines(any_app, "order:note") == 2


def test_of_the_same_form_sent_at_the_same_moment_one_is_taken(any_app: Flask) -> None:
    """Both are answered alike: whoever waited for the lock finds the form taken."""
    address = f"/complaints/orders/{an_order(any_app)}/note"
    browsers = [client_of(any_app, "lead.tech") for _ in range(3)]
    for browser in browsers:
        browser.csrf()
    for turn in range(5):

        def note(place: int, turn: int = turn) -> int:
            return browsers[place].send(address, note="备件在途", idempotency_key=f"k{turn}").status_code

        assert together(3, note) == [303, 303, 303]
        assert lines(any_app, "order:note") == turn + 1
