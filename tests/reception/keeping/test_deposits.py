"""Deposits: a numbered tag, given back only against it, lost with a reason; the visit knows what is out (RC-27)."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from portal.blueprints.reception import privacy
from portal.blueprints.reception.codes import OVER, State
from portal.blueprints.reception.keeping import actions, outstanding, queries
from portal.blueprints.reception.keeping.codes import Held, Thing
from portal.blueprints.reception.keeping.models import Deposit, Tag
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.workflow import Refused
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of
from tests.house.test_statements import MOST, statements
from tests.kernel.moments import at as moment
from tests.reception.keeping.ground import STORE, a_visit, lent, lines, stock, stored, visit

URL = "/reception/deposits/"


def deposit(app: Flask, number: str) -> Deposit:
    with app.app_context():
        return queries.deposit(number)


@pytest.mark.clause("RC-27")
def test_a_tag_carries_one_deposit_at_a_time(any_app: Flask) -> None:
    """RC-27: the second is refused by the database itself, and told; after the return the tag is free again."""
    stock(any_app)
    first = stored(any_app)
    with pytest.raises(Refused, match="RC-27 tag_in_use"):
        stored(any_app, by="desk2")
    with any_app.app_context():
        now, who = clock.now(), factories.viewer("desk1")
        tag = db.session.scalars(sa.select(Tag).where(Tag.number == 7)).one().id
        twice = Deposit(
            number="JC-1",
            tag_id=tag,
            name="乙",
            thing=Thing.BAG,
            taken_at=now,
            taken_by_id=who.id,
            due_at=now,
        )
        with pytest.raises(IntegrityError), db.write():
            db.session.add(twice)
        actions.deposit_act(first, "release", by=who, now=now, tag=7)
    assert stored(any_app).endswith("0002")  # what was refused took no number
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("RC-27")
def test_a_deposit_is_given_back_only_against_its_tag(app: Flask, as_: As) -> None:
    """RC-27: another tag is refused beside the field (422), and by the gate whoever calls it."""
    stock(app)
    number = stored(app)
    answer = as_("desk1").send(f"{URL}{number}/release", tag="8")
    assert answer.status_code == 422
    assert "RC-27" in answer.text
    assert 'value="8"' in answer.text
    with app.app_context():
        who = factories.viewer("desk1")
        with pytest.raises(Refused, match="RC-27 other_tag"):
            actions.deposit_act(number, "release", by=who, now=clock.now(), tag=8)
    assert deposit(app, number).state is Held.OUT
    assert as_("desk1").send(f"{URL}{number}/release", tag="7").status_code == 303
    found = deposit(app, number)
    assert (found.state, found.returned_by_id) == (Held.BACK, factories.id_of(app, "desk1"))
    again = as_("desk1").send(f"{URL}{number}/release", tag="7")
    assert again.status_code == 409
    assert "RC-27" in again.text


@pytest.mark.clause("RC-27")
def test_a_loss_needs_a_second_look_and_a_reason(app: Flask, as_: As) -> None:
    stock(app)
    came = a_visit(app)
    number = stored(app, visit=came)
    refused = as_("desk1").send(f"{URL}{number}/lost", reason="找不到了")
    assert refused.status_code == 422
    assert "RC-27" in refused.text
    assert "找不到了" in refused.text
    assert as_("desk1").send(f"{URL}{number}/lost", looked_again="y", reason=" ").status_code == 422
    assert visit(app, came).outstanding == 1
    assert as_("desk1").send(f"{URL}{number}/lost", looked_again="y", reason="伞架被搬走").status_code == 303
    assert deposit(app, number).state is Held.LOST
    assert visit(app, came).outstanding == 0
    assert stored(app)  # the tag is free


SHOWN: dict[str, Any] = {"described": "y", "name": "孙国平", "tail": "5678", "reason": "牌掉在出租车上"}


@pytest.mark.clause("RC-27")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"described": ""}, "not_described"),
        ({"name": "孙国"}, "other_name"),
        ({"tail": "5679"}, "other_phone"),
        ({"tail": ""}, "other_phone"),
    ],
)
def test_without_its_tag_a_deposit_goes_to_nobody_but_its_owner(
    app: Flask, as_: As, wrong: dict[str, str], code: str
) -> None:
    """RC-27: refused beside the field (422) with what was typed, and by the gate whoever calls it."""
    stock(app)
    number = stored(app, visit=a_visit(app, phone_tail="5678"))
    answer = as_("desk1").send(f"{URL}{number}/untagged", **(SHOWN | wrong))
    assert answer.status_code == 422
    assert "RC-27" in answer.text
    assert "牌掉在出租车上" in answer.text
    with app.app_context():
        who = factories.viewer("desk1")
        with pytest.raises(Refused, match=f"RC-27 {code}"):
            actions.deposit_act(number, "untagged", by=who, now=clock.now(), **(SHOWN | wrong))
    assert as_("desk1").send(f"{URL}{number}/untagged", **(SHOWN | {"reason": " "})).status_code == 422
    assert as_("lead.tech").send(f"{URL}{number}/untagged", **SHOWN).status_code == 403
    assert deposit(app, number).state is Held.OUT


@pytest.mark.clause("RC-27")
def test_a_deposit_given_back_without_its_tag_takes_the_tag_out_of_use_until_it_is_found(
    any_app: Flask,
) -> None:
    app = any_app
    stock(app)
    desk, came = client_of(app, "desk1"), a_visit(app, phone_tail="5678")
    number = stored(app, visit=came)
    answer = desk.send(f"{URL}{number}/untagged", **SHOWN)
    assert (answer.status_code, visit(app, came).outstanding) == (303, 0)
    found = deposit(app, number)
    assert (found.state, found.returned_by_id, found.untagged_reason) == (
        Held.BACK,
        factories.id_of(app, "desk1"),
        "牌掉在出租车上",
    )
    told = lines(app, found)[-1]
    assert (told.event, told.clause) == ("deposit:untagged", "RC-27")
    assert '"checked":["description","name","phone"]' in told.details
    assert "牌掉在出租车上" in desk.get(f"{URL}{number}").text
    with pytest.raises(Refused, match="RC-27 no_such_tag"):
        stored(app)
    assert "Missing" in text_of(desk.get(f"{URL}tags"))
    assert desk.send(f"{URL}tags/{found.tag_id}/restore").status_code == 303
    assert [line.event for line in lines(app, found.tag)] == ["tag:missing", "tag:found"]
    assert "Missing" not in text_of(desk.get(f"{URL}tags"))
    assert stored(app)
    assert factories.history_faults(app) == []


@pytest.mark.clause("RC-27")
def test_what_the_record_does_not_know_cannot_be_compared(app: Flask, as_: As) -> None:
    """RC-27: without a phone number name and description do; whose name was erased gets nothing without the tag."""
    stock(app)
    number = stored(app, name="Ann  Lee")
    assert as_("desk1").send(f"{URL}{number}/untagged", **(SHOWN | {"name": "ann lee"})).status_code == 303
    assert '"checked":["description","name"]' in lines(app, deposit(app, number))[-1].details
    nameless = stored(app, tag=8, name="")
    assert as_("desk1").send(f"{URL}{nameless}/untagged", **SHOWN).status_code == 422


@pytest.mark.clause("RC-27")
def test_a_visit_knows_what_it_has_out(any_app: Flask) -> None:
    """RC-27: counted in the write that changes it; named with tag and key; the visit's version stays."""
    stock(any_app)
    came = a_visit(any_app)
    version = visit(any_app, came).version
    first, loan = stored(any_app, visit=came), lent(any_app, visit=came)
    stored(any_app, visit=came, tag=8)
    stored(any_app, tag=9)
    found = visit(any_app, came)
    assert (found.outstanding, found.version) == (3, version)
    with any_app.app_context():
        named = [(str(row.kind), row.number, row.due_at) for row in outstanding.of(found.id)]
        due = queries.deposit(first).due_at
        assert named == [("deposit", "7", due), ("deposit", "8", due), ("key", "K-1", due)]
        who, now = factories.viewer("desk1"), clock.now()
        actions.deposit_act(first, "release", by=who, now=now, tag=7)
        actions.loan_act(loan, "return", by=who, now=now)
    assert visit(any_app, came).outstanding == 1
    with any_app.app_context():
        assert [row.number for row in outstanding.of(found.id)] == ["8"]


@pytest.mark.parametrize("state", sorted(OVER))
def test_nothing_is_held_for_a_visit_that_is_over(app: Flask, as_: As, state: State) -> None:
    stock(app)
    came = a_visit(app, state=state)
    answer = as_("desk1").send(f"{URL}store", **(STORE | {"visit": came, "name": "", "note": "黑色长柄"}))
    assert answer.status_code == 409
    assert "RC-27" in answer.text
    assert "黑色长柄" in answer.text
    assert visit(app, came).outstanding == 0


@pytest.mark.clause("RC-27")
def test_the_loser_of_a_tag_is_told_and_keeps_what_was_typed(app: Flask, as_: As) -> None:
    stock(app)
    stored(app)
    answer = as_("desk2").send(f"{URL}store", **(STORE | {"note": "蓝色折叠"}))
    assert answer.status_code == 409
    assert "RC-27" in text_of(answer)
    assert "蓝色折叠" in answer.text
    toast = as_("desk2").send(f"{URL}store", htmx=True, **STORE)
    assert (toast.status_code, toast.headers["HX-Reswap"]) == (409, "none")
    assert "RC-27" in toast.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"tag": " "}, "This must be filled in."),
        ({"tag": "0"}, "From 1 to 9999."),
        ({"thing": "car"}, "Please choose one from the list."),
        ({"name": " "}, "RC-27"),
        ({"visit": "12"}, "LF-20261121-0001"),
        ({"visit": "LF-20260302-9999"}, "There is no such visit."),
        ({"due_at": "2026-03-01T10:00"}, "over already"),
    ],
)
def test_a_wrong_form_says_so_and_keeps_the_text(
    app: Flask, as_: As, wrong: dict[str, Any], said: str
) -> None:
    stock(app)
    answer = as_("desk1").send(f"{URL}store", **(STORE | {"note": "红色<包>"} | wrong))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "红色&lt;包&gt;" in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Deposit)) == 0


def test_a_tag_that_is_not_there_or_retired_is_refused(app: Flask, as_: As) -> None:
    stock(app)
    assert as_("desk1").send(f"{URL}store", **(STORE | {"tag": "99"})).status_code == 409
    with app.app_context():
        tag = db.session.scalars(sa.select(Tag).where(Tag.number == 7)).one().id
    assert as_("desk1").send(f"{URL}tags/{tag}/retire").status_code == 303
    answer = as_("desk1").send(f"{URL}store", **STORE)
    assert answer.status_code == 409
    assert "RC-27" in answer.text
    assert as_("desk1").send(f"{URL}tags/{tag}/restore").status_code == 303
    assert as_("desk1").send(f"{URL}store", **STORE).status_code == 303
    out = as_("desk1").send(f"{URL}tags/{tag}/retire")
    assert out.status_code == 409
    assert "RC-27" in out.text
    assert as_("desk1").send(f"{URL}tags/9999/retire").status_code == 404


def test_tags_are_added_once(app: Flask, as_: As) -> None:
    browser = as_("desk1")
    assert browser.send(f"{URL}tags/add", first="1", last="40").status_code == 303
    assert browser.send(f"{URL}tags/add", first="30", last="50").status_code == 303
    with app.app_context():
        assert list(db.session.scalars(sa.select(Tag.number).order_by(Tag.number))) == list(range(1, 51))
    assert browser.send(f"{URL}tags/add", first="9", last="1").status_code == 422
    assert browser.send(f"{URL}tags/add", first="1", last="9000").status_code == 422
    assert "Retire" in browser.get(f"{URL}tags").text


def test_a_form_sent_twice_is_one_deposit(app: Flask, as_: As) -> None:
    stock(app)
    for _ in range(2):
        answer = as_("desk1").send(f"{URL}store", **STORE, idempotency_key="once")
        assert answer.status_code == 303
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Deposit)) == 1


def test_the_next_free_tag_is_proposed(app: Flask, as_: As) -> None:
    stock(app)
    for tag in (1, 2, 4):
        stored(app, tag=tag)
    assert re.search(r'<input[^>]*id="store-tag"[^>]*value="3"', as_("desk1").get(URL).text)


def test_the_list_finds_by_tag_name_and_visit(app: Flask, as_: As, at: At) -> None:
    stock(app)
    came = a_visit(app)
    due = moment("Mon 2026-03-02 09:20")
    one, other = stored(app, visit=came, tag=12, due_at=due), stored(app, tag=3, name="钱师傅", due_at=due)
    browser = as_("desk1")

    def shown(query: str) -> set[str]:
        text = browser.get(f"{URL}?{query}").text
        return {number for number in (one, other) if f'{URL}{number}"' in text}

    assert shown("") == shown("show=all") == {one, other}
    assert shown("words=12") == shown("words=孙国") == shown(f"words={came}") == {one}
    assert shown("words=钱师傅") == {other}
    assert shown("show=overdue") == shown("words=%25") == set()
    page = browser.get(URL).text
    assert "139****5678" in page
    assert "13900005678" not in page
    at("Mon 2026-03-02 09:21")
    assert shown("show=overdue") == {one, other}
    browser.send(f"{URL}{one}/release", tag="12", back="list")
    assert shown("") == {other}
    assert shown("show=lost") == set()


def test_the_list_is_exported(app: Flask, as_: As) -> None:
    stock(app)
    number = stored(app, visit=a_visit(app))
    answer = as_("desk1").get(f"{URL}export?show=all")
    book = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert book is not None
    rows = list(book.iter_rows(values_only=True))
    assert rows[1][:6] == (number, 7, "Bag", 1, "孙国平", "139****5678")


def test_fifty_rows_cost_as_many_statements_as_one(app: Flask, as_: As) -> None:
    stock(app)
    came = a_visit(app)
    stored(app, visit=came, tag=1)
    pages = (URL, f"{URL}?words=1", f"/reception/visits/{came}/keeping", f"{URL}tags")
    one = [len(statements(as_("desk1"), page)) for page in pages]
    assert max(one) <= MOST
    for tag in range(2, 41):
        stored(app, visit=came, tag=tag)
    assert [len(statements(as_("desk1"), page)) for page in pages] == one


def test_deposits_are_the_desks(app: Flask, as_: As) -> None:
    stock(app)
    number = stored(app)
    for username in ("emp.tech", "lead.tech"):
        for address in (URL, f"{URL}{number}", f"{URL}tags", f"{URL}export"):
            assert as_(username).get(address).status_code == 403
        for verb in ("store", f"{number}/release", f"{number}/lost", "tags/add"):
            assert as_(username).send(f"{URL}{verb}").status_code == 403
    assert as_("office1").get(f"{URL}{number}").status_code == 200
    for verb in ("release", "lost"):
        assert as_("desk1").send(f"{URL}JC-20260302-0099/{verb}", tag="7").status_code == 404
    assert as_("desk1").get("/reception/visits/LF-20260302-9999/keeping").status_code == 404


def test_a_visits_page_takes_in_and_gives_back_in_one_touch(app: Flask, as_: As) -> None:
    stock(app)
    came = a_visit(app)
    page, browser = f"/reception/visits/{came}/keeping", as_("desk1")
    fields = STORE | {"visit": came, "name": "", "back": "visit"}
    assert browser.send(f"{URL}store", **fields).headers["Location"] == page
    wrong = browser.send(f"{URL}store", **(fields | {"pieces": "0"}))
    assert wrong.status_code == 422
    assert "孙国平" in wrong.text  # on the visit's own page
    assert "1 thing is still out" in browser.get(page).text
    text = browser.get(page).text
    number = text[text.index("JC-") :][:16]
    assert browser.send(f"{URL}{number}/release", tag="7", back="visit").headers["Location"] == page
    assert "Nothing is out" in browser.get(page).text
    told = [line.event for line in lines(app, visit(app, came))]
    assert told == ["visit:deposit-stored", "visit:deposit-released"]


@pytest.mark.clause("RC-27")
def test_what_is_not_fetched_is_told_and_waits_for_the_desk(app: Flask, at: At) -> None:
    """RC-27: at three quarters the desk, at the end desk and lead, at twice the time the office."""
    stock(app)
    number = stored(app, due_at=moment("Mon 2026-03-02 11:00"))
    told: list[tuple[str, list[str]]] = []
    for when in (
        "Mon 2026-03-02 10:29",
        "Mon 2026-03-02 10:30",
        "Mon 2026-03-02 11:00",
        "Mon 2026-03-02 13:30",
    ):
        lines = factories.sweep(app, at(when))
        told.append((when[-5:], [line.split("\t")[2] for line in lines]))
        assert all(line.startswith(f"{number}\tdeposit\t") for line in lines)
        assert factories.sweep(app) == []
    assert told == [
        ("10:29", []),
        ("10:30", ["75 % desk -> desk1, desk2"]),
        ("11:00", ["overdue since 2026-03-02T03:00:00+00:00 (RC-27)", "100 % desk -> desk1, desk2",
                   "100 % lead -> lead.admin"]),
        ("13:30", ["200 % office -> office1, office2"]),
    ]  # fmt: skip
    assert factories.waiting(app, "desk1") == [(number, "release-deposit")]
    with app.app_context():
        actions.deposit_act(number, "release", by=factories.viewer("desk2"), now=clock.now(), tag=7)
    assert factories.waiting(app, "desk1") == []
    assert factories.sweep(app, at("Tue 2026-03-03 09:00")) == []


@pytest.mark.clause("RC-27")
def test_what_is_back_in_time_is_nobodys_matter(app: Flask, at: At) -> None:
    stock(app)
    number = stored(app)
    assert factories.waiting(app, "desk1") == []
    with app.app_context():
        actions.deposit_act(number, "release", by=factories.viewer("desk2"), now=clock.now(), tag=7)
    assert factories.sweep(app, at("Tue 2026-03-03 09:00")) == []


def test_a_visitor_is_forgotten(any_app: Flask) -> None:
    """RC-20: no trace of what was written about the visitor stays in any table."""
    stock(any_app)
    came = a_visit(any_app, visitor_name="唯一标记甲")
    number = stored(any_app, visit=came, note="唯一标记乙")
    lent(any_app, visit=came, purpose="唯一标记丙")
    with any_app.app_context():
        who = factories.viewer("desk1")
        actions.deposit_act(number, "lost", by=who, now=clock.now(), reason="唯一标记丁")
        visit_id = visit(any_app, came).id
    assert actions.erase in privacy.ERASERS
    with any_app.app_context(), db.write():
        actions.erase(visit_id)
    with any_app.app_context():
        for table in ("deposits", "key_loans", "todos", "history_texts", "history"):
            rows = db.session.execute(sa.text(f"SELECT * FROM {table}")).all()
            assert "唯一标记" not in repr(rows), table
    assert factories.history_faults(any_app) == []


@pytest.mark.clause("RC-27")
def test_the_slip_says_tag_thing_time_and_phone_and_nothing_that_is_asked_for_without_the_tag(
    any_app: Flask, as_: As
) -> None:
    stock(any_app)
    number = stored(any_app, pieces=2, note="红色，轮子坏")
    desk = as_("desk1")
    for page in ("/reception/deposits/", f"/reception/deposits/{number}"):
        assert f'href="/reception/deposits/{number}/slip"' in desk.get(page).text
    slip = desk.get(f"/reception/deposits/{number}/slip").text
    for told in ("<strong>7</strong>", "Bag × 2", "2026-03-02", ">8000<", number):
        assert told in slip, told
    for kept in ("赵女士", "轮子坏"):
        assert kept not in slip, "whoever finds the slip must not learn what is asked when the tag is lost"
    desk.send(f"/reception/deposits/{number}/release", tag="7")
    assert "/slip" not in desk.get(f"/reception/deposits/{number}").text


@pytest.mark.clause("RC-27")
def test_who_takes_leave_is_told_what_is_still_here_before_the_visitor_is_gone(app: Flask, as_: As) -> None:
    stock(app)
    came, desk = a_visit(app), as_("desk1")
    address = f"/reception/visits/{came}?do=leave"
    assert "Not back yet" not in desk.get(address).text
    stored(app, visit=came)
    lent(app, visit=came)
    assert "Not back yet: Deposit with tag 7, Key K-1. (RC-27)" in text_of(desk.get(address))
    assert len(statements(desk, address)) <= MOST
