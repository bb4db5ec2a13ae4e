"""Letters and parcels: taken in, told, signed for, sent back, reminded of, listed (RC-29)."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound

from portal import verification
from portal.blueprints.reception.parcels import actions, forms, labels, queries, rules
from portal.blueprints.reception.parcels.codes import ParcelKind
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.parcels.workflow import PARCEL, PUT_BACK, RETURN, SIGN
from portal.kernel import clock, transitions
from portal.kernel.db import db
from portal.kernel.workflow import Attempt, Forbidden, Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At
from tests.house.test_statements import MOST, statements
from tests.kernel.moments import at as moment
from tests.reception.makers import a_parcel, card, cells

URL = "/reception/parcels/"
ENTRY: dict[str, Any] = {
    "kind": "express", "recipient": "emp.tech", "sender": "顺丰速运", "tracking": "SF139", "place": "A1", "pieces": "1",
}  # fmt: skip


def act(app: Flask, by: str, verb: str, number: str, collector: str = "", **given_: Any) -> Parcel:
    """One verb by its action. Raises NotFound, Forbidden, Refused."""
    with app.app_context():
        viewer = factories.viewer(by)
        if collector:
            given_["collector"] = card(collector)
        with db.write():
            parcel = queries.find(viewer, number, lock=True)
            transitions.perform(
                PARCEL, parcel, verb, actions.ACTIONS[verb], by=viewer, now=clock.now(), **given_
            )
        return parcel


def every(app: Flask) -> list[Parcel]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Parcel).order_by(Parcel.id)))


def faults(app: Flask) -> list[str]:
    with app.app_context():
        return list(verification.faults())


# -- the rules -------------------------------------------------------------------------------------------------

DESK, TECH, IMPL = (
    SimpleNamespace(id=1, role="desk", department="admin", leads=frozenset()),
    SimpleNamespace(id=2, role="employee", department="tech", leads=frozenset()),
    SimpleNamespace(id=3, role="employee", department="impl", leads=frozenset()),
)
OWN = SimpleNamespace(recipient_id=2, department="tech")
THEIRS = SimpleNamespace(recipient_id=None, department="tech")


@pytest.mark.clause("RC-29")
@pytest.mark.parametrize(
    ("parcel", "by", "collector", "reason"),
    [
        (OWN, DESK, None, ""),
        (OWN, DESK, IMPL, ""),
        (OWN, TECH, None, ""),
        (OWN, TECH, TECH, ""),
        (OWN, TECH, IMPL, "signs_for_others"),
        (THEIRS, DESK, None, "collector_missing"),
        (THEIRS, DESK, TECH, ""),
        (THEIRS, TECH, None, ""),
        (THEIRS, TECH, IMPL, "signs_for_others"),
    ],
)
def test_somebody_named_signs(parcel: Any, by: Any, collector: Any, reason: str) -> None:
    found = rules.collector_known(
        Attempt(parcel, by, moment("Mon 2026-03-02 09:00"), {"collector": collector})
    )
    assert (found.code if found else "") == reason


@pytest.mark.parametrize(
    ("parcel", "by", "roles"),
    [
        (OWN, DESK, {"desk"}),
        (OWN, TECH, {"recipient"}),
        (OWN, IMPL, set()),
        (THEIRS, TECH, {"recipient"}),
        (THEIRS, IMPL, set()),
    ],
)
def test_who_somebody_is_to_a_parcel(parcel: Any, by: Any, roles: set[str]) -> None:
    assert rules.standing(parcel, by) == roles


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_days_are_counted_from_the_day_it_came(day: date, days: int) -> None:
    assert rules.days_waiting(day, date.fromordinal(day.toordinal() + days)) == days
    assert rules.days_waiting(day, date.fromordinal(day.toordinal() - 1)) == 0


# -- what happens ------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-29")
def test_whom_it_is_for_is_told_at_once(any_app: Flask) -> None:
    parcel = a_parcel(any_app)
    assert (parcel.number, parcel.state, parcel.department) == ("SF-20260302-0001", "waiting", "tech")
    assert factories.told(any_app, "parcel:arrived") == ["emp.tech"]
    assert factories.waiting(any_app, "emp.tech") == [(parcel.number, "collect-parcel")]
    assert factories.waiting(any_app, "desk1") == [], "nothing is left lying yet"
    assert faults(any_app) == []


@pytest.mark.clause("RC-29")
@pytest.mark.parametrize(
    ("by", "collector", "taker", "told"),
    [
        ("desk2", "", "emp.tech", []),
        ("desk2", "sup.tech", "sup.tech", ["emp.tech"]),
        ("emp.tech", "", "emp.tech", []),
    ],
)
def test_it_is_signed_for(app: Flask, by: str, collector: str, taker: str, told: list[str]) -> None:
    number = a_parcel(app).number
    parcel = act(app, by, SIGN, number, collector)
    assert (parcel.state, parcel.collected_by_id) == ("collected", factories.id_of(app, taker))
    assert factories.told(app, "parcel:collected") == told
    assert factories.waiting(app, "emp.tech") == []
    with pytest.raises(Refused):
        act(app, "desk1", SIGN, number)
    with pytest.raises(Refused):
        act(app, "desk1", RETURN, number, reason="x")
    assert factories.sweep(app, moment("Mon 2026-03-09 10:00")) == []
    assert factories.history_faults(app) == []


@pytest.mark.clause("RC-29")
def test_what_is_for_a_department_is_taken_by_somebody_of_it(app: Flask) -> None:
    number = a_parcel(app, "", department="tech").number
    assert factories.told(app, "parcel:arrived") == ["lead.tech"]
    with pytest.raises(Refused) as refused:
        act(app, "desk1", SIGN, number)
    assert [(r.clause, r.code) for r in refused.value.reasons] == [("RC-29", "collector_missing")]
    with pytest.raises(NotFound):
        act(app, "emp.impl", SIGN, number)
    parcel = act(app, "emp.tech", SIGN, number)
    assert parcel.collected_by_id == factories.id_of(app, "emp.tech")
    assert factories.told(app, "parcel:collected") == ["lead.tech"]
    # The desk's own department: who takes it is whoever signs.
    own = a_parcel(app, "", department="admin").number
    assert act(app, "desk2", SIGN, own).collected_by_id == factories.id_of(app, "desk2")


@pytest.mark.clause("RC-29")
def test_what_is_left_lying_is_reminded_of(any_app: Flask, at: At) -> None:
    parcel = a_parcel(any_app)
    at("Tue 2026-03-03 10:00")
    assert factories.sweep(any_app) == []
    at("Wed 2026-03-04 09:00")
    factories.sweep(any_app)
    assert factories.told(any_app, "clock:warning") == ["emp.tech"]
    assert factories.waiting(any_app, "desk1") == [(parcel.number, "parcel")]
    at("Fri 2026-03-06 09:00")
    factories.sweep(any_app)
    assert factories.told(any_app, "clock:warning")[1:] == ["desk1", "desk2"]
    assert factories.told(any_app, "clock:overdue") == [], "a recipient who is away breaks no limit"
    act(any_app, "desk1", SIGN, parcel.number)
    assert factories.waiting(any_app, "desk1") == []
    assert faults(any_app) == []


@pytest.mark.clause("RC-29")
def test_it_goes_back_with_a_reason_and_a_slip_is_mended(app: Flask) -> None:
    number = a_parcel(app).number
    with pytest.raises(Forbidden):
        act(app, "emp.tech", RETURN, number, reason="x")
    parcel = act(app, "desk1", RETURN, number, reason="查无此人")
    assert (parcel.state, parcel.returned_reason) == ("returned", "查无此人")
    assert factories.told(app, "parcel:returned") == ["emp.tech"]
    back = act(app, "desk1", PUT_BACK, number, reason="点错了")
    assert (back.state, back.returned_at, back.returned_reason) == ("waiting", None, "")
    assert factories.waiting(app, "emp.tech") == [(number, "collect-parcel")]
    act(app, "desk1", SIGN, number)
    with pytest.raises(Forbidden):
        act(app, "emp.tech", PUT_BACK, number, reason="x")
    again = act(app, "desk1", PUT_BACK, number, reason="人还没来")
    assert (again.state, again.collected_by_id) == ("waiting", None)


@pytest.mark.clause("RC-29")
def test_the_handover_counts_what_lies_there(any_app: Flask, at: At) -> None:
    with any_app.app_context():
        assert queries.open_parcels(clock.now()) == queries.Lying(0, 0, 0, None)
    first = a_parcel(any_app, pieces=3)
    at("Wed 2026-03-04 09:00")
    a_parcel(any_app, "", department="tech")
    act(any_app, "desk1", SIGN, a_parcel(any_app).number)
    with any_app.app_context():
        assert queries.open_parcels(clock.now()) == queries.Lying(2, 4, 1, first.created_at)


# -- who sees what -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "own", "department"),
    [("desk2", 200, 200), ("office1", 200, 200), ("gm", 200, 200), ("lead.admin", 200, 200), ("emp.tech", 200, 200),
     ("sup.tech", 404, 200), ("lead.tech", 404, 200), ("emp.impl", 404, 404), ("emp.admin", 404, 404)],
)  # fmt: skip
def test_who_may_see_a_parcel(app: Flask, as_: As, username: str, own: int, department: int) -> None:
    for status, number in (
        (own, a_parcel(app).number),
        (department, a_parcel(app, "", department="tech").number),
    ):
        assert as_(username).get(URL + number).status_code == status
        assert (number in as_(username).get(URL).text) is (status == 200)


def test_only_the_desk_takes_in(app: Flask, as_: As) -> None:
    assert as_("lead.tech").send(f"{URL}take-in", **ENTRY).status_code == 403
    assert "take-in" not in as_("emp.tech").get(URL).text
    assert as_("emp.tech").get(f"{URL}export").status_code == 403
    assert every(app) == []


# -- the pages -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-29")
def test_several_are_taken_in_one_after_the_other(app: Flask, as_: As) -> None:
    answer = as_("desk1").send(f"{URL}take-in", **ENTRY | {"kind": "letter", "recipient": "李工"})
    (parcel,) = every(app)
    assert parcel.recipient_id == factories.id_of(app, "emp.tech"), "a name that only one bears"
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{URL}?more={parcel.number}")
    page = as_("desk1").get(answer.headers["Location"]).text
    assert '<option selected value="letter">' in page
    assert 'value="顺丰速运"' in page
    assert 'value="A1"' in page
    assert 'value="SF139"' not in page
    assert 'value="顺丰速运"' not in as_("desk2").get(answer.headers["Location"]).text, "only the own entry"


@pytest.mark.clause("RC-29")
@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"recipient": ""}, "Say for whom it is, or for which department. (RC-29)"),
        ({"recipient": "nobody.here"}, "Nobody who works here has this user name."),
        ({"recipient": "", "department": "nowhere"}, "Please choose one from the list."),
        ({"kind": "elephant"}, "Please choose one from the list."),
        ({"pieces": "0"}, "From 1 to 999."),
        ({"pieces": "many"}, "Write a whole number."),
        ({"tracking": "9" * 61}, "At most 60 characters"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_what_was_typed(
    app: Flask, as_: As, chosen: dict[str, Any], said: str
) -> None:
    fields = ENTRY | {"sender": "云栖精密"} | chosen
    answer = as_("desk1").send(f"{URL}take-in", **fields)
    assert answer.status_code == 422
    assert said in text_of(answer)
    for name in ("recipient", "sender", "tracking", "place", "pieces"):
        assert fields[name] in answer.text
    assert every(app) == []


def test_a_form_sent_twice_is_one_parcel(app: Flask, as_: As) -> None:
    for _ in range(2):
        assert as_("desk1").send(f"{URL}take-in", **ENTRY, idempotency_key="once").status_code == 303
    changed = ENTRY | {"sender": "另一家", "idempotency_key": "once"}
    answer = as_("desk1").send(f"{URL}take-in", **changed)
    assert (answer.status_code, len(every(app))) == (409, 1)
    assert "另一家" in answer.text
    assert faults(app) == [], "no number is lost"


@pytest.mark.clause("RC-29")
def test_one_touch_hands_it_over(app: Flask, as_: As) -> None:
    number = a_parcel(app).number
    assert f'action="{URL}{number}/sign"' in as_("desk1").get(URL).text
    answer = as_("desk1").send(f"{URL}{number}/sign", list="1", version=str(every(app)[0].version))
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert every(app)[0].collected_by_id == factories.id_of(app, "emp.tech")
    assert number not in text_of(as_("desk1").get(URL))
    assert number in as_("desk1").get(f"{URL}?state=collected").text
    # The recipient confirms on the own page.
    second = a_parcel(app).number
    assert "I have received it" in as_("emp.tech").get(URL).text
    assert "collector" not in as_("emp.tech").get(URL + second).text
    assert as_("emp.tech").send(f"{URL}{second}/sign").headers["Location"] == URL + second


def test_a_verb_on_the_page(app: Flask, as_: As) -> None:
    number = a_parcel(app, "", department="tech").number
    here = URL + number
    refused = as_("desk1").send(f"{here}/sign")
    assert refused.status_code == 409
    assert "name who took it. (RC-29)" in text_of(refused)
    wrong = as_("desk1").send(f"{here}/sign", collector="who.is.that")
    assert (wrong.status_code, "who.is.that" in wrong.text) == (422, True)
    others = as_("emp.tech").send(f"{here}/sign", collector="emp.impl")
    assert others.status_code == 409
    assert as_("desk1").send(f"{here}/return", reason="").status_code == 422
    assert as_("emp.tech").send(f"{here}/return", reason="x").status_code == 403
    assert as_("emp.impl").send(f"{here}/sign").status_code == 404
    assert as_("desk1").send(f"{here}/put-back", reason="x").status_code == 409
    assert as_("desk1").send(f"{here}/sign", collector="emp.tech", version="99").status_code == 409
    assert as_("desk1").send(f"{here}/sign", collector="emp.tech").status_code == 303
    page = text_of(as_("desk1").get(here))
    assert "Taken by: 李工" in page
    assert as_("desk1").get(f"{URL}SF-1").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "own theirs"),
        ("words=139", "own"),
        ("words=邮局", "theirs"),
        ("words=李工", "own"),
        ("words=emp.tech", "own"),
        ("words=0002", "theirs"),
        ("words=nothing", ""),
        ("kind=newspaper", "theirs"),
        ("department=tech", "own"),
        ("state=collected", "gone"),
        ("state=returned", ""),
        ("state=all", "own theirs gone"),
        ("state=all&since=2026-03-03", ""),
        ("until=2026-03-02", "own theirs"),
        ("mine=1", "theirs"),
        ("kind=x&before=x&after=y&department=z", "own theirs"),
    ],
)
def test_parcels_are_found(any_app: Flask, as_: As, query: str, found: str) -> None:
    numbers = {
        "own": a_parcel(any_app).number,
        "theirs": a_parcel(
            any_app, "", department="admin", sender="邮局", tracking="", kind=ParcelKind.NEWSPAPER
        ).number,
        "gone": a_parcel(any_app, "lead.impl", tracking="", sender="").number,
    }
    act(any_app, "desk1", SIGN, numbers["gone"])
    page = as_("desk1").get(f"{URL}?{query}")
    assert page.status_code == 200
    assert {name for name, number in numbers.items() if number in page.text} == set(found.split())


@pytest.mark.clause("RC-29")
def test_the_oldest_lies_on_top_and_pages_go_on_from_it(app: Flask, as_: As, at: At) -> None:
    first = a_parcel(app)
    at("Thu 2026-03-05 09:00")
    one = statements(as_("desk1"), URL)
    rest = [a_parcel(app).number for _ in range(52)]
    many = statements(as_("desk1"), URL)
    assert len(one) == len(many) <= MOST
    page = as_("desk1").get(URL)
    assert "3 days" in page.text
    shown = [n for n in [first.number, *rest] if f'{URL}{n}"' in page.text]
    assert shown == [first.number, *rest[:49]]
    assert 'rel="prev"' in page.text, "on to the newer ones"
    assert 'rel="next"' not in page.text
    beyond = as_("desk1").get(f"{URL}?after={every(app)[49].id}").text
    assert [n for n in rest if f'{URL}{n}"' in beyond] == rest[49:]
    assert 'rel="next"' in beyond
    back = as_("desk1").get(f"{URL}?before={every(app)[50].id}").text
    assert f'{URL}{first.number}"' in back
    assert len(statements(as_("desk1"), URL + first.number)) <= MOST


def test_the_list_leaves_as_a_workbook(app: Flask, as_: As) -> None:
    a_parcel(app)
    act(app, "desk1", RETURN, a_parcel(app, sender="=1+1").number, reason="拒收")
    book = as_("desk1").get(f"{URL}export?state=returned").data
    rows = cells(book)
    assert len(rows) == 2
    assert rows[1][0] == "SF-20260302-0002"
    assert rows[1][4] == "'=1+1"
    assert rows[1][-1] == "拒收"


def test_every_verb_is_whole() -> None:
    verbs = set(PARCEL.verbs)
    assert verbs == set(actions.ACTIONS) == set(forms.FORMS) == set(labels.BUTTONS) == set(labels.SAID)
    assert {f"parcel:{verb}" for verb in verbs} <= set(labels.HISTORY)
