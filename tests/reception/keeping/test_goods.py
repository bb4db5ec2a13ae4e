"""Goods passes: out only with the lead's approval, in and out only when the desk has checked (RC-26)."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.blueprints.reception.keeping import actions, queries
from portal.blueprints.reception.keeping.codes import Direction, PassState
from portal.blueprints.reception.keeping.models import GoodsPass
from portal.kernel.db import db
from tests import factories
from tests.client import text_of
from tests.conftest import As
from tests.house.test_statements import MOST, statements
from tests.reception.keeping.ground import GOODS, a_visit, asked, visit

URL = "/reception/goods/"


def goods(app: Flask, number: str) -> GoodsPass:
    with app.app_context():
        return queries.goods_pass(factories.viewer("desk1"), number)


@pytest.mark.clause("RC-26")
def test_goods_leave_only_when_the_lead_has_approved(app: Flask, as_: As) -> None:
    """RC-26: the desk cannot let out what nobody approved; then it is checked and passes."""
    number = asked(app)
    early = as_("desk1").send(f"{URL}{number}/check", as_listed="y")
    assert early.status_code == 409
    assert "RC-26" in early.text
    assert factories.waiting(app, "lead.tech") == [(number, "approve-goods")]
    assert factories.waiting(app, "desk1") == []
    assert as_("lead.tech").send(f"{URL}{number}/approve", note="同意").status_code == 303
    assert factories.waiting(app, "lead.tech") == []
    assert factories.waiting(app, "desk1") == [(number, "check-goods")]
    assert [n.kind for n in factories.notices(app, "emp.tech")] == ["goods_pass:approved"]
    unlike = as_("desk1").send(f"{URL}{number}/check", note="多出一台")
    assert unlike.status_code == 422
    assert "RC-26" in unlike.text
    assert "多出一台" in unlike.text
    assert as_("desk1").send(f"{URL}{number}/check", as_listed="y").status_code == 303
    found = goods(app, number)
    assert (found.state, found.checked_by_id) == (PassState.PASSED, factories.id_of(app, "desk1"))
    assert factories.waiting(app, "desk1") == []
    assert as_("desk1").send(f"{URL}{number}/check", as_listed="y").status_code == 409


@pytest.mark.clause("RC-26")
def test_nobody_approves_the_own_pass(app: Flask, as_: As) -> None:
    number = asked(app, by="lead.tech")
    assert factories.waiting(app, "lead.tech") == []
    assert factories.waiting(app, "office1") == [(number, "approve-goods")]
    answer = as_("lead.tech").send(f"{URL}{number}/approve")
    assert answer.status_code == 409
    assert "RC-26" in answer.text
    assert as_("office1").send(f"{URL}{number}/approve").status_code == 303


def test_what_comes_in_is_only_checked(app: Flask, as_: As) -> None:
    number = asked(app, direction=Direction.IN)
    assert factories.waiting(app, "desk1") == [(number, "check-goods")]
    assert as_("lead.tech").send(f"{URL}{number}/approve").status_code == 409
    assert as_("desk1").send(f"{URL}{number}/check", as_listed="y").status_code == 303
    assert goods(app, number).state is PassState.PASSED


def test_a_declined_pass_stays_declined(app: Flask, as_: As) -> None:
    number = asked(app)
    assert as_("lead.tech").send(f"{URL}{number}/decline", note=" ").status_code == 422
    assert as_("lead.tech").send(f"{URL}{number}/decline", note="设备仍在保修").status_code == 303
    for verb, by in (("approve", "lead.tech"), ("check", "desk1")):
        answer = as_(by).send(f"{URL}{number}/{verb}", as_listed="y")
        assert answer.status_code == 409
        assert "RC-26" in answer.text
    assert [n.kind for n in factories.notices(app, "emp.tech")] == ["goods_pass:declined"]
    assert factories.waiting(app, "desk1") == []


def test_who_may_see_and_do_what(app: Flask, as_: As) -> None:
    number = asked(app)
    for username in ("emp.tech", "lead.tech", "desk1", "office1", "gm"):
        assert as_(username).get(f"{URL}{number}").status_code == 200
        assert number in as_(username).get(URL).text
        assert as_(username).get(f"{URL}{number}/sheet").status_code == 200
    for username in ("emp.impl", "lead.impl"):
        assert as_(username).get(f"{URL}{number}").status_code == 404
        assert as_(username).send(f"{URL}{number}/approve").status_code == 404
        assert number not in as_(username).get(URL).text
    for username, verb in (("emp.tech", "approve"), ("desk1", "approve"), ("emp.tech", "check")):
        assert as_(username).send(f"{URL}{number}/{verb}", as_listed="y").status_code == 403
    assert as_("emp.tech").get(f"{URL}export").status_code == 403
    assert as_("desk1").get(f"{URL}export").status_code == 200


@pytest.mark.clause("GO-01")
def test_the_pass_is_printed_with_number_and_version(app: Flask, as_: As) -> None:
    number = asked(app)
    text = as_("desk1").get(f"{URL}{number}/sheet").text
    assert text.count(number) >= 2
    assert "QR-RC-26 · V1" in text
    assert text.count("Signature:") == 3


def test_a_wrong_form_keeps_the_text_and_one_key_makes_one_pass(app: Flask, as_: As) -> None:
    wrong = as_("emp.tech").send(f"{URL}ask", **(GOODS | {"carrier": " "}))
    assert wrong.status_code == 422
    assert "待修工控机" in wrong.text
    gone = as_("emp.tech").send(f"{URL}ask", **GOODS, visit="LF-20260302-9999")
    assert gone.status_code == 422
    assert "There is no such visit." in text_of(gone)
    sent = [as_("emp.tech").send(f"{URL}ask", **GOODS, idempotency_key="once") for _ in range(2)]
    assert sent[0].headers["Location"] == sent[1].headers["Location"] == f"{URL}WP-20260302-0001"


def test_a_stale_decision_is_refused(app: Flask, as_: As) -> None:
    number = asked(app)
    assert as_("lead.tech").send(f"{URL}{number}/approve", version="7").status_code == 409
    assert goods(app, number).state is PassState.ASKED


def test_the_list_filters_and_costs_few_statements(app: Flask, as_: As) -> None:
    out, come = asked(app), asked(app, direction=Direction.IN, what="桶装水", carrier="万师傅")
    browser = as_("desk1")

    def shown(query: str) -> set[str]:
        text = browser.get(f"{URL}?{query}").text
        return {number for number in (out, come) if f'{URL}{number}"' in text}

    assert shown("") == shown("show=waiting") == {out, come}
    assert shown("direction=in") == shown("words=万师傅") == {come}
    browser.send(f"{URL}{come}/check", as_listed="y")
    assert shown("show=waiting") == {out}
    one = len(statements(browser, URL))
    assert one <= MOST
    for _ in range(20):
        asked(app)
    assert len(statements(browser, URL)) == one


def test_a_visitor_is_forgotten_in_passes(any_app: Flask) -> None:
    came = a_visit(any_app)
    number = asked(any_app, by="desk1", visit=came, carrier="唯一标记", what="唯一标记", company="唯一标记")
    visit_id = visit(any_app, came).id
    with any_app.app_context(), db.write():
        actions.erase(visit_id)
    found = goods(any_app, number)
    assert "唯一标记" not in repr([getattr(found, column.key) for column in GoodsPass.__table__.columns])
