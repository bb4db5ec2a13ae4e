"""Sixteen at once at one place, tag, key, shift, approval, signature: one wins, the others are told; both databases.

Beside it: of sixteen edits of one version one is kept, and of one form sent sixteen times one case is made.
`make faults` plays a thousand rounds of each, TESTS_ROUNDS other many.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.pool import QueuePool
from werkzeug.test import TestResponse

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.swaps.models import Swap
from portal.blueprints.reception.codes import Category
from portal.blueprints.reception.keeping.models import OUT, Deposit, KeyLoan
from portal.kernel.db import db
from tests import factories
from tests.client import INTAKE, CarefulClient
from tests.conftest import At, client_of
from tests.duty.handover.making import EARLY, a_handover, a_note, counted
from tests.duty.handover.making import a_desk as two_shifts
from tests.duty.leave.making import MONDAY, a_desk, offer
from tests.duty.posts.making import a_shift
from tests.faults.test_double_booking import visits
from tests.faults.test_races import together
from tests.reception.keeping.ground import LEND, STORE, stock

ROUNDS = int(os.environ.get("TESTS_ROUNDS", "1000")) if os.environ.get("TESTS_WHOLE") == "1" else 1
CROWD, PLAIN = 16, 2


@dataclass(frozen=True)
class Ask:
    """What one of the sixteen sends."""

    browser: CarefulClient
    address: str
    fields: dict[str, Any] = field(default_factory=dict)


Answers = list[TestResponse]
Race = Generator[list[Ask], Answers, None]  # what is sent at once; what it was answered


def crowd(app: Flask, *people: str) -> list[CarefulClient]:
    """Sixteen browsers of these people in turn."""
    found = [client_of(app, people[n % len(people)]) for n in range(CROWD)]
    for browser in found:
        browser.csrf()
        browser.careful = False
    return found


def sent(ask: Ask, n: int) -> TestResponse:
    """A few as plain forms, the others by htmx, to which a refusal is a word and no page to be drawn."""
    return ask.browser.send(ask.address, htmx=n >= PLAIN, **ask.fields)


def winner_of(answers: Answers) -> int:
    """The place of the one that was not refused."""
    (won,) = (n for n, answer in enumerate(answers) if answer.status_code != 409)
    return won


def asked_alike(people: list[CarefulClient], address: str, **fields: Any) -> list[Ask]:
    return [Ask(browser, address, fields) for browser in people]


def place(app: Flask, _at: At) -> Race:
    people, numbers = crowd(app, "desk1", "desk2", "office1"), visits(app, CROWD, Category.C)
    while True:
        addresses = [f"/reception/visits/{number}/seat" for number in numbers]
        asks = [Ask(who, where, {"place": "small"}) for who, where in zip(people, addresses, strict=True)]
        won = winner_of((yield asks))
        assert people[0].send(f"/reception/visits/{numbers[won]}/leave").status_code == 303
        numbers[won : won + 1] = visits(app, 1, Category.C)


@dataclass(frozen=True)
class Held:
    """What one person holds at a time: where it is given out and with what, and how it comes back."""

    of: type[Deposit] | type[KeyLoan]
    given_out: str
    fields: dict[str, Any]
    back: str
    back_with: dict[str, Any] = field(default_factory=dict)


TAG = Held(Deposit, "/reception/deposits/store", STORE, "/reception/deposits/{}/release", {"tag": "7"})
KEY = Held(KeyLoan, "/reception/keys/lend", LEND, "/reception/keys/{}/return")


def held(thing: Held, app: Flask, _at: At) -> Race:
    """Who gets it, and who takes it back; then it is there again."""
    stock(app)
    people = crowd(app, "desk1", "desk2", "office1")
    while True:
        yield asked_alike(people, thing.given_out, **thing.fields)
        with app.app_context():
            (number,) = db.session.scalars(sa.select(thing.of.number).where(sa.text(OUT)))
            db.session.remove()
        yield asked_alike(people, thing.back.format(number), **thing.back_with)


def shift(app: Flask, _at: At) -> Race:
    """Who takes it, and who approves that; then it is as it was before."""
    desk = a_desk(app)
    its = a_shift(app, desk.roster, desk.office.post, desk.office.day, MONDAY + timedelta(days=1), "desk1")
    giver, takers, heads = (
        client_of(app, "desk1"),
        crowd(app, "desk2", "emp.admin"),
        crowd(app, "office1", "office2"),
    )
    giver.careful = False
    while True:
        swap = offer(giver, its)
        won = winner_of((yield asked_alike(takers, f"/duty/swaps/{swap}/accept")))
        yield asked_alike(heads, f"/duty/swaps/{swap}/approve")
        with app.app_context(), db.write():
            row = db.session.get_one(Shift, its)
            assert row.person_id == db.session.get_one(Swap, swap).taker_id
            assert row.person_id == factories.viewer(("desk2", "emp.admin")[won % 2]).id
            db.session.execute(sa.update(Shift).values(person_id=factories.viewer("desk1").id))


def approval(app: Flask, _at: At) -> Race:
    people = crowd(app, "lead.tech", "gm")
    while True:
        number = factories.a_case(app, State.PROPOSED)
        yield asked_alike(people, f"/complaints/{number}/approve", note="同意")


def signature(app: Flask, at: At) -> Race:
    at("Mon 2026-03-02 09:00")
    a_note(app, two_shifts(app).post)
    at("Mon 2026-03-02 13:50")
    handover, people = a_handover(app), crowd(app, EARLY)
    while True:
        counted(app, handover)  # each count begins a new round
        yield asked_alike(people, f"/duty/handover/{handover}/sign")


RACES: dict[str, tuple[str, Callable[[Flask, At], Race]]] = {
    "place": ("RC-02", place),
    "tag": ("RC-27", partial(held, TAG)),
    "key": ("RC-26", partial(held, KEY)),
    "shift": ("DR-21", shift),
    "approval": ("CP-11", approval),
    "signature": ("DR-10", signature),
}


@pytest.fixture
def _connections_for_all(any_app: Flask) -> None:
    """As many as there are in the crowd: to open one takes longer than what is asked by it."""
    with any_app.app_context():
        pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    pool._pool.maxsize = CROWD + 1


@pytest.mark.usefixtures("_connections_for_all")
@pytest.mark.parametrize(
    "what", [pytest.param(name, marks=pytest.mark.clause(clause)) for name, (clause, _) in RACES.items()]
)
def test_of_sixteen_at_one_thing_one_wins(any_app: Flask, at: At, what: str) -> None:
    clause, begin = RACES[what]
    race = begin(any_app, at)
    asks = next(race)
    for turn in range(ROUNDS):
        answers = together(CROWD, lambda n, asks=asks: sent(asks[n], n))  # type: ignore[misc]
        codes = Counter(answer.status_code for answer in answers)
        assert codes[409] == CROWD - 1, (turn, codes, [a.text for a in answers if a.status_code >= 422])
        assert sum(codes[done] for done in (200, 204, 303)) == 1, (turn, codes)
        assert all(clause in answer.text for answer in answers if answer.status_code == 409), turn
        asks = race.send(answers)
    assert factories.history_faults(any_app) == []


@pytest.mark.usefixtures("_connections_for_all")
def test_of_sixteen_edits_of_one_version_one_is_kept(any_app: Flask) -> None:
    people, number = crowd(any_app, "desk1", "desk2", "office1", "office2"), factories.a_case(any_app)
    for turn in range(ROUNDS):
        form = {
            "kind": "complaint",
            "category": "product",
            "version": str(factories.load(any_app, number).version),
        }

        def edit(n: int, form: dict[str, str] = form, turn: int = turn) -> int:
            return people[n].act(number, "edit", **form, content=f"第{turn}轮第{n}人").status_code

        codes = together(CROWD, edit)
        assert Counter(codes) == {303: 1, 409: CROWD - 1}, turn
        assert factories.load(any_app, number).content == f"第{turn}轮第{codes.index(303)}人"
    assert factories.history_faults(any_app) == []


@pytest.mark.usefixtures("_connections_for_all")
def test_one_form_sent_sixteen_times_at_once_makes_one_case(any_app: Flask) -> None:
    people = crowd(any_app, "desk1")
    for turn in range(ROUNDS):

        def send(n: int, turn: int = turn) -> tuple[int, str]:
            answer = people[n].send("/complaints/new", **INTAKE, idempotency_key=f"{turn:032}")
            return answer.status_code, answer.headers.get("Location", "")

        answers = together(CROWD, send)
        assert Counter(answers) == {(303, f"/complaints/TS-20260302-{turn + 1:04}"): CROWD}, turn
    with any_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == ROUNDS
    assert factories.history_faults(any_app) == []
