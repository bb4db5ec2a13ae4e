"""My day and the inbox, as their readers see them."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.blueprints.complaints.codes import State, Urgency
from portal.blueprints.home import routes
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
    assert "Nothing waits for you" in text_of(as_("emp.impl").get("/"))
