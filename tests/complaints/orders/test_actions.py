"""What the verbs of a service order do, who may, and what they refuse; on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints.codes import Category, Decision, Kind, State, Urgency
from portal.blueprints.complaints.models import Case
from portal.blueprints.complaints.orders import actions, queries
from portal.blueprints.complaints.orders.codes import EntryKind, Fate, OrderKind, OrderState
from portal.blueprints.complaints.orders.workflow import ORDER
from portal.kernel import clock
from portal.kernel.db import Base, db
from portal.kernel.rights import Position
from portal.kernel.sent_forms import SaidOtherwise, Sent
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.complaints.orders.made import (
    PATH,
    TODAY,
    an_order,
    asked,
    do,
    entries,
    events,
    load,
    load_here,
    refused,
)
from tests.conftest import At

S = OrderState


@pytest.mark.clause("CP-30")
def test_an_order_goes_from_the_request_to_the_acceptance(any_app: Flask) -> None:
    number = an_order(any_app, S.ACCEPTED)
    order = load(any_app, number)
    assert number == "WX-20260302-0001"
    assert (order.state, order.accepted_by, order.works) == (S.ACCEPTED, "陈桂芳", 1)
    assert (order.charge, order.paid) == (Decimal("91.00"), Decimal("0.00"))
    assert order.reported_on == TODAY
    assert events(any_app, number) == ["order:ask", *(f"order:{row[1]}" for row in PATH)]
    assert factories.history_faults(any_app) == []


def test_every_state_is_reached_and_left() -> None:
    reached = {step.to for step in ORDER.steps if step.to} | {S.ASKED}
    assert reached == set(S)
    left = {
        source for step in ORDER.steps if step.to and step.to not in step.sources for source in step.sources
    }
    assert set(S) - left == {S.ACCEPTED, S.CANCELLED}
    assert set(actions.ACTIONS) == set(ORDER.verbs)


@pytest.mark.clause("CP-30")
def test_only_another_lead_approves(app: Flask) -> None:
    number = an_order(app)
    for who in ("desk1", "emp.tech"):
        with pytest.raises((Forbidden, NotFound)):
            do(app, who, "approve", number)
    with pytest.raises(NotFound):
        do(app, "lead.market", "approve", number)
    assert do(app, "lead.tech", "approve", number) is S.APPROVED
    own = an_order(app, by="lead.tech")
    factories.a_seat(app, Position.LEAD, "tech", holder="lead.tech", deputy="sup.tech")
    deputised = an_order(app, by="lead.tech")
    assert (deputised, "order-approve") in factories.waiting(app, "sup.tech")
    assert (deputised, "order-approve") not in factories.waiting(app, "lead.tech")
    assert refused(app, "lead.tech", "approve", own) == ["CP-30 own_order"]
    assert (own, "order-approve") in factories.waiting(app, "gm")
    assert (own, "order-approve") not in factories.waiting(app, "lead.tech")
    assert do(app, "gm", "approve", own) is S.APPROVED


@pytest.mark.clause("CP-30")
def test_within_the_warranty_no_money_is_taken(app: Flask) -> None:
    number = an_order(app, S.ASSIGNED, warranty_until=TODAY)
    do(
        app,
        "emp.tech",
        "work",
        number,
        part="主板",
        quantity=1,
        price=Decimal("320.00"),
        hours=Decimal("1.5"),
    )
    assert load(app, number).charge == 0
    assert refused(app, "emp.tech", "done", number, result="好了", paid=Decimal("0.01")) == [
        "CP-30 within_warranty"
    ]
    assert do(app, "emp.tech", "done", number, result="好了") is S.DONE
    assert refused(app, "emp.tech", "invoice", number, invoice_number="1", amount=Decimal(1)) == [
        "CP-30 within_warranty"
    ]
    assert do(app, "desk1", "accept", number, customer="陈桂芳") is S.ACCEPTED


@pytest.mark.clause("CP-30")
def test_after_the_warranty_the_parts_are_charged_and_the_hours_are_not(any_app: Flask) -> None:
    number = an_order(any_app, S.ASSIGNED, warranty_until=date(2026, 3, 1))
    for price, hours in ((Decimal("0.10"), Decimal("0.25")), (Decimal("0.20"), Decimal("7.75"))):
        do(any_app, "emp.tech", "work", number, part="螺丝", quantity=1, price=price, hours=hours)
    order = load(any_app, number)
    assert (str(order.charge), str(order.hours)) == ("0.30", "8.00")
    assert refused(any_app, "emp.tech", "done", number, result="好了", paid=Decimal("0.31")) == [
        "CP-30 only_parts"
    ]
    assert refused(any_app, "emp.tech", "done", number, result="好了") == ["CP-30 say_what_was_paid"]


@pytest.mark.clause("CP-30")
def test_the_day_of_the_case_counts_for_the_warranty(app: Flask, at: At) -> None:
    case = factories.a_case(app, State.ACCEPTED)
    at("Thu 2026-03-05 09:00")
    number = an_order(app, S.ASSIGNED, case=case, warranty_until=TODAY)
    do(app, "emp.tech", "work", number, part="主板", quantity=1, price=Decimal(320))
    assert load(app, number).charge == 0


@pytest.mark.clause("CP-30")
def test_money_taken_on_site_is_invoiced_and_handed_in_before_the_order_closes(any_app: Flask) -> None:
    number = an_order(any_app, S.ASSIGNED)
    do(any_app, "emp.tech", "work", number, part="搓纸轮", quantity=2, price=Decimal("45.50"))
    do(any_app, "emp.tech", "done", number, result="好了", paid=Decimal("91.00"))
    assert (number, "order-invoice") in factories.waiting(any_app, "emp.tech")
    open_ends = ["CP-30 not_invoiced", "CP-30 not_handed_in"]
    assert refused(any_app, "desk1", "accept", number, customer="陈桂芳") == open_ends
    assert refused(any_app, "emp.tech", "hand-in", number, handed_to="出纳") == ["CP-30 not_invoiced"]
    too_little = {"invoice_number": "发票 0815", "amount": Decimal("90.00")}
    assert refused(any_app, "emp.tech", "invoice", number, **too_little) == ["CP-30 invoice_differs"]
    do(any_app, "emp.tech", "invoice", number, invoice_number="发票 0815", amount=Decimal("91.00"))
    assert (number, "order-hand-in") in factories.waiting(any_app, "emp.tech")
    assert refused(any_app, "desk1", "accept", number, customer="陈桂芳") == ["CP-30 not_handed_in"]
    do(any_app, "emp.tech", "hand-in", number, handed_to="出纳")
    assert refused(any_app, "emp.tech", "hand-in", number, handed_to="出纳") == ["CP-30 handed_in_already"]
    assert do(any_app, "desk1", "accept", number, customer="陈桂芳") is S.ACCEPTED


def test_after_more_work_another_sum_is_invoiced_anew(app: Flask) -> None:
    number = an_order(app, S.ASSIGNED)
    do(app, "emp.tech", "work", number, part="搓纸轮", quantity=1, price=Decimal(45))
    do(app, "emp.tech", "done", number, result="好了", paid=Decimal(45))
    do(app, "emp.tech", "invoice", number, invoice_number="1", amount=Decimal(45))
    do(app, "emp.tech", "hand-in", number, handed_to="出纳")
    do(app, "lead.tech", "assign", number, technician="emp.tech")
    do(app, "emp.tech", "done", number, result="复检无误", paid=Decimal(45))
    assert load(app, number).invoice_number == "1"
    do(app, "lead.tech", "assign", number, technician="emp.tech")
    do(app, "emp.tech", "work", number, part="定影膜", quantity=1, price=Decimal(60))
    do(app, "emp.tech", "done", number, result="又换定影膜", paid=Decimal(105))
    assert refused(app, "desk1", "accept", number, customer="陈") == [
        "CP-30 not_invoiced",
        "CP-30 not_handed_in",
    ]


@pytest.mark.clause("CP-30")
def test_what_was_taken_in_goes_back_before_the_order_closes(any_app: Flask) -> None:
    number = an_order(any_app, S.ASSIGNED)
    do(any_app, "emp.tech", "take", number, things="主机 SN-1")
    do(any_app, "desk1", "take", number, things="电源线")
    host, cable = entries(any_app, number)
    assert (host.receipt, cable.receipt) == (f"{number}-1", f"{number}-2")
    assert refused(any_app, "desk1", "cancel", number, reason="x") == ["CP-30 things_out"]
    do(any_app, "emp.tech", "work", number, hours=Decimal(1))
    do(any_app, "emp.tech", "done", number, result="好了")
    assert refused(any_app, "desk1", "accept", number, customer="陈") == ["CP-30 things_out"]
    do(any_app, "desk1", "give-back", number, thing=host.id, returned_to="陈桂芳")
    assert refused(any_app, "desk1", "give-back", number, thing=host.id, returned_to="陈") == [
        "CP-30 not_here"
    ]
    do(any_app, "emp.tech", "give-back", number, thing=cable.id, returned_to="陈桂芳")
    assert refused(any_app, "desk1", "give-back", number, thing=cable.id, returned_to="陈") == [
        "CP-30 nothing_taken"
    ]
    assert do(any_app, "desk1", "accept", number, customer="陈桂芳") is S.ACCEPTED


@pytest.mark.clause("CP-30")
def test_a_swap_keeps_old_and_new_number_and_settles_what_was_taken_in(app: Flask) -> None:
    number = an_order(app, S.ASSIGNED)
    do(app, "emp.tech", "take", number, things="读卡器")
    (taken,) = entries(app, number)
    do(app, "emp.tech", "swap", number, old_number="A-1", new_number="B-2", thing=taken.id)
    taken, swapped = entries(app, number)
    assert (taken.fate, load(app, number).things_out) == (Fate.SWAPPED, 0)
    assert (swapped.kind, swapped.old_number, swapped.new_number) == (EntryKind.SWAP, "A-1", "B-2")


def test_a_thing_of_another_order_is_not_here(app: Flask) -> None:
    one, other = an_order(app, S.ASSIGNED), an_order(app, S.ASSIGNED)
    for number in (one, other):
        do(app, "emp.tech", "take", number, things="读卡器")
    (theirs,) = entries(app, other)
    assert refused(app, "emp.tech", "give-back", one, thing=theirs.id, returned_to="陈") == ["CP-30 not_here"]


OUTSIDE = {"company": "快修电脑行", "reason": "医院叫号停了"}


@pytest.mark.clause("CP-30")
def test_outside_help_needs_the_managers_consent(any_app: Flask) -> None:
    number = an_order(any_app, S.APPROVED, urgent=True)
    assert do(any_app, "desk1", "outside", number, **OUTSIDE) is S.APPROVED
    assert not load(any_app, number).outside_company
    assert (number, "order-outside") in factories.waiting(any_app, "lead.tech")
    assert refused(any_app, "lead.tech", "assign", number, technician="emp.tech") == ["CP-30 outside_waits"]
    yes = {"decision": Decision.YES}
    assert refused(any_app, "desk1", "outside", number, **yes) == ["CP-30 own_outside"]
    assert refused(any_app, "desk2", "outside", number, **yes) == ["CP-30 manager_decides"]
    assert do(any_app, "lead.tech", "outside", number, **yes) is S.ASSIGNED
    order = load(any_app, number)
    assert (order.outside_company, order.technician_id) == ("快修电脑行", None)
    assert refused(any_app, "desk1", "outside", number, **OUTSIDE) == ["CP-30 outside_arranged"]
    do(any_app, "desk1", "work", number, part="电源", quantity=1, price=Decimal(88))  # nobody else can
    assert factories.told(any_app, "order:outside_decided") == ["desk1"]


@pytest.mark.clause("CP-30")
def test_a_lead_who_asks_for_outside_help_waits_for_the_general_manager(app: Flask) -> None:
    number = an_order(app, S.ASSIGNED, urgent=True)
    do(app, "lead.tech", "outside", number, **OUTSIDE)
    assert refused(app, "lead.tech", "outside", number, decision=Decision.YES) == ["CP-30 own_outside"]
    assert (number, "order-outside") in factories.waiting(app, "gm")
    assert do(app, "gm", "outside", number, decision=Decision.NO) is S.ASSIGNED
    order = load(app, number)
    assert (order.outside_company, order.technician_id) == ("", factories.id_of(app, "emp.tech"))


@pytest.mark.clause("CP-30")
def test_outside_help_is_for_urgent_orders(app: Flask) -> None:
    number = an_order(app, S.APPROVED)
    assert refused(app, "desk1", "outside", number, **OUTSIDE) == ["CP-30 outside_only_urgent"]


@pytest.mark.clause("CP-30")
def test_a_closed_case_takes_no_order_and_a_looker_on_asks_for_none(app: Flask) -> None:
    with pytest.raises(Refused, match="CP-30 order_case_closed"):
        asked(app, factories.a_case(app, State.ARCHIVED))
    with pytest.raises(NotFound):
        asked(app, factories.a_case(app, State.ACCEPTED), by="emp.impl")


@pytest.mark.clause("CP-09")
def test_whom_the_case_is_about_neither_sees_nor_gets_the_order(app: Flask) -> None:
    case = factories.a_case(
        app, State.ROUTED, category=Category.ATTITUDE, concerned="emp.tech", department="tech"
    )
    number = an_order(app, case=case)
    do(app, "lead.tech", "approve", number)
    assert refused(app, "lead.tech", "assign", number, technician="emp.tech") == [
        "CP-09 technician_concerned"
    ]
    with app.app_context(), db.write():
        load_here(number).technician_id = factories.viewer("emp.tech").id
    with app.app_context(), pytest.raises(NotFound):
        queries.find(factories.viewer("emp.tech"), number)


@pytest.mark.parametrize(
    ("username", "sees"),
    [
        ("desk2", True),
        ("lead.tech", True),
        ("lead.impl", True),  # their department carries it out
        ("emp.impl", True),  # the technician
        ("gm", True),
        ("office1", True),
        ("lead.market", False),
        ("emp.admin", False),
    ],
)
def test_who_sees_an_order(any_app: Flask, username: str, sees: bool) -> None:
    number = an_order(any_app, S.ASKED, department="impl")
    do(any_app, "lead.impl", "approve", number)
    do(any_app, "lead.impl", "assign", number, technician="emp.impl")
    with any_app.app_context():
        viewer = factories.viewer(username)
        listed = queries.OrderList(viewer).rows(clock.now(), 9)
        assert [order.number for order in listed] == ([number] if sees else [])
        if sees:
            assert queries.find(viewer, number).number == number
        else:
            with pytest.raises(NotFound):
                queries.find(viewer, number)


def test_of_a_confidential_case_only_the_office_sees_the_order(app: Flask) -> None:
    case = factories.a_case(app, State.ROUTED, by="office1", confidential=True)
    number = asked(app, case, by="office1")
    with app.app_context():
        assert queries.find(factories.viewer("office2"), number).number == number
        for username in ("desk1", "lead.tech", "gm"):
            with pytest.raises(NotFound):
                queries.find(factories.viewer(username), number)
    assert set(factories.told(app, "order:asked")) <= {"office1", "office2"}
    assert (number, "order-approve") in factories.waiting(app, "office2")


def test_who_waits_and_who_is_told(app: Flask, at: At) -> None:
    planned = at("Mon 2026-03-02 09:00")
    number = an_order(app, S.ASKED, planned_at=planned)
    assert factories.told(app, "order:asked") == ["lead.tech"]
    assert (number, "order-approve") in factories.waiting(app, "lead.tech")
    do(app, "lead.tech", "approve", number)
    assert (number, "order-assign") in factories.waiting(app, "lead.tech")
    do(app, "lead.tech", "assign", number, technician="emp.tech")
    assert factories.told(app, "order:assigned") == ["emp.tech"]
    assert factories.due(app, "emp.tech", number, "order-done") == planned
    do(app, "emp.tech", "work", number, hours=Decimal(1))
    do(app, "emp.tech", "done", number, result="好了")
    assert (number, "order-accept") in factories.waiting(app, "desk2")
    do(app, "desk2", "accept", number, customer="陈桂芳")
    for username in ("desk2", "lead.tech", "emp.tech"):
        assert number not in [each for each, _ in factories.waiting(app, username)]


def test_a_request_that_is_sent_twice_makes_one_order(any_app: Flask) -> None:
    case = factories.a_case(any_app, State.ACCEPTED)
    first = asked(any_app, case, key="one")
    with pytest.raises(actions.Doubled) as same:
        asked(any_app, case, key="one")
    with pytest.raises(actions.Doubled) as other:
        asked(any_app, case, key="one", fault="另一处故障")
    assert (same.value.number, same.value.same, other.value.same) == (first, True, False)
    assert asked(any_app, case, key="two") == "WX-20260302-0002", "a refused form leaves no gap"


def test_an_entry_that_is_sent_twice_stands_once(any_app: Flask) -> None:
    number = an_order(any_app, S.ASSIGNED)
    part = {"part": "搓纸轮", "quantity": 1, "price": Decimal(45)}
    for _ in range(2):
        do(any_app, "emp.tech", "work", number, sent=Sent("k", "one part"), **part)
    assert len(entries(any_app, number)) == 1
    with pytest.raises(SaidOtherwise):
        do(any_app, "emp.tech", "work", number, sent=Sent("k", "three"), **(part | {"quantity": 3}))
    assert load(any_app, number).charge == 45


def test_the_population_of_a_spot_check_is_the_repairs_accepted_in_a_span(any_app: Flask, at: At) -> None:
    early, late = at("Mon 2026-03-02 09:00"), at("Tue 2026-03-03 09:00")
    at("Mon 2026-03-02 09:00")
    repair = an_order(any_app, S.ACCEPTED)
    an_order(any_app, S.ACCEPTED, kind=OrderKind.INSTALLATION)
    an_order(any_app, S.DONE)
    with any_app.app_context():
        assert [order.number for order in queries.closed_repairs(early, late)] == [repair]
        assert queries.closed_repairs(late, late) == []


MARK = "无影灯甲乙丙"


@pytest.mark.clause("CP-20")
def test_with_the_case_its_orders_forget_their_customer(any_app: Flask, at: At) -> None:
    case = factories.registered(any_app, kind=Kind.COMPLAINT, urgency=Urgency.NORMAL, customer_name=MARK)
    factories.bring(any_app, case, State.ACCEPTED)
    words = ("customer_name", "customer_address", "contact", "model", "fault")
    number = an_order(any_app, S.ASSIGNED, case=case, urgent=True, **dict.fromkeys(words, MARK))
    do(any_app, "emp.tech", "take", number, things=MARK, note=MARK)
    do(any_app, "emp.tech", "swap", number, old_number=MARK, new_number="B", note=MARK)
    (taken, _) = entries(any_app, number)
    do(any_app, "emp.tech", "work", number, part=MARK, price=Decimal(1), note=MARK)
    do(any_app, "lead.tech", "outside", number, company="某店", reason=MARK)
    do(any_app, "gm", "outside", number, decision=Decision.NO, note=MARK)
    do(any_app, "emp.tech", "give-back", number, thing=taken.id, returned_to=MARK, note=MARK)
    do(any_app, "emp.tech", "done", number, result=MARK, paid=Decimal(1))
    do(any_app, "emp.tech", "invoice", number, invoice_number="1", amount=Decimal(1))
    waits = [act for act in factories.waiting(any_app, "desk1") if act[0] == number]
    assert waits == [(number, "order-accept")], "an order may still be open when its case goes"
    for verb, who, given in factories.rest(State.ACCEPTED):
        factories.do(any_app, who, verb, case, **given)
    at("Tue 2027-06-01 09:00")
    factories.do(any_app, "office1", "dispose", case, reason="期满")
    factories.do(any_app, "office2", "dispose", case, decision=Decision.YES)
    with any_app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)).mappings():
                assert MARK not in str(dict(row)), table.name
        assert db.session.scalars(sa.select(Case.disposed_at)).one() is not None
        assert load_here(number).charge == 1
    assert factories.history_faults(any_app) == []
