"""One case of the load: its moments, its people, its numbers and its place in the chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any

from portal.blueprints.complaints import queries
from portal.blueprints.complaints.codes import CLOSED, DealingKind, Kind, Outcome, ReadBack, State, Urgency
from portal.blueprints.complaints.models import Case, CaseDepartment, Dealing
from portal.demo.bulk.loading import Load
from portal.demo.bulk.paths import OPEN_STATES, WAITING, Way, as_json, way_to
from portal.demo.words import COMPLAINTS, CUSTOMERS, INQUIRIES, SUGGESTIONS, CustomerWords
from portal.kernel import cutting, pinyin
from portal.kernel.db import is_sqlite
from portal.kernel.timers import Clock
from portal.kernel.todos import Todo

OPEN_SHARE = 0.015  # of the newest cases, still being dealt with


def _written(at: datetime) -> str:
    """A moment as SQLite keeps it and the history's hash has it: in UTC, without the zone."""
    return at.isoformat(" ", "microseconds")


@dataclass(frozen=True, eq=False)
class Said:
    """What a customer of the demo says and hears."""

    kind: Kind
    words: Any  # of a complaint, an inquiry or a suggestion
    content: str

    @cached_property
    def answer(self) -> str:
        """The answer, as a line of history keeps it."""
        return as_json({"answer": self.words.answer})

    @cached_property
    def solutions(self) -> str:
        """The solutions of a complaint, as a proposal keeps them."""
        return str(Dealing.written(list(self.words.solutions)))


SAID = {
    Kind.COMPLAINT: [Said(Kind.COMPLAINT, words, words.content) for words in COMPLAINTS],
    Kind.INQUIRY: [Said(Kind.INQUIRY, words, words.question) for words in INQUIRIES],
    Kind.SUGGESTION: [Said(Kind.SUGGESTION, words, words.text) for words in SUGGESTIONS],
}


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


def add_case(load: Load, n: int) -> None:
    """The n-th case of the load, oldest first."""
    rng = load.rng
    kind = rng.choices((Kind.COMPLAINT, Kind.INQUIRY, Kind.SUGGESTION), (7, 2, 1))[0]
    urgency = rng.choices((Urgency.NORMAL, Urgency.SPECIAL, Urgency.URGENT), (90, 7, 3))[0]
    said = rng.choice(SAID[kind])
    is_open = n >= load.count * (1 - OPEN_SHARE)
    way = way_to(kind, rng.choice(OPEN_STATES) if is_open else State.ARCHIVED)
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
            details = as_json(
                {name: row[name] for name in ("kind", "channel", "category", "urgency", "number")}
            )
            told = ("content", "demand", "customer_name", "customer_phone")
            words = as_json({name: row[name] for name in told if row[name]})
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
