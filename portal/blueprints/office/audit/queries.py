"""Lines of history as the audit lists them: newest first, from where the address says."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal import telling
from portal.blueprints.office import labels
from portal.drawing import name_of
from portal.i18n import _
from portal.kernel import audit, lists, reference
from portal.kernel.db import db
from portal.kernel.history import Line, Text
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

REACH = 1_000_000  # lines that are gone through for what no index has, before asking on
COLUMNS = (
    Line.id,
    Line.at,
    Line.by_id,
    Line.subject_kind,
    Line.subject_id,
    Line.event,
    Line.clause,
    Line.details,
    Text.words,
)


@dataclass(frozen=True)
class Told:
    """One line as it is drawn."""

    id: int
    at: datetime
    who: str
    subject: str
    what: str
    clause: str
    told: list[tuple[str, Any]]


@dataclass(frozen=True)
class Page:
    """Lines, where it goes on, and the moment back to which was looked when that was not all."""

    lines: list[Told]
    older: str | None = None
    back_to: datetime | None = None


@dataclass(frozen=True)
class AuditList(Listing):
    """The filters of the audit as the address holds them."""

    person: str = ""
    kind: str = ""
    subject: int | None = None
    event: str = ""

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> AuditList:
        """What the address asks for; what it cannot mean is left out."""
        return cls(
            viewer,
            person=lists.words(args.get("person"), 64),
            kind=lists.code(args.get("kind"), audit.kinds()),
            subject=lists.number(args.get("subject")),
            event=lists.words(args.get("event"), 48),
            before=lists.number(args.get("before")),
        )

    def statement(self, first: int = 0) -> sa.Select[*tuple[Any, ...]]:
        """The lines of the page, none older than the one with that id."""
        rows = (
            sa.select(*COLUMNS).outerjoin(Text, Text.line_id == Line.id).where(audit.visible_to(self.viewer))
        )
        if self.person:
            card = reference.staff().by_username(self.person)
            rows = rows.where(Line.by_id == (card.id if card else -1))
        if self.kind:
            rows = rows.where(Line.subject_kind == self.kind)
        if self.subject is not None:
            rows = rows.where(Line.subject_id == self.subject)
        if self.event:
            rows = rows.where(Line.event.startswith(self.event, autoescape=True))
        if first:
            rows = rows.where(Line.id >= first)
        if self.before is not None:
            rows = rows.where(Line.id < self.before)
        return rows.order_by(Line.id.desc()).limit(lists.PAGE + 1)

    def _first(self) -> int:
        """The id of the oldest line that is looked at; 0 where an index leads to the lines."""
        if not self.event and (self.subject is None or self.kind):
            return 0
        newest = self.before or db.session.scalar(sa.select(sa.func.max(Line.id))) or 0
        return max(0, newest - REACH)

    def page(self) -> Page:
        """The lines of the page, the address of the older ones, how far back was looked."""
        first = self._first()
        lines = _drawn(db.session.execute(self.statement(first)).all())
        if len(lines) > lists.PAGE:
            return Page(lines[: lists.PAGE], self.address(before=lines[lists.PAGE - 1].id))
        if not first:
            return Page(lines)
        back_to = db.session.scalar(sa.select(Line.at).where(Line.id == first))
        return Page(lines, self.address(before=first), back_to)


def lines_of(subject: Any, viewer: Viewer, most: int = 20) -> list[Told]:
    """The latest lines about one subject."""
    ours = sa.and_(Line.subject_kind == subject.history_kind, Line.subject_id == subject.id)
    rows = sa.select(*COLUMNS).outerjoin(Text, Text.line_id == Line.id)
    rows = rows.where(ours, audit.visible_to(viewer)).order_by(Line.id.desc()).limit(most)
    return _drawn(db.session.execute(rows).all())


def _drawn(rows: Iterable[Any]) -> list[Told]:
    return [
        Told(
            number,
            at,
            name_of(by_id) if by_id is not None else _("the portal"),
            _subject(kind, subject_id),
            str(telling.EVENTS.get(event, event)),
            clause,
            telling.pairs(kind, json.loads(details), json.loads(words) if words else {}),
        )
        for number, at, by_id, kind, subject_id, event, clause, details, words in rows
    ]


def _subject(kind: str, subject_id: int) -> str:
    words = str(labels.KINDS.get(kind, kind))
    cards = reference.staff().cards
    return f"{words} {name_of(subject_id) if kind == 'person' and subject_id in cards else subject_id}"
