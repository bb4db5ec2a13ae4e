"""What holds for every address: somebody decided who may use it, and every answer carries the headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.blueprints.complaints.codes import State
from portal.kernel.rights import May
from portal.security import ALWAYS, POLICY, SANDBOX
from tests import factories
from tests.conftest import As

# Values for the holes of addresses; a new kind of hole must be given one here.
HOLES = {
    "number": "",  # a case, made by the test
    "order_number": "WX-20260302-0001",
    "filename": "css/tokens.css",
    "clause_id": "CP-04",
    "code": "tech",
    "key": "limit.solution",
    "key_id": "1",
    "person_id": "1",
    "token_id": "1",
    "robot_id": "1",
    "delivery_id": "1",
    "day_id": "1",
    "session_id": "1",
    "notice_id": "1",
    "file_id": "1",
    "position": "lead",
    "where": "tech",
    "category": "product",
    "improvement_number": "GS-20260302-0001",
    "penalty": "CF-20260302-0001",
    "month": "2026-03",
    "period": "2026-03",
    "quarter": "2025Q4",
    "check_id": "1",
    "visit_id": "1",
    "verb": "greet",
    "visit_number": "LF-20260302-0001",
    "deposit_number": "JC-20260302-0001",
    "loan_number": "YS-20260302-0001",
    "pass_number": "WP-20260302-0001",
    "tag_id": "1",
    "question_number": "ZX-20260302-0001",
    "parcel_number": "SF-20260302-0001",
    "purchase_number": "CG-20260302-0001",
    "customer_id": "1",
    "note_id": "1",
    "letter": "A",
    "row": "places",
    "place": "large",
    "booking_id": "1",
    "service_id": "1",
    "day": "2026-03-02",
    "token": "x",
    "kiosk_id": "1",
    "handover_id": "1",
    "entry_number": "ZB-20260302-0001",
    "act": "correct",
    "post_code": "front-desk",
    "item_id": "1",
    "roster_id": "1",
    "emergency_number": "TF-20260302-0001",
    "playbook": "fire",
    "contact_id": "1",
    "screen_id": "1",
    "leave_id": "1",
    "swap_id": "1",
    "shift_id": "1",
    "moment": "start",
    "checklist_number": "QD-20260302-0001",
    "check_number": "CC-20260302-0001",
    "report_number": "RB-20260302-0001",
    "report_period": "2026-03",
    "equipment_code": "LIFT-01",
    "repair_number": "WX-20260302-0002",
    "round_number": "XJ-20260302-0001",
    "plan_id": "1",
    "line_id": "1",
    "rule_code": "what-hurry",
    "phrase_id": "1",
    "script_code": "complaint-call",
    "version_id": "1",
    "training_number": "PX-20260302-0001",
    "quiz_number": "CY-20260302-0001",
    "attempt_number": "DA-20260302-0001",
    "need_number": "XQ-20260302-0001",
    "assessment_number": "KH-20260302-0001",
    "sheet_number": "KH-20260302-0001-001",
    "standard_code": "gifts",
    "run_number": "BZ-20260302-0001",
    "request_number": "GR-20260302-0001",
    "kept_key": "duty_records",
    "identity_id": "1",
    "job_id": "1",
    "run_name": "tidy",
}
VISIT = "LF-20260302-0001"  # the first that a test makes
# Areas with forms: their GET draws what their POST takes.
FORMED = {"account", "complaints", "documents", "duty", "handbook", "office", "phrases", "reception"}
PUBLIC = {
    "static", "system.healthz", "system.readyz", "system.metrics", "account.login", "account.log_in",
    "account.language", "account.code", "account.type_code", "complaints.intake",
    "reception.kiosk_link", "reception.kiosk_open", "duty.roster_feed", "duty.wall",
    "account.first_run_page", "account.make_first_person",
    "account.to_service", "account.from_service", "account.out_of_service",
}  # fmt: skip


def right(app: Flask, rule: Rule) -> May | None:
    """The right that a rule asks for; None for everybody."""
    found: May | None = vars(app.view_functions[rule.endpoint])["needs"]
    return found


def filled(rule: Rule, number: str) -> str:
    """The address of a rule with something in each hole."""
    address = rule.rule
    for hole in rule.arguments:
        assert hole in HOLES, f"{rule.rule}: give <{hole}> a value in HOLES"
        value = VISIT if f"<visit:{hole}>" in address else HOLES[hole] or number
        address = re.sub(rf"<(?:[a-z]+(?:\([^)]*\))?:)?{hole}>", value, address)
    return address


def pages(app: Flask) -> Iterator[Rule]:
    """Every rule that answers GET."""
    return (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set()))


def changes(app: Flask) -> Iterator[Rule]:
    """Every rule that answers POST."""
    return (rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set()))


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    undecided = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "needs")
    ]
    assert undecided == [], "add @needs(May.…) or @public"


def test_only_these_routes_are_for_everybody(app: Flask) -> None:
    free = {rule.endpoint for rule in app.url_map.iter_rules() if right(app, rule) is None}
    tablets = {endpoint for endpoint in free if hasattr(app.view_functions[endpoint], "by_kiosk")}
    assert free - tablets == PUBLIC
    assert {endpoint.partition("_")[0] for endpoint in tablets} == {"reception.kiosk"}


def test_nothing_changes_by_get(app: Flask) -> None:
    both = {rule.endpoint for rule in pages(app)} & {rule.endpoint for rule in changes(app)}
    for endpoint in both:
        assert endpoint.split(".")[0] in FORMED, endpoint
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_address_bears_a_sign_that_no_column_holds(app: Flask) -> None:
    """PostgreSQL cannot even be asked for a text with NUL in it."""
    addresses = app.url_map.bind("portal.test")
    taken = []
    for rule in app.url_map.iter_rules():
        if rule.arguments and "<path:" not in rule.rule:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            if addresses.test(re.sub(r"<[^>]*>", "a\0", rule.rule), method):
                taken.append(rule.rule)
    assert taken == []


def test_without_a_login_every_page_asks_for_one(app: Flask) -> None:
    number = factories.a_case(app)
    browser = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        address, method = filled(rule, number), "GET" if "GET" in (rule.methods or ()) else "POST"
        answer = browser.open(address, method=method)
        assert (answer.status_code, answer.headers.get("Location", "")[:7]) == (302, "/login?"), (
            f"{method} {address}"
        )
        answer = browser.open(address, method=method, headers={"HX-Request": "true"})
        assert answer.status_code == 401, f"{method} {address}"
        assert answer.headers["HX-Redirect"].startswith("/login")


@pytest.mark.clause("GO-05")
@pytest.mark.parametrize("username", ["desk1", "lead.tech", "emp.tech", "gm"])
def test_the_offices_pages_are_the_general_offices(app: Flask, as_: As, username: str) -> None:
    """GO-05: only the general office edits policies, routing, calendar, people."""
    number = factories.a_case(app)
    for rule in app.url_map.iter_rules():
        if right(app, rule) not in {May.MANAGE_OFFICE, May.READ_AUDIT} and not rule.rule.startswith(
            "/office/"
        ):
            continue
        address = filled(rule, number)
        if "GET" in (rule.methods or ()):
            assert as_(username).get(address).status_code == 403, address
        if "POST" in (rule.methods or ()):
            assert as_(username).send(address).status_code == 403, address


def test_every_answer_carries_the_headers(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ROUTED)
    factories.a_visit(app)
    browser = as_("office1")
    answers = [browser.get(filled(rule, number)) for rule in pages(app)]
    answers += [
        browser.get("/nowhere"),
        browser.post("/complaints/new"),
        browser.act(number, "accept"),
        browser.act(number, "report", answer="x"),
        browser.act(number, "route", htmx=True),
        browser.get("/", headers={"HX-Request": "true"}),
    ]
    for answer in answers:
        assert answer.status_code < 500, answer.request.path
        answer.close()
        download = answer.headers.get("Content-Disposition", "").startswith("attachment")
        for name, value in (ALWAYS | ({"Content-Security-Policy": SANDBOX} if download else {})).items():
            assert answer.headers.get(name) == value, f"{answer.request.path}: {name}"
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, answer.request.path
        assert "unsafe" not in policy
        if answer.mimetype == "text/html":
            assert policy == POLICY, answer.request.path
            assert "HX-Request" in answer.headers["Vary"]
            assert answer.headers["Cache-Control"] == "no-store", answer.request.path


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("username", ["desk1", "lead.tech", "emp.tech", "office1", "gm"])
def test_every_page_opens_for_whom_it_is(app: Flask, as_: As, username: str, lang: str) -> None:
    """The careful client looks at each page: well-formed, one h1, language, forms, nothing inline."""
    number = factories.a_case(app, State.REPORTED)
    factories.a_visit(app)
    browser = as_(username)
    browser.lang = lang
    for rule in pages(app):
        answer = browser.get(filled(rule, number))
        # 409: a form for what cannot be done in this state.
        assert answer.status_code in {200, 302, 303, 308, 403, 404, 409}, f"{rule.rule}: {answer.status_code}"
        answer.close()
    for query in (
        "?state=open&words=打印",
        "?overdue=1&kind=complaint",
        "?mine=1",
        "?before=1",
        "?after=0",
        "?since=x",
    ):
        assert browser.get(f"/complaints/{query}").status_code == 200
    assert browser.post("/complaints/new", data={"csrf_token": browser.csrf()}).status_code == 422


def test_a_fragment_is_no_page(as_: As) -> None:
    browser = as_("desk1")
    for address in ("/", "/complaints/", "/complaints/new", "/handbook/", "/notifications/"):
        part = browser.get(address, headers={"HX-Request": "true"})
        assert "<!doctype" not in part.text.lower(), address
        for whole in ({"HX-Boosted": "true"}, {"HX-History-Restore-Request": "true"}):
            page = browser.get(address, headers={"HX-Request": "true", **whole})
            assert "<!doctype" in page.text.lower(), address


def test_an_unchanged_list_costs_nothing(app: Flask, as_: As) -> None:
    factories.a_case(app)
    first = as_("desk1").get("/complaints/")
    again = as_("desk1").get("/complaints/", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    factories.a_case(app)
    assert (
        as_("desk1").get("/complaints/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    )
    assert (
        as_("desk2").get("/complaints/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    )


@pytest.mark.parametrize(("lang", "name"), [("en", "Fang Yaqin"), ("zh-CN", "方雅琴")])
def test_people_are_called_by_their_name_in_the_language_of_the_page(
    app: Flask, as_: As, lang: str, name: str
) -> None:
    factories.change_person(app, "office1", name_en="Fang Yaqin")
    number, who = factories.a_case(app, by="office1"), factories.id_of(app, "office1")
    browser = as_("office1")
    browser.lang = lang
    other = "方雅琴" if lang == "en" else "Fang Yaqin"
    for address in (
        "/",
        "/account",
        f"/complaints/{number}",
        "/complaints/new",
        "/office/positions/lead/tech",
    ):
        page = browser.get(address).text
        assert name in page, address
        assert other not in page, address
    assert f" {name}</td>" in browser.get("/office/audit/").text
    assert f"<h1>{name}</h1>" in browser.get(f"/office/people/{who}").text
    browser.send(f"/office/people/{who}/enable")
    assert f"<span>{name}" in browser.get("/").text
    browser.send("/logout")
    assert f"<td>{name}</td>" in browser.get("/login").text
