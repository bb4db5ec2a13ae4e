"""Customer cards: found, kept current, masked, merged, forgotten (CU-01, RC-20)."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import NotFound

from portal import verification
from portal.blueprints.reception import queries as queries_of_visits
from portal.blueprints.reception import watch
from portal.blueprints.reception.codes import Category, State
from portal.blueprints.reception.customers import actions, queries
from portal.blueprints.reception.customers.codes import CareKind, Consent
from portal.blueprints.reception.customers.models import CareNote
from portal.blueprints.reception.models import Visit, VisitTask
from portal.kernel import clock, customers, history, search
from portal.kernel.customers import Customer
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.conftest import As, client_of
from tests.house.test_statements import MOST, statements

URL = "/reception/customers/"
USUAL: dict[str, Any] = {
    "name": "陈桂芳", "company": "云栖精密制造", "phone": "13900001234", "relation": "key", "owner_id": None,
    "gender": "female", "birthday": None, "preferences": "喝绿茶", "interests": "", "opinions": "",
}  # fmt: skip
FORM: dict[str, Any] = {
    "name": "陈桂芳", "company": "云栖精密制造", "phone": "13900001234", "relation": "key", "gender": "female",
    "preferences": "喝绿茶",
}  # fmt: skip


def a_card(app: Flask, owner: str = "", consents: tuple[Consent, ...] = (), **chosen: Any) -> Customer:
    """A card made by the desk; detached."""
    if owner:
        chosen["owner_id"] = factories.id_of(app, owner)
    with app.app_context():
        viewer = factories.viewer("desk1")
        with db.write():
            fields = USUAL | chosen
            return actions.create(by=viewer, now=clock.now(), consents=consents, **fields)[0]


def a_visit(app: Flask, card: Customer, **chosen: Any) -> str:
    """A visit of that card, checked and closed unless chosen otherwise; its number."""
    usual: dict[str, Any] = {"state": State.CLOSED, "purpose": "洽谈", "visitor_name": card.name}
    given = usual | chosen
    number = factories.a_visit(app, visitor_name=given.pop("visitor_name"), purpose=given.pop("purpose"))
    with app.app_context(), db.write():
        visit = db.session.scalars(sa.select(Visit).where(Visit.number == number)).one()
        before = queries_of_visits.searchable(visit)
        visit.customer_id = card.id
        for name, value in given.items():
            setattr(visit, name, value)
        search.put("visit", visit.id, old=before, new=queries_of_visits.searchable(visit))
        watch.put_up(visit, clock.now())
    return number


def looked_after(app: Flask) -> Customer:
    """A card with everything that a page about one can draw, and its double."""
    card = a_card(app, owner="emp.tech", consents=tuple(Consent), interests="钓鱼", opinions="请先打电话")
    a_card(app, name="陈桂方")
    a_visit(app, card)
    with app.app_context():
        desk, now = factories.viewer("desk1"), clock.now()
        with db.write():
            found = queries.find_there(desk, card.id)
            told_of: dict[str, Any] = {"by": desk, "now": now, "note": "新款扫码枪"}
            first, *_open = [
                actions.note_care(found, kind=kind, **told_of)
                for kind in (CareKind.CONTACT, CareKind.SYMPATHY, CareKind.WANTED)
            ]
            actions.done(found, first.id, by=desk, now=now, result="明天来取")
    return card


def stored(app: Flask, card: Customer) -> Customer:
    with app.app_context():
        return db.session.get_one(Customer, card.id)


def told(app: Flask, card: Customer) -> list[str]:
    """The events of a card, newest first."""
    with app.app_context():
        return [event.event for event in history.events(card)]


def names(app: Flask, words: str) -> list[str]:
    with app.app_context():
        return [card.name for card in customers.found(words)]


# -- found ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-01")
@pytest.mark.parametrize(
    "words", ["桂芳", "陈桂", "cgf", "chengui", "1234", "13900001234", "云栖", "精密制造", "guifang"]
)
def test_somebody_is_found_by_what_the_desk_types(any_app: Flask, words: str) -> None:
    a_card(any_app)
    a_card(any_app, name="王小明", company="东篱食品", phone="13700005678")
    assert names(any_app, words) == ["陈桂芳"]


def test_who_was_here_last_comes_first_and_only_eight_are_offered(any_app: Flask) -> None:
    with any_app.app_context():
        now = clock.now()
        for place in range(10):
            seen = now + timedelta(minutes=place if place != 3 else 99)
            with db.write():
                customers.card_for(f"张三{place}", "", "", by=1, now=seen)
    found = names(any_app, "张三")
    assert (found[0], len(found)) == ("张三3", customers.OFFERED)
    assert names(any_app, "") == []
    with any_app.app_context(), db.write():
        first = customers.card_for("李四", "13700001111", "", by=1, now=now)
        assert customers.card_for("李四", "13700001111", "东篱食品", by=1, now=now) is first
    assert names(any_app, "东篱") == ["李四"], "the company came later"


def test_a_card_whose_words_change_is_found_by_the_new_ones(any_app: Flask) -> None:
    card = a_card(any_app)
    with any_app.app_context(), db.write():
        found = queries.find_there(factories.viewer("desk1"), card.id)
        fields = USUAL | {"name": "陈桂花", "phone": "13900004321"}
        assert actions.edit(found, by=factories.viewer("desk1"), now=clock.now(), **fields)
    assert (names(any_app, "桂芳"), names(any_app, "4321"), names(any_app, "cgh")) == (
        [],
        ["陈桂花"],
        ["陈桂花"],
    )
    with any_app.app_context():
        assert list(verification.faults()) == []


def test_masked_numbers() -> None:
    assert customers.masked("139 0000 1234") == "139****1234"
    assert (customers.masked("8001"), customers.masked("")) == ("****01", "")


# -- who sees which card ----------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-04")
def test_employees_see_the_cards_they_own(app: Flask, as_: As) -> None:
    mine, other = a_card(app, owner="emp.tech"), a_card(app, name="王小明", phone="13700005678")
    for who, sees in (("desk1", (200, 200)), ("lead.market", (200, 200)), ("gm", (200, 200)),
                      ("office1", (200, 200)), ("emp.tech", (200, 404)), ("emp.impl", (404, 404))):  # fmt: skip
        assert tuple(as_(who).get(f"{URL}{card.id}").status_code for card in (mine, other)) == sees, who
    page = as_("emp.tech").get(URL).text
    assert ("陈桂芳" in page, "王小明" in page) == (True, False)
    assert as_("emp.tech").get(f"{URL}new").status_code == 403
    assert as_("emp.tech").send(f"{URL}new", **FORM).status_code == 403
    for verb in ("reveal", "consent", "care", "edit", "care/1/done", "care/1/arrived"):
        assert as_("emp.impl").send(f"{URL}{mine.id}/{verb}", **FORM).status_code == 404, verb
    for verb in ("export", "merge"):
        assert as_("emp.tech").send(f"{URL}{mine.id}/{verb}").status_code == 403, verb
    for who in ("desk1", "emp.tech", "lead.tech"):
        assert as_(who).send(f"{URL}{mine.id}/anonymise", confirm=mine.number).status_code == 403
    # The owner keeps the card current, and does not give it away.
    answer = as_("emp.tech").send(f"{URL}{mine.id}/edit", **FORM | {"interests": "钓鱼"})
    assert answer.status_code == 303
    assert (stored(app, mine).interests, stored(app, mine).owner_id) == ("钓鱼", mine.owner_id)


# -- kept current -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-01")
def test_a_card_is_made_once_for_a_person(any_app: Flask, as_: As) -> None:
    first = as_("desk1").send(
        f"{URL}new", **FORM | {"owner": "emp.tech", "consent": "y", "birthday": "1980-05-01"}
    )
    again = as_("desk1").send(f"{URL}new", **FORM)
    assert first.status_code == again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    with any_app.app_context():
        (card,) = db.session.scalars(sa.select(Customer))
    assert (card.relation, card.gender, card.phone_tail, card.pinyin) == (
        "key",
        "female",
        "1234",
        "chenguifang cgf",
    )
    assert (card.consent_at is not None, card.care_consent_at) == (True, None)
    assert told(any_app, card) == ["customer:agree", "customer:new"]
    assert factories.history_faults(any_app) == []


@pytest.mark.parametrize(
    ("field", "typed"),
    [("name", ""), ("phone", "abc"), ("birthday", "2199-01-01"), ("relation", "x"), ("owner", "nobody")],
)
def test_bad_input_is_told_beside_its_field(app: Flask, as_: As, field: str, typed: str) -> None:
    card = a_card(app)
    for address in (f"{URL}new", f"{URL}{card.id}/edit"):
        answer = as_("desk1").send(address, **FORM | {"interests": "书法", field: typed})
        assert (answer.status_code, f'id="{field}-error"' in answer.text, "书法" in answer.text) == (
            422,
            True,
            True,
        )


@pytest.mark.clause("CU-01")
def test_an_edit_keeps_the_earlier_words_and_a_stale_one_shows_both(app: Flask, as_: As) -> None:
    card = a_card(app)
    desk = as_("desk1")
    page = desk.get(f"{URL}{card.id}/edit").text
    assert ("13900001234" in page, "139****1234" in page) == (False, True)
    fields = FORM | {"phone": "139****1234", "version": str(card.version)}
    assert desk.send(f"{URL}{card.id}/edit", **fields | {"preferences": "喝咖啡"}).status_code == 303
    assert (stored(app, card).phone, stored(app, card).preferences) == ("13900001234", "喝咖啡")
    stale = desk.send(f"{URL}{card.id}/edit", **fields | {"preferences": "喝红茶", "phone": "13900009999"})
    assert stale.status_code == 409
    for words in ("喝咖啡", "喝红茶", "139****1234"):
        assert words in stale.text
    assert "13900001234" not in stale.text
    assert (
        desk.send(f"{URL}{card.id}/edit", **fields | {"preferences": "喝咖啡", "version": None}).status_code
        == 303
    )
    shown = desk.get(f"{URL}{card.id}").text
    assert "喝绿茶" in shown, "the history has what was there before"
    assert told(app, card) == ["customer:edit", "customer:new"], "an edit that changes nothing leaves no line"


# -- masked -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("RC-20")
def test_a_phone_number_is_masked_and_every_look_is_recorded(any_app: Flask, as_: As) -> None:
    card = a_card(any_app)
    a_card(any_app, company="", name="陈桂芳二")
    desk = as_("desk1")
    for address in (
        URL,
        f"{URL}?words=1234",
        f"{URL}{card.id}",
        f"{URL}duplicates/",
        f"{URL}{card.id}/merge?other=2",
    ):
        page = desk.get(address).text
        assert ("13900001234" in page, "139****1234" in page) == (False, True), address
    assert told(any_app, card) == ["customer:new"]
    assert "tel:13900001234" in desk.send(f"{URL}{card.id}/reveal").text
    with any_app.app_context():
        line = history.events(card)[0]
    assert (line.event, line.clause, line.by_id) == (
        "customer:reveal", "RC-20", factories.id_of(any_app, "desk1"),
    )  # fmt: skip
    assert "13900001234" not in desk.get(f"{URL}{card.id}").text
    audit = as_("office1").get("/office/audit/?kind=customer")
    assert "Phone number looked at" in audit.text


@pytest.mark.clause("RC-20")
def test_a_person_gets_all_that_is_kept(app: Flask, as_: As) -> None:
    card = a_card(app, consents=(Consent.CARE,), opinions="服务周到")
    number = a_visit(app, card)
    as_("desk1").send(f"{URL}{card.id}/care", kind="wanted", note="想要新款扫码枪")
    answer = as_("desk1").send(f"{URL}{card.id}/export")
    kept = json.loads(answer.data)
    assert (kept["phone"], kept["opinions"], kept["birthday"]) == ("13900001234", "服务周到", None)
    assert ([m["number"] for m in kept["met"]], kept["care"][0]["note"]) == ([number], "想要新款扫码枪")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert told(app, card)[0] == "customer:export"


# -- what happened ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-01")
def test_a_card_shows_the_visits_and_cases_that_the_viewer_may_see(any_app: Flask, as_: As) -> None:
    card = a_card(any_app, owner="emp.impl")
    visit = a_visit(any_app, card)
    case = factories.a_case(any_app)
    other = factories.a_case(any_app, customer_phone="13900009999")
    page = as_("desk1").get(f"{URL}{card.id}").text
    assert (visit in page, case in page, other in page) == (True, True, False)
    page = as_("emp.impl").get(f"{URL}{card.id}").text
    assert (visit in page, case in page) == (False, False)
    nameless = a_card(any_app, phone="", company="")
    assert case not in as_("desk1").get(f"{URL}{nameless.id}").text, "a name alone may be anybody's"


# -- duplicates -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CU-01")
def test_duplicates_are_proposed_compared_and_merged(any_app: Flask, as_: As) -> None:
    old = a_card(any_app, company="", preferences="")
    new = a_card(any_app, name="陈桂方", interests="钓鱼")
    third, fourth = a_card(any_app, name="王敏", phone=""), a_card(any_app, name="王敏", phone="13700001111")
    with any_app.app_context():
        pairs = {(p.first.id, p.second.id, p.by) for p in queries.proposals()}
    assert pairs == {(old.id, new.id, "phone"), (third.id, fourth.id, "name")}
    desk = as_("desk1")
    assert old.number in desk.get(f"{URL}{new.id}").text, "the card itself says so"
    visit = a_visit(any_app, new)
    page = desk.get(f"{URL}{old.id}/merge?other={new.number}").text
    assert "钓鱼" in page
    assert desk.send(f"{URL}{old.id}/merge", other=str(new.id)).status_code == 303
    kept, gone = stored(any_app, old), stored(any_app, new)
    assert (kept.company, kept.interests, kept.name, gone.merged_into_id) == (
        "云栖精密制造",
        "钓鱼",
        "陈桂芳",
        old.id,
    )
    assert visit in desk.get(f"{URL}{old.id}").text
    assert desk.get(f"{URL}{new.id}").headers["Location"] == f"{URL}{old.id}"
    assert (told(any_app, old)[0], told(any_app, new)[0]) == ("customer:merge", "customer:merged")
    assert names(any_app, "1234") == ["陈桂芳"]
    for stays, goes in ((old.id, old.id), (old.id, new.id)):
        again = desk.send(f"{URL}{stays}/merge", other=str(goes))
        assert (again.status_code, "CU-01" in again.text) == (409, True)
    for other in ("", "x", "99999", str(new.id), str(old.id)):
        assert desk.get(f"{URL}{old.id}/merge?other={other}").status_code == 404
    assert desk.send(f"{URL}{new.id}/edit", **FORM).status_code == 404
    with any_app.app_context():
        assert list(verification.faults()) == []


@pytest.mark.clause("CU-02")
def test_a_merge_moves_the_care_and_carries_no_consent_over(any_app: Flask) -> None:
    agreed, silent = a_card(any_app, consents=(Consent.CARE,)), a_card(any_app, name="陈桂方")
    both = a_card(any_app, name="陈桂兰", consents=(Consent.CARE,))
    with any_app.app_context():
        desk, now = factories.viewer("desk1"), clock.now()
        with db.write():
            card = queries.find_there(desk, both.id)
            actions.note_care(card, by=desk, now=now, kind=CareKind.SYMPATHY, note="住院")
        with db.write():
            actions.merge(*actions.both(desk, agreed.id, both.id), by=desk, now=now)
        assert [n.note for n in queries.open_notes(agreed)] == ["住院"]
        assert len(factories.waiting(any_app, "desk1")) == 1
        with db.write():
            actions.merge(*actions.both(desk, silent.id, agreed.id), by=desk, now=now)
        assert queries.open_notes(silent) == []
        assert db.session.get_one(Customer, both.id).merged_into_id == silent.id, "no chain of cards"
    assert stored(any_app, silent).care_consent_at is None
    assert factories.waiting(any_app, "desk1") == []


# -- forgotten --------------------------------------------------------------------------------------------------------


def anywhere(app: Flask, marker: str) -> list[str]:
    """Tables in which a marker still stands, the pieces of the search index among them."""
    with app.app_context():
        found = [
            table.name
            for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))
            if any(marker in str(value) for value in row)
        ]
        if customers.found(marker):
            found.append("search_customer")
        return found


@pytest.mark.clause("RC-20")
def test_a_person_who_is_forgotten_is_nowhere(any_app: Flask, as_: As) -> None:
    marker = "无痕甲"
    card = a_card(
        any_app, owner="emp.tech", consents=tuple(Consent), name=f"{marker}先生", company=f"{marker}公司",
        phone="13911112222", preferences=marker, interests=marker, opinions=marker,
    )  # fmt: skip
    twin = a_card(any_app, name=f"{marker}女士", company=f"{marker}二", phone="13911113333", interests=marker)
    desk, office = as_("desk1"), as_("office1")
    desk.send(f"{URL}{card.id}/edit", **FORM | {"name": f"{marker}老师", "phone": "13911112222"})
    desk.send(f"{URL}{card.id}/edit", **FORM | {"name": f"{marker}先生", "opinions": f"{marker}说好"})
    desk.send(f"{URL}{card.id}/care", kind="sympathy", note=f"{marker}住院")
    desk.send(f"{URL}{card.id}/care", kind="wanted", note=f"{marker}要扫码枪")
    desk.send(f"{URL}{card.id}/care/1/done", result=f"{marker}很高兴")
    desk.send(f"{URL}{card.id}/care/2/arrived")
    number = a_visit(
        any_app, card, visitor_name=marker, purpose=marker, party=marker, topic=marker, remark=marker
    )
    with any_app.app_context(), db.write():
        visit = db.session.scalars(sa.select(Visit)).one()
        db.session.add(VisitTask(visit_id=visit.id, task="task:names", side="desk", note=marker))
        desk_viewer = factories.viewer("desk1")
        actions.merge(*actions.both(desk_viewer, card.id, twin.id), by=desk_viewer, now=clock.now())
    assert "customers" in anywhere(any_app, marker)
    here = f"{URL}{card.id}/anonymise"
    wrong = office.send(here, confirm="yes")
    assert (wrong.status_code, "RC-20" in wrong.text) == (422, True)
    assert office.send(here, confirm=card.number).status_code == 303
    assert anywhere(any_app, marker) == []
    assert anywhere(any_app, "1391111") == []
    after = stored(any_app, card)
    assert (after.name, after.relation, after.birthday, after.care_consent_at) == ("—", "key", None, None)
    with any_app.app_context():
        visit = db.session.scalars(sa.select(Visit)).one()
        assert (visit.number, visit.category, visit.anonymised_at is not None) == (number, Category.B, True)
        assert [n.kind for n in db.session.scalars(sa.select(CareNote))] == [CareKind.SYMPATHY], (
            "figures stay"
        )
        assert list(verification.faults()) == []
    assert factories.waiting(any_app, "emp.tech") == []
    assert "forgotten" in office.get(f"{URL}{card.id}").text
    assert office.send(here, confirm=card.number).status_code == 404
    assert told(any_app, card)[0] == "customer:anonymise"


@pytest.mark.clause("RC-20")
def test_nobody_is_forgotten_who_is_still_expected(app: Flask, as_: As) -> None:
    card = a_card(app)
    a_visit(app, card, state=State.EXPECTED)
    answer = as_("office1").send(f"{URL}{card.id}/anonymise", confirm=card.number)
    assert (answer.status_code, "RC-20" in answer.text, stored(app, card).name) == (409, True, "陈桂芳")


# -- pages ------------------------------------------------------------------------------------------------------------


def test_the_list_its_filters_pages_and_workbook(app: Flask, as_: As) -> None:
    a_card(app, owner="emp.tech", consents=tuple(Consent))
    for place in range(52):
        a_card(app, name=f"王{place}", phone=f"1370000{place:04}", relation="", company="=cmd()")
    desk = as_("desk1")
    for query, count in (("?owner=emp.tech", 1), ("?owner=none&words=王", 50), ("?relation=key", 1), ("?consent=care", 1),
                         ("?consent=none", 50), ("?consent=keep&owner=mine", 0), ("?owner=x&relation=y", 50),
                         ("?before=2", 1), ("?words=没有", 0)):  # fmt: skip
        assert desk.get(f"{URL}{query}").text.count("data-row") == count, query
    assert "owner" not in as_("emp.tech").get(URL).text.split("<table")[0].split('class="filters')[1]
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{URL}export?owner=none").data)).worksheets[0]
    rows = list(book.iter_rows(values_only=True))
    assert (len(rows), rows[1][2], rows[1][3]) == (53, "'=cmd()", "137****0051")
    assert as_("lead.tech").get(f"{URL}export").status_code == 403


def test_costs(app: Flask, as_: As) -> None:
    card = a_card(app, owner="emp.tech", consents=tuple(Consent))
    double = a_card(app, name="陈桂芬")
    a_visit(app, card)
    factories.a_case(app)
    as_("desk1").send(f"{URL}{card.id}/care", kind="wanted", note="扫码枪")
    pages = (URL, f"{URL}?words=1234", f"{URL}{card.id}", f"{URL}new", f"{URL}{card.id}/edit", f"{URL}duplicates/",
             f"{URL}{card.id}/merge?other={double.id}")  # fmt: skip
    browser = client_of(app, "office1")
    one = {page: len(statements(browser, page)) for page in pages}
    for place in range(50):
        a_card(app, name=f"王{place}", phone=f"137000{place // 2:04}")
        a_visit(app, card)
        as_("desk1").send(f"{URL}{card.id}/care", kind="sympathy", note=f"慰问{place}")
    for page in pages:
        many = statements(browser, page)
        assert len(many) == one[page] <= MOST, "\n".join([page, *many])


def test_a_card_of_another_address_is_not_found(app: Flask) -> None:
    with app.app_context(), pytest.raises(NotFound):
        queries.find(factories.viewer("desk1"), 10**12)
    card = a_card(app)
    with app.app_context(), db.write():
        viewer = factories.viewer("desk1")
        found = queries.find_there(viewer, card.id)
        with pytest.raises(NotFound):
            actions.done(found, 5, by=viewer, now=clock.now())


def test_nothing_is_noted_without_consent(app: Flask) -> None:
    card = a_card(app)
    with app.app_context(), db.write():
        viewer = factories.viewer("desk1")
        found = queries.find_there(viewer, card.id)
        with pytest.raises(Refused):
            actions.note_care(found, by=viewer, now=clock.now(), kind=CareKind.WANTED, note="x")
