"""A verb of a visit is done once, however often its form is sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.reception import privacy
from portal.blueprints.reception.codes import State
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.traces import Person
from portal.blueprints.reception.workflow import VISIT
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.sent_forms import SentForm
from tests.conftest import As
from tests.reception.visits import a_visit, do, events, load


def sent_forms(app: Flask) -> int:
    """How many forms were taken under a key."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(SentForm)) or 0


def test_a_touch_that_is_sent_twice_is_done_once_and_answered_alike(any_app: Flask, as_: As) -> None:
    app, desk = any_app, as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    for verb, state in (
        ("seat", State.WAITING),
        ("meet", State.MEETING),
        ("leave", State.LEFT),
        ("check", State.LEFT),
        ("undo", State.LEFT),
    ):
        answers = [do(desk, number, verb, idempotency_key=f"once-{verb}") for _ in range(2)]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert events(app, number).count(f"visit:{verb}") == 1, verb
        assert load(app, number).state is state
    again = desk.send(f"/reception/visits/{number}/leave", htmx=True, idempotency_key="once-leave")
    assert again.status_code == 200
    assert "HX-Trigger" in again.headers
    assert do(desk, number, "leave", 409).status_code == 409, "without a key it is another leave"


def test_another_form_under_the_same_key_is_refused_and_gets_a_new_one(any_app: Flask, as_: As) -> None:
    app, desk = any_app, as_("desk1")
    number = a_visit(desk, "D", department="market")
    do(desk, number, "report", note="情绪激动", idempotency_key="k")
    refused = do(desk, number, "report", 409, note="已经离开大厅", idempotency_key="k")
    assert "已经离开大厅" in refused.text, "nothing typed is lost"
    key = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', refused.text.partition('id="report"')[2])
    assert key
    assert key[1] != "k"
    do(desk, number, "report", note="已经离开大厅", idempotency_key=key[1])
    assert events(app, number).count("visit:report") == 2
    other = a_visit(desk, "D", department="market")
    do(desk, other, "report", 409, note="情绪激动", idempotency_key="k")
    do(as_("desk2"), other, "report", note="情绪激动", idempotency_key="k")


def test_every_form_of_a_verb_on_page_and_board_carries_a_key(app: Flask, as_: As) -> None:
    desk = as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    verbs = "|".join(VISIT.verbs)
    for address in ("/reception/", f"/reception/visits/{number}", f"/reception/visits/{number}/edit"):
        page = desk.get(address).text
        posts = re.findall(
            rf'<form[^>]*action="/reception/(?:visits/{number}|board)/(?:{verbs})".*?</form>', page, re.DOTALL
        )
        assert posts, address
        keys = [re.findall(r'name="idempotency_key"[^>]*value="([^"]+)"', form) for form in posts]
        assert all(len(key) == 1 for key in keys), address
        assert len({key[0] for key in keys}) == len(keys), "each its own"


def test_a_touch_for_several_and_a_mended_record_are_done_once(any_app: Flask, as_: As) -> None:
    app, desk = any_app, as_("desk1")
    number = a_visit(desk, "B", host="emp.tech")
    for _ in range(2):
        answer = desk.send("/reception/board/seat", visit=number, idempotency_key="s")
        assert answer.status_code == 303
    assert events(app, number).count("visit:seat") == 1
    assert desk.send("/reception/board/meet", visit=number, idempotency_key="s").status_code == 409
    assert load(app, number).state is State.WAITING
    version = load(app, number).version
    form: dict[str, Any] = {"visitor_name": "王建国", "party_size": "2", "version": str(version)}
    for _ in range(2):
        sent = desk.send(f"/reception/visits/{number}/edit", **form, idempotency_key="e")
        assert sent.status_code == 303
    assert events(app, number).count("visit:edit") == 1
    changed = form | {"party_size": "3", "version": ""}
    refused = desk.send(f"/reception/visits/{number}/edit", **changed, idempotency_key="e")
    assert refused.status_code == 409
    assert load(app, number).party_size == 2


def test_who_declined_and_no_longer_sees_the_visit_is_answered_alike(app: Flask, as_: As) -> None:
    desk, lead = as_("desk1"), as_("lead.tech")
    number = a_visit(desk, "D", department="tech", purpose="推介软件")
    do(desk, number, "ask", on_business="1")
    first, second = (do(lead, number, "decline", note="没有安排", idempotency_key="d") for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert events(app, number).count("visit:decline") == 1


@pytest.mark.clause("RC-20")
@pytest.mark.parametrize("whose", ["the visitor's", "a companion's"])
def test_the_digests_of_a_visit_go_with_its_words(any_app: Flask, as_: As, whose: str) -> None:
    """RC-20: also where only somebody who came along is forgotten, whose name a form may have brought."""
    app = any_app
    number = a_visit(as_("desk1"), "D", department="market", party_size="2", party="钱七")
    do(as_("desk1"), number, "report", note="钱七情绪激动", idempotency_key="k")
    assert sent_forms(app) == 1
    with app.app_context(), db.write():
        visit = db.session.query(Visit).filter_by(number=number).one()
        if whose == "the visitor's":
            privacy.forget(visit, clock.now())
        else:
            privacy.forget_companion(visit, Person("钱七"), clock.now())
    assert sent_forms(app) == 0
