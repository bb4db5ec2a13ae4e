"""What waits for whom around a version of a document, and whom its limits tell (GO-01)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time

import sqlalchemy as sa

from portal.kernel import clock, inbox, reference, timers, todos
from portal.kernel.db import db
from portal.kernel.documents import reading
from portal.kernel.documents.codes import State
from portal.kernel.documents.models import Version
from portal.kernel.people import Viewer
from portal.kernel.rights import Role
from portal.kernel.timers import Basis, Pauses, Told
from portal.kernel.todos import Wanted


def office() -> list[int]:
    """Everybody of the general office."""
    return reference.staff().with_role(Role.OFFICE)


class DocumentWatch:
    """The documents' answers to the timers."""

    def load(self, subject_id: int) -> Version | None:
        """The version, locked for this write."""
        wanted = sa.select(Version).where(Version.id == subject_id).with_for_update(of=Version)
        return db.session.scalars(wanted).one_or_none()

    def address(self, subject: Version) -> str:
        """Where it is dealt with; links in notices need no request."""
        return f"/documents/{subject.id}/"

    def start(self, subject: Version, kind: str, now: datetime) -> None:
        """GO-01: decided within the limit; looked at again by the day that its approval named."""
        if kind == "document_decide":
            timers.start(
                subject, kind, now=now, clause="GO-01", basis=Basis.STATE, figure="limit.document_decide"
            )
        elif subject.review_by is not None:
            ends = datetime.combine(subject.review_by, time(), clock.zone())
            timers.start(subject, kind, now=now, clause="GO-01", basis=Basis.STATE, ends_at=ends)

    def pauses(self, subject: Version) -> Pauses:
        """Nothing stands still."""
        return []

    def told(self, subject: Version, audience: str) -> Told:
        """Whatever the step, it is the general office's."""
        return Told(office())

    def clocks_moved(self, subject: Version, now: datetime) -> None:
        """Put up whose turn it is: the author's, another of the general office's, every reader's."""
        due = min((c.due_at for c in timers.running(subject) if c.due_at is not None), default=None)
        wanted: list[Wanted] = []
        match subject.state:
            case State.DRAFT:
                wanted = [Wanted("document-submit", f"person:{subject.author_id}")]
            case State.SUBMITTED:
                wrote = reading.writers(subject)
                able = [who for who in office() if who not in wrote]
                wanted = [Wanted("document-approve", f"person:{who}", due) for who in able]
            case State.APPROVED:
                if due is not None and due <= now:
                    wanted.append(Wanted("document-review", "office", due))
                if subject.to_confirm:
                    read = reading.who_has_read(subject.id)
                    wanted += [
                        Wanted("document-confirm", f"person:{who}")
                        for who in reading.readers()
                        if who not in read
                    ]
        title, address = subject.title[:120], self.address(subject)
        todos.replace(subject, wanted, now=now, title=title, address=address)


def about(viewer: Viewer, ids: Collection[int]) -> dict[int, str]:
    """What these versions are about, for an inbox; only of those that the viewer may see now."""
    shown = sa.select(Version.id, Version.title).where(Version.id.in_(ids), reading.visible_to(viewer))
    return {its_id: title[:80] for its_id, title in db.session.execute(shown)}


timers.WATCHED["document"] = DocumentWatch()
timers.WARN_ONLY.add("document_review")
inbox.ABOUT["document"] = about
