"""A list costs the same among a million cases: it has the rows of the plain condition, each by an index of its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.blueprints.complaints import handing, queries
from portal.blueprints.complaints.calls.queries import CallList
from portal.blueprints.complaints.codes import CLOSED, Kind, State, Urgency
from portal.blueprints.complaints.figures.behind import Behind
from portal.blueprints.complaints.figures.reach import reach as reach_of_figures
from portal.blueprints.complaints.improvements.queries import ImprovementList
from portal.blueprints.complaints.models import Case, CaseDepartment
from portal.blueprints.complaints.penalties.queries import opinions
from portal.blueprints.complaints.queries import CaseList
from portal.blueprints.complaints.reach import C
from portal.blueprints.office.audit.queries import AuditList
from portal.kernel import clock, lists, reference
from portal.kernel.db import db
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from tests import factories

CASES = 60
DAY = date(2026, 3, 2)
WHO = ("desk1", "lead.tech", "lead.market", "sup.tech", "emp.tech", "emp.admin", "gm", "office1")
FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"mine": True},
    {"mine": True, "state": "open"},
    {"state": "open"},
    {"state": "archived"},
    {"state": "accepted"},
    {"department": "tech"},
    {"kind": "inquiry"},
    {"urgency": "urgent", "state": "open"},
    {"overdue": True},
    {"overdue": True, "mine": True},
    {"disposal": True},
    {"first_responder": "desk2"},
    {"since": DAY - timedelta(days=3)},
    {"until": DAY - timedelta(days=3)},
    {"since": DAY - timedelta(days=5), "until": DAY - timedelta(days=2)},
    {"since": DAY - timedelta(days=5), "until": DAY - timedelta(days=2), "mine": True},
    {"since": DAY + timedelta(days=5)},
    {"words": "墨"},
    {"words": "墨", "mine": True, "since": DAY - timedelta(days=5)},
)


@pytest.fixture
def mixed(any_app: Flask) -> Flask:
    """Cases with everything a list asks for thrown together; their moments go in another order than their ids."""
    numbers = [factories.registered(any_app, by=("desk1", "desk2")[n % 2]) for n in range(CASES)]
    factories.a_person(any_app, "gone")
    with any_app.app_context():
        dice, staff, now = random.Random(17), reference.staff(), clock.now()
        people, departments = sorted(staff.cards), sorted(staff.departments)
        some = [None, None, None, *people]
        with db.write():
            for number in numbers:
                case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
                case.kind, case.urgency = dice.choice(list(Kind)), dice.choice(list(Urgency))
                case.state = dice.choice([*State, State.ARCHIVED, State.ARCHIVED])
                case.confidential = dice.random() < 0.1
                case.person_concerned_id, case.handler_id = dice.choice(some), dice.choice(some)
                case.reporter_id, case.first_responder_id = dice.choice(some), dice.choice(people)
                case.department = dice.choice([None, *departments])
                case.escalated_at = dice.choice([None, None, now])
                case.registered_at = now - timedelta(hours=dice.randrange(200))
                case.due_at = dice.choice([None, now - timedelta(hours=1), now + timedelta(hours=1)])
                case.keep_until = dice.choice([None, now - timedelta(days=1)])
                case.disposed_at = dice.choice([None, now])
                for code in dice.sample(departments, 2):
                    had = CaseDepartment(case_id=case.id, department=code, assisting=dice.random() < 0.4)
                    db.session.merge(had)
    factories.change_person(any_app, "gone", active=False)
    return any_app


def plainly_visible(viewer: Viewer, row: Any, had: list[Any]) -> bool:
    """The rule of who sees a case, said once more without a statement."""
    if row.person_concerned_id == viewer.id or (row.confidential and viewer.role is not Role.OFFICE):
        return False
    if viewer.role in {Role.OFFICE, Role.DESK} or viewer.is_manager or viewer.is_director:
        return True
    cards = reference.staff().cards
    responder = cards[row.first_responder_id]
    return (
        viewer.id in {row.first_responder_id, row.handler_id, row.reporter_id}
        or any(h.department in viewer.leads for h in had)
        or any(h.assisting and h.department == viewer.department for h in had)
        or (row.escalated_at is not None and row.department in viewer.supervises)
        or (not responder.active and responder.department in viewer.leads)
    )


def all_there() -> list[tuple[Any, list[Any]]]:
    """Every case with the departments that had it, newest first."""
    had = db.session.execute(sa.select(CaseDepartment.__table__)).all()
    rows = db.session.execute(sa.select(Case.__table__).order_by(C.id.desc())).all()
    return [(row, [h for h in had if h.case_id == row.id]) for row in rows]


def paged(asked: CaseList, ids: list[int]) -> list[int]:
    """The page of these ids; going back, the ones nearest to the place."""
    if asked.after is not None:
        return [i for i in ids if i > asked.after][-lists.PAGE :]
    return [i for i in ids if asked.before is None or i < asked.before][: lists.PAGE]


def _fits(asked: CaseList, row: Any, now: Any) -> bool:
    responder = reference.staff().by_username(asked.first_responder) if asked.first_responder else None
    day = clock.local(row.registered_at).date()
    return all(
        (
            not asked.words or asked.words in row.content,
            not asked.state
            or (row.state not in CLOSED if asked.state == "open" else row.state == asked.state),
            not asked.department or row.department == asked.department,
            not asked.kind or row.kind == asked.kind,
            not asked.urgency or row.urgency == asked.urgency,
            not asked.overdue or (row.due_at is not None and row.due_at < now),
            not asked.disposal or (bool(row.keep_until) and row.keep_until < now and row.disposed_at is None),
            not asked.mine or asked.viewer.id in {row.first_responder_id, row.handler_id},
            not responder or row.first_responder_id == responder.id,
            not asked.since or day >= asked.since,
            not asked.until or day <= asked.until,
        )
    )


@pytest.mark.parametrize("many", [20_000, 2])
def test_every_list_has_the_rows_of_its_conditions(
    mixed: Flask, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Every role, filter and place, a page that ends and one that does not; a period of few cases and of many."""
    monkeypatch.setattr(queries, "MANY", many)
    wrong, seen = [], 0
    with mixed.app_context():
        now, there = clock.now(), all_there()
        middle = there[CASES // 2][0].id
        for username in WHO:
            viewer = factories.viewer(username)
            visible = [row for row, had in there if plainly_visible(viewer, row, had)]
            for chosen in FILTERS:
                ids = [row.id for row in visible if _fits(CaseList(viewer, **chosen), row, now)]
                for place, size in (({}, 4), ({}, 50), ({"before": middle}, 4), ({"after": middle}, 4)):
                    monkeypatch.setattr(lists, "PAGE", size)
                    asked = CaseList(viewer, **chosen, **place)
                    found = [row.id for row in asked.page(now)[0]]
                    seen += len(found)
                    if found != paged(asked, ids):
                        wrong.append(f"{username} {chosen} {place}: {found}, not {paged(asked, ids)}")
    assert wrong == []
    assert seen > 1_000


@pytest.mark.parametrize(
    ("username", "chosen", "by"),
    [
        ("lead.tech", {"state": "accepted"}, "SEARCH case_departments USING INDEX sqlite_autoindex"),
        ("emp.tech", {}, "ix_cases_first_responder (first_responder_id=?)"),
        ("emp.tech", {}, "ix_cases_handler (handler_id=?)"),
        ("emp.tech", {}, "ix_cases_reporter (reporter_id=?)"),
        ("emp.tech", {}, "ix_case_departments_assisting (department=?)"),
        ("sup.tech", {}, "ix_cases_escalated (department=?)"),
        ("lead.tech", {}, "ix_case_departments_department (department=?)"),
        ("desk1", {"mine": True}, "ix_cases_handler (handler_id=?)"),
        ("desk1", {"state": "open", "before": 9}, "ix_cases_open"),
        ("desk1", {"overdue": True}, "ix_cases_due (due_at>? AND due_at<?)"),
        ("desk1", {"since": DAY, "until": DAY}, "COVERING INDEX ix_cases_registered_at"),
    ],
)
def test_a_list_uses_its_index(app: Flask, username: str, chosen: dict[str, Any], by: str) -> None:
    with app.app_context():
        asked = CaseList(factories.viewer(username), **chosen)
        plan = plan_of(lambda: asked.page(clock.now()))
    assert by in plan, plan


def figures_of(viewer: Viewer, now: datetime, **asked: str) -> Any:
    """The cases behind a number, as a page asks for them."""
    mine = reach_of_figures(viewer)
    assert mine is not None
    return Behind.asked_for(mine, MultiDict(asked)).rows(now)


MONTH = {"since": "2026-03-01", "until": "2026-03-31"}
ASKED: tuple[tuple[str, Callable[[Viewer, datetime], Any], str, str], ...] = (
    (
        "limits that were met",
        lambda viewer, now: figures_of(viewer, now, **MONTH, facet="clock", code="answer.met"),
        "ix_clocks_met (subject_kind=? AND kind=? AND subject_id",
        "TEMP B-TREE FOR ORDER BY",
    ),
    (
        "limits that were overrun",
        lambda viewer, now: figures_of(viewer, now, **MONTH, facet="clock", code="answer.late"),
        "ix_clocks_late (subject_kind=? AND kind=? AND subject_id",
        "TEMP B-TREE FOR ORDER BY",
    ),
    (
        "the open ones of a department",
        lambda viewer, now: figures_of(viewer, now, live="risk", department="tech"),
        "ix_cases_open",
        "ix_cases_department",
    ),
    (
        "cases of a month",
        lambda viewer, now: figures_of(viewer, now, **MONTH, kind="complaint"),
        "ix_cases_registered_at",
        "TEMP B-TREE",
    ),
    (
        "a customer's in a year",
        lambda viewer, now: figures_of(viewer, now, **MONTH, customer="1"),
        "ix_cases_phone",
        "ix_cases_registered_at",
    ),
    ("calls to make", lambda viewer, now: CallList(viewer).page(now), "ix_clocks_running", "SCAN"),
    (
        "improvement cases",
        lambda viewer, now: ImprovementList(viewer).page(now),
        "improvement_id=?",
        "SCAN cases",
    ),
    ("opinions of a month", lambda viewer, _: opinions("2026-03", viewer), "ix_dealings_opinion", "SCAN"),
    ("the audit", lambda viewer, _: AuditList(viewer).page(), "SCAN history", "MULTI-INDEX OR"),
    (
        "the audit of a kind",
        lambda viewer, _: AuditList(viewer, kind="case").page(),
        "ix_history_kind",
        "TEMP",
    ),
    (
        "the audit of one",
        lambda viewer, _: AuditList(viewer, person="gm").page(),
        "ix_history_person",
        "TEMP",
    ),
    (
        "what a handover hands on",
        lambda _, now: db.session.execute(sa.union_all(*handing.what_is_open("tech", now))).all(),
        "ix_cases_due",
        "ix_cases_department",
    ),
)


@pytest.mark.parametrize(("ask", "by", "never"), [row[1:] for row in ASKED], ids=[row[0] for row in ASKED])
def test_what_grows_is_asked_by_an_index(
    app: Flask, ask: Callable[[Viewer, datetime], Any], by: str, never: str
) -> None:
    with app.app_context():
        viewer = factories.viewer("office1")
        plan = plan_of(lambda: ask(viewer, clock.now()))
    assert by in plan, plan
    assert never not in plan, plan


def plan_of(ask: Callable[[], Any]) -> str:
    """How SQLite goes about all that is asked."""
    seen: list[tuple[str, Any]] = []
    connection = db.session.connection()

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        seen.append((statement, given))

    sa.event.listen(connection, "before_cursor_execute", note)
    ask()
    sa.event.remove(connection, "before_cursor_execute", note)
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", given) for asked, given in seen]
    return "\n".join(row[3] for plan in plans for row in plan)


def test_the_index_of_the_open_ones_names_what_is_closed(any_app: Flask) -> None:
    """Made by a revision, it must go with the codes; else the database passes it over without a word."""
    with any_app.app_context():
        (index,) = [i for i in sa.inspect(db.engine).get_indexes("cases") if i["name"] == "ix_cases_open"]
        where = str(index["dialect_options"][f"{db.engine.dialect.name}_where"])
    assert {code for code in State if f"'{code}'" in where} == CLOSED
