"""The register, requests, terms and looks as the general office works with them (RC-20)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from portal.blueprints.complaints.codes import State as CaseState
from portal.blueprints.complaints.kept import held
from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.office.privacy import actions, captions, queries, rules
from portal.blueprints.office.privacy.codes import State
from portal.blueprints.office.privacy.models import PersonRequest
from portal.blueprints.phrases.calls.models import CallDraft
from portal.blueprints.reception.traces import KEEPERS
from portal.kernel import (
    accounts,
    browsers,
    clock,
    files,
    history,
    identities,
    personal_data,
    second_factor,
    todos,
)
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.personal_data import Sought
from portal.kernel.recents import RecentSearch
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of
from tests.duty.log.test_log import ENTRY
from tests.duty.posts.making import a_post
from tests.house.test_statements import MOST, counted
from tests.office.privacy.test_marker import forgotten, goes, opened, work
from tests.reception.retention.looking import everywhere
from tests.reception.visits import a_visit, do, load

NAME, PHONE = "鲁智森", "13866660001"
WHO: dict[str, Any] = {"name": NAME, "phone": PHONE, "loose": "y"}
PRIVACY = "/office/privacy/"


def log(browser: CarefulClient, text: str) -> None:
    """An entry of the shift log, by its own form."""
    assert browser.send("/duty/log", **ENTRY | {"text": text}).status_code == 303


def state(app: Flask) -> State:
    with app.app_context():
        return db.session.scalars(sa.select(PersonRequest.state)).one()


def looked(app: Flask) -> set[str]:
    """The events of the looks that were written down."""
    with app.app_context():
        found = set(db.session.scalars(sa.select(history.Line.event).where(history.LOOKS)))
        db.session.remove()
    return found


def words(app: Flask) -> list[str]:
    """What the shift log says."""
    with app.app_context():
        return list(db.session.scalars(sa.select(LogEntry.text).order_by(LogEntry.id)))


@pytest.mark.clause("RC-20")
def test_one_asks_and_another_confirms(app: Flask, as_: As) -> None:
    office = as_("office1")
    a_post(app)
    log(office, f"{NAME}打电话{PHONE}来问")
    for sought in (NAME, "luzhisen", "别人"):
        as_("desk1").send("/search/recent", q=sought)
    address = opened(app, office, name=NAME, phone=PHONE)
    assert office.send(f"{address}/confirm", decision="yes").status_code == 409
    assert office.send(f"{address}/ask", count="7").status_code == 422
    assert office.send(f"{address}/ask", count=goes(app)).status_code == 303
    assert "another person of the general office decides" in text_of(office.get(address))
    answer = office.send(f"{address}/confirm", decision="yes")
    assert (answer.status_code, "RC-20" in answer.text) == (409, True)
    other = client_of(app, "office2")
    assert "confirm it or say no" in other.get("/notifications/").text
    assert other.send(f"{address}/confirm", decision="no", note="先核实").status_code == 303
    assert (state(app), words(app)) == (State.FOUND, [f"{NAME}打电话{PHONE}来问"])
    forgotten(app, address)
    assert (state(app), words(app)) == (State.DONE, [""])
    assert client_of(app, "desk1").get(address).status_code == 403
    with app.app_context():
        assert db.session.scalars(sa.select(RecentSearch.words)).all() == ["别人"], "by a name or its reading"
        db.session.remove()


@pytest.mark.clause("RC-20")
@pytest.mark.clause("CP-20")
def test_what_a_rule_keeps_goes_when_its_term_is_over(app: Flask, as_: As, at: At) -> None:
    case = factories.a_case(app, customer_name=NAME, customer_phone=PHONE, content=f"{NAME}的打印机")
    its_id = factories.load(app, case).id
    attached(app, its_id, "照片.png", files.TYPES["png"], b"a picture", kind="case")
    desk, office = as_("desk1"), as_("office1")
    visit = a_visit(desk, "D", visitor_name=NAME, phone=PHONE)
    do(desk, visit, "decline")
    address = opened(app, office, **WHO)
    page = text_of(office.get(address))
    assert page.count("The case is not archived yet.") == 2, "the case and its picture; its words go with it"
    assert "cannot read this file" not in page
    asked = goes(app)
    forgotten(app, address)
    assert state(app) is State.WAITING
    told = text_of(office.get(address))
    assert told.count(f"Entries: {asked} ") == 2, "as many went as were counted"
    stands = {place.partition(".")[0] for place in everywhere(app, NAME)}
    assert {"cases", "person_requests"} <= stands
    assert "visits" not in stands
    with app.app_context(), db.write():
        row = db.session.scalars(sa.select(Case).where(Case.number == case)).one()
        row.state, row.archived_at, row.keep_until = CaseState.ARCHIVED, clock.now(), clock.now()
        row.filed_at = clock.now()
    at("Tue 2026-03-10 09:05")
    assert any("looked at again" in line for line in factories.sweep(app))
    work(app)
    assert state(app) is State.DONE
    assert everywhere(app, NAME, PHONE) == []
    with app.app_context():
        assert files.listed(db.session.get_one(Case, its_id)) == []
        db.session.remove()


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"sure": True, "held": "", "waits": False}], None),
        ([{"sure": True, "held": "case_not_archived {}", "waits": True}], None),
        ([{"sure": True, "held": "mended_by_hand {}", "waits": False}], "nothing_goes"),
        ([{"sure": False, "held": "", "waits": False}], "nothing_goes"),
        ([], "nothing_goes"),
    ],
)
def test_a_removal_is_asked_for_when_something_goes_now_or_later(
    entries: list[dict[str, Any]], code: str | None
) -> None:
    reason = rules.something_goes(PersonRequest(found=json.dumps(entries)))
    assert (reason.code if reason else None) == code


@pytest.mark.clause("RC-20")
def test_a_name_alone_may_be_a_namesakes(app: Flask, as_: As) -> None:
    office = as_("office1")
    a_post(app)
    log(office, f"{NAME}来过")
    address = opened(app, office, name=NAME, phone=PHONE)
    page = text_of(office.get(address))
    assert "only the name stands there" in page
    assert office.send(f"{address}/ask", count="0").status_code == 409, "nothing goes"
    assert office.send(f"{address}/close").status_code == 303
    assert (state(app), words(app)) == (State.CLOSED, [f"{NAME}来过"])
    assert {place.partition(".")[0] for place in everywhere(app, NAME)} & {"person_requests"} == set()


@pytest.mark.clause("RC-20")
def test_somebody_who_left_becomes_a_number_after_the_term(app: Flask, as_: As, at: At) -> None:
    person = factories.a_person(app, "leaver", name=NAME, phone=PHONE)
    office = as_("office1")
    assert client_of(app, "leaver").get("/account").status_code == 200
    assert office.send("/office/privacy/requests/open", person="leaver", reason="x").status_code == 422
    with app.app_context(), db.write():
        db.session.add(CallDraft(by_id=person, key="k", updated_at=clock.now(), matter="x"))
        leaver, now = db.session.get_one(Person, person), clock.now()
        second_factor.turn_on(leaver, "JBSWY3DPEHPK3PXP", 0, by=person, now=now)
        browsers.met(leaver, "a browser", now)
        identities.link(leaver, identities.Provider.LDAP, "leaver's own", by=None, now=now)
        accounts.set_status(
            db.session.get_one(Person, person),
            Status.DEPARTED,
            by=factories.id_of(app, "office1"),
            now=clock.now(),
        )
    address = opened(app, office, person="leaver", loose="y")
    assert "until 2028-03-01" in text_of(office.get(address))
    assert not re.search(r"badge[^>]*>goes<", office.get(address).text)
    assert office.send(f"{address}/export").status_code == 200
    assert looked(app) == {"person_request:export", "person:handed_over"}
    forgotten(app, address)
    assert state(app) is State.WAITING
    with app.app_context():
        kept = db.session.get_one(Person, person)
        assert (kept.username, kept.name, kept.phone) == ("leaver", NAME, PHONE), "until the term is over"
        db.session.remove()
    at("Thu 2028-03-02 09:05")
    factories.sweep(app)
    work(app)
    assert state(app) is State.DONE
    with app.app_context():
        row = db.session.get_one(Person, person)
        assert (row.username, row.name, row.phone, row.password) == (f"gone-{person}", f"#{person}", "", "")
        assert second_factor.state_of(person) is None
        for table in (second_factor.RecoveryCode, browsers.KnownBrowser, identities.Identity):
            assert db.session.scalars(sa.select(table.person_id)).all() == []
        db.session.remove()
    assert everywhere(app, NAME, PHONE, "leaver") == []


@pytest.mark.clause("RC-20")
def test_what_is_handed_over_says_who_looked(app: Flask, as_: As) -> None:
    desk, office = as_("desk1"), as_("office1")
    visit = a_visit(desk, "C", visitor_name=NAME, phone=PHONE, consent="1")
    assert desk.send(f"/reception/visits/{visit}/reveal").status_code == 200
    case = factories.a_case(app, customer_name=NAME, customer_phone=PHONE)
    a_post(app)
    log(office, f"{NAME}留了{PHONE}")
    attached(app, factories.load(app, case).id, "信 1.txt", files.TYPES["txt"], NAME.encode(), kind="case")
    attached(app, 1, "合影.png", files.TYPES["png"], b"others, too")
    address = opened(app, office, **WHO)
    answer = office.send(f"{address}/export")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        told, page = json.loads(packed.read("data.json")), packed.read("report.html").decode()
        assert packed.namelist()[2:] == [told["files"][0]["file"]] == ["files/1-信 1.txt"], (
            "not what is others', too"
        )
        assert packed.read("files/1-信 1.txt") == NAME.encode()
    assert 'href="files/1-%E4%BF%A1%201.txt"' in page
    assert "<h2>Your visits</h2>" in page
    assert "Came on" in page
    assert not re.search(r"[a-z]+_[a-z_]+", re.sub(r"<[^>]+>", " ", page)), "words, no codes"
    assert told["earlier_words"]
    assert looked(app) == {
        "visit:reveal",
        "visit:export",
        "customer:reveal",
        "customer:export",
        "case:handed_over",
    } | {"person_request:export"}
    assert told["visits"][0]["phone"] == told["cases"][0]["customer_phone"] == PHONE
    assert [each["words"] for each in told["mentions"] if each["class"].startswith("Shift log")] == [
        f"{NAME}留了{PHONE}"
    ]
    assert "The whole phone number was looked at" in {look["what"] for look in told["looks"]}
    assert NAME in page
    with counted() as seen:
        listed = text_of(office.get(f"{PRIVACY}looks"))
    assert len(seen) <= MOST
    for number in (visit, case, "KH-1", "GR-20260302-0001"):
        assert number in listed
    assert "The person's data were handed over" in listed.replace("&#39;", "'")
    assert "The whole phone number was looked at" in text_of(office.get(f"{PRIVACY}looks?person=desk1"))
    assert "Nobody looked" in text_of(office.get(f"{PRIVACY}looks?person=nobody"))
    forgotten(app, address)
    assert (state(app), words(app), load(app, visit).visitor_name) == (State.WAITING, [""], NAME), (
        "still in the house"
    )
    with app.app_context():
        assert db.session.scalars(sa.select(Customer.name)).one() == NAME, "the card stays as long, and whole"
        db.session.remove()


def test_nobody_who_was_removed_is_left_in_what_is_listed_for_another() -> None:
    listed = [{"number": f"{NAME}.txt · ZB-1", "words": f"与{NAME}（{PHONE}）同来", "sure": True}]
    other = PersonRequest(found=json.dumps(listed))
    actions.leave_out(Sought(NAME, PHONE), [other])
    assert other.entries == [{"number": "—.txt · ZB-1", "words": "与—（—）同来", "sure": True}]


def test_somebody_who_left_is_no_visitor_of_the_same_name(app: Flask, as_: As) -> None:
    a_visit(as_("desk1"), "D", visitor_name=NAME, phone="13900001111")
    with app.app_context():
        by_name, as_colleague = (
            [trace.number for area in personal_data.OWN for trace in area.find(whom, clock.now())]
            for whom in (Sought(NAME), Sought(NAME, person_id=1))
        )
        assert len(by_name) == 1
        assert not set(by_name) & set(as_colleague)
        db.session.remove()


@pytest.mark.clause("RC-20")
@pytest.mark.parametrize(
    ("naming", "left"), [(None, ""), (lambda text: NAME in text, ""), (lambda _text: False, NAME)]
)
def test_what_waits_does_not_say_what_was_forgotten(app: Flask, naming: Any, left: str) -> None:
    number = factories.a_case(app, content=NAME)
    with app.app_context(), db.write():
        history.erase(db.session.scalars(sa.select(Case).where(Case.number == number)).one(), naming)
        db.session.flush()
        assert set(db.session.scalars(sa.select(todos.Todo.title))) == {left}


@pytest.mark.clause("RC-20")
@pytest.mark.clause("CP-20")
def test_a_term_ends_when_its_figure_says_so(app: Flask) -> None:
    with app.app_context():
        now = clock.now()
        terms = {"duty_records": 730, "training": 1095, "cases": 365, "visits": 365}
        for key, days in terms.items():
            assert queries.before(personal_data.REGISTER[key], now) == now - timedelta(days=days), key
        kept = held(Case(state=CaseState.ARCHIVED, keep_until=now + timedelta(minutes=1)), now)
        assert kept is not None
        assert kept.reason.code == "case_in_term"
        db.session.remove()


def test_every_text_of_a_persons_own_things_has_a_caption_for_the_person() -> None:
    own = {"cases", "people"} | {keeper.model.__tablename__ for keeper in KEEPERS}
    texts = {
        name for _kept, place in personal_data.every_place() if place.table in own for name in place.texts
    }
    assert texts - captions.CAPTIONS.keys() == set()
    assert {keeper.key for keeper in KEEPERS} - captions.SECTIONS.keys() == set()


def attached(app: Flask, entry: int, name: str, mime: str, content: bytes, kind: str = "duty_log") -> None:
    """A file with an entry of the shift log, as a program that brought it there would leave it."""
    digest = hashlib.sha256(content).hexdigest()
    with app.app_context(), db.write():
        path = files.path_of(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        given = {"name": name, "mime": mime, "size": len(content), "sha256": digest, "at": clock.now()}
        by = factories.viewer("office1").id
        db.session.add(files.Attachment(subject_kind=kind, subject_id=entry, by_id=by, **given))


def a_document(words: str) -> bytes:
    """A text document in which the words are cut in two, as a spelling check leaves them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("word/document.xml", f"<w:t>{words[:2]}</w:t><w:proofErr/><w:t>{words[2:]}</w:t>")
    return packed.getvalue()


@pytest.mark.clause("RC-20")
def test_a_file_that_names_the_person_goes_and_a_picture_when_somebody_says_so(app: Flask, as_: As) -> None:
    office = as_("office1")
    a_post(app)
    log(office, f"{NAME}打电话{PHONE}来问")
    log(office, "别的事")
    attached(app, 1, "照片.png", files.TYPES["png"], b"a picture")
    attached(app, 1, "名片.png", files.TYPES["png"], b"a card")
    attached(app, 2, "照片.png", files.TYPES["png"], b"of something else")
    attached(app, 2, "便笺.txt", files.TYPES["txt"], f"{NAME}，{PHONE}".encode("gb18030"))
    attached(app, 2, "回信.docx", files.TYPES["docx"], a_document(f"{NAME}：{PHONE}"))
    attached(app, 2, "他人.txt", files.TYPES["txt"], "王建国".encode())
    address = opened(app, office, name=NAME, phone=PHONE)
    page = text_of(office.get(address))
    assert [page.count(name) for name in ("名片.png", "便笺.txt", "回信.docx", "他人.txt")] == [2, 3, 3, 0]
    assert page.count("The portal cannot read this file") == 2, "not the picture of another matter"
    assert office.send(f"{address}/decide-file", file="6", decision="yes").status_code == 409
    assert office.send(f"{address}/decide-file", file="1", decision="yes").status_code == 303
    assert office.send(f"{address}/decide-file", file="2", decision="no").status_code == 303
    assert office.send(f"{address}/search-again").status_code == 303
    work(app)
    assert goes(app) == "5", "the entry, its history, the note, the letter and the picture somebody looked at"
    forgotten(app, address)
    with app.app_context():
        left = db.session.scalars(sa.select(files.Attachment.name).order_by(files.Attachment.id)).all()
        assert left == ["名片.png", "照片.png", "他人.txt"]
        files.clean(clock.now() + timedelta(days=3650))
        db.session.remove()
    assert everywhere(app, NAME, PHONE) == []


@pytest.mark.clause("RC-20")
def test_words_past_their_term_are_counted_then_go(any_app: Flask, as_: As, at: At) -> None:
    a_post(any_app)
    log(as_("desk1"), f"{NAME}来过")
    at("Fri 2028-03-03 09:00")
    office = client_of(any_app, "office1")
    log(office, "今天的")
    here = f"{PRIVACY}classes/duty_records"
    assert "duty_log: 1" in text_of(office.get(here))
    assert office.send(f"{here}/end", confirm="2").status_code == 422
    assert words(any_app) == [f"{NAME}来过", "今天的"]
    assert office.send(f"{here}/end", confirm="1").status_code == 303
    work(any_app)
    assert words(any_app) == ["", "今天的"]
    assert everywhere(any_app, NAME) == []
    assert "Nothing is past its term" in text_of(office.get(here))
    assert office.send(f"{here}/end", confirm="0").status_code == 422
    assert "Words past their term were removed" in text_of(office.get("/office/audit/?event=policy:"))
    for change in ("SET text = 'x'", "SET at = '2026-01-01'", "SET text = '', number = 'x'"):
        with any_app.app_context(), db.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.exec_driver_sql(f"UPDATE duty_log {change} WHERE text <> ''")
    assert office.get(f"{PRIVACY}classes/cases").status_code == 404


def test_the_register_is_drawn_and_cheap(app: Flask, as_: As) -> None:
    office = as_("office1")
    office.get(PRIVACY)
    with counted() as seen:
        page = text_of(office.get(PRIVACY))
    assert len(seen) <= MOST
    for told in ("Shift log, handovers", "730 days", "history_texts", "Record of processing"):
        assert told in page
    assert "QR-RC-20" in office.get(f"{PRIVACY}print").text
