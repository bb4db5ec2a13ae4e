"""Very many complaints and what belongs to them, for measuring: written in bulk, yet as whole as if people had.

The chain of history, the numbers, the search index and the open matters fit together afterwards (`verify`). Who did
what is simpler than in life: every case takes the straight path and stops where its state says.

Whatever cases have in common is made ready once: what is said (`Said`), how far the path leads (`Way`), the pieces of
a text. A case then only adds its moments, its people, its numbers and its place in the chain.
"""

# The names put into statements are those of our own tables and columns; values are bound.
# ruff: noqa: S608

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from itertools import chain, pairwise
from json.encoder import encode_basestring
from operator import itemgetter
from random import Random
from time import perf_counter
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints import queries, watch
from portal.blueprints.complaints.codes import (
    CLOSED,
    Category,
    DealingKind,
    Kind,
    Outcome,
    ReadBack,
    State,
    Urgency,
)
from portal.blueprints.complaints.figures import counters
from portal.blueprints.complaints.models import Case, CaseDepartment, Dealing
from portal.blueprints.complaints.workflow import CASE
from portal.demo import make
from portal.demo.words import COMPLAINTS, CUSTOMERS, INQUIRIES, SUGGESTIONS, CustomerWords
from portal.kernel import clock, cutting, history, pinyin, policies, reference, routing, search_care
from portal.kernel.db import Model, db, is_sqlite
from portal.kernel.history import Head, Line, Text
from portal.kernel.numbers import Counter
from portal.kernel.rights import Role
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

AT_ONCE = 5_000  # cases that are gathered before they are written
PERIOD = timedelta(days=5 * 365)
SEED = 7
OPEN_SHARE = 0.015  # of the newest cases, still being dealt with
MIDNIGHT, EIGHT = time(), time(8)
Row = tuple[Any, ...]
FILLED: tuple[type[Model], ...] = (Case, CaseDepartment, Dealing, Clock, Todo, Line, Text)


@dataclass(frozen=True, eq=False)
class Stage:
    """A verb of the straight path: how long after the registration, the state it leads to, who does it."""

    verb: str
    minutes: int
    state: State
    who: str

    @cached_property
    def after(self) -> timedelta:
        """The same as a span of time."""
        return timedelta(minutes=self.minutes)


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
# Which columns a verb fills: with its moment ("at") or with a person.
FIELDS: dict[str, dict[str, str]] = {
    "register": {
        "read_back_at": "at",
        "read_back_by_id": "desk",
        "registered_at": "at",
        "registered_by_id": "desk",
        "first_responder_id": "desk",
    },
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

_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode  # as the history's


def _written(at: datetime) -> str:
    """A moment as SQLite keeps it and the history's hash has it: in UTC, without the zone."""
    return at.isoformat(" ", "microseconds")


def load(count: int) -> str:
    """Add that many cases with history, clocks, dealings, open matters and index; what was done, in one line.

    SQLite gets them in writes of a few thousand. PostgreSQL gets them in one, because it lacks indexes meanwhile: after
    a load that was killed everything is as it was.
    """
    make.load()
    began = perf_counter()
    in_a_write = AT_ONCE if is_sqlite() else count
    progress: Load | None = None
    for first in range(0, count, in_a_write):
        with db.write(), _bare_tables(count):
            progress = progress or _begin(count)
            for n in range(first, min(count, first + in_a_write)):
                _case(progress, n)
                if len(progress.index) == AT_ONCE:
                    progress.write()
            progress.write()
            progress.close()
    with db.write():
        search_care.optimize("case")
        counters.fill(db.session.connection())
    if not is_sqlite():
        with db.write():
            db.session.execute(sa.text("ANALYZE"))
    if progress is not None:
        history.write_seal(progress.last_line, progress.seal)
    seconds = perf_counter() - began
    return f"{count} cases were added in {seconds:.1f} s, {count / seconds:.0f} a second"


@contextmanager
def _bare_tables(count: int) -> Iterator[None]:
    """PostgreSQL, where most rows will be new: the indexes and foreign keys are made after the rows, in half the time.

    Unique constraints stay. Everything comes back as it was, in the same write.
    """
    if is_sqlite() or count < _last_id(Case):
        yield
        return
    run = db.session.connection().exec_driver_sql
    tables = (["search_case", *(model.__tablename__ for model in FILLED)],)
    keys = run(KEYS, tables).all()
    indexes = run(INDEXES, tables).all()
    for table, name, _ in keys:
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _ in indexes:
        run(f"DROP INDEX {name}")
    yield
    run("SET LOCAL maintenance_work_mem = '256MB'")
    for _, definition in indexes:
        run(definition)
    for table, name, definition in keys:
        run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index WHERE NOT indisunique AND NOT indisexclusion AND indrelid = ANY(%s::regclass[])"""


# -- rows on their way into the tables ---------------------------------------------------------------------------------


class Bulk:
    """The rows of one table, gathered and written with one call of the driver."""

    def __init__(self, model: type[Model]) -> None:
        self.table: sa.Table = sa.inspect(model).local_table  # type: ignore[assignment]  # a mapped class has a table
        self.usual = {column.name: _default(column) for column in self.table.columns}
        self.in_order = itemgetter(*self.usual)
        self.rows: list[Row] = []

    def add(self, **given: Any) -> None:
        """One row by the names of its columns; the others get their defaults."""
        self.rows.append(self.in_order({**self.usual, **given}))

    def write(self) -> None:
        """Write what was gathered. Inside a write."""
        _write(self.table.name, self.usual, self.rows)
        self.rows = []


def _default(column: sa.Column[Any]) -> Any:
    told = column.default
    value = told.arg if isinstance(told, sa.ColumnDefault) and told.is_scalar else None
    return str(value) if isinstance(value, State | Kind | Urgency) else value


def _write(table: str, names: Iterable[str], rows: Iterable[Row]) -> None:
    raw: Any = db.session.connection().connection.driver_connection
    names = [f'"{name}"' for name in names]
    columns = ", ".join(names)
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

    count: int
    rng: Random
    now: datetime  # in UTC, without its zone, like every moment here
    opened: datetime  # when the first day begins, in company time
    desk: Sequence[int]
    teams: dict[str, Team]
    figures: dict[tuple[str, Urgency], dict[str, Any]]
    last_line: int
    seal: str
    next_ids: dict[type[Model], int]
    given_out: defaultdict[tuple[str, str], int]
    tables: dict[type[Model], Bulk]
    index: list[tuple[int, str]] = field(default_factory=list)
    days: dict[date, tuple[str, datetime]] = field(default_factory=dict)
    numbered: set[tuple[str, str]] = field(default_factory=set)  # whose counters must be written

    def id_for(self, model: type[Model]) -> int:
        """The next id of a table."""
        self.next_ids[model] += 1
        return self.next_ids[model]

    def number(self, prefix: str, day: str) -> str:
        """The next number of a day."""
        self.given_out[prefix, day] += 1
        self.numbered.add((prefix, day))
        return f"{prefix}-{day}-{self.given_out[prefix, day]:04}"

    def moment(self, n: int) -> tuple[str, datetime]:
        """The day and the moment of the n-th case: evenly over the period, by day between eight and six."""
        even = self.opened + PERIOD * ((n + 1) / self.count)
        here = even.date()
        if here not in self.days:
            eight = datetime.combine(here, EIGHT, clock.zone()).astimezone(UTC)
            self.days[here] = f"{here:%Y%m%d}", eight.replace(tzinfo=None)
        day, opening = self.days[here]
        return day, opening + (even - datetime.combine(here, MIDNIGHT)) * (10 / 24)

    def line(self, case_id: int, stage: Stage, at: str, by: int, details: str, words: str = "") -> None:
        """One line of history, chained to the one before; `details` and `words` are JSON."""
        self.last_line += 1
        event, clause, before, digest = f"case:{stage.verb}", CLAUSES[stage.verb], self.seal, ""
        if words:
            salt = secrets.token_hex(16)
            digest = history.digest(salt, words)
            self.tables[Text].add(line_id=self.last_line, salt=salt, words=words)
        # What `history.line_hash` hashes: a JSON encoder made for each of ten lines a case takes half the time.
        self.seal = sha256(
            f'{{"at":"{at}","before":"{before}","by_id":{by},"clause":"{clause}",'
            f'"details":{encode_basestring(details)},"event":"{event}","id":{self.last_line},'
            f'"subject_id":{case_id},"subject_kind":"case","text_digest":"{digest}"}}'.encode()
        ).hexdigest()
        self.tables[Line].add(
            id=self.last_line,
            at=at,
            by_id=by,
            subject_kind="case",
            subject_id=case_id,
            event=event,
            clause=clause,
            details=details,
            text_digest=digest,
            before=before,
            hash=self.seal,
        )

    def write(self) -> None:
        """Write the rows gathered so far."""
        if not is_sqlite():
            db.session.execute(sa.text("SET LOCAL TIME ZONE 'UTC'"))  # moments are given without their zone
        for table in self.tables.values():
            table.write()
        _write("search_case", ("rowid" if is_sqlite() else "id", "terms"), self.index)
        self.index = []

    def close(self) -> None:
        """Write what must agree with the rows, the head of the chain last."""
        days = [{"prefix": p, "day": day, "last": self.given_out[p, day]} for p, day in self.numbered]
        connection = db.session.connection()
        if days:
            old = sa.delete(Counter).where(
                Counter.prefix == sa.bindparam("prefix"), Counter.day == sa.bindparam("day")
            )
            connection.execute(old, [{"prefix": d["prefix"], "day": d["day"]} for d in days])
            connection.execute(sa.insert(Counter), days)
        self.numbered = set()
        if not is_sqlite():
            for model, last in self.next_ids.items():
                sequence = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
                connection.execute(sa.select(sa.func.setval(sequence, last)))
        connection.execute(sa.update(Head).values(last_id=self.last_line, seal=self.seal))


@dataclass(frozen=True)
class Team:
    """Who has to do with the cases of a category."""

    department: str
    lead: int
    handlers: Sequence[int]


def _begin(count: int) -> Load:
    head = db.session.execute(sa.select(Head.last_id, Head.seal)).one()
    counters = db.session.execute(sa.select(Counter.prefix, Counter.day, Counter.last))
    now = clock.now()
    return Load(
        count=count,
        rng=Random(SEED + head.last_id),  # noqa: S311 -- the same data every time, no secret
        now=now.astimezone(UTC).replace(tzinfo=None),
        opened=clock.local(now).replace(tzinfo=None) - timedelta(days=1) - PERIOD,
        desk=reference.staff().with_role(Role.DESK),
        teams={category.value: _team(category) for category in Category},
        figures={(kind, urgency): _figures(kind, urgency) for kind in CLOCKS for urgency in Urgency},
        last_line=head.last_id,
        seal=head.seal,
        next_ids={model: _last_id(model) for model in (Case, Dealing, Clock, Todo)},
        given_out=defaultdict(int, {(prefix, day): last for prefix, day, last in counters}),
        tables={model: Bulk(model) for model in FILLED},
    )


def _team(category: Category) -> Team:
    staff, department = reference.staff(), routing.proposed(category) or "admin"
    cards = staff.cards.values()
    handlers = [c.id for c in cards if c.department == department and c.role is Role.EMPLOYEE]
    heads = staff.leads_of(department)
    if not (heads and handlers and staff.with_role(Role.DESK)):
        raise ValueError("there is nobody to work on cases yet: run `demo` first")
    return Team(department, heads[0], handlers)


def _figures(kind: str, urgency: Urgency) -> dict[str, Any]:
    """The columns that all clocks of a kind have in common."""
    basis, clause = watch.CLOCKS[kind]
    name = {
        "first_contact": f"first_contact.{'urgent' if urgency is Urgency.URGENT else 'normal'}",
        "whole_case": f"whole_case.{'special' if urgency is Urgency.SPECIAL else 'normal'}",
    }.get(kind, kind)
    policy = policies.in_force(f"limit.{name}", clock.now())
    return {
        "subject_kind": "case",
        "kind": kind,
        "basis": basis.value,
        "clause": clause,
        "limit_text": policy.value,
        "policy_id": policy.id,
        "ladder": policies.value(f"ladder.{kind}", clock.now()),
        "urgent": urgency is Urgency.URGENT,
    }


def _last_id(model: type[Model]) -> int:
    return db.session.scalar(sa.select(sa.func.max(sa.inspect(model).primary_key[0]))) or 0


# -- what cases have in common: made once ------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Said:
    """What a customer of the demo says and hears."""

    kind: Kind
    words: Any  # of a complaint, an inquiry or a suggestion
    content: str

    @cached_property
    def answer(self) -> str:
        """The answer, as a line of history keeps it."""
        return _json({"answer": self.words.answer})

    @cached_property
    def solutions(self) -> str:
        """The solutions of a complaint, as a proposal keeps them."""
        return str(Dealing.written(list(self.words.solutions)))


SAID = {
    Kind.COMPLAINT: [Said(Kind.COMPLAINT, words, words.content) for words in COMPLAINTS],
    Kind.INQUIRY: [Said(Kind.INQUIRY, words, words.question) for words in INQUIRIES],
    Kind.SUGGESTION: [Said(Kind.SUGGESTION, words, words.text) for words in SUGGESTIONS],
}


@dataclass(frozen=True, eq=False)
class Way:
    """How far cases of a kind have come on their path."""

    kind: Kind
    stages: tuple[Stage, ...]

    @cached_property
    def verbs(self) -> frozenset[str]:
        """What was done."""
        return frozenset(stage.verb for stage in self.stages)

    @cached_property
    def fields(self) -> list[tuple[str, str, str]]:
        """The columns that the verbs filled: name, verb, and with whom or when."""
        return [(name, verb, who) for verb in self.verbs for name, who in FIELDS.get(verb, {}).items()]

    @cached_property
    def moments(self) -> dict[str, str]:
        """The columns that keep a moment, and the verb it belongs to."""
        return {"state_since": self.stages[-1].verb} | {
            n: verb for n, verb, who in self.fields if who == "at"
        }

    @cached_property
    def people(self) -> dict[str, str]:
        """The columns that keep a person, and in which part."""
        return {name: who for name, _, who in self.fields if who != "at"}

    @cached_property
    def lines(self) -> list[tuple[Stage, str]]:
        """The lines of history, with the details of those that moved the case."""
        states = ("", *(stage.state.value for stage in self.stages))
        moves = [{"from": old, "to": new} if old != new else {} for old, new in pairwise(states)]
        return list(zip(self.stages, map(_json, moves), strict=True))

    @cached_property
    def clocks(self) -> list[tuple[str, str, str, timedelta]]:
        """The clocks that began: kind, the verbs that began and (or empty) met it, its end after the registration."""
        after = {stage.verb: stage.after for stage in self.stages}
        return [
            (kind, begins, ends if ends in after else "", after[begins] + timedelta(minutes=minutes))
            for kind, (begins, ends, minutes) in CLOCKS.items()
            if self.kind is Kind.COMPLAINT and begins in after
        ]


@cache
def _way(kind: Kind, state: State) -> Way:
    path = PATHS[kind]
    last = max((i for i, stage in enumerate(path) if stage.state is state), default=0)
    if state is State.REPORTED:  # the calls are still to come
        last = next(i for i, stage in enumerate(path) if stage.state is state)
    return Way(kind, path[: last + 1])


@cache
def _columns(said: Said, way: Way) -> dict[str, Any]:
    """The columns of a case that depend on neither its people nor its moments."""
    words, complaint = said.words, said.kind is Kind.COMPLAINT
    row: dict[str, Any] = {
        "kind": said.kind.value,
        "channel": words.channel.value,
        "category": words.category.value,
        "content": said.content,
        "read_back": ReadBack.YES.value,
        "state": way.stages[-1].state.value,
        "version": len(way.stages),
    }
    if "resolve" in way.verbs:
        row["result"] = words.result if complaint else words.measure
    if "propose" in way.verbs:
        row["finding"] = words.finding.value
    if "report" in way.verbs:
        row["answer"] = words.answer
    if "follow-up" in way.verbs:
        row |= {"followed_up": Outcome.SATISFIED.value, "tries": 1}
    if "archive" in way.verbs:
        row["evaluation"] = words.evaluation if complaint else ""
    return row


@lru_cache(maxsize=5_000)
def _customer(known: CustomerWords, namesake: CustomerWords) -> dict[str, str]:
    """The surname of the one, the given name of the other."""
    chinese = not (known.name + namesake.name).isascii()
    name = known.name[:1] + namesake.name[1:] if chinese else known.name
    return {
        "customer_name": name,
        "customer_pinyin": pinyin.readings(name),
        "customer_address": known.address,
    }


@lru_cache(maxsize=50_000)
def _pieces(text: str) -> tuple[str, ...]:
    return tuple(cutting.terms(text).split())


# -- one case ----------------------------------------------------------------------------------------------------------


def _case(load: Load, n: int) -> None:
    """The n-th case of the load, oldest first."""
    rng = load.rng
    kind = rng.choices((Kind.COMPLAINT, Kind.INQUIRY, Kind.SUGGESTION), (7, 2, 1))[0]
    urgency = rng.choices((Urgency.NORMAL, Urgency.SPECIAL, Urgency.URGENT), (90, 7, 3))[0]
    said = rng.choice(SAID[kind])
    is_open = n >= load.count * (1 - OPEN_SHARE)
    way = _way(kind, rng.choice(OPEN_STATES) if is_open else State.ARCHIVED)
    team = load.teams[said.words.category.value]
    people = {"desk": rng.choice(load.desk), "lead": team.lead, "handler": rng.choice(team.handlers)}
    day, started = load.moment(n)
    ats = {stage.verb: _written(started + stage.after) for stage in way.stages}
    row: dict[str, Any] = {
        **_columns(said, way),
        **_customer(rng.choice(CUSTOMERS), rng.choice(CUSTOMERS)),
        **{name: ats[verb] for name, verb in way.moments.items()},
        **{name: people[who] for name, who in way.people.items()},
        "id": load.id_for(Case),
        "number": load.number("TS", day),
        "urgency": urgency.value,
        "customer_phone": f"199{rng.randrange(10**8):08}",
        "demand": rng.choice(COMPLAINTS).demand if kind is Kind.COMPLAINT else "",
    }
    if "route" in ats:
        row |= {"department": team.department, "notice_number": load.number("GZ", day)}
        load.tables[CaseDepartment].add(case_id=row["id"], department=team.department)
    if "archive" in ats:
        row["keep_until"] = _written(started + way.stages[-1].after + timedelta(days=365))
    running = list(_clocks(load, row["id"], urgency, way, started, ats))
    if running:
        row["due_at"], row["due_from"], row["due_kind"] = min(running)
    _lines(load, row, said, way, ats, people)
    if kind is Kind.COMPLAINT:
        _dealings(load, row, said, ats, people)
    if way.stages[-1].state not in CLOSED:
        _todo(load, row, people["handler"])
    load.tables[Case].add(**row)
    load.index.append((row["id"], _index_entry(row)))


def _clocks(
    load: Load, case_id: int, urgency: Urgency, way: Way, started: datetime, ats: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    """The clocks of a case; yields those that still run: due, start, kind."""
    for kind, begins, ends, after in way.clocks:
        if ends:
            due, met = _written(started + after), ats[ends]
        else:
            # As if it had been given more time: a few of them are late, most are not.
            due, met = _written(load.now + timedelta(minutes=load.rng.randint(-600, 4000))), None
            yield due, ats[begins], kind
        late = due < (met or _written(load.now))
        load.tables[Clock].add(
            **load.figures[kind, urgency],
            id=load.id_for(Clock),
            subject_id=case_id,
            started_at=ats[begins],
            due_at=due,
            next_at=None if met or late else due,
            met_at=met,
            breached_at=due if late else None,
        )


def _lines(
    load: Load, row: dict[str, Any], said: Said, way: Way, ats: dict[str, str], people: dict[str, int]
) -> None:
    for stage, moved in way.lines:
        details, words = moved, ""
        if stage.verb == "register":
            details = _json(
                {name: row[name] for name in ("kind", "channel", "category", "urgency", "number")}
            )
            told = ("content", "demand", "customer_name", "customer_phone")
            words = _json({name: row[name] for name in told if row[name]})
        elif stage.verb == "report":
            words = said.answer
        load.line(row["id"], stage, ats[stage.verb], people[stage.who], details, words)


def _dealings(
    load: Load, row: dict[str, Any], said: Said, ats: dict[str, str], people: dict[str, int]
) -> None:
    add, words = load.tables[Dealing].add, said.words
    if "contact" in ats:
        add(
            id=load.id_for(Dealing),
            case_id=row["id"],
            kind=DealingKind.CONTACT.value,
            at=ats["contact"],
            by_id=people["handler"],
            note=words.contact,
        )
    if "propose" in ats:
        row["proposal_id"] = load.id_for(Dealing)
        add(
            id=row["proposal_id"],
            case_id=row["id"],
            kind=DealingKind.PROPOSAL.value,
            at=ats["propose"],
            by_id=people["handler"],
            note=words.findings,
            outcome=words.finding.value,
            solutions=said.solutions,
            done_at=ats.get("approve"),
            done_by_id=people["lead"] if "approve" in ats else None,
        )
    if "follow-up" in ats:
        add(
            id=load.id_for(Dealing),
            case_id=row["id"],
            kind=DealingKind.FOLLOW_UP.value,
            at=ats["follow-up"],
            by_id=people["desk"],
            outcome=Outcome.SATISFIED.value,
            note=words.follow_up,
        )


def _todo(load: Load, row: dict[str, Any], handler: int) -> None:
    verb, audience = WAITING[State(row["state"])]
    load.tables[Todo].add(
        id=load.id_for(Todo),
        subject_kind="case",
        subject_id=row["id"],
        number=row["number"],
        kind=verb,
        audience=audience.format(department=row.get("department"), handler=handler),
        title=row["content"][:60],
        address=f"/complaints/{row['number']}?do={verb}",
        since=row["state_since"],
        due_at=row.get("due_at"),
        due_from=row.get("due_from"),
        urgent=row["urgency"] == Urgency.URGENT.value,
    )


def _index_entry(row: dict[str, Any]) -> str:
    """What `cutting.terms` makes of the searchable text, from pieces that were cut before and come again."""
    texts = chain.from_iterable(_cut(column.key, row.get(column.key, "")) for column in queries.SEARCHED)
    pieces = dict.fromkeys(chain.from_iterable(map(_pieces, texts)))
    return " ".join(pieces) if is_sqlite() else "{" + ",".join(pieces) + "}"


def _cut(name: str, text: str) -> Sequence[str]:
    """Texts with the same pieces: parts of a number, a phone in fives so that each four is in one; the rest whole."""
    if name in ("number", "notice_number"):
        return text.split("-")
    if name == "customer_phone":
        return [text[at : at + 5] for at in range(0, max(1, len(text) - 3), 2)]
    return (text,)
