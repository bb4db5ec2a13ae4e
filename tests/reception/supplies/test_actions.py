"""The stock moves, never below nothing; purchases go their way: on both databases."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import NotFound

from portal import setup
from portal.blueprints.reception import privacy
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.supplies import actions, queries
from portal.blueprints.reception.supplies.codes import MovementKind, PurchaseState
from portal.blueprints.reception.supplies.models import Movement
from portal.blueprints.reception.supplies.reference import SHIPPED
from portal.kernel import clock, todos
from portal.kernel.db import db
from portal.kernel.rights import Position
from portal.kernel.workflow import Forbidden, Refused
from portal.verification import faults
from tests import factories
from tests.conftest import At, client_of
from tests.faults.test_races import together
from tests.reception.supplies.made import (
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

DESKS = 50
M, P = MovementKind, PurchaseState


def reasons(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [f"{reason.clause} {reason.code}" for reason in error.value.reasons]


@pytest.mark.clause("RC-15")
def test_general_and_special_supplies_are_there_with_an_empty_stock(any_app: Flask) -> None:
    with any_app.app_context():
        setup.init_db()
        found = {s.code: s for s in queries.active()}
    assert list(found) == [row[0] for row in SHIPPED]
    assert {s.on_hand for s in found.values()} == {0}
    kinds = {kind: {c for c, s in found.items() if s.kind == kind} for kind in ("general", "special")}
    assert kinds["general"] == {"ashtray", "cups", "water", "notepaper", "pencils"}
    assert {"coffee", "green-tea", "black-tea", "tea-set"} == kinds["special"]
    assert all(s.minimum for s in found.values())


@pytest.mark.clause("RC-15")
def test_no_more_is_used_than_there_is(any_app: Flask) -> None:
    stocked(any_app, 3)
    used(any_app, 2)
    with pytest.raises(Refused) as refused:
        used(any_app, 2)
    assert reasons(refused) == ["RC-15 not_enough"]
    assert refused.value.reasons[0].given == {"left": 1, "wanted": 2}
    used(any_app, 1)
    assert [(m.kind, m.amount, m.on_hand) for m in movements(any_app)] == [
        (M.RECEIVED, 3, 3),
        (M.USED, -2, 1),
        (M.USED, -1, 0),
    ]
    assert supply(any_app).on_hand == 0


@pytest.mark.clause("RC-15")
def test_the_database_itself_refuses_a_stock_below_nothing(any_app: Flask) -> None:
    stocked(any_app, 1)
    for table in ("supplies", "supply_movements"):
        with any_app.app_context(), pytest.raises(DatabaseError), db.write():
            db.session.execute(sa.text(f"UPDATE {table} SET on_hand = -1"))
    assert supply(any_app).on_hand == 1


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize("change", ["UPDATE supply_movements SET amount = 5", "DELETE FROM supply_movements"])
def test_a_movement_stands(any_app: Flask, change: str) -> None:
    stocked(any_app, 9)
    with any_app.app_context(), pytest.raises(DatabaseError, match="append-only"), db.write():
        db.session.execute(sa.text(change))
    assert [m.amount for m in movements(any_app)] == [9]


@pytest.mark.clause("RC-15")
def test_of_many_who_take_the_last_cup_exactly_one_gets_it(any_app: Flask) -> None:
    stocked(any_app, 1)
    browsers = [client_of(any_app, ("desk1", "desk2")[place % 2]) for place in range(DESKS)]
    for browser in browsers:
        browser.csrf()

    def take(place: int) -> int:
        return browsers[place].send("/reception/supplies/cups/use?list=1").status_code

    assert Counter(together(DESKS, take)) == {303: 1, 409: DESKS - 1}
    assert supply(any_app).on_hand == 0
    assert [m.amount for m in movements(any_app)] == [1, -1]
    assert factories.history_faults(any_app) == []


def test_one_key_takes_one_however_often_it_is_sent_at_once(any_app: Flask) -> None:
    stocked(any_app, 20)
    browsers = [client_of(any_app, "desk1") for _ in range(8)]
    for browser in browsers:
        browser.csrf()

    def take(place: int) -> int:
        return browsers[place].send("/reception/supplies/cups/use", idempotency_key="once").status_code

    assert Counter(together(8, take)) == {303: 8}
    assert supply(any_app).on_hand == 19


@pytest.mark.clause("RC-15")
def test_a_count_sets_the_books_right_and_says_why(any_app: Flask) -> None:
    stocked(any_app, 10)

    with any_app.app_context():
        by: dict[str, Any] = {"by": factories.viewer("emp.admin"), "now": clock.now()}
        with pytest.raises(actions.Unexplained):
            actions.count("cups", counted=8, **by)
        actions.count("cups", counted=10, **by)
        actions.count("cups", counted=8, note="碎了两个", **by)
        actions.count("cups", counted=9, note="柜子里找到一个", **by)
    assert [(m.kind, m.amount, m.on_hand) for m in movements(any_app)][1:] == [
        (M.COUNTED, 0, 10),
        (M.COUNTED, -2, 8),
        (M.COUNTED, 1, 9),
    ]
    assert supply(any_app).on_hand == 9


STEPS = st.lists(
    st.tuples(st.sampled_from(["receive", "use", "count", "write-off", "back"]), st.integers(1, 12)),
    max_size=12,
)


@pytest.mark.clause("RC-15")
def test_the_stock_is_the_sum_of_its_movements(app: Flask) -> None:
    visit_id = a_visit(app)

    @settings(max_examples=25, deadline=None)
    @given(steps=STEPS)
    def plays(steps: list[tuple[str, int]]) -> None:
        with app.app_context():
            _plays(visit_id, steps)

    plays()


def _plays(visit_id: int, steps: list[tuple[str, int]]) -> None:
    """Every step on top of what the plays before it left; a refusal changes nothing."""
    by: dict[str, Any] = {"by": factories.viewer("desk1"), "now": clock.now()}
    visit, found = db.session.get_one(Visit, visit_id), queries.find("cups")
    expected, laid_out = found.on_hand, queries.used_by(visit_id, found.id)
    for verb, n in steps:
        stock, back = {
            "use": (-n, n),
            "back": (n, -n),
            "receive": (n, 0),
            "write-off": (-n, 0),
            "count": (n - expected, 0),
        }[verb]
        try:
            match verb:
                case "use":
                    actions.use("cups", visit=visit, amount=n, **by)
                case "back":
                    actions.put_back("cups", visit=visit, amount=n, **by)
                case "count":
                    actions.count("cups", counted=n, note="盘点", **by)
                case _:
                    actions.STOCK[verb]("cups", amount=n, note="破损", **by)
        except Refused:
            assert expected + stock < 0 or laid_out + back < 0
        else:
            expected, laid_out = expected + stock, laid_out + back
    db.session.rollback()
    moved = sa.select(sa.func.sum(Movement.amount)).where(Movement.supply_id == found.id)
    db.session.expire_all()
    assert queries.find("cups").on_hand == (db.session.scalar(moved) or 0) == expected >= 0
    assert queries.used_by(visit_id, found.id) == laid_out >= 0


@pytest.mark.clause("RC-15")
def test_low_stock_is_told_once_and_is_gone_when_it_is_received(any_app: Flask) -> None:
    stocked(any_app, 101)
    used(any_app, 1)
    assert factories.told(any_app, "supply:low") == []
    used(any_app, 1)
    used(any_app, 1)
    assert factories.told(any_app, "supply:low") == ["lead.admin"]
    assert factories.waiting(any_app, "lead.admin") == [("cups", "supply-low")]
    stocked(any_app, 1)
    assert factories.waiting(any_app, "lead.admin") != []
    stocked(any_app, 1)
    assert factories.waiting(any_app, "lead.admin") == []
    used(any_app, 50)
    assert factories.told(any_app, "supply:low") == ["lead.admin", "lead.admin"]


def test_low_stock_is_the_clerks_where_there_is_one(any_app: Flask) -> None:
    factories.a_seat(any_app, Position.CLERK, "admin", "emp.admin")
    stocked(any_app, 100)
    used(any_app, 1)
    assert factories.told(any_app, "supply:low") == ["emp.admin"]
    assert factories.waiting(any_app, "emp.admin") == [("cups", "supply-low")]
    assert factories.waiting(any_app, "lead.admin") == []


@pytest.mark.clause("RC-15")
def test_what_a_visit_used_goes_back_only_as_far_as_it_was_used(any_app: Flask) -> None:
    visit_id = a_visit(any_app)
    stocked(any_app, 10)
    with any_app.app_context():
        visit = db.session.get_one(Visit, visit_id)
        by: dict[str, Any] = {"by": factories.viewer("emp.tech"), "now": clock.now(), "visit": visit}
        actions.use("cups", amount=3, **by)
        actions.put_back("cups", amount=2, **by)
        with pytest.raises(Refused) as refused:
            actions.put_back("cups", amount=2, **by)
    assert reasons(refused) == ["RC-15 not_used"]
    assert supply(any_app).on_hand == 9
    assert [m.visit_id for m in movements(any_app)] == [None, visit_id, visit_id]


@pytest.mark.clause("RC-15")
def test_a_touch_by_mistake_is_taken_back_once_and_for_ten_minutes(any_app: Flask, at: At) -> None:
    a_visit(any_app)
    at("Mon 2026-03-02 09:00")
    stocked(any_app, 10)
    used(any_app, 3)
    received, taken = movements(any_app)

    def back(movement: int) -> str:
        with any_app.app_context():
            by: dict[str, Any] = {"by": factories.viewer("desk2"), "now": clock.now()}
            try:
                return str(actions.take_back("cups", movement=movement, **by).on_hand)
            except Refused as refused:
                return refused.reasons[0].code

    assert back(received.id) == "only_a_use"
    at("Mon 2026-03-02 09:10")
    assert back(taken.id) == "10"
    assert back(taken.id) == "back_already"
    used(any_app, 1)
    at("Mon 2026-03-02 09:21")
    assert back(movements(any_app)[-1].id) == "too_late"
    assert [m.amount for m in movements(any_app)] == [10, -3, 3, -1]
    with any_app.app_context(), pytest.raises(NotFound):
        actions.take_back("water", by=factories.viewer("desk1"), now=clock.now(), movement=taken.id)


def test_a_visit_that_is_over_uses_nothing(any_app: Flask) -> None:
    visit_id = a_visit(any_app, state=State.NO_SHOW)
    stocked(any_app, 10)
    with any_app.app_context(), pytest.raises(Refused) as refused:
        actions.use(
            "cups",
            by=factories.viewer("desk1"),
            now=clock.now(),
            visit=db.session.get_one(Visit, visit_id),
        )
    assert reasons(refused) == ["RC-15 visit_over"]


def test_what_was_noted_beside_a_visit_is_forgotten_with_it(any_app: Flask) -> None:
    visit_id = a_visit(any_app)
    stocked(any_app, 10)
    with any_app.app_context():
        visit = db.session.get_one(Visit, visit_id)
        by: dict[str, Any] = {"by": factories.viewer("desk1"), "now": clock.now()}
        actions.use("cups", note="贾总要大杯", visit=visit, **by)
        actions.use("cups", note="内部会议", **by)
        assert actions.erase in privacy.ERASERS
        with db.write():
            for erase in privacy.ERASERS:
                erase(visit_id)
        kept = [m.note for m in movements(any_app)]
    assert kept == ["", "", "内部会议"]
    told = [line.details for line in factories.events(any_app)]
    assert not any("贾总" in words for words in told)


@pytest.mark.parametrize("username", ["emp.tech", "gm", "lead.tech"])
def test_the_stock_is_moved_by_those_who_keep_it(any_app: Flask, username: str) -> None:
    for verb in (stocked, used):
        with pytest.raises(Forbidden):
            verb(any_app, 1, by=username)


# -- purchase requests -----------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-15")
def test_a_request_from_the_asking_to_the_stock(any_app: Flask) -> None:
    factories.a_seat(any_app, Position.PURCHASER, "", "emp.impl")
    number = asked(any_app, cups=200, green_tea=30)
    assert number == "CG-20260302-0001"
    assert factories.waiting(any_app, "lead.admin") == [(number, "purchase-approve")]
    assert factories.waiting(any_app, "office1") == [(number, "purchase-approve")]
    assert factories.told(any_app, "purchase:asked") == ["lead.admin"]
    act(any_app, "lead.admin", "approve", number, note="同意")
    assert factories.told(any_app, "purchase:approved") == ["desk1"]
    assert factories.told(any_app, "purchase:to_buy") == ["emp.impl"]
    assert factories.waiting(any_app, "emp.impl") == [(number, "purchase-buy")]
    assert factories.waiting(any_app, "lead.admin") == factories.waiting(any_app, "desk2") == []
    act(any_app, "emp.impl", "buy", number, supplier="晨光文具")
    assert factories.waiting(any_app, "emp.impl") == []
    assert factories.waiting(any_app, "desk2") == [(number, "purchase-receive")]
    first = {line.id: {"cups": 150, "green-tea": 30}[code] for code, line in lines(any_app, number).items()}
    assert act(any_app, "desk2", "receive", number, came=first).state is P.APPROVED
    assert factories.waiting(any_app, "desk2") == [(number, "purchase-receive")]
    rest = {line.id: line.missing for line in lines(any_app, number).values()}
    assert act(any_app, "emp.admin", "receive", number, came=rest).state is P.RECEIVED
    assert factories.told(any_app, "purchase:received") == ["desk1"]
    assert factories.waiting(any_app, "desk2") == []
    assert (supply(any_app).on_hand, supply(any_app, "green-tea").on_hand) == (200, 30)
    assert [m.amount for m in movements(any_app)] == [150, 50]
    found = purchase(any_app, number)
    assert {m.purchase_id for m in movements(any_app)} == {found.id}
    assert factories.history_faults(any_app) == []
    with any_app.app_context():
        assert list(faults()) == []


@pytest.mark.clause("RC-15")
@pytest.mark.parametrize("username", ["lead.admin", "office1"])
def test_who_asked_does_not_approve(any_app: Flask, username: str) -> None:
    number = asked(any_app, by=username)
    for verb in ("approve", "decline"):
        with pytest.raises(Refused) as refused:
            act(any_app, username, verb, number, note="x")
        assert reasons(refused) == ["RC-15 own_purchase"]
    assert factories.waiting(any_app, username) == []
    assert purchase(any_app, number).state is P.ASKED
    assert act(any_app, "office2", "approve", number).state is P.APPROVED


def test_without_a_purchaser_the_general_office_buys(any_app: Flask) -> None:
    number = asked(any_app)
    act(any_app, "lead.admin", "approve", number)
    assert factories.waiting(any_app, "office2") == [(number, "purchase-buy")]
    assert act(any_app, "office2", "buy", number).bought_by_id == factories.id_of(any_app, "office2")
    with pytest.raises(Refused) as refused:
        act(any_app, "office1", "buy", number)
    assert reasons(refused) == ["RC-15 bought_already"]


def test_what_is_missing_may_never_come(any_app: Flask) -> None:
    number = asked(any_app)
    act(any_app, "office1", "approve", number)
    (line,) = lines(any_app, number).values()
    assert act(any_app, "desk1", "receive", number, came={line.id: 5}, complete=True).state is P.RECEIVED
    assert supply(any_app).on_hand == 5


def test_a_request_is_declined_or_cancelled_and_said_so(any_app: Flask) -> None:
    first, second = asked(any_app), asked(any_app)
    assert act(any_app, "office1", "decline", first, note="够用").state is P.DECLINED
    assert factories.told(any_app, "purchase:declined") == ["desk1"]
    act(any_app, "office1", "approve", second)
    (line,) = lines(any_app, second).values()
    assert act(any_app, "desk1", "cancel", second, note="不需要了").state is P.CANCELLED
    assert factories.told(any_app, "purchase:cancelled") == ["office1", "office2"]
    with any_app.app_context():
        assert list(db.session.scalars(sa.select(todos.Todo))) == []
    third = asked(any_app)
    act(any_app, "office1", "approve", third)
    (line,) = lines(any_app, third).values()
    act(any_app, "desk1", "receive", third, came={line.id: 1})
    with pytest.raises(Refused) as refused:
        act(any_app, "desk1", "cancel", third, note="x")
    assert reasons(refused) == ["RC-15 something_came"]


def test_one_key_asks_once(any_app: Flask) -> None:
    with any_app.app_context():
        by: dict[str, Any] = {"by": factories.viewer("desk1"), "now": clock.now(), "key": "k"}
        cups = queries.find("cups").id
        number = actions.ask({cups: (5, "")}, **by).number
        for amount, same in ((5, True), (6, False)):
            with pytest.raises(actions.Doubled) as doubled:
                actions.ask({cups: (amount, "")}, **by)
            assert (doubled.value.same, doubled.value.number) == (same, number)
    assert asked(any_app) == "CG-20260302-0002"


def test_two_receipts_of_one_delivery_at_once_are_one(any_app: Flask) -> None:
    number = asked(any_app)
    act(any_app, "office1", "approve", number)
    (line,) = lines(any_app, number).values()
    seen = purchase(any_app, number).version
    browsers = [client_of(any_app, name) for name in ("desk1", "desk2")]
    for browser in browsers:
        browser.csrf()

    def come(place: int) -> int:
        fields: dict[str, Any] = {f"came_{line.id}": 20, "version": seen}
        return browsers[place].send(f"/reception/supplies/purchases/{number}/receive", **fields).status_code

    assert sorted(together(2, come)) == [303, 409]
    assert supply(any_app).on_hand == 20
