"""A post changes hands: opened, read, counted, explained, signed by two, or refused (DR-07 … DR-12)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.complaints.codes import State
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.handover.codes import Ground, Side
from portal.blueprints.duty.handover.models import Count, Handover, Reading, Signature
from portal.blueprints.duty.log.codes import Category, Standing
from portal.kernel import accounts, clock, reference, second_factor, timers
from portal.kernel.db import db
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.account.test_second_factor import enrolled, required
from tests.client import text_of
from tests.conftest import As, At
from tests.duty.handover.making import (
    EARLY,
    LATE,
    Desk,
    a_desk,
    a_handover,
    a_note,
    an_item,
    counted,
    do,
    everything,
    state_of,
)
from tests.duty.repairs.making import a_repair
from tests.reception.keeping import ground
from tests.reception.makers import a_parcel

HERE = "Mon 2026-03-02 13:50"


@pytest.fixture
def desk(app: Flask, at: At) -> Desk:
    """The front desk with two phones, an entry in the log of the morning; ten to two."""
    return prepared(app, at)


def prepared(app: Flask, at: At) -> Desk:
    at("Mon 2026-03-02 09:00")
    found = a_desk(app)
    an_item(app, found.post, "电话机", 2, name_en="Phone")
    a_note(app, found.post)
    at(HERE)
    return found


def refused(app: Flask, handover: int, verb: str, by: str, **given: Any) -> set[str]:
    """The clauses and codes for which a verb is refused."""
    with pytest.raises(Refused) as caught:
        do(app, handover, verb, by, **given)
    return {f"{reason.clause} {reason.code}" for reason in caught.value.reasons}


def username(person: int | None) -> str:
    """Whose number that is; inside an application context."""
    return reference.staff().cards[person or 0].username


def responsible(app: Flask, post: int) -> list[str]:
    """The user names of those who answer for the post."""
    with app.app_context():
        found = who.on_duty(clock.now()).get(post, [])
        return [username(person) for seats in found for person in seats.people]


# -- DR-07 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-07")
@pytest.mark.parametrize(
    ("now", "opened"), [("13:44", 0), ("13:45", 1), ("15:00", 1)], ids=["before", "due", "the sweep was late"]
)
def test_it_opens_a_quarter_of_an_hour_before(app: Flask, at: At, desk: Desk, now: str, opened: int) -> None:
    at(f"Mon 2026-03-02 {now}")
    with app.app_context():
        assert len(list(timers.sweep(clock.now()))) >= opened
        assert db.session.query(Handover).count() == opened
        list(timers.sweep(clock.now()))
        assert db.session.query(Handover).count() == opened


@pytest.mark.clause("DR-07")
def test_the_page_opens_what_no_sweep_has_opened(app: Flask, as_: As, desk: Desk) -> None:
    assert "JJ-20260302-0001" in as_(EARLY).get("/duty/handover").text


@pytest.mark.clause("DR-07")
def test_a_shift_without_an_entry_signs_nothing(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    post = a_desk(app).post
    at(HERE)
    handover = a_handover(app)
    counted(app, handover)
    assert refused(app, handover, "sign", EARLY) == {"DR-07 log_empty"}
    a_note(app, post)
    do(app, handover, "sign", EARLY)


# -- DR-08 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-08")
def test_what_is_not_explained_is_named_in_the_language_of_the_page(app: Flask, as_: As, desk: Desk) -> None:
    an_item(app, desk.post, "对讲机", 3, name_en="Walkie-talkie")
    handover = a_handover(app)
    found: dict[str, Any] = {"Walkie-talkie": 2}
    counted(app, handover, **found)
    browser = as_(EARLY)
    answer = browser.send(f"/duty/handover/{handover}/sign")
    assert answer.status_code == 409
    assert "the difference of: Walkie-talkie" in answer.text
    browser.lang = "zh-CN"
    assert "Walkie-talkie" not in browser.send(f"/duty/handover/{handover}/sign").text


@pytest.mark.clause("DR-08")
def test_a_difference_is_explained_by_the_outgoing_before_anybody_signs(app: Flask, desk: Desk) -> None:
    handover = a_handover(app)
    counted(app, handover, Phone=1)
    assert refused(app, handover, "sign", EARLY) == {"DR-08 unexplained"}
    assert refused(app, handover, "sign", LATE) == {"DR-08 unexplained"}
    with app.app_context():
        item = db.session.query(Count).one().item_id
    with pytest.raises(Forbidden):
        do(app, handover, "explain", LATE, explanations={item: "x"})
    do(app, handover, "explain", EARLY, explanations={item: "一台送修, 单号 17"})
    do(app, handover, "sign", EARLY)
    do(app, handover, "sign", LATE)
    with app.app_context():
        row = db.session.query(Count).one()
        assert (row.should_be, row.found, row.explanation) == (2, 1, "一台送修, 单号 17")
        assert username(row.explained_by_id) == EARLY


@pytest.mark.clause("DR-08")
def test_nobody_signs_what_is_not_counted(app: Flask, desk: Desk) -> None:
    handover = a_handover(app)
    assert refused(app, handover, "sign", LATE) == {"DR-10 wrong_state"}


@pytest.mark.clause("DR-08")
def test_every_thing_of_the_post_is_counted(app: Flask, as_: As, desk: Desk) -> None:
    handover = a_handover(app)
    address = f"/duty/handover/{handover}"
    answer = as_(LATE).send(f"{address}/count", read="y")
    assert answer.status_code == 422
    assert state_of(app, handover) == "open"


@pytest.mark.clause("DR-08")
def test_late_relief_tells_the_head(app: Flask, as_: As, at: At, desk: Desk) -> None:
    a_handover(app)
    at("Mon 2026-03-02 13:54")
    with app.app_context():
        assert not [line for line in timers.sweep(clock.now()) if "relief" in line]
        at("Mon 2026-03-02 13:56")
        lines = [line for line in timers.sweep(clock.now()) if "relief" in line]
    assert any("lead.admin" in line for line in lines)
    assert "JJ-20260302-0001" in as_("lead.admin").get("/notifications/").text


@pytest.mark.clause("DR-08")
def test_who_is_there_in_time_is_not_late(app: Flask, at: At, desk: Desk) -> None:
    counted(app, a_handover(app))
    at("Mon 2026-03-02 13:58")
    with app.app_context():
        assert not [line for line in timers.sweep(clock.now()) if "relief" in line]


# -- DR-09 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-09")
def test_what_is_open_is_read_before_the_incoming_shift_signs(app: Flask, at: At, desk: Desk) -> None:
    old = a_note(app, desk.post, standing=Standing.OPEN, text="电梯年检贴纸待换")
    visit = factories.a_visit(app)
    handover = a_handover(app)
    with app.app_context():
        items = dict.fromkeys(db.session.scalars(sa.text("SELECT id FROM post_items")), 2)
    do(app, handover, "count", LATE, found=items)
    do(app, handover, "sign", EARLY)
    assert refused(app, handover, "sign", LATE) == {"DR-09 unread"}
    lines = everything(app, handover)["line"]
    assert {old, visit} <= set(lines)
    do(app, handover, "sign", LATE, read=True, line=lines)
    with app.app_context():
        receipts = db.session.query(Reading).all()
        assert {receipt.number for receipt in receipts} == set(lines)
        assert {username(receipt.by_id) for receipt in receipts} == {LATE}


@pytest.mark.clause("DR-09")
def test_what_is_open_goes_on_to_the_next_shift_by_itself(app: Flask, as_: As, at: At) -> None:
    at("Sun 2026-03-01 09:00")
    post = a_desk(app).post
    left = a_note(app, post, standing=Standing.OPEN, text="三楼窗户关不上")
    done = a_note(app, post, text="已交代保洁")
    at(HERE)
    page = as_(LATE).get(f"/duty/handover/{a_handover(app)}").text
    assert left in page
    assert done not in page


@pytest.mark.clause("DR-09")
def test_a_signed_handover_keeps_what_was_handed_over(app: Flask, as_: As, desk: Desk, at: At) -> None:
    before = factories.a_visit(app)
    handover = a_handover(app)
    counted(app, handover)
    do(app, handover, "sign", EARLY)
    do(app, handover, "sign", LATE)
    at("Mon 2026-03-02 16:00")
    factories.on_visit(app, before, "leave")
    after, written = factories.a_visit(app), a_note(app, desk.post, by=LATE)
    for page in (f"/duty/handover/{handover}", f"/duty/handover/{handover}/print"):
        told = as_(LATE).get(page).text
        assert before in told
        assert after not in told
        assert written not in told


@pytest.mark.clause("DR-09")
def test_what_the_areas_have_open_is_listed(app: Flask, as_: As, desk: Desk) -> None:
    visit = factories.a_visit(app)
    page = text_of(as_(LATE).get(f"/duty/handover/{a_handover(app)}"))
    assert f"{visit} Visitor on site 王建国" in page


@pytest.mark.clause("DR-09")
def test_whatever_is_due_names_the_clause_of_its_limit(app: Flask, as_: As, desk: Desk) -> None:
    ground.stock(app)
    due = {
        factories.a_case(app, State.ROUTED, department="admin"): "CP-12",
        ground.stored(app): "RC-27",
        ground.lent(app): "RC-26",
        a_parcel(app).number: "RC-29",
        a_repair(app): "DR-13",
    }
    handover = a_handover(app)
    for page in (f"/duty/handover/{handover}", f"/duty/handover/{handover}/print"):
        rows = [row for row in as_(LATE).get(page).text.split("<tr>") if any(f"{n}<" in row for n in due)]
        assert {
            n: sorted({*re.findall(r"\b(?:CP|RC|DR)-\d\d\b", r)}) for r in rows for n in due if n in r
        } == {number: [clause] for number, clause in due.items()}


# -- DR-10 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-10")
def test_the_duty_changes_hands_with_the_second_signature_only(
    app: Flask, as_: As, at: At, desk: Desk
) -> None:
    handover = a_handover(app)
    counted(app, handover)
    at("Mon 2026-03-02 14:20")
    assert responsible(app, desk.post) == [EARLY]
    assert "not handed over yet" in as_("emp.tech").get("/duty/").text
    do(app, handover, "sign", EARLY)
    assert (state_of(app, handover), responsible(app, desk.post)) == ("counted", [EARLY])
    do(app, handover, "sign", LATE)
    assert (state_of(app, handover), responsible(app, desk.post)) == ("signed", [LATE])
    assert "not handed over yet" not in as_("emp.tech").get("/duty/").text


@pytest.mark.clause("DR-10")
def test_nobody_signs_twice(app: Flask, desk: Desk) -> None:
    handover = a_handover(app)
    counted(app, handover)
    do(app, handover, "sign", EARLY)
    assert refused(app, handover, "sign", EARLY) == {"DR-10 signed_already"}
    for stranger in ("desk2", "lead.admin", "office1"):
        with pytest.raises(Forbidden):
            do(app, handover, "sign", stranger)
    assert state_of(app, handover) == "counted"


@pytest.mark.clause("DR-10")
def test_the_database_refuses_two_signatures_of_one_person_or_side(any_app: Flask, at: At) -> None:
    prepared(any_app, at)
    handover = a_handover(any_app)
    counted(any_app, handover)
    do(any_app, handover, "sign", EARLY)
    with any_app.app_context():
        first = db.session.query(Signature).one()
        other = factories.viewer(LATE).id
    for side, person in ((Side.INCOMING, first.person_id), (Side.OUTGOING, other)):
        with any_app.app_context(), pytest.raises(DBAPIError), db.write():
            db.session.add(
                Signature(handover_id=handover, round=first.round, side=side, person_id=person, at=first.at)
            )
    with any_app.app_context(), pytest.raises(DBAPIError, match="append-only"), db.write():
        db.session.execute(sa.text("DELETE FROM handover_signatures"))


@pytest.mark.clause("DR-10")
def test_who_is_not_logged_in_confirms_with_the_own_password(app: Flask, as_: As, desk: Desk) -> None:
    handover = a_handover(app)
    counted(app, handover)
    outgoing, address = as_(EARLY), f"/duty/handover/{handover}/sign"
    assert outgoing.send(address).status_code == 303
    wrongs: list[dict[str, Any]] = [{"password": "no"}, {"password": ""}, {"username": "nobody"}]
    for wrong in wrongs:
        answer = outgoing.send(address, **{"username": LATE, "password": factories.PASSWORD} | wrong)
        assert answer.status_code == 422, wrong
    assert state_of(app, handover) == "counted"
    assert outgoing.send(address, username=LATE, password=factories.PASSWORD).status_code == 303
    assert state_of(app, handover) == "signed"
    with app.app_context():
        told = {(row.side, row.by_password) for row in db.session.query(Signature)}
    assert told == {(Side.OUTGOING, False), (Side.INCOMING, True)}


@pytest.mark.clause("DR-10")
def test_whose_login_takes_a_code_confirms_with_a_code(app: Flask, as_: As, desk: Desk) -> None:
    handover = a_handover(app)
    recovery = enrolled(app, LATE)
    outgoing, address = as_(EARLY), f"/duty/handover/{handover}/sign"
    early = outgoing.send(address, username=LATE, password=factories.PASSWORD, code=recovery[0])
    assert early.status_code == 409, "nothing is counted yet; the code is not used up by that"
    counted(app, handover)
    assert outgoing.send(address).status_code == 303
    for code, said in (("", "with a second factor"), ("000000", "is not correct"), (recovery[0], "")):
        answer = outgoing.send(address, username=LATE, password=factories.PASSWORD, code=code)
        assert answer.status_code == (422 if said else 303), code
        assert said in answer.text
        assert state_of(app, handover) == ("counted" if said else "signed")
    answer = as_(LATE).send(address, username=LATE, password="no", code=recovery[1])
    assert answer.status_code in {409, 422}
    with app.app_context(), db.write():
        left = second_factor.use(accounts.find(LATE), recovery[1], clock.now())
    assert left is not None, "without the password no code is used up"


@pytest.mark.clause("RC-20")
def test_whose_role_must_have_a_second_factor_signs_by_no_password_alone(
    app: Flask, as_: As, desk: Desk
) -> None:
    handover = a_handover(app)
    counted(app, handover)
    required(app, "desk employee")
    outgoing, address = as_(EARLY), f"/duty/handover/{handover}/sign"
    enrolled(app, EARLY)
    assert outgoing.send(address).status_code == 303
    answer = outgoing.send(address, username=LATE, password=factories.PASSWORD)
    assert answer.status_code == 422
    assert "set it up" in answer.text
    assert "RC-20" in answer.text
    assert state_of(app, handover) == "counted"
    assert outgoing.send(address, username=LATE, password="no").text.count("RC-20") == 0


@pytest.mark.clause("DR-11")
def test_nothing_is_handed_to_somebody_off_the_roster(app: Flask, as_: As, desk: Desk) -> None:
    handover = a_handover(app)
    counted(app, handover)
    answer = as_(EARLY).send(
        f"/duty/handover/{handover}/sign", username="emp.tech", password=factories.PASSWORD
    )
    assert answer.status_code == 409
    assert "DR-11" in answer.text
    assert as_("desk2").send(f"/duty/handover/{handover}/sign").status_code == 403


# -- DR-11 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-11")
@pytest.mark.parametrize("reason", list(Ground))
def test_it_is_refused_for_one_of_four_reasons_and_the_head_hears(
    app: Flask, as_: As, desk: Desk, reason: Ground
) -> None:
    handover = a_handover(app)
    counted(app, handover)
    do(app, handover, "sign", EARLY)
    answer = as_(LATE).send(f"/duty/handover/{handover}/refuse", ground=reason, note="见现场照片")
    assert answer.status_code == 303
    assert (state_of(app, handover), responsible(app, desk.post)) == ("refused", [EARLY])
    for head in ("lead.admin", "office1"):
        assert "The takeover of a post was refused" in as_(head).get("/notifications/").text


@pytest.mark.clause("DR-11")
@pytest.mark.parametrize(
    "given", [{"ground": "tired", "note": "x"}, {"ground": "dirty_place"}, {"note": "x"}]
)
def test_no_other_reason_will_do(app: Flask, as_: As, desk: Desk, given: dict[str, Any]) -> None:
    handover = a_handover(app)
    counted(app, handover)
    assert as_(LATE).send(f"/duty/handover/{handover}/refuse", **given).status_code == 422
    assert state_of(app, handover) == "counted"


@pytest.mark.clause("DR-11")
def test_what_was_mended_is_counted_again_and_signed_anew_by_both(app: Flask, desk: Desk) -> None:
    handover = a_handover(app)
    counted(app, handover, Phone=1)
    do(app, handover, "refuse", LATE, ground=Ground.MISSING_PROPERTY, note="少一部电话机")
    assert refused(app, handover, "sign", EARLY) == {"DR-10 wrong_state"}
    counted(app, handover)
    do(app, handover, "sign", EARLY)
    assert state_of(app, handover) == "counted"
    do(app, handover, "sign", LATE)
    assert state_of(app, handover) == "signed"


@pytest.mark.clause("DR-11")
def test_the_head_orders_the_takeover_and_both_sign_the_defect(app: Flask, desk: Desk) -> None:
    handover = a_handover(app)
    counted(app, handover)
    do(app, handover, "sign", EARLY)
    do(app, handover, "refuse", LATE, ground=Ground.UNFINISHED_REPAIR, note="闸机未修好")
    with pytest.raises(Forbidden):
        do(app, handover, "order", EARLY, defect="x")
    do(app, handover, "order", "lead.admin", defect="闸机待修, 由人工登记")
    assert (state_of(app, handover), responsible(app, desk.post)) == ("signed", [LATE])
    for person in (EARLY, LATE):
        do(app, handover, "sign", person)
        assert refused(app, handover, "sign", person) >= {"DR-10 signed_already"}
    with app.app_context():
        assert db.session.get_one(Handover, handover).defect == "闸机待修, 由人工登记"


@pytest.mark.clause("DR-11")
def test_who_has_a_seat_does_not_order_the_own_takeover(app: Flask, at: At) -> None:
    at("Mon 2026-03-02 09:00")
    post = a_desk(app, late="lead.admin").post
    a_note(app, post)
    at(HERE)
    handover = a_handover(app)
    counted(app, handover, "lead.admin")
    do(app, handover, "refuse", "lead.admin", ground=Ground.DIRTY_PLACE, note="未打扫")
    assert refused(app, handover, "order", "lead.admin", defect="x") == {"DR-11 seated_orders"}


@pytest.mark.clause("DR-11")
def test_an_event_in_progress_stays_with_the_outgoing_shift(app: Flask, as_: As, desk: Desk) -> None:
    number = a_note(app, desk.post, standing=Standing.RUNNING, category=Category.INCIDENT, text="电梯困人")
    handover = a_handover(app)
    counted(app, handover)
    assert refused(app, handover, "sign", EARLY) == {"DR-11 event_runs"}
    assert as_(EARLY).send(f"/duty/log/{number}/settle", text="人员已救出").status_code == 303
    do(app, handover, "sign", EARLY)


@pytest.mark.clause("DR-11")
def test_an_event_in_progress_is_taken_over_by_word(app: Flask, desk: Desk) -> None:
    a_note(app, desk.post, standing=Standing.RUNNING, category=Category.INCIDENT, text="电梯困人")
    handover = a_handover(app)
    counted(app, handover)
    with pytest.raises(Forbidden):
        do(app, handover, "take-over", EARLY, note="x")
    do(app, handover, "take-over", LATE, note="现场由我接手")
    do(app, handover, "sign", EARLY)
    do(app, handover, "sign", LATE)
    assert state_of(app, handover) == "signed"


# -- DR-12 ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("DR-12")
def test_a_fault_is_passed_on_with_the_leaders_consent_only(app: Flask, desk: Desk) -> None:
    a_note(app, desk.post, standing=Standing.OPEN, category=Category.FAULT, text="打印机卡纸")
    handover = a_handover(app)
    counted(app, handover)
    assert refused(app, handover, "sign", EARLY) == {"DR-12 fault_open"}
    for person in (EARLY, LATE):
        with pytest.raises(Forbidden):
            do(app, handover, "consent", person, note="x")
    do(app, handover, "consent", "lead.admin", note="厂家明早到")
    do(app, handover, "sign", EARLY)
    a_note(app, desk.post, standing=Standing.OPEN, category=Category.FAULT, text="又一处故障")
    assert "DR-12 fault_open" in refused(app, handover, "sign", LATE)


@pytest.mark.clause("DR-12")
def test_without_a_fault_nothing_is_consented_to(app: Flask, desk: Desk) -> None:
    assert refused(app, a_handover(app), "consent", "lead.admin", note="x") == {"DR-12 no_fault"}


# -- pages ----------------------------------------------------------------------------------------------------------


def test_others_do_not_know_of_it(app: Flask, as_: As, desk: Desk) -> None:
    handover = a_handover(app)
    assert as_("emp.tech").get(f"/duty/handover/{handover}").status_code == 404
    assert "JJ-" not in as_("emp.tech").get("/duty/handover").text
    for username in (EARLY, LATE, "desk2", "lead.admin", "gm", "office1"):
        assert as_(username).get(f"/duty/handover/{handover}").status_code == 200, username


def test_the_whole_way_by_forms(app: Flask, as_: As, desk: Desk) -> None:
    handover = a_handover(app)
    address = f"/duty/handover/{handover}"
    incoming = as_(LATE)
    page = incoming.get(address).text
    with app.app_context():
        item = int(db.session.scalar(sa.text("SELECT id FROM post_items")) or 0)
    assert f'name="found_{item}"' in page
    counts: dict[str, Any] = {f"found_{item}": "1", "read": "y", "line": everything(app, handover)["line"]}
    explained: dict[str, Any] = {f"explanation_{item}": "送修"}
    assert incoming.send(f"{address}/count", **counts).status_code == 303
    assert incoming.send(f"{address}/sign").status_code == 409
    assert as_(EARLY).send(f"{address}/explain", **explained).status_code == 303
    assert as_(EARLY).send(f"{address}/sign").status_code == 303
    assert incoming.send(f"{address}/sign").status_code == 303
    assert "took the post" in incoming.get(address).text
    assert factories.history_faults(app) == []


def test_it_prints_with_both_signatures(app: Flask, as_: As, desk: Desk, drawn: list[str]) -> None:
    handover = a_handover(app)
    counted(app, handover)
    do(app, handover, "sign", EARLY)
    printed = text_of(as_(EARLY).get(f"/duty/handover/{handover}/print"))
    for told in (
        "JJ-20260302-0001",
        "Handover of Front desk",
        "巡查无异常",
        "Phone 2 2",
        "Outgoing shift signed",
    ):
        assert told in printed
    assert as_(EARLY).send(f"/duty/handover/{handover}/print.pdf").status_code == 303


def test_the_office_keeps_what_a_post_holds(app: Flask, as_: As, desk: Desk) -> None:
    office, address = as_("office1"), "/duty/handover/items/front-desk"
    assert office.send(address, name="饮水机", quantity="1", active="y").status_code == 303
    assert office.send(address, name="饮水机", quantity="1").status_code == 422
    assert "饮水机" in office.get(address).text
    with app.app_context():
        item = int(db.session.scalar(sa.text("SELECT max(id) FROM post_items")) or 0)
    edited: dict[str, Any] = {"name": "饮水机", "quantity": "2", "version": "1"}
    assert office.send(f"{address}/{item}", **edited).status_code == 303
    assert office.send(f"{address}/{item}", **edited).status_code == 409
    assert as_("desk1").get(address).status_code == 403


def test_a_page_of_the_handover_costs_few_statements(app: Flask, as_: As, desk: Desk) -> None:
    from tests.house.test_statements import MOST, statements

    handover = a_handover(app)
    for _ in range(5):
        a_note(app, desk.post, standing=Standing.OPEN)
        factories.a_visit(app)
    for address in (f"/duty/handover/{handover}", "/duty/handover", "/duty/log", "/duty/"):
        seen = statements(as_(LATE), address)
        assert len(seen) <= MOST, "\n".join([address, *seen])
