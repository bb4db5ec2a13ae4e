"""Very many complaints and what belongs to them, for measuring: written in bulk, yet as whole as if people had.

The chain of history, the numbers, the search index and the open matters fit together afterwards (`verify`). Who did
what is simpler than in life: every case takes the straight path and stops where its state says.
"""

# The names put into statements are those of our own tables and columns; values are bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.codes import (
    CLOSED,
    Category,
    DealingKind,
    Finding,
    Kind,
    Outcome,
    ReadBack,
    State,
    Urgency,
)
from portal.blueprints.complaints.models import Case, CaseDepartment, Dealing
from portal.blueprints.complaints.workflow import CASE
from portal.demo import make
from portal.demo.words import COMPLAINTS, CUSTOMERS, INQUIRIES, SUGGESTIONS, ComplaintWords
from portal.kernel import clock, history, pinyin, policies, reference, routing, search
from portal.kernel.db import Model, db, is_sqlite
from portal.kernel.history import Head, Line, Text
from portal.kernel.numbers import Counter
from portal.kernel.people import Staff
from portal.kernel.rights import Role
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

AT_ONCE = 5_000  # cases a write
PERIOD = timedelta(days=5 * 365)
SEED = 7
OPEN_SHARE = 0.015  # of the newest cases, still being dealt with
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Stage:
    """A verb of the straight path: minutes after the registration, the state it leads to, who does it."""

    verb: str
    minutes: int
    state: State
    who: str


PATHS: dict[Kind, tuple[Stage, ...]] = {
    Kind.COMPLAINT: (
        Stage("register", 0, State.REGISTERED, "desk"),
        Stage("route", 9, State.ROUTED, "desk"),
        Stage("accept", 21, State.ACCEPTED, "lead"),
        Stage("contact", 27, State.ACCEPTED, "handler"),
        Stage("propose", 130, State.PROPOSED, "handler"),
        Stage("approve", 170, State.APPROVED, "lead"),
        Stage("resolve", 420, State.RESOLVED, "handler"),
        Stage("report", 432, State.REPORTED, "handler"),
        Stage("follow-up", 455, State.REPORTED, "desk"),
        Stage("confirm", 460, State.REPORTED, "desk"),
        Stage("file", 480, State.REPORTED, "lead"),
        Stage("archive", 510, State.ARCHIVED, "desk"),
    ),
    Kind.INQUIRY: (
        Stage("register", 0, State.REGISTERED, "desk"),
        Stage("report", 18, State.REPORTED, "desk"),
        Stage("archive", 60, State.ARCHIVED, "desk"),
    ),
    Kind.SUGGESTION: (
        Stage("register", 0, State.REGISTERED, "desk"),
        Stage("route", 12, State.ROUTED, "desk"),
        Stage("accept", 25, State.ACCEPTED, "lead"),
        Stage("adopt", 150, State.APPROVED, "lead"),
        Stage("resolve", 420, State.RESOLVED, "handler"),
        Stage("report", 440, State.REPORTED, "handler"),
        Stage("confirm", 450, State.REPORTED, "desk"),
        Stage("file", 470, State.REPORTED, "lead"),
        Stage("archive", 500, State.ARCHIVED, "desk"),
    ),
}
# Where open cases stand, and what then waits for whom. Inquiries and suggestions use what their path has.
OPEN_STATES = (
    State.REGISTERED,
    State.ROUTED,
    State.ACCEPTED,
    State.PROPOSED,
    State.APPROVED,
    State.RESOLVED,
    State.REPORTED,
)
WAITING = {
    State.REGISTERED: ("route", "desk"),
    State.ROUTED: ("accept", "lead:{department}"),
    State.ACCEPTED: ("propose", "person:{handler}"),
    State.PROPOSED: ("approve", "lead:{department}"),
    State.APPROVED: ("resolve", "person:{handler}"),
    State.RESOLVED: ("report", "person:{handler}"),
    State.REPORTED: ("follow-up", "desk"),
}
# Which verb ends a clock, and how long it runs here, in minutes.
CLOCKS = {
    "answer": ("register", "contact", 24 * 60),
    "solution": ("register", "resolve", 2 * 24 * 60),
    "whole_case": ("register", "report", 3 * 24 * 60),
    "first_contact": ("route", "contact", 30),
    "result": ("resolve", "report", 120),
    "follow_up": ("report", "follow-up", 120),
}
CLAUSES = {"register": "CP-01"} | {step.verb: step.clause for step in CASE.steps}


def _written(at: datetime) -> str:
    """A moment in UTC as the history's hash has it."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode  # as the history's


class Bulk:
    """The rows of one table, gathered and written with one call of the driver."""

    def __init__(self, model: type[Model]) -> None:
        self.table: sa.Table = sa.inspect(model).local_table  # type: ignore[assignment]  # a mapped class has a table
        self.names = [column.name for column in self.table.columns]
        self.usual = {column.name: _default(column) for column in self.table.columns}
        self.rows: list[Row] = []

    def add(self, **given: Any) -> None:
        """One row by the names of its columns; the others get their defaults."""
        row = {**self.usual, **given}
        self.rows.append(tuple(map(row.__getitem__, self.names)))

    def write(self) -> None:
        """Write what was gathered. Inside a write."""
        _write(self.table.name, self.names, self.rows)
        self.rows = []


def _default(column: sa.Column[Any]) -> Any:
    told = column.default
    value = told.arg if isinstance(told, sa.ColumnDefault) and told.is_scalar else None
    return str(value) if isinstance(value, State | Kind | Urgency) else value


def _write(table: str, names: Sequence[str], rows: Iterable[Row]) -> None:
    raw: Any = db.session.connection().connection.driver_connection
    columns = ", ".join(f'"{name}"' for name in names)
    if is_sqlite():
        holes = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({holes})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@dataclass
class Load:
    """What one load carries from case to case."""

    rng: Random
    staff: Staff
    now: datetime
    sqlite: bool
    routed: dict[str, str]
    last_line: int
    seal: str
    next_ids: dict[type[Model], int]
    given_out: defaultdict[tuple[str, str], int]
    tables: dict[type[Model], Bulk] = field(default_factory=dict)
    index: list[tuple[int, Any]] = field(default_factory=list)

    def id_for(self, model: type[Model]) -> int:
        """The next id of a table."""
        self.next_ids[model] += 1
        return self.next_ids[model]

    def number(self, prefix: str, at: datetime) -> str:
        """The next number of a day."""
        day = f"{clock.local(at):%Y%m%d}"
        self.given_out[prefix, day] += 1
        return f"{prefix}-{day}-{self.given_out[prefix, day]:04}"

    def moment(self, at: datetime) -> str:
        """A moment as the driver of the database takes it."""
        return _written(at) if self.sqlite else f"{_written(at)}+00"

    def line(
        self, case_id: int, verb: str, at: datetime, by: int, details: dict[str, Any], words: dict[str, str]
    ) -> None:
        """One line of history, chained to the one before."""
        self.last_line += 1
        salt, told = (secrets.token_hex(16), _json(words)) if words else ("", "")
        row = {
            "id": self.last_line,
            "at": _written(at),
            "by_id": by,
            "subject_kind": "case",
            "subject_id": case_id,
            "event": f"case:{verb}",
            "clause": CLAUSES[verb],
            "details": _json(details),
            "text_digest": history.digest(salt, told) if words else "",
            "before": self.seal,
        }
        self.seal = history.line_hash(row)
        self.tables[Line].add(**(row | {"at": self.moment(at), "hash": self.seal}))
        if words:
            self.tables[Text].add(line_id=self.last_line, salt=salt, words=told)


def load(count: int) -> str:
    """Add that many cases with history, clocks, dealings, open matters and index; what was done, in one line."""
    make.load()
    began = time.perf_counter()
    progress: Load | None = None
    for first in range(0, count, AT_ONCE):
        with db.write():
            progress = progress or _begin()
            for n in range(first, min(count, first + AT_ONCE)):
                _case(progress, n, count)
            _close(progress)
    with db.write():
        search.optimize("case")
    if not is_sqlite():
        with db.write():
            db.session.execute(sa.text("ANALYZE"))
    if progress is not None:
        history.write_seal(progress.last_line, progress.seal)
    seconds = time.perf_counter() - began
    return f"{count} cases were added in {seconds:.1f} s, {count / seconds:.0f} a second"


def _begin() -> Load:
    models: tuple[type[Model], ...] = (Case, CaseDepartment, Dealing, Clock, Todo, Line, Text)
    head = db.session.execute(sa.select(Head.last_id, Head.seal)).one()
    counters = db.session.execute(sa.select(Counter.prefix, Counter.day, Counter.last))
    return Load(
        rng=Random(SEED + head.last_id),  # noqa: S311 -- the same data every time, no secret
        staff=reference.staff(),
        now=clock.now(),
        sqlite=is_sqlite(),
        routed={category.value: routing.proposed(category) or "admin" for category in Category},
        last_line=head.last_id,
        seal=head.seal,
        next_ids={model: _last_id(model) for model in (Case, Dealing, Clock, Todo)},
        given_out=defaultdict(int, {(prefix, day): last for prefix, day, last in counters}),
        tables={model: Bulk(model) for model in models},
    )


def _last_id(model: type[Model]) -> int:
    return db.session.scalar(sa.select(sa.func.max(sa.inspect(model).primary_key[0]))) or 0


def _close(progress: Load) -> None:
    """Write what was gathered, the head of the chain and the counters last."""
    for table in progress.tables.values():
        table.write()
    _write("search_case", ("rowid" if progress.sqlite else "id", "terms"), progress.index)
    progress.index = []
    db.session.execute(sa.update(Head).values(last_id=progress.last_line, seal=progress.seal))
    db.session.execute(sa.delete(Counter))
    rows = [{"prefix": p, "day": day, "last": last} for (p, day), last in progress.given_out.items()]
    db.session.execute(sa.insert(Counter), rows)
    if not progress.sqlite:
        for model, last in progress.next_ids.items():
            sequence = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
            db.session.execute(sa.select(sa.func.setval(sequence, last)))


# -- one case ----------------------------------------------------------------------------------------------------------


def _case(progress: Load, n: int, count: int) -> None:
    """The n-th case of the load, oldest first."""
    rng = progress.rng
    told = _said(rng)
    started = _moment(progress, n, count)
    is_open = n >= count * (1 - OPEN_SHARE)
    state = rng.choice(OPEN_STATES) if is_open else State.ARCHIVED
    path = _path(told["kind"], state)
    actors = _actors(progress, told)
    ats = {stage.verb: started + timedelta(minutes=stage.minutes) for stage in path}
    case_id = progress.id_for(Case)
    row = _row(progress, told, path, ats, actors) | {"id": case_id, "number": progress.number("TS", started)}
    if "route" in ats:
        row["notice_number"] = progress.number("GZ", ats["route"])
        progress.tables[CaseDepartment].add(case_id=case_id, department=row["department"])
    running = list(_clocks(progress, case_id, told, path, ats, is_open))
    if running:
        row["due_at"], row["due_from"], row["due_kind"] = min(running)
    _lines(progress, row, path, ats, actors)
    _dealings(progress, row, told, ats, actors)
    if path[-1].state not in CLOSED:
        _todo(progress, row, path[-1].state, actors)
    progress.tables[Case].add(**row)
    progress.index.append((case_id, _index_entry(progress.sqlite, row)))


def _said(rng: Random) -> dict[str, Any]:
    """Who says what: texts and customers of the demo, mixed anew."""
    kind = rng.choices((Kind.COMPLAINT, Kind.INQUIRY, Kind.SUGGESTION), (7, 2, 1))[0]
    customer, namesake = rng.choice(CUSTOMERS), rng.choice(CUSTOMERS)
    name = (
        customer.name[:1] + namesake.name[1:]
        if not (customer.name + namesake.name).isascii()
        else customer.name
    )
    told = {
        "kind": kind,
        "customer_name": name,
        "customer_phone": f"199{rng.randrange(10**8):08}",
        "customer_address": customer.address,
        "urgency": rng.choices((Urgency.NORMAL, Urgency.SPECIAL, Urgency.URGENT), (90, 7, 3))[0],
    }
    if kind is Kind.COMPLAINT:
        words, other = rng.choice(COMPLAINTS), rng.choice(COMPLAINTS)
        return told | {"words": words, "content": words.content, "demand": other.demand} | _channel(words)
    if kind is Kind.INQUIRY:
        asked = rng.choice(INQUIRIES)
        return (
            told
            | {"words": asked, "content": asked.question, "demand": "", "answer": asked.answer}
            | _channel(asked)
        )
    idea = rng.choice(SUGGESTIONS)
    return told | {"words": idea, "content": idea.text, "demand": "", "answer": idea.answer} | _channel(idea)


def _channel(words: Any) -> dict[str, Any]:
    return {"channel": words.channel, "category": words.category}


def _moment(progress: Load, n: int, count: int) -> datetime:
    """Evenly over the period, by day between eight and six; the newest a day ago."""
    even = progress.now - timedelta(days=1) - PERIOD * (1 - (n + 1) / count)
    here = clock.local(even)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(hours=8) + (here - midnight) * (10 / 24)).astimezone(UTC)


def _path(kind: Kind, state: State) -> tuple[Stage, ...]:
    path = PATHS[kind]
    last = max((i for i, stage in enumerate(path) if stage.state is state), default=0)
    if state is State.REPORTED:  # the calls are still to come
        last = next(i for i, stage in enumerate(path) if stage.state is state)
    return path[: last + 1]


def _actors(progress: Load, told: dict[str, Any]) -> dict[str, int]:
    staff, rng = progress.staff, progress.rng
    department = progress.routed[told["category"]]
    people = _people_of(tuple(staff.cards.values()), department)
    return {
        "desk": rng.choice(staff.with_role(Role.DESK)),
        "lead": staff.leads_of(department)[0],
        "handler": rng.choice(people),
    }


@lru_cache(maxsize=32)
def _people_of(cards: tuple[Any, ...], department: str) -> tuple[int, ...]:
    return tuple(card.id for card in cards if card.department == department and card.role is Role.EMPLOYEE)


def _row(
    progress: Load,
    told: dict[str, Any],
    path: tuple[Stage, ...],
    ats: dict[str, datetime],
    actors: dict[str, int],
) -> dict[str, Any]:
    """The case's own columns, as far as its path has come."""
    when = {verb: progress.moment(at) for verb, at in ats.items()}
    words = told["words"]
    row = {
        "kind": told["kind"].value,
        "channel": words.channel.value,
        "category": words.category.value,
        "urgency": told["urgency"].value,
        "content": told["content"],
        "demand": told["demand"],
        "customer_name": told["customer_name"],
        "customer_pinyin": _readings(told["customer_name"]),
        "customer_phone": told["customer_phone"],
        "customer_address": told["customer_address"],
        "read_back": ReadBack.YES.value,
        "read_back_at": when["register"],
        "read_back_by_id": actors["desk"],
        "registered_at": when["register"],
        "registered_by_id": actors["desk"],
        "first_responder_id": actors["desk"],
        "state": path[-1].state.value,
        "state_since": when[path[-1].verb],
        "version": len(path),
    }
    for verb, fields in _FIELDS.items():
        if verb in when:
            row |= {name: when[verb] if who == "at" else actors[who] for name, who in fields.items()}
    if "route" in when:
        row["department"] = progress.routed[told["category"]]
    if "resolve" in when:
        row["result"] = words.result if isinstance(words, ComplaintWords) else words.measure
    if "propose" in when:
        row["finding"] = words.finding.value
    if "report" in when:
        row["answer"] = words.answer
    if "follow-up" in when:
        row |= {"followed_up": Outcome.SATISFIED.value, "tries": 1}
    if "archive" in when:
        row["keep_until"] = progress.moment(ats["archive"] + timedelta(days=365))
        row["evaluation"] = words.evaluation if isinstance(words, ComplaintWords) else ""
    return row


_FIELDS: dict[str, dict[str, str]] = {
    "route": {"routed_at": "at"},
    "accept": {"accepted_at": "at", "accepted_by_id": "lead", "handler_id": "handler"},
    "contact": {"contacted_at": "at"},
    "propose": {"proposed_by_id": "handler"},
    "approve": {"approved_by_id": "lead"},
    "adopt": {"approved_by_id": "lead"},
    "resolve": {"resolved_at": "at", "resolved_by_id": "handler"},
    "report": {"reported_at": "at", "reported_by_id": "handler"},
    "confirm": {"confirmed_at": "at"},
    "file": {"filed_at": "at"},
    "archive": {"archived_at": "at"},
}


def _clocks(
    progress: Load,
    case_id: int,
    told: dict[str, Any],
    path: tuple[Stage, ...],
    ats: dict[str, datetime],
    is_open: bool,
) -> Iterator[tuple[str, str, str]]:
    """The clocks of a case; yields those that still run: due, start, kind."""
    if told["kind"] is not Kind.COMPLAINT:
        return
    for kind, (begins, ends, minutes) in CLOCKS.items():
        if begins not in ats:
            continue
        basis, clause, limit, policy_id, ladder = _figures(kind, told["urgency"])
        due_at = ats[begins] + timedelta(minutes=minutes)
        if is_open and ends not in ats:
            # As if it had been given more time: a few of them are late, most are not.
            due_at = progress.now + timedelta(minutes=progress.rng.randint(-600, 4000))
        started, due, met = (progress.moment(ats[begins]), progress.moment(due_at), ats.get(ends))
        late = due_at < (met or progress.now)
        progress.tables[Clock].add(
            id=progress.id_for(Clock),
            subject_kind="case",
            subject_id=case_id,
            kind=kind,
            basis=basis,
            clause=clause,
            limit_text=limit,
            policy_id=policy_id,
            ladder=ladder,
            urgent=told["urgency"] is Urgency.URGENT,
            started_at=started,
            due_at=due,
            next_at=None if met or late else due,
            met_at=progress.moment(met) if met else None,
            breached_at=due if late else None,
        )
        if met is None:
            yield due, started, kind


@lru_cache(maxsize=64)
def _figures(kind: str, urgency: Urgency) -> tuple[str, str, str, int, str]:
    basis, clause = watch.CLOCKS[kind]
    name = {
        "first_contact": f"first_contact.{'urgent' if urgency is Urgency.URGENT else 'normal'}",
        "whole_case": f"whole_case.{'special' if urgency is Urgency.SPECIAL else 'normal'}",
    }.get(kind, kind)
    now = clock.now()
    policy = policies.in_force(f"limit.{name}", now)
    return basis.value, clause, policy.value, policy.id, policies.value(f"ladder.{kind}", now)


def _lines(
    progress: Load,
    row: dict[str, Any],
    path: tuple[Stage, ...],
    ats: dict[str, datetime],
    actors: dict[str, int],
) -> None:
    before = ""
    for stage in path:
        details: dict[str, Any] = {}
        words: dict[str, str] = {}
        if stage.verb == "register":
            details = {name: row[name] for name in ("kind", "channel", "category", "urgency", "number")}
            words = {
                name: row[name]
                for name in ("content", "demand", "customer_name", "customer_phone")
                if row[name]
            }
        elif stage.state != before:
            details = {"from": before, "to": stage.state.value}
        if stage.verb == "report":
            words = {"answer": row["answer"]}
        progress.line(row["id"], stage.verb, ats[stage.verb], actors[stage.who], details, words)
        before = stage.state.value


def _dealings(
    progress: Load,
    row: dict[str, Any],
    told: dict[str, Any],
    ats: dict[str, datetime],
    actors: dict[str, int],
) -> None:
    words = told["words"]
    if not isinstance(words, ComplaintWords):
        return
    add = progress.tables[Dealing].add
    usual = {"case_id": row["id"]}
    if "contact" in ats:
        at = progress.moment(ats["contact"])
        add(
            **usual,
            id=progress.id_for(Dealing),
            kind=DealingKind.CONTACT.value,
            at=at,
            by_id=actors["handler"],
            note=words.contact,
        )
    if "propose" in ats:
        row["proposal_id"] = progress.id_for(Dealing)
        decided = "approve" in ats
        add(
            **usual,
            id=row["proposal_id"],
            kind=DealingKind.PROPOSAL.value,
            at=progress.moment(ats["propose"]),
            by_id=actors["handler"],
            note=words.findings,
            outcome=Finding(words.finding).value,
            solutions=Dealing.written(list(words.solutions)),
            done_at=progress.moment(ats["approve"]) if decided else None,
            done_by_id=actors["lead"] if decided else None,
        )
    if "follow-up" in ats:
        at = progress.moment(ats["follow-up"])
        add(
            **usual,
            id=progress.id_for(Dealing),
            kind=DealingKind.FOLLOW_UP.value,
            at=at,
            by_id=actors["desk"],
            outcome=Outcome.SATISFIED.value,
            note=words.follow_up,
        )


def _todo(progress: Load, row: dict[str, Any], state: State, actors: dict[str, int]) -> None:
    verb, audience = WAITING[state]
    address = f"/complaints/{row['number']}?do={verb}"
    progress.tables[Todo].add(
        id=progress.id_for(Todo),
        subject_kind="case",
        subject_id=row["id"],
        number=row["number"],
        kind=verb,
        audience=audience.format(department=row.get("department"), handler=actors["handler"]),
        title=row["content"][:60],
        address=address,
        since=row["state_since"],
        due_at=row.get("due_at"),
        due_from=row.get("due_from"),
        urgent=row["urgency"] == Urgency.URGENT.value,
    )


def _index_entry(sqlite: bool, row: dict[str, Any]) -> Any:
    """What `search.terms` makes of the searchable text, from pieces of its fields that were cut before."""
    fields = (row.get(column.key, "") for column in queries.SEARCHED)
    pieces = dict.fromkeys(chain.from_iterable(_pieces(text) for text in fields))
    return " ".join(pieces) if sqlite else list(pieces)


@lru_cache(maxsize=20_000)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(search.terms(text).split())


@lru_cache(maxsize=5_000)
def _readings(name: str) -> str:
    return pinyin.readings(name)
