"""What the library knows: the phrases in force, from what this process holds; uses and favourites from the tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from portal.blueprints.phrases.library import searching
from portal.blueprints.phrases.library.codes import Category, Channel, CustomerType, Moment, Show, Stage
from portal.blueprints.phrases.library.models import Favourite, PhraseUse
from portal.blueprints.phrases.library.searching import Asked, Entry
from portal.kernel import clock, documents, lists, reference, wording
from portal.kernel.db import db
from portal.kernel.documents import Current, Version
from portal.kernel.documents.codes import IN_WORK
from portal.kernel.documents.models import Document
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.wording import About

KIND = "phrase"
U, F = PhraseUse.__table__.c, Favourite.__table__.c
SIDES = {"channel": Channel, "category": Category, "stage": Stage, "customer_type": CustomerType}
# How an address names the thing that phrases are said about.
ABOUT = ("about", "case", "visit")
PAGE = 40
DAYS = (30, 90, 365)


def entries() -> list[Entry]:
    """Every phrase in force, made ready to be looked for; made anew only when one was approved or a day began."""

    def make() -> list[Entry]:
        return [Entry.of(found.document_id, found.code, found.body) for found in documents.in_force(KIND)]

    return reference.kept("phrases", make, clock.today())


def current(phrase_id: int) -> Current:
    """The phrase of that id as it stands; NotFound for one that is not in force."""
    for found in documents.in_force(KIND):
        if found.document_id == phrase_id:
            return found
    raise NotFound


def number_of(args: MultiDict[str, str]) -> str:
    """The number of the case or visit that an address names; empty for none."""
    return next((lists.words(args.get(name), 24) for name in ABOUT if args.get(name)), "")


def about(viewer: Viewer, args: MultiDict[str, str]) -> About | None:
    """What the phrases are said about, as far as the viewer may know of it; what is hidden is as good as not named."""
    number = number_of(args)
    return wording.about(viewer, number) if number else None


@dataclass(frozen=True)
class Mine:
    """What a person has used and keeps at hand."""

    favourites: frozenset[int]
    times: dict[int, int]
    last: dict[int, datetime]

    @classmethod
    def of(cls, person_id: int) -> Mine:
        """Two statements, whatever there is."""
        used = sa.select(U.document_id, sa.func.sum(U.times), sa.func.max(U.last_at))
        rows = db.session.execute(used.where(U.person_id == person_id).group_by(U.document_id)).all()
        kept = db.session.scalars(sa.select(F.document_id).where(F.person_id == person_id))
        return cls(frozenset(kept), {i: int(n) for i, n, _ in rows}, {i: at for i, _, at in rows})


def totals(since: date | None = None, people: Collection[int] | None = None) -> dict[int, int]:
    """How often each phrase was used, by everybody or by these people; one statement."""
    wanted = sa.select(U.document_id, sa.func.sum(U.times)).group_by(U.document_id)
    if since is not None:
        wanted = wanted.where(U.day >= since)
    if people is not None:
        wanted = wanted.where(U.person_id.in_(people))
    return {its_id: int(times) for its_id, times in db.session.execute(wanted)}


class Used(NamedTuple):
    """A person and how much they used in a period."""

    person_id: int
    times: int
    phrases: int


def by_person(viewer: Viewer, since: date) -> list[Used]:
    """Who used how many: of everybody for the general office, of the led departments, else the own line."""
    columns = (U.person_id, sa.func.sum(U.times), sa.func.count(U.document_id.distinct()))
    wanted = sa.select(*columns).where(U.day >= since, U.person_id.in_(seen_by(viewer)))
    rows = db.session.execute(wanted.group_by(U.person_id).order_by(sa.func.sum(U.times).desc(), U.person_id))
    return [Used(who, int(times), phrases) for who, times, phrases in rows]


def seen_by(viewer: Viewer) -> list[int]:
    """Whose use of phrases this person may see: the own, the led departments', everybody's for the general office."""
    cards = reference.staff().cards.values()
    if viewer.role is Role.OFFICE:
        return [card.id for card in cards]
    return [card.id for card in cards if card.id == viewer.id or card.department in viewer.leads]


class Counted(NamedTuple):
    """When each phrase was used last, and since when anything was counted at all."""

    last: dict[int, date]
    since: date

    @classmethod
    def read(cls) -> Counted:
        """One statement."""
        columns = (U.document_id, sa.func.max(U.day), sa.func.min(U.day))
        rows = db.session.execute(sa.select(*columns).group_by(U.document_id)).all()
        return cls(
            {its_id: last for its_id, last, _ in rows}, min((first for *_, first in rows), default=date.max)
        )


def leaving() -> dict[str, int]:
    """Code and version of every phrase that somebody has proposed to take out of force."""
    wanted = (
        sa.select(Document.code, Version.id)
        .join(Version, Version.document_id == Document.id)
        .where(Document.kind == KIND, Version.withdraws, Version.state.in_(IN_WORK))
    )
    return {row.code: row.id for row in db.session.execute(wanted)}


def dead(counted: Counted, days: int) -> list[Current]:
    """Phrases in force for that long that nobody used for that long; none before uses were counted so long (PG-03)."""
    since = clock.today() - timedelta(days=days)
    if counted.since > since:
        return []
    return [
        found
        for found in documents.in_force(KIND)
        if found.in_force_from <= since and counted.last.get(found.document_id, date.min) < since
    ]


@dataclass(frozen=True)
class PhraseList:
    """The filters of the library, all in the address."""

    viewer: Viewer
    asked: Asked
    show: Show = Show.ALL
    start: int = 0
    scope: str = ""
    lang: str = ""
    number: str = ""

    @classmethod
    def of(cls, viewer: Viewer, args: MultiDict[str, str]) -> PhraseList:
        """What an address asks for; what cannot be read is left out."""
        sides = {name: lists.code(args.get(name), tuple(codes)) for name, codes in SIDES.items()}
        asked = Asked(lists.words(args.get("words")), lists.code(args.get("moment"), tuple(Moment)), sides)
        start = args.get("from", "")
        return cls(
            viewer,
            asked,
            Show(lists.code(args.get("show"), tuple(Show)) or Show.ALL),
            int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 0,
            lists.code(args.get("scope"), tuple(searching.OF_SCOPE)),
            lists.code(args.get("lang"), ("zh", "en")),
            number_of(args),
        )

    def address(self, **changed: str) -> dict[str, Any]:
        """What the address of such a page asks for, without what is empty."""
        everything = {
            "words": self.asked.words,
            "moment": self.asked.moment,
            **self.asked.sides,
            "show": "" if self.show is Show.ALL else self.show.value,
            "lang": self.lang,
            "about": self.number,
            **changed,
        }
        return {name: value for name, value in everything.items() if value}

    @cached_property
    def mine(self) -> Mine:
        """What the viewer used and keeps."""
        return Mine.of(self.viewer.id)

    def rows(self) -> list[Entry]:
        """Everything that answers, in its order."""
        rows = searching.found(entries(), self.asked, self.mine.favourites)
        match self.show:
            case Show.FAVOURITES:
                return [row for row in rows if row.id in self.mine.favourites]
            case Show.RECENT:
                used = [row for row in rows if row.id in self.mine.last]
                return sorted(used, key=lambda row: self.mine.last[row.id], reverse=True)
            case Show.MOST:
                times = totals()
                return sorted((row for row in rows if row.id in times), key=lambda row: -times[row.id])
        return rows
