"""The general office's pages: who may use them, what they change, what they refuse."""

import json
import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from portal.kernel import clock, company_calendar, history, policies, reference, routing, sessions
from portal.kernel.db import db
from portal.kernel.people import Person, Status
from portal.kernel.rights import Position, Role
from tests import factories
from tests.client import CarefulClient, text_of
from tests.conftest import As, At, client_of

PAGES = (
    "/office/",
    "/office/people/",
    "/office/people/new",
    "/office/people/1",
    "/office/departments/",
    "/office/departments/new",
    "/office/departments/tech",
    "/office/positions/",
    "/office/positions/lead/tech",
    "/office/positions/general_manager/-",
    "/office/routing/",
    "/office/routing/product",
    "/office/limits/",
    "/office/limits/limit.answer",
    "/office/limits/ladder.answer",
    "/office/limits/level.special",
    "/office/limits/follow_up.tries",
    "/office/calendar/",
    "/office/calendar/?year=2030",
    "/office/audit/",
)
STATEMENTS = 8


@pytest.fixture
def office(as_: As) -> CarefulClient:
    """Somebody of the general office, on English pages."""
    return as_("office1")


def events(app: Flask, name: str) -> list[dict[str, Any]]:
    """Details of every line of that event, oldest first."""
    with app.app_context():
        rows = sa.select(history.Line.details).where(history.Line.event == name).order_by(history.Line.id)
        return [json.loads(row) for row in db.session.scalars(rows)]


def person(app: Flask, username: str) -> Person:
    with app.app_context():
        found = db.session.scalars(sa.select(Person).where(Person.username == username)).one()
        db.session.expunge(found)
        return found


@pytest.mark.parametrize("page", PAGES)
def test_only_the_general_office_sees_its_pages(as_: As, page: str) -> None:
    assert as_("office1").get(page).status_code == 200
    for username in ("desk1", "lead.tech", "emp.tech", "gm"):
        assert as_(username).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_pages_speak_chinese_and_stay_under_their_statements(app: Flask, page: str) -> None:
    client = client_of(app, "office1")
    client.lang = None
    count: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            count.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.get(page, headers={"Accept-Language": "zh"})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    assert len(count) <= STATEMENTS, count


@pytest.mark.parametrize(
    "page",
    [
        "/office/people/999999",
        "/office/people/99999999999999999999999",
        "/office/departments/nowhere",
        "/office/positions/lead/-",
        "/office/positions/general_manager/tech",
        "/office/positions/king/-",
        "/office/routing/nothing",
        "/office/limits/limit.nothing",
        "/office/calendar/days/99999999999999/remove",
    ],
)
def test_what_is_not_there_is_not_found(office: CarefulClient, page: str) -> None:
    assert office.get(page).status_code == 404


# -- people -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["李工", "lg", "ligong", "emp.tech", "LI"])
def test_people_are_found_by_name_pinyin_and_user_name(office: CarefulClient, words: str) -> None:
    shown = text_of(office.get("/office/people/", query_string={"words": words}))
    assert "emp.tech" in shown
    assert "desk2" not in shown


def test_the_list_of_people_goes_on(app: Flask, office: CarefulClient) -> None:
    for number in range(120):
        factories.a_person(app, f"many.{number:03}")
    first = office.get("/office/people/?words=many")
    assert "many.099" in first.text
    assert "many.100" not in first.text
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older
    assert "many.119" in office.get(older[1].replace("&amp;", "&")).text


NEW: dict[str, Any] = {"username": "chen.guifang", "name": "陈桂芳", "role": "employee", "department": "tech"}


def test_a_new_person_logs_in_with_the_password_that_is_shown_once(app: Flask, office: CarefulClient) -> None:
    answer = office.send("/office/people/new", **NEW)
    assert answer.status_code == 200
    password = re.search(r'id="one-time-password">([^<]+)<', answer.text)
    assert password
    found = person(app, "chen.guifang")
    assert (found.pinyin, found.must_change) == ("chenguifang cgf", True)
    assert password[1] not in office.get(f"/office/people/{found.id}").text
    newcomer = app.test_client()
    newcomer.get("/login")
    assert isinstance(newcomer, CarefulClient)
    answer = newcomer.send("/login", username="chen.guifang", password=password[1])
    assert answer.status_code == 303
    assert newcomer.get("/").location == "/account/password"
    assert events(app, "person:create")[-1]["role"] == "employee"


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("username", "", "must be filled in"),
        ("username", "desk1", "is taken"),
        ("username", "DESK1", "is taken"),
        ("username", "陈桂芳", "small letters"),
        ("username", "a b", "small letters"),
        ("username", "x" * 100, "At most 64"),
        ("name", " ", "must be filled in"),
        ("name", "x\x00y", "cannot be stored"),
        ("role", "king", "one from the list"),
        ("department", "moon", "one from the list"),
        ("department", "", "must be filled in"),
        ("email", "not an address", "no mail address"),
        ("name", "字" * 1_000_000, "At most 80"),
    ],
)
def test_a_bad_record_is_told_beside_its_field(
    office: CarefulClient, field: str, text: str, told: str
) -> None:
    answer = office.send("/office/people/new", **(NEW | {field: text}))
    assert answer.status_code == 422
    assert told in answer.text
    assert f'id="{field}-error"' in answer.text


def record(found: Person, **chosen: Any) -> dict[str, Any]:
    """The form of a person as the page has it."""
    names = ("name", "name_en", "pinyin", "role", "department", "rank", "email", "phone", "version")
    return {name: str(getattr(found, name)) for name in names} | chosen


def test_a_record_is_changed_and_new_rights_end_the_sessions(app: Flask, office: CarefulClient) -> None:
    theirs, found = client_of(app, "emp.tech"), person(app, "emp.tech")
    assert office.send(f"/office/people/{found.id}/edit", **record(found, phone="8300")).status_code == 303
    assert theirs.get("/").status_code == 200, "a phone number is no right"
    found = person(app, "emp.tech")
    assert office.send(f"/office/people/{found.id}/edit", **record(found, role="desk")).status_code == 303
    assert theirs.get("/").status_code == 302
    assert person(app, "emp.tech").role is Role.DESK
    assert [line["fields"] for line in events(app, "person:edit")] == [["phone"], ["role"]]
    assert "phone" in office.get(f"/office/people/{found.id}").text


def test_a_new_name_gets_its_reading_and_a_mended_one_stays(app: Flask, office: CarefulClient) -> None:
    found = person(app, "emp.tech")
    office.send(f"/office/people/{found.id}/edit", **record(found, name="单雄信"))
    assert person(app, "emp.tech").pinyin == "shanxiongxin sxx"
    found = person(app, "emp.tech")
    office.send(f"/office/people/{found.id}/edit", **record(found, pinyin="danxiongxin dxx"))
    assert person(app, "emp.tech").pinyin == "danxiongxin dxx"


def test_a_stale_edit_shows_both_versions(app: Flask, office: CarefulClient) -> None:
    found = person(app, "emp.tech")
    assert office.send(f"/office/people/{found.id}/edit", **record(found, phone="1111")).status_code == 303
    stale = office.send(f"/office/people/{found.id}/edit", **record(found, phone="2222"))
    assert stale.status_code == 409
    assert "1111" in text_of(stale)
    assert 'value="2222"' in stale.text
    assert person(app, "emp.tech").phone == "1111"
    again = record(found, phone="2222", version=str(person(app, "emp.tech").version))
    assert office.send(f"/office/people/{found.id}/edit", **again).status_code == 303
    without = {name: text for name, text in record(found, phone="3333").items() if name != "version"}
    assert office.send(f"/office/people/{found.id}/edit", **without).status_code == 303, (
        "not checked when absent"
    )


def test_a_person_is_locked_out_and_let_in_again(app: Flask, office: CarefulClient) -> None:
    theirs, found = client_of(app, "emp.tech"), person(app, "emp.tech")
    assert office.send(f"/office/people/{found.id}/disable").status_code == 303
    assert theirs.get("/").status_code == 302
    assert person(app, "emp.tech").status is Status.DISABLED
    assert office.send(f"/office/people/{found.id}/disable").status_code == 303
    assert len(events(app, "person:status")) == 1, "a second click does nothing"
    assert office.send(f"/office/people/{found.id}/enable").status_code == 303
    assert person(app, "emp.tech").status is Status.ACTIVE


def test_a_one_time_password_replaces_the_old_one(app: Flask, office: CarefulClient) -> None:
    theirs, found = client_of(app, "emp.tech"), person(app, "emp.tech")
    answer = office.send(f"/office/people/{found.id}/reset-password")
    shown = re.search(r'id="one-time-password">([^<]+)<', answer.text)
    assert shown
    assert answer.headers["Cache-Control"] == "no-store"
    assert theirs.get("/").status_code == 302
    after = person(app, "emp.tech")
    assert after.must_change
    assert sessions.verify_password(after.password, shown[1])
    assert not sessions.verify_password(after.password, factories.PASSWORD)


@pytest.mark.clause("GO-05")
def test_somebody_is_always_left_in_the_general_office(app: Flask, office: CarefulClient) -> None:
    first, second = person(app, "office1"), person(app, "office2")
    assert office.send(f"/office/people/{second.id}/disable").status_code == 303
    refused = office.send(f"/office/people/{first.id}/disable")
    assert refused.status_code == 409
    assert "GO-05" in refused.text
    demoted = office.send(f"/office/people/{first.id}/edit", **record(first, role="desk"))
    assert demoted.status_code == 409
    assert person(app, "office1").role is Role.OFFICE


# -- departments, positions, routing --------------------------------------------------------------------------


def test_a_department_is_added_and_changed(app: Flask, office: CarefulClient) -> None:
    form: dict[str, Any] = {
        "code": "sales",
        "name": "销售部",
        "name_en": "Sales",
        "phone": "8400",
        "order": "9",
    }
    assert office.send("/office/departments/new", **form).status_code == 303
    assert "is taken" in office.send("/office/departments/new", **form).text
    assert "销售部" in office.get("/office/departments/").text
    form |= {"name": "销售中心", "version": "1"}
    assert office.send("/office/departments/sales/edit", **form).status_code == 303
    stale = office.send("/office/departments/sales/edit", **(form | {"name": "别的"}))
    assert stale.status_code == 409
    assert "销售中心" in text_of(stale)
    assert office.send("/office/departments/new", **(form | {"code": "S ales"})).status_code == 422
    assert [line["code"] for line in events(app, "department:create")] == ["sales"]
    shown = office.get("/office/people/new").text
    assert 'value="sales"' in shown, "a change shows at once"


@pytest.mark.clause("GO-05")
def test_a_position_is_given_and_left_empty(app: Flask, office: CarefulClient) -> None:
    address = "/office/positions/lead/tech"
    assert office.send(address, holder="sup.tech", deputy="sup.tech").status_code == 422
    assert office.send(address, holder="nobody").status_code == 422
    given = office.send(address, holder="sup.tech", deputy="lead.tech", version="0")
    assert given.status_code == 303
    with app.app_context():
        staff = reference.staff()
        holder, deputy = (staff.by_username(name) for name in ("sup.tech", "lead.tech"))
        assert holder
        assert deputy
        assert staff.holding(Position.LEAD, "tech") == [holder.id, deputy.id]
    stale = office.send(address, holder="emp.tech", version="0")
    assert stale.status_code == 409
    assert "钱伟" in text_of(stale)
    assert office.send(address, holder="", deputy="", version="1").status_code == 303
    assert [line.get("holder") for line in events(app, "position:seat")] == [holder.id, None]
    assert "General manager" in text_of(office.get("/office/positions/"))


def test_empty_positions_are_warned_of(app: Flask, office: CarefulClient) -> None:
    assert "The position is empty: Duty leader." in text_of(office.get("/office/"))
    office.send("/office/positions/duty_leader/-", holder="office2")
    assert "Duty leader" not in text_of(office.get("/office/"))


@pytest.mark.clause("GO-05")
def test_routing_changes_with_a_reason_only(app: Flask, office: CarefulClient, as_: As) -> None:
    refused = office.send("/office/routing/product", department="impl")
    assert refused.status_code == 422
    assert "GO-05" in refused.text
    sent: dict[str, Any] = {"department": "impl", "reason": "实施部接手产品质量"}
    assert as_("lead.tech").send("/office/routing/product", **sent).status_code == 403
    assert office.send("/office/routing/product", **sent).status_code == 303
    with app.app_context():
        assert routing.proposed("product") == "impl"
    assert office.send("/office/routing/product", department="", reason="逐件决定").status_code == 303
    assert [line.get("department") for line in events(app, "routing:edit")] == ["impl", None]
    stale = office.send("/office/routing/product", department="tech", reason="x", version="1")
    assert stale.status_code == 409
    assert "implementation" not in text_of(stale).lower() or "tech" in stale.text


# -- limits ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("GO-05")
def test_a_limit_changes_with_reason_and_date_and_the_past_stays(
    app: Flask, office: CarefulClient, at: At
) -> None:
    before = at("Mon 2026-03-02 09:00")
    address = "/office/limits/limit.answer/change"
    assert "GO-05" in office.send(address, value="48 h").text, "no reason"
    past = office.send(address, value="48 h", reason="r", in_force_from="2026-02-01T00:00")
    assert past.status_code == 422
    assert "GO-05" in past.text
    later: dict[str, Any] = {"value": "48 h", "reason": "春节后调整", "in_force_from": "2026-03-05T08:30"}
    assert office.send(address, **later).status_code == 303
    shown = text_of(office.get("/office/limits/limit.answer"))
    assert "春节后调整" in shown
    assert "方雅琴" in shown
    assert "48 hours (48 h)" in shown, "in words, as the handbook says it"
    with app.app_context():
        assert policies.value("limit.answer", before) == "24 h"
        assert policies.value("limit.answer", at("Thu 2026-03-05 08:30")) == "48 h"
    line = events(app, "policy:set")[-1]
    assert (line["key"], line["value"]) == ("limit.answer", "48 h")


@pytest.mark.clause("GO-05")
def test_nobody_else_changes_a_limit(app: Flask, as_: As) -> None:
    for username in ("desk1", "lead.tech", "emp.tech", "gm"):
        sent = as_(username).send("/office/limits/limit.answer/change", value="1 h", reason="r")
        assert sent.status_code == 403
    with app.app_context():
        assert len(policies.versions("limit.answer")) == 1


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("limit.answer", "soon", "Write it as"),
        ("limit.answer", "1.5 wd", "Write it as"),
        ("limit.answer", "999999999999 h", "Write it as"),
        ("limit.answer", "", "must be filled in"),
        ("ladder.answer", "75 % everybody", "Write steps"),
        ("ladder.answer", "x" * 401, "At most 400"),
        ("level.special", "king", "one from the list"),
        ("follow_up.tries", "-1", "Write a number"),
        ("follow_up.tries", "NaN", "Write a number"),
        ("follow_up.tries", "1e400", "Write a number"),
    ],
)
def test_a_value_that_cannot_be_read_is_told(office: CarefulClient, key: str, value: str, told: str) -> None:
    answer = office.send(f"/office/limits/{key}/change", value=value, reason="r")
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("limit.answer", " 30 min ", "30 min"),
        ("ladder.answer", "50 %  handler,100 % lead", "50 % handler, 100 % lead"),
        ("level.special", "middle", "middle"),
        ("follow_up.tries", "5", "5"),
    ],
)
def test_a_value_is_kept_in_its_one_way_of_writing(
    app: Flask, office: CarefulClient, key: str, typed: str, kept: str
) -> None:
    assert office.send(f"/office/limits/{key}/change", value=typed, reason="r").status_code == 303
    with app.app_context():
        assert policies.value(key, clock.now()) == kept


@pytest.mark.clause("GO-05")
def test_open_cases_move_only_when_the_office_says_so(
    app: Flask, office: CarefulClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def recompute(key: str, _by: int, _now: Any) -> int:
        asked.append(key)
        return 3

    monkeypatch.setattr(policies, "RECOMPUTE", [recompute])
    address = "/office/limits/limit.answer/change"
    office.send(address, value="48 h", reason="r")
    assert asked == []
    later = office.send(address, value="72 h", reason="r", recompute="y", in_force_from="2026-04-01T08:30")
    assert later.status_code == 422
    assert office.send(address, value="72 h", reason="r", recompute="y").status_code == 303
    assert asked == ["limit.answer"]
    assert "3 open cases moved." in office.get("/office/limits/limit.answer").text
    assert events(app, "policy:recompute")[-1]["count"] == 3


# -- calendar -------------------------------------------------------------------------------------------------


def open_on(app: Flask, day: date) -> list[str]:
    with app.app_context():
        return [f"{a:%H:%M}-{b:%H:%M}" for a, b in company_calendar.current().spans(day)]


@pytest.mark.clause("GO-05")
def test_days_of_the_calendar_are_set_and_removed(app: Flask, office: CarefulClient) -> None:
    sent: dict[str, Any] = {
        "day": "2027-02-05",
        "until": "2027-02-11",
        "kind": "holiday",
        "name": "春节",
        "reason": "国务院通知",
    }
    assert office.send("/office/calendar/days", **(sent | {"reason": " "})).status_code == 422, (
        "a reason is needed"
    )
    assert office.send("/office/calendar/days", **sent).status_code == 303
    assert open_on(app, date(2027, 2, 8)) == []
    extra: dict[str, Any] = {
        "day": "2027-02-13",
        "kind": "workday",
        "hours": "08:30-12:00，13:30–17:30",
        "reason": "调休",
    }
    assert office.send("/office/calendar/days", **extra).status_code == 303
    assert open_on(app, date(2027, 2, 13)) == ["08:30-12:00", "13:30-17:30"]
    page = office.get("/office/calendar/?year=2027").text
    assert "春节" in page
    found = re.search(r"/office/calendar/days/(\d+)/remove", page)
    assert found
    assert office.send(found[0]).status_code == 422, "a reason is needed"
    assert office.send(found[0], reason="弄错了").status_code == 303
    assert open_on(app, date(2027, 2, 5)) == ["08:30-12:00", "13:30-17:30"]
    assert [line["day"] for line in events(app, "special_day:remove")] == ["2027-02-05"]
    assert len(events(app, "special_day:set")) == 8


def test_a_day_set_again_is_what_was_said_last(app: Flask, office: CarefulClient) -> None:
    for kind, hours in (("holiday", ""), ("company", "08:30-12:00")):
        sent: dict[str, Any] = {"day": "2026-12-31", "kind": kind, "hours": hours, "reason": "r"}
        assert office.send("/office/calendar/days", **sent).status_code == 303
    assert open_on(app, date(2026, 12, 31)) == ["08:30-12:00"]


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("day", "2026-02-30", "no such day"),
        ("day", "", "must be filled in"),
        ("until", "2026-12-30", "not before the first"),
        ("until", "2027-12-31", "At most 31"),
        ("kind", "party", "one from the list"),
        ("hours", "25:00-26:00", "backwards or overlap"),
        ("hours", "12:00-08:30", "backwards or overlap"),
        ("hours", "08:30-12:00, 11:00-13:00", "backwards or overlap"),
        ("hours", "all day", "Write hours as"),
        ("hours", "", "has hours"),
        ("reason", "", "Say why"),
        ("name", "x\x00", "cannot be stored"),
    ],
)
def test_a_day_that_cannot_be_is_told(office: CarefulClient, field: str, text: str, told: str) -> None:
    good: dict[str, Any] = {
        "day": "2026-12-31",
        "until": "",
        "kind": "workday",
        "hours": "08:30-12:00",
        "reason": "r",
    }
    answer = office.send("/office/calendar/days", **(good | {field: text}))
    assert answer.status_code == 422
    assert told in answer.text


@pytest.mark.clause("GO-05")
def test_weekly_hours_change_with_a_reason_and_never_vanish(app: Flask, office: CarefulClient) -> None:
    address = "/office/calendar/hours"
    refused = office.send(address, weekday="sat", hours="09:00-12:00")
    assert refused.status_code == 422
    assert 'value="09:00-12:00"' in refused.text
    assert office.send(address, weekday="sat", hours="09:00-12:00", reason="周六值班").status_code == 303
    assert open_on(app, date(2026, 3, 7)) == ["09:00-12:00"]
    assert [line["was"] for line in events(app, "week_hours:set")] == ["[]"]
    assert office.send(address, weekday="someday", hours="", reason="r").status_code == 422
    codes = [
        office.send(address, weekday=day, hours="", reason="r").status_code
        for day in ("mon", "tue", "wed", "thu", "fri", "sat")
    ]
    assert codes == [303] * 5 + [409]
    assert open_on(app, date(2026, 3, 7)) == ["09:00-12:00"]


def test_a_year_without_holidays_is_warned_of(app: Flask, at: At) -> None:
    at("Mon 2026-11-23 09:00")
    office = client_of(app, "office1")
    assert "2027" in text_of(office.get("/office/"))
    office.send("/office/calendar/days", day="2027-01-01", kind="holiday", reason="通知")
    assert "The public holidays of 2027" not in text_of(office.get("/office/"))


# -- audit ----------------------------------------------------------------------------------------------------


def test_the_audit_filters_and_pages(app: Flask, office: CarefulClient) -> None:
    for number in range(60):
        office.send(
            "/office/routing/other", department="tech" if number % 2 else "impl", reason=f"第{number}次"
        )
    first = office.get("/office/audit/?person=office1&event=routing:")
    assert "第59次" in first.text
    assert "第9次" not in first.text
    older = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert older
    assert "第9次" in office.get(older[1].replace("&amp;", "&")).text
    assert "No line fits this" in text_of(office.get("/office/audit/?person=desk1&event=routing:"))
    for odd in ("?before=x", "?before=99999999999999999999", "?subject=-1", "?kind=nothing", "?event=%25_"):
        assert office.get(f"/office/audit/{odd}").status_code == 200


def test_the_audit_shows_no_case_to_the_person_it_is_about(
    app: Flask, office: CarefulClient, as_: As
) -> None:
    case = as_("desk1").register(content="秘密之事", person_concerned="office1")
    assert case.status_code in {303, 204}
    assert "秘密之事" not in office.get("/office/audit/").text
    assert "No line fits this" in text_of(office.get("/office/audit/?event=case:"))
