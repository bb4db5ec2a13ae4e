"""Every page by axe: for every role, in both languages, narrow and wide, light and dark, never wider than its window."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask, url_for
from playwright.sync_api import Browser
from werkzeug.routing import Rule

from portal import create_app
from portal.blueprints.complaints.codes import State, Urgency
from portal.blueprints.complaints.improvements.codes import State as Stage
from portal.blueprints.complaints.orders.codes import OrderState
from portal.blueprints.complaints.penalties.codes import State as PenaltyState
from portal.blueprints.complaints.return_visits import actions as return_visits
from portal.blueprints.complaints.return_visits.codes import Remark, VisitKind
from portal.blueprints.complaints.return_visits.workflow import RECORD, RETURN_VISIT
from portal.blueprints.complaints.spot_checks.models import SpotCheck, SpotSample
from portal.blueprints.duty.attendance import actions as attendance
from portal.blueprints.duty.checklists import actions as checklists
from portal.blueprints.duty.checklists.codes import Moment
from portal.blueprints.duty.checklists.shipped import PAPERS
from portal.blueprints.duty.contacts import actions as contacts
from portal.blueprints.duty.handover import actions as duty_actions
from portal.blueprints.duty.handover import who
from portal.blueprints.duty.leave import actions as leave_actions
from portal.blueprints.duty.leave.codes import LeaveKind
from portal.blueprints.duty.posts.models import Post
from portal.blueprints.duty.reports import actions as daily_reports
from portal.blueprints.duty.rosters.models import Shift
from portal.blueprints.duty.spot_checks import actions as duty_checks
from portal.blueprints.duty.spot_checks.codes import Finding
from portal.blueprints.duty.swaps import actions as swap_actions
from portal.blueprints.duty.systems import System
from portal.blueprints.office.privacy import actions as privacy
from portal.blueprints.phrases.assessment.codes import Outcome
from portal.blueprints.phrases.training.codes import Topic
from portal.blueprints.phrases.training.plan import actions as plan
from portal.blueprints.phrases.training.quizzes import actions as quizzes
from portal.blueprints.reception.codes import Category as Visitor
from portal.config import Settings
from portal.kernel import clock, documents, reference, retraining, transitions
from portal.kernel.company_calendar import DayKind, SpecialDay
from portal.kernel.db import db
from tests import factories
from tests.complaints.improvements.making import raised
from tests.complaints.orders import made
from tests.complaints.penalties import penalties
from tests.conftest import Ground
from tests.duty.emergencies import making as emergencies
from tests.duty.equipment import making as ledger
from tests.duty.handover import making as duty
from tests.duty.inspections import making as inspections
from tests.duty.repairs import making as repairs
from tests.duty.rosters import office as rostering
from tests.kernel.moments import at
from tests.messages import making as messages
from tests.pages.axe import assert_accessible
from tests.pages.live import (
    Colleague,
    LiveServer,
    Seats,
    Way,
    assert_no_sideways,
    colleagues,
    launch_args,
)
from tests.phrases import making as phrases
from tests.phrases.live import ground as checked
from tests.phrases.training import making as training
from tests.reception import makers as books
from tests.reception.customers import test_customers as customers
from tests.reception.keeping import ground as keeping
from tests.reception.supplies import made as supplies

pytestmark = [pytest.mark.browser, pytest.mark.axe]

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
TODAY = int(time.time() // 86400)  # another role and look each day, until every one had its turn
ROLES = ("desk1", "lead.tech", "emp.tech", "office1", "gm")
NARROW, WIDE, PHONE = (320, 800), (1280, 800), (390, 844)
LOOKS = tuple(itertools.product(("zh-CN", "en"), (NARROW, WIDE), ("light", "dark")))
# Files, figures for machines, and addresses that only lead on to another.
NO_PAGES = {
    "static",
    "system.healthz",
    "system.readyz",
    "system.metrics",
    "complaints.slashed",
    "complaints.similar",
    "reception.board",
    "reception.slashed",
    "reception.export_visits",
}
NO_PAGES |= {"complaints.file_", "complaints.export_orders", "office.export"}
NO_PAGES |= {"complaints.improvements_export", "complaints.archive_export"}
NO_PAGES |= {"complaints.export_penalties", "complaints.export_penalty_month"}
NO_PAGES |= {"complaints.figure_cases_sheet", "complaints.reports_sheet", "complaints.reports_slashed"}
NO_PAGES |= {"complaints.export_calls", "complaints.export_return_visits", "complaints.export_spot_checks"}
NO_PAGES |= {"complaints.export"}
NO_PAGES |= {"reception.export_supplies", "reception.export_movements"}
NO_PAGES |= {"reception.export_customers"}
NO_PAGES |= {"reception.register_export", "reception.register_of_visit"}
NO_PAGES |= {
    "duty.roster_feed",
    "duty.roster_progress",
    "duty.new_spot_check",
}
NO_PAGES |= {"phrases.pick", "phrases.propose"}
NO_PAGES |= {"duty.log_picture", "duty.repair_picture", "duty.inspection_picture"}
NO_PAGES |= {"phrases.training_file", "phrases.training_invite"}
NO_PAGES |= {"phrases.standard_picture"}
# Before a login only, and looked at by tests/stories/test_the_first_person.py.
NO_PAGES |= {"account.first_run_page", "account.code"}
NO_PAGES |= {"account.to_service", "account.from_service", "account.out_of_service"}
NO_PAGES |= {"office.system_jobs"}
NOTHING = (
    "/complaints/?words=没有这样的事",
    "/search?q=没有这样的事",
    "/search?q=王",
    "/complaints/TS-20200101-0001",
    "/handbook/?q=没有这样的条款",
    "/nowhere",
)


def _rules() -> list[Rule]:
    """Every address that shows a page to somebody."""
    rules = create_app(Settings(demo="1", secret_key="never used")).url_map.iter_rules()
    return sorted(
        (
            rule
            for rule in rules
            if "GET" in (rule.methods or ())
            and rule.endpoint not in NO_PAGES
            and not rule.rule.endswith(("/export", "/template.xlsx"))
        ),
        key=lambda rule: rule.rule,
    )


@dataclass
class Office:
    """The portal with something to see on each page, and people at their browsers, who stay for the whole walk."""

    server: LiveServer
    come: Any
    numbers: list[str]
    orders: list[str]
    day_id: int
    improvements: list[str]
    penalty: str
    notice_id: int
    visits: list[str]
    purchase: str
    books: dict[str, list[Any]]
    roster_id: int
    there: dict[tuple[str, str], Colleague] = field(default_factory=dict)

    def someone(self, username: str, lang: str) -> Colleague:
        """That person at a browser in that language."""
        key = (username, lang)
        if key not in self.there:
            self.there[key] = self.come(username, Way(lang)).allows(403, 404, 409)
        return self.there[key]

    def examples(self, rule: Rule) -> list[dict[str, Any]]:
        """What to put into the holes of an address; every name of a hole needs an example here."""
        known: dict[str, list[Any]] = {
            "number": self._numbers(rule),
            "clause_id": ["CP-12", "CP-11"],
            "order_number": self.orders,
            "code": ["cups"] if rule.endpoint.startswith("reception.") else ["tech"],
            "visit_number": [*self.visits[:2], supplies.OTHER],
            "purchase_number": [self.purchase],
            **self.books,
            "place": ["large"],
            "key": ["limit.first_contact.normal", "ladder.first_contact", "level.major"],
            "person_id": [factories.id_of(self.server.app, "desk1")],
            "day_id": [self.day_id],
            "category": ["product"],
            "position": ["supervisor"],
            "where": ["tech"],
            "letter": ["A"],
            "row": ["places", "duties"],
            "improvement_number": self.improvements,
            "penalty": [self.penalty],
            "month": ["2026-03"],
            "notice_id": [self.notice_id],
            "period": ["2026-03"],
            "quarter": ["2026Q1"],
            "check_id": [1],
            "visit_id": [1, 2],
            "customer_id": [1],
            "day": ["2026-03-02"],
            "token": ["x"],
            "roster_id": [self.roster_id],
            "phrase_id": [_phrase_with_blanks(self.server.app)],
            "version_id": _versions(self.server.app),
            "rule_code": ["what-hurry"],
            "script_code": ["complaint-call", "bad-line"],
            "kept_key": ["duty_records"],
            "request_number": [_request(self.server.app)],
        }
        missing = rule.arguments - set(known)
        assert not missing, f"{rule.rule}: say in tests/house/test_axe.py what {missing} may be"
        names = sorted(rule.arguments)
        return [dict(zip(names, each, strict=True)) for each in itertools.product(*(known[n] for n in names))]

    def _numbers(self, rule: Rule) -> list[str]:
        """Cases or visits, all of them where their own page is drawn."""
        if "<visit:" in rule.rule:
            return self.visits if rule.endpoint == "reception.show" else self.visits[:2]
        return self.numbers if rule.endpoint == "complaints.show" else self.numbers[-3:]

    def address(self, rule: Rule, example: dict[str, Any]) -> str:
        with self.server.app.test_request_context():
            return url_for(rule.endpoint, **example)


@cache
def _versions(app: Flask) -> list[int]:
    """A phrase that waits with the longest words, one that everybody is asked to read, a withdrawal."""
    long = _LONG["content"]
    with app.app_context():
        author, office, now = factories.viewer("emp.tech"), factories.viewer("office1"), clock.now()
        words = documents.find("phrase", "wait-09"), documents.find("phrase", "wait-01")
        made = []
        for found in words:
            assert found is not None
            body = {**found.body, "zh": found.body["zh"] + "谢谢。"}
            with db.write():
                draft = documents.propose("phrase", found.code, body, reason=long[:400], by=author, now=now)
                made.append(draft.id)
            documents.act(made[-1], "submit", by=author, now=now)
        today = {"in_force_from": clock.today(), "to_confirm": True}
        documents.act(made[-1], "approve", by=office, now=now, **today)
        with db.write():
            made.append(
                documents.propose(
                    "phrase", "thanks-01", {}, reason=long[:400], by=author, now=now, withdraws=True
                ).id
            )
    return made


@cache
def _request(app: Flask) -> str:
    """A request for the data of the person with the longest name, looked into."""
    with app.app_context():
        given: dict[str, Any] = {
            "name": _LONG["customer_name"],
            "loose": True,
            "reason": _LONG["content"][:400],
        }
        with db.write():
            made = privacy.open_request(by=factories.viewer("office1"), now=clock.now(), **given)
        privacy.search({"request": made.id})
        return made.number


def _phrase_with_blanks(app: Flask) -> int:
    with app.app_context():
        found = documents.find("phrase", "wait-09")
        assert found is not None
        return found.document_id


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The browser that is on the machine; the run fails without one."""
    return launch_args()


@pytest.fixture(scope="module")
def office(sqlite_ground: Ground, browser: Browser) -> Iterator[Office]:
    """Cases in every state, one of them urgent and overdue, one with the longest words that fit."""
    app = sqlite_ground.fresh()
    sqlite_ground.at(at("Mon 2026-03-02 09:00"))
    numbers = [factories.a_case(app, state) for state in State]
    numbers.append(
        factories.a_case(app, State.ACCEPTED, urgency=Urgency.URGENT, content="设备冒烟，有人被困")
    )
    numbers.append(factories.a_case(app, State.PROPOSED, **_LONG))
    orders = [made.an_order(app, state, case=numbers[-2]) for state in OrderState]
    made.do(app, "desk1", "take", orders[0], things="主机 SN-1")
    sqlite_ground.at(at("Wed 2026-03-04 09:00"))
    factories.sweep(app)
    day_id = _a_company_day(app)
    _checks_and_visits(app, numbers[-1])
    customers.looked_after(app)
    factories.a_report(app, "2026-03")
    improvements = [raised(app, state=Stage.CARRIED_OUT), raised(app, numbers[0], changes="CP-12")]
    penalty = penalties.a_penalty(app, PenaltyState.PUBLISHED)
    notice_id = penalties.notice_of(app, penalty)
    visits = _visits(app)
    purchase = supplies.some_of_everything(app)
    checked.caught(app)
    with (
        LiveServer(app).running() as server,
        closing(Seats(browser, server)) as seats,
        colleagues(seats) as come,
    ):
        yield Office(
            server,
            come,
            numbers,
            orders,
            day_id,
            improvements,
            penalty,
            notice_id,
            visits,
            purchase,
            _books(app),
            rostering.an_office(app).draft(date(2026, 3, 2), date(2026, 3, 15)),
        )
    sqlite_ground.close()


_LONG = {
    "content": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
    "customer_name": "Hubert Blaine Wolfeschlegelsteinhausenbergerdorff senior",
    "customer_address": "https://example.com/" + "a-very-long-address-without-a-blank/" * 5,
}


def _visits(app: Flask) -> list[str]:
    """One that has just come, one with long words that was asked for, one that has left, one that is expected."""
    long = {"visitor_name": _LONG["customer_name"], "company": _LONG["customer_address"][:110]}
    asked = factories.a_visit(app, category=Visitor.D, department="tech", purpose=_LONG["content"], **long)
    left = factories.a_visit(app, host_id=factories.id_of(app, "emp.tech"))
    for number, verb, given in (
        (asked, "ask", {"on_business": True}),
        (left, "seat", {}),
        (left, "leave", {"remark": "停车不便"}),
    ):
        factories.on_visit(app, number, verb, **given)
    begins = at("Wed 2026-03-04 15:00")
    coming = factories.a_visit(app, category=Visitor.A, purpose="会谈", starts_at=begins, late_reason="临时")
    return [asked, left, coming, factories.a_visit(app, category=Visitor.C)]


def _books(app: Flask) -> dict[str, list[Any]]:
    """One of each thing that the desk keeps: a deposit, a key that is lent, goods, a question, a parcel."""
    keeping.stock(app)
    return {
        "deposit_number": [keeping.stored(app)],
        "loan_number": [keeping.lent(app)],
        "pass_number": [keeping.asked(app)],
        "question_number": [books.a_question(app).number],
        "parcel_number": [books.a_parcel(app).number],
        "robot_id": [messages.some_of_everything(app, _LONG["content"][:80], _LONG["customer_address"])],
        **_duty(app),
        **_training(app),
        **_standards(app),
    }


def _standards(app: Flask) -> dict[str, list[Any]]:
    """Assessments from the draft to an objection that was upheld; a record of a service standard with long words."""
    draft = phrases.an_assessment(app, name=_LONG["content"][:80])
    rated = phrases.an_assessment(app, "open", "collect")
    over = phrases.an_assessment(app, "open", "collect", "publish", note=_LONG["content"])
    given: dict[str, Any] = {"outcome": Outcome.UPHELD, "answer": _LONG["content"]}
    sheet = phrases.on_sheet(app, over, "emp.tech", "object", "emp.tech", text=_LONG["content"])
    phrases.on_sheet(app, over, "emp.tech", "answer", "office1", **given)
    return {
        "assessment_number": [draft, rated, over],
        "sheet_number": [sheet, sheet.replace(over, rated)],
        "standard_code": ["gifts", "discipline"],
        "run_number": [
            phrases.a_run(app, why=_LONG["customer_address"][:200], place=_LONG["customer_name"][:80])
        ],
    }


def _duty(app: Flask) -> dict[str, list[Any]]:
    """A post with its log, what it holds, and a handover that is open."""
    desk = duty.a_desk(app, day=date(2026, 3, 4), code="guard")
    item, entry = duty.an_item(app, desk.post), duty.a_note(app, desk.post)
    thing = ledger.equipment(
        app, "LIFT-01", important=True, contingency=_LONG["content"], responsible="emp.tech"
    )
    order = repairs.a_repair(app, equipment=thing, what=_LONG["content"], major=True)
    repairs.do(app, repairs.a_repair(app, post=desk.post), "assign", "lead.admin")
    plan = inspections.a_plan(app, post=desk.post, points=(thing, 0), name=_LONG["content"][:80], name_en="")
    factories.sweep(app)
    with app.app_context():
        early, late = who.planned(clock.now(), clock.now() + timedelta(hours=8))
        with db.write():
            duty_actions.open_one(early, late, clock.now())
        emp = factories.viewer("emp.admin")
        day: dict[str, Any] = {"starts_at": at("Wed 2026-03-04 13:00"), "ends_at": at("Wed 2026-03-04 23:00")}
        ill: dict[str, Any] = {"kind": LeaveKind.SICK, "reason": _LONG["customer_address"]}
        leave_actions.ask(reference.staff().cards[emp.id], by=emp, now=clock.now(), **day, **ill)
        swap_actions.offer(db.session.get_one(Shift, desk.late), by=emp, now=clock.now())
    over = emergencies.declared(app, drill=True, post="guard")
    emergencies.do(app, over, "false-alarm", reason=_LONG["content"][:200])
    _whom_to_call(app)
    return {
        "emergency_number": [emergencies.declared(app, post="guard", place=_LONG["customer_name"]), over],
        "playbook": ["fire"],
        "contact_id": [1],
        "leave_id": [1],
        "swap_id": [1],
        "handover_id": [1],
        "entry_number": [entry],
        "act": ["correct"],
        "post_code": ["guard"],
        "item_id": [item],
        **_daily(app, desk),
        "equipment_code": ["LIFT-01"],
        "repair_number": [order],
        "round_number": [made.number for made in inspections.rounds(app)],
        "plan_id": [plan],
    }


def _training(app: Flask) -> dict[str, list[Any]]:
    """A line of the plan, a session with its quiz, a paper that is open and one that was handed in, a need."""
    now = at("Wed 2026-03-04 09:00")
    begins: dict[str, Any] = {"starts_at": at("Thu 2026-03-05 10:00"), "ends_at": at("Thu 2026-03-05 12:00")}
    with training.drawn_from(training.Made()):
        quiz = training.a_quiz(app, name=_LONG["customer_name"], minutes=20)
        session = training.a_session(
            app, "desk1", "emp.tech", quiz_id=1, material="CP-04 greeting-1", note=_LONG["content"], **begins
        )
        with app.app_context():
            office, taker = factories.viewer("office1"), factories.viewer("desk1")
            with db.write():
                line = plan.add(
                    by=office, now=now, year=2026, month=3, topic=Topic.SKILLS, title=_LONG["content"][:120]
                )
            done = quizzes.start(quiz, by=taker, now=now).number
            quizzes.act_on_paper(done, "hand-in", by=taker, now=now, answers={"1": [0]})
            papers = [done, quizzes.start(quiz, by=factories.viewer("emp.tech"), now=now).number]
            with db.write():
                need = retraining.ask(
                    taker.id,
                    "skills",
                    _LONG["content"][:200],
                    line,
                    "/phrases/training/plan/1",
                    by=office,
                    now=now,
                )
            return {
                "line_id": [line.id],
                "training_number": [session],
                "quiz_number": [quiz],
                "attempt_number": papers,
                "need_number": [need],
            }


def _daily(app: Flask, desk: duty.Desk) -> dict[str, list[Any]]:
    """A checklist that is signed and one that is due, a check with something to settle, a report with a supplement."""
    with app.app_context():
        early, head, now = factories.viewer(duty.EARLY), factories.viewer("lead.admin"), clock.now()
        with db.write():
            post = db.session.get_one(Post, desk.post)
            said = [(PAPERS, False, _LONG["content"][:190])]
            signed = checklists.sign(desk.early, Moment.START, by=early, now=now, said=said, stays={})
            found: dict[str, Any] = {
                "findings": [Finding.RECORD],
                "people": [early.id],
                "checked_at": now,
                "note": _LONG["content"],
            }
            check = duty_checks.record(post, by=head, now=now, **found)
            attendance.sign_in(by=early, now=now)
            numbers = {"checklist_number": [signed.number], "check_number": [check.number]}
        report = daily_reports.begin("admin", date(2026, 3, 3), by=early, now=now)
        words = {"done": _LONG["content"], "plan": "清点", "improvements": "步骤图"}
        numbers["report_number"] = [report.number]
        daily_reports.act(report.number, "sign", by=early, now=now, **words)
        daily_reports.act(numbers["report_number"][0], "supplement", by=early, now=now, text="另有两位访客")
    return {
        "shift_id": [desk.late],
        "moment": ["start"],
        **numbers,
        "report_period": ["2026-03", "2026-W10"],
    }


def _whom_to_call(app: Flask) -> None:
    """A contact with long words."""
    long = {
        "company": _LONG["customer_name"],
        "contract": _LONG["customer_address"][:390],
        "person": "孙师傅",
    }
    with app.app_context(), db.write():
        by = factories.viewer("desk1").id
        contacts.add(by=by, now=clock.now(), system=System.LIFT, phone="021-5550 1101", **long)


def _a_company_day(app: Flask) -> int:
    with app.app_context(), db.write():
        row = SpecialDay(day=date(2026, 6, 16), kind=DayKind.COMPANY, name="公司周年")
        db.session.add(row)
        db.session.flush()
        return row.id


def _checks_and_visits(app: Flask, number: str) -> None:
    """A spot check that waits for its call, a visit that is planned and one that is made, with an answer owed."""
    with app.app_context():
        desk, now = factories.viewer("desk1"), clock.now()
        person = reference.staff().by_username("emp.tech")
        assert person is not None
        with db.write():
            drawn = {"quarter": "2026Q1", "population": "case", "solved": 3, "share": 20, "seed": "5eed"}
            sample = SpotSample(**drawn, rater="market", drawn_at=now, drawn_by_id=desk.id)
            db.session.add(sample)
            db.session.flush()
            db.session.add(SpotCheck(sample_id=sample.id, number=number, rater="market", state_since=now))
            _planned, made = (
                return_visits.plan(
                    by=desk, now=now, kind=VisitKind.STAFF, customer_name="华光电子", customer_phone="13900001111",
                    person=person, due_on=date(2026, 3, 20),
                )
                for _n in range(2)
            )  # fmt: skip
            owed = {
                "remark": Remark.WISH,
                "note": "希望增加夜间电话",
                "promised_at": now + timedelta(hours=5),
            }
            record = return_visits.record_visit
            transitions.perform(RETURN_VISIT, made, RECORD, record, by=desk, now=now, **owed)


@pytest.mark.parametrize(
    ("place", "rule"), list(enumerate(_rules())), ids=lambda value: getattr(value, "rule", None)
)
def test_a_page_can_be_used_by_everybody(office: Office, place: int, rule: Rule) -> None:
    every = [office.address(rule, example) for example in office.examples(rule)]
    walks = list(itertools.product(every, _who(rule), LOOKS))
    for address, username, look in walks if WHOLE else [walks[(TODAY * 7 + place * 5) % len(walks)]]:
        visit(office, address, username, look)


@pytest.mark.parametrize("address", NOTHING)
def test_an_empty_page_can_be_used_too(office: Office, address: str) -> None:
    for look in LOOKS if WHOLE else [LOOKS[TODAY % len(LOOKS)]]:
        visit(office, address, "desk1", look)


# Ground, colour of the text and how it comes to stand there; 4.5 is what it must reach.
_DIM, _PALE = "#595959", "#8a8a8a"
_TEXTS = {
    "good": ("#ffffff", _DIM, {}, ""),
    "the text is paler": ("#ffffff", _PALE, {}, "color-contrast"),
    "the ground is darker": ("#9a9a9a", _DIM, {}, "color-contrast"),
    "both are good and it shines through": ("#ffffff", _DIM, {"opacity": "0.6"}, "color-contrast"),
    "it was moved to another ground": ("#ffffff", _DIM, {"position": "absolute", "top": 0}, "color-contrast"),
}
_PUT = """([ground, color, more]) => {
    document.getElementById('tried')?.remove();
    const [around, below, text] = ['div', 'div', 'p'].map(tag => document.createElement(tag));
    around.id = 'tried';
    around.append(below, text);
    Object.assign(around.style, {background: ground, position: 'relative'});
    Object.assign(below.style, {background: '#888888', height: '2em'});
    Object.assign(text.style, {color, margin: 0, ...more});
    text.textContent = 'Words that are long enough to be read';
    document.querySelector('main').append(around);
}"""


def test_a_contrast_that_was_measured_says_nothing_of_another(office: Office) -> None:
    page = office.someone("desk1", "en").goes("/nowhere").page
    for name, (ground, color, more, wanted) in _TEXTS.items():
        page.evaluate(_PUT, [ground, color, more])
        try:
            assert_accessible(page)
            told = ""
        except AssertionError as error:
            told = str(error)
        assert bool(told) == bool(wanted), f"{name}: {told}"
        assert wanted in told, f"{name}: {told}"


def _who(rule: Rule) -> tuple[str, ...]:
    """Those who see more of this page than that it is not theirs."""
    if rule.endpoint.startswith("office."):
        return ("office1",)
    if rule.endpoint == "account.login":
        return ("",)
    return ROLES


def visit(office: Office, address: str, username: str, look: tuple[str, tuple[int, int], str]) -> None:
    """Open a page and look at it with axe, then at its width, on a phone's too."""
    lang, size, scheme = look
    who = office.someone(username, lang)
    who.page.set_viewport_size({"width": size[0], "height": size[1]})
    who.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    who.goes(address)
    told = f"{username} {lang} {size[0]} {scheme}"
    try:
        assert_accessible(who.page)
        assert_no_sideways(who.page)
        if size == NARROW:
            who.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            assert_no_sideways(who.page)
    except AssertionError as error:
        raise AssertionError(f"{told}: {error}") from None
