"""What is done with documents, inside a write: proposed, submitted, approved, given back, discarded, confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import Forbidden as NotAllowed
from werkzeug.exceptions import NotFound

from portal.kernel import clock, history, inbox, numbers, reference, sent_forms, timers, transitions
from portal.kernel.db import db, insert
from portal.kernel.documents import reading
from portal.kernel.documents.codes import State
from portal.kernel.documents.kinds import KINDS, Body, Kind
from portal.kernel.documents.models import Document, Read, Version, written
from portal.kernel.documents.workflow import (
    APPROVE,
    CONFIRM,
    DISCARD,
    DOCUMENT,
    EDIT,
    GIVE_BACK,
    SUBMIT,
)
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.sent_forms import Sent
from portal.kernel.transitions import Action, Effect

EPOCH = date(2000, 1, 1)


def propose(
    kind: str, code: str, body: Body, *, reason: str, by: Viewer, now: datetime, source: str = "",
    withdraws: bool = False, based_on: int | None = None, sent: Sent | None = None,
) -> Version:  # fmt: skip
    """GO-01: a draft of a new document, or of another version of one that is there (GO-05: its clause names the rule).

    Without a `code` the document is called by the number of its first version. `withdraws` proposes that the document
    goes out of force; its words stay as they are. `based_on` is the edition that the author had before their eyes,
    without one the last: what was approved meanwhile is not undone unseen. Raises Forbidden (403) for who may not
    propose such a document, NotFound for a withdrawal of none, TakenBefore for a form that was taken.
    """
    made = KINDS[kind]
    if not by.may(made.proposer):
        raise NotAllowed
    number = numbers.take("WJ", now)  # first: two forms of one key queue here
    sent_forms.insist_fresh(by, sent)
    document = _document(kind, code or number)
    last = _last(document.id)
    if withdraws:
        if last is None or last.withdraws:
            raise NotFound
        body = last.body
    seen = based_on or last.edition if last else None
    version = _draft(made, document, body, based_on=seen, withdraws=withdraws)
    version.number, version.author_id, version.written_at = number, by.id, now
    version.state_since, version.reason, version.source = now, reason, source
    db.session.add(version)
    db.session.flush()
    sent_forms.taken(version, by, sent, now)
    history.record(
        version, "document:propose", by=by.id, now=now, clause=made.clause, kind=kind, code=document.code,
        based_on=version.based_on, withdraws=withdraws or None, source=source or None, words={"reason": reason},
    )  # fmt: skip
    timers.WATCHED["document"].clocks_moved(version, now)
    return version


def _document(kind: str, code: str) -> Document:
    """The document of that code, made when it is new; of two who make it at once, both are given the one."""
    db.session.execute(insert(Document.__table__).values(kind=kind, code=code).on_conflict_do_nothing())
    wanted = sa.select(Document).where(Document.kind == kind, Document.code == code).with_for_update()
    return db.session.scalars(wanted).one()


def _last(document_id: int) -> Version | None:
    """The last approved edition, in force or coming."""
    wanted = sa.select(Version).where(Version.document_id == document_id, Version.edition.is_not(None))
    return db.session.scalars(wanted.order_by(Version.edition.desc()).limit(1)).one_or_none()


def _draft(kind: Kind, document: Document, body: Body, **more: Any) -> Version:
    title = kind.title(body)
    return Version(
        document_id=document.id, document=document, state=State.DRAFT, title=title.zh[:200], title_en=title.en[:200],
        text=written(body), **more,
    )  # fmt: skip


# -- the verbs -------------------------------------------------------------------------------------------------------


def edit(version: Version, *, by: Viewer, now: datetime, body: Body, reason: str) -> Effect:
    """GO-01: the draft's words; whoever of the general office writes in another's draft does not approve it."""
    title = KINDS[version.kind].title(body)
    version.title, version.title_en = title.zh[:200], title.en[:200]
    version.text, version.reason = written(body), reason
    if by.id != version.author_id:
        version.editor_id = by.id
    return Effect(words={"reason": reason})


def submit(version: Version, *, by: Viewer, now: datetime, **_asked: Any) -> Effect:
    """GO-01: it waits for somebody of the general office."""
    version.given_back = ""
    return Effect()


def approve(
    version: Version, *, by: Viewer, now: datetime, in_force_from: date, review_by: date | None = None,
    to_confirm: bool = False, note: str = "", last_edition: int | None = None, **_asked: Any,
) -> Effect:  # fmt: skip
    """GO-01, GO-05: it holds from a day on; the edition before is replaced that day."""
    version.edition = (last_edition or 0) + 1
    version.in_force_from, version.review_by, version.to_confirm = in_force_from, review_by, to_confirm
    version.decided_by_id, version.decided_at = by.id, now
    return Effect(
        details={"edition": version.edition, "in_force_from": in_force_from, "review_by": review_by},
        words={"note": note},
    )


def give_back(version: Version, *, by: Viewer, now: datetime, note: str) -> Effect:
    """GO-01: the author writes it again, knowing why."""
    version.given_back = note
    return Effect(words={"note": note})


def discard(version: Version, *, by: Viewer, now: datetime, note: str = "") -> Effect:
    """GO-01: it comes to nothing, and stays to be looked up."""
    version.decided_by_id, version.decided_at = by.id, now
    return Effect(words={"note": note})


def confirm(version: Version, *, by: Viewer, now: datetime) -> Effect:
    """GO-01: the person has read this version; a second time changes nothing."""
    mark = insert(Read.__table__).values(version_id=version.id, person_id=by.id, at=now)
    db.session.execute(mark.on_conflict_do_nothing())
    return Effect()


ACTIONS: dict[str, Action] = {
    EDIT: edit,
    SUBMIT: submit,
    APPROVE: approve,
    GIVE_BACK: give_back,
    DISCARD: discard,
    CONFIRM: confirm,
}


def _do(version: Version, verb: str, *, by: Viewer, now: datetime, **given: Any) -> None:
    if verb in (SUBMIT, APPROVE):
        given |= _asked_of(version)
    transitions.perform(DOCUMENT, version, verb, ACTIONS[verb], by=by, now=now, **given)
    if verb == APPROVE:
        _replace(version.document_id, clock.local(now).date(), now, by.id)
        reference.changed()
    _tell(version, verb, by, now)


def hand_in(version: Version, *, by: Viewer, now: datetime) -> None:
    """GO-01: submit a draft inside the write that made it. Raises Refused with everything that stands against it."""
    _do(version, SUBMIT, by=by, now=now)


def _tell(version: Version, verb: str, by: Viewer, now: datetime) -> None:
    """Who has to act or was waiting hears of it; nobody of what they did themselves."""
    office = reference.staff().with_role(Role.OFFICE) if verb == SUBMIT else []
    author = [version.author_id] if verb in (APPROVE, GIVE_BACK, DISCARD) and version.author_id else []
    people = [person for person in (*office, *author) if person != by.id]
    inbox.tell(
        people,
        f"document:{verb}",
        version,
        now=now,
        address=timers.WATCHED["document"].address(version),
        clause="GO-01",
    )


def _asked_of(version: Version) -> Mapping[str, Any]:
    """What the gates look at besides the version itself; the document is where two who approve queue."""
    lock = sa.select(Document.id).where(Document.id == version.document_id).with_for_update()
    db.session.execute(lock)
    last = _last(version.document_id)
    before = reading.before(version)
    return {
        "check": KINDS[version.kind].check,
        "code": version.document.code,
        "writers": reading.writers(version),
        "before": before.body if before and not before.withdraws else None,
        "last_edition": last.edition if last else None,
        "coming": last.in_force_from if last else None,
        "today": clock.today(),
    }


def _find(viewer: Viewer, its_id: int, *, lock: bool = False) -> Version:
    return reading.version(viewer, its_id, lock=lock)


act = transitions.one_write(_find, _do)


# -- by the calendar -------------------------------------------------------------------------------------------------


def _replace(document_id: int, today: date, now: datetime, by: int | None) -> list[Version]:
    """GO-01: of the editions of a document that have come into force, all but the last are replaced."""
    wanted = sa.select(Version).where(
        Version.document_id == document_id, Version.state == State.APPROVED, Version.in_force_from <= today
    )
    here = db.session.scalars(wanted.order_by(Version.in_force_from, Version.edition)).all()
    olds = list(here[:-1])
    for old in olds:
        old.state, old.state_since = State.REPLACED, now
        timers.end(old, now)
        history.record(old, "document:replace", by=by, now=now, clause="GO-01", edition=old.edition)
        timers.WATCHED["document"].clocks_moved(old, now)
    return olds


def replace_by_calendar(now: datetime) -> Iterator[str]:
    """One pass of the sweep: what came into force since replaces what was before; a line for each."""
    today = clock.local(now).date()
    later = sa.orm.aliased(Version)
    overtaken = sa.exists().where(
        later.document_id == Version.document_id, later.state == State.APPROVED, later.in_force_from <= today,
        later.edition > Version.edition,
    )  # fmt: skip
    wanted = sa.select(Version.document_id).where(
        Version.state == State.APPROVED, Version.in_force_from <= today, overtaken
    )
    for document_id in db.session.scalars(wanted.distinct()).all():
        with db.write():
            replaced = _replace(document_id, today, now, None)
            reference.changed()
        yield from (f"{old.number or old.document.code}\tdocument\treplaced (GO-01)" for old in replaced)


timers.BY_CALENDAR.append(replace_by_calendar)


# -- what the portal ships with --------------------------------------------------------------------------------------


def load_shipped(now: datetime) -> None:
    """Add what this installation has not; follow what was shipped anew, unless the office wrote it. Inside a write."""
    editions = sa.select(Version).where(Version.edition.is_not(None)).order_by(Version.edition)
    there = {(version.kind, version.document.code): version for version in db.session.scalars(editions)}
    moved = False
    for kind in KINDS.values():
        for code, body in kind.shipped():
            last = there.get((kind.name, code))
            if last is not None and (last.author_id is not None or last.body == body):
                continue
            moved = True
            document = last.document if last else Document(kind=kind.name, code=code)
            db.session.add(document)
            db.session.flush()
            version = _draft(kind, document, body, based_on=last.edition if last else None)
            version.state, version.state_since, version.written_at = State.APPROVED, now, now
            version.edition = (last.edition or 0) + 1 if last else 1
            version.in_force_from = clock.local(now).date() if last else EPOCH
            db.session.add(version)
            if last is not None:
                last.state, last.state_since = State.REPLACED, now
    if moved:
        reference.changed()
