"""One person is found, handed over and forgotten wherever reception can keep them (RC-20)."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import verification
from portal.blueprints.reception.customers import actions as care
from portal.blueprints.reception.customers.codes import CareKind
from portal.blueprints.reception.keeping.codes import Direction
from portal.blueprints.reception.keeping.models import Deposit, GoodsPass, KeyLoan
from portal.blueprints.reception.kiosk.models import KioskVisit
from portal.blueprints.reception.models import Visit, VisitTask
from portal.blueprints.reception.parcels.models import Parcel
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.register.codes import Field
from portal.blueprints.reception.register.models import Correction, DailyRegister
from portal.blueprints.reception.services.models import Service
from portal.blueprints.reception.traces import KEEPERS
from portal.i18n import speaking
from portal.kernel import clock, mentions, policies
from portal.kernel.customers import Customer
from portal.kernel.db import Base, db
from portal.kernel.kiosks import Kiosk
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import counted
from tests.reception.keeping import ground
from tests.reception.kiosk.making import a_tablet
from tests.reception.makers import a_parcel, answered
from tests.reception.retention.looking import everywhere, removed, taken_out, traces
from tests.reception.visits import a_visit, do, events, load

NAME, PHONE = "墨翟鑫", "13977778888"
WHO: dict[str, Any] = {"name": NAME, "phone": PHONE}
OVER = ("deposits", "key_loans", "goods_passes", "questions", "parcels")


def over(browser: CarefulClient, number: str) -> None:
    """The visit comes to its end."""
    do(browser, number, "leave", remark=f"{NAME}很满意", material="样册")
    do(browser, number, "check", note=f"{NAME}的会议室")


def the_visit(app: Flask, desk: CarefulClient) -> str:
    """The person's own visit, with all that can be noted for it."""
    number = a_visit(
        desk, "C", visitor_name=NAME, company=f"{NAME}工作室", phone=PHONE, purpose=f"{NAME}来谈合作", party_size="2",
        party="随行李", consent="1", department="tech",
    )  # fmt: skip
    mended: dict[str, Any] = {
        "visitor_name": NAME,
        "party_size": "2",
        "phone": PHONE,
        "purpose": f"{NAME}来签约",
    }
    mended |= {"department": "tech", "material": f"{NAME}的画册", "party": "随行李"}
    assert desk.send(f"/reception/visits/{number}/edit", **mended).status_code == 303
    do(desk, number, "seat")
    meal: dict[str, Any] = {
        "kind": "meal",
        "wanted_on": "2026-03-03",
        "persons": "2",
        "what": f"{NAME}爱吃的店",
    }
    assert desk.send(f"/reception/visits/{number}/services/ask", **meal, note=f"接{PHONE}").status_code == 303
    ground.stored(app, visit=number, note=f"{NAME}的箱子")
    ground.lent(app, visit=number, purpose=f"{NAME}用会议室")
    ground.asked(app, by="desk1", direction=Direction.IN, carrier=NAME, visit=number, what=f"{NAME}的样机")
    question: dict[str, Any] = {
        "question": f"{NAME}问停车",
        "outcome": "answer",
        "answer": "免费",
        "visit": number,
    }
    assert (
        desk.send("/reception/questions/record", **question, asker_name=NAME, phone=PHONE).status_code == 303
    )
    give_back(desk)
    over(desk, number)
    with app.app_context(), db.write():
        visit = db.session.scalars(sa.select(Visit).where(Visit.number == number)).one()
        notice = policies.in_force("visit.privacy_notice.zh", clock.now()).id
        kiosk = db.session.scalars(sa.select(Kiosk.id)).one()
        db.session.add(
            KioskVisit(
                visit_id=visit.id,
                kiosk_id=kiosk,
                notice_id=notice,
                consent_at=clock.now(),
                asked_for=f"{NAME}找人",
            )
        )
        db.session.execute(
            sa.update(VisitTask).where(VisitTask.visit_id == visit.id).values(note=f"给{NAME}倒水")
        )
        register = DailyRegister(number="DJ-1", day=visit.day, state="open", state_since=clock.now())
        db.session.add(register)
        db.session.flush()
        given = {"field": Field.VISITOR_NAME, "stood": "", "should_be": NAME, "reason": f"{NAME}本人说明"}
        at_ = {"by_id": factories.viewer("desk1").id, "at": clock.now()}
        db.session.add(Correction(register_id=register.id, visit_id=visit.id, **given, **at_))
    return number


def give_back(desk: CarefulClient) -> None:
    """Deposits and keys come back, goods go through the door."""
    with desk.application.app_context():
        held = [(row.number, row.tag.number) for row in db.session.scalars(sa.select(Deposit))]
        lent = list(db.session.scalars(sa.select(KeyLoan.number)))
        goods = list(db.session.scalars(sa.select(GoodsPass.number)))
        db.session.remove()
    for number, tag in held:
        desk.send(f"/reception/deposits/{number}/release", tag=str(tag))
    for number in lent:
        desk.send(f"/reception/keys/{number}/return")
    for number in goods:
        desk.send(f"/reception/goods/{number}/check", as_listed="y")


def everything(app: Flask, as_: As) -> tuple[str, str]:
    """The person wherever reception can keep somebody; the numbers of the own visit and of the one they came along."""
    desk = as_("desk1")
    a_tablet(app)
    ground.stock(app)
    own = the_visit(app, desk)
    other = a_visit(
        desk, "D", visitor_name="康有福", phone="13911110000", party_size="3", party=f"{NAME} {PHONE}\n赵六"
    )
    for party in (f"{NAME}先生\n赵六", f"赵六、{NAME}"):
        mended: dict[str, Any] = {
            "visitor_name": "康有福",
            "party_size": "3",
            "party": party,
            "phone": "13911110000",
        }
        assert desk.send(f"/reception/visits/{other}/edit", **mended).status_code == 303
    do(desk, other, "decline")
    loose(app, desk)
    with app.app_context(), db.write():
        card = db.session.scalars(sa.select(Customer).where(Customer.name == NAME)).one()
        card.interests, card.care_consent_at = f"{NAME}爱钓鱼", clock.now()
        desk1 = factories.viewer("desk1")
        notes = [
            care.note_care(card, by=desk1, now=clock.now(), kind=CareKind.CONTACT, note=note)
            for note in (f"{NAME}想要样品", f"给{PHONE}回电")
        ]
        care.done(card, notes[1].id, by=desk1, now=clock.now(), result=f"{NAME}收到了")
    return own, other


def loose(app: Flask, desk: CarefulClient) -> None:
    """What belongs to no visit."""
    answered(app, f"我是{NAME}，发票多久", f"{NAME}五天后来取", asker_name=NAME, phone=PHONE)
    answered(app, "食堂几点开", "十一点半", asker_name=NAME, phone="139 7777 8888")
    ground.stored(app, name=f"墨记 {NAME}", note=f"打{PHONE}", tag=9)
    ground.asked(
        app, by="desk1", direction=Direction.IN, carrier=NAME, company="墨记", what="样机两台", amount="2 台"
    )
    give_back(desk)
    parcel = a_parcel(app, sender=f"墨记 {NAME} {PHONE}").number
    assert desk.send(f"/reception/parcels/{parcel}/sign").status_code == 303


def counts(app: Flask) -> dict[str, int]:
    """How many rows there are of what is counted."""
    models = (Visit, Question, Deposit, KeyLoan, GoodsPass, Parcel, Service, Correction, KioskVisit)
    with app.app_context():
        found = {model.__tablename__: db.session.query(model).count() for model in models}
        db.session.remove()
    return found


def sound(app: Flask) -> list[str]:
    """What the verification finds wrong with history and indexes."""
    with app.app_context():
        found = list(verification.faults())
        db.session.remove()
    return found


@pytest.mark.clause("RC-20")
def test_nothing_of_a_person_is_left_anywhere_on_request(any_app: Flask, as_: As) -> None:
    own, other = everything(any_app, as_)
    before = counts(any_app)
    stands = {place.partition(".")[0].partition(":")[0] for place in everywhere(any_app, NAME, PHONE)}
    assert {
        "visits", "visit_tasks", "visit_steps", "customers", "care_notes", "questions", "deposits", "key_loans",
        "goods_passes", "visit_services", "parcels", "register_corrections", "kiosk_visits", "history_texts",
        "search_visit", "search_customer", "search_question",
    } <= stands, "it was everywhere"  # fmt: skip
    found = traces(any_app, **WHO)
    with any_app.app_context(), speaking("en"):
        captions = {str(trace.keeper.caption) for trace in found.traces}
    assert captions >= {
        "Own visit", "Customer card", "Question asked", "Deposit", "Goods pass", "Letter or parcel",
        "Came with another visitor",
    }  # fmt: skip
    assert "康有福" not in " ".join(found.shown(trace) for trace in found.traces), (
        "nothing of whom they came with"
    )
    for trace in found.traces:
        assert as_("office1").get(trace.address).status_code == 200, trace.address
    leaving = 1 + 1 + 2 + 1 + 1 + 1 + 1  # visit, card, questions, deposit, pass, parcel, party
    assert removed(any_app, **WHO) == (leaving, 0)
    assert everywhere(any_app, NAME, PHONE, "139 7777 8888", "mozhai") == []
    assert counts(any_app) == before, "figures stay"
    assert sound(any_app) == []
    assert events(any_app, own)[-1] == "visit:remove"
    assert events(any_app, other)[-1] == "visit:companion-remove"
    visit = load(any_app, other)
    assert (visit.visitor_name, visit.phone, visit.party_size, visit.party) == (
        "康有福",
        "13911110000",
        3,
        "赵六、—",
    )
    with any_app.app_context():
        kept = sa.select(Question.question, Question.answer).where(Question.answer != "")
        assert db.session.execute(kept).all() == [("食堂几点开", "十一点半")], "what others may ask again"
        assert db.session.scalars(sa.select(GoodsPass.what).where(GoodsPass.what != "")).all() == ["样机两台"]
        digests = [
            set(db.session.scalars(sa.select(model.fields_digest))) for model in (Visit, Question, Parcel)
        ]
        assert digests == [{""}] * 3, "whoever guesses the words could prove them by it"
        db.session.remove()
    assert not traces(any_app, **WHO).traces


@pytest.mark.clause("RC-20")
def test_nothing_of_a_person_is_left_anywhere_after_the_term(any_app: Flask, as_: As, at: At) -> None:
    """Cards go by the person's own consent; somebody else's visit takes its party with it."""
    ground.stock(any_app)
    a_tablet(any_app)
    desk = as_("desk1")
    other = a_visit(desk, "D", visitor_name="康有福", party_size="2", party=NAME)
    do(desk, other, "decline")
    loose(any_app, desk)
    before = counts(any_app)
    at("Mon 2027-03-01 09:00")
    assert (
        "Past their term without a visit" not in client_of(any_app, "office1").get("/reception/privacy/").text
    )
    at("Tue 2027-03-02 09:01")
    office = client_of(any_app, "office1")
    page = text_of(office.get("/reception/privacy/"))
    for told in ("Question asked 2", "Deposit 1", "Goods pass 1", "Letter or parcel 1", "2026-03: 1"):
        assert told in page, told
    assert "These are 6." in page
    assert office.send("/reception/privacy/forget", confirm="6").status_code == 303
    assert everywhere(any_app, NAME, PHONE, "康有福") == []
    assert counts(any_app) == before
    assert sound(any_app) == []
    assert "Past their term without a visit" not in office.get("/reception/privacy/").text


@pytest.mark.clause("RC-20")
def test_the_file_holds_all_of_it_in_words_that_can_be_read(any_app: Flask, as_: As) -> None:
    own, other = everything(any_app, as_)
    office = as_("office1")
    told = taken_out(any_app, **WHO)
    assert set(told) == {keeper.key for keeper in KEEPERS} - {"supplies", "room_checks"} | {
        "taken_out_at", "earlier_words",
    }  # fmt: skip
    (visit,) = told["visits"]
    assert (visit["number"], visit["visitor_name"], visit["phone"]) == (own, NAME, PHONE)
    assert (visit["department"], visit["state"], visit["arrived_at"]) == (
        "Technology",
        "Checked",
        "2026-03-02 09:00",
    )
    assert told["companions"] == [{"number": other, "day": "2026-03-02", "party": NAME}]
    assert {len(told[key]) for key in ("questions", "deposits", "goods_passes")} == {3, 2}
    assert {note["note"] for note in told["care"]} == {f"{NAME}想要样品", f"给{PHONE}回电"}
    assert told["services"][0]["what"] == f"{NAME}爱吃的店"
    assert told["corrections"][0]["reason"] == f"{NAME}本人说明"
    assert told["parcels"][0]["sender"] == f"墨记 {NAME} {PHONE}"
    assert any(f"{NAME}来谈合作" in entry["words"].values() for entry in told["earlier_words"]), (
        "what stood there before"
    )
    written = json.dumps(told, ensure_ascii=False)
    for nobody_elses in ("康有福", "13911110000", "赵六", "digest", "_key", "_id"):
        assert nobody_elses not in written.replace("key_loans", ""), nobody_elses
    assert events(any_app, own)[-2:] == ["visit:reveal", "visit:export"], "the number in it is a look at it"
    assert events(any_app, other)[-1] == "visit:companion-export"
    audit = text_of(office.get("/office/audit/?event=question:"))
    assert audit.count("The whole phone number was looked at") == 2


@pytest.mark.clause("RC-20")
def test_a_name_that_another_has_too_is_left_alone_without_a_number(app: Flask, as_: As) -> None:
    ground.stock(app)
    desk = as_("desk1")
    own = a_visit(desk, "D", visitor_name=NAME, phone=PHONE)
    do(desk, own, "decline")
    namesake = a_visit(desk, "D", visitor_name=NAME, phone="13900001111")
    do(desk, namesake, "decline")
    number = ground.stored(app, name=NAME)
    give_back(desk)
    assert [trace.number for trace in traces(app, **WHO).unsure] == [number]
    assert number not in str(taken_out(app, **WHO))
    assert removed(app, **WHO) == (1, 0)
    with app.app_context():
        assert db.session.scalars(sa.select(Deposit.name)).all() == [NAME]
        db.session.remove()
    assert (load(app, own).visitor_name, load(app, namesake).visitor_name) == ("—", NAME)


@pytest.mark.clause("RC-20")
@pytest.mark.parametrize("act", [taken_out, removed])
def test_one_name_in_a_visit_and_a_question_may_be_two_people(app: Flask, as_: As, act: Any) -> None:
    desk = as_("desk1")
    own = a_visit(desk, "D", visitor_name=NAME, phone=PHONE)
    do(desk, own, "decline")
    answered(app, "发票", asker_name=NAME, phone="13900001111")
    with pytest.raises(Refused):
        act(app, NAME)
    assert load(app, own).visitor_name == NAME


@pytest.mark.clause("RC-20")
def test_what_is_not_over_stays(app: Flask) -> None:
    ground.stock(app)
    number = ground.stored(app, name=NAME)
    answered(app, "发票", asker_name=NAME, phone=PHONE)
    assert removed(app, **WHO) == (1, 1)
    with app.app_context():
        assert db.session.scalars(sa.select(Deposit.name).where(Deposit.number == number)).one() == NAME
        assert db.session.scalars(sa.select(Question.asker_name)).one() == ""
        db.session.remove()


def test_finding_a_person_costs_three_statements(app: Flask, as_: As) -> None:
    everything(app, as_)
    traces(app, **WHO)
    with counted() as seen:
        traces(app, **WHO)
    assert len(seen) <= 4, "\n".join(seen)


# -- whose name a text has -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_named", "left"),
    [
        ("墨翟鑫", True, "—"),
        ("墨翟鑫先生\n赵六", True, "—\n赵六"),
        ("赵六、墨翟鑫；钱七", True, "赵六、—；钱七"),
        ("墨记 墨翟鑫 经理，赵六", True, "—，赵六"),
        ("司机 139-7777-8888\r\n赵六", True, "—\r\n赵六"),
        ("墨翟鑫鑫", False, "墨翟鑫鑫"),
        ("小墨翟鑫、赵六", False, "小墨翟鑫、赵六"),
        ("13977778", False, "13977778"),
        ("", False, ""),
    ],
)
def test_a_list_of_names(text: str, is_named: bool, left: str) -> None:
    assert mentions.named(text, NAME, PHONE) is is_named
    assert mentions.without(text, NAME, PHONE) == left


def test_a_text_of_ones_own_names_one_anywhere() -> None:
    assert mentions.mentioned("墨翟鑫的卡", NAME)
    assert mentions.mentioned("电话 139 7777 8888", "", PHONE)
    assert not mentions.mentioned("室内 12 人", "", "12")
    assert not mentions.mentioned("谁也没有", "", "")


# -- every part is asked -------------------------------------------------------------------------------------------

# Tables of reception with texts that are nobody's from outside: things, colleagues, figures.
NOBODYS = {
    "places", "bookings", "tags", "keys", "supplies", "purchases", "purchase_lines", "daily_registers",
    "visit_steps",  # emptied with its visit
}  # fmt: skip


def test_every_table_of_reception_with_texts_has_a_keeper() -> None:
    ours = {
        mapper.class_.__table__
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("portal.blueprints.reception")
    }
    texts = {
        table.name
        for table in ours
        for column in table.columns
        if type(column.type) in {sa.String, sa.Text} and column.name not in {"number", "idempotency_key"}
    }
    kept = {keeper.model.__tablename__ for keeper in KEEPERS}
    assert texts - NOBODYS <= kept, "what is new says what it keeps of people, or that it keeps nothing"
