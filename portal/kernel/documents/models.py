"""What is stored: a document, its versions, who confirmed having read which version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kernel.db import Model, UTCDateTime, short
from portal.kernel.documents.codes import State


class Document(Model):
    """What has versions: a phrase, a script, a rule, a clause. `code` is its name among those of its kind."""

    __tablename__ = "documents"
    __table_args__ = (sa.UniqueConstraint("kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(24))
    code: Mapped[str] = mapped_column(sa.String(64))


class Version(Model):
    """One version of a document, from draft to replaced; what was approved never changes (GO-01).

    `edition` counts the approved ones of its document from 1; a version has none before. `author_id` is None for what
    the portal ships with. `withdraws` says that the document is out of force from `in_force_from` on.
    """

    __tablename__ = "document_versions"
    __table_args__ = (
        # Of two who approve at once, one does.
        sa.UniqueConstraint("document_id", "edition"),
        sa.Index("ix_document_versions_state", "state", "id"),
        sa.Index("ix_document_versions_author", "author_id", "state"),
        sa.Index("ix_document_versions_source", "source"),
    )
    history_kind = "document"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(sa.String(24), unique=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("documents.id"))
    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    edition: Mapped[int | None] = mapped_column()
    based_on: Mapped[int | None] = mapped_column()  # the edition it was written from; None: a new document
    title: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str] = mapped_column(sa.String(200), default="")
    text: Mapped[str] = mapped_column("body", sa.Text)
    withdraws: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(sa.String(400), default="")
    source: Mapped[str] = mapped_column(
        sa.String(40), default=""
    )  # number of what it came from: a case, a question
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    # Who wrote in it last after the author; the history knows them all.
    editor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_back: Mapped[str] = mapped_column(sa.String(400), default="")  # what is to be changed
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    in_force_from: Mapped[date | None] = mapped_column()
    review_by: Mapped[date | None] = mapped_column()
    to_confirm: Mapped[bool] = mapped_column(default=False)  # everybody confirms having read it
    version: Mapped[int] = mapped_column(default=1)
    document: Mapped[Document] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}

    @property
    def kind(self) -> str:
        """What kind of document it is a version of."""
        return self.document.kind

    @property
    def body(self) -> dict[str, Any]:
        """What it says, as its kind reads it."""
        found: dict[str, Any] = json.loads(self.text)
        return found


class Read(Model):
    """A person confirmed having read a version; once."""

    __tablename__ = "document_reads"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("document_versions.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


def written(body: Mapping[str, Any]) -> str:
    """A body as it is stored."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True)
