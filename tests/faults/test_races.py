"""Two at the same time: one wins, the other is told, nothing is lost or doubled; on both databases."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import State
from portal.blueprints.complaints.models import Case
from portal.kernel import clock, numbers
from portal.kernel.db import db
from tests import factories
from tests.client import INTAKE
from tests.conftest import client_of

T = TypeVar("T")
ROUNDS = 20 if os.environ.get("TESTS_WHOLE") == "1" else 4


def together(count: int, work: Callable[[int], T]) -> list[T]:
    """What `count` threads answer that begin at the same moment; an error of any of them is raised here."""
    gate = threading.Barrier(count)
    answers: dict[int, T] = {}
    wrong: list[BaseException] = []

    def run(place: int) -> None:
        try:
            gate.wait(20)
            answers[place] = work(place)
        except BaseException as error:  # noqa: BLE001  # raised in the test's own thread
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(90)
    if wrong:
        raise wrong[0]
    return [answers[place] for place in range(count)]


@pytest.mark.parametrize(
    ("state", "verb", "people", "form", "after"),
    [
        (State.REGISTERED, "route", ("desk1", "desk2"), {}, State.ROUTED),
        (State.ROUTED, "accept", ("lead.tech", "gm"), {"handler": "emp.tech"}, State.ACCEPTED),
        (State.PROPOSED, "approve", ("lead.tech", "gm"), {"note": "同意"}, State.APPROVED),
    ],
)
def test_of_two_at_the_same_verb_one_wins(
    any_app: Flask, state: State, verb: str, people: tuple[str, str], form: dict[str, Any], after: State
) -> None:
    browsers = [client_of(any_app, username) for username in people]
    for browser in browsers:
        browser.csrf()
    for _ in range(ROUNDS):
        number = factories.a_case(any_app, state)

        def act(place: int, number: str = number) -> int:
            return browsers[place].act(number, verb, **form).status_code

        codes = together(2, act)
        assert sorted(codes) == [303, 409]
        assert factories.load(any_app, number).state is after
        assert [line.event for line in factories.events(any_app, number)].count(f"case:{verb}") == 1
    assert factories.history_faults(any_app) == []


def test_approving_and_returning_at_the_same_time(any_app: Flask) -> None:
    browsers = [client_of(any_app, "lead.tech"), client_of(any_app, "gm")]
    for browser in browsers:
        browser.csrf()
    for _ in range(ROUNDS):
        number = factories.a_case(any_app, State.PROPOSED)

        def decide(place: int, number: str = number) -> int:
            return browsers[place].act(number, ("approve", "return")[place], note="决定").status_code

        codes = together(2, decide)
        assert sorted(codes) == [303, 409]
        won = (State.APPROVED, State.RETURNED)[codes.index(303)]
        assert factories.load(any_app, number).state is won


def test_one_key_makes_one_case_however_often_it_is_sent_at_once(any_app: Flask) -> None:
    browsers = [client_of(any_app, "desk1") for _ in range(16)]
    for browser in browsers:
        browser.csrf()

    def send(place: int) -> tuple[int, str]:
        answer = browsers[place].send("/complaints/new", **INTAKE, idempotency_key="once")
        return answer.status_code, answer.headers.get("Location", "")

    answers = together(16, send)
    assert Counter(answers) == {(303, "/complaints/TS-20260302-0001"): 16}
    with any_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 1


def test_one_key_makes_one_dealing_however_often_it_is_sent_at_once(any_app: Flask) -> None:
    number = factories.a_case(any_app, State.ACCEPTED)
    browsers = [client_of(any_app, "emp.tech") for _ in range(8)]
    for browser in browsers:
        browser.csrf()

    def send(place: int) -> int:
        given = {"note": "甲" if place % 2 else "乙", "idempotency_key": "once"}
        return browsers[place].act(number, "contact", **given).status_code

    codes = together(8, send)
    (made,) = factories.dealings(any_app, number, "contact")
    same = range(1, 8, 2) if made.note == "甲" else range(0, 8, 2)
    assert [codes[place] for place in same] == [303] * 4
    assert Counter(codes) == {303: 4, 409: 4}


def test_numbers_have_no_gap_and_no_double(any_app: Flask) -> None:
    browsers = [client_of(any_app, username) for username in ("desk1", "desk2", "emp.tech", "gm") * 2]
    for browser in browsers:
        browser.csrf()

    def register(place: int) -> list[int]:
        # Every third form is wrong, and must take no number with it.
        return [
            browsers[place].register(category="product" if turn % 3 else "nonsense").status_code
            for turn in range(6)
        ]

    codes = [code for found in together(8, register) for code in found]
    assert Counter(codes) == {303: 32, 422: 16}
    with any_app.app_context():
        found = sorted(db.session.scalars(sa.select(Case.number)))
    assert found == [f"TS-20260302-{n:04}" for n in range(1, 33)]
    assert factories.history_faults(any_app) == []


def test_a_number_that_was_rolled_back_is_given_out_again(any_app: Flask) -> None:
    def fails() -> None:
        with db.write():
            assert numbers.take("TS", clock.now()) == "TS-20260302-0001"
            raise RuntimeError

    with any_app.app_context():
        with pytest.raises(RuntimeError):
            fails()
        with db.write():
            assert numbers.take("TS", clock.now()) == "TS-20260302-0001"
            assert numbers.take("GZ", clock.now()) == "GZ-20260302-0001"
    with any_app.app_context(), db.write():
        assert numbers.take("TS", clock.now()) == "TS-20260302-0002"


def test_no_edit_is_lost_without_a_word(any_app: Flask) -> None:
    browsers = [client_of(any_app, username) for username in ("desk1", "desk2", "office1", "office2")]
    for browser in browsers:
        browser.csrf()
    for turn in range(ROUNDS):
        number = factories.a_case(any_app)
        seen = str(factories.load(any_app, number).version)

        def edit(place: int, number: str = number, seen: str = seen, turn: int = turn) -> int:
            form = {
                "kind": "complaint",
                "category": "product",
                "content": f"第{turn}轮第{place}人",
                "version": seen,
            }
            return browsers[place].act(number, "edit", **form).status_code

        codes = together(4, edit)
        assert Counter(codes) == {303: 1, 409: 3}
        assert factories.load(any_app, number).content == f"第{turn}轮第{codes.index(303)}人"


def test_remarks_of_many_are_all_kept(any_app: Flask) -> None:
    number = factories.a_case(any_app, State.ACCEPTED)
    people = ("desk1", "desk2", "lead.tech", "emp.tech", "gm", "office1")
    browsers = [client_of(any_app, username) for username in people]
    for browser in browsers:
        browser.csrf()

    def remark(place: int) -> list[int]:
        return [browsers[place].act(number, "note", note=f"{place}-{turn}").status_code for turn in range(4)]

    codes = [code for found in together(len(people), remark) for code in found]
    kept = [line for line in factories.events(any_app, number) if line.event == "case:note"]
    # PostgreSQL queues at the case; SQLite at the file: nobody is turned away.
    assert (Counter(codes), len(kept)) == ({303: 24}, 24)
    assert factories.history_faults(any_app) == []
