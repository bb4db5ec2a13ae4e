"""What readers see: the last approved version in force; and which versions a person may know of (GO-01)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from portal.kernel import clock, history, reference
from portal.kernel.db import db
from portal.kernel.documents.codes import PUBLIC, State
from portal.kernel.documents.kinds import Body
from portal.kernel.documents.models import Document, Read, Version
from portal.kernel.people import Viewer
from portal.kernel.rights import Role

D, V, R = Document.__table__.c, Version.__table__.c, Read.__table__.c


@dataclass(frozen=True)
class Current:
    """A document as it stands: the edition in force on a day. Its body is shared by all who read it; never change it."""

    document_id: int
    version_id: int
    kind: str
    code: str
    edition: int
    body: Body
    in_force_from: date
    review_by: date | None
    to_confirm: bool
    shipped: bool


def in_force(kind: str, today: date | None = None) -> list[Current]:
    """Every document of that kind that is in force, in the order in which they came; asked again, it costs no statement.

    An approval is followed at once: it moves the generation of the reference data.
    """
    today = today or clock.today()
    return reference.kept(f"documents {kind}", lambda: _at(kind, today), today)


def find(kind: str, code: str, today: date | None = None) -> Current | None:
    """The document of that code as it stands; None for one that is not in force."""
    today = today or clock.today()
    by_code = reference.kept(
        f"documents by code {kind}", lambda: {found.code: found for found in in_force(kind, today)}, today
    )
    return by_code.get(code)


def coming(kind: str, today: date | None = None) -> dict[str, Version]:
    """Code -> the approved version that comes into force later, the nearest one."""
    today = today or clock.today()
    wanted = (
        sa.select(Version)
        .where(D.kind == kind, V.state == State.APPROVED, V.in_force_from > today)
        .order_by(V.in_force_from.desc())
    )
    return {version.document.code: version for version in db.session.scalars(wanted.join(Document))}


def _at(kind: str, today: date) -> list[Current]:
    columns = (
        V.document_id, V.id, D.kind, D.code, V.edition, V.body, V.in_force_from, V.review_by, V.to_confirm,
        V.author_id, V.withdraws,
    )  # fmt: skip
    wanted = (
        sa.select(*columns)
        .join(Document, D.id == V.document_id)
        .where(D.kind == kind, V.state == State.APPROVED, V.in_force_from <= today)
        .order_by(V.document_id, V.in_force_from, V.edition)
    )
    last = {row.document_id: row for row in db.session.execute(wanted)}  # the latest of each wins
    return [
        Current(*row[:5], json.loads(row.body), *row[6:9], shipped=row.author_id is None)
        for row in last.values()
        if not row.withdraws
    ]


# -- versions --------------------------------------------------------------------------------------------------------


def visible_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Approved ones are everybody's to read; what is in work its author's and the general office's."""
    if viewer.role is Role.OFFICE:
        return sa.true()
    return sa.or_(V.state.in_(PUBLIC), V.author_id == viewer.id)


def reach(viewer: Viewer, its_id: Any) -> sa.ColumnElement[bool]:
    """Whether the viewer may know of the version of that id: what the audit asks."""
    return sa.exists().where(V.id == its_id, visible_to(viewer))


def version(viewer: Viewer, its_id: int, *, lock: bool = False) -> Version:
    """The version of that id, if the viewer may see it; NotFound otherwise. `lock` inside a write."""
    wanted = sa.select(Version).where(V.id == its_id, visible_to(viewer))
    found = db.session.scalars(wanted.with_for_update(of=Version) if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def versions(document_id: int, viewer: Viewer, most: int = 100) -> Sequence[Version]:
    """The versions of a document that the viewer may see, newest first."""
    wanted = sa.select(Version).where(V.document_id == document_id, visible_to(viewer))
    return db.session.scalars(wanted.order_by(V.id.desc()).limit(most)).all()


def writers(found: Version) -> set[int]:
    """Everybody who wrote in a version: its author, and who of the general office ever changed it since (GO-01)."""
    wrote = {found.author_id, found.editor_id} | history.hands(found, "document:edit")
    return {who for who in wrote if who is not None}


def latest(kind: str, code: str) -> Version | None:
    """The last approved edition of the document of that code: in force, coming, or that which took it out of force."""
    wanted = sa.select(Version).join(Document).where(D.kind == kind, D.code == code, V.edition.is_not(None))
    return db.session.scalars(wanted.order_by(V.edition.desc()).limit(1)).one_or_none()


def before(found: Version) -> Version | None:
    """The edition that a version was written from, or followed; None for the first one."""
    if not found.based_on:
        return None
    wanted = sa.select(Version).where(V.document_id == found.document_id, V.edition == found.based_on)
    return db.session.scalars(wanted).one_or_none()


def of_source(number: str, viewer: Viewer) -> Sequence[Version]:
    """What was proposed from a case or question of that number, as far as the viewer may see it."""
    wanted = sa.select(Version).where(V.source == number, visible_to(viewer)).order_by(V.id)
    return db.session.scalars(wanted).all()


# -- read marks ------------------------------------------------------------------------------------------------------


def has_read(person_id: int, version_ids: Collection[int]) -> set[int]:
    """Which of these versions the person confirmed having read."""
    if not version_ids:
        return set()
    return set(
        db.session.scalars(
            sa.select(R.version_id).where(R.person_id == person_id, R.version_id.in_(version_ids))
        )
    )


def who_has_read(version_id: int) -> dict[int, Any]:
    """Person -> when."""
    rows = db.session.execute(sa.select(R.person_id, R.at).where(R.version_id == version_id).order_by(R.at))
    return {row.person_id: row.at for row in rows}


def readers() -> Iterable[int]:
    """Who is asked to confirm: everybody who is there to act."""
    return [card.id for card in reference.staff().cards.values() if card.active]


def unread_by(viewer: Viewer, kind: str, today: date | None = None) -> list[Current]:
    """Documents of that kind whose edition in force the viewer has still to confirm."""
    asked = [found for found in in_force(kind, today) if found.to_confirm]
    read = has_read(viewer.id, [found.version_id for found in asked])
    return [found for found in asked if found.version_id not in read]
