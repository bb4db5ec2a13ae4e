"""Valid people and cases; a test names only what it is about.

Every function takes the application and leaves no context behind, so that it can be called between two requests.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from portal import worker
from portal.blueprints.complaints import actions
from portal.blueprints.complaints.codes import (
    Category,
    Channel,
    Decision,
    Finding,
    Kind,
    Outcome,
    ReadBack,
    State,
    Urgency,
)
from portal.blueprints.complaints.figures import actions as figure_actions
from portal.blueprints.complaints.figures import rules as figure_rules
from portal.blueprints.complaints.models import Case, Dealing
from portal.blueprints.reception import actions as reception
from portal.blueprints.reception import codes as visits
from portal.kernel import accounts, clock, history, reference, sessions, timers, todos
from portal.kernel.db import db
from portal.kernel.inbox import Notice
from portal.kernel.people import Holder, Viewer
from portal.kernel.rights import Position, Rank, Role
from portal.kernel.timers import Clock
from portal.kernel.workflow import Refused

PASSWORD = "portal-demo"
# The weakest that argon2 knows: the tests are about who logs in, not about how long it takes.
QUICK = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)

# The contract's demo accounts, and a supervisor.
PEOPLE: tuple[tuple[str, str, Role, str, Rank], ...] = (
    ("desk1", "周晓雯", Role.DESK, "admin", Rank.STAFF),
    ("desk2", "吴思琪", Role.DESK, "admin", Rank.STAFF),
    ("lead.tech", "林国栋", Role.LEAD, "tech", Rank.MIDDLE),
    ("lead.impl", "郑海峰", Role.LEAD, "impl", Rank.MIDDLE),
    ("lead.admin", "江静宜", Role.LEAD, "admin", Rank.MIDDLE),
    ("lead.market", "沈曼青", Role.LEAD, "market", Rank.MIDDLE),
    ("sup.tech", "钱伟", Role.EMPLOYEE, "tech", Rank.SUPERVISOR),
    ("emp.tech", "李工", Role.EMPLOYEE, "tech", Rank.STAFF),
    ("emp.impl", "罗建国", Role.EMPLOYEE, "impl", Rank.STAFF),
    ("emp.admin", "何敏", Role.EMPLOYEE, "admin", Rank.STAFF),
    ("gm", "顾明", Role.LEAD, "office", Rank.SENIOR),
    ("office1", "方雅琴", Role.OFFICE, "office", Rank.SENIOR),
    ("office2", "唐悦", Role.OFFICE, "office", Rank.SUPERVISOR),
)
SEATS: tuple[tuple[Position, str, str], ...] = (
    (Position.GENERAL_MANAGER, "", "gm"),
    (Position.OFFICE_DIRECTOR, "", "office1"),
    (Position.PERSONNEL, "", "office2"),
    (Position.SUPERVISOR, "tech", "sup.tech"),
)


def populate(app: Flask) -> None:
    """Put the people of PEOPLE into a database that has none."""
    hashed = QUICK.hash(PASSWORD)
    with app.app_context():
        now = clock.now()
        with db.write():
            for username, name, role, department, rank in PEOPLE:
                accounts.create(
                    username,
                    name=name,
                    role=role,
                    department=department,
                    rank=rank,
                    hashed=hashed,
                    by=None,
                    now=now,
                    must_change=False,
                )
            for position, department, username in SEATS:
                holder = accounts.find(username).id
                db.session.add(Holder(position=position, department=department, person_id=holder))
            reference.changed()


def a_person(app: Flask, username: str, **chosen: Any) -> int:
    """One more person, an employee of technology unless chosen otherwise; the person's id."""
    usual: dict[str, Any] = {
        "name": username,
        "role": Role.EMPLOYEE,
        "department": "tech",
        "hashed": QUICK.hash(PASSWORD),
        "must_change": False,
    }
    with app.app_context(), db.write():
        return accounts.create(username, by=None, now=clock.now(), **(usual | chosen)).id


def a_seat(app: Flask, position: Position, department: str = "", holder: str = "", deputy: str = "") -> None:
    """Give a position to somebody, or to nobody."""
    with app.app_context(), db.write():
        seat = db.session.scalars(
            sa.select(Holder).where(Holder.position == position, Holder.department == department)
        ).one_or_none() or Holder(position=position, department=department)
        seat.person_id = accounts.find(holder).id if holder else None
        seat.deputy_id = accounts.find(deputy).id if deputy else None
        db.session.add(seat)
        reference.changed()


def change_person(app: Flask, username: str, **chosen: Any) -> None:
    """Another role, rank, department or status for somebody."""
    with app.app_context(), db.write():
        person = accounts.find(username)
        for name, value in chosen.items():
            setattr(person, name, value)
        reference.changed()


def id_of(app: Flask, username: str) -> int:
    """A person's id."""
    with app.app_context():
        card = reference.staff().by_username(username)
        assert card is not None, f"nobody is called {username}"
        return card.id


def viewer(username: str) -> Viewer:
    """The person as the actions know them; inside an application context."""
    card = reference.staff().by_username(username)
    assert card is not None, f"nobody is called {username}"
    return sessions.person_as_viewer(card.id)


# -- visits --------------------------------------------------------------------------------------------------


def a_visit(app: Flask, *, by: str = "desk1", **chosen: Any) -> str:
    """Somebody who stands at the desk, a guest unless chosen otherwise; the number."""
    usual: dict[str, Any] = {"category": visits.Category.B, "visitor_name": "王建国", "department": "tech"}
    with app.app_context(), db.write():
        visit = reception.register(by=viewer(by), now=clock.now(), **(usual | chosen))
    return visit.number


def on_visit(app: Flask, number: str, verb: str, *, by: str = "desk1", **given: Any) -> None:
    """One verb on a visit."""
    with app.app_context():
        reception.act(number, verb, by=viewer(by), now=clock.now(), **given)


# -- cases ---------------------------------------------------------------------------------------------------

USUAL: dict[str, Any] = {
    "kind": Kind.COMPLAINT,
    "channel": Channel.PHONE,
    "category": Category.PRODUCT,
    "urgency": Urgency.NORMAL,
    "content": "打印机漏墨，文件打不出来",
    "demand": "请尽快派人来修",
    "customer_name": "陈桂芳",
    "customer_phone": "13900001234",
    "read_back": ReadBack.YES,
}
LEADS = {
    "tech": "lead.tech",
    "impl": "lead.impl",
    "admin": "lead.admin",
    "market": "lead.market",
    "office": "gm",
}


def registered(app: Flask, by: str = "desk1", concerned: str = "", **chosen: Any) -> str:
    """A case just recorded; its number."""
    with app.app_context():
        who = viewer(by)
        fields = USUAL | chosen
        if concerned:
            fields["person_concerned_id"] = viewer(concerned).id
        with db.write():
            return actions.register(by=who, now=clock.now(), **fields).number


def do(app: Flask, by: str, verb: str, number: str, **given: Any) -> State:
    """One verb on a case by its action; the state after it. Raises NotFound, Forbidden, Refused."""
    with app.app_context():
        for name in ("handler", "responsible", "reporter"):
            if isinstance(given.get(name), str):
                given[name] = reference.staff().by_username(given[name])
        return actions.act(number, verb, by=viewer(by), now=clock.now(), **given).state


def like_a_case(**chosen: Any) -> Case:
    """Anything that the pure rules take for a case: a reported complaint with nothing left to do, unless chosen."""
    usual: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "category": Category.PRODUCT,
        "urgency": Urgency.NORMAL,
        "major": False,
        "state": State.REPORTED,
        "round": 1,
        "department": "tech",
        "handler_id": 1,
        "first_responder_id": 2,
        "resolved_by_id": 1,
        "reported_by_id": 1,
        "result": "已换",
        "followed_up": Outcome.SATISFIED,
        "satisfied": True,
        "not_reached": False,
        "filed_at": "yes",
        "confirmed_at": "yes",
        "special_reason": "",
        "person_concerned_id": None,
        "approved_by_id": None,
        "published_at": None,
        "contacted_at": "yes",
        "on_site_at": None,
        "paused_at": None,
        "resolved_at": "yes",
        "opinion_at": None,
        "asks": "",
        "read_back": "yes",
    }
    fields = usual | chosen
    fields["is_urgent"] = fields["urgency"] is Urgency.URGENT
    return type("Anything", (), fields)()  # type: ignore[no-any-return]


def a_report(app: Flask, period: str, by: str = "office1") -> None:
    """A report on a month or quarter, drafted."""
    found = figure_rules.period_of(period)
    assert found is not None, f"{period} is no period"
    with app.app_context(), db.write():
        figure_actions.draft(found, by=viewer(by), now=clock.now())


# What brings a complaint one state further: the state, verb, who, fields.
PROPOSAL = {"findings": "墨盒开裂", "finding": Finding.MISTAKE, "solution": ["换新墨盒", "换一台机器"]}
PATH: tuple[tuple[State, str, str, dict[str, Any]], ...] = (
    (State.ROUTED, "route", "desk", {}),
    (State.ACCEPTED, "accept", "lead", {}),
    (State.PROPOSED, "propose", "handler", PROPOSAL),
    (State.APPROVED, "approve", "lead", {"note": "同意"}),
    (State.RESOLVED, "resolve", "handler", {"result": "已更换墨盒"}),
    (State.REPORTED, "report", "handler", {"answer": "已修好，请您放心使用"}),
    (State.ARCHIVED, "follow-up", "desk", {"outcome": Outcome.SATISFIED}),
    (State.ARCHIVED, "confirm", "desk", {}),
    (State.ARCHIVED, "file", "lead", {}),
    (State.ARCHIVED, "archive", "desk", {"evaluation": "处理及时"}),
)
# States beside the path: how far along it first, then verb, who, fields.
BESIDE: dict[State, tuple[State, tuple[tuple[str, str, dict[str, Any]], ...]]] = {
    State.RETURNED: (State.PROPOSED, (("return", "lead", {"note": "请补充备选方案"}),)),
    State.REOPENED: (State.REPORTED, (("reopen", "desk", {"note": "客户仍不满意"}),)),
    State.WITHDRAWN: (State.REGISTERED, (("withdraw", "desk", {"reason": "客户撤回"}),)),
    State.NOT_UPHELD: (
        State.REGISTERED,
        (
            ("not-upheld", "desk", {"reason": "不属实", "answer": "已向客户说明"}),
            ("not-upheld", "office", {"decision": Decision.YES}),
        ),
    ),
}


def a_case(
    app: Flask,
    state: State = State.REGISTERED,
    *,
    department: str = "",
    handler: str = "",
    by: str = "desk1",
    **chosen: Any,
) -> str:
    """A case brought to a state by the verbs and people that would bring it there; its number.

    `chosen` are fields of the intake; `department` routes it elsewhere than proposed, `by` takes and routes it.
    """
    number = registered(app, by=by, **chosen)
    bring(app, number, state, department=department, handler=handler, desk=by)
    return number


def bring(
    app: Flask, number: str, state: State, *, department: str = "", handler: str = "", desk: str = "desk1"
) -> None:
    """Bring a case that was just recorded to a state."""
    goal, more = BESIDE.get(state, (state, ()))
    last = max((place for place, row in enumerate(PATH, 1) if row[0] is goal), default=0)
    for verb, who, given in [*(row[1:] for row in PATH[:last]), *more]:
        _step(app, number, verb, who, given, department=department, handler=handler, desk=desk)


def rest(
    state: State, *, lead: str = "lead.tech", handler: str = "emp.tech", desk: str = "desk1"
) -> list[tuple[str, str, dict[str, Any]]]:
    """(verb, who, fields) of what leads a complaint from `state` into the archive."""
    done = max(place for place, row in enumerate(PATH, 1) if row[0] is state)
    people = {"desk": desk, "lead": lead, "handler": handler}
    return [(verb, people[who], given) for _, verb, who, given in PATH[done:]]


def _step(
    app: Flask,
    number: str,
    verb: str,
    who: str,
    given: dict[str, Any],
    department: str,
    handler: str,
    desk: str,
) -> None:
    place = load(app, number).department or department or "tech"
    carries_out = handler or f"emp.{place}"
    people = {"desk": desk, "lead": LEADS[place], "handler": carries_out, "office": "office1"}
    if verb == "route" and department:
        given = given | {"department": department, "reason": "按实际情况"}
    if verb == "accept":
        given = given | {"handler": carries_out}
    do(app, people[who], verb, number, **given)


def load(app: Flask, number: str) -> Case:
    """The case as it is stored, whoever asks; detached."""
    with app.app_context():
        return db.session.scalars(sa.select(Case).where(Case.number == number)).one()


def clocks(app: Flask, number: str, *kinds: str) -> list[Clock]:
    """The clocks of a case in the order they started, of these kinds (none given: all); detached."""
    with app.app_context():
        found = timers.of(db.session.scalars(sa.select(Case).where(Case.number == number)).one())
        return [each for each in found if not kinds or each.kind in kinds]


def the_clock(app: Flask, number: str, kind: str) -> Clock:
    """The one running clock of a kind."""
    running = [each for each in clocks(app, number, kind) if each.running]
    assert len(running) == 1, f"{len(running)} clocks of {kind} run"
    return running[0]


def dealings(app: Flask, number: str, kind: str = "") -> list[Dealing]:
    """What was said and done around a case, oldest first; detached."""
    case_id = load(app, number).id
    with app.app_context():
        found = db.session.scalars(sa.select(Dealing).where(Dealing.case_id == case_id).order_by(Dealing.id))
        return [each for each in found if not kind or each.kind == kind]


def events(app: Flask, number: str = "") -> list[history.Line]:
    """The lines of history of a case (or all), oldest first; detached."""
    lines = sa.select(history.Line).order_by(history.Line.id)
    if number:
        lines = lines.where(
            history.Line.subject_kind == "case", history.Line.subject_id == load(app, number).id
        )
    with app.app_context():
        return list(db.session.scalars(lines))


def notices(app: Flask, username: str = "", kind: str = "") -> list[Notice]:
    """What the portal told somebody (or anybody), oldest first; detached."""
    person_id = id_of(app, username) if username else 0
    with app.app_context():
        found = list(db.session.scalars(sa.select(Notice).order_by(Notice.id)))
    return [n for n in found if (not username or n.person_id == person_id) and (not kind or n.kind == kind)]


def told(app: Flask, kind: str = "") -> list[str]:
    """The user names behind the messages of a kind, in the order they were told."""
    rows = notices(app, kind=kind)
    with app.app_context():
        return [reference.staff().cards[row.person_id].username for row in rows]


def waiting(app: Flask, username: str) -> list[tuple[str, str]]:
    """(number, verb) of every act that waits for somebody."""
    with app.app_context():
        return [
            (act.number, act.kind) for matter in todos.waiting_for(viewer(username)) for act in matter.acts
        ]


def due(app: Flask, username: str, number: str, verb: str) -> datetime | None:
    """Until when a verb waits for somebody; it must be waiting."""
    with app.app_context():
        acts = [act for matter in todos.waiting_for(viewer(username)) for act in matter.acts]
        (found,) = [act for act in acts if (act.number, act.kind) == (number, verb)]
        return found.due_at


def sweep(app: Flask, now: datetime | None = None, *, mornings: bool = False) -> list[str]:
    """One pass over all clocks; the lines it prints, without what each working morning brings unless asked for."""
    with app.app_context():
        lines = list(timers.sweep(now or clock.now()))
    return [line for line in lines if mornings or "\tmorning-check\t" not in line]


def let_work(app: Flask) -> None:
    """What the worker does when it is woken."""
    with app.app_context():
        worker.errands()


def history_faults(app: Flask) -> list[str]:
    """What `verify` says of the chain."""
    with app.app_context():
        return list(history.faults())


def refused(app: Flask, by: str, verb: str, number: str, **given: Any) -> list[str]:
    """The reasons against a verb, `CP-04 read_back_missing`, in the order they are told; it must be refused."""
    was = load(app, number)
    try:
        now_in = do(app, by, verb, number, **given)
    except Refused as error:
        after = load(app, number)
        assert (after.version, after.state) == (was.version, was.state), "a refused verb changed the case"
        return [f"{reason.clause} {reason.code}" for reason in error.reasons]
    raise AssertionError(f"{verb} by {by} was not refused: the case is {now_in}")
