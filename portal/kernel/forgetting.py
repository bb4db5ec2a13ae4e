"""One person in words about anything: looked for in every place of the register, and taken out of them (RC-20).

What an area keeps about the person as a whole it finds and forgets by itself (`personal_data.OWN`). Here a name or a
number is looked for in what is left: an entry of the shift log, somebody else's visit, a line of history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from portal.kernel import clock, history, mentions, personal_data, search, search_care, sent_forms, timers
from portal.kernel import print as prints
from portal.kernel.db import Base, db, wiped
from portal.kernel.mentions import FORGOTTEN, SHORTEST
from portal.kernel.personal_data import Held, Kept, Place, Sought, Subject
from portal.kernel.workflow import Reason

A_WRITE = 25  # rows of one write; others write between
TAIL = 4  # digits of a number that are typed without a blank between them
BY_HAND = Held(Reason("GO-01", "mended_by_hand"))


class Mention(NamedTuple):
    """A row in which the person is named, or whose words are the person's own."""

    kept: Kept
    place: Place
    key: tuple[Any, ...]
    number: str
    words: str  # a few of them around the name
    sure: bool  # the number stands there, or the words are their own; a name alone may be a namesake's
    held: Held | None = None
    subject: Subject | None = (
        None  # the thing, as history calls it; of a line of history what the line is about
    )


# A thing that is about the person as a whole, and what holds it back.
Claimed = Mapping[Subject, Held | None]
NONE: Claimed = {}
_PACKED = frozenset({"history_texts"})  # words as JSON, emptied to nothing


def look(sought: Sought, now: datetime, claimed: Claimed = NONE) -> Iterator[Mention]:
    """Every mention, a statement a table; takes its time, so it is a job's work.

    What stands in one of the things `claimed`, or in their history, is surely theirs and held as long as the thing is.
    """
    for kept, place in personal_data.every_place():
        rows = _rows(place, sought)
        if not rows:
            continue
        keys = [row[1] for row in rows]
        held = dict.fromkeys(keys, BY_HAND) if place.by_hand else _held(kept, place, keys, now)
        subjects = _subjects(place.table, keys)
        for row, key, sure in rows:
            words = next((found for text in _said(place, row) if (found := _around(text, sought))), "")
            subject = subjects.get(key)
            own = subject in claimed and not place.by_hand
            why = held.get(key) or (claimed[subject] if own and subject else None)
            yield Mention(
                kept, place, key, _called(place, row, key), words, sure or own or place.spare, why, subject
            )


def whereabouts(subject: Subject | None) -> tuple[str, str]:
    """What a thing is called and the page where whoever may see it does; empty where it has neither."""
    kind, its_id = subject or ("", 0)
    model, watch = models_of_kinds().get(kind), timers.WATCHED.get(kind)
    thing = db.session.get(model, its_id) if model else None
    number = str(getattr(thing, "number", "") or "")
    return number, watch.address(thing) if thing and watch else ""


def _texts(place: Place, row: Any) -> list[str]:
    return [row[name] or "" for name in place.texts]


def _said(place: Place, row: Any) -> Iterator[str]:
    """The texts as somebody wrote them: of JSON what stands in it."""
    for name in place.texts:
        packed = name in place.json or place.table in _PACKED
        yield from mentions.leaves(row[name]) if packed and row[name] else [row[name] or ""]


def _around(text: str, sought: Sought) -> str:
    return mentions.around(text, sought.name, sought.phone)


def _called(place: Place, row: Any, key: tuple[Any, ...]) -> str:
    """What a row is called: its number, else the day it is of; never words of it."""
    if place.number and place.number not in place.texts and row["called"]:
        return str(row["called"])
    return f"{clock.local(row['at']):%Y-%m-%d}" if isinstance(row["at"], datetime) else f"#{key[0]}"


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def _from_parent(place: Place, name: str) -> sa.ColumnElement[Any] | None:
    """A column of the table, or of the one it belongs to."""
    table = _table(place.table)
    if not name:
        return None
    if name in table.c:
        return table.c[name]
    return _table(place.parent[1]).c[name] if place.parent else None


def _joined(place: Place) -> sa.FromClause:
    table = _table(place.table)
    if place.parent is None:
        return table
    column, parent = place.parent
    other = _table(parent)
    return table.join(other, table.c[column] == other.c.id, isouter=True)


def _asked(place: Place, *more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """The rows of a place: its keys, its texts, what it is called and when it was."""
    table = _table(place.table)
    nothing = sa.null()
    called, at = _from_parent(place, place.number), _from_parent(place, place.at)
    columns = [
        *(column.label(f"key {column.name}") for column in table.primary_key.columns),
        *(table.c[name] for name in place.texts),
        (nothing if called is None else called).label("called"),
        (nothing if at is None else at).label("at"),
        (table.c[place.own] if place.own else nothing).label("own"),
    ]
    return sa.select(*columns, *more).select_from(_joined(place))


def _key(place: Place, row: Any) -> tuple[Any, ...]:
    return tuple(row[f"key {column.name}"] for column in _table(place.table).primary_key.columns)


def _rows(place: Place, sought: Sought) -> list[tuple[Any, tuple[Any, ...], bool]]:
    """Row, key and whether it is surely theirs, of every row that is about the person."""
    table = _table(place.table)
    pieces = mentions.spelled(sought.name)
    number = mentions.digits(sought.phone)
    if len(number) >= SHORTEST:
        pieces.append(number[-TAIL:])
    like = [table.c[name].contains(piece, autoescape=True) for name in place.texts for piece in pieces]
    if place.own and place.texts and sought.person_id is not None:
        spoken = sa.or_(*(table.c[name].not_in(["", place.empty(name)]) for name in place.texts))
        like.append(sa.and_(table.c[place.own] == sought.person_id, spoken))
    if not like:
        return []
    found = []
    for row in db.session.execute(_asked(place).where(sa.or_(*like))).mappings():
        named, numbered = _is_in(_texts(place, row), sought)
        own = sought.person_id is not None and row["own"] == sought.person_id
        if named or numbered or own:
            found.append((row, _key(place, row), numbered or own or sought.loose))
    return found


def _is_in(texts: Iterable[str], sought: Sought) -> tuple[bool, bool]:
    found = [mentions.is_in(text, sought.name, sought.phone) for text in texts]
    return any(named for named, _ in found), any(numbered for _, numbered in found)


# -- what is held -----------------------------------------------------------------------------------------------------


def _held(
    kept: Kept, place: Place, keys: Sequence[tuple[Any, ...]], now: datetime
) -> dict[tuple[Any, ...], Held]:
    """By the rules of the class; what is said about another thing is held as long as that thing is."""
    found = dict(kept.hold(place.table, keys, now))
    if place.table in _WITH_SUBJECT:
        found |= _as_their_subjects(_subjects(place.table, keys), now)
    return found


def held_in(table: str, keys: Sequence[tuple[Any, ...]], now: datetime) -> dict[tuple[Any, ...], Held]:
    """Which of the rows of a table of the register a rule holds back."""
    kept, place = next(pair for pair in personal_data.every_place() if pair[1].table == table)
    return _held(kept, place, keys, now) if keys else {}


# Tables whose rows are about another thing, and the table that names it.
_WITH_SUBJECT = {
    "history_texts": "history",
    "attachments": "attachments",
    "todos": "todos",
    "notices": "notices",
}


def _subjects(table: str, keys: Sequence[tuple[Any, ...]]) -> dict[tuple[Any, ...], Subject]:
    """What the rows of a table are about, as history calls it: another thing, or the row itself."""
    if table not in _WITH_SUBJECT:
        kind = kind_of(table)
        return {key: (kind, key[0]) for key in keys} if kind else {}
    rows = _table(_WITH_SUBJECT[table])
    wanted = sa.select(rows.c.id, rows.c.subject_kind, rows.c.subject_id)
    found = db.session.execute(wanted.where(rows.c.id.in_([key[0] for key in keys])))
    return {(its_id,): (kind, subject_id) for its_id, kind, subject_id in found}


def _as_their_subjects(
    subjects: Mapping[tuple[Any, ...], Subject], now: datetime
) -> Iterator[tuple[tuple[Any, ...], Held]]:
    kinds: defaultdict[str, dict[tuple[int], list[tuple[Any, ...]]]] = defaultdict(lambda: defaultdict(list))
    for row, (kind, subject_id) in subjects.items():
        kinds[kind][subject_id,].append(row)
    classes = {place.table: kept for kept, place in personal_data.every_place()}
    for kind, rows in kinds.items():
        its_table = getattr(models_of_kinds().get(kind), "__tablename__", "")
        if its_table in classes:
            for key, why in classes[its_table].hold(its_table, list(rows), now).items():
                yield from ((each, why) for each in rows[key])


@cache
def models_of_kinds() -> dict[str, Any]:
    """Kind of subject, as history calls it, -> the class of its rows."""
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    return {model.history_kind: model for model in mapped if hasattr(model, "history_kind")}


@cache
def _kinds() -> dict[str, str]:
    return {model.__tablename__: kind for kind, model in models_of_kinds().items()}


def kind_of(table: str) -> str:
    """What history calls the rows of a table; empty where it calls them nothing."""
    return _kinds().get(table, "")


@cache
def _models() -> dict[str, Any]:
    return {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}


def model_of(place: Place) -> Any:
    """The class of a place's rows."""
    return _models()[place.table]


def _locked(place: Place, key: tuple[Any, ...]) -> Any:
    """One row for a change; what it is always read together with stays free."""
    model = model_of(place)
    return db.session.get(model, key, with_for_update={"of": model})


# -- taken out --------------------------------------------------------------------------------------------------


def strike(sought: Sought, now: datetime, claimed: Claimed = NONE) -> tuple[int, list[Mention]]:
    """Take the person out of every mention that is surely theirs and that nothing holds: how many rows, and what is held.

    In writes of its own, so that others get their turn; begun again after a stop it goes on where it was.
    """
    theirs = [mention for mention in look(sought, now, claimed) if mention.sure]
    found = [mention for mention in theirs if mention.held is None]
    db.session.rollback()
    for start in range(0, len(found), A_WRITE):
        with db.write():
            for mention in found[start : start + A_WRITE]:
                _take_out(mention, sought)
    wipe()
    return len(found), [mention for mention in theirs if mention.held is not None]


def wipe() -> None:
    """Nothing of what was forgotten is left in an index, a print or the log of the database. Opens its own write."""
    with db.write():
        kinds = {place.index.kind for _kept, place in personal_data.every_place() if place.index}
        for kind in sorted(kinds):
            search_care.optimize(kind)
        wiped()
    prints.forget_all()


def _take_out(mention: Mention, sought: Sought) -> None:
    place = mention.place
    row = _locked(place, mention.key)
    if row is None:
        return
    if place.drop:
        db.session.delete(row)
        db.session.flush()
        return
    if place.table == "history_texts":  # the chain holds their digest, so they go whole
        row.words = None
        return
    with _found_anew(row, place, mention.key[0]):
        _unname(row, place, sought)
    if hasattr(row, "history_kind"):
        sent_forms.forget(row)


@contextmanager
def _found_anew(row: Any, place: Place, its_id: int) -> Iterator[None]:
    """Where an index follows the words of a row, it follows what is done to them here."""
    was = place.index.text(row) if place.index else None
    yield
    db.session.flush()
    if place.index:
        search.put(place.index.kind, its_id, old=was, new=place.index.text(row))


def _unname(row: Any, place: Place, sought: Sought) -> None:
    """The columns of a row without the person; where the row is about them, without anything that tells who it was."""
    own = bool(place.own) and sought.person_id is not None and getattr(row, place.own) == sought.person_id
    about = any(any(mentions.is_in(_value(row, name), sought.name, sought.phone)) for name in place.names)
    for name in place.words:
        _set(row, name, _left(place, name, _value(row, name), sought, own))
    for name in place.names if about else ():
        _set(row, name, FORGOTTEN if name == place.names[0] else "")
    for name in place.beside:
        if about or name.endswith("digest"):
            _set(row, name, "")


def _left(place: Place, name: str, text: str, sought: Sought, own: bool) -> str:
    """What is left of words: nothing of the person's own, of a signed record's nothing where it names them."""
    if own or (place.whole and any(mentions.is_in(text, sought.name, sought.phone))):
        return place.empty(name)
    return mentions.struck(text, sought.name, sought.phone)


def _attribute(row: Any, column: str) -> str:
    """An attribute may be called otherwise than its column."""
    return str(sa.inspect(type(row)).get_property_by_column(type(row).__table__.c[column]).key)


def _value(row: Any, column: str) -> str:
    return getattr(row, _attribute(row, column)) or ""


def _set(row: Any, column: str, text: str) -> None:
    name = _attribute(row, column)
    if (getattr(row, name) or "") != text:
        setattr(row, name, text)


# -- by class and term ------------------------------------------------------------------------------------------


def ripe(place: Place, before: datetime) -> sa.Select[Any] | None:
    """The rows of a place that are older than the term and still have words; None where no term can be told."""
    at = _from_parent(place, place.at)
    if at is None or place.by_hand or not place.texts:
        return None
    table = _table(place.table)
    spoken = sa.or_(
        *(table.c[name].not_in(["", FORGOTTEN, place.empty(name)]) for name in place.texts),
    )
    return _asked(place).where(at < before, spoken)


def empty(kept: Kept, place: Place, before: datetime, now: datetime, most: int) -> int:
    """Empty the words of the oldest rows past their term that nothing holds; how many. Inside a write."""
    wanted = ripe(place, before)
    if wanted is None:
        return 0
    rows = db.session.execute(wanted.order_by("at").limit(most)).mappings().all()
    keys = [_key(place, row) for row in rows]
    held = _held(kept, place, keys, now) if keys else {}
    for key in (key for key in keys if key not in held):
        row = _locked(place, key)
        with _found_anew(row, place, key[0]):
            _empty(row, place)
    return len(keys) - len(held)


def _empty(row: Any, place: Place) -> None:
    for name in place.words:
        _set(row, name, place.empty(name))
    for name in place.names:
        _set(row, name, FORGOTTEN if name == place.names[0] else "")
    for name in place.beside:
        _set(row, name, "")
    db.session.flush()
    if hasattr(row, "history_kind"):
        history.erase(row)
