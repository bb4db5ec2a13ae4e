"""An emergency from its second touch to the signed report; drills, false alarms, the clock, the roll-call (DR-16)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal import notices
from portal.blueprints.duty.emergencies import queries
from portal.blueprints.duty.emergencies.codes import Answer, Kind, Service, State
from portal.blueprints.duty.emergencies.models import Emergency, StepDone
from portal.blueprints.duty.log.codes import Act, Standing
from portal.blueprints.duty.log.models import LogEntry
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.rights import Position
from portal.kernel.timers import Clock
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.conftest import As, At
from tests.duty.emergencies.making import (
    DESK,
    GUARD,
    LAB,
    a_house,
    declared,
    do,
    forget_posts,
    level_two,
    ready_to_end,
    roll,
    steps,
)
from tests.duty.handover import making as handing
from tests.house.test_statements import MOST, statements

INBOX = "/notifications/"


@pytest.fixture
def house(app: Flask, at: At) -> Flask:
    """Half past ten, three posts with somebody on duty."""
    at("Mon 2026-03-02 10:30")
    a_house(app)
    return app


def refused(app: Flask, number: str, verb: str, by: str = DESK, **given: Any) -> set[str]:
    """The codes for which a verb is refused, each of them of DR-16."""
    with pytest.raises(Refused) as caught:
        do(app, number, verb, by, **given)
    assert {reason.clause for reason in caught.value.reasons} == {"DR-16"}
    return {reason.code for reason in caught.value.reasons}


def state_of(app: Flask, number: str) -> State:
    with app.app_context():
        return queries.find(None, number).state


def entries(app: Flask) -> list[LogEntry]:
    with app.app_context():
        return list(db.session.scalars(sa.select(LogEntry).order_by(LogEntry.id)))


def told(app: Flask, kind: str) -> dict[str, bool]:
    """Who was told that, by user name, and whether urgently."""
    with app.app_context():
        return {
            username: notice.urgent
            for username in (
                "desk1",
                "emp.admin",
                "emp.tech",
                "lead.admin",
                "lead.tech",
                "gm",
                "office1",
                "desk2",
            )
            for notice in factories.notices(app, username, kind)
        }


# -- two touches ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize("kind", Kind)
def test_the_first_touch_fills_the_form_and_the_second_declares(house: Flask, as_: As, kind: Kind) -> None:
    desk = as_(DESK)
    first = desk.get("/duty/emergencies/").text
    for number in ("119", "110", "120"):
        assert f'href="tel:{number}"' in first
    assert f"/duty/emergencies/declare?kind={kind}" in first
    page = desk.get(f"/duty/emergencies/declare?kind={kind}").text
    form = page[page.index("/duty/emergencies/declare") :]
    level = re.search(r'<option selected value="([12])"', form)
    ticked = re.findall(r'<input checked[^>]*name="departments"[^>]*value="(\w+)"', form)
    place = re.search(r'name="place"[^>]*value="([^"]*)"', form)
    assert level
    assert place
    assert ticked
    answer = desk.send(
        "/duty/emergencies/declare",
        kind=kind,
        level=level[1],
        place=place[1],
        departments=ticked,
        post="front-desk",
    )
    assert answer.status_code == 303
    assert re.search(r"/duty/emergencies/TF-20260302-0001$", answer.headers["Location"])
    assert level[1] == {"fire": "1", "earthquake": "1"}.get(kind, "2")


def test_a_form_sent_twice_declares_once(house: Flask, as_: As) -> None:
    form: dict[str, Any] = {"kind": "fire", "level": "1", "place": "大厅", "idempotency_key": "k1"}
    desk = as_(DESK)
    first, second = (desk.send("/duty/emergencies/declare", **form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert desk.send("/duty/emergencies/declare", **form | {"place": "库房"}).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"level": "3"}, {"level": "2", "departments": None}, {"departments": "nowhere"}, {"post": "x"}]
)
def test_what_cannot_be_declared_is_told_beside_the_field(
    house: Flask, as_: As, wrong: dict[str, Any]
) -> None:
    form = {"kind": "robbery", "level": "1", "place": "大厅", "departments": "admin"} | wrong
    assert as_(DESK).send("/duty/emergencies/declare", **form).status_code == 422
    assert as_(DESK).get("/duty/emergencies/declare?kind=flood").status_code == 404


def test_a_house_without_posts_declares_as_well(house: Flask, as_: As) -> None:
    forget_posts(house)
    assert as_(LAB).get("/duty/emergencies/declare?kind=fire").status_code == 200
    assert as_(LAB).send("/duty/emergencies/declare", kind="fire", level="1").status_code == 303
    assert entries(house) == []


# -- whom it calls --------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-16")
def test_level_one_calls_everyone_on_duty_at_night_too(house: Flask, at: At) -> None:
    at("Mon 2026-03-02 19:50")  # after the office closed
    number = declared(house)
    assert roll(house, number) == {DESK, GUARD, LAB}
    reached = told(house, "emergency:everyone")
    assert reached == {
        GUARD: True,
        LAB: True,
        "office1": True,
    }  # who declared it knows; the duty leader's seat is empty


@pytest.mark.clause("DR-16")
def test_level_two_calls_the_departments_concerned_and_their_leads(house: Flask) -> None:
    factories.a_seat(house, Position.DUTY_LEADER, holder="gm")
    number = level_two(house, "admin")
    assert roll(house, number) == {DESK, GUARD}
    assert told(house, "emergency:departments") == {GUARD: True, "lead.admin": True, "gm": True}
    assert roll(house, level_two(house, "tech", post="lab")) == {DESK, LAB}


@pytest.mark.clause("DR-16")
def test_a_drill_goes_the_same_way_and_says_so_first(house: Flask, as_: As, at: At) -> None:
    number = declared(house, drill=True)
    assert roll(house, number) == {DESK, GUARD, LAB}
    inbox = as_(GUARD)
    inbox.lang = "zh-CN"
    assert "演练：已宣布一级突发事件" in inbox.get(INBOX).text
    factories.sweep(house, at("Mon 2026-03-02 10:32"))
    with house.app_context():
        (late,) = factories.notices(house, GUARD, "clock:overdue")
        assert notices.sentence(late).startswith("演练：")
    for address in ("/", "/duty/", f"/duty/emergencies/{number}", f"/duty/emergencies/{number}/print"):
        assert "演练" in inbox.get(address).text, address
    (entry,) = entries(house)
    assert not entry.major
    assert "演练" in entry.text


# -- arrival --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize(("after", "late"), [("10:30", False), ("10:33", True)])
def test_the_minute_until_somebody_is_there_is_measured(house: Flask, at: At, after: str, late: bool) -> None:
    number = declared(house)
    at(f"Mon 2026-03-02 {after}")
    lines = factories.sweep(house)
    assert any(number in line and "arrival\toverdue" in line for line in lines) is late
    do(house, number, "arrive", GUARD)
    with house.app_context():
        limit = db.session.scalars(sa.select(Clock).where(Clock.kind == "arrival")).one()
        assert limit.due_at == limit.started_at + timedelta(minutes=1)
        assert (limit.met_at == clock.now(), limit.breached_at is not None) == (True, late)
    assert ("clock:overdue" in told_kinds(house, LAB)) is late
    assert refused(house, number, "arrive") == {"arrived_already"}


def told_kinds(app: Flask, username: str) -> set[str]:
    with app.app_context():
        return {notice.kind for notice in factories.notices(app, username)}


# -- steps and roll-call --------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-16")
def test_a_step_is_done_once_by_whoever_does_it(house: Flask, as_: As) -> None:
    number = declared(house)
    first = steps(house, number)[0]
    assert as_("emp.impl").send(f"/duty/emergencies/{number}/step", step=first.id).status_code == 303
    assert refused(house, number, "step", step=first.id) == {"step_done"}
    other = steps(house, declared(house, Kind.ILLNESS))[0]
    assert refused(house, number, "step", step=other.id) == {"no_such_step"}
    assert as_(DESK).send(f"/duty/emergencies/{number}/step", step="x").status_code == 422
    done = [step.place for step in steps(house, number) if step.done_at]
    assert done == [1]
    assert "emergency-steps" in {kind for _number, kind in factories.waiting(house, GUARD)}


def test_the_database_takes_no_step_twice(any_app: Flask, at: At) -> None:
    at("Mon 2026-03-02 10:30")
    a_house(any_app)
    number = declared(any_app)
    step = steps(any_app, number)[0]
    do(any_app, number, "step", step=step.id)
    with any_app.app_context():
        again = StepDone(emergency_id=queries.find(None, number).id, step_id=step.id, at=clock.now(), by_id=1)
        with pytest.raises(DBAPIError), db.write():
            db.session.add(again)
    ready_to_end(any_app, number)
    do(any_app, number, "end", outcome="火已扑灭")
    do(any_app, number, "report", course="经过", left_out="其余步骤不需要")
    assert state_of(any_app, number) is State.REPORTED
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("DR-16")
def test_each_answers_for_themselves_and_the_leader_marks_the_others(house: Flask, as_: As) -> None:
    number = declared(house)
    assert refused(house, number, "answer", LAB, person=GUARD, answer=Answer.SAFE) == {"answers_for_others"}
    assert refused(house, number, "answer", "emp.impl", answer=Answer.SAFE) == {"not_called"}
    assert (
        as_(DESK).send(f"/duty/emergencies/{number}/answer", answer="safe", person="nobody").status_code
        == 422
    )
    assert as_(LAB).send(f"/duty/emergencies/{number}/answer", answer="safe").status_code == 303
    do(house, number, "answer", person=GUARD, answer=Answer.MISSING)
    page = as_(DESK).get(f"/duty/emergencies/{number}").text
    assert "Whereabouts unknown" in page
    assert "1 / 3" in page
    do(house, number, "answer", person="emp.impl", answer=Answer.SAFE)  # in the house, though not on duty
    assert "emp.impl" in roll(house, number)


# -- the end --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-16")
def test_it_ends_only_when_everything_of_the_clause_was_done(house: Flask, as_: As) -> None:
    number = declared(house)
    wanted = {"nobody_arrived", "police_untold", "leader_untold", "roll_open"}
    answer = as_(DESK).send(f"/duty/emergencies/{number}/end", outcome="火已扑灭")
    assert answer.status_code == 409
    assert "DR-16" in answer.text
    assert refused(house, number, "end", outcome="x") == wanted
    for verb, code, given in (
        ("arrive", "nobody_arrived", {}),
        ("police", "police_untold", {"service": Service.FIRE_BRIGADE}),
        ("leader", "leader_untold", {"told": "office1"}),
    ):
        do(house, number, verb, GUARD, **given)
        wanted -= {code}
        assert refused(house, number, "end", outcome="x") == wanted, verb
    for username in roll(house, number):
        assert refused(house, number, "end", outcome="x") == {"roll_open"}
        do(house, number, "answer", person=username, answer=Answer.AWAY)
    do(house, number, "end", outcome="火已扑灭")
    assert state_of(house, number) is State.ENDED
    assert set(told(house, "emergency:end")) == {GUARD, LAB, "office1"}


@pytest.mark.clause("DR-16")
def test_that_nobody_outside_is_called_has_a_reason(house: Flask) -> None:
    number = declared(house)
    assert refused(house, number, "police", service=Service.NONE, note="") == {"why_nobody_called"}
    do(house, number, "police", service=Service.NONE, note="仅烟雾, 无明火")
    do(house, number, "police", service=Service.AMBULANCE)
    with house.app_context():
        assert queries.find(None, number).services == "none 120"


@pytest.mark.clause("DR-16")
@pytest.mark.parametrize(
    ("verb", "given"), [("false-alarm", {"reason": "蒸汽"}), ("end", {"outcome": "x"}), ("report", {})]
)
def test_only_who_leads_ends_it(house: Flask, as_: As, verb: str, given: dict[str, Any]) -> None:
    number = declared(house)
    answer = as_(LAB).send(f"/duty/emergencies/{number}/{verb}", **given)
    assert answer.status_code == 403
    assert "DR-16" in answer.text
    with pytest.raises(Forbidden):
        do(house, number, verb, LAB, **given)


@pytest.mark.clause("DR-16")
def test_a_false_alarm_ends_it_at_once(house: Flask) -> None:
    number = declared(house)
    do(house, number, "false-alarm", reason="蒸汽触发探测器")
    assert state_of(house, number) is State.FALSE_ALARM
    assert set(told(house, "emergency:false-alarm")) == {GUARD, LAB, "office1"}
    assert factories.waiting(house, DESK) == []
    assert [entry.act for entry in entries(house)] == [Act.NOTE, Act.SETTLE]
    do(house, number, "report", course="蒸汽触发, 已复位")
    assert state_of(house, number) is State.REPORTED


@pytest.mark.clause("DR-16")
def test_the_closing_report_is_signed_by_one_and_explains_what_was_left_out(house: Flask, as_: As) -> None:
    number = declared(house)
    ready_to_end(house, number)
    do(house, number, "end", outcome="火已扑灭")
    assert [kind for _number, kind in factories.waiting(house, DESK)] == ["emergency-report"]
    assert refused(house, number, "report", course="经过") == {"steps_unexplained"}
    desk = as_(DESK)
    assert desk.send(f"/duty/emergencies/{number}/report", course=" ").status_code == 422
    given: dict[str, Any] = {
        "course": "三楼起火, 六分钟疏散完毕",
        "left_out": "全部步骤口头完成",
        "measures": "增配灭火器",
    }
    assert desk.send(f"/duty/emergencies/{number}/report", **given).status_code == 303
    assert desk.send(f"/duty/emergencies/{number}/report", **given).status_code == 409
    assert factories.waiting(house, DESK) == []
    for address in (f"/duty/emergencies/{number}", f"/duty/emergencies/{number}/print"):
        page = desk.get(address).text
        assert all(text in page for text in given.values()), address
    assert as_("emp.impl").get(f"/duty/emergencies/{number}").status_code == 200


# -- the log and the handover ---------------------------------------------------------------------------------------


@pytest.mark.clause("DR-11")
@pytest.mark.clause("DR-16")
def test_it_is_an_event_in_progress_that_holds_the_handover_until_it_ends(
    app: Flask, as_: As, at: At
) -> None:
    at("Mon 2026-03-02 13:50")
    handing.a_desk(app)
    number = declared(app)
    handover = handing.a_handover(app)
    handing.counted(app, handover)
    with pytest.raises(Refused) as caught:
        handing.do(app, handover, "sign", handing.EARLY)
    assert "event_runs" in {reason.code for reason in caught.value.reasons}
    (entry,) = entries(app)
    assert (entry.standing, entry.major, number in entry.text) == (Standing.RUNNING, True, True)
    desk = as_(DESK)
    assert desk.send(f"/duty/log/{entry.number}/settle", text="没事了").status_code == 409
    page = desk.get(f"/duty/log/{entry.number}").text
    assert "/settle" not in page
    assert number in page
    assert entry.number in desk.get(f"/duty/emergencies/{number}").text
    do(app, number, "false-alarm", reason="误报")
    handing.counted(app, handover)
    handing.do(app, handover, "sign", handing.EARLY)
    assert [row.act for row in entries(app)] == [Act.NOTE, Act.SETTLE]


# -- every page shows it --------------------------------------------------------------------------------------------


def test_it_stands_above_every_page_of_duty_and_my_day_as_long_as_it_runs(house: Flask, as_: As) -> None:
    pages, impl = ("/", "/duty/", "/duty/log", "/duty/contacts/", "/duty/emergencies/"), as_("emp.impl")
    assert "TF-2026" not in impl.get("/").text  # kept until something is declared
    number = declared(house)
    for address in pages:
        assert number in impl.get(address).text, address
        assert len(statements(impl, address)) <= MOST, address
    do(house, number, "false-alarm", reason="误报")
    for address in pages[:4]:
        assert number not in impl.get(address).text, address


def test_a_page_costs_few_statements_and_an_open_one_asks_for_little(house: Flask, as_: As) -> None:
    desk, number = as_(DESK), declared(house)
    for address in (
        f"/duty/emergencies/{number}", f"/duty/emergencies/{number}/print", "/duty/emergencies/declare?kind=fire",
        "/duty/emergencies/playbooks/", "/duty/emergencies/playbooks/fire",
    ):  # fmt: skip
        assert len(statements(desk, address)) <= MOST, "\n".join(statements(desk, address))
    page = desk.get(f"/duty/emergencies/{number}").text
    tag = re.search(r'If-None-Match": "\\"(\w+)', page)
    assert tag
    live, headers = f"/duty/emergencies/{number}/live", {"HX-Request": "true"}
    first = desk.get(live, headers=headers)
    assert 'id="live"' in first.text
    again = re.search(r'If-None-Match": "\\"(\w+)', first.text)
    assert again
    assert desk.get(live, headers=headers | {"If-None-Match": f'"{again[1]}"'}).status_code == 304
    do(house, number, "arrive", GUARD)
    assert desk.get(live, headers=headers | {"If-None-Match": f'"{again[1]}"'}).status_code == 200
    assert desk.get(live).status_code == 302


def test_the_list_is_filtered_and_leaves_as_a_workbook(house: Flask, as_: As) -> None:
    real, drill = declared(house, Kind.ILLNESS), declared(house, drill=True)
    desk = as_(DESK)
    for query, there, gone in (
        ("drill=yes", drill, real),
        ("kind=illness&drill=no", real, drill),
        ("since=2026-03-02", drill, "x0"),
    ):
        rows = desk.get(f"/duty/emergencies/?{query}").text.split("<tbody>")[1]
        assert there in rows, query
        assert gone not in rows, query
    assert desk.get("/duty/emergencies/export?drill=yes").status_code == 200
    assert as_(LAB).get("/duty/emergencies/export").status_code == 403
    assert desk.get("/duty/emergencies/TF-20260302-0099").status_code == 404
    with house.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Emergency)) == 2
