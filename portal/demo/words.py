"""The words of the demo: who works there, who asks or complains, what is said and how it ends.

Everything is invented. The texts lie in the files beside this module, because they are Chinese prose; here
they get their shapes. Nothing is drawn at random: the order of each tuple is the order of its file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from portal.blueprints.complaints.codes import Category, Channel, CustomerType, Finding, Urgency
from portal.kernel.rights import Position, Rank, Role

MAIL_DOMAIN = "example.cn"


@dataclass(frozen=True)
class PersonWords:
    """Somebody who works at the demo company; `extension` is the phone inside the house."""

    username: str
    name: str
    english: str
    pinyin: str
    initials: str
    department: str
    role: Role
    rank: Rank
    extension: str

    @property
    def email(self) -> str:
        """The person's address, at a domain that nobody owns."""
        return f"{self.username}@{MAIL_DOMAIN}"


@dataclass(frozen=True)
class SeatWords:
    """A position, for a department or (empty) the company; holder and deputy by user name."""

    position: Position
    department: str
    holder: str
    deputy: str


@dataclass(frozen=True)
class CustomerWords:
    """A customer, with the company they speak for, if any."""

    name: str
    phone: str
    address: str
    company: str = ""


@dataclass(frozen=True)
class ComplaintWords:
    """One complaint from first word to evaluation.

    Without a customer it is anonymous: nobody can be called back, so `follow_up` is empty. `person_concerned`
    and `responsible` are user names; `on_site` is the note of whoever arrived, for urgent ones only.
    `solutions` has one to three, the recommended first. `improvement` is the title of an improvement case.
    """

    category: Category
    channel: Channel
    urgency: Urgency
    major: bool
    customer: CustomerWords | None
    customer_type: CustomerType | None
    person_concerned: str
    responsible: str
    content: str
    demand: str
    contact: str
    on_site: str
    findings: str
    finding: Finding
    solutions: tuple[str, ...]
    result: str
    answer: str
    follow_up: str
    evaluation: str
    improvement: str


@dataclass(frozen=True)
class InquiryWords:
    """A question and what was answered."""

    customer: CustomerWords
    category: Category
    channel: Channel
    question: str
    answer: str


@dataclass(frozen=True)
class SuggestionWords:
    """A suggestion, the answer to its author, and the measure when it was adopted."""

    customer: CustomerWords
    category: Category
    channel: Channel
    text: str
    answer: str
    adopted: bool
    measure: str


@dataclass(frozen=True)
class NotUpheldWords:
    """Why a complaint does not stand, and what the customer was told."""

    reason: str
    answer: str


@dataclass(frozen=True)
class UnsolvedWords:
    """Why a matter goes up to the supervisor, and what kind of customer it is."""

    reason: str
    customer_type: CustomerType


@dataclass(frozen=True)
class Reasons:
    """What people write when a case leaves the straight path; any of a tuple suits any case of that kind."""

    overrule: tuple[str, ...]
    return_: tuple[str, ...]
    extension: tuple[str, ...]
    extension_refused: tuple[str, ...]
    special: tuple[str, ...]
    longer_contact: tuple[str, ...]
    withdraw: tuple[str, ...]
    no_cooperation: tuple[str, ...]
    major_escalation: tuple[str, ...]
    decision: tuple[str, ...]
    pause: tuple[str, ...]
    promise: tuple[str, ...]
    reopen: tuple[str, ...]
    no_answer: tuple[str, ...]
    no_contact_possible: str
    not_possible_read_back: str
    adopt: str
    decline: str
    inquiry_evaluation: str
    suggestion_evaluation: str
    not_upheld: tuple[NotUpheldWords, ...]
    unsolved: tuple[UnsolvedWords, ...]


def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(files("portal.demo").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def _people(rows: Iterable[Mapping[str, Any]]) -> tuple[PersonWords, ...]:
    return tuple(PersonWords(**{**row, "role": Role(row["role"]), "rank": Rank(row["rank"])}) for row in rows)


def _seats(rows: Iterable[Mapping[str, Any]]) -> tuple[SeatWords, ...]:
    return tuple(SeatWords(**{**row, "position": Position(row["position"])}) for row in rows)


def _complaint(row: Mapping[str, Any]) -> ComplaintWords:
    return ComplaintWords(
        category=Category(row["category"]),
        channel=Channel(row.get("channel", "phone")),
        urgency=Urgency(row.get("urgency", "normal")),
        major=row.get("major", False),
        customer=_BY_NAME[row["customer"]] if "customer" in row else None,
        customer_type=CustomerType(row["customer_type"]) if "customer_type" in row else None,
        person_concerned=row.get("person_concerned", ""),
        responsible=row.get("responsible", ""),
        content=row["content"],
        demand=row["demand"],
        contact=row["contact"],
        on_site=row.get("on_site", ""),
        findings=row["findings"],
        finding=Finding(row["finding"]),
        solutions=tuple(row["solutions"]),
        result=row["result"],
        answer=row["answer"],
        follow_up=row.get("follow_up", ""),
        evaluation=row["evaluation"],
        improvement=row.get("improvement", ""),
    )


def _inquiry(row: Mapping[str, Any]) -> InquiryWords:
    return InquiryWords(
        customer=_BY_NAME[row["customer"]],
        category=Category(row["category"]),
        channel=Channel(row.get("channel", "phone")),
        question=row["question"],
        answer=row["answer"],
    )


def _suggestion(row: Mapping[str, Any]) -> SuggestionWords:
    return SuggestionWords(
        customer=_BY_NAME[row["customer"]],
        category=Category(row["category"]),
        channel=Channel(row.get("channel", "phone")),
        text=row["text"],
        answer=row["answer"],
        adopted=row["adopted"],
        measure=row["measure"],
    )


def _reasons(told: Mapping[str, Any]) -> Reasons:
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    not_upheld = tuple(NotUpheldWords(**row) for row in told["not_upheld"])
    unsolved = tuple(
        UnsolvedWords(row["reason"], CustomerType(row["customer_type"])) for row in told["unsolved"]
    )
    return Reasons(**{**told, "not_upheld": not_upheld, "unsolved": unsolved})


PEOPLE: tuple[PersonWords, ...] = _people(_file("people")["person"])
SEATS: tuple[SeatWords, ...] = _seats(_file("people")["seat"])
CUSTOMERS: tuple[CustomerWords, ...] = tuple(CustomerWords(**row) for row in _file("customers")["customer"])
_BY_NAME = {customer.name: customer for customer in CUSTOMERS}
COMPLAINTS: tuple[ComplaintWords, ...] = tuple(_complaint(row) for row in _file("complaints")["complaint"])
INQUIRIES: tuple[InquiryWords, ...] = tuple(_inquiry(row) for row in _file("inquiries")["inquiry"])
SUGGESTIONS: tuple[SuggestionWords, ...] = tuple(
    _suggestion(row) for row in _file("suggestions")["suggestion"]
)
REASONS: Reasons = _reasons(_file("reasons"))
