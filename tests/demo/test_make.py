"""The demo: every state, work for every account, quiet inboxes, a whole chain; the same for the same day."""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for

from portal import create_app, enforcement, setup
from portal.blueprints.complaints.codes import Kind, State, Urgency
from portal.blueprints.complaints.models import Case
from portal.blueprints.duty.log import queries as log
from portal.blueprints.duty.log.codes import Standing as Progress
from portal.blueprints.duty.log.models import LogEntry
from portal.blueprints.duty.rosters import picture, rules
from portal.blueprints.duty.rosters.codes import State as RosterState
from portal.blueprints.duty.rosters.models import Roster
from portal.blueprints.duty.rosters.rules import Rule
from portal.blueprints.reception.codes import Late
from portal.blueprints.reception.models import Visit
from portal.blueprints.reception.questions.codes import State as QuestionState
from portal.blueprints.reception.questions.models import Question
from portal.blueprints.reception.services.codes import ServiceKind
from portal.blueprints.reception.services.codes import State as Standing
from portal.blueprints.reception.services.models import Service
from portal.config import Settings
from portal.demo import ACCOUNTS, PASSWORD, make
from portal.demo.words import PEOPLE
from portal.kernel import clock, history, numbers, reference, sessions, timers, todos
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.kiosks import Kiosk
from portal.kernel.outbox import Delivery
from portal.kernel.people import Person
from portal.kernel.todos import Todo
from tests.client import CarefulClient
from tests.conftest import client_of

WHOLE = os.environ.get("TESTS_WHOLE") == "1"
TODAY = "2026-11-18T10:30+08:00"  # a Wednesday
DEMO_ACCOUNTS = [name for names, _ in ACCOUNTS for name in names.split(", ")]


def portal(instance: Path, now: str = TODAY, url: str = "") -> Flask:
    app = create_app(
        Settings(instance=instance, database_url=url, demo="1", now=now, mail_server="127.0.0.1:9")
    )
    with app.app_context():
        setup.init_db()
    return app


@pytest.fixture(scope="module")
def played(quick_folder: Path) -> Flask:
    app = portal(quick_folder / "demo")
    with app.app_context():
        assert make.load() == "25 people and 197 cases were added; the password is portal-demo"
    return app


@pytest.fixture
def demo(played: Flask) -> Iterator[Flask]:
    with played.app_context():
        yield played


@pytest.mark.clause("CP-20")
def test_a_few_cases_wait_for_their_disposal(demo: Flask) -> None:
    over = sa.and_(Case.keep_until <= clock.now(), Case.disposed_at.is_(None))
    found = db.session.scalar(sa.select(sa.func.count()).where(over))
    assert found is not None
    assert 2 <= found <= 6


def test_every_state_kind_and_urgency_occurs(demo: Flask) -> None:
    rows = db.session.execute(sa.select(Case.state, Case.kind, Case.urgency)).all()
    states = Counter(row.state for row in rows)
    assert set(states) == set(State)
    assert states[State.ARCHIVED] > sum(states.values()) / 2
    assert {row.kind for row in rows} == set(Kind)
    assert {row.urgency for row in rows} == set(Urgency)


def test_some_are_overdue_escalated_paused_asked_major_and_secret(demo: Flask) -> None:
    def some(condition: sa.ColumnExpressionArgument[bool]) -> int:
        return db.session.scalar(sa.select(sa.func.count()).where(condition)) or 0

    assert 5 <= some(Case.due_at < clock.now()) <= 25
    assert some(Case.escalated_at.is_not(None)) >= 3
    assert some(Case.paused_at.is_not(None)) >= 2
    assert some(Case.asks != "") >= 3
    assert some(Case.major) >= 3
    assert some(Case.confidential) == 1
    assert some(Case.round > 1) >= 2
    assert some(Case.not_reached) >= 1


@pytest.mark.parametrize("username", DEMO_ACCOUNTS)
def test_something_waits_for_every_account_and_no_inbox_is_a_flood(demo: Flask, username: str) -> None:
    card = reference.staff().by_username(username)
    assert card is not None
    assert todos.waiting_for(sessions.person_as_viewer(card.id))
    unread = sa.select(sa.func.count()).where(Notice.person_id == card.id, Notice.read_at.is_(None))
    assert (db.session.scalar(unread) or 0) <= 30


def test_every_page_of_reception_shows_life(demo: Flask) -> None:
    """Meals in each of their states, visitors from the kiosk, a late form and a question that wait."""

    def some(condition: sa.ColumnExpressionArgument[bool]) -> int:
        return db.session.scalar(sa.select(sa.func.count()).where(condition)) or 0

    states = set(db.session.scalars(sa.select(Service.state).distinct()))
    assert states >= {Standing.ASKED, Standing.AGREED, Standing.ARRANGED, Standing.DONE}
    assert set(db.session.scalars(sa.select(Service.kind).distinct())) == set(ServiceKind)
    assert some(Visit.undecided) >= 2
    assert some(sa.and_(Visit.measured, Visit.greeted_at.is_not(None))) >= 1
    assert some(Visit.late == Late.ASKED) >= 1
    assert some(Question.state == QuestionState.PENDING) >= 1
    assert some(Kiosk.opened_at.is_not(None)) == 1


def test_the_rosters_show_what_is_over_what_counts_and_what_is_being_made(demo: Flask) -> None:
    rosters = db.session.scalars(sa.select(Roster).order_by(Roster.starts_on)).all()
    assert [roster.state for roster in rosters] == [
        RosterState.CLOSED,
        RosterState.PUBLISHED,
        RosterState.DRAFT,
    ]
    draft = picture.of(rosters[-1], clock.now())
    assert {one.rule for one in draft.findings.broken} == {Rule.UNCOVERED, Rule.NO_MANAGER, Rule.REST}
    assert draft.problem.wishes
    assert len(draft.problem.pinned) == 2
    closed = picture.of(rosters[0], clock.now())
    assert rules.broken(closed.problem, closed.cells) == []


def test_no_emergency_that_is_over_holds_a_handover(demo: Flask) -> None:
    running = sa.and_(LogEntry.standing == Progress.RUNNING, log.UNSETTLED)
    assert db.session.scalars(sa.select(LogEntry.number).where(running)).all() == []


def test_the_accounts_log_in_with_the_printed_password(demo: Flask) -> None:
    people = db.session.scalars(sa.select(Person).where(Person.username.in_(DEMO_ACCOUNTS))).all()
    assert len(people) == len(DEMO_ACCOUNTS)
    assert sessions.verify_password(people[0].password, PASSWORD)
    assert not any(person.must_change or person.locale for person in people)


def test_nothing_happened_in_the_future_and_the_chain_is_whole(demo: Flask) -> None:
    assert list(history.faults()) == []
    later = sa.or_(history.Line.at > clock.now(), Case.registered_at > clock.now())
    beside = sa.and_(history.Line.subject_kind == "case", history.Line.subject_id == Case.id)
    assert db.session.execute(sa.select(Case.number).join(history.Line, beside).where(later)).all() == []


def test_the_worker_finds_nothing_left_to_do_and_no_mail_leaves(demo: Flask) -> None:
    assert list(timers.sweep(clock.now())) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0
    assert all(card.email for card in reference.staff().cards.values())


def test_loading_again_adds_nothing(demo: Flask) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Case))
    assert make.load() == "there are people already; nothing was added"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == before


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_demo_that_was_interrupted_leaves_nothing_and_starts_again(
    request: pytest.FixtureRequest, quick_folder: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    server = request.getfixturevalue("postgres") if database == "postgres" else None
    url = server.create_database("half_a_demo") if server else ""
    played, perform, schedule = 0, make._perform, make._schedule

    def until_interrupted(*given: Any) -> None:
        nonlocal played
        if played == 60:
            raise KeyboardInterrupt
        perform(*given)
        played += 1

    with portal(quick_folder / f"half_a_demo_{database}", url=url).app_context():
        monkeypatch.setattr(make, "_perform", until_interrupted)
        with pytest.raises(KeyboardInterrupt):
            make.load()
        assert played == 60
        assert reference.staff().cards == {}
        for model in (Person, Case, history.Line, Notice, todos.Todo, timers.Clock, numbers.Counter):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0, model
        assert list(history.faults()) == []

        monkeypatch.setattr(make, "_perform", perform)
        # A part of the cases is enough to start with, and nothing beside them: the whole is played above.
        monkeypatch.setattr(make, "_schedule", lambda *given: schedule(*given)[:60])
        monkeypatch.setattr(make, "_add_parts", lambda _now: None)
        assert "25 people" in make.load()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Case))
        assert len(reference.staff().cards) == len(PEOPLE)
        assert list(history.faults()) == []
        db.session.remove()
        db.engine.dispose()


# A Sunday; the middle of the night in the long holiday of October. Of these every day another one.
DAYS = ("2026-11-22T11:00", "2026-10-05T03:00")


@pytest.mark.slow
@pytest.mark.parametrize("now", DAYS if WHOLE else [DAYS[int(time.time() // 86400) % len(DAYS)]])
def test_it_plays_on_any_day(quick_folder: Path, monkeypatch: pytest.MonkeyPatch, now: str) -> None:
    # What is going on follows from the day; what was finished in the year before it is played whole above.
    finished = make._finished
    monkeypatch.setattr(make, "_finished", lambda *given: finished(*given)[::4])
    with portal(quick_folder / f"demo_{now[:10]}", now).app_context():
        make.load()
        assert set(db.session.scalars(sa.select(Case.state).distinct())) == set(State)
        assert list(history.faults()) == []


def test_the_same_day_gives_the_same_schedule(demo: Flask) -> None:
    first, second = (make._schedule(Random(make.SEED), clock.now()) for _ in range(2))
    told = [[(cue.at, cue.story, cue.act.who, cue.act.verb) for cue in cues] for cues in (first, second)]
    assert told[0] == told[1]


# Where rows and heads show how much time is left; the page of a kind of clock besides. <case> is one that runs.
FACES = (
    "/complaints/?state=open", "/complaints/<case>", "/complaints/orders/", "/complaints/follow-ups/",
    "/complaints/improvements/", "/reception/deposits/", "/reception/keys/",
)  # fmt: skip
# A row, one of a page's limits, the head of a page: what holds a clock holds the link.
PARTS = re.compile(r"<tr\b|<dt\b|<div class=\"(?:page-head|split)")
TS = re.compile(r"TS-\d{8}-\d{4}")
TO_CLAUSE = re.compile(r"/handbook/([A-Z]{2}-\d\d)\b")


def test_every_clock_leads_to_its_clause(played: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of the house: whoever sees a time run out is one touch away from what sets it."""
    monkeypatch.setattr(played, "test_client_class", CarefulClient)
    running = sa.select(Case.number, Case.due_kind).where(Case.due_kind != "", Case.paused_at.is_(None))
    with played.test_request_context():
        by_clock = {number: enforcement.CLOCKS[kind] for number, kind in db.session.execute(running)}
        tasks = db.session.execute(sa.select(Todo.subject_kind, Todo.kind).distinct())
        assert [tuple(task) for task in tasks if not enforcement.awaited(*task)] == []
        pages = {url_for(each) for each in enforcement.CLOCK_PAGES.values()}
        heads = {(url_for(page), enforcement.CLOCKS[kind]) for kind, page in enforcement.CLOCK_PAGES.items()}
    walks = [("office1", at) for at in dict.fromkeys([*FACES, *sorted(pages)])]
    texts: dict[str, str] = {}
    for who, where in [*walks, ("lead.tech", "/"), ("desk1", "/")]:
        browser = client_of(played, who)
        browser.careful = False
        listed = [number for number in TS.findall(texts.get(FACES[0], "")) if number in by_clock]
        address = where.replace("<case>", listed[0] if listed else "")
        answer = browser.get(address)
        assert answer.status_code == 200, address
        _, found, text = answer.text.partition("<main")
        parts = [part for part in PARTS.split(text) if "<progress" in part]
        assert found
        assert parts or address in pages, f"{address} shows no clock: the demo lacks one"
        for part in parts:
            clauses = TO_CLAUSE.findall(part)
            assert clauses, f"{address}: a clock without its clause: {part[:300]}"
            if address.startswith("/complaints/?"):
                number = TS.findall(part)[0]
                assert clauses == [by_clock[number]], f"{number}: another clause than its clock's"
        texts[address] = text
    bare = [head for head in sorted(heads) if head[1] not in TO_CLAUSE.findall(texts[head[0]])]
    assert bare == [], f"pages of clocks that do not link the clause: {bare}"
