"""The pass and the calendar entry of an appointment (RC-18, RC-19)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
import segno
from flask import Flask

from tests.conftest import As, Ground
from tests.reception.visits import a_visit, do, load

FORM: dict[str, Any] = {
    "host": "emp.tech", "purpose": "看样机", "company": "华东机电", "party_size": "3", "party": "张三\n李四",
    "place": "large", "starts_at": "2026-03-03T10:00", "ends_at": "2026-03-03T11:30",
}  # fmt: skip


@pytest.mark.clause("RC-18")
@pytest.mark.parametrize("lang", ["en", "zh-CN"])
def test_the_pass_names_visitors_host_place_time_way_and_code(app: Flask, as_: As, lang: str) -> None:
    number = a_visit(as_("desk1"), "B", **FORM)
    host = as_("emp.tech")
    host.lang = lang
    page = host.get(f"/reception/visits/{number}/pass").text
    visit = load(app, number)
    for words in (
        "王建国",
        "张三",
        "李四",
        "李工",
        "2026-03-03 10:00 – 11:30",
        "一楼前台登记后由专人引导",
        visit.pass_code,
    ):
        assert words in page, words
    assert "data:" not in page
    assert "style=" not in page
    assert visit.pass_code in (re.search(r'data-copy="([^"]+)"', page) or [""])[0], (
        "the words to send carry it too"
    )
    assert "small" in host.get(f"/reception/visits/{number}/pass?paper=a6").text


def drawn(page: str) -> str:
    """The dark squares of the picture on a page."""
    found = re.search(r'stroke="#000" d="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.mark.clause("RC-18")
def test_the_picture_is_the_code_and_names_the_portal_where_its_address_is_known(
    app: Flask, ground: Ground, as_: As
) -> None:
    number = a_visit(as_("desk1"), "B", **FORM)
    code = load(app, number).pass_code
    address = f"/reception/visits/{number}/pass"

    def picture(text: str) -> str:
        return drawn(
            segno.make(text, error="m", micro=False).svg_inline(
                scale=5, border=2, svgclass=None, lineclass=None
            )
        )

    assert drawn(as_("desk1").get(address).text) == picture(code)
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], base_url="https://portal.example/")
    assert drawn(as_("desk1").get(address).text) == picture(
        f"https://portal.example/reception/kiosk?pass_code={code}"
    )


def entry_of(as_: As, who: str, number: str) -> tuple[Any, Any]:
    """The calendar and its one entry."""
    answer = as_(who).get(f"/reception/visits/{number}/invite.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert b"\r\n" in answer.data
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    found = icalendar.Calendar.from_ical(answer.data)
    (event,) = found.walk("VEVENT")
    return found, event


@pytest.mark.clause("RC-19")
def test_the_calendar_entry_is_read_by_a_calendar(app: Flask, as_: As) -> None:
    number = a_visit(as_("desk1"), "B", **FORM)
    found, event = entry_of(as_, "desk1", number)
    assert (found["METHOD"], found["VERSION"]) == ("PUBLISH", "2.0")
    (zone,) = found.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    assert zone.subcomponents[0]["TZOFFSETTO"].td == timedelta(hours=8)
    visit = load(app, number)
    assert event["UID"] == f"{number}@front-office-portal"
    assert event["SEQUENCE"] == visit.version
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (visit.starts_at, visit.ends_at)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["STATUS"] == "TENTATIVE"
    assert visit.pass_code in event["DESCRIPTION"]
    do(as_("emp.tech"), number, "confirm")
    _found, later = entry_of(as_, "desk1", number)
    assert later["STATUS"] == "CONFIRMED"
    assert later["UID"] == event["UID"]
    assert later["SEQUENCE"] > event["SEQUENCE"], "it takes the old one's place"
    do(as_("emp.tech"), number, "cancel")
    assert entry_of(as_, "desk1", number)[1]["STATUS"] == "CANCELLED"
    assert "data-copy" not in as_("desk1").get(f"/reception/visits/{number}/pass").text


@pytest.mark.parametrize("what", ["pass", "invite.ics"])
def test_both_are_for_those_who_may_see_the_visit(app: Flask, as_: As, what: str) -> None:
    number = a_visit(as_("desk1"), "B", **FORM)
    walk_in = a_visit(as_("desk1"), "B", host="emp.tech")
    for who, status in (
        ("desk1", 200),
        ("emp.tech", 200),
        ("lead.tech", 200),
        ("emp.impl", 404),
        ("lead.impl", 404),
    ):
        assert as_(who).get(f"/reception/visits/{number}/{what}").status_code == status, who
    assert as_("desk1").get(f"/reception/visits/{walk_in}/{what}").status_code == 404, (
        "came without an appointment"
    )
    assert as_("desk1").get(f"/reception/visits/LF-20260302-9999/{what}").status_code == 404
