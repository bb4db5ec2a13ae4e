"""My day and the inbox, as their readers see them."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.blueprints.complaints.codes import Category, Decision, State, Urgency
from portal.blueprints.complaints.models import Case
from portal.blueprints.home import routes
from portal.kernel import clock, notice_board, reference
from portal.kernel.db import db
from portal.kernel.notice_board import BoardKind
from portal.kernel.people import Person, Status
from portal.kernel.rights import Role
from tests import factories
from tests.client import text_of
from tests.conftest import As, At, client_of


def rows(page: str) -> list[str]:
    """The rows of a page's list, without its head."""
    return re.findall(r"<tr><td>.*?</tr>", page, flags=re.DOTALL)


def acts(row: str) -> list[str]:
    """What a row offers to do, in order."""
    return re.findall(r'class="act[^"]*" href="[^"]*\?do=([a-z-]+)"', row)


def figures(page: str) -> list[str]:
    """The figures at the head of my day: waiting, nearly due, overdue."""
    return re.findall(r"<strong>([\d+]+)</strong>", page)


def test_a_case_with_two_acts_is_one_row_and_counts_once(app: Flask, as_: As, at: At) -> None:
    number = factories.a_case(app, State.REPORTED)
    assert [verb for _, verb in factories.waiting(app, "desk1")] == ["follow-up", "confirm"]
    page = as_("desk1").get("/").text
    (row,) = rows(page)
    assert row.count(f"{number}</a>") == 1
    assert acts(row) == ["follow-up", "confirm"]
    assert row.count(" left") == 1
    assert figures(page) == ["1", "0", "0"]
    at("Tue 2026-03-03 14:00")
    assert figures(client_of(app, "desk1").get("/").text) == ["1", "0", "1"]


def test_a_row_shows_the_time_of_the_act_that_is_due_first(app: Flask, as_: As) -> None:
    factories.a_case(app, State.ACCEPTED)
    (row,) = rows(as_("emp.tech").get("/").text)
    assert acts(row) == ["contact", "propose"], "the first contact is due before the solution"
    assert "30 min left" in row


def test_more_cases_than_a_page_takes_are_told(app: Flask, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "MOST", 2)
    for _ in range(2):
        factories.a_case(app, State.REPORTED)
    page = as_("desk1").get("/")
    assert (len(rows(page.text)), figures(page.text)[0]) == (2, "2")
    urgent = factories.a_case(app, State.ROUTED, urgency=Urgency.URGENT, read_back=None)
    page = as_("desk1").get("/")
    assert (len(rows(page.text)), figures(page.text)[0]) == (2, "2+")
    assert urgent in rows(page.text)[0]


def test_my_day_of_somebody_for_whom_nothing_waits(as_: As) -> None:
    assert "Nothing is waiting for you" in text_of(as_("emp.impl").get("/"))


# -- the inbox --------------------------------------------------------------------------------------------------

SAID = "打印机漏墨，文件打不出来"


def test_a_message_says_what_its_case_is_about(any_app: Flask, as_: As) -> None:
    factories.a_case(any_app, State.ROUTED, content=f"  {SAID}\n" + "很" * 100)
    (row,) = rows(as_("lead.tech").get("/notifications/").text)
    assert f"<small>{SAID} {'很' * 47}</small>" in row


@pytest.mark.clause("CP-09")
def test_a_message_is_silent_about_a_case_that_turned_out_to_be_about_its_reader(
    any_app: Flask, as_: As
) -> None:
    number = factories.a_case(any_app, State.ROUTED, major=True)
    change_case(any_app, number, person_concerned_id=factories.id_of(any_app, "lead.tech"))
    page = as_("lead.tech").get("/notifications/").text
    assert number in page
    assert SAID not in page
    assert SAID in as_("office1").get("/notifications/").text, "others still read it"


@pytest.mark.clause("CP-04")
def test_a_message_is_silent_about_a_case_that_became_confidential(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED, major=True)
    change_case(app, number, confidential=True)
    assert SAID not in as_("lead.tech").get("/notifications/").text
    assert SAID in as_("office1").get("/notifications/").text


def test_a_message_is_silent_about_a_case_that_others_handle_now(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    assert SAID in as_("emp.tech").get("/notifications/").text
    factories.do(app, "lead.tech", "assign", number, handler="sup.tech", reason="换人")
    assert SAID not in as_("emp.tech").get("/notifications/").text
    assert SAID in as_("sup.tech").get("/notifications/").text


@pytest.mark.clause("CP-20")
def test_a_message_is_silent_about_a_record_that_was_disposed_of(any_app: Flask, at: At) -> None:
    number = factories.a_case(any_app, State.ARCHIVED)
    assert SAID in client_of(any_app, "lead.tech").get("/notifications/").text
    at("Tue 2027-03-02 09:01")
    factories.do(any_app, "office1", "dispose", number, reason="保存期满")
    factories.do(any_app, "office2", "dispose", number, decision=Decision.YES)
    page = client_of(any_app, "lead.tech").get("/notifications/").text
    assert number in page
    assert "打印机" not in page


def change_case(app: Flask, number: str, **fields: Any) -> None:
    """Change what no verb changes."""
    with app.app_context(), db.write():
        db.session.execute(sa.update(Case).where(Case.number == number).values(**fields))


@pytest.mark.clause("GO-04")
def test_the_menu_leads_to_the_notice_board_and_counts_what_is_unread(any_app: Flask, as_: As) -> None:
    with any_app.app_context(), db.write():
        by = factories.viewer("office1").id
        written = [
            notice_board.write(kind=BoardKind.DECISION, title=title, text="x", by=by, now=clock.now())
            for title in ("决定0", "决定1", "决定2")
        ]
        for notice in written[1:]:
            notice_board.publish(notice, by=by, now=clock.now())
        last = written[-1].id
    menu = re.compile(r'href="/notices/"( aria-current="page")?>.*?</a>', re.DOTALL)
    for username, counts in (("emp.tech", ("2", "1")), ("office2", ("2", "1"))):
        for unread in counts:
            page = client_of(any_app, username).get("/handbook/").text
            found = menu.search(page)
            assert found
            assert f'<span class="count">{unread}<span' in found[0]
            assert not found[1]
            if unread == "2":
                client_of(any_app, username).send(f"/notices/{last}/read")
    assert "count" in menu.search(client_of(any_app, "desk1").get("/handbook/").text)[0]  # type: ignore[index]


def test_each_page_has_one_entry_in_the_menu(as_: As) -> None:
    current = re.compile(r'<a class="entry" href="([^"]+)" aria-current="page"')
    for address, entry in (
        ("/", "/"),
        ("/notices/", "/notices/"),
        ("/notifications/", "/"),
        ("/handbook/", "/handbook/"),
    ):
        assert current.findall(as_("office1").get(address).text) == [entry], address


def test_the_desks_work_is_a_line_of_the_offices_day_until_nobody_did_it_in_time(
    any_app: Flask, as_: As, at: At
) -> None:
    app = any_app
    at("Mon 2026-03-02 09:00")
    answering = factories.a_case(app, State.REGISTERED)
    theirs = dict(factories.waiting(app, "desk1"))
    assert theirs[answering] == "route"
    own = factories.a_case(app, category=Category.OTHER)
    page = as_("office1").get("/").text
    assert [number for number in (answering, own) if any(number in row for row in rows(page))] == [own]
    assert "1 matter of the front desk is in time." in page
    assert figures(page)[0] == str(len(rows(page)))
    shown = as_("office1").get("/?all=1").text
    assert any(answering in row for row in rows(shown)), "the office may do everything"
    desk = as_("desk1").get("/").text
    assert any(answering in row for row in rows(desk))
    assert "of the front desk" not in desk
    due = factories.due(app, "desk1", answering, "route")
    assert due is not None
    at("Thu 2026-03-05 18:00")
    page = client_of(app, "office1").get("/").text
    assert any(answering in row for row in rows(page)), "nobody of the desk did it in time"


def test_without_anybody_at_the_desk_its_work_is_the_offices(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REGISTERED)
    with app.app_context(), db.write():
        db.session.execute(sa.update(Person).where(Person.role == Role.DESK).values(status=Status.DISABLED))
        reference.changed()
    page = as_("office1").get("/").text
    assert any(number in row for row in rows(page))
    assert "of the front desk" not in page
