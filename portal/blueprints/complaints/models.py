"""What is stored: the case, the departments that had it, and what was said and done around it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.blueprints.complaints.codes import (
    CLOSED,
    Category,
    Channel,
    CustomerType,
    DealingKind,
    Finding,
    Kind,
    Outcome,
    ReadBack,
    State,
    Urgency,
)
from portal.kernel import reference
from portal.kernel.db import Model, UTCDateTime, short


def _person() -> sa.ForeignKey:
    return sa.ForeignKey("people.id")


def _index_of_some(name: str, *columns: str, where: str, sqlite: str = "") -> sa.Index:
    """An index of the rows that fulfil a condition, which a statement must repeat in these very words."""
    return sa.Index(name, *columns, sqlite_where=sa.text(sqlite or where), postgresql_where=sa.text(where))


_OPEN = " AND ".join(f"state != '{state}'" for state in sorted(CLOSED))


class Case(Model):
    """An inquiry, a suggestion or a complaint, from the front desk to the archive."""

    __tablename__ = "cases"
    # Lists go newest first by id; each filter has an index that ends with it, so a page deep in a list costs the same.
    __table_args__ = (
        sa.UniqueConstraint("registered_by_id", "idempotency_key"),
        sa.Index("ix_cases_state", "state", "id"),
        sa.Index("ix_cases_department", "department", "id"),
        sa.Index("ix_cases_kind", "kind", "id"),
        sa.Index("ix_cases_urgency", "urgency", "id"),
        sa.Index("ix_cases_first_responder", "first_responder_id", "id"),
        sa.Index("ix_cases_handler", "handler_id", "id"),
        sa.Index("ix_cases_registered_at", "registered_at", "id"),
        _index_of_some("ix_cases_due", "due_at", "id", where="due_at IS NOT NULL"),
        _index_of_some("ix_cases_open", "id", where=_OPEN),
        _index_of_some("ix_cases_reporter", "reporter_id", "id", where="reporter_id IS NOT NULL"),
        _index_of_some("ix_cases_escalated", "department", "id", where="escalated_at IS NOT NULL"),
        _index_of_some(
            "ix_cases_keep_until", "keep_until", where="disposed_at IS NULL AND keep_until IS NOT NULL"
        ),
        _index_of_some("ix_cases_phone", "customer_phone", where="customer_phone != ''"),
    )
    history_kind = "case"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(24), unique=True)
    kind: Mapped[Kind] = mapped_column(short(Kind))
    channel: Mapped[Channel] = mapped_column(short(Channel))
    category: Mapped[Category] = mapped_column(short(Category))
    urgency: Mapped[Urgency] = mapped_column(short(Urgency))
    major: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    content: Mapped[str] = mapped_column(sa.Text)
    demand: Mapped[str] = mapped_column(sa.Text, default="")
    customer_name: Mapped[str] = mapped_column(sa.String(120), default="")
    customer_pinyin: Mapped[str] = mapped_column(sa.String(400), default="")
    customer_phone: Mapped[str] = mapped_column(sa.String(40), default="")
    customer_address: Mapped[str] = mapped_column(sa.String(300), default="")
    customer_type: Mapped[CustomerType | None] = mapped_column(short(CustomerType))
    person_concerned_id: Mapped[int | None] = mapped_column(_person())
    occurred_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    read_back: Mapped[ReadBack | None] = mapped_column(short(ReadBack))
    read_back_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_back_by_id: Mapped[int | None] = mapped_column(_person())
    read_back_reason: Mapped[str] = mapped_column(sa.String(400), default="")

    registered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    registered_by_id: Mapped[int] = mapped_column(_person())
    first_responder_id: Mapped[int] = mapped_column(_person())

    state: Mapped[State] = mapped_column(short(State))
    state_since: Mapped[datetime] = mapped_column(UTCDateTime)
    asks: Mapped[str] = mapped_column(sa.String(120), default="")  # verbs asked for and not yet decided
    round: Mapped[int] = mapped_column(default=1)
    paused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    department: Mapped[str | None] = mapped_column(sa.ForeignKey("departments.code"))
    assisting: Mapped[str] = mapped_column(sa.String(120), default="")  # codes of departments asked to help
    # Kinds of what was handed up and waits for a decision.
    handed_up: Mapped[str] = mapped_column(sa.String(120), default="", server_default="")
    escalated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    routed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    notice_number: Mapped[str] = mapped_column(sa.String(24), default="", index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(_person())
    handler_id: Mapped[int | None] = mapped_column(_person())
    special_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    contacted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    on_site_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    proposal_id: Mapped[int | None] = mapped_column(
        sa.BigInteger
    )  # the dealing that waits for, or has, approval
    proposed_by_id: Mapped[int | None] = mapped_column(_person())
    finding: Mapped[Finding | None] = mapped_column(short(Finding))
    responsible_id: Mapped[int | None] = mapped_column(_person())
    agreed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(_person())
    resolved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(_person())
    result: Mapped[str] = mapped_column(sa.Text, default="")
    opinion_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    reporter_id: Mapped[int | None] = mapped_column(_person())  # agreed otherwise than the handler
    reported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reported_by_id: Mapped[int | None] = mapped_column(_person())
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    satisfied: Mapped[bool | None] = mapped_column()
    tries: Mapped[int] = mapped_column(default=0)  # follow-up calls of this round
    followed_up: Mapped[Outcome | None] = mapped_column(short(Outcome))
    not_reached: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    filed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    evaluation: Mapped[str] = mapped_column(sa.Text, default="")
    keep_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    disposed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    visits: Mapped[int] = mapped_column(default=0)  # of the customer for this matter (CP-33)
    links: Mapped[int] = mapped_column(default=0)  # cases that belong together with this one
    ticks: Mapped[str] = mapped_column(sa.String(400), default="")  # steps of the guide that were taken
    external_party: Mapped[str] = mapped_column(sa.String(120), default="")  # outside cause (CP-25)
    external_contact: Mapped[str] = mapped_column(sa.String(200), default="")
    phrase_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its answer proposed as a phrase
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # as an adopted suggestion (CP-26)

    # The clock that runs out next, copied here so that lists need no second statement.
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_kind: Mapped[str] = mapped_column(sa.String(24), default="")

    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64))
    fields_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_urgent(self) -> bool:
        """Safety or living affected: clocks and notices at any hour."""
        return self.urgency is Urgency.URGENT

    @property
    def in_confidence(self) -> bool:
        """A group's chat must not hear of it: the person concerned may read along (CP-09), or it is a tip-off (CP-04)."""
        return self.confidential or self.person_concerned_id is not None

    @property
    def reporter(self) -> int | None:
        """Who tells the customer: the handler, unless agreed otherwise (CP-17)."""
        return self.reporter_id or self.handler_id

    @property
    def responder_absent_in(self) -> str | None:
        """The department of a first responder who is no longer there, else None (CP-03)."""
        card = reference.staff().cards[self.first_responder_id]
        return None if card.active else card.department

    def asked(self, verb: str) -> bool:
        """True while a question of that verb waits for its decision."""
        return verb in self.asks.split()


class CaseLink(Model):
    """Two cases that belong together, from one side; the other side has a row of its own."""

    __tablename__ = "case_links"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())


class PublishedSuggestion(Model):
    """What everybody may read of an adopted suggestion: words written for it, nothing of the customer's (CP-26)."""

    __tablename__ = "published_suggestions"

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    what: Mapped[str] = mapped_column(sa.Text)
    measure: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    by_id: Mapped[int] = mapped_column(_person())


class CaseDepartment(Model):
    """A department that has or had the case, or helps with it: its leads see it, now and later."""

    __tablename__ = "case_departments"
    __table_args__ = (
        sa.Index("ix_case_departments_department", "department", "case_id"),
        _index_of_some(
            "ix_case_departments_assisting",
            "department",
            "case_id",
            where="assisting",
            sqlite="assisting = 1",  # as it has no truth values of its own
        ),
    )

    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True)
    department: Mapped[str] = mapped_column(sa.ForeignKey("departments.code"), primary_key=True)
    assisting: Mapped[bool] = mapped_column(default=False)


class Dealing(Model):
    """Something said or done around a case: a proposal, a contact, a promise, a call, a question and its decision."""

    __tablename__ = "dealings"
    __table_args__ = (
        sa.Index("ix_dealings_case", "case_id", "id"),
        _index_of_some("ix_dealings_opinion", "at", where="kind = 'opinion'"),  # those of a month
    )

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"))
    kind: Mapped[DealingKind] = mapped_column(short(DealingKind))
    round: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int] = mapped_column(_person())
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # promised, asked for, agreed
    note: Mapped[str] = mapped_column(sa.Text, default="")
    outcome: Mapped[str] = mapped_column(sa.String(24), default="")  # a code of the kind's own
    person_id: Mapped[int | None] = mapped_column(_person())  # found responsible; to be the reporter
    department: Mapped[str | None] = mapped_column(sa.ForeignKey("departments.code"))  # asked to help
    solutions: Mapped[str] = mapped_column(sa.Text, default="[]")  # JSON texts, the recommended one first
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # kept, decided, answered
    done_by_id: Mapped[int | None] = mapped_column(_person())
    answer: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def options(self) -> list[str]:
        """The proposed solutions, the recommended one first."""
        return self.read(self.solutions)

    @staticmethod
    def read(solutions: str) -> list[str]:
        """The solutions as they were given."""
        found: list[str] = json.loads(solutions)
        return found

    @staticmethod
    def written(solutions: list[str]) -> Any:
        """How solutions are kept."""
        return json.dumps(solutions, ensure_ascii=False)
