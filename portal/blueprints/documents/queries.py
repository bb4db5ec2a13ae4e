"""Which versions the list shows, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from portal.document_kinds import DRAWN
from portal.kernel import lists
from portal.kernel.db import db
from portal.kernel.documents import reading
from portal.kernel.documents.codes import IN_WORK, State
from portal.kernel.documents.models import Document, Version
from portal.kernel.lists import Listing
from portal.kernel.people import Viewer

V, D = Version.__table__.c, Document.__table__.c


@dataclass(frozen=True)
class VersionList(Listing):
    """The filters of the list."""

    words: str = ""
    kind: str = ""
    state: str = ""  # empty: what is in work
    mine: bool = False

    @classmethod
    def asked_for(cls, viewer: Viewer, args: MultiDict[str, str]) -> VersionList:
        """The filters of an address; what makes no sense is left out."""
        return cls(
            viewer,
            before=lists.number(args.get("before")),
            after=lists.number(args.get("after")),
            words=lists.words(args.get("words")),
            kind=lists.code(args.get("kind"), DRAWN),
            state=lists.code(args.get("state"), {*State, "all"}),
            mine=args.get("mine") == "1",
        )

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        # What the portal came with was never proposed.
        wanted: list[sa.ColumnElement[bool]] = [reading.visible_to(self.viewer), V.author_id.is_not(None)]
        if not self.state:
            wanted.append(V.state.in_(IN_WORK))
        elif self.state != "all":
            wanted.append(V.state == State(self.state))
        if self.kind:
            wanted.append(D.kind == self.kind)
        if self.mine:
            wanted.append(V.author_id == self.viewer.id)
        if self.words:
            texts = (V.title, V.title_en, D.code, V.number, V.source)
            wanted.append(sa.or_(*(column.icontains(self.words, autoescape=True) for column in texts)))
        return wanted

    def rows(self, most: int) -> Sequence[Version]:
        """At most that many versions, from where the address says."""
        wanted = sa.select(Version).join(Document, D.id == V.document_id).where(*self._conditions())
        return db.session.scalars(self.placed(wanted, V.id).limit(most)).all()

    def page(self) -> tuple[list[Version], str | None, str | None]:
        """The rows of the page and the query strings of the newer and the older one."""
        return self.paged(list(self.rows(lists.PAGE + 1)))
