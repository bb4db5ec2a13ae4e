"""Who may what: every verb for every role, and the order in which a request is refused."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from portal.blueprints.complaints import queries
from portal.blueprints.complaints.codes import OPEN, Decision, Escalation, Kind, State, Urgency
from portal.blueprints.complaints.workflow import CASE
from portal.kernel.rights import Role
from portal.kernel.workflow import Forbidden, Refused
from tests import factories
from tests.conftest import As

# A complaint of technology, taken by emp.admin, handled by emp.tech and handed up to the supervisor; implementation once
# had it, market helps. Nobody is two things to it, but for the general manager, who leads everywhere.
SEEN_BY = {
    "desk1", "desk2", "lead.tech", "sup.tech", "emp.tech", "emp.admin", "lead.impl", "lead.market", "gm", "office1",
    "office2",
}  # fmt: skip
# Who each verb belongs to, said once more in plain words: a slip in the workflow table shows as a difference.
DESK, OFFICE = {"desk1", "desk2"}, {"office1", "office2"}
LEADS = {"lead.tech", "gm"}
FIRST = {"emp.admin"}
WHO: dict[str, set[str]] = {
    "read-back": DESK | OFFICE | FIRST,
    "route": DESK | OFFICE,
    "accept": LEADS | OFFICE,
    "on-site": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "propose": {"emp.tech"},
    "approve": LEADS | OFFICE,
    "return": LEADS | OFFICE,
    "adopt": LEADS | OFFICE,
    "decline": LEADS | OFFICE,
    "resolve": {"emp.tech"},
    "report": {"emp.tech"},
    "follow-up": DESK | OFFICE | FIRST,
    "satisfied": DESK | OFFICE | {"emp.tech"},
    "reopen": DESK | OFFICE | {"emp.tech"},
    "confirm": FIRST,
    "file": LEADS | OFFICE,
    "archive": DESK | OFFICE,
    "contact": LEADS | OFFICE | {"emp.tech"},
    "promise": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "opinion": LEADS | OFFICE,
    "escalate": FIRST | {"emp.tech"},
    "decide": LEADS | OFFICE | {"sup.tech"},
    "special": LEADS | OFFICE,
    "assist": LEADS | OFFICE | {"emp.tech"},
    "assisted": {"lead.market"},
    "assign": LEADS | OFFICE,
    "hand-back": LEADS | OFFICE,
    "reporter": DESK | LEADS | OFFICE | {"emp.tech"},
    "extend": LEADS | OFFICE | {"emp.tech"},
    "pause": DESK | LEADS | OFFICE | {"emp.tech"},
    "resume": DESK | LEADS | OFFICE | {"emp.tech"},
    "not-upheld": DESK | LEADS | OFFICE | {"emp.tech"},
    "no-contact": DESK | LEADS | OFFICE,
    "withdraw": DESK | LEADS | OFFICE | FIRST,
    "concern": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "edit": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "attach": DESK | LEADS | OFFICE | FIRST | {"emp.tech", "lead.market"},
    "dispose": OFFICE,
    "merge": DESK | LEADS | OFFICE | FIRST,
    "link": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "visit": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "external": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "phrase": DESK | OFFICE | FIRST | {"emp.tech"},
    "publish": LEADS | OFFICE,
    "tick": DESK | LEADS | OFFICE | FIRST | {"emp.tech"},
    "note": DESK | LEADS | OFFICE | FIRST | {"emp.tech", "lead.market"},
}
SUGGESTIONS, INQUIRIES = {"adopt", "decline", "publish"}, {"phrase"}


@pytest.fixture
def number(app: Flask) -> str:
    """A complaint that has been around."""
    return been_around(app, Kind.COMPLAINT)


def been_around(app: Flask, kind: Kind) -> str:
    """A case that everybody of SEEN_BY has to do with."""
    number = factories.registered(app, by="emp.admin", kind=kind)
    factories.bring(app, number, State.ROUTED, department="impl")
    factories.do(app, "lead.impl", "hand-back", number, reason="不属本部门")
    factories.bring(app, number, State.ACCEPTED)
    factories.do(app, "emp.tech", "assist", number, department="market", note="请核对价格")
    factories.do(app, "emp.tech", "escalate", number, kind=Escalation.UNSOLVED, reason="客户不接受")
    return number


def under_every_clause(test: Any) -> Any:
    """Mark a test with the clause of every row of the table: a right that is taken from or added to a row fails it."""
    for clause in sorted({step.clause for step in CASE.steps}):
        test = pytest.mark.clause(clause)(test)
    return test


def test_every_verb_of_the_table_is_looked_at() -> None:
    assert set(WHO) == set(CASE.verbs)


@under_every_clause
def test_reach_and_right_of_every_verb_for_everybody(app: Flask, number: str) -> None:
    """404 for whom the case does not exist, 403 whose verb it is not; what is left is state and form."""
    wrong = []
    kinds = dict.fromkeys(CASE.verbs, number) | dict.fromkeys(SUGGESTIONS, been_around(app, Kind.SUGGESTION))
    kinds |= dict.fromkeys(INQUIRIES, been_around(app, Kind.INQUIRY))
    with app.app_context():
        people = {username: factories.viewer(username) for username, *_ in factories.PEOPLE}
        for verb, of in kinds.items():
            for username, who in people.items():
                expected = "404" if username not in SEEN_BY else "may" if username in WHO[verb] else "403"
                if (found := _answer(of, verb, who)) != expected:
                    wrong.append(f"{verb} by {username}: {found}, not {expected}")
    assert wrong == []


def _answer(number: str, verb: str, who: Any) -> str:
    try:
        case = queries.find(who, number)
        CASE.step(case, verb, who)
    except NotFound:
        return "404"
    except Forbidden:
        return "403"
    except Refused:
        return "may"  # the state forbids it, which is asked after the right
    return "may"


@pytest.mark.parametrize(
    ("state", "kind", "verb", "may"),
    [
        pytest.param(*row[1:], marks=pytest.mark.clause(row[0]))
        for row in (
            ("CP-15", State.REGISTERED, Kind.COMPLAINT, "contact", DESK | OFFICE | FIRST),
            ("CP-14", State.ACCEPTED, Kind.INQUIRY, "report", DESK | LEADS | OFFICE | FIRST | {"emp.tech"}),
            ("CP-17", State.RESOLVED, Kind.COMPLAINT, "report", {"desk2"}),
            ("CP-17", State.RESOLVED, Kind.COMPLAINT, "reporter", DESK | LEADS | OFFICE | {"emp.tech"}),
        )
    ],
)
def test_whose_a_verb_is_that_differs_by_state_or_kind(
    app: Flask, state: State, kind: Kind, verb: str, may: set[str]
) -> None:
    """Taken by emp.admin; once solved, both sides agreed that desk2 tells the customer."""
    number = factories.registered(app, by="emp.admin", kind=kind)
    factories.bring(app, number, state)
    if state is State.ACCEPTED:
        factories.do(app, "emp.tech", "assist", number, department="market", note="请核对价格")
    if state is State.RESOLVED:
        factories.do(app, "emp.tech", "reporter", number, reporter="desk2")
        factories.do(app, "desk1", "reporter", number, decision=Decision.YES)
    with app.app_context():
        people = {username: factories.viewer(username) for username, *_ in factories.PEOPLE}
        assert {name for name, who in people.items() if _answer(number, verb, who) == "may"} == may


# Where a case may go from each state, in plain words again. C: complaints, I: inquiries, S: suggestions.
NEXT: dict[State, dict[str, str]] = {
    State.REGISTERED: {"route": "CIS", "not-upheld": "C", "report": "I", "withdraw": "CIS", "merge": "CIS"},
    State.ROUTED: {
        "accept": "CIS", "hand-back": "CIS", "adopt": "S", "decline": "S", "not-upheld": "C", "report": "I",
        "withdraw": "CIS", "merge": "CIS",
    },
    State.ACCEPTED: {
        "propose": "CS", "adopt": "S", "decline": "S", "not-upheld": "C", "report": "I", "withdraw": "CIS",
        "merge": "CIS",
    },
    State.PROPOSED: {"approve": "CIS", "return": "CIS", "withdraw": "CIS", "merge": "CIS"},
    State.RETURNED: {"propose": "CS", "not-upheld": "C", "withdraw": "CIS", "merge": "CIS"},
    State.APPROVED: {"resolve": "CIS", "withdraw": "CIS", "merge": "CIS"},
    State.RESOLVED: {"report": "CS"},
    State.REPORTED: {"reopen": "CIS", "archive": "CIS"},
    State.REOPENED: {"propose": "CS", "not-upheld": "C", "report": "I", "withdraw": "CIS", "merge": "CIS"},
    State.NOT_UPHELD: {"route": "CIS", "archive": "CIS"},
    State.WITHDRAWN: {"archive": "CIS"},
    State.ARCHIVED: {},
}  # fmt: skip
# What moves nothing and yet has its time.
SOLVED = {State.RESOLVED, State.REPORTED}
WHEN: dict[str, set[State]] = {
    "file": SOLVED | {State.NOT_UPHELD},
    "opinion": SOLVED,
    "reporter": {State.APPROVED, State.RESOLVED},
    "extend": set(OPEN) - SOLVED,
    "edit": set(OPEN),
    "dispose": {State.ARCHIVED},
    "follow-up": {State.REPORTED},
    "confirm": {State.REPORTED},
}


@under_every_clause
@pytest.mark.parametrize("state", list(State))
def test_where_a_case_may_go_from_here(state: State) -> None:
    found: dict[str, str] = {}
    for kind in sorted(Kind, key=lambda kind: kind.name[0]):
        for step in CASE.steps:
            if step.to is not None and step.covers(state, kind):
                found[step.verb] = found.get(step.verb, "") + kind.name[0]
    assert found == NEXT[state]


@under_every_clause
@pytest.mark.parametrize("verb", WHEN)
def test_what_moves_nothing_has_its_time(verb: str) -> None:
    assert {
        s for s in State if any(r.verb == verb and r.covers(s, Kind.COMPLAINT) for r in CASE.steps)
    } == WHEN[verb]


@pytest.mark.clause("CP-10")
@pytest.mark.parametrize("username", [name for name, *_ in factories.PEOPLE])
def test_the_page_of_a_case_is_drawn_for_those_who_may_see_it(as_: As, number: str, username: str) -> None:
    code = as_(username).get(f"/complaints/{number}").status_code
    assert code == (200 if username in SEEN_BY else 404)
    assert (f"{number}</a>" in as_(username).get("/complaints/").text) == (username in SEEN_BY)


@pytest.mark.parametrize("urgency", [Urgency.NORMAL, Urgency.URGENT])
@pytest.mark.parametrize("state", list(State))
def test_a_page_offers_only_what_its_reader_may_do_now(
    app: Flask, as_: As, state: State, urgency: Urgency
) -> None:
    number = factories.a_case(app, state, urgency=urgency)
    if urgency is Urgency.URGENT and state in OPEN:
        factories.do(app, "desk1", "pause", number, reason="等客户")
    for username in ("desk1", "lead.tech", "emp.tech", "office1"):
        page = as_(username).get(f"/complaints/{number}")
        if page.status_code == 404:
            continue
        with app.app_context():
            open_ = {
                step.verb for step in CASE.open_to(factories.load(app, number), factories.viewer(username))
            }
        drawn = re.findall(rf"/complaints/{number}(?:\?do=|/)([a-z-]+)[\"#&]", page.text)
        offered = set(drawn) & set(CASE.verbs)
        assert offered == open_, f"{username} at {state}"


@pytest.mark.clause("CP-09")
@pytest.mark.clause("CP-13")
@pytest.mark.clause("CP-14")
@pytest.mark.clause("CP-16")
@pytest.mark.parametrize(
    ("verb", "user", "state", "clause", "turns"),
    [
        ("opinion", "lead.tech", State.RESOLVED, "CP-09", {}),
        ("decide", "office1", State.ACCEPTED, "CP-16", {"escalate": {"kind": "major", "reason": "媒体介入"}}),
        ("resume", "emp.tech", State.ACCEPTED, "CP-14", {"pause": {"reason": "等客户"}}),
        ("on-site", "emp.tech", State.ACCEPTED, "CP-13", {}),
    ],
)
def test_what_the_case_itself_forbids_is_not_offered(
    app: Flask, as_: As, verb: str, user: str, state: State, clause: str, turns: dict[str, dict[str, str]]
) -> None:
    number, typed = factories.a_case(app, state), "A note that nobody wants to type twice"
    link = f"/complaints/{number}?do={verb}#"
    assert link not in as_(user).get(f"/complaints/{number}").text
    answer = as_(user).act(number, verb, note=typed)
    assert answer.status_code == 409
    assert clause in answer.text
    for other, given in turns.items():
        assert as_("emp.tech").act(number, other, **given).status_code == 303
        assert link in as_(user).get(f"/complaints/{number}").text


@pytest.mark.parametrize("verb", [verb for verb in CASE.verbs if verb != "edit"])
def test_every_verb_has_a_form_that_opens_in_place(app: Flask, as_: As, verb: str) -> None:
    number, username = somewhere_open(app, verb)
    for address in (f"/complaints/{number}?do={verb}", f"/complaints/{number}?do={verb}&part=card"):
        headers = {"HX-Request": "true"} if "part" in address else {}
        page = as_(username).get(address, headers=headers)
        assert page.status_code == 200
        assert f'action="/complaints/{number}/{verb}"' in page.text
        assert ("<!doctype" in page.text.lower()) == ("part" not in address)


def somewhere_open(app: Flask, verb: str) -> tuple[str, str]:
    """A case and a person for whom the verb is open."""
    row = next(step for step in CASE.steps if step.verb == verb)
    kind = Kind(min(row.kinds)) if row.kinds else Kind.COMPLAINT
    state = min((State(source) for source in row.sources), key=list(State).index)
    if kind is Kind.SUGGESTION:
        state = State.ROUTED
    if verb == "phrase":
        state = State.REGISTERED
    # What must be so about the case besides.
    urgency = Urgency.URGENT if verb == "on-site" else Urgency.NORMAL
    concerned = "lead.impl" if verb == "opinion" else ""
    number = factories.a_case(
        app, state, kind=kind, urgency=urgency, concerned=concerned, department="tech" if concerned else ""
    )
    if verb == "assisted":
        factories.bring(app, number, State.ACCEPTED)
        factories.do(app, "emp.tech", "assist", number, department="market", note="请协助")
    if verb == "phrase":
        factories.do(app, "desk1", "report", number, answer="周六照常营业")
    if verb == "publish":
        factories.do(app, "lead.tech", "adopt", number, note="下月起加一台")
    if verb == "resume":
        factories.do(app, "desk1", "pause", number, reason="等客户")
    if verb == "decide":
        factories.do(app, "desk1", "escalate", number, kind=Escalation.MAJOR, reason="媒体介入")
    with app.app_context():
        case = factories.load(app, number)
        for username, *_ in factories.PEOPLE:
            if verb in {step.verb for step in CASE.open_to(case, factories.viewer(username))}:
                return number, username
    raise AssertionError(f"nobody may ever {verb}")


# -- the order of the answers: login, reach, right, state, form, gates -----------------------------------------


def test_the_order_in_which_a_request_is_refused(app: Flask, as_: As, number: str) -> None:
    browser = app.test_client()
    answer = browser.post(f"/complaints/{number}/approve")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")
    answer = browser.post(f"/complaints/{number}/approve", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")
    assert as_("emp.impl").act(number, "approve").status_code == 404, "reach before right"
    assert as_("desk1").act(number, "approve").status_code == 403, "right before state"
    assert as_("lead.tech").act(number, "return", note="").status_code == 409, "state before form"
    factories.do(app, "emp.tech", "propose", number, **factories.PROPOSAL)
    assert as_("lead.tech").act(number, "return", note="").status_code == 422, "form before gates"
    special = factories.a_case(app, State.PROPOSED, handler="lead.tech")
    assert as_("lead.tech").act(special, "return", note="").status_code == 422
    assert as_("lead.tech").act(special, "return", note="不行").status_code == 409
    assert as_("desk1").act("TS-20260302-9999", "route").status_code == 404
    assert as_("desk1").act(number, "explode").status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_a_refusal_names_its_clause_and_changes_nothing(app: Flask, as_: As, number: str, htmx: bool) -> None:
    before = factories.load(app, number).version
    for username, verb, code, clause in (
        ("desk1", "accept", 403, "CP-10"),
        ("lead.tech", "approve", 409, "CP-11"),
        ("emp.tech", "on-site", 409, "CP-13"),
    ):
        answer = as_(username).act(number, verb, htmx=htmx)
        assert answer.status_code == code
        assert clause in answer.text
        if htmx:
            assert answer.headers["HX-Reswap"] == "none"
            assert clause in answer.headers["HX-Trigger"]
    assert factories.load(app, number).version == before


def test_what_was_done_is_answered_with_the_part_or_a_way_back(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    answer = as_("desk1").act(number, "note", note="客户又来电话", htmx=True)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<article")
    assert "toast" in answer.headers["HX-Trigger"]
    assert answer.headers["HX-Trigger"].isascii()
    assert "HX-Request" in answer.headers["Vary"]
    answer = as_("desk1").act(number, "route")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/complaints/{number}")
    assert "Routed. The department has been told." in as_("desk1").get(answer.headers["Location"]).text


def test_a_form_without_its_token_is_refused(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    browser = as_("desk1")
    assert browser.post(f"/complaints/{number}/route").status_code == 400
    assert browser.post(f"/complaints/{number}/route", data={"csrf_token": "x"}).status_code == 400
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = browser.post(
            f"/complaints/{number}/route", data={"csrf_token": browser.csrf()}, headers=headers
        )
        assert answer.status_code == 403
    assert factories.load(app, number).state is State.REGISTERED


# Who sends what to a case in which state, and the dealing it makes.
MAKERS: tuple[tuple[str, str, State, dict[str, str]], ...] = (
    ("note", "desk1", State.REGISTERED, {"note": "客户又来电话"}),
    ("contact", "emp.tech", State.ACCEPTED, {"note": "已致电说明"}),
    ("promise", "emp.tech", State.ACCEPTED, {"due_at": "2026-03-02T16:00", "note": "下午回电"}),
    (
        "propose",
        "emp.tech",
        State.ACCEPTED,
        {"findings": "墨盒开裂", "finding": "mistake", "solution": "换新"},
    ),
    ("assist", "emp.tech", State.ACCEPTED, {"department": "impl", "note": "请核对"}),
    ("escalate", "emp.tech", State.ACCEPTED, {"kind": "unsolved", "reason": "客户不接受"}),
    ("extend", "emp.tech", State.ACCEPTED, {"until": "2026-03-09T17:00", "reason": "等配件"}),
    ("not-upheld", "desk1", State.REGISTERED, {"reason": "不属实", "answer": "已说明"}),
    ("follow-up", "desk2", State.REPORTED, {"outcome": "no_answer", "note": "无人接听"}),
)


@pytest.mark.parametrize(("verb", "user", "state", "fields"), MAKERS, ids=[row[0] for row in MAKERS])
@pytest.mark.parametrize("htmx", [False, True])
def test_a_doubled_verb_is_done_once(
    app: Flask, as_: As, verb: str, user: str, state: State, fields: dict[str, str], htmx: bool
) -> None:
    number = factories.a_case(app, state)
    for _ in range(2):
        answer = as_(user).act(number, verb, htmx=htmx, idempotency_key="once", **fields)
        assert answer.status_code == (200 if htmx else 303)
    kinds = [row.kind for row in factories.dealings(app, number)]
    assert len(kinds) == len(set(kinds)), "one dealing of each kind"
    assert [line.event for line in factories.events(app, number)].count(f"case:{verb}") == 1


# The same of what makes no dealing: verb, by whom, in which state, of what case, with which words, with which others.
WITHOUT_DEALING: tuple[tuple[str, str, State, dict[str, Any], dict[str, str], dict[str, str]], ...] = (
    ("read-back", "desk1", State.REGISTERED, {"read_back": None}, {"read_back": "yes"}, {"read_back": "signed"}),
    ("route", "desk1", State.REGISTERED, {}, {}, {"department": "impl", "reason": "软件故障"}),
    ("accept", "lead.tech", State.ROUTED, {}, {"handler": "emp.tech"}, {"handler": "lead.tech"}),
    ("assign", "lead.tech", State.ACCEPTED, {},
     {"handler": "sup.tech", "reason": "休假"}, {"handler": "lead.tech", "reason": "休假"}),
    ("hand-back", "lead.tech", State.ROUTED, {}, {"reason": "不属本部门"}, {"reason": "应属实施部"}),
    ("approve", "lead.tech", State.PROPOSED, {}, {"note": "同意"}, {"note": "同意，尽快"}),
    ("resolve", "emp.tech", State.APPROVED, {}, {"result": "已换"}, {"result": "已修"}),
    ("special", "lead.tech", State.ACCEPTED, {"urgency": Urgency.SPECIAL, "handler": "sup.tech"},
     {"limit": "whole", "reason": "需返厂"}, {"limit": "whole", "reason": "路远"}),
    ("pause", "emp.tech", State.ACCEPTED, {}, {"reason": "等客户"}, {"reason": "等回信"}),
    ("visit", "desk1", State.ACCEPTED, {}, {"note": "又来问进展"}, {"note": "来取件"}),
    ("external", "desk1", State.ACCEPTED, {}, {"party": "供电局"}, {"party": "电信"}),
    ("tick", "desk1", State.ACCEPTED, {}, {"step": "told"}, {"step": "record"}),
    ("withdraw", "desk1", State.ACCEPTED, {}, {"reason": "客户撤回"}, {"reason": "客户改了主意"}),
    ("publish", "office1", State.APPROVED, {"kind": Kind.SUGGESTION},
     {"what": "延长营业时间", "measure": "周六营业"}, {"what": "延长营业时间", "measure": "周日营业"}),
    ("archive", "desk1", State.NOT_UPHELD, {}, {"evaluation": "不成立"}, {"evaluation": "已说明"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("verb", "user", "state", "chosen", "fields", "others"),
    WITHOUT_DEALING,
    ids=[row[0] for row in WITHOUT_DEALING],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_a_verb_without_a_dealing_is_done_once_too(
    app: Flask,
    as_: As,
    verb: str,
    user: str,
    state: State,
    chosen: dict[str, Any],
    fields: dict[str, str],
    others: dict[str, str],
    htmx: bool,
) -> None:
    number = factories.a_case(app, state, **chosen)
    done = {200, 204} if htmx else {303}
    for _ in range(2):
        assert as_(user).act(number, verb, htmx=htmx, idempotency_key="once", **fields).status_code in done
    once = factories.load(app, number)
    assert [line.event for line in factories.events(app, number)].count(f"case:{verb}") == 1
    # What was handed back is no longer the lead's, and the right is asked before the key.
    refused = 403 if verb == "hand-back" else 409
    assert as_(user).act(number, verb, htmx=htmx, idempotency_key="once", **others).status_code == refused
    assert factories.load(app, number).version == once.version


def test_two_cases_are_joined_once(app: Flask, as_: As) -> None:
    one, other, double = (factories.a_case(app) for _ in range(3))
    for _ in range(2):
        assert as_("desk1").act(one, "link", other=other, idempotency_key="l").status_code == 303
        assert as_("desk1").act(double, "merge", other=one, idempotency_key="m").status_code == 303
    assert [factories.load(app, number).links for number in (one, other, double)] == [2, 1, 1]
    assert as_("desk1").act(double, "merge", other=other, idempotency_key="m").status_code == 409


def test_the_same_files_are_attached_once_and_others_asked_about(app: Flask, as_: As) -> None:
    number = factories.a_case(app)

    def sent(text: bytes) -> int:
        letter = (io.BytesIO(text), "letter.txt")
        return as_("desk1").act(number, "attach", files=letter, idempotency_key="once").status_code

    assert [sent(b"one"), sent(b"one"), sent(b"two")] == [303, 303, 409]
    assert [line.event for line in factories.events(app, number)].count("case:attach") == 1


def test_who_sends_a_case_out_of_sight_twice_is_told_that_it_is_done(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.APPROVED)
    given = {"handler": "sup.tech", "reason": "交接", "idempotency_key": "once"}
    assert as_("lead.tech").act(number, "assign", **given).status_code == 303
    factories.change_person(app, "lead.tech", role=Role.EMPLOYEE, department="impl")
    answer = as_("lead.tech").act(number, "assign", **given)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/complaints/")
    assert as_("lead.tech").act(number, "assign", **(given | {"reason": "休假"})).status_code == 404


def test_a_mended_record_sent_twice_is_mended_once(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    version = factories.load(app, number).version
    texts = {name: factories.USUAL[name] for name in ("demand", "customer_name", "customer_phone")}
    form = texts | {"kind": "complaint", "category": "product", "content": "另一件事", "version": version}
    for _ in range(2):
        assert as_("desk1").send(f"/complaints/{number}/edit", **form).status_code == 303
    assert [line.event for line in factories.events(app, number)].count("case:edit") == 1
    again = as_("desk1").send(f"/complaints/{number}/edit", **(form | {"content": "又一件事"}))
    assert again.status_code == 409


def test_every_form_of_a_verb_on_the_page_bears_a_key(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    for verb in ("contact", "visit", "external", "attach", "pause", "link"):
        page = as_("desk1" if verb != "contact" else "emp.tech").get(f"/complaints/{number}?do={verb}").text
        forms = re.findall(rf'<form[^>]* action="/complaints/{number}/[^"]+".*?</form>', page, re.DOTALL)
        assert len(forms) > 1, "the verb's and the guide's"
        keys = [re.findall(r'name="idempotency_key"[^>]*value="([^"]+)"', form) for form in forms]
        assert all(len(key) == 1 for key in keys), verb
        assert len({key for (key,) in keys}) == len(forms), "a key of its own each"


def test_another_key_or_none_is_never_a_double(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    for key in ("one", "two", None, None):
        assert as_("desk1").act(number, "note", idempotency_key=key, note="客户又来电话").status_code == 303
    assert len(factories.dealings(app, number, "note")) == 4


@pytest.mark.parametrize("htmx", [False, True])
def test_a_verb_sent_again_with_other_words_is_asked_about(app: Flask, as_: As, htmx: bool) -> None:
    number = factories.a_case(app)
    as_("desk1").act(number, "note", note="first", idempotency_key="once")
    before = factories.load(app, number).version
    answer = as_("desk1").act(number, "note", note="and another thing", idempotency_key="once", htmx=htmx)
    assert answer.status_code == 409
    assert ("<!doctype" in answer.text) != htmx
    assert "HX-Reswap" not in answer.headers, "the form with its new key takes the place of the old one"
    assert "sent before with other words" in answer.text
    assert "and another thing</textarea>" in answer.text.replace("\r", "").replace("\n", "")
    assert factories.load(app, number).version == before
    fresh = re.search(r'name="idempotency_key"[^>]*value="([^"]+)"', answer.text)
    assert fresh
    assert fresh[1] != "once"
    answer = as_("desk1").act(number, "note", note="and another thing", idempotency_key=fresh[1])
    assert answer.status_code == 303
    assert [row.note for row in factories.dealings(app, number, "note")] == ["first", "and another thing"]


def test_a_key_is_of_one_verb_on_one_case(app: Flask, as_: As) -> None:
    number, other = factories.a_case(app, State.ACCEPTED), factories.a_case(app, State.ACCEPTED)
    given = {"note": "已致电说明", "idempotency_key": "once"}
    assert as_("emp.tech").act(number, "contact", **given).status_code == 303
    assert as_("emp.tech").act(other, "contact", **given).status_code == 409
    assert as_("emp.tech").act(number, "note", **given).status_code == 409
    assert as_("lead.tech").act(number, "contact", **given).status_code == 303, "another person's key"
    assert factories.dealings(app, other) == []


def test_a_form_whose_verb_is_gone_is_refused_by_the_state(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.ACCEPTED)
    form = {"findings": "墨盒开裂", "finding": "mistake", "solution": "换新", "idempotency_key": "once"}
    assert as_("emp.tech").act(number, "propose", **form).status_code == 303
    answer = as_("emp.tech").act(number, "propose", **(form | {"solution": "换一台"}))
    assert answer.status_code == 409
    assert "CP-11" in answer.text
    assert [row.options for row in factories.dealings(app, number, "proposal")] == [["换新"]]


def test_an_address_with_a_slash_leads_to_the_one_without(app: Flask, as_: As) -> None:
    number = factories.a_case(app)
    answer = as_("desk1").get(f"/complaints/{number}/")
    assert answer.headers["Location"].endswith(f"/complaints/{number}")
    for bad in ("TS-20260302-1", "TS-2026032-0001", "ts-20260302-0001", "TS-20260302-0001x", "1"):
        assert as_("desk1").get(f"/complaints/{bad}").status_code == 404


def test_a_gate_keeps_what_was_typed_also_without_script(app: Flask, as_: As) -> None:
    number = factories.a_case(app, State.REPORTED)
    refused = as_("desk1").act(
        number, "archive", evaluation="A long evaluation that nobody wants to type twice"
    )
    assert refused.status_code == 409
    assert "A long evaluation that nobody wants to type twice" in refused.text
    assert "CP-18" in refused.text
