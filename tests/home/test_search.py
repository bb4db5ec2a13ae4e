"""One field over everything: who finds what, by which signs, and what of it is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import migrate, verification, worker
from portal.blueprints.complaints.codes import State
from portal.kernel import clock, finders, recents, search_care
from portal.kernel.db import db
from portal.kernel.recents import RecentSearch
from tests import factories
from tests.client import CarefulClient
from tests.conftest import As, At
from tests.duty.handover.making import a_desk, a_note
from tests.duty.repairs.making import a_repair
from tests.reception import makers
from tests.reception.customers.test_customers import a_card

MARK = "琉璃厅"
FROM_FIELD = {"HX-Request": "true", "HX-Target": "search-found"}


@pytest.fixture
def everywhere(any_app: Flask) -> dict[str, str]:
    """One thing of each kind that lies in a table, its words among them; kind -> number."""
    post = a_desk(any_app, early="desk1", late="emp.admin").post
    card = a_card(any_app, owner="emp.impl", name="陈桂芳", company=MARK, phone="13900001234")
    return {
        "case": factories.a_case(any_app, State.ACCEPTED, content=f"{MARK}的投影仪坏了"),
        "visit": factories.a_visit(any_app, purpose=f"看{MARK}", department="tech"),
        "customer": card.number,
        "question": makers.a_question(any_app, person="emp.impl", question=f"{MARK}怎么走？").number,
        "log": a_note(any_app, post, text=f"{MARK}空调已修好"),
        "repair": a_repair(any_app, what=f"{MARK}门锁坏了"),
    }


def found(app: Flask, username: str, words: str, **asked: Any) -> dict[str, list[str]]:
    """Kind -> the numbers that somebody finds."""
    with app.test_request_context():
        groups = finders.find(factories.viewer(username), words, **asked)
        return {group.kind.name: [hit.number for hit in group.hits] for group in groups}


SEES = {
    "desk1": "case visit customer question log repair",
    "office1": "case visit customer question log repair",
    "gm": "case visit customer question log repair",
    "lead.tech": "case visit customer",
    "lead.admin": "visit customer question log repair",
    "emp.tech": "case",
    "emp.impl": "customer question",
    "emp.admin": "visit log repair",
    "sup.tech": "",
}


@pytest.mark.clause("CP-09")
def test_everybody_finds_what_they_may_see_and_counts_nothing_else(
    any_app: Flask, everywhere: dict[str, str]
) -> None:
    for username, kinds in SEES.items():
        assert found(any_app, username, MARK) == {kind: [everywhere[kind]] for kind in kinds.split()}, (
            username
        )
    concerned = factories.registered(any_app, concerned="lead.tech", content=MARK)
    factories.do(any_app, "desk1", "route", concerned, department="tech", reason="")
    assert found(any_app, "lead.tech", MARK)["case"] == [everywhere["case"]], "not the one about themselves"
    assert found(any_app, "desk1", MARK)["case"] == [concerned, everywhere["case"]], "the newest first"
    with any_app.app_context():
        assert list(verification.faults()) == []


def test_a_colleague_a_clause_and_a_phrase_are_found_by_how_they_are_typed(app: Flask) -> None:
    factories.change_person(app, "emp.tech", phone="8866")
    factories.a_case(app)
    a_card(app, name="陈桂芳", phone="13912345678")
    for words, kind, number in (
        ("林国栋", "person", "lead.tech"),
        ("lgd", "person", "lead.tech"),
        ("linguodong", "person", "lead.tech"),
        ("8866", "person", "emp.tech"),
        ("技术 钱", "person", "sup.tech"),
        ("cgf", "case", "TS-20260302-0001"),
        ("1234", "case", "TS-20260302-0001"),
        ("chenguifang", "customer", "KH-1"),
        ("5678", "customer", "KH-1"),
        ("read back", "clause", "CP-04"),
        ("swzrz", "clause", "CP-03"),
    ):
        assert number in found(app, "desk1", words, best=20).get(kind, []), words
    assert "phrase" in found(app, "desk1", "ninhao")
    assert "script" in found(app, "desk1", "投诉")
    assert found(app, "emp.impl", "5678") == {}, "whose card it is not"
    assert found(app, "desk1", "，。!") == {}


def test_a_number_typed_whole_leads_to_its_thing_and_tells_nobody_else(
    any_app: Flask, as_: As, everywhere: dict[str, str]
) -> None:
    case, visit = everywhere["case"], everywhere["visit"]
    notice = factories.load(any_app, case).notice_number
    page = f"/complaints/{case}"
    for typed, address in (
        (case, page),
        (case.lower().replace("-", ""), page),
        (f" {notice} ", page),
        (visit, f"/reception/visits/{visit}"),
        (everywhere["repair"], f"/duty/repairs/{everywhere['repair']}"),
        (everywhere["log"], f"/duty/log/{everywhere['log']}"),
        (everywhere["question"], f"/reception/questions/{everywhere['question']}"),
        (everywhere["customer"], f"/reception/customers/{everywhere['customer'][3:]}"),
        ("ｃｐ－04", "/handbook/CP-04"),
    ):
        answer = as_("desk1").get(f"/search?q={quote(typed)}")
        assert (answer.status_code, answer.headers.get("Location")) == (302, address), typed
    hidden = as_("emp.impl").get(f"/search?q={case}")
    nothing = as_("emp.impl").get("/search?q=TS-20260302-0999")
    assert hidden.status_code == nothing.status_code == 200
    assert _bare(hidden.text, case) == _bare(nothing.text, "TS-20260302-0999")


def _bare(page: str, number: str) -> str:
    return re.sub(
        r'name="csrf_token" value="[^"]*"', "", page.replace(number, "").replace(number.lower(), "")
    )


def test_words_are_marked_and_nothing_of_a_text_becomes_markup(app: Flask, as_: As) -> None:
    factories.a_case(app, content="<script>alert(1)</script>漏墨 & <b>再来</b>")
    page = as_("desk1").get("/search?q=漏墨").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>漏墨</mark> &amp; &lt;b&gt;" in page
    page = as_("desk1").get(f"/search?q={quote('<script>alert')}").text
    assert "<mark>script</mark>&gt;<mark>alert</mark>" in page
    assert "<script>alert" not in page
    typed = as_("desk1").get("/search?q=漏墨", headers=FROM_FIELD).text
    assert "<html" not in typed
    assert 'href="/complaints/TS-20260302-0001"' in typed
    assert as_("desk1").get("/search?q=", headers=FROM_FIELD).text.strip().startswith("<span")


def test_phone_numbers_are_shown_in_part(app: Flask, as_: As) -> None:
    a_card(app, name="陈桂芳", phone="13912345678")
    for headers in ({}, FROM_FIELD):
        page = as_("desk1").get("/search?q=12345678", headers=headers).text
        assert "139****5678" in page
        assert "13912345678" not in page


def test_many_are_counted_to_a_bound_and_lead_to_the_whole_list(
    app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finders, "MOST_COUNTED", 6)
    numbers = [factories.registered(app, content="漏墨") for _ in range(7)]
    page = as_("desk1").get("/search?q=漏墨").text
    assert "6+" in page
    assert 'href="/complaints/?words=%E6%BC%8F%E5%A2%A8"' in page
    assert re.findall(r"data-row href=\"/complaints/(TS[^\"]+)", page) == numbers[:1:-1]
    alone = as_("desk1").get("/search?q=漏墨&kind=case").text
    assert len(re.findall(r"data-row href=\"/complaints/TS", alone)) == 7
    assert as_("desk1").get("/search?q=漏墨&kind=nothing").status_code == 200


def recent(browser: CarefulClient) -> list[str]:
    """What the page offers as looked for lately."""
    return re.findall(r'text-break" href="/search\?q=[^"]*">([^<]*)</a>', browser.get("/search").text)


def test_the_last_ten_searches_are_ones_own_and_can_be_forgotten(any_app: Flask, as_: As, at: At) -> None:
    desk = as_("desk1")
    for number in range(12):
        at(f"Mon 2026-03-02 09:{number:02}")
        desk.send("/search/recent", q=f"词{number}")
    desk.send("/search/recent", q="词5")
    assert recent(desk) == [f"词{number}" for number in (11, 5, 10, 9, 8, 7, 6, 4, 3, 2)]
    assert recent(as_("desk2")) == []
    assert desk.send("/search/recent", q=" ").status_code == 404
    desk.send("/search/forget", q="词5")
    assert "词5" not in recent(desk)
    as_("desk2").send("/search/forget")
    assert len(recent(desk)) == 9
    desk.send("/search/forget")
    assert recent(desk) == []


@pytest.mark.clause("RC-20")
def test_searches_that_name_somebody_go_with_them_and_all_go_in_a_month(
    any_app: Flask, as_: As, at: At
) -> None:
    card = a_card(any_app, name="欧阳婷", phone="13912345678")
    for words in ("欧阳", "ouyangting", "oyt", "5678 打印", "漏墨"):
        as_("desk1").send("/search/recent", q=words)
    as_("emp.tech").send("/search/recent", q="漏墨")
    as_("office1").send(f"/reception/customers/{card.id}/anonymise", confirm=card.number)
    assert recent(as_("desk1")) == ["漏墨"]
    with any_app.app_context(), db.write():
        db.session.execute(sa.text("UPDATE people SET status = 'departed' WHERE username = 'emp.tech'"))
        recents.forget_old(clock.now())
    assert _kept(any_app) == 1, "nothing is kept of who is gone"
    with any_app.app_context(), db.write():
        recents.forget_old(clock.now() + recents.KEPT + timedelta(minutes=1))
    assert _kept(any_app) == 0


def _kept(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(RecentSearch)) or 0


def test_the_night_tidies_the_searches(app: Flask, as_: As, at: At) -> None:
    as_("desk1").send("/search/recent", q="漏墨")
    at("Mon 2026-04-06 09:00")
    with app.app_context():
        assert list(worker.tidy(clock.now())) == []
    assert _kept(app) == 0


def test_an_upgrade_fills_the_index_of_the_log_and_verify_looks_at_it(
    any_app: Flask, everywhere: dict[str, str]
) -> None:
    with any_app.app_context():
        migrate.downgrade("0040")
        migrate.upgrade()
        assert list(verification.faults()) == []
    assert found(any_app, "desk1", f"{MARK}空调")["log"] == [everywhere["log"]]
    with any_app.app_context():
        with db.write():
            search_care.rebuild("log", [])
        assert any("search_log" in line for line in verification.faults())
