"""What one load carries from case to case: ids, numbers, the chain of history, the rows gathered so far."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from json.encoder import encode_basestring
from random import Random
from typing import Any

import sqlalchemy as sa

from portal.blueprints.complaints.codes import Urgency
from portal.demo.bulk.paths import CLAUSES, Stage
from portal.demo.bulk.rows import Bulk, write
from portal.kernel import clock, history
from portal.kernel.db import Model, db, is_sqlite
from portal.kernel.history import Head, Line, Text
from portal.kernel.numbers import Counter

PERIOD = timedelta(days=5 * 365)
MIDNIGHT, EIGHT = time(), time(8)


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
        write("search_case", ("rowid" if is_sqlite() else "id", "terms"), self.index)
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
